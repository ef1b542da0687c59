from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.chinese import fold, fold_with_offsets, parse_number, sentence_at, sentences


@pytest.mark.parametrize(
    ("numeral", "number"),
    [
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("一百三十三", 133),
        ("二〇二一", 2021),
        ("二００八", 2008),
        ("１５", 15),
        ("两", 2),
        ("三万五千", 35000),
        ("", None),
        ("甲", None),
    ],
)
def test_numerals_mean_numbers(numeral: str, number: int | None) -> None:
    assert parse_number(numeral) == number


def test_folding_makes_widths_quotes_and_brackets_alike() -> None:
    assert fold("国办发〔２０１８〕128号　“五个更”") == '国办发[2018]128号"五个更"'


@given(st.text())
def test_every_folded_character_has_the_offset_it_came_from(text: str) -> None:
    folded, offsets = fold_with_offsets(text)
    assert folded == fold(text)
    assert len(folded) == len(offsets)
    assert offsets == sorted(offsets)
    assert all(0 <= offset < len(text) for offset in offsets)


def test_a_closing_quotation_mark_belongs_to_its_sentence() -> None:
    text = "他说：“要抓落实。”大家赞成！\n会议结束"
    assert [text[a:b] for a, b in sentences(text)] == ["他说：“要抓落实。”", "大家赞成！", "会议结束"]


def test_semicolons_divide_only_clauses() -> None:
    text = "一是学；二是做。"
    assert [text[a:b] for a, b in sentences(text)] == ["一是学；二是做。"]
    assert [text[a:b] for a, b in sentences(text, clauses=True)] == ["一是学；", "二是做。"]


@given(st.text(alphabet="字句。！；”\n ", max_size=60))
def test_sentences_cover_all_but_line_ends(text: str) -> None:
    spans = list(sentences(text))
    assert "".join(text[a:b] for a, b in spans) == text.replace("\n", "")
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


def test_the_sentence_around_a_character() -> None:
    text = "一句。二句！\n三句"
    # 3 is 二, 4 is 句, 7 is 三; the line end at 6 belongs to no sentence and gives the whole line.
    assert [text[slice(*sentence_at(text, offset))] for offset in (0, 4, 7)] == ["一句。", "二句！", "三句"]
