"""How good an encoder is at queries it was not trained on: nDCG@10 over a pool of candidates, origin by origin."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tuning.negatives import Example

Embed = Callable[[Sequence[str]], "NDArray[np.float32]"]
DEPTH = 10
_SHARE = 0.1
_MOST = 60
"""Queries of an origin that are set aside, at the most."""
_CANDIDATES = 2500


@dataclass(frozen=True, slots=True)
class Part:
    """Queries set aside, with the candidates that their answers are ranked among."""

    examples: tuple[Example, ...]
    candidates: tuple[str, ...]

    def measure(self, embed_queries: Embed, embed_passages: Embed) -> Measured:
        """nDCG@10 of every query, with the mean of each origin and of all."""
        places = {text: place for place, text in enumerate(self.candidates)}
        queries = embed_queries([one.query for one in self.examples])
        cosines = queries @ embed_passages(self.candidates).T
        of_origin: dict[str, list[float]] = {}
        for one, row in zip(self.examples, cosines, strict=True):
            answers = {places[text] for text in one.answers}
            of_origin.setdefault(one.origin, []).append(ndcg(np.argsort(-row, kind="stable")[:DEPTH].tolist(), answers))
        return Measured(of_origin)


@dataclass(frozen=True, slots=True)
class Measured:
    """nDCG@10 of every query by origin."""

    of_origin: Mapping[str, Sequence[float]]

    @property
    def mean(self) -> float:
        """The mean over the origins, each counted alike: many pairs of one kind do not decide alone."""
        return float(np.mean([np.mean(values) for values in self.of_origin.values()])) if self.of_origin else 0.0

    def means(self) -> dict[str, float]:
        """The mean of each origin."""
        return {origin: float(np.mean(values)) for origin, values in self.of_origin.items()}


def ndcg(ranking: Sequence[int], answers: set[int]) -> float:
    """nDCG of a ranking cut at `DEPTH`, every answer worth the same (Järvelin and Kekäläinen 2002)."""
    gained = sum(1 / log2(place + 2) for place, one in enumerate(ranking[:DEPTH]) if one in answers)
    return gained / sum(1 / log2(place + 2) for place in range(min(DEPTH, len(answers))))


def set_aside(examples: Sequence[Example], *, seed: int = 0) -> tuple[list[Example], list[Example]]:
    """Examples to train on and to validate with: a tenth of each origin, and never a query or answer in both."""
    chance = random.Random(seed)
    of_origin: dict[str, dict[str, list[Example]]] = {}
    for one in examples:
        of_origin.setdefault(one.origin, {}).setdefault(one.query, []).append(one)
    apart: set[str] = set()
    for queries in of_origin.values():
        names = sorted(queries)
        apart.update(chance.sample(names, min(_MOST, int(_SHARE * len(names)))))
    held = [one for one in examples if one.query in apart]
    answered = {text for one in held for text in one.answers}
    return [one for one in examples if one.query not in apart and not answered.intersection(one.answers)], held


def part_of(held: Sequence[Example], others: Sequence[str], *, seed: int = 0) -> Part:
    """Queries set aside, with their answers, negatives and as many other texts as make up the candidates."""
    texts = dict.fromkeys(text for one in held for text in (*one.answers, *one.negatives))
    spare = sorted(set(others) - texts.keys())
    more = max(0, min(_CANDIDATES - len(texts), len(spare)))
    texts |= dict.fromkeys(random.Random(seed).sample(spare, more))
    return Part(tuple(held), tuple(texts))
