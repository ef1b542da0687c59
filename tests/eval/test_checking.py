from collections.abc import Callable
from pathlib import Path
from typing import Any

from eval.checking import Checked, check_files, count
from eval.gold import repeated
from eval.problems import Problem, lines_named
from index import Searcher
from tests.eval.conftest import question, record

Write = Callable[..., Path]


def told(checked: Checked) -> list[tuple[str, str]]:
    return [(problem.level, str(problem)) for problem in checked.problems]


def test_lines_are_named_in_order_with_stretches() -> None:
    assert lines_named([3], "line") == "line 3"
    assert lines_named([7, 2, 3, 4, 9, 10], "row") == "rows 2–4, 7, 9–10"
    # Thirteen odd numbers: twelve are named.
    assert lines_named(range(1, 27, 2), "row").endswith("21, 23 and 1 more")


def test_a_problem_names_its_place() -> None:
    assert str(Problem(3, "a", "wrong", "error")) == "line 3, a: wrong"
    assert str(Problem(3, "", "wrong", "error", "row")) == "row 3: wrong"
    assert str(Problem(0, "", "wrong", "fatal")) == "wrong"


def test_a_good_file_has_nothing_wrong(searcher: Searcher, write: Write) -> None:
    path = write(record("a", "要不要公函？", "接待对象应当提供公函"), record("u", "养犬要不要办证？"))
    (checked,) = check_files([path, path], searcher.catalogue)
    assert (checked.path, told(checked)) == (path, [])


def test_gold_quotes_are_held_against_the_documents(searcher: Searcher, write: Write) -> None:
    path = write(
        record("a", "要不要公函？", "接待对象应当打电话"),
        # Of its 17 characters 7 stand in the first article and 9 in the second; the line end between is in neither.
        record("b", "一二条怎么写？", "应当提供公函。\n第二条 有下列情形"),
        record("c", "哪些不予接待？", "不予接待", items=["无公函的", "没有的"]),
        record("d", "第三条呢？", "公函"),
        {**record("e", "谁批准？"), "answerable": True},
        {**record("f", "谁同意？", "不予接待"), "answerable": False},
        {**record("g", "在哪里？"), "answerable": True, "gold": [{"doc": "接侍.txt", "quote": "不予接待"}]},
    )
    (checked,) = check_files([path], searcher.catalogue)
    assert told(checked) == [
        (
            "error",
            "line 1, a: not word for word in 接待.txt: '接待对象应当打电话'; it agrees up to '接待对象应当', "
            "then the document has '提供公函。第二条有下列情' and the quote '打电话'",
        ),
        (
            "note",
            "line 2, b: '应当提供公函。\\n第二条 有下列情形' spans a passage border: 41% + 53% of it "
            "stand in 2 passages",
        ),
        ("note", "line 3, c: the item '没有的' stands in none of the documents quoted"),
        ("note", "line 4, d: '公函' is too short to prove an answer"),
        ("note", "line 4, d: '公函' stands 2 times in 接待.txt; the first counts"),
        ("error", "line 5, e: answerable, but no gold quote says where the answer stands"),
        ("error", "line 6, f: not answerable, but it has gold quotes or items"),
        ("error", "line 7, g: 接侍.txt: no such document in the index; did you mean 接待.txt?"),
    ]


def test_a_quote_of_a_row_below_is_named_by_that_row(searcher: Searcher, tmp_path: Path) -> None:
    path = tmp_path / "q.csv"
    path.write_text(
        "id,question,answerable,doc,quote\na,问公函？,是,接待.txt,接待对象应当提供公函\n,,,,接待对象不应当\n",
        encoding="utf-8",
    )
    (checked,) = check_files([path], searcher.catalogue)
    assert [str(problem).partition(":")[0] for problem in checked.problems] == ["row 3, a"]


def test_without_an_index_the_rest_is_checked(write: Write) -> None:
    path = write(record("a", "要不要公函？", "不在那里"), {**record("e", "谁批准？"), "answerable": True})
    (checked,) = check_files([path], None)
    assert told(checked) == [("error", "line 2, e: answerable, but no gold quote says where the answer stands")]


def test_a_file_that_cannot_be_read_does_not_keep_others_from_being_checked(write: Write, tmp_path: Path) -> None:
    (tmp_path / "q.xlsx").write_bytes(b"no workbook")
    broken, good = check_files([tmp_path / "q.xlsx", write(record("u", "养犬要不要办证？"))], None)
    assert broken.file is None
    assert told(broken)[0][1].startswith("not an XLSX workbook")
    assert told(good) == []


def test_questions_that_repeat_others_are_named() -> None:
    # 接待对象需要提供公函吗 has ten bigrams; with 么 for 吗 nine of eleven are shared.
    first = question("a", "接待对象需要提供公函吗？", line=1)
    near = question("b", "接待对象需要提供公函么？", line=2)
    other = question("c", "接待对象能不能提供公函？", line=3)
    english = question("d", "接待对象需要提供公函吗？", line=4, language="en")
    assert [str(one) for one in repeated([first, near, other, english])] == [
        "line 2, b: asks nearly the same as a (line 1): '接待对象需要提供公函吗？'"
    ]


def test_files_are_checked_against_each_other(write: Write) -> None:
    dev = write(record("a", "要不要公函？", "公函要提供", split="dev"), name="dev.jsonl")
    held_out = write(
        record("b", "养犬要不要办证？", split="held-out"),
        record("a", "要不要公函?", "公函要提供", split="held-out"),
        name="held.jsonl",
    )
    first, second = check_files([dev, held_out], None)
    assert told(first) == []
    assert told(second) == [
        (
            "error",
            f"line 2, a: asks nearly the same as a ({dev}, line 1): '要不要公函？'; "
            "what stands among dev questions is not held out",
        ),
        ("note", f"line 2, a: this id stands in {dev} too (line 1)"),
    ]
    assert [problem.level for problem in check_files([dev, write(record("x", "要不要公函？"))], None)[1].problems] == [
        "note"
    ]


def test_questions_are_counted() -> None:
    any_of: dict[str, Any] = {"type": "", "language": "en", "split": "held-out"}
    counted = count([question("a", "问？", "公函"), question("b", "问？"), question("c", "问？", **any_of)])
    assert (counted.questions, counted.answerable, counted.unanswerable) == (3, 1, 2)
    assert counted.by_type == {"other": 1, "rule": 2}
    assert counted.by_language == {"en": 1, "zh": 2}
    assert counted.by_split == {"dev": 2, "held-out": 1}
