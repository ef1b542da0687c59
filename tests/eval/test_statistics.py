import pytest

from eval.statistics import SWAPS, holm, interval, p_value, ratio

ONES = [1.0] * 10


def test_a_ratio_is_of_sums_and_without_weight_there_is_none() -> None:
    # Two right of three given: 2/3, whatever the fourth question was.
    assert ratio([1, 1, 0, 0], [1, 1, 1, 0]) == pytest.approx(2 / 3)
    assert ratio([0, 0], [0, 0]) is None
    assert interval([0, 0], [0, 0]) is None


def test_what_never_varies_has_an_interval_of_no_width() -> None:
    assert interval(ONES, ONES) == (1.0, 1.0)


def test_an_interval_holds_the_value_narrows_with_more_questions_and_is_always_the_same() -> None:
    few = interval([1, 0] * 10, [1.0] * 20)
    many = interval([1, 0] * 1000, [1.0] * 2000)
    assert few is not None
    assert many is not None
    # The standard error of a share of one half is .5 / √n: 1.96 of them are .219 for 20 and .022 for 2,000.
    assert few == pytest.approx((0.5 - 0.219, 0.5 + 0.219), abs=0.04)
    assert many == pytest.approx((0.5 - 0.022, 0.5 + 0.022), abs=0.004)
    assert interval([1, 0] * 10, [1.0] * 20) == few


def test_runs_that_do_not_differ_have_a_p_value_of_one() -> None:
    assert p_value((ONES, ONES), (ONES, ONES)) == 1.0


def test_the_p_value_of_a_clear_difference_is_that_of_all_signs_alike() -> None:
    # 10 questions, all better by 1: of 2^10 assignments two are as extreme, 2/1024 = .00195.
    assert p_value(([0.0] * 10, ONES), (ONES, ONES)) == pytest.approx(2 / 1024, abs=0.0015)
    # 30 questions: 2/2^30 is never drawn, so only the one observed counts.
    assert p_value(([0.0] * 30, [1.0] * 30), ([1.0] * 30, [1.0] * 30)) == 1 / (SWAPS + 1)


def test_differences_that_cancel_are_no_difference() -> None:
    assert p_value(([0, 1, 0, 1], [1] * 4), ([1, 0, 1, 0], [1] * 4)) == 1.0


def test_weights_that_differ_between_runs_are_paired_too() -> None:
    # Precision: one run gives 20 answers, 10 right; the other gives only the 10 right ones. Had each question changed
    # places alone, the wrong ones spread over both: 10 against 0 wrong comes up in 2 of 2^10 assignments.
    wrong, right = [0.0] * 10, [1.0] * 10
    assert p_value((right + wrong, ONES + ONES), (right + wrong, ONES + [0.0] * 10)) == pytest.approx(
        2 / 1024, abs=0.0015
    )


def test_holm_multiplies_by_what_is_left_and_keeps_the_order() -> None:
    # Sorted .01 .03 .04: .01·3 = .03, .03·2 = .06, .04·1 = .04 raised to .06.
    assert holm([0.04, 0.01, 0.03]) == pytest.approx([0.06, 0.03, 0.06])
    assert holm([0.6, 0.9]) == [1.0, 1.0]
    assert holm([]) == []
