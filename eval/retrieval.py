"""The systems compared over a collection of records: the product's ways of searching, and plain ones beside them.

A record is a passage of no document, so that what a query says of documents has no part here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar, cast

from eval.baselines import Bm25, Ranking
from index.naming import Names
from index.query import Query, read_query
from index.ranking import CONSIDERED, DEPTH, SPARE
from index.scoring import combine, passage_bonus, reciprocal_rank_fusion
from ingest.errors import BadRequest
from ingest.model import Passage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from eval.engines import Engines
    from index.vectors import Vectors

RESULTS = 100
"""Results that every system gives, at the most."""
PLAIN_DEPTH = 1000
"""Results of each search that plain reciprocal rank fusion combines."""
_NO_DOCUMENTS = Names(())

Value = TypeVar("Value")


class Asked:
    """A query put to the systems. What several of them need is done once, and its time counts for each of them."""

    def __init__(self, engines: Engines, text: str) -> None:
        self.engines = engines
        self.text = text
        self._done: dict[Hashable, tuple[object, float]] = {}
        self._seconds_saved = 0.0

    def timed(self, work: Callable[[Asked], Value]) -> tuple[Value, float]:
        """What `work` gives, and the seconds that it would take if nothing had been done before."""
        saved, begun = self._seconds_saved, time.perf_counter()
        value = work(self)
        return value, time.perf_counter() - begun + self._seconds_saved - saved

    def lexical(self) -> Ranking:
        """The product's search by words."""
        return self._once("lexical", lambda asked: asked._search_lexical())

    def nearest(self, vectors: Vectors, depth: int = DEPTH) -> Ranking:
        """The records nearest in meaning, from text to ranking."""
        return self._once((id(vectors), depth), lambda asked: vectors.search(asked._embed(), depth + SPARE))

    def terms(self, index: Bm25) -> Ranking:
        """Plain BM25."""
        return self._once(id(index), lambda asked: index.search(asked.text, PLAIN_DEPTH))

    def query(self) -> Query:
        """The query and what it says of the records wanted."""
        return self._once("query", lambda asked: read_query(asked.text, _NO_DOCUMENTS.in_question(asked.text)))

    def fused(self) -> Ranking:
        """Both searches of the product combined, each unless it counts nothing; in order."""
        weights = self.engines.setup.method.weights
        lexical = dict(self.lexical()) if weights.lexical else {}
        dense = dict(self.nearest(self.engines.vectors)) if weights.dense else {}
        return _in_order(combine(lexical, dense, self.query(), weights).items())

    def _once(self, name: Hashable, work: Callable[[Asked], Value]) -> Value:
        if name not in self._done:
            self._done[name] = self.timed(work)
            return cast(Value, self._done[name][0])
        value, seconds = self._done[name]
        self._seconds_saved += seconds
        return cast(Value, value)

    def _search_lexical(self) -> Ranking:
        fields = self.engines.setup.method.weights.fields
        return self.engines.lexical.search(self.text, DEPTH + SPARE, weights=fields)

    def _embed(self) -> NDArray[np.float32]:
        printable = "".join(character if character.isprintable() else " " for character in self.text)
        # Alone, so that its vector does not depend on what it is embedded with.
        return self._once("vector", lambda asked: asked.engines.encoder.encode_queries([printable])[0])


def _lexical(asked: Asked) -> Ranking:
    return _in_order(asked.lexical())


def _dense(asked: Asked) -> Ranking:
    return _in_order(asked.nearest(asked.engines.vectors))


def _cues(asked: Asked) -> Ranking:
    query, weights = asked.query(), asked.engines.setup.method.weights
    return _in_order(
        (number, score + passage_bonus(_passage(asked.engines, number), query, False, weights))
        for number, score in asked.fused()[:CONSIDERED]
    )


def _encoder(asked: Asked) -> Ranking:
    return _in_order(asked.nearest(asked.engines.plain_vectors))


def _rrf(asked: Asked) -> Ranking:
    nearest = _in_order(asked.nearest(asked.engines.plain_vectors, PLAIN_DEPTH))[:PLAIN_DEPTH]
    searches = (asked.terms(asked.engines.words), nearest)
    return _in_order(reciprocal_rank_fusion([([number for number, _ in ranking], 1.0) for ranking in searches]).items())


SYSTEMS: dict[str, Callable[[Asked], Ranking]] = {
    "lexical": _lexical,
    "dense": _dense,
    "hybrid": lambda asked: asked.fused(),
    "cues": _cues,
    "bm25-words": lambda asked: asked.terms(asked.engines.words),
    "bm25-bigrams": lambda asked: asked.terms(asked.engines.bigrams),
    "encoder": _encoder,
    "rrf": _rrf,
}
"""Every system by name: the product's search by words, by meaning, by both, and by both with what speaks for each
record itself; plain BM25 over words and over bigrams, the encoder alone, and reciprocal rank fusion of the first and
the last of these."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a system found for a query: record numbers and scores, best first, and how long it took."""

    system: str
    query: str
    ranking: Ranking
    milliseconds: float


def search_all(engines: Engines, queries: Mapping[str, str], systems: Sequence[str]) -> Iterator[Found]:
    """Put each query to each system, one at a time, query by query; times are those of the whole way from its text.

    Nothing is carried over from query to query. Raises BadRequest for a system that there is not.
    """
    for name in systems:
        if name not in SYSTEMS:
            raise BadRequest(f"no system is called {name!r}; there are {', '.join(SYSTEMS)}")
    warm_up = Asked(engines, next(iter(queries.values()), ""))
    for name in systems:
        SYSTEMS[name](warm_up)  # what is loaded at the first query is not the query's time
    for query, text in queries.items():
        asked = Asked(engines, text)
        for name in systems:
            ranking, seconds = asked.timed(SYSTEMS[name])
            yield Found(name, query, ranking[:RESULTS], 1000 * seconds)


def _passage(engines: Engines, number: int) -> Passage:
    record = engines.records[number]
    return Passage(record.id, 0, len(record.text), record.text)


def _in_order(ranking: Iterable[tuple[int, float]]) -> Ranking:
    """Best first, ties by number, that is by record id."""
    return sorted(ranking, key=lambda scored: (-scored[1], scored[0]))
