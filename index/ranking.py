"""The order of the passages that fit a query: found by words and by meaning, then scored (`index.scoring`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal, get_args

from index.lexical import FieldWeights
from index.model import Filters
from index.query import Query, read_query
from index.scoring import RANKING, RankingWeights, combine, passage_bonus
from ingest.chinese import fold
from ingest.errors import BadRequest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.catalogue import Catalogue
    from index.opened import OpenSnapshot

Mode = Literal["hybrid", "lexical", "dense"]
Ranking = list[tuple[int, float]]
"""Passage numbers and scores, best first."""
Embed = Callable[[str], "NDArray[np.float32]"]
EVERYTHING = Filters()
DEPTH = 200
"""How many passages of each kind of search are combined, at the least."""
FOCUS_DEPTH = 50
"""How many more of each kind are taken from the documents that the query names."""
CONSIDERED = 150
"""How many of the best are scored by what stands in them."""
SPARE = 32
"""Passages looked at beyond the last one wanted, so that ties there are broken by source and not by chance."""


def rank(
    opened: OpenSnapshot,
    text: str,
    depth: int,
    *,
    embed: Embed,
    mode: Mode = "hybrid",
    filters: Filters = EVERYTHING,
    weights: RankingWeights = RANKING,
) -> Ranking:
    """The numbers and scores of the `depth` passages that fit best, best first; ties stand by source and position.

    In the modes `lexical` and `dense` scores are BM25 and cosine as they are; of `weights` only `fields` has a part.
    Raises BadRequest for a query without content.
    """
    if not any(character.isalnum() for character in fold(text)):
        raise BadRequest("the query is empty; write what to look for")
    if depth < 1 or mode not in get_args(Mode):
        raise BadRequest(f"k={depth}, mode={mode}: k counts from 1, a mode is one of {', '.join(get_args(Mode))}")
    if mode == "lexical":
        return _in_order(opened.catalogue, _lexical(opened, text, depth, filters, weights.fields))[:depth]
    if mode == "dense":
        return _in_order(opened.catalogue, _dense(opened, embed(text), depth, filters))[:depth]
    query = read_query(text, opened.names.in_question(text))
    lexical, dense = _found(opened, query, max(depth, DEPTH), embed, filters, weights)
    scores = combine(lexical, dense, query, weights)
    if query.naming.bonuses and weights.documents:
        for number, document_id in opened.catalogue.documents_of(list(scores)).items():
            scores[number] += weights.documents * query.naming.bonuses.get(document_id, 0.0)
    best = _in_order(opened.catalogue, list(scores.items()))[: max(depth, CONSIDERED)]
    return _in_order(opened.catalogue, _scored(opened, best, query, weights))[:depth]


def _found(
    opened: OpenSnapshot,
    query: Query,
    depth: int,
    embed: Embed,
    filters: Filters,
    weights: RankingWeights,
) -> tuple[dict[int, float], dict[int, float]]:
    """The scores of both searches, over all documents admitted and over those the query names."""
    lexical, dense = {}, {}
    if weights.lexical:
        lexical = dict(_lexical(opened, query.text, depth, filters, weights.fields))
    if weights.dense:
        dense = dict(_dense(opened, embed(query.text), depth, filters))
    if query.naming.focus and weights.documents:
        named = Filters(sources=tuple(info.key for info in query.naming.focus))
        if weights.lexical:
            lexical = dict(_lexical(opened, query.text, FOCUS_DEPTH, filters, weights.fields, named)) | lexical
        if weights.dense:
            dense = dict(_dense(opened, embed(query.text), FOCUS_DEPTH, filters, named)) | dense
    return lexical, dense


def _lexical(
    opened: OpenSnapshot,
    text: str,
    depth: int,
    filters: Filters,
    field_weights: FieldWeights,
    named: Filters = EVERYTHING,
) -> Ranking:
    documents = None
    for restriction in {filters, named} - {EVERYTHING}:
        admitted = opened.catalogue.document_numbers(restriction)
        documents = admitted if documents is None else documents & admitted
    return opened.lexical.search(text, depth + SPARE, documents=documents, weights=field_weights)


def _dense(
    opened: OpenSnapshot,
    vector: NDArray[np.float32],
    depth: int,
    filters: Filters,
    named: Filters = EVERYTHING,
) -> Ranking:
    import numpy as np

    if opened.vectors is None:
        return []
    among = None
    for restriction in {filters, named} - {EVERYTHING}:
        admitted = opened.passages_admitted(restriction)
        among = admitted if among is None else np.intersect1d(among, admitted)
    return opened.vectors.search(vector, depth + SPARE, among=among)


def _scored(opened: OpenSnapshot, ranking: Ranking, query: Query, weights: RankingWeights) -> Ranking:
    """The ranking with what each passage itself adds to its score."""
    in_focus = {info.id for info in query.naming.focus} | {info.id for info in query.naming.named}
    passages = opened.catalogue.passages_of([number for number, _ in ranking])
    return [
        (number, score + passage_bonus(passages[number], query, passages[number].document_id in in_focus, weights))
        for number, score in ranking
    ]


def _in_order(catalogue: Catalogue, ranking: Sequence[tuple[int, float]]) -> Ranking:
    """Best first, ties by source and position."""
    times = Counter(score for _, score in ranking)
    places = catalogue.places_of([number for number, score in ranking if times[score] > 1])
    return sorted(ranking, key=lambda scored: (-scored[1], places.get(scored[0], ("", 0))))
