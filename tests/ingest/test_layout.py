import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from ingest.layout import columns, find_wrap_width, join_lines, split_lines

# A paragraph of 44 characters (88 columns) and one of 25, both without Latin letters.
LONG = "机关公务用车实行统一编制、统一标准、统一购置经费、统一采购配备管理，任何单位不得超编制配备公务用车。"
SHORT = "各单位应当建立公务用车使用登记制度，定期公示使用情况。"
CLOSERS = "，。、；：）”"


def wrap(paragraph: str, width: int, indent: str = "　　") -> list[str]:
    """Break a paragraph into lines of `width` columns; closing punctuation hangs over, as typesetting has it."""
    lines, line = [], indent
    for character in paragraph:
        if columns(line + character) > width and character not in CLOSERS:
            lines.append(line)
            line = ""
        line += character
    return [*lines, line]


def wrapped(paragraphs: list[str], width: int, indent: str = "　　") -> list[str]:
    return [line for paragraph in paragraphs for line in wrap(paragraph, width, indent)]


def rejoin(lines: list[str]) -> list[str]:
    return join_lines(lines, wrap_width=find_wrap_width(lines))[0].split("\n")


def test_wrapped_lines_become_the_paragraphs_they_were() -> None:
    paragraphs = [LONG, SHORT, LONG, LONG, SHORT]
    assert find_wrap_width(wrapped(paragraphs, 40)) is not None
    assert rejoin(wrapped(paragraphs, 40)) == paragraphs


def test_articles_and_sections_begin_paragraphs_without_any_indent() -> None:
    paragraphs = ["第一章　总则", f"第一条　{LONG}", f"第二条　{SHORT}", f"（一）{LONG}", f"一、{LONG}", f"1.{LONG}"]
    assert rejoin(wrapped(paragraphs, 40, indent="")) == paragraphs


def test_an_article_named_within_a_sentence_does_not_begin_a_paragraph() -> None:
    # 20 characters fill the first line, so that the second begins with 第三条.
    lines = [
        "违反本办法规定超编制配备公务用车的依照",
        "第三条的规定处理并追究有关责任人员责任",
        "构成犯罪的移送司法机关依法追究刑事责任",
    ]
    assert join_lines(lines, wrap_width=38)[0] == "".join(lines)


def test_title_salutation_and_signature_stay_lines_of_their_own() -> None:
    paragraphs = ["关于做好节假日值班工作的通知", "各科室：", LONG, LONG, LONG, "市政府办公室", "2023年9月25日"]
    assert rejoin(wrapped(paragraphs, 44, indent="")) == paragraphs


def test_lines_that_are_whole_paragraphs_are_never_joined() -> None:
    lines = ["关于值班的通知", LONG, SHORT, "（一）带班领导在岗", LONG + SHORT, "落款单位", "2023年9月25日"]
    assert find_wrap_width(lines) is None
    assert rejoin(lines) == lines


def test_a_sentence_torn_apart_at_links_is_whole_again() -> None:
    lines = [
        "要认真落实《",
        "某市教育发展纲要",
        "》，办好学校。",
        "细颗粒物（PM",
        "2.5",
        "）下降。",
        "严格执行",
        "各项规定。",
    ]
    text = "要认真落实《某市教育发展纲要》，办好学校。\n细颗粒物（PM2.5）下降。\n严格执行\n各项规定。"
    assert join_lines(lines)[0] == text


def test_a_list_of_names_is_not_taken_for_wrapped_text() -> None:
    lines = [f"成　员：张某{number}　市某某局副局长、党组成员" for number in "甲乙丙丁戊己庚辛"]
    assert rejoin(lines) == lines


def test_latin_words_are_joined_with_a_space_and_chinese_with_nothing() -> None:
    text, offsets = join_lines(["使用 open", "source 软件的，应当遵守", "许可"], wrap_width=10)
    assert text == "使用 open source 软件的，应当遵守许可"
    # 使用 open is 7 characters and the space 1, so line 2 begins at 8; line 2 has 15, so line 3 at 23.
    assert offsets == [0, 8, 23]


def test_a_number_broken_after_a_chinese_character_is_joined_without_a_space() -> None:
    assert join_lines(["全年国内生产总值达到二十四万亿元，增长", "11.4%，超过预期"], wrap_width=38)[0].endswith(
        "增长11.4%，超过预期"
    )


def test_the_normal_form_keeps_what_stands_within_a_line() -> None:
    source = "\ufeff　　国　务　院 “令”\u200b\r\n\r\n\x00第１条\t甲 乙\x07　\u2028丙\n"
    assert join_lines(split_lines(source))[0] == "国　务　院 “令”\n第１条\t甲 乙\n丙"


@given(st.text())
def test_text_is_in_normal_form_whatever_comes_in(source: str) -> None:
    lines = split_lines(source)
    for width in (None, find_wrap_width(lines), 20):
        text, offsets = join_lines(lines, wrap_width=width)
        assert text == "" or all(line and line == line.strip() for line in text.split("\n"))
        assert text == "\n".join(text.splitlines())
        assert offsets == sorted(offsets)
        assert visible(text) == visible("".join(lines))


def visible(text: str) -> str:
    return "".join(c for c in text if not c.isspace() and unicodedata.category(c) != "Cf")


@given(st.lists(st.text(alphabet="一二三第条，。、；：“”（）1a. 　", max_size=60), max_size=30), st.integers(4, 80))
def test_joining_neither_loses_nor_adds_a_character(lines: list[str], width: int) -> None:
    text, offsets = join_lines(lines, wrap_width=width)
    assert "".join(text.split()) == "".join("".join(lines).split())
    for line, offset in zip(lines, offsets, strict=True):
        assert text.startswith(line.strip(), offset)


@given(st.lists(st.sampled_from([LONG, SHORT, LONG + SHORT + LONG]), min_size=3, max_size=12), st.integers(17, 40))
def test_wrapping_with_indent_is_undone_at_any_width(paragraphs: list[str], characters: int) -> None:
    # Wrapping shows only where enough lines are full: two paragraphs of 119 characters see to that.
    paragraphs = [LONG + SHORT + LONG, LONG + SHORT + LONG, *paragraphs]
    assert rejoin(wrapped(paragraphs, 2 * characters)) == paragraphs


def test_a_very_long_line_is_handled() -> None:
    line = "1.1" * 100_000
    assert join_lines([line, line, line], wrap_width=40)[0].replace(" ", "").replace("\n", "") == line * 3
