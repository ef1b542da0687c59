from hypothesis import given
from hypothesis import strategies as st

from ingest.model import Document, DocumentInfo
from ingest.outline import find_outline


def test_a_stretch_is_recognised_where_one_of_its_pages_is() -> None:
    # Pages begin at 0, 4 and 8; the second was recognised.
    document = Document(DocumentInfo("1", "a.pdf", "甲"), "一二三\n四五六\n七八九", pages=(0, 4, 8), recognised=(2,))
    assert [document.is_recognised(*span) for span in ((0, 3), (4, 7), (2, 5), (8, 11), (3, 4))] == [
        False,
        True,
        True,
        False,
        False,
    ]
    assert not Document(DocumentInfo("1", "a.txt", "甲"), "一二三").is_recognised(0, 3)


LINES = [
    "第一章 总则",
    "第二章 分则",
    "第一条 甲。",
    "第二条 乙。",
    "一、办法",
    "（一）丙",
    "（二）丁",
    "1.戊",
    "2.己",
    "附件",
    "文",
]


@given(st.lists(st.sampled_from(LINES), max_size=25))
def test_the_chain_at_an_offset_is_all_nodes_that_hold_it(lines: list[str]) -> None:
    document = Document(DocumentInfo("1", "a.txt", "甲"), "\n".join(lines))
    outline = find_outline(document)
    for offset in range(len(document.text) + 1):
        holding = tuple(node for node in outline.nodes if node.start <= offset < node.end)
        assert outline.chain_at(offset) == holding
