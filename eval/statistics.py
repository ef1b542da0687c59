"""How sure a measure is, and whether two runs differ: over the questions, by resampling.

Every measure is a ratio of two sums over questions: of a mean the weights are 1, of a precision they are the answers
given. So one bootstrap and one test serve all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

CONFIDENCE = 0.95
RESAMPLES = 2000
SWAPS = 9999
"""Random assignments of a test, beside the one observed: the smallest p-value is 1 / (SWAPS + 1)."""
_SEED = 20180128
_AT_ONCE = 500
"""Resamples drawn at a time, so that memory stays flat for large sets."""


def ratio(numerators: ArrayLike, weights: ArrayLike) -> float | None:
    """The sum of the numerators over the sum of the weights, None where the weights are all 0."""
    import numpy as np

    total = float(np.sum(np.asarray(weights, float)))
    return float(np.sum(np.asarray(numerators, float))) / total if total else None


def interval(numerators: ArrayLike, weights: ArrayLike) -> tuple[float, float] | None:
    """The 95 % percentile bootstrap interval of a ratio of sums, None where the weights are all 0.

    Both are of shape (n,), one entry a question. Questions are drawn with replacement; draws whose weights are all 0
    say nothing and are left out. Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13.
    The same input always gives the same interval.
    """
    ratios = _drawn_ratios(numerators, weights)
    return _middle(ratios) if ratios is not None else None


def difference_interval(
    one: tuple[ArrayLike, ArrayLike], other: tuple[ArrayLike, ArrayLike]
) -> tuple[float, float] | None:
    """The interval of the other run's ratio less the one's, the same questions drawn for both; else as `interval`."""
    first, second = _drawn_ratios(*one), _drawn_ratios(*other)
    return _middle(second - first) if first is not None and second is not None else None


def _drawn_ratios(numerators: ArrayLike, weights: ArrayLike) -> NDArray[np.float64] | None:
    """The ratio of each resample, not a number where its weights are all 0; None where all weights are."""
    import numpy as np

    over, under = np.asarray(numerators, float), np.asarray(weights, float)
    if not under.sum():
        return None
    # Seeded anew each time: runs over the same questions are drawn alike.
    random = np.random.default_rng(_SEED)
    ratios: list[NDArray[np.float64]] = []
    for _ in range(0, RESAMPLES, _AT_ONCE):
        chosen = random.integers(0, len(over), (_AT_ONCE, len(over)))
        sums = under[chosen].sum(axis=1)
        ratios.append(np.divide(over[chosen].sum(axis=1), sums, out=np.full(_AT_ONCE, np.nan), where=sums > 0))
    return np.concatenate(ratios)


def _middle(ratios: NDArray[np.float64]) -> tuple[float, float]:
    import numpy as np

    low, high = np.nanquantile(ratios, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return float(low), float(high)


def p_value(one: tuple[ArrayLike, ArrayLike], other: tuple[ArrayLike, ArrayLike]) -> float:
    """How probable a difference as large as the one seen is if the two runs are alike: two-sided, 0 to 1.

    Each run is (numerators, weights) over the same questions in the same order. Paired randomisation test: for every
    question the two runs may change places. Smucker, Allan and Carterette, "A Comparison of Statistical Significance
    Tests for Information Retrieval Evaluation" (CIKM 2007). The same input always gives the same value.
    """
    import numpy as np

    a, b = (np.asarray(pair, float) for pair in (one, other))
    seen = abs(_difference(a.sum(axis=1), b.sum(axis=1)))
    if not seen > 0:
        return 1.0
    differing = (a != b).any(axis=0)
    fixed_a, fixed_b = a[:, ~differing].sum(axis=1), b[:, ~differing].sum(axis=1)
    a, b = a[:, differing], b[:, differing]
    random = np.random.default_rng(_SEED)
    as_large, left = 1, SWAPS
    while left:
        draws = min(left, _AT_ONCE)
        swapped = random.integers(0, 2, (draws, a.shape[1])).astype(bool)
        sums_a = fixed_a + np.where(swapped[:, None, :], b, a).sum(axis=2)
        sums_b = fixed_b + np.where(swapped[:, None, :], a, b).sum(axis=2)
        # A hair below, so that the same difference summed in another order counts as the same.
        as_large += int((np.abs(_difference(sums_a.T, sums_b.T)) >= seen - 1e-12).sum())
        left -= draws
    return as_large / (SWAPS + 1)


def _difference(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """The difference of two ratios of sums, (numerator, weight) along the first axis; without a weight it is 0."""
    import numpy as np

    ratios = [np.divide(pair[0], pair[1], out=np.zeros_like(pair[0]), where=pair[1] != 0) for pair in (one, other)]
    return np.asarray(ratios[1] - ratios[0])


def holm(p_values: Sequence[float]) -> list[float]:
    """The p-values corrected for their number, in the order given.

    Holm, "A Simple Sequentially Rejective Multiple Test Procedure" (Scandinavian Journal of Statistics 6, 1979): the
    smallest is multiplied by their number, the next by one less, and none is smaller than one before it.
    """
    corrected = [0.0] * len(p_values)
    least = 0.0
    for place, position in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        least = max(least, min(1.0, (len(p_values) - place) * p_values[position]))
        corrected[position] = least
    return corrected
