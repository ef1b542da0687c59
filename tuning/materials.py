"""From a recipe's materials to examples with hard negatives, which the product's own hybrid search finds."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from eval.engines import Engines
from eval.retrieval import search_all
from ingest.errors import BadRequest
from tuning.documents import pairs_of_documents
from tuning.negatives import SEARCHED, Example, Nearest, examples
from tuning.pairs import Pair, Pool, Source, read_beir_folder, read_pair_file, read_place_pairs, read_question_pairs

if TYPE_CHECKING:
    from index import Searcher
    from index.encoder import Encoder
    from tuning.recipe import Material

Report = Callable[[str, int, int], None]
FEWEST = 100
"""Pairs without which nothing is learnt."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """Examples with their negatives, and texts of the pools that they are from."""

    examples: tuple[Example, ...]
    texts: tuple[str, ...]


class Gatherer:
    """Reads materials and searches for negatives; what several materials share is read once.

    `encoder` is the one that is tuned, as it is before; vectors and indexes are kept in the folder `cache`.
    """

    def __init__(self, encoder: Encoder, cache: Path, *, seed: int = 0, report: Report | None = None) -> None:
        self._encoder = encoder
        self._cache = cache
        self._seed = seed
        self._report = report
        self._pools: dict[Path, tuple[Pool, Searcher]] = {}

    def gather(self, materials: Sequence[Material]) -> Gathered:
        """The examples of all materials, in order. Raises BadRequest."""
        found: list[Example] = []
        texts: dict[str, None] = {}
        for material in materials:
            source, nearest = self._source(material)
            if not source.pairs:
                raise BadRequest(f"{source.name}: it has no pairs to learn from")
            most = material.most or (_OF_DOCUMENTS if material.documents else 0)
            found.extend(examples(_drawn(source.pairs, most, self._seed), source.records, nearest))
            chance = random.Random(self._seed)
            some = source.records if len(source.records) <= _TEXTS else chance.sample(source.records, _TEXTS)
            texts |= dict.fromkeys(record.in_lines for record in some)
        return Gathered(tuple(found), tuple(texts))

    def _source(self, material: Material) -> tuple[Source, Nearest]:
        if material.beir is not None:
            source = read_beir_folder(material.beir, queries=material.queries, qrels=material.qrels)
            source = replace(source, name=material.name, pairs=_named(source.pairs, material.name))
        elif material.pairs is not None:
            source = read_pair_file(material.pairs)
        else:
            assert material.index is not None
            return self._of_index(material, material.index)
        return source, partial(self._search_records, source)

    def _of_index(self, material: Material, index: Path) -> tuple[Source, Nearest]:
        from index import Searcher

        if index not in self._pools:
            searcher = Searcher.open(index).pinned()
            self._pools[index] = (Pool(searcher.catalogue), searcher)
        pool, searcher = self._pools[index]
        if material.questions is not None:
            pairs = read_question_pairs(material.questions, searcher, pool)
        elif material.places is not None:
            pairs = read_place_pairs(material.places, searcher, pool)
        else:
            pairs = pairs_of_documents(searcher.catalogue, pool)
        return Source(material.name, pool.records, pairs), partial(self._search_index, pool, searcher)

    def _search_index(self, pool: Pool, searcher: Searcher, queries: Sequence[str]) -> Sequence[Sequence[int]]:
        found = []
        for done, query in enumerate(queries):
            if self._report and done % _TOLD_EVERY == 0:
                self._report("searching", done, len(queries))
            found.append([pool.places[number] for number, _ in searcher.ranked(query, SEARCHED)])
        return found

    def _search_records(self, source: Source, queries: Sequence[str]) -> Sequence[Sequence[int]]:
        engines = Engines(source.records, self._cache, lambda: self._encoder, report=self._report)
        asked = {str(place): query for place, query in enumerate(queries)}
        return [[number for number, _ in found.ranking] for found in search_all(engines, asked, ("hybrid",))]


_OF_DOCUMENTS = 400
"""Pairs of a kind that are drawn of those that documents offer, unless the recipe says how many."""
_TOLD_EVERY = 50
_TEXTS = 1000
"""Texts of a pool among which answers are ranked in validation."""


def _named(pairs: Sequence[Pair], origin: str) -> tuple[Pair, ...]:
    return tuple(replace(pair, origin=origin) for pair in pairs)


def _drawn(pairs: Sequence[Pair], most: int, seed: int) -> tuple[Pair, ...]:
    """At most `most` pairs of each origin, in their order and drawn alike in every run; all where it is 0."""
    if not most:
        return tuple(pairs)
    of_origin: dict[str, list[int]] = {}
    for place, pair in enumerate(pairs):
        of_origin.setdefault(pair.origin, []).append(place)
    chosen: set[int] = set()
    for places in of_origin.values():
        chosen.update(random.Random(seed).sample(places, min(most, len(places))))
    return tuple(pair for place, pair in enumerate(pairs) if place in chosen)
