import math

import pytest

from answer.matching import Wording, wording_of


def wording(question: str, **counts: int) -> Wording:
    return wording_of(question, lambda bigram: counts.get(bigram, 0), 100)


def test_bigrams_are_weighed_by_rarity_and_question_words_left_out() -> None:
    # 100 passages: 公务 in 9 weighs ln(1 + 100/10), the others, in none, ln(1 + 100/1); 什么 and 是 are left out.
    assert wording("公务用车是什么", 公务=9).weights == pytest.approx(
        {"公务": math.log(11), "务用": math.log(101), "用车": math.log(101)}
    )


def test_words_of_another_language_stay_apart() -> None:
    assert set(wording("the new car").weights) == {"the", "new", "car"}


def test_coverage_is_the_share_of_the_weight_found() -> None:
    asked = wording("公务用车")
    assert asked.coverage("公务用车管理") == 1.0
    assert asked.coverage("用车") == pytest.approx(1 / 3)
    assert asked.coverage("会议") == 0.0


def test_what_a_title_says_is_taken_as_given() -> None:
    assert set(wording("公务用车更新").beyond("公务用车管理办法").weights) == {"车更", "更新"}


@pytest.mark.parametrize(
    ("question", "negative"),
    [("哪些情形不能派车", True), ("哪些情形可以派车", False), ("能不能派车", False), ("“四不两直”的要求", False)],
)
def test_whether_a_question_asks_what_is_not_so(question: str, negative: bool) -> None:
    assert wording(question).negative is negative
