"""The title at the head of a document, and the kind of document it names."""

import re
from collections.abc import Sequence

from ingest.dates import date_alone

_KINDS = (
    ("讲话", ("讲话", "发言", "致辞", "演讲", "贺词", "主持词", "讲稿")),
    ("报告", ("报告",)),
    ("细则", ("实施细则", "细则")),
    ("条例", ("条例",)),
    ("规定", ("规定",)),
    ("办法", ("办法",)),
    ("准则", ("准则",)),
    ("规则", ("规则",)),
    ("章程", ("章程",)),
    ("意见", ("意见",)),
    ("预案", ("预案",)),
    ("方案", ("方案",)),
    ("通知", ("通知",)),
    ("通报", ("通报",)),
    ("决定", ("决定", "决议")),
    ("批复", ("批复",)),
    ("复函", ("复函",)),
    ("答复", ("答复",)),
    ("函", ("函",)),
    ("解释", ("解释",)),
    ("公告", ("公告", "通告")),
    ("标准", ("标准",)),
    ("规程", ("规程",)),
    ("指引", ("指引", "指南")),
    ("纪要", ("纪要",)),
    ("规划", ("规划", "纲要", "计划")),
    ("命令", ("命令",)),
    ("请示", ("请示",)),
)
_LAW = re.compile(r"(?:公司|[^做方看作说写司执立书想用])法典?$")
RULE_KINDS = frozenset(("法律", "条例", "规定", "办法", "细则", "规则", "准则", "章程", "规程", "标准", "解释", "指引"))
"""Kinds that have versions and take effect."""
_NOTES = re.compile(r"(?:\s*[（(〔\[【][^（()）〔〕\[\]【】]{0,12}[)）〕\]】]|\s*(?:19|20)\d\d年?版?|全文|正文)$")
_YEAR_BEHIND = re.compile(r"\s*(?:[（(〔\[]\s*)?((?:19|20)\d\d)年?(?:\s*[)）〕\]])?$")
_BODY = re.compile(
    r"第[一二三四五六七八九十百千\d]{1,5}[编章节条]|目\s*录|总\s*[则纲]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]"
    r"|各位|同志们|尊敬的|女士们|朋友们|现在，"
)
_NUMBER_LINE = re.compile(r"[（(]?.{0,16}[〔\[（(【［]\s*(?:19|20)\d\d\s*[〕\])）】］]\s*第?\s*\d+\s*号?.*")
_ORDER = re.compile(
    r"令\s*$|令[（(]?第.{1,6}号[)）]?$|^第.{1,6}号(?:令)?$|(?<!的)公\s*告$|^(?!.*关于).*文件(?:\s|$)|^中华人民共和国.{2,12}[院部委局]$"
)
_NOT_TITLE = re.compile(
    r"[。；;：:！!？?，]$|https?://|^[—\-–''\"”,.|【\[{*]|来\s*源\s*[:：]|^附件|^总理|^主席|[，,].*[，,].*[，,]"
)
_SPACED = re.compile(r"(?<=[\u4e00-\u9fff（）])[ \u3000\u00a0]+(?=[\u4e00-\u9fff（）])")
_QUOTED = re.compile(r"《([^《》]*(?:〈[^〈〉]*〉[^《》]*)*)》")
_MOST_LINES = 40
_ANNOUNCED = 120
"""Characters of an announcement in which it names what it announces."""
_INNER = str.maketrans("《》", "〈〉")


def find_title(lines: Sequence[str]) -> tuple[str, int]:
    """The title printed at the head of a document and the position of the line after it; ("", 0) where none is.

    A title broken over lines is joined; blocks of issuer, number and order above it are passed over.
    """
    groups = _title_groups(lines[:_MOST_LINES])
    for start, stop in groups:
        for end in range(start + 1, min(stop, start + 5) + 1):
            title = _join(lines[start:end])
            if _is_whole(title) and not (end < stop and lines[end].startswith(("的", "有关", "等"))):
                return _in_full(_tidy(title), lines[:_MOST_LINES]), end
    ordered = _title_in_order(lines[:_MOST_LINES])
    if ordered:
        return ordered, 0
    return (_tidy(lines[groups[0][0]]), groups[0][0] + 1) if groups else ("", 0)


def kind_of(title: str) -> str:
    """The kind of document a title names (…管理办法（试行） → 办法); 其他 where it names none."""
    core = _core(title)
    for kind, endings in _KINDS:
        if core.endswith(endings):
            return kind
    return "法律" if _LAW.search(core) else "其他"


def split_year(title: str) -> tuple[str, str]:
    """A title without the year that a compiler put behind it, and that year: 处分条例（2018） → 处分条例, 2018."""
    match = _YEAR_BEHIND.search(title)
    if match and kind_of(title[: match.start()]) != "其他":
        return title[: match.start()], match.group(1)
    return title, ""


def is_body(line: str) -> bool:
    """Whether a line belongs to the text proper: an article, a section, a salutation or a long sentence."""
    return _BODY.match(line) is not None or (
        len(line) > 40 and line.endswith(("。", "；", "：")) and "通过" not in line
    )


def _title_groups(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Runs of lines that may be a title, up to where the text proper begins."""
    groups: list[tuple[int, int]] = []
    is_open = False
    for position, line in enumerate(lines):
        if is_body(line) and not _announces(line):
            break
        is_title = _may_be_title(line)
        if is_title and is_open:
            groups[-1] = (groups[-1][0], position + 1)
        elif is_title:
            groups.append((position, position + 1))
        is_open = is_title
    return groups


def _announces(line: str) -> bool:
    # 《…条例》已经…通过，现予公布: the sentence of an order or announcement, above the title.
    return "》" in line and re.search(r"公布|发布|印发|通过|全文如下", line) is not None


def _may_be_title(line: str) -> bool:
    return (
        (4 if not line.startswith("的") else 2) <= len(line) <= 100
        and not _NOT_TITLE.search(line)
        and not _ORDER.search(line)
        and not _NUMBER_LINE.fullmatch(line)
        and not date_alone(line)
        and re.search("[\u4e00-\u9fff]", line) is not None
    )


def _is_whole(title: str) -> bool:
    is_balanced = title.count("《") == title.count("》") and title.count("（") <= title.count("）") + title.count(")")
    return is_balanced and kind_of(title) != "其他"


def _title_in_order(lines: Sequence[str]) -> str:
    if not any(_ORDER.search(line) for line in lines[:6]):
        return ""
    quoted = next((match for line in lines if _announces(line) for match in _QUOTED.finditer(line)), None)
    return quoted.group(1) if quoted else ""


def _in_full(title: str, lines: Sequence[str]) -> str:
    """The title as the announcement above the text gives it, which may begin with the organs that issued it."""
    named = (match[1] for line in lines if _announces(line) for match in _QUOTED.finditer(line[:_ANNOUNCED]))
    return next((full for full in named if full.endswith(title) and title.startswith("关于")), title)


def _join(lines: Sequence[str]) -> str:
    joined = lines[0]
    for line in lines[1:]:
        joined += (" " if joined[-1].isascii() and line[0].isascii() else "") + line
    return joined


def _tidy(title: str) -> str:
    """A title without the spaces that spread it over a line and without marks around the whole of it."""
    title = re.sub(r"^主题[:：]\s*", "", title.strip("*# "))
    letters = title.replace("\u3000", " ").split(" ")
    if len(letters) > 3 and sum(len(letter) <= 1 for letter in letters) > len(letters) // 2:
        title = _SPACED.sub("", title)
    whole = re.fullmatch(r"《([^《》]+)》(?:[（(]?全文[)）]?)?", title)
    return whole.group(1) if whole else title


def _core(title: str) -> str:
    core = _SPACED.sub("", title.strip())
    while (shorter := _NOTES.sub("", core)) != core:
        core = shorter
    if core.endswith("》"):
        # 印发《…办法》 is the rule itself, published by the press; a name in marks is that name.
        core = core[:-1]
    while (shorter := _NOTES.sub("", core)) != core:
        core = shorter
    return core


def title_marks(title: str) -> str:
    """The title in 《》; those within it become 〈〉 (GB/T 15834—2011)."""
    return f"《{title.translate(_INNER)}》"
