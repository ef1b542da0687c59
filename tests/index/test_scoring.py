import pytest

from index.naming import Names
from index.query import Query, read_query
from index.scoring import RankingWeights, combine, passage_bonus
from ingest.model import Passage


def query(text: str) -> Query:
    return read_query(text, Names([]).in_question(text))


def passage(text: str, *path: str) -> Passage:
    return Passage("d", 0, len(text), text, path)


FULL = "各单位应当按照规定使用公务用车，严格执行派车审批制度，不得公车私用，并接受社会监督。"  # over 30 characters


def test_scores_are_normalised_and_weighed() -> None:
    # Lexical 4/4 and 2/4 of 0.45; dense (0.9-0.8)/0.1 and 0 of 0.55.
    scores = combine({1: 4.0, 2: 2.0}, {1: 0.8, 3: 0.9}, query("公车怎么用"))
    assert scores == pytest.approx({1: 0.45, 2: 0.225, 3: 0.55})


def test_words_count_little_in_a_foreign_question() -> None:
    assert combine({1: 4.0}, {}, query("who may use an official car"))[1] == pytest.approx(0.1)


def test_a_part_of_weight_nought_is_turned_off() -> None:
    assert combine({1: 4.0}, {2: 0.9}, query("公车"), RankingWeights(lexical=0.0)) == pytest.approx({1: 0.0, 2: 0.55})


def test_a_quoted_phrase_speaks_for_the_passages_that_hold_it() -> None:
    asked = query("“公车私用”怎么处理")
    assert passage_bonus(passage(FULL), asked, False) == pytest.approx(0.25)
    assert passage_bonus(passage(FULL.replace("公车私用", "违规使用")), asked, False) == 0.0


def test_the_article_asked_for_counts_in_a_document_that_is_named() -> None:
    article = passage(FULL, "第二章 使用", "第十四条")
    assert passage_bonus(article, query("办法第14条"), True) == pytest.approx(1.0)
    assert passage_bonus(article, query("办法第14条"), False) == 0.0
    assert passage_bonus(article, query("办法第15条"), True) == 0.0


def test_members_speak_for_a_passage_when_a_list_is_wanted() -> None:
    listed = passage(FULL + "（一）抢险；（二）机要。")
    # Two of four members that count in full: half of 0.1.
    assert passage_bonus(listed, query("哪些情形可以派车"), False) == pytest.approx(0.05)
    assert passage_bonus(listed, query("怎么派车"), False) == 0.0


def test_a_scrap_of_text_loses() -> None:
    # 6 of the 30 Chinese characters of a full passage: 0.3 times 24/30.
    assert passage_bonus(passage("公务用车办法"), query("公车"), False) == pytest.approx(-0.24)


def test_reciprocal_ranks_count_places_and_not_scores() -> None:
    # 1 is first by words and second by meaning: .45 · 61/61 + .55 · 61/62; 2 is first by meaning alone: .55 · 61/61.
    weights = RankingWeights(fusion="reciprocal ranks")
    fused = combine({1: 9.0}, {2: 0.9, 1: 0.1}, query("公车"), weights)
    assert fused == pytest.approx({1: 0.45 + 0.55 * 61 / 62, 2: 0.55})
