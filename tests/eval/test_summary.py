import pytest

from eval.outcome import Outcome, outcome_from, outcome_object
from eval.run import Times
from eval.summary import calibration, confusion, grouped, intervals, latency, recall_curve, summary
from tests.eval.conftest import outcome, refused, unanswerable


def half_found(id: str = "h") -> Outcome:
    """Evidence found at rank 2, and one of two gold quotes cited."""
    return outcome(id, recall=(0.0, *(1.0,) * 9), reciprocal_rank=0.5, answer_evidence=0.5)


def test_measures_are_means_over_the_questions_they_apply_to() -> None:
    measured = summary([outcome("a"), half_found(), refused(), unanswerable(refused=True)])
    # Search: of three answerable ones two have it first: 2/3; all within five. MRR (1 + .5 + 1) / 3.
    assert measured["questions"] == 4
    assert measured["recall@1"] == pytest.approx(2 / 3)
    assert measured["recall@5"] == 1.0
    assert measured["MRR"] == pytest.approx(2.5 / 3)
    # Answers: (1 + .5 + 0) / 3.
    assert measured["answer evidence"] == pytest.approx(0.5)
    assert measured["answerable refused"] == pytest.approx(1 / 3)
    assert measured["complete lists"] is None


def test_refusals_are_scored_as_precision_recall_and_f1() -> None:
    measured = summary([refused(), unanswerable("u", refused=True), unanswerable("v", refused=False), outcome()])
    # Two refused, one of them rightly; two unanswerable, one of them refused. F1 = 2·1 / (2 + 2).
    assert (measured["refusal precision"], measured["refusal recall"], measured["refusal F1"]) == (0.5, 0.5, 0.5)


def test_lists_are_scored_by_their_members() -> None:
    whole = outcome("a", type="enumeration", item_recall=1.0, item_precision=0.5)
    none = outcome("b", type="enumeration", item_recall=0.0, item_precision=None)
    measured = summary([whole, none, outcome("c")])
    # F1 of the first 2·1·.5/1.5 = 2/3, of the second 0; precision over the one that gave members.
    assert measured["item recall"] == 0.5
    assert measured["item precision"] == 0.5
    assert measured["item F1"] == pytest.approx(1 / 3)
    assert measured["complete lists"] == 0.5


def test_verbatim_is_the_share_of_citations() -> None:
    three = outcome("a", citations=outcome().citations * 3, exact=2)
    # Two of three and one of one: 3 of 4.
    assert summary([three, outcome("b")])["verbatim"] == 0.75


def test_verdicts() -> None:
    incomplete = outcome(type="enumeration", item_recall=0.5)
    verdicts = [one.verdict for one in (outcome(), half_found(), incomplete, refused(), outcome(answer_evidence=0.0))]
    assert verdicts == ["right", "partly", "partly", "refused", "wrong"]
    assert [unanswerable(refused=yes).verdict for yes in (True, False)] == ["rightly refused", "not refused"]


def test_groups_are_named_and_sorted() -> None:
    english = outcome("e", lang="en", type="english", document_kind="")
    assert {name: len(found) for name, found in grouped([outcome(), english], "by_document_kind").items()} == {
        "—": 1,
        "办法": 1,
    }
    assert list(grouped([outcome(), english], "by_language")) == ["en", "zh"]


def test_kinds_of_answers_are_counted_by_type() -> None:
    assert confusion([outcome("a"), outcome("b"), refused()]) == {"rule": {"passage": 2, "refusal": 1}}


def test_confidence_is_held_against_how_often_answers_are_right() -> None:
    found = calibration(
        [
            outcome("a", confidence=0.95),
            outcome("b", confidence=0.91, answer_evidence=0.0),
            outcome("c", confidence=0.25),
        ]
    )
    # .9–1: mean confidence .93, half right: off by .43 with two answers. .2–.3: .25 against 1: off by .75 with one.
    assert found["error"] == pytest.approx((2 * 0.43 + 0.75) / 3)
    assert [(one["low"], one["count"]) for one in found["bins"]] == [(0.2, 1), (0.9, 2)]
    assert calibration([refused()]) == {"error": None, "bins": []}


def test_recall_grows_with_the_passages_looked_at() -> None:
    curve = recall_curve([outcome("a"), half_found()])
    assert (curve["1"], curve["2"], curve["10"]) == (0.5, 1.0, 1.0)
    assert recall_curve([unanswerable(refused=True)])["1"] is None


def test_intervals_are_given_where_a_measure_applies() -> None:
    found = intervals([outcome("a"), outcome("b"), unanswerable(refused=True)])
    assert found["recall@1"] == (1.0, 1.0)
    assert found["item F1"] is None


def test_latency_is_given_in_percentiles() -> None:
    spread = latency({str(i): Times(float(i), 1.0) for i in range(1, 102)})["ask"]
    # 1 to 101 ms: the value at a percentile of 100 steps is one more than its number.
    assert (spread["p50"], spread["p95"], spread["p99"], spread["max"]) == (51.0, 96.0, 100.0, 101.0)
    assert latency({}) == {"ask": {}, "search": {}}


def test_an_outcome_survives_being_written() -> None:
    assert outcome_from(outcome_object(outcome(type="enumeration", items=("一",), items_wanted=("一",)))) == outcome(
        type="enumeration", items=("一",), items_wanted=("一",)
    )
