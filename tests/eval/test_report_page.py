import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from eval.ledger import Entry, Ledger
from eval.problems import Problem
from eval.report import write_report
from eval.report.page import page
from eval.results import run_object
from eval.run import Times
from eval.store import Run
from ingest.errors import BadRequest
from tests.eval.conftest import outcome, refused, unanswerable
from tests.eval.test_report_cards import HEADER, run_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

OUTCOMES = (
    outcome("a"),
    outcome("b", question="<b>谁</b>来接待？", answer_evidence=0.0, type="factoid", confidence=0.4),
    outcome("c", question="Who pays?", lang="en", type="english", answer_evidence=0.0, confidence=0.8),
    refused("d"),
    unanswerable("e", refused=True),
)


class Tags(HTMLParser):
    """The elements of a page that are open at its end, and all that it would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "input", "br", "link"):
            self.open.append(tag)
        self.fetched += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href", "data")]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_and_fetches_nothing() -> None:
    tags = Tags()
    tags.feed(page(run_of(*OUTCOMES)))
    assert tags.open == []
    assert {address[:1] for address in tags.fetched} == {"#"}


def test_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.html", "two.html"):
        write_report(run_of(*OUTCOMES), tmp_path / name)
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match=r"nowhere/report\.html: the report cannot be written .*give another place"):
        write_report(run_of(*OUTCOMES), tmp_path / "nowhere" / "report.html")


def test_half_a_character_is_shown_as_it_was_written(tmp_path: Path) -> None:
    write_report(run_of(outcome(question="\udc80")), tmp_path / "report.html")
    assert r"\udc80" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_measures_have_values_intervals_and_what_they_are_counted_over() -> None:
    rows = dict(re.findall(r"<tr><th>([^<]+)</th>(.*?)</tr>", page(run_of(*OUTCOMES)), re.DOTALL))
    # Of four questions with an answer one has its evidence cited.
    assert ">0.250</td>" in rows["answer evidence"]
    assert ">4 题</td>" in rows["answer evidence"]
    # Of two refusals one was right, and one question had no answer.
    assert ">2 道拒答</td>" in rows["refusal precision"]
    assert ">3 道（拒答加无答案）</td>" in rows["refusal F1"]
    assert "0.667" in rows["refusal F1"]
    assert "–</td>" in rows["item F1"]


def test_the_page_warns_of_what_the_reader_must_know() -> None:
    entries = tuple(Entry("2026", "q.jsonl", HEADER.sha256, 1, "", str(i), "", {}) for i in range(10))
    ledger = Ledger(Path("q.ledger.jsonl"), entries, altered_at=3)
    problem = Problem(7, "x", "not word for word", "error")
    run = run_object(Run(HEADER, (outcome(),), {}), [problem], ledger)
    run["settings"] = {"without": ["dense"]}
    shown = page(run)
    assert "去掉了：dense" in shown
    assert "已试过 10 种不同的代码或设置" in shown
    assert "q.ledger.jsonl 的第 3 行" in shown
    assert "第 7 行 x（有误）：not word for word" in shown
    assert 'class="notice"' not in page(run_of(outcome())).split("<noscript>")[0]


def test_a_run_that_is_not_whole_says_so() -> None:
    run = run_of(outcome())
    run["set"]["questions"] = 3
    assert "只问了 1 题" in page(run)


def test_a_run_of_nothing_has_a_page() -> None:
    shown = page(run_object(Run(HEADER, (), {})))
    assert "<figure" not in shown


@pytest.fixture
def opened(browser: "Browser", tmp_path: Path) -> "Page":
    write_report(run_of(*OUTCOMES), tmp_path / "report.html")
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto((tmp_path / "report.html").as_uri())
    assert complaints == []
    return opened


def shown_questions(page: "Page") -> list[str]:
    return page.locator("article h3").all_inner_texts()


def test_what_went_wrong_is_shown_first_and_can_be_filtered(opened: "Page") -> None:
    assert shown_questions(opened) == ["<b>谁</b>来接待？", "Who pays?", "要不要公函？"]
    opened.locator("[name=lang]").select_option(label="英文 1")
    assert shown_questions(opened) == ["Who pays?"]
    assert opened.locator("#count").inner_text() == "1 题"
    opened.locator("[name=lang]").select_option("")
    opened.locator("[name=order]").select_option("sure")
    assert shown_questions(opened) == ["要不要公函？", "Who pays?", "<b>谁</b>来接待？"]
    opened.locator("[name=verdict]").select_option("")
    opened.locator("[name=text]").fill("WHO")
    assert shown_questions(opened) == ["Who pays?"]


def test_filters_stand_in_the_address(opened: "Page") -> None:
    opened.locator("[name=type]").select_option(label="事实 1")
    address = opened.url
    assert address.endswith("#type=factoid")
    opened.goto("about:blank")
    opened.goto(address)
    assert shown_questions(opened) == ["<b>谁</b>来接待？"]
    opened.locator(".strip a.right").click()
    assert shown_questions(opened) == ["要不要公函？"]
    assert opened.locator("article .badge").inner_text() == "答对"


def test_gold_stands_beside_the_answer(opened: "Page") -> None:
    opened.locator(".strip a.right").click()
    gold, answer = opened.locator(".sides > div").all()
    assert gold.locator("mark.cited").inner_text() == "接待对象应当提供公函"
    assert answer.locator("mark.gold").inner_text() == "接待对象应当提供公函"
    assert not opened.locator("article details .quote").first.is_visible()
    opened.get_by_text("检索到的前 1 段").click()
    assert opened.locator("article details .quote").last.is_visible()


def test_a_report_fits_a_narrow_screen(opened: "Page") -> None:
    opened.set_viewport_size({"width": 390, "height": 844})
    assert opened.evaluate("document.documentElement.scrollWidth") == 390


def test_many_questions_are_shown_a_part_at_a_time(browser: "Browser", tmp_path: Path) -> None:
    times = {str(i): Times(1.0, 1.0) for i in range(90)}
    run = run_object(Run(HEADER, tuple(refused(id) for id in times), times))
    write_report(run, tmp_path / "report.html")
    opened = browser.new_page()
    opened.goto((tmp_path / "report.html").as_uri())
    assert opened.locator("article").count() == 40
    opened.locator("#more").click()
    opened.locator("#more").click()
    assert opened.locator("article").count() == 90
    assert not opened.locator("#more").is_visible()
