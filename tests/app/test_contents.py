from ingest.model import Document, DocumentInfo, Node, Outline
from web.contents import contents_html

TEXT = "办法\n第一章 总则\n第一条 为了节约，制定本办法。\n附件<1>"
OUTLINE = Outline(
    (
        Node("第一章", "总则", 1, 3, 26, None),
        Node("第一条", "", 2, 10, 26, 0),
        Node("附件", "<1>", 1, 27, 32, None),
    )
)


def test_contents_are_links_within_their_sections() -> None:
    document = Document(DocumentInfo(id="1", source="a.txt", title="办法"), TEXT)
    assert contents_html(document, OUTLINE) == (
        '<nav class="yj-outline"><details open><summary><a href="#at-3" title="第一章 总则">第一章 总则</a></summary>'
        '<a href="#at-10" title="第一条">第一条</a></details>'
        '<a href="#at-27" title="附件 &lt;1&gt;">附件 &lt;1&gt;</a></nav>'
    )


def test_contents_give_pages_and_shorten_long_headings() -> None:
    document = Document(DocumentInfo(id="1", source="a.pdf", title="办法"), TEXT, pages=(0, 20))
    long = Outline((Node("一、", "甲" * 40, 1, 3, 26, None),))
    bare = Outline((Node("二、", "", 1, 10, 26, None),))
    assert ">第一条 为了节约，制定本办法。<small>1</small></a>" in contents_html(document, bare)
    # 36 characters are shown: the label's two, 33 of the heading and the ellipsis.
    assert f">一、{'甲' * 33}…<small>1</small></a>" in contents_html(document, long)
