from typing import Any

import pytest

from eval.measures import Stretch
from eval.report.marks import GoldStretch, gold_stretch, marked_gold, marked_text, pieces, shortened


def returned(start: int, text: str, source: str = "甲.txt") -> dict[str, Any]:
    return {"source": source, "title": "", "start": start, "end": start + len(text), "text": text, "score": 0.0}


def gold(quote: str, start: int, source: str = "甲.txt") -> dict[str, Any]:
    return {"source": source, "quote": quote, "start": start}


def test_a_quote_is_as_long_as_the_returned_text_has_it() -> None:
    # The document breaks the quote of four characters with a space, so it takes five: 12 to 17.
    assert gold_stretch(gold("应当公开", 12), [returned(10, "机关应当 公开。")]).stretch == Stretch("甲.txt", 12, 17)
    assert gold_stretch(gold("应当公开", 12), [returned(10, "别处", "乙.txt")]).stretch == Stretch("甲.txt", 12, 16)
    assert gold_stretch(gold("应当公开", -1), [returned(0, "应当公开")]).stretch is None


def test_what_is_gold_is_marked_in_a_returned_text() -> None:
    one = GoldStretch("应当公开", Stretch("甲.txt", 12, 16))
    assert marked_text(returned(10, "机关应当公开。"), [one]) == [("", "机关"), ("gold", "应当公开"), ("", "。")]
    # A passage that begins inside the quote has its end only.
    assert marked_text(returned(14, "公开。"), [one]) == [("gold", "公开"), ("", "。")]
    assert marked_text(returned(10, "机关应当公开。", "乙.txt"), [one]) == [("", "机关应当公开。")]


def test_a_quote_shows_what_was_cited_and_what_was_only_found() -> None:
    one = GoldStretch("应当公开", Stretch("甲.txt", 12, 16))
    # The passage holds all four characters, the citation the first two.
    hits, citations = [returned(10, "机关应当公开。")], [returned(10, "机关应当")]
    assert marked_gold(one, citations, hits) == [("cited", "应当"), ("found", "公开")]
    assert marked_gold(one, [], []) == [("", "应当公开")]
    assert marked_gold(GoldStretch("应当公开", None), citations, hits) == [("", "应当公开")]


def test_marks_are_scaled_where_the_document_spaces_the_quote_out() -> None:
    # Four characters of quote over eight of document; the citation holds the first four of those: two of the quote.
    one = GoldStretch("应当公开", Stretch("甲.txt", 0, 8))
    assert marked_gold(one, [returned(0, "应 当 ")], []) == [("cited", "应当"), ("", "公开")]


def test_of_marks_that_overlap_the_later_stands() -> None:
    assert pieces("甲乙丙丁", [("a", (0, 3)), ("b", (2, 9))]) == [("a", "甲乙"), ("b", "丙丁")]
    assert pieces("", []) == []


@pytest.mark.parametrize(
    ("characters", "expected"),
    [
        (8, [("", "一二三四"), ("gold", "五六"), ("", "七八")]),
        # From a quarter of four characters before the mark: 四五六七.
        (4, [("", "…"), ("", "四"), ("gold", "五六"), ("", "七"), ("", "…")]),
        (2, [("", "…"), ("gold", "五六"), ("", "…")]),
    ],
)
def test_a_text_is_cut_around_its_first_mark(characters: int, expected: list[tuple[str, str]]) -> None:
    assert shortened([("", "一二三四"), ("gold", "五六"), ("", "七八")], characters) == expected


def test_a_text_without_marks_is_cut_at_its_end() -> None:
    assert shortened([("", "一二三四")], 2) == [("", "一二"), ("", "…")]
