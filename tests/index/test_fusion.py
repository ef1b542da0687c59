import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fusion import reciprocal_rank_fusion

RANKINGS = st.lists(st.lists(st.integers(0, 20), unique=True, max_size=10), max_size=4)


def test_scores_by_hand() -> None:
    # 7 stands first and second: 1/61 + 1/62; 8 second: 1/62; 9 first: 1/61.
    assert reciprocal_rank_fusion([[7, 8], [9, 7]]) == {7: 1 / 61 + 1 / 62, 8: 1 / 62, 9: 1 / 61}


def test_weights_multiply_and_a_weight_of_zero_turns_a_ranking_off() -> None:
    assert reciprocal_rank_fusion([[7], [8]], weights=[2.0, 0.0], k=1) == {7: 2 / 2}


def test_each_ranking_needs_its_weight() -> None:
    with pytest.raises(ValueError, match="zip"):
        reciprocal_rank_fusion([[1], [2]], weights=[1.0])


@given(RANKINGS)
def test_every_item_is_scored_and_none_is_made_up(rankings: list[list[int]]) -> None:
    scores = reciprocal_rank_fusion(rankings)
    assert set(scores) == {item for ranking in rankings for item in ranking}
    # Nothing is better than standing first in all rankings.
    assert all(0 < score <= len(rankings) / 61 + 1e-12 for score in scores.values())


@given(st.lists(st.integers(), unique=True, max_size=20))
def test_one_ranking_keeps_its_order(ranking: list[int]) -> None:
    scores = reciprocal_rank_fusion([ranking])
    assert sorted(scores, key=lambda item: -scores[item]) == ranking
