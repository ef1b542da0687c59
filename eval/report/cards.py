"""The questions of a run as the page shows them, as JSON for its script, cut so that the file stays small."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from eval.measures import item_scores
from eval.report.marks import Piece, gold_stretch, marked_gold, marked_text, shortened

if TYPE_CHECKING:
    from eval.results import JsonObject

LIMIT = 4_000_000
"""Bytes that the questions may take; what is left of 5 MB is for the rest of the page."""
_ANSWER = 4
"""An answer may be so many times as long as one of its quotations."""
_AS_ESCAPES = str.maketrans({one: f"\\u{ord(one):04x}" for one in "<>&\u2028\u2029"})


@dataclass(frozen=True, slots=True)
class Cut:
    """How many passages of a search are shown, and how many characters of each text."""

    hits: int
    characters: int


CUTS = (Cut(10, 2000), Cut(10, 300), Cut(10, 160), Cut(5, 160), Cut(5, 80), Cut(3, 60))
"""From all that a run keeps to the least that is of use; the first that stays within LIMIT is taken."""


def cards_json(run: JsonObject, limit: int = LIMIT) -> tuple[str, Cut]:
    """The questions as JSON that is safe inside a script element, and how much of their texts it has.

    Where even the last of `CUTS` takes more than `limit` bytes, it is taken all the same.
    """
    for cut in CUTS:
        written = _written(run["questions"], cut)
        if len(written.encode("utf-8", "backslashreplace")) <= limit:
            break
    return written, cut


def _written(questions: Sequence[JsonObject], cut: Cut) -> str:
    texts, sources = _Numbered(), _Numbered()
    cards = [_card(one, cut, texts, sources) for one in questions]
    whole = {"texts": texts.values, "sources": sources.values, "questions": cards}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).translate(_AS_ESCAPES)


@dataclass(slots=True)
class _Numbered:
    """Values, each kept once: the same passages come back for many questions."""

    values: list[Any] = field(default_factory=list)
    _numbers: dict[Any, int] = field(default_factory=dict)

    def number(self, value: tuple[Any, ...]) -> int:
        if value not in self._numbers:
            self._numbers[value] = len(self.values)
            self.values.append(value)
        return self._numbers[value]


def _card(one: JsonObject, cut: Cut, texts: _Numbered, sources: _Numbered) -> JsonObject:
    citations, hits = one["citations"], one["hits"]
    gold = [gold_stretch(quote, [*citations, *hits]) for quote in one["gold"]]

    def excerpt(returned: JsonObject) -> JsonObject:
        text = shortened(marked_text(returned, gold), cut.characters)
        return {
            "source": sources.number((returned["source"], returned["title"])),
            "start": returned["start"],
            "end": returned["end"],
            "text": texts.number(tuple(text)),
        }

    recall = one["recall"]
    wanted, given = _items(one)
    return {
        **{key: one[key] for key in _AS_THEY_ARE},
        "answer": shortened([("", one["answer"])], _ANSWER * cut.characters),
        "recall": [recall[0], recall[4], recall[9]] if recall else None,
        "gold": [
            {
                "source": quote["source"],
                "held": quote["start"] >= 0,
                "found": quote["found"],
                "cited": quote["cited"],
                "text": marked_gold(stretch, citations, hits),
            }
            for quote, stretch in zip(one["gold"], gold, strict=True)
        ],
        "wanted": wanted,
        "items": given,
        "citations": [excerpt(citation) for citation in citations],
        "hits": [{**excerpt(hit), "score": round(hit["score"], 3)} for hit in hits[: cut.hits]],
    }


_AS_THEY_ARE = (
    "id", "question", "lang", "type", "answerable", "document_kind", "kind", "confidence", "verdict",
    "milliseconds", "reciprocal_rank", "answer_evidence", "item_recall", "item_precision",
)  # fmt: skip


def _items(one: JsonObject) -> tuple[list[Piece], list[Piece]]:
    """The members wanted and the members given, each with what became of it, and with nothing where none are judged."""
    wanted, given = one["items_wanted"], one["items"]
    if one["item_recall"] is None:
        return [("", item) for item in wanted], [("", item) for item in given]
    return (
        [("given" if item_scores([item], given)[0] else "missing", item) for item in wanted],
        [("wanted" if item_scores(wanted, [item])[1] else "extra", item) for item in given],
    )
