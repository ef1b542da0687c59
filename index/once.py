"""Hits of which copies of one document are told once: the first, with the others named beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from index.copies import elsewhere
from index.filters import admits
from index.model import Elsewhere, Filters, Hit

if TYPE_CHECKING:
    from index.catalogue import Catalogue
    from ingest.model import Passage

SPARE = 3
"""So many times as many passages are ranked as are wanted, where there are copies among the documents."""
COVERED = 0.7
"""The share of a passage that one told already has in another copy, from which on it is not told again."""
_ALIKE = 85.0
"""How like two passages of copies are, 0 to 100, that are the same but for misprints."""


def told_once(catalogue: Catalogue, hits: Iterable[Hit], k: int, filters: Filters) -> list[Hit]:
    """The first `k` hits without those that a better one has in a copy; ranks count anew.

    Copies are named where the filters admit them.
    """
    told: list[Hit] = []
    for hit in hits:
        place = _place_of_same(catalogue, told, hit)
        if place is not None:
            told[place] = _with(told[place], hit)
        elif len(told) < k:
            told.append(replace(hit, rank=len(told) + 1, also_in=_copies(catalogue, hit, filters)))
    return told


def _copies(catalogue: Catalogue, hit: Hit, filters: Filters) -> tuple[Elsewhere, ...]:
    others = [info for info in catalogue.copies.others(hit.document.id) if admits(filters, info)]
    if not others:
        return ()
    document, passage = catalogue.document(hit.document.id), hit.passage
    return tuple(elsewhere(document, passage.start, passage.end, (catalogue.document(info.id) for info in others)))


def _place_of_same(catalogue: Catalogue, told: list[Hit], hit: Hit) -> int | None:
    """Which of the hits told says the same in a copy."""
    for place, other in enumerate(told):
        if catalogue.copies.are_copies(other.document.id, hit.document.id) and other.document.id != hit.document.id:
            there = next((one for one in other.also_in if one.document.id == hit.document.id), None)
            if there is not None and _covered(hit.passage, there.start, there.end) >= COVERED:
                return place
            if there is None and _are_alike(other.passage, hit.passage):
                return place
    return None


def _covered(passage: Passage, start: int, end: int) -> float:
    return max(0, min(passage.end, end) - max(passage.start, start)) / max(1, passage.end - passage.start)


def _are_alike(one: Passage, other: Passage) -> bool:
    from rapidfuzz.fuzz import ratio

    return ratio(one.text, other.text, score_cutoff=_ALIKE) > 0


def _with(told: Hit, hit: Hit) -> Hit:
    """A hit that names the place of another one too, unless it does."""
    if any(one.document.id == hit.document.id for one in told.also_in):
        return told
    here = Elsewhere(hit.document, hit.passage.start, hit.passage.end, hit.passage.page)
    return replace(told, also_in=(*told.also_in, here))
