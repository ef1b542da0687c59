"""Search in an open index: by words, by meaning, or by both."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self, get_args

from index.catalogue import Catalogue
from index.fusion import reciprocal_rank_fusion
from index.lexical import WEIGHTS, FieldWeights
from index.model import Filters, Hit
from index.opened import OpenSnapshot, open_live
from index.snapshot import check_encoder, live_name
from ingest.chinese import fold
from ingest.errors import BadRequest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.encoder import Embeddings, Encoder

Mode = Literal["hybrid", "lexical", "dense"]
Ranking = list[tuple[int, float]]
"""Passage numbers and scores, best first."""
DEPTH = 100
"""How many passages of each kind of search are fused, at the least."""
LEXICAL_WEIGHT = 1.0
DENSE_WEIGHT = 1.0
EVERYTHING = Filters()
_SPARE = 32
"""Passages looked at beyond the last one wanted, so that ties there are broken by source and not by chance."""
_CACHED_QUERIES = 512


class Searcher:
    """An open index; its methods may be called from any thread. It stays as it was opened until `refresh`."""

    def __init__(self, directory: Path, encoder: Encoder | Callable[[], Encoder] | None) -> None:
        self._directory = directory
        self._opened = open_live(directory)
        self._encoder = None if encoder is None or callable(encoder) else encoder
        self._load_encoder = encoder if callable(encoder) else _default_encoder
        if self._encoder is not None:
            check_encoder(self._opened.snapshot, self._encoder)
        self._encoding = threading.Lock()
        self._cached_embedding = lru_cache(_CACHED_QUERIES)(self._embed)

    @classmethod
    def open(cls, directory: Path, *, encoder: Encoder | Callable[[], Encoder] | None = None) -> Self:
        """Open the live snapshot of an index; the encoder is loaded at the first search by meaning.

        Raises IndexMissing, IndexMismatch or IndexDamaged, each saying what to do.
        """
        return cls(directory, encoder)

    @property
    def catalogue(self) -> Catalogue:
        """The documents of the index."""
        return self._opened.catalogue

    @property
    def notice(self) -> str:
        """What the user should know of the state of the index; empty where all is well."""
        return self._opened.snapshot.notice

    def refresh(self) -> bool:
        """Turn to the live snapshot if it is not the one that was opened; says whether it did."""
        if live_name(self._directory) == self._opened.live:
            return False
        self._opened = open_live(self._directory)
        return True

    def search(self, query: str, *, k: int = 10, mode: Mode = "hybrid", filters: Filters = EVERYTHING) -> list[Hit]:
        """The `k` passages that fit a query best, best first; ties stand by source and position.

        Raises BadRequest for a query without content, and what loading the encoder raises.
        """
        opened = self._opened
        ranking = self._ranked(opened, query, k, filters, mode)
        passages = opened.catalogue.passages_of([number for number, _ in ranking])
        return [
            Hit(rank, score, passages[number], opened.catalogue.document(passages[number].document_id).info)
            for rank, (number, score) in enumerate(ranking, start=1)
        ]

    def ranked(
        self,
        query: str,
        depth: int,
        *,
        filters: Filters = EVERYTHING,
        mode: Mode = "hybrid",
        field_weights: FieldWeights = WEIGHTS,
        lexical_weight: float = LEXICAL_WEIGHT,
        dense_weight: float = DENSE_WEIGHT,
    ) -> Ranking:
        """The numbers and scores of the `depth` passages that fit a query best, best first."""
        weights = (lexical_weight, dense_weight)
        return self._ranked(self._opened, query, depth, filters, mode, field_weights, weights)

    def embed(self, query: str) -> NDArray[np.float32]:
        """The vector of a query, shape (dimension,); the latest ones are kept. Raises IndexMismatch."""
        return self._cached_embedding(query)

    def vectors_of(self, passage_numbers: Sequence[int]) -> Embeddings:
        """The vectors of passages, shape (len(passage_numbers), dimension). Raises KeyError for an unknown number."""
        vectors = self._opened.vectors
        if vectors is None:
            raise KeyError(*passage_numbers)
        return vectors.of(passage_numbers)

    def term_frequency(self, term: str) -> int:
        """In how many passages a word, abbreviation or phrase occurs (longer than two characters: by its bigrams)."""
        return self._opened.lexical.frequency(term)

    def _ranked(
        self,
        opened: OpenSnapshot,
        query: str,
        depth: int,
        filters: Filters,
        mode: Mode,
        field_weights: FieldWeights = WEIGHTS,
        weights: tuple[float, float] = (LEXICAL_WEIGHT, DENSE_WEIGHT),
    ) -> Ranking:
        if not fold(query):
            raise BadRequest("the query is empty; write what to look for")
        if depth < 1 or mode not in get_args(Mode):
            raise BadRequest(f"k={depth}, mode={mode}: k counts from 1, a mode is one of {', '.join(get_args(Mode))}")
        if mode == "lexical":
            return self._lexical(opened, query, depth, filters, field_weights)
        if mode == "dense":
            return self._dense(opened, query, depth, filters)
        deep = max(depth, DEPTH)
        rankings = (
            self._lexical(opened, query, deep, filters, field_weights),
            self._dense(opened, query, deep, filters),
        )
        fused = reciprocal_rank_fusion([[number for number, _ in each] for each in rankings], weights=weights)
        return _in_order(opened.catalogue, list(fused.items()))[:depth]

    def _lexical(
        self, opened: OpenSnapshot, query: str, depth: int, filters: Filters, weights: FieldWeights
    ) -> Ranking:
        documents = None if filters == EVERYTHING else opened.catalogue.document_numbers(filters)
        found = opened.lexical.search(query, depth + _SPARE, documents=documents, weights=weights)
        return _in_order(opened.catalogue, found)[:depth]

    def _dense(self, opened: OpenSnapshot, query: str, depth: int, filters: Filters) -> Ranking:
        if opened.vectors is None:
            return []
        among = None if filters == EVERYTHING else opened.passages_admitted(filters)
        found = opened.vectors.search(self.embed(query), depth + _SPARE, among=among)
        return _in_order(opened.catalogue, found)[:depth]

    def _embed(self, query: str) -> NDArray[np.float32]:
        printable = "".join(character if character.isprintable() else " " for character in query)
        with self._encoding:
            if self._encoder is None:
                self._encoder = self._load_encoder()
            check_encoder(self._opened.snapshot, self._encoder)
            vector: NDArray[np.float32] = self._encoder.encode_queries([printable])[0]
        vector.setflags(write=False)
        return vector


def _in_order(catalogue: Catalogue, ranking: Ranking) -> Ranking:
    """Best first, ties by source and start."""
    times = Counter(score for _, score in ranking)
    places = catalogue.places_of([number for number, score in ranking if times[score] > 1])
    return sorted(ranking, key=lambda scored: (-scored[1], places.get(scored[0], ("", 0))))


def _default_encoder() -> Encoder:
    from index.encoders import load_encoder

    return load_encoder()
