"""The columns of a question file that is a sheet: what they are called, and what people write in them.

A column stands for a key of a record (`eval.questions.KEYS`), but for 文件 and 原文, which make one gold quote.
"""

from dataclasses import dataclass

from ingest.chinese import fold

YES, NO = "是", "否"
TYPES = (
    "definition", "enumeration", "rule", "citation", "factoid", "passage", "phrasing", "version", "english",
    "unanswerable",
)  # fmt: skip
"""The types that a sheet offers; a question may have any other."""
REQUIRED = ("id", "question", "answerable")
_TRUE = frozenset(("true", "t", "yes", "y", "1", "是", "有", "对", "真", "√", "✓"))
_FALSE = frozenset(("false", "f", "no", "n", "0", "否", "无", "没有", "不", "错", "假", "×", "✗"))
_WORDS = {
    "lang": {"中文": "zh", "汉语": "zh", "英文": "en", "英语": "en"},
    "split": {"开发": "dev", "开发题": "dev", "保留": "held-out", "保留题": "held-out", "heldout": "held-out"},
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key, its heading, other names for it, its width in characters, and what it offers to choose."""

    key: str
    heading: str
    width: int
    others: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    is_closed: bool = False
    """Nothing but the choices may stand in it."""


COLUMNS = (
    Column("id", "编号", 8, ("题号", "序号")),
    Column("question", "问题", 40, ("题目", "提问")),
    Column("type", "题型", 14, ("类型",), TYPES),
    Column("answerable", "有答案", 8, ("可回答",), (YES, NO), True),
    Column("doc", "文件", 30, ("文档", "来源", "source", "document")),
    Column("quote", "原文", 50, ("引文", "标准引文")),
    Column("items", "条目", 30, ("要点",)),
    Column("answer", "答案", 30, ("参考答案",)),
    Column("any", "任一即可", 10, ("任一",), (YES, NO), True),
    Column("lang", "语言", 7, ("language",), ("zh", "en")),
    Column("split", "分组", 10, (), ("dev", "held-out"), True),
    Column("article", "条款", 12, ("条",)),
    Column("mention", "提及", 30, ("提到",)),
    Column("place", "位置", 40, ("出处",)),
    Column("note", "备注", 20, ("注",)),
)
_KEYS = {fold(name): one.key for one in COLUMNS for name in (one.key, one.heading, *one.others)}


def key_of(heading: str) -> str | None:
    """The key that a heading stands for, whatever its case, width and spaces; None where it stands for none."""
    return _KEYS.get(fold(heading))


def named(key: str) -> str:
    """A column as messages name it: 编号 (id)."""
    heading = next(one.heading for one in COLUMNS if one.key == key)
    return f"{heading} ({key})"


def letter(position: int) -> str:
    """The letters over the column at a position, from 0: A, B … Z, AA."""
    before, last = divmod(position, 26)
    return (letter(before - 1) if before else "") + chr(ord("A") + last)


def value_of(key: str, cell: str) -> object:
    """What a cell says: a truth value, one of the words that a record has, or its text; None where it is empty.

    What is not understood stays as it is, so that the record's own check names it.
    """
    if not cell.strip():
        return None
    if key in ("answerable", "any"):
        plain = fold(cell)
        return True if plain in _TRUE else False if plain in _FALSE else cell.strip()
    if key in ("id", "doc", "type", "lang", "split"):
        return _WORDS.get(key, {}).get(fold(cell), cell.strip())
    return cell
