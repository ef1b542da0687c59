import pytest

from eval.measures import Stretch, evidence, item_scores, locate
from eval.questions import Question


def question(type_: str = "factoid", *, any_suffices: bool = False) -> Question:
    return Question("q", "问", "zh", type_, True, any_suffices, (), ())


GOLD = [Stretch("a.txt", 0, 10), Stretch("a.txt", 20, 30)]


def test_half_a_quote_covered_is_found() -> None:
    # 5 of the 10 characters of the first quote lie in the passage, none of the second: one of two.
    assert evidence(question(), GOLD, [Stretch("a.txt", 5, 15)]) == 0.5
    assert evidence(question(), GOLD, [Stretch("a.txt", 6, 15)]) == 0.0


def test_another_document_does_not_count() -> None:
    assert evidence(question(), GOLD, [Stretch("b.txt", 0, 30)]) == 0.0


@pytest.mark.parametrize("asked", [question(any_suffices=True), question("enumeration"), question("phrasing")])
def test_where_one_quote_is_enough(asked: Question) -> None:
    assert evidence(asked, GOLD, [Stretch("a.txt", 0, 10)]) == 1.0


def test_members_match_when_one_contains_the_other() -> None:
    # 站位更高 is found within 政治站位要更高? No: 要 stands between. 担当更强 is. One of two found, one of three right.
    recall, precision = item_scores(["站位更高", "担当更强"], ["站位要更高", "使命担当更强。", "其他"])
    assert recall == 0.5
    assert precision == pytest.approx(1 / 3)


def test_a_quote_is_located_whatever_the_width_of_its_characters() -> None:
    assert locate("10%", "增长１０％左右") == (2, 5)
    assert locate("20%", "增长１０％左右") is None
