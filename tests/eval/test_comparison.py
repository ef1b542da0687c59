from dataclasses import replace

import pytest

from eval.comparison import changes, compare, sample_of
from eval.outcome import Outcome
from eval.statistics import SWAPS
from ingest.errors import BadRequest
from tests.eval.conftest import outcome, refused, unanswerable


def wrong(id: str) -> Outcome:
    return outcome(id, answer_evidence=0.0, recall=(0.0,) * 10, reciprocal_rank=0.0)


RIGHT = [outcome(f"q{i:02}") for i in range(30)]
WRONG = [wrong(f"q{i:02}") for i in range(30)]


def test_a_run_that_is_wrong_throughout_is_told_from_one_that_is_right() -> None:
    (comparison,) = compare(sample_of("new", RIGHT, ["MRR"]), [sample_of("old", WRONG, ["MRR"])])
    (found,) = comparison.differences
    assert (comparison.run, found.baseline, found.value, found.difference) == ("old", 1.0, 0.0, -1.0)
    assert (found.wins, found.losses, found.ties) == (0, 30, 0)
    assert found.interval == (-1.0, -1.0)
    assert found.p == found.corrected == 1 / (SWAPS + 1)


def test_p_values_are_corrected_for_runs_and_measures() -> None:
    measures = ["MRR", "answer evidence"]
    baseline = sample_of("new", RIGHT, measures)
    comparisons = compare(baseline, [sample_of("a", WRONG, measures), sample_of("b", RIGHT, measures)])
    # Four tests: two with the smallest p, which Holm multiplies by 4 and by 3, no smaller than the one before.
    assert [one.corrected for one in comparisons[0].differences] == pytest.approx([4 / (SWAPS + 1)] * 2)
    assert [one.corrected for one in comparisons[1].differences] == [1.0, 1.0]


def test_less_is_better_of_answers_refused() -> None:
    measure = ["answerable refused"]
    refusing = [replace(refused(one.id)) for one in RIGHT]
    (comparison,) = compare(sample_of("a", RIGHT, measure), [sample_of("b", refusing, measure)])
    assert (comparison.differences[0].difference, comparison.differences[0].losses) == (1.0, 30)


def test_a_refusal_that_was_right_is_lost() -> None:
    before, after = [unanswerable(refused=True), *RIGHT], [unanswerable(refused=False), *RIGHT]
    (comparison,) = compare(sample_of("a", before, ["refusal F1"]), [sample_of("b", after, ["refusal F1"])])
    (found,) = comparison.differences
    # 2·1/(1 + 1) against 2·0/(0 + 1); questions that are not refused take no part.
    assert (found.baseline, found.value, found.wins, found.losses, found.ties) == (1.0, 0.0, 0, 1, 30)


def test_a_measure_that_no_question_has_is_no_difference() -> None:
    (comparison,) = compare(sample_of("a", RIGHT, ["item F1"]), [sample_of("b", WRONG, ["item F1"])])
    (found,) = comparison.differences
    assert (found.baseline, found.difference, found.interval, found.p) == (None, None, None, 1.0)


def test_what_got_worse_comes_first() -> None:
    before = [outcome("a"), wrong("b"), outcome("c"), outcome("d")]
    after = [refused("a"), outcome("b"), outcome("c"), outcome("d", reciprocal_rank=0.5)]
    found = changes(before, after)
    assert [(one.id, one.before, one.after) for one in found] == [
        ("a", "right", "refused"),
        ("d", "right", "right"),
        ("b", "wrong", "right"),
    ]
    # Right 3 to refused 1, with the evidence cited ½ less; a rank of 2 is 1/20 less than one of 1.
    assert [one.gain for one in found[:2]] == pytest.approx([-2.5, -0.05])


def test_runs_over_other_queries_are_not_compared() -> None:
    with pytest.raises(BadRequest, match=r"a and b are not over the same queries: 'q29' is in one only"):
        compare(sample_of("a", RIGHT), [sample_of("b", RIGHT[:-1])])


def test_an_unknown_measure_is_named() -> None:
    with pytest.raises(BadRequest, match=r"no measure is called 'accuracy'; there are recall@1"):
        sample_of("a", RIGHT, ["accuracy"])
