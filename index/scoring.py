"""What a passage scores: by words and by meaning, and by what the query says of documents and passages.

Scores of both searches are brought to the range 0 to 1 and summed with weights: the convex combination of
Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval" (ACM TOIS 2023). To it is added what
the query says of documents and passages. All numbers were set on development questions over a corpus of official
documents; `docs/decisions/0002-fusion.md` has the figures.
"""

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from index.lexical import WEIGHTS, FieldWeights
from index.query import Query
from ingest.chinese import fold, parse_number
from ingest.model import Passage

Fusion = Literal["convex", "reciprocal ranks"]


@dataclass(frozen=True, slots=True)
class RankingWeights:
    """What each part of the ranking counts; 0 turns a part off."""

    fields: FieldWeights = WEIGHTS
    fusion: Fusion = "convex"
    lexical: float = 0.45
    dense: float = 0.55
    lexical_foreign: float = 0.1
    """The weight of words for a query that is hardly Chinese."""
    documents: float = 1.0
    """What the query says of documents (`index.naming`)."""
    phrase: float = 0.25
    """The passage contains what stands in quotation marks."""
    article: float = 1.0
    """The passage is of the article asked for, in a document named."""
    list: float = 0.1
    """A list is wanted and the passage holds members of one."""
    figures: float = 0.1
    """Figures are wanted and the passage holds some."""
    scrap: float = 0.3
    """Taken from a passage of few words, such as a title standing alone."""
    notice: float = 0.5
    """Taken from a notice that the publisher of a web page adds to the document."""


RANKING = RankingWeights()
_FULL_PASSAGE = 30
"""Chinese characters from which on a passage is no scrap."""
_MEMBERS, _FIGURES = 4, 3
"""As many members or figures in a passage speak for it fully, fewer in proportion."""
_MEMBER = re.compile(
    r"[（(][一二三四五六七八九十\d]+[）)]|[一二三四五六七八九十]是|第[一二三四五六七八九十]+[，、]|^\d+[.．、]|^[—―]{2}",
    re.MULTILINE,
)
_FIGURE = re.compile(r"[0-9０-９]+|百分之|[一二三四五六七八九十]+[万亿年个日天月元]")
_NOTICE = re.compile(r"公有领域|维基文库|社群共识|public domain", re.IGNORECASE)
_CHINESE = re.compile(r"[一-鿿]")
_RANK_CONSTANT = 60
_ARTICLE_LABEL = re.compile(r"第([^条]+)条")

Item = TypeVar("Item", bound=Hashable)
Scores = Mapping[int, float]
"""Passage number to score."""


def combine(lexical: Scores, dense: Scores, query: Query, weights: RankingWeights = RANKING) -> dict[int, float]:
    """The weighted sum of both scores for every passage that either search found.

    In a convex fusion lexical scores are divided by the best, and cosines are spread over 0 to 1 between the worst and
    the best found; with reciprocal ranks the first of each search scores 1.
    """
    of_words = weights.lexical
    if query.is_foreign:
        of_words = min(of_words, weights.lexical_foreign)
    if weights.fusion == "reciprocal ranks":
        fused = reciprocal_rank_fusion([(_ranked(lexical), of_words), (_ranked(dense), weights.dense)])
        return {number: (_RANK_CONSTANT + 1) * score for number, score in fused.items()}
    best = max(lexical.values(), default=0.0) or 1.0
    scores = {number: of_words * score / best for number, score in lexical.items()}
    high, low = max(dense.values(), default=0.0), min(dense.values(), default=0.0)
    for number, cosine in dense.items():
        share = (cosine - low) / (high - low) if high > low else 1.0
        scores[number] = scores.get(number, 0.0) + weights.dense * share
    return scores


def reciprocal_rank_fusion(
    rankings: Iterable[tuple[Sequence[Item], float]], *, constant: int = _RANK_CONSTANT
) -> dict[Item, float]:
    """The sum over rankings, each best first with its weight, of weight / (constant + rank), ranks from 1.

    Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and Individual Rank Learning Methods"
    (SIGIR 2009), whose constant is 60.
    """
    scores: dict[Item, float] = {}
    for ranking, weight in rankings:
        for rank, item in enumerate(ranking, start=1):
            scores[item] = scores.get(item, 0.0) + weight / (constant + rank)
    return scores


def _ranked(scores: Scores) -> list[int]:
    return sorted(scores, key=lambda number: (-scores[number], number))


def passage_bonus(passage: Passage, query: Query, in_focus: bool, weights: RankingWeights = RANKING) -> float:
    """What the passage itself adds to its score; `in_focus` says that it is of a document the query names."""
    bonus = 0.0
    if query.phrases:
        folded = fold(passage.text)
        bonus += weights.phrase * sum(phrase in folded for phrase in query.phrases) / len(query.phrases)
    if query.article is not None and in_focus and query.article == _article_of(passage.path):
        bonus += weights.article
    if query.wants_list:
        bonus += weights.list * min(len(_MEMBER.findall(passage.text)), _MEMBERS) / _MEMBERS
    if query.wants_figures:
        bonus += weights.figures * min(len(_FIGURE.findall(passage.text)), _FIGURES) / _FIGURES
    bonus -= weights.scrap * max(0.0, 1 - len(_CHINESE.findall(passage.text)) / _FULL_PASSAGE)
    return bonus - (weights.notice if _NOTICE.search(passage.text) else 0.0)


def _article_of(path: Sequence[str]) -> int | None:
    labels = [match for part in path if (match := _ARTICLE_LABEL.match(part))]
    return parse_number(labels[-1][1].strip()) if labels else None
