import re
from dataclasses import replace
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from answer.model import Answer, Citation
from ingest.model import Document, DocumentInfo, Node, Outline
from phrasing import Line
from web.markup import Overlay, answer_html, citation_html, concordance_html, document_html, facts_html

RULE = DocumentInfo(id="1", source="办法/a&b.txt", title="办法<1>", status="已废止", status_basis='新的"办法"')


def plain(markup: str) -> str:
    """What a reader sees of HTML, paragraphs as lines."""
    return unescape(re.sub(r"<[^>]*>", "", markup.replace("</p><p", "</p>\n<p")))


def citation(n: int, quote: str) -> Citation:
    return Citation(n, RULE, ("第一条",), 2, 0, len(quote), quote)


def answer(text: str, *citations: Citation) -> Answer:
    return Answer("问", "fact", True, text, (), citations, 1.0)


def test_markers_lead_to_their_quotations() -> None:
    assert answer_html(answer("a<b [1]见[2]", citation(1, "a<b"))) == (
        '<div class="yj-answer">a&lt;b <a class="yj-marker" href="#quote-1">1</a>见[2]</div>'
    )


def test_a_recognised_quotation_is_labelled() -> None:
    assert 'title="从扫描的页面识别，请对照原件">文字识别</span></cite>' in citation_html(
        replace(citation(1, "甲"), is_recognised=True)
    )
    assert "文字识别" not in citation_html(citation(1, "甲"))


def test_a_quotation_is_escaped_and_labelled() -> None:
    assert citation_html(citation(3, "<b>$x$**")) == (
        '<div class="yj-quote" id="quote-3"><b>3</b><blockquote>&lt;b&gt;$x$**</blockquote>'
        "<cite><span>《办法&lt;1&gt;》</span> <span>第一条</span> <span>第2页</span>"
        ' <span class="yj-status" title="新的&quot;办法&quot;">已废止</span></cite></div>'
    )


def test_an_occurrence_links_to_its_place() -> None:
    line = Line("左<", "词", "右", RULE, 7, None)
    shown = concordance_html([line], {RULE.source: 1}, "中文", "日期不详")
    assert plain(shown) == "日期不详 办法<1> 已废止 ×1左<词右"
    # a&b.txt in a query: the ampersand as %26; start 7, end 8.
    assert 'href="document?source=%E5%8A%9E%E6%B3%95%2Fa%26b.txt&amp;start=7&amp;end=8&amp;lang=' in shown


def test_facts_leave_out_what_is_empty() -> None:
    assert facts_html([("文号", ""), ("日期", "2021<")]) == '<dl class="yj-facts"><dt>日期</dt><dd>2021&lt;</dd></dl>'


CHAPTER = Node("第一章", "总则", 2, 3, 18, None)
ARTICLE = Node("第一条", "", 6, 10, 18, 0)
OUTLINE = Outline((CHAPTER, ARTICLE))
# 办法 and a newline are 3 characters, the chapter's line 7; the article's label ends at 13.
TEXT = "办法\n第一章 总则\n第一条 为了某事。"


def test_a_document_with_headings_pages_and_a_mark() -> None:
    document = Document(DocumentInfo(id="1", source="a.txt", title="办法"), TEXT, pages=(0, 14))
    assert document_html(document, OUTLINE, 14, 16) == (
        '<article class="yj-text"><p id="at-0" class="yj-title"><span class="yj-page">1</span>办法</p>'
        '<p id="at-3" class="yj-heading"><strong>第一章</strong> 总则</p>'
        '<p id="at-10" class=""><strong>第一条</strong> '
        '<span class="yj-page">2</span><mark id="quote">为了</mark>某事。</p></article>'
    )


def test_a_mark_over_paragraphs_has_one_beginning() -> None:
    document = Document(DocumentInfo(id="1", source="a.txt", title="办法"), TEXT)
    shown = document_html(document, OUTLINE, 7, 12)
    # 总则 is at 7 to 9; the mark goes on to the second character of the article's label, which is cut there.
    assert '<mark id="quote">总则</mark>' in shown
    assert "<mark><strong>第一</strong></mark><strong>条</strong>" in shown


def test_overlays_are_put_around_the_text_and_cut_where_it_is() -> None:
    document = Document(DocumentInfo(id="1", source="a.txt", title="办法"), TEXT)
    # 为了某事 is at 14 to 18; the mark begins inside of the overlay, which is cut there.
    shown = document_html(document, OUTLINE, 16, 18, [Overlay(14, 18, "<a>", "</a>")])
    assert '<a>为了</a><mark id="quote"><a>某事</a></mark>。' in shown
    assert plain(shown) == TEXT


def test_a_quotation_has_the_links_of_its_document() -> None:
    shown = citation_html(replace(citation(1, "甲<乙>"), start=10, end=14), [Overlay(11, 13, "<a>", "</a>")])
    assert "<blockquote>甲<a>&lt;乙</a>&gt;</blockquote>" in shown


@given(
    lines=st.lists(st.text(alphabet="甲<>&\"'$*[]()`#x ", max_size=12), min_size=1, max_size=5),
    span=st.tuples(st.integers(0, 60), st.integers(0, 60)),
    pages=st.sets(st.integers(0, 60), max_size=3),
)
def test_every_text_is_shown_as_it_stands(lines: list[str], span: tuple[int, int], pages: set[int]) -> None:
    document = Document(DocumentInfo(id="1", source="a", title="t"), "\n".join(lines), pages=tuple(sorted(pages)))
    start, end = sorted(span)
    shown = document_html(document, Outline(()), start, end)
    assert plain(re.sub(r'<span class="yj-page">\d+</span>', "", shown)) == document.text
    assert "<script" not in shown


def test_of_what_is_attached_only_its_own_text_is_shown_at_its_offsets() -> None:
    text = "通知\n印发办法。\n办法\n第一条 甲。"
    info = DocumentInfo(id="2", source="通知.txt", title="办法", part="附件", parent="通知.txt", parent_title="通知")
    # The rule begins behind 通知 and its line end (3) and the sentence of five characters and its own (6).
    rule = Document(info, text, spans=((9, len(text)),))
    shown = document_html(rule, Outline((Node("第一条", "", 6, 12, len(text), None),)))
    assert plain(shown) == "办法\n第一条 甲。"
    assert 'id="at-9" class="yj-title"' in shown
    assert 'id="at-12"' in shown
    whole = document_html(replace(rule, info=replace(info, part="", parent=""), spans=((0, 8),)), Outline(()))
    assert plain(whole) == text


def test_a_quotation_names_what_its_document_came_with() -> None:
    info = replace(RULE, part="附件", parent="通知.txt", parent_title="关于印发《办法》的通知")
    shown = plain(citation_html(replace(citation(1, "甲"), document=info)))
    assert "（附于《关于印发〈办法〉的通知》）" in shown
    # An order is named by its number.
    assert "附于" not in citation_html(replace(citation(1, "甲"), document=replace(info, parent="条例.txt#令")))
