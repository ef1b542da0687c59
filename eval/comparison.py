"""Whether runs over the same questions differ: measure by measure, and question by question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from eval.outcome import Outcome, Verdict
from eval.statistics import difference_interval, holm, p_value, ratio
from eval.summary import LESS_IS_BETTER, MEASURES, shares
from ingest.errors import BadRequest

COMPARED = (
    "recall@1",
    "recall@5",
    "recall@10",
    "MRR",
    "answer evidence",
    "item F1",
    "complete lists",
    "refusal F1",
    "answerable refused",
)
"""The measures compared unless others are named: each more makes the correction for their number stricter."""
_WORTH: dict[Verdict, int] = {
    "right": 3,
    "rightly refused": 3,
    "partly": 2,
    "refused": 1,
    "wrong": 0,
    "not refused": 0,
}

Shares = tuple[Sequence[float], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Sample:
    """A run as it is compared: for every measure what each query adds above and below its line, in one order."""

    name: str
    ids: tuple[str, ...]
    measures: Mapping[str, Shares]


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure in two runs. `corrected` is the p-value after Holm's correction for all that was compared."""

    measure: str
    baseline: float | None
    value: float | None
    interval: tuple[float, float] | None
    """The 95 % interval of `difference`."""
    p: float
    corrected: float
    wins: int
    losses: int
    ties: int
    """Questions that the run does better, worse and as well as the baseline."""

    @property
    def difference(self) -> float | None:
        """The run's value less the baseline's, None where either has none."""
        return None if self.value is None or self.baseline is None else self.value - self.baseline


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run against the baseline."""

    run: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A question that came out otherwise; `gain` is negative where it got worse."""

    id: str
    question: str
    type: str
    before: Verdict
    after: Verdict
    gain: float


def sample_of(name: str, outcomes: Sequence[Outcome], measures: Sequence[str] = COMPARED) -> Sample:
    """The sample of a run over questions. Raises BadRequest for a measure that there is not."""
    unknown = [measure for measure in measures if measure not in MEASURES]
    if unknown:
        raise BadRequest(f"no measure is called {unknown[0]!r}; there are {', '.join(MEASURES)}")
    return Sample(name, tuple(one.id for one in outcomes), {measure: shares(measure, outcomes) for measure in measures})


def compare(baseline: Sample, others: Sequence[Sample]) -> list[Comparison]:
    """Every other run against the baseline; p-values are corrected for the number of runs times measures.

    Raises BadRequest where the runs are not over the same queries.
    """
    for other in others:
        if other.ids != baseline.ids:
            missing = sorted(set(baseline.ids) ^ set(other.ids))
            what = f"{missing[0]!r} is in one only" if missing else "the same ones in another order"
            raise BadRequest(f"{baseline.name} and {other.name} are not over the same queries: {what}")
    found = [[_difference(name, baseline, other) for name in baseline.measures] for other in others]
    corrected = iter(holm([one.p for differences in found for one in differences]))
    return [
        Comparison(other.name, tuple(replace(one, corrected=next(corrected)) for one in differences))
        for other, differences in zip(others, found, strict=True)
    ]


def changes(before: Sequence[Outcome], after: Sequence[Outcome]) -> list[Change]:
    """The questions whose verdict, evidence or rank changed, what got worse first, then what got better least."""
    found = [
        Change(old.id, old.question, old.type, old.verdict, new.verdict, _worth(new) - _worth(old))
        for old, new in zip(before, after, strict=True)
    ]
    return sorted((one for one in found if abs(one.gain) > 1e-9), key=lambda one: (one.gain, one.id))


def _worth(outcome: Outcome) -> float:
    """Verdicts first; among equal ones the evidence cited, and then the rank of the first passage that holds some."""
    return _WORTH[outcome.verdict] + (outcome.answer_evidence or 0.0) / 2 + (outcome.reciprocal_rank or 0.0) / 10


def _difference(measure: str, baseline: Sample, other: Sample) -> Difference:
    one, two = baseline.measures[measure], other.measures[measure]
    sign = -1 if measure in LESS_IS_BETTER else 1
    gains = [sign * (_value(b, m) - _value(a, n)) for a, n, b, m in zip(*one, *two, strict=True)]
    wins, losses = sum(gain > 0 for gain in gains), sum(gain < 0 for gain in gains)
    return Difference(
        measure, ratio(*one), ratio(*two), difference_interval(one, two), p_value(one, two), 1.0, wins, losses,
        len(gains) - wins - losses,
    )  # fmt: skip


def _value(above: float, below: float) -> float:
    # What takes no part in a measure does no harm to it: a question that is not refused, to the precision of refusals.
    return above / below if below else 1.0
