"""Search in an open index: by words, by meaning, or by both."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Self

from index.background import Background
from index.catalogue import Catalogue
from index.loading import loaded_once
from index.model import Filters, Hit
from index.naming import Names
from index.once import SPARE, told_once
from index.opened import open_live
from index.ranking import EVERYTHING, Mode, Ranking, rank
from index.scoring import RANKING, RankingWeights
from index.snapshot import check_encoder, live_name

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.encoder import Embeddings, Encoder
    from index.vectors import Vectors

_CACHED_QUERIES = 512


class Searcher:
    """An open index; its methods may be called from any thread. It stays as it was opened until `refresh`."""

    def __init__(self, directory: Path, encoder: Encoder | Callable[[], Encoder] | None) -> None:
        self._directory = directory
        self._opened = open_live(directory)
        if encoder is not None and not callable(encoder):
            check_encoder(self._opened.snapshot, encoder)
        self._load_encoder = loaded_once(encoder, self._opened.snapshot.manifest.model)
        self._cached_embedding = lru_cache(_CACHED_QUERIES)(self._embed)
        self._background = lru_cache(1)(lambda: Background(self._loaded_encoder().encode_passages))

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
    def names(self) -> Names:
        """The documents' names, to be recognised in questions."""
        return self._opened.names

    @property
    def encoder_name(self) -> str:
        """Name and fingerprint of the encoder that the index was made with."""
        return self._opened.snapshot.manifest.encoder

    @property
    def model(self) -> str:
        """The name or folder that this encoder is loaded by; empty for the default one."""
        return self._opened.snapshot.manifest.model

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

    def pinned(self) -> Self:
        """This searcher as it is now, which a later `refresh` does not reach; the encoder and its cache are shared."""
        return copy.copy(self)

    def with_vectors(self, vectors: Vectors) -> Self:
        """This searcher as it is now, searching by meaning in other vectors of its passages, under their numbers."""
        other = self.pinned()
        other._opened = self._opened.with_vectors(vectors)
        return other

    def search(
        self,
        query: str,
        *,
        k: int = 10,
        mode: Mode = "hybrid",
        filters: Filters = EVERYTHING,
        weights: RankingWeights = RANKING,
    ) -> list[Hit]:
        """The `k` passages that fit a query best, best first; ties stand by source and position.

        What copies of one document say alike is one hit, that of the copy that fits best (`index.once`).
        Raises BadRequest for a query without content, and what loading the encoder raises.
        """
        opened = self._opened
        catalogue = opened.catalogue
        depth = SPARE * k if catalogue.copies else k
        ranking = rank(opened, query, depth, embed=self.embed, mode=mode, filters=filters, weights=weights)
        passages = catalogue.passages_of([number for number, _ in ranking])
        hits = [
            Hit(position, score, passages[number], catalogue.document(passages[number].document_id).info)
            for position, (number, score) in enumerate(ranking, start=1)
        ]
        return told_once(catalogue, hits, k, filters) if catalogue.copies else hits

    def ranked(
        self,
        query: str,
        depth: int,
        *,
        mode: Mode = "hybrid",
        filters: Filters = EVERYTHING,
        weights: RankingWeights = RANKING,
    ) -> Ranking:
        """The numbers and scores of the `depth` passages that fit a query best (`index.ranking.rank`)."""
        return rank(
            self._opened,
            query,
            depth,
            embed=self.embed,
            mode=mode,
            filters=filters,
            weights=weights,
        )

    def embed(self, query: str) -> NDArray[np.float32]:
        """The vector of a query, shape (dimension,); the latest ones are kept. Raises IndexMismatch."""
        return self._cached_embedding(query)

    def vectors_of(self, passage_numbers: Sequence[int]) -> Embeddings:
        """The vectors of passages, shape (len(passage_numbers), dimension). Raises KeyError for an unknown number."""
        vectors = self._opened.vectors
        if vectors is None:
            raise KeyError(*passage_numbers)
        return vectors.of(passage_numbers)

    def likeness(self, query: str, texts: Sequence[str]) -> list[float]:
        """How like a query some texts are, sentences perhaps, one number for each (`index.background`)."""
        return self._likeness(query, self._loaded_encoder().encode_passages(texts)) if texts else []

    def likeness_of_passages(self, query: str, places: Sequence[tuple[str, int]]) -> list[float]:
        """The same of the passages that hold the characters at some places (document id, offset)."""
        numbers = [self.catalogue.number_of_passage_at(document_id, offset) for document_id, offset in places]
        if None in numbers:
            raise KeyError(places[numbers.index(None)])
        return self._likeness(query, self.vectors_of([number for number in numbers if number is not None]))

    def term_frequency(self, term: str) -> int:
        """In how many passages a word, abbreviation or phrase occurs (longer than two characters: by its bigrams)."""
        return self._opened.lexical.frequency(term)

    def _likeness(self, query: str, vectors: Embeddings) -> list[float]:
        vector = self.embed(query)
        return [float(one) for one in self._background().standardised(vector, vectors @ vector)]

    def _embed(self, query: str) -> NDArray[np.float32]:
        printable = "".join(character if character.isprintable() else " " for character in query)
        vector: NDArray[np.float32] = self._loaded_encoder().encode_queries([printable])[0]
        vector.setflags(write=False)
        return vector

    def _loaded_encoder(self) -> Encoder:
        encoder = self._load_encoder()
        check_encoder(self._opened.snapshot, encoder)
        return encoder
