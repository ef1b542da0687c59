import json
from typing import Any

from eval.outcome import Excerpt, GoldOutcome, Outcome
from eval.report.cards import CUTS, cards_json
from eval.results import run_object
from eval.run import Times
from eval.store import Header, Run
from tests.eval.conftest import outcome, refused, unanswerable

HEADER = Header("q.jsonl", "0" * 64, 1, "dev", "2026-01-02T03:04:05Z", "c0ffee", "c", "i", 1, 4, "e", {"without": []})


def run_of(*outcomes: Outcome) -> dict[str, Any]:
    return run_object(Run(HEADER, outcomes, {one.id: Times(12.34, 5.0) for one in outcomes}))


def cards_of(*outcomes: Outcome) -> dict[str, Any]:
    cards: dict[str, Any] = json.loads(cards_json(run_of(*outcomes))[0])
    return cards


def test_a_card_has_gold_and_citation_marked() -> None:
    cards = cards_of(outcome())
    (card,) = cards["questions"]
    # The quote stands at 11 to 21, the citation holds 7 to 22.
    assert cards["texts"][card["citations"][0]["text"]] == [
        ["", "第一条 "],
        ["gold", "接待对象应当提供公函"],
        ["", "。"],
    ]
    assert card["gold"] == [
        {"source": "接待.txt", "held": True, "found": True, "cited": True, "text": [["cited", "接待对象应当提供公函"]]}
    ]
    assert (card["verdict"], card["milliseconds"], card["recall"]) == ("right", 12.3, [1.0, 1.0, 1.0])


def test_the_same_text_and_source_are_kept_once() -> None:
    cards = cards_of(outcome("a"), outcome("b"))
    assert len(cards["texts"]) == 1
    assert cards["sources"] == [["接待.txt", "接待管理办法"]]


def test_members_are_shown_as_given_missing_and_extra() -> None:
    listed = outcome(
        items_wanted=("无公函的", "超范围的"), items=("无公函的", "其他的"), item_recall=0.5, item_precision=0.5
    )
    (card,) = cards_of(listed)["questions"]
    assert card["wanted"] == [["given", "无公函的"], ["missing", "超范围的"]]
    assert card["items"] == [["wanted", "无公函的"], ["extra", "其他的"]]


def test_members_of_what_is_no_list_are_not_judged() -> None:
    (card,) = cards_of(outcome(items_wanted=("公函",), items=("介绍信",)))["questions"]
    assert (card["wanted"], card["items"]) == ([["", "公函"]], [["", "介绍信"]])


def test_a_quote_that_the_index_does_not_hold_says_so() -> None:
    lost = outcome(gold=(GoldOutcome("别处.txt", "没有", -1, False, False),))
    (card,) = cards_of(lost)["questions"]
    assert card["gold"][0] == {
        "source": "别处.txt", "held": False, "found": False, "cited": False, "text": [["", "没有"]],
    }  # fmt: skip


def test_refusals_have_their_verdicts() -> None:
    cards = cards_of(refused(), unanswerable("u", refused=True), unanswerable("v", refused=False))
    assert [card["verdict"] for card in cards["questions"]] == ["refused", "rightly refused", "not refused"]


def test_nothing_in_the_questions_ends_the_script() -> None:
    hostile = "</script><script>alert(1)</script>&\u2028"
    written, _ = cards_json(run_of(outcome(question=hostile)))
    assert not set("<>&\u2028") & set(written)
    assert json.loads(written)["questions"][0]["question"] == hostile


def test_texts_are_cut_until_all_fits() -> None:
    long = "字" * 500
    many = run_of(
        *(outcome(str(i), hits=(Excerpt("甲.txt", "甲", 0, 500, long + str(i), 1.0),) * 10) for i in range(9))
    )
    # Nine texts of 501 characters take some 13,500 bytes; at 160 characters some 4,400 besides the rest of the cards.
    whole, cut = cards_json(many, limit=10**6)
    assert cut == CUTS[0]
    fitting, cut = cards_json(many, limit=len(whole.encode()) - 1)
    assert cut == CUTS[1]
    assert len(fitting.encode()) < len(whole.encode())
    least, cut = cards_json(many, limit=10)
    assert cut == CUTS[-1]
    assert len(json.loads(least)["questions"]) == 9
