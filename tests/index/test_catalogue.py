from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.catalogue import Catalogue, Counts
from index.catalogue_writer import CatalogueWriter
from index.model import Filters
from ingest.errors import BadRequest, IndexDamaged
from ingest.model import Document, DocumentInfo, Enumeration, Member, Node, Outline, Passage, Row
from tests.index.documents import add, catalogue_of, document, passage


def test_what_goes_in_comes_out(tmp_path: Path) -> None:
    info = DocumentInfo(
        id="a1",
        source="文件/一.txt",
        title="关于一",
        number="澄政发〔2020〕1号",
        date="2020-03",
        repeals=("甲办法", "乙、丙规定"),
    )
    whole = Document(
        info=info,
        text="第一条 总则\n第二条 细则",
        pages=(0, 7),
        recognised=(2,),
        rows=(Row(7, 13, ((0, 6),)),),
    )
    outline = Outline((Node("第一条", "", 6, 0, 6, None), Node("第二条", "", 6, 7, 13, None)))
    lists = (Enumeration("a1", 0, 6, 2, (Member("一", 0, 2, 3), Member("二", 4, 5, 6)), "两个规定"),)
    passages = [
        Passage("a1", 0, 6, "第一条 总则", ("第一条",), 1, "总则如下"),
        Passage("a1", 7, 13, "第二条 细则", ("第二条",), 2),
    ]
    writer = CatalogueWriter(tmp_path / "c.sqlite")
    numbers = add(writer, whole, passages, outline=outline, enumerations=lists)
    assert writer.commit() == (1, 2)
    writer.close()

    catalogue = Catalogue(tmp_path / "c.sqlite")
    assert catalogue.document("a1") == whole
    assert catalogue.by_source("文件/一.txt") == whole
    assert catalogue.outline("a1") == outline
    assert catalogue.enumerations("a1") == lists
    assert catalogue.all_enumerations() == list(lists)
    assert catalogue.passages("a1") == tuple(passages)
    assert [catalogue.passage(number) for number in numbers] == passages
    assert catalogue.numbers_of_passages("a1") == tuple(numbers)
    assert catalogue.counts() == Counts(documents=1, passages=2)
    # The line end at offset 6 belongs to no passage.
    assert [catalogue.number_of_passage_at("a1", at) for at in (0, 5, 6, 7, 13)] == [
        numbers[0],
        numbers[0],
        None,
        numbers[1],
        None,
    ]


@given(st.text(alphabet=st.characters(), max_size=40), st.sets(st.integers(0, 40)))
def test_offsets_count_code_points_whatever_the_text(text: str, cuts: set[int]) -> None:
    whole = document("文", text)
    bounds = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    passages = [passage(whole, start, end) for start, end in pairwise(bounds)]
    with TemporaryDirectory() as directory:
        writer = CatalogueWriter(Path(directory, "c.sqlite"))
        add(writer, whole, passages)
        writer.commit()
        writer.close()
        catalogue = Catalogue(Path(directory, "c.sqlite"))
        assert catalogue.document(whole.info.id).text == text
        assert list(catalogue.passages(whole.info.id)) == passages
        assert all(found.text == text[found.start : found.end] for found in catalogue.passages(whole.info.id))
        catalogue.close()


def test_documents_are_listed_by_date_and_source_undated_ones_last(tmp_path: Path) -> None:
    catalogue = catalogue_of(
        tmp_path / "c.sqlite",
        document("丁", "文"),
        document("丙", "文", date="2020"),
        document("b", "文", date="2019-05"),
        document("a", "文", date="2019-05"),
    )
    assert [info.source for info in catalogue.infos()] == ["a", "b", "丙", "丁"]
    assert [info.source for info in catalogue.infos(Filters(years=(2019,)))] == ["a", "b"]


def test_an_unknown_source_is_answered_with_similar_ones(tmp_path: Path) -> None:
    catalogue = catalogue_of(tmp_path / "c.sqlite", document("报告/2008年报告.txt", "文"), document("x", "文"))
    with pytest.raises(
        BadRequest, match=r"2008年报告: no such document in the index; did you mean 报告/2008年报告.txt\?"
    ):
        catalogue.by_source("2008年报告")
    with pytest.raises(BadRequest, match=r"报告/2009年报告.txt: .*did you mean 报告/2008年报告.txt\?"):
        catalogue.by_source("报告/2009年报告.txt")
    with pytest.raises(BadRequest, match=r"zzz: no such document in the index$"):
        catalogue.by_source("zzz")


def test_an_unknown_id_or_number(tmp_path: Path) -> None:
    catalogue = catalogue_of(tmp_path / "c.sqlite", document("甲", "文"))
    with pytest.raises(BadRequest, match="no document of this id"):
        catalogue.document("none")
    with pytest.raises(KeyError):
        catalogue.passage(99)


def test_numbers_of_removed_passages_are_never_used_again(tmp_path: Path) -> None:
    writer = CatalogueWriter(tmp_path / "c.sqlite")
    whole = document("甲", "文")
    assert add(writer, whole, [passage(whole, 0, 1)]) == [1]
    assert writer.remove_document(1) == ([1], [1])
    assert add(writer, whole, [passage(whole, 0, 1)]) == [2]
    writer.close()


def test_nothing_is_kept_before_the_commit(tmp_path: Path) -> None:
    catalogue_of(tmp_path / "c.sqlite")
    writer = CatalogueWriter(tmp_path / "c.sqlite")
    writer.add_failure("id", root="/", source="坏.pdf", reason="damaged")
    writer.close()
    assert Catalogue(tmp_path / "c.sqlite").failures() == []


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "c.sqlite").write_bytes(b"no database" * 1000)
    with pytest.raises(IndexDamaged, match=r"c\.sqlite: .*--rebuild"):
        Catalogue(tmp_path / "c.sqlite").infos()
