import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import UnreadableFile
from ingest.readers.extract import Extract
from ingest.readers.html import read_html
from ingest.readers.legible import common_share
from ingest.readers.markdown import read_markdown
from ingest.readers.plain import decode, read_plain

TEXT = "某市公务用车管理办法\n第一条　为了规范公务用车管理，制定本办法。\n"


def markdown(source: str) -> str:
    return read_markdown(source.encode(), "x.md").text


def html(body: str, head: str = "") -> str:
    page = f"<!doctype html><html><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>"
    return read_html(page.encode(), "x.html").text


# -- encodings ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode("utf-8"),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("gb18030"),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
    ],
    ids=["utf-8", "utf-8 with BOM", "gb18030", "utf-16 with BOM", "utf-16-be with BOM", "utf-16-le", "utf-16-be"],
)
def test_encodings_are_recognised(content: bytes) -> None:
    assert decode(content, "x.txt") == TEXT


def test_traditional_characters_in_big5_are_recognised() -> None:
    text = "國立大學組織規程第一條為規範學校組織，依據大學法規定訂定本規程。" * 3
    assert decode(text.encode("big5"), "x.txt") == text


def test_a_file_cut_off_amid_its_last_character_is_read_up_to_it() -> None:
    # 。 is two bytes in GB 18030 and three in UTF-8; one byte of it is missing.
    assert decode(TEXT.strip().encode("gb18030")[:-1], "x.txt") == TEXT.strip()[:-1]
    assert decode(TEXT.strip().encode("utf-8")[:-1], "x.txt") == TEXT.strip()[:-1]


def test_binary_content_under_a_text_name_is_stated() -> None:
    with pytest.raises(UnreadableFile, match="binary content, not text"):
        decode(bytes(range(256)) * 40, "x.txt")


def test_bytes_in_no_encoding_of_legible_text_are_stated() -> None:
    with pytest.raises(UnreadableFile, match="save it as UTF-8"):
        decode("The quick brown fox jumps over the lazy dog. ".encode("cp500") * 5, "x.txt")


@given(st.text(alphabet=st.characters(codec="gb2312", categories=["Lo"], max_codepoint=0x9FFF), min_size=1))
def test_utf8_is_never_taken_for_anything_else(text: str) -> None:
    assert decode(text.encode("utf-8"), "x.txt") == text


def test_common_share_tells_text_from_what_a_wrong_encoding_makes_of_it() -> None:
    assert common_share(TEXT) == 1
    assert common_share("国发〔2019〕4号 open source") == 1
    assert common_share(TEXT.encode("gb18030").decode("latin-1")) < 0.6
    assert common_share(TEXT.encode("utf-8").decode("gb18030", "replace")) < 0.6


def test_plain_text_keeps_lines_and_inner_spaces() -> None:
    content = "　　第一章　总　则\r\n\r\n\r\n　　第一条　“一窗”　\r\n".encode()
    assert read_plain(content, "x.txt").text == "第一章　总　则\n第一条　“一窗”"


# -- Markdown ----------------------------------------------------------------------------------------------


def test_markup_goes_and_words_stay() -> None:
    source = (
        "# 用车办法\n\n<!-- 注释 -->\n\n## 第一章　总则\n\n**第一条**　为了*规范*[管理](http://x.cn)，制定`本办法`。\n"
    )
    assert markdown(source) == "用车办法\n第一章　总则\n第一条　为了规范管理，制定本办法。"


def test_printed_numbers_stay_as_printed_and_bullets_go() -> None:
    source = "1. 甲\n2. 乙\n\n10．丙\n\n（一）丁\n\n- 戊\n- 己\n\n一、庚\n二、辛\n"
    assert markdown(source) == "1. 甲\n2. 乙\n10．丙\n（一）丁\n戊\n己\n一、庚\n二、辛"


def test_indented_paragraphs_are_text_and_bold_beside_chinese_marks_is_seen() -> None:
    assert markdown("    第一条 甲\n\n**“乙”**的，**（二）**丙\n") == "第一条 甲\n“乙”的，（二）丙"


def test_a_table_is_one_row_a_line() -> None:
    source = "| 级别 | 飞机 |\n|---|---|\n| 部级 | 头等舱 |\n| 其余 | 经济舱 |\n"
    assert markdown(source) == "级别\t飞机\n部级\t头等舱\n其余\t经济舱"


def test_a_table_drawn_with_dashes_is_one_row_a_line() -> None:
    # The first column is 12 columns wide: 级 别 is 5 of them, 部级人员 8.
    source = (
        "  -----------------------\n"
        "  级 别        飞机\n"
        "  ------------ ----------\n"
        "  部级人员     头等\n"
        "               舱\n"
        "\n"
        "  其余         经济舱\n"
        "  -----------------------\n"
        "\n"
        "后文\n"
    )
    assert markdown(source) == "级 别\t飞机\n部级人员\t头等舱\n其余\t经济舱\n后文"


def test_front_matter_and_embedded_images_are_no_text() -> None:
    assert markdown("---\ntitle: 甲\n---\n正文\n\n![图](data:image/png;base64,AA==)\n") == "正文"


def test_angle_brackets_around_chinese_are_text_and_tags_are_not() -> None:
    assert markdown("关于修改<某法>的决定<br>第二行 <b>粗</b>") == "关于修改<某法>的决定\n第二行 粗"


# -- HTML --------------------------------------------------------------------------------------------------


def test_the_site_around_a_document_is_dropped() -> None:
    body = (
        "<header><div>某市政府网</div></header><nav>首页 政策</nav>"
        "<div class='breadcrumb'>当前位置：<a>首页</a> &gt; 正文</div>"
        "<div class='content'><p>第一条　甲。</p><script>var x='广告';</script><p>第二条　乙。<br>丙。</p></div>"
        "<div class='share-bar'>分享到 打印</div><ul><li><a>上一篇：某通知</a></li></ul><footer>版权所有</footer>"
    )
    assert html(body, "<title>某通知_某市政府网</title><style>p{}</style>") == "第一条　甲。\n第二条　乙。\n丙。"


def test_a_heading_that_repeats_the_title_below_it_is_dropped() -> None:
    body = "<h1>关于用车的通知(2023-01-01)</h1><div><p>关于用车</p><p>的通知</p><p>各科室：</p></div>"
    assert html(body) == "关于用车\n的通知\n各科室："


def test_the_bar_under_a_heading_is_dropped() -> None:
    bar = "<div><span>发布时间：2024-04-16</span><span>字号：<a>大</a><a>小</a></span></div>"
    assert (
        html(f"<h1>关于用车的通知</h1>{bar}<div><p>关于用车的通知</p><p>各科室：</p></div>")
        == "关于用车的通知\n各科室："
    )


def test_a_heading_that_is_the_only_title_stays() -> None:
    assert (
        html("<article><header><h1>关于用车的通知</h1></header><p>各科室：</p></article>") == "关于用车的通知\n各科室："
    )


def test_html_tables_are_one_row_a_line_and_inner_breaks_are_spaces() -> None:
    body = "<table><tr><th>级别</th><th>飞机</th></tr><tr><td>部级<br>人员</td><td> 头等舱 </td></tr></table>"
    assert html(body) == "级别\t飞机\n部级 人员\t头等舱"


def test_a_page_that_declares_gb2312_is_decoded_as_its_superset() -> None:
    # 镕 is in GB 18030 but not in GB 2312.
    page = "<html><head><meta http-equiv='Content-Type' content='text/html; charset=gb2312'></head><p>镕</p></html>"
    assert read_html(page.encode("gb18030"), "x.html").text == "镕"


def test_links_within_a_sentence_stay() -> None:
    text = "根据《<a href='#'>某市公务用车管理办法</a>》第三条和国家有关规定，现就有关事项通知如下，请遵照执行。"
    assert (
        html(f"<p>{text}</p>") == "根据《某市公务用车管理办法》第三条和国家有关规定，现就有关事项通知如下，请遵照执行。"
    )


def test_page_numbers_between_dashes_are_no_text_and_their_sentence_is_one() -> None:
    sentence = "各单位要把责任落实到人，" * 30  # 360 characters: nine lines of 40
    lines = [sentence[i : i + 40] for i in range(0, 360, 40)]
    pages = [*lines[:3], "— 1 —", *lines[3:6], "", "— 2 —", "", *lines[6:]]
    assert read_plain("\n".join(pages).encode(), "a.txt").text == sentence


def test_a_number_between_dashes_alone_is_text() -> None:
    assert read_plain("温度\n— 3 —\n以下".encode(), "a.txt").text == "温度\n— 3 —\n以下"


# -- headings that are set off -----------------------------------------------------------------------------


def set_off(extract: Extract) -> list[tuple[str, int]]:
    return [(extract.text[mark.start : mark.end], mark.depth) for mark in extract.marks]


def test_headings_and_bold_openings_of_markdown_are_marked() -> None:
    table = "| **甲** | 乙 |\n|--|--|\n| 丙 | 丁 |\n"
    source = f"# 办法\n\n正文**不是**标题。\n\n## 第一章 总则\n\n**提振消费。** 扩大补贴。\n\n{table}"
    extract = read_markdown(source.encode(), "x.md")
    assert set_off(extract) == [("办法", 1), ("第一章 总则", 2), ("提振消费。", 0)]


def test_headings_and_bold_openings_of_a_page_are_marked() -> None:
    body = (
        "<h2> 第一章 <span>总则</span></h2><p>　　<strong>提振<b>消费</b></strong>。扩大补贴。</p>"
        "<p>正文<b>不是</b>。</p>"
        "<table><tr><td><p><b>甲</b></p></td><td><h3>乙</h3></td></tr><tr><td>丙</td><td>丁</td></tr></table>"
    )
    page = f"<html><head><meta charset='utf-8'></head><body><h1>办法</h1>{body}</body></html>"
    extract = read_html(page.encode(), "x.html")
    assert set_off(extract) == [("办法", 1), ("第一章 总则", 2), ("提振消费", 0)]
    assert extract.text == "办法\n第一章 总则\n提振消费。扩大补贴。\n正文不是。\n甲\t乙\n丙\t丁"
