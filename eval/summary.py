"""The measures of a run: over all its questions, by type, by language and by document kind, each with an interval."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import fmean, quantiles
from typing import Any

from eval.outcome import DEPTH, Outcome
from eval.run import Times
from eval.statistics import interval, ratio

RECALL_AT = (1, 5, 10)
BINS = 10
"""Bins of confidence of equal width."""

Values = dict[str, float | None]
Share = tuple[float, float]
"""What a question adds to a measure: to the sum above and to the sum below the line; (0, 0) where it has no part."""

_NO_PART: Share = (0.0, 0.0)


def _recall_at(k: int) -> Callable[[Outcome], Share]:
    return lambda one: _NO_PART if one.recall is None else (one.recall[k - 1], 1.0)


def _mean_of(name: str) -> Callable[[Outcome], Share]:
    def share(one: Outcome) -> Share:
        value = getattr(one, name)
        return _NO_PART if value is None else (value, 1.0)

    return share


def _item_f1(one: Outcome) -> Share:
    if one.item_recall is None:
        return _NO_PART
    precision = one.item_precision or 0.0
    both = one.item_recall + precision
    return (2 * one.item_recall * precision / both if both else 0.0, 1.0)


def _rightly(one: Outcome) -> float:
    return float(one.is_refused and not one.answerable)


MEASURES: dict[str, Callable[[Outcome], Share]] = {
    **{f"recall@{k}": _recall_at(k) for k in RECALL_AT},
    "MRR": _mean_of("reciprocal_rank"),
    "answer evidence": _mean_of("answer_evidence"),
    "item recall": _mean_of("item_recall"),
    "item precision": _mean_of("item_precision"),
    "item F1": _item_f1,
    "complete lists": lambda one: (float(one.item_recall == 1.0), 1.0) if one.is_list else _NO_PART,
    "refusal precision": lambda one: (_rightly(one), float(one.is_refused)),
    "refusal recall": lambda one: (_rightly(one), float(not one.answerable)),
    # 2·P·R / (P + R) = 2·TP / (refused + unanswerable)
    "refusal F1": lambda one: (2 * _rightly(one), float(one.is_refused) + float(not one.answerable)),
    "answerable refused": lambda one: (float(one.is_refused), 1.0) if one.answerable else _NO_PART,
    "verbatim": lambda one: (float(one.exact), float(len(one.citations))),
}
"""Every measure of answers by name: a ratio of sums over questions."""
LESS_IS_BETTER = frozenset({"answerable refused"})


def shares(name: str, outcomes: Sequence[Outcome]) -> tuple[list[float], list[float]]:
    """What each question adds above and below the line of a measure."""
    pairs = [MEASURES[name](one) for one in outcomes]
    return [above for above, _ in pairs], [below for _, below in pairs]


def summary(outcomes: Sequence[Outcome]) -> Values:
    """The number of questions and every measure, None where it applies to no question."""
    return {
        "questions": float(len(outcomes)),
        **{name: ratio(*shares(name, outcomes)) for name in MEASURES},
    }


def intervals(outcomes: Sequence[Outcome]) -> dict[str, tuple[float, float] | None]:
    """The 95 % bootstrap interval of every measure, None where it applies to no question."""
    return {name: interval(*shares(name, outcomes)) for name in MEASURES}


def counted(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """What every measure is counted over: questions, or for `verbatim` citations and for refusals those given."""
    return {name: round(sum(shares(name, outcomes)[1])) for name in MEASURES}


GROUPS: dict[str, Callable[[Outcome], str]] = {
    "by_type": lambda one: one.type,
    "by_language": lambda one: one.lang,
    "by_document_kind": lambda one: one.document_kind,
}


def grouped(outcomes: Iterable[Outcome], group: str) -> dict[str, list[Outcome]]:
    """The questions of each type, language or document kind (a name of GROUPS), by name; nameless groups as —."""
    found: dict[str, list[Outcome]] = {}
    for one in outcomes:
        found.setdefault(GROUPS[group](one) or "—", []).append(one)
    return dict(sorted(found.items()))


def confusion(outcomes: Iterable[Outcome]) -> dict[str, dict[str, int]]:
    """How many questions of each type were given each kind of answer."""
    counts = Counter((one.type, one.kind) for one in outcomes)
    types = sorted({type_ for type_, _ in counts})
    return {name: {kind: n for (type_, kind), n in sorted(counts.items()) if type_ == name} for name in types}


def calibration(outcomes: Iterable[Outcome]) -> dict[str, Any]:
    """How far confidence tells how often answers are right: bins, and the expected calibration error.

    Over the answers given; one is right as far as it cites the evidence, and not at all where there was none to cite.
    The error is the mean distance of confidence and rightness of the bins, weighted by their answers: Naeini, Cooper
    and Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian Binning" (AAAI 2015).
    """
    given = [one for one in outcomes if not one.is_refused]
    bins: list[dict[str, float]] = []
    for position in range(BINS):
        members = [one for one in given if min(int(one.confidence * BINS), BINS - 1) == position]
        if members:
            confidence = fmean(one.confidence for one in members)
            right = fmean(one.answer_evidence or 0.0 for one in members)
            low, high = position / BINS, (position + 1) / BINS
            bins.append({"low": low, "high": high, "count": len(members), "confidence": confidence, "right": right})
    error = sum(one["count"] * abs(one["confidence"] - one["right"]) for one in bins) / len(given) if given else None
    return {"error": error, "bins": bins}


def recall_curve(outcomes: Sequence[Outcome]) -> dict[str, float | None]:
    """Evidence recall at 1, 2, … 10."""
    return {
        str(k): ratio(*zip(*(_recall_at(k)(one) for one in outcomes), strict=True)) if outcomes else None
        for k in range(1, DEPTH + 1)
    }


def latency(times: Mapping[str, Times]) -> dict[str, dict[str, float]]:
    """Mean and percentiles of the milliseconds of answers and of searches."""
    return {
        "ask": spread([one.ask for one in times.values()]),
        "search": spread([one.search for one in times.values()]),
    }


def spread(milliseconds: Sequence[float]) -> dict[str, float]:
    """Mean, p50, p95, p99 and the longest; empty where there are none."""
    if not milliseconds:
        return {}
    cuts = quantiles(milliseconds, n=100, method="inclusive") if len(milliseconds) > 1 else [milliseconds[0]] * 99
    found = {"mean": fmean(milliseconds), "p50": cuts[49], "p95": cuts[94], "p99": cuts[98], "max": max(milliseconds)}
    return {name: round(value, 1) for name, value in found.items()}
