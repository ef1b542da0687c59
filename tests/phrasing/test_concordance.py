from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.model import Filters
from ingest.errors import BadRequest
from ingest.model import Document, DocumentInfo
from phrasing import Concordance, concordance
from tests.index.documents import catalogue_of, document

# “狠抓落实” twice in 2012, once in 2020, once in an undated note.
OLD = document("讲话/2012.txt", "要狠抓落实，一级抓一级。\n会后狠抓落实。", date="2012-03-01", kind="讲话")
NEW = document("报告/2020.txt", "“狠抓落实”不是口号。", date="2020-05-22", kind="报告")
UNDATED = document("便笺.txt", "重在狠抓落实")


@pytest.fixture
def found(tmp_path: Path) -> Concordance:
    return concordance(catalogue_of(tmp_path / "c.sqlite", UNDATED, NEW, OLD), "狠抓落实")


def test_counts_and_dates(found: Concordance) -> None:
    assert found.count == 4
    assert [(info.source, count) for info, count in found.documents] == [
        ("讲话/2012.txt", 2), ("报告/2020.txt", 1), ("便笺.txt", 1)]  # fmt: skip
    assert (found.first, found.last) == ("2012-03-01", "2020-05-22")
    assert found.by_year == {2012: 2, 2020: 1}


def test_context_stays_in_the_paragraph(found: Concordance) -> None:
    # In OLD the first paragraph has 12 characters, a newline follows at 12, then 会后 and at 15 the phrase again.
    assert [(line.left, line.match, line.right, line.start) for line in found.lines] == [
        ("要", "狠抓落实", "，一级抓一级。", 1),
        ("会后", "狠抓落实", "。", 15),
        ("“", "狠抓落实", "”不是口号。", 1),
        ("重在", "狠抓落实", "", 2),
    ]


@pytest.mark.parametrize(
    ("phrase", "count"),
    [
        ("“狠抓落实”", 1),
        ("抓", 5),  # 狠抓, 一级抓 and 狠抓 in the first, one in each of the others
        ("，", 1),
        ("狠抓 落实", 0),
    ],
)
def test_exactly_as_written(tmp_path: Path, phrase: str, count: int) -> None:
    assert concordance(catalogue_of(tmp_path / "c.sqlite", OLD, NEW, UNDATED), phrase).count == count


def test_occurrences_do_not_overlap(tmp_path: Path) -> None:
    catalogue = catalogue_of(tmp_path / "c.sqlite", document("a.txt", "更更更更更"))
    assert [line.start for line in concordance(catalogue, "更更").lines] == [0, 2]


def test_limit_keeps_the_count(tmp_path: Path) -> None:
    found = concordance(catalogue_of(tmp_path / "c.sqlite", OLD, NEW), "狠抓落实", limit=1, context=1)
    assert found.count == 3
    assert [(line.left, line.right) for line in found.lines] == [("要", "，")]


def test_filters(tmp_path: Path) -> None:
    catalogue = catalogue_of(tmp_path / "c.sqlite", OLD, NEW, UNDATED)
    assert concordance(catalogue, "狠抓落实", filters=Filters(kinds=("报告",))).count == 1


def test_pages(tmp_path: Path) -> None:
    # The second page begins at offset 3, with the second 甲.
    paged = Document(DocumentInfo(id="p", source="p.pdf", title="p"), "甲乙\n甲乙", pages=(0, 3))
    assert [line.page for line in concordance(catalogue_of(tmp_path / "c.sqlite", paged), "甲").lines] == [1, 2]


def test_nothing_found(tmp_path: Path) -> None:
    found = concordance(catalogue_of(tmp_path / "c.sqlite", OLD), "不存在的提法")
    assert found == Concordance("不存在的提法", 0, (), ())
    assert (found.first, found.last, found.by_year) == (None, None, {})


@pytest.mark.parametrize("phrase", ["", " ", "\n\t"])
def test_empty_phrase_is_refused(tmp_path: Path, phrase: str) -> None:
    with pytest.raises(BadRequest, match="the phrase is empty"):
        concordance(catalogue_of(tmp_path / "c.sqlite", OLD), phrase)


@settings(max_examples=40)
@given(text=st.text(alphabet="更新“”\n", max_size=60), phrase=st.text(alphabet="更新“”", min_size=1, max_size=3))
def test_lines_are_the_text(tmp_path_factory: pytest.TempPathFactory, text: str, phrase: str) -> None:
    catalogue = catalogue_of(tmp_path_factory.mktemp("c") / "c.sqlite", document("a.txt", text))
    found = concordance(catalogue, phrase, context=5)
    assert found.count == len(found.lines) == text.count(phrase)
    for line in found.lines:
        whole = line.left + line.match + line.right
        begin = line.start - len(line.left)
        assert text[begin : begin + len(whole)] == whole
        assert "\n" not in line.left + line.right
