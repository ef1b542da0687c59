"""Texts in pieces: what of a returned text is gold, and what of a gold quote was returned."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from eval.measures import Stretch, locate

if TYPE_CHECKING:
    from eval.results import JsonObject

Piece = tuple[str, str]
"""A mark, empty for none, and the text that has it."""
Span = tuple[int, int]

GOLD, CITED, FOUND = "gold", "cited", "found"
"""Marks: gold in a returned text; in a gold quote what the answer cites, and what search alone found."""
_CUT = "…"


@dataclass(frozen=True, slots=True)
class GoldStretch:
    """A gold quote and where it stands in its document; `stretch` is None where the index does not hold it."""

    quote: str
    stretch: Stretch | None


def gold_stretch(gold: JsonObject, returned: Iterable[JsonObject]) -> GoldStretch:
    """Where a gold quote stands, by its start and a returned text that holds it.

    A document may break a quote with spaces or lines that the quote has not, so its end is looked up in the texts
    that were returned, and where none holds it whole it is taken to be as long as it is written.
    """
    source, quote, start = gold["source"], gold["quote"], gold["start"]
    if start < 0:
        return GoldStretch(quote, None)
    end = start + len(quote)
    for one in returned:
        if one["source"] == source and one["start"] <= start < one["end"]:
            span = locate(quote, one["text"][start - one["start"] :])
            if span is not None and span[0] == 0:
                end = start + span[1]
                break
    return GoldStretch(quote, Stretch(source, start, end))


def marked_text(returned: JsonObject, gold: Sequence[GoldStretch]) -> list[Piece]:
    """The text of a hit or a citation, what is gold in it marked."""
    spans = [
        (overlap[0] - returned["start"], overlap[1] - returned["start"])
        for one in gold
        if (overlap := _overlap(one.stretch, returned)) is not None
    ]
    return pieces(returned["text"], [(GOLD, span) for span in spans])


def marked_gold(gold: GoldStretch, citations: Iterable[JsonObject], hits: Iterable[JsonObject]) -> list[Piece]:
    """A gold quote, marked where a citation covers it, else where a hit does."""
    marks = [
        (mark, span)
        for mark, returned in ((FOUND, hits), (CITED, citations))
        for one in returned
        if (span := _span_in_quote(gold, one)) is not None
    ]
    return pieces(gold.quote, marks)


def pieces(text: str, marks: Iterable[tuple[str, Span]]) -> list[Piece]:
    """The text cut where marks begin and end; of marks that overlap the later one stands."""
    of_character = [""] * len(text)
    for mark, (start, end) in marks:
        of_character[start:end] = [mark] * (min(end, len(text)) - start)
    cuts = [i for i in range(1, len(text)) if of_character[i] != of_character[i - 1]]
    bounds = [0, *cuts, len(text)]
    return [(of_character[a], text[a:b]) for a, b in pairwise(bounds) if a < b]


def shortened(text: Sequence[Piece], characters: int) -> list[Piece]:
    """At most so many characters of a text, from a little before its first mark, with … where some are left out."""
    length = sum(len(piece) for _, piece in text)
    if length <= characters:
        return list(text)
    first = next((i for i in range(len(text)) if text[i][0]), 0)
    begun = sum(len(piece) for _, piece in text[:first])
    start = max(0, min(begun - characters // 4, length - characters))
    kept = _between(text, start, start + characters)
    before = [("", _CUT)] if start else []
    after = [("", _CUT)] if start + characters < length else []
    return [*before, *kept, *after]


def _between(text: Sequence[Piece], start: int, end: int) -> list[Piece]:
    kept: list[Piece] = []
    position = 0
    for mark, piece in text:
        part = piece[max(0, start - position) : max(0, end - position)]
        position += len(piece)
        if part:
            kept.append((mark, part))
    return kept


def _overlap(stretch: Stretch | None, returned: JsonObject) -> Span | None:
    if stretch is None or stretch.source != returned["source"]:
        return None
    start, end = max(stretch.start, returned["start"]), min(stretch.end, returned["end"])
    return (start, end) if start < end else None


def _span_in_quote(gold: GoldStretch, returned: JsonObject) -> Span | None:
    """What of a quote a returned text covers, its offsets scaled where the document spaces the quote out."""
    overlap = _overlap(gold.stretch, returned)
    if overlap is None or gold.stretch is None:
        return None
    start, scale = gold.stretch.start, len(gold.quote) / (gold.stretch.end - gold.stretch.start)
    span = round((overlap[0] - start) * scale), round((overlap[1] - start) * scale)
    return span if span[0] < span[1] else None
