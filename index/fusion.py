"""Weighted reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009)."""

from collections.abc import Sequence

K = 60
"""The constant of the paper: the larger, the less the first ranks stand out."""


def reciprocal_rank_fusion(
    rankings: Sequence[Sequence[int]], *, weights: Sequence[float] | None = None, k: int = K
) -> dict[int, float]:
    """Score each item with the sum over the rankings of weight / (k + rank), ranks counted from 1.

    `weights` has one number for each ranking, 1 each by default; a ranking of weight 0 adds no items.
    Raises ValueError where the numbers of rankings and weights differ.
    """
    scores: dict[int, float] = {}
    for ranking, weight in zip(rankings, weights or [1.0] * len(rankings), strict=True):
        if weight == 0:
            continue
        for rank, item in enumerate(ranking, start=1):
            scores[item] = scores.get(item, 0.0) + weight / (k + rank)
    return scores
