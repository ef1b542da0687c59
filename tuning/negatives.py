"""Hard negatives: what the product's own search finds for a query and is no answer to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tuning.pairs import Pair

if TYPE_CHECKING:
    from eval.collection import Record

Nearest = Callable[[Sequence[str]], "Sequence[Sequence[int]]"]
"""Queries to the positions of the records that search finds for each, best first."""
PASSED_OVER = 2
"""The first results that are no marked answer are passed over: they are the likeliest to be answers nobody marked."""
SEARCHED = 40
"""Results among which negatives are taken."""
KEPT = 8
"""Negatives kept of each query, of which a step takes some."""
_ALIKE = 75.0
"""A record that shares so much of its words with an answer (Indel similarity, 0 to 100) may well be one."""


@dataclass(frozen=True, slots=True)
class Example:
    """What a step of training is made of: a query, texts that answer it and texts that do not."""

    query: str
    answers: tuple[str, ...]
    negatives: tuple[str, ...]
    origin: str


def examples(pairs: Sequence[Pair], records: Sequence[Record], nearest: Nearest) -> list[Example]:
    """The pairs with their hard negatives, in order; those likely to be answers are left out.

    A result is no negative where it is an answer, or says nearly the same as one, and the first `PASSED_OVER` others
    are passed over. What a query has answered by another pair is its answer here too.
    """
    from rapidfuzz import fuzz

    of_query: dict[str, set[int]] = {}
    for pair in pairs:
        of_query.setdefault(pair.query, set()).update(pair.answers)
    found = nearest([pair.query for pair in pairs])
    made = []
    for pair, results in zip(pairs, found, strict=True):
        answers = of_query[pair.query]
        texts = [records[place].text for place in answers]
        others = [place for place in results if place not in answers][PASSED_OVER:SEARCHED]
        negatives = [
            records[place].in_lines
            for place in others
            if not any(fuzz.ratio(records[place].text, text, score_cutoff=_ALIKE) for text in texts)
        ]
        step = max(1, len(negatives) // KEPT)
        shown = (pair.text,) if pair.text else tuple(records[place].in_lines for place in pair.answers)
        made.append(Example(pair.query, shown, tuple(negatives[::step][:KEPT]), pair.origin))
    return made


def tally(made: Sequence[Example]) -> dict[str, int]:
    """How many examples there are of each origin."""
    counts: dict[str, int] = {}
    for one in made:
        counts[one.origin] = counts.get(one.origin, 0) + 1
    return counts
