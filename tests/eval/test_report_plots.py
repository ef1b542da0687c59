import re
from typing import Any

import pytest

from eval.report.plots import beyond, by_type, calibration, histogram, latency, recall_curve
from eval.results import run_object
from eval.run import Times
from eval.store import Run
from tests.eval.conftest import outcome, unanswerable
from tests.eval.test_report_cards import HEADER, run_of


def texts(svg: str | None) -> list[str]:
    assert svg is not None
    return [text.strip() for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg)]


def test_types_are_named_with_how_many_questions_they_have() -> None:
    run = run_of(*(outcome(str(i)) for i in range(5)), outcome("x", type="rare"))
    shown = texts(by_type(run))
    assert {"规则 5", "rare 1＊", "answer evidence", "recall@5"} <= set(shown)


def test_the_recall_curve_says_its_values_at_1_5_and_10() -> None:
    found_later = outcome("b", recall=(0.0, *(1.0,) * 9))
    shown = texts(recall_curve(run_of(outcome("a"), found_later)))
    # Half of it at 1, all from 2 on.
    assert shown.count("0.500") == 1
    assert shown.count("1.000") == 2


def test_the_reliability_diagram_counts_answers() -> None:
    shown = texts(calibration(run_of(outcome("a", confidence=0.95), outcome("b", confidence=0.15))))
    assert shown.count("1") >= 2
    assert "置信度" in shown


def test_latency_says_its_percentiles() -> None:
    times = {str(i): Times(float(i), 1.0) for i in range(1, 102)}
    run = run_object(Run(HEADER, tuple(outcome(id) for id in times), times))
    assert {"p50 51", "p95 96", "p99 100"} <= set(texts(latency(run)))
    assert beyond(run) == (0, 105.0)


def test_a_time_far_beyond_the_others_is_counted_not_drawn() -> None:
    times = {str(i): Times(10.0 if i else 5000.0, 1.0) for i in range(300)}
    run = run_object(Run(HEADER, tuple(outcome(id) for id in times), times))
    # p99 is 10 ms, so 15 are drawn, in bins of 1 ms.
    assert beyond(run) == (1, 15.0)


@pytest.mark.parametrize(
    ("values", "latest", "expected"),
    [
        # 12 / 24 is a width of .5; a value at an edge is of the bin that begins there, at the last edge of the last.
        ([0.0, 0.5, 12.0], 12.0, {(0.0, 0.5): 1, (0.5, 1.0): 1, (11.5, 12.0): 1}),
        # 100 / 24 = 4.2 is rounded up to 5.
        ([99.0], 100.0, {(95.0, 100.0): 1}),
        ([0.0], 0.0, {(0.0, 0.05): 1}),
    ],
)
def test_bins_have_round_widths(values: list[float], latest: float, expected: dict[tuple[float, float], int]) -> None:
    assert {(low, high): count for low, high, count in histogram(values, latest) if count} == expected


def test_there_is_nothing_to_draw_without_answers() -> None:
    nothing: dict[str, Any] = run_object(Run(HEADER, (unanswerable(refused=True),), {}))
    assert (by_type(nothing), recall_curve(nothing), calibration(nothing), latency(nothing)) == (None,) * 4
    assert beyond(nothing) == (0, 0.0)
