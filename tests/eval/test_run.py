from pathlib import Path

import pytest

from answer.method import Method
from eval.embedded import EmbeddingCache
from eval.outcome import Outcome
from eval.parts import Setup
from eval.questions import Evidence, Question
from eval.run import NOT_HELD, run_questions, without_context
from index import Searcher
from tests.eval.conftest import question
from tests.fakes import FakeEncoder


def run(searcher: Searcher, *questions: Question, setup: Setup | None = None) -> list[Outcome]:
    return [outcome for outcome, _ in run_questions(searcher, questions, setup)]


def test_questions_are_asked_searched_and_judged(searcher: Searcher) -> None:
    first, second, third = run(
        searcher,
        question("a", "接待管理办法第一条怎么规定", "接待对象应当提供公函"),
        question("b", "接待管理办法第二条怎么规定", "有下列情形之一的，不予接待", type="citation"),
        question("c", "《养犬管理条例》第三条是什么"),
    )
    # Both articles are quoted whole, and the rule that is not held is refused.
    assert (first.kind, first.answer_evidence, first.exact, len(first.citations)) == ("article", 1.0, 1, 1)
    assert (first.recall, first.reciprocal_rank, first.document_kind) == ((1.0,) * 10, 1.0, "办法")
    assert [(gold.start, gold.found, gold.cited) for gold in first.gold] == [(11, True, True)]
    assert (first.hits[0].source, first.hits[0].text) == ("接待.txt", "第一条 接待对象应当提供公函。")
    assert (first.verdict, second.verdict, third.verdict) == ("right", "right", "rightly refused")
    assert (third.recall, third.reciprocal_rank, third.answer_evidence, third.document_kind) == (None, None, None, "")


def test_members_are_judged_for_lists(searcher: Searcher) -> None:
    wanted = ("无公函的", "超范围的", "另有规定的")
    (judged,) = run(searcher, question("a", "哪些情形不予接待？", "不予接待", type="enumeration", items=wanted))
    # Two of the three expected members are in the rule, and both members given are expected.
    assert judged.item_recall == pytest.approx(2 / 3)
    assert judged.item_precision == 1.0
    assert judged.verdict == "partly"


@pytest.mark.parametrize(("type_", "items"), [("factoid", ("公函", "接待")), ("enumeration", ("公函",))])
def test_facts_and_single_members_are_no_list(searcher: Searcher, type_: str, items: tuple[str, ...]) -> None:
    (judged,) = run(searcher, question("a", "接待要提供什么？", "应当提供公函", type=type_, items=items))
    assert not judged.is_list


def test_evidence_that_the_index_does_not_hold_is_not_found(searcher: Searcher) -> None:
    elsewhere = question("a", "要不要公函？", "应当提供公函")
    gone = Question("b", "要不要公函？", "zh", "rule", True, False, (Evidence("没有.txt", "应当提供公函"),), ())
    misquoted = question("c", "要不要公函？", "必须先打电话")
    found = run(searcher, elsewhere, gone, misquoted)
    assert [bool(one.reciprocal_rank) for one in found] == [True, False, False]
    assert [one.gold[0].start for one in found] == [15, -1, -1]
    assert [one.document_kind for one in found] == ["办法", NOT_HELD, "办法"]


def test_a_setup_changes_how_questions_are_answered(searcher: Searcher) -> None:
    asked = question("a", "接待管理办法第一条怎么规定", "接待对象应当提供公函")
    (judged,) = run(searcher, asked, setup=Setup(Method(ways=("extract",))))
    assert judged.kind != "article"


def test_two_runs_are_equal_to_the_bit(searcher: Searcher) -> None:
    asked = [question("a", "要不要公函？", "应当提供公函"), question("b", "谁来定？")]
    assert run(searcher, *asked) == run(searcher, *asked)


def test_passages_embedded_without_their_context(searcher: Searcher, tmp_path: Path) -> None:
    encoder = FakeEncoder()
    cache = EmbeddingCache(tmp_path / "v.sqlite", encoder)
    told: list[tuple[int, int]] = []
    plain = without_context(searcher, cache, lambda done, total: told.append((done, total)))
    (number, _, passage), *_ = searcher.catalogue.all_passages()
    assert (plain.vectors_of([number])[0] == encoder.encode_passages([passage.text])[0]).all()
    assert not (searcher.vectors_of([number])[0] == plain.vectors_of([number])[0]).all()
    assert told[-1][0] == told[-1][1] == len(list(searcher.catalogue.all_passages()))
