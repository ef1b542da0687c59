from hypothesis import given
from hypothesis import strategies as st

from ingest.model import Document, DocumentInfo, Passage
from ingest.outline import find_outline
from ingest.passages import LIMIT, cut_passages


def cut(text: str) -> tuple[Passage, ...]:
    document = Document(DocumentInfo("d", "d.txt", "题"), text)
    return cut_passages(document, find_outline(document))


def test_no_passage_crosses_an_article() -> None:
    passages = cut("第一条 甲。\n第二条 乙。\n乙之二。")
    assert [passage.text for passage in passages] == ["第一条 甲。", "第二条 乙。\n乙之二。"]


def test_a_heading_goes_with_the_article_below_it_which_names_the_path() -> None:
    passages = cut("第一章 总则\n第一条 甲。\n第二条 乙。")
    assert [passage.text for passage in passages] == ["第一章 总则\n第一条 甲。", "第二条 乙。"]
    assert passages[0].path == ("第一章 总则", "第一条")


def test_a_long_paragraph_is_cut_at_sentence_ends() -> None:
    sentence = "各单位要把责任落实到人。"  # 12 characters
    passages = cut(sentence * 50)  # 600 characters: two halves
    assert [passage.text for passage in passages] == [sentence * 25, sentence * 25]


def test_a_part_of_a_long_article_keeps_the_sentence_that_opens_it() -> None:
    item = "有甲种情形并且情节较重、造成严重后果或者恶劣影响的；"  # 25 characters
    lines = ["第九条 有下列情形之一的，给予警告：", *(f"（{n}）{item * 4}" for n in "一二三四五六")]
    passages = cut("\n".join(lines))
    assert len(passages) > 1
    assert passages[0].lead == ""
    assert all(passage.lead == "第九条 有下列情形之一的，给予警告：" for passage in passages[1:])


def test_an_empty_text_has_no_passages() -> None:
    assert cut("") == ()


_LINE = st.text(alphabet="甲乙丙丁。；，、“”", min_size=1, max_size=900)
_MARKED = st.tuples(st.sampled_from(["", "第一条 ", "第二条 ", "一、", "（一）", "（二）", "1.", "一是"]), _LINE).map(
    "".join
)


@given(st.lists(_MARKED, max_size=12))
def test_passages_cover_the_text_without_overlap_and_keep_to_the_limit(lines: list[str]) -> None:
    text = "\n".join(lines)
    passages = cut(text)
    position = 0
    for passage in passages:
        assert text[position : passage.start].strip("\n") == ""
        assert text[passage.start : passage.end] == passage.text
        assert 0 < len(passage.text) <= LIMIT
        position = passage.end
    assert text[position:].strip("\n") == ""
