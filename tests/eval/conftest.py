import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eval.outcome import Excerpt, GoldOutcome, Outcome
from eval.questions import Evidence, Question
from index import Searcher, update_index
from tests.fakes import FakeEncoder

RULE = """接待管理办法
第一条 接待对象应当提供公函。
第二条 有下列情形之一的，不予接待：
（一）无公函的；
（二）超范围的。
"""
Records = list[dict[str, Any]]


@pytest.fixture(scope="session")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """An open index of one rule, `接待.txt`, with a stand-in for the encoder."""
    folder, directory = tmp_path_factory.mktemp("文库"), tmp_path_factory.mktemp("索引")
    (folder / "接待.txt").write_text(RULE, encoding="utf-8")
    update_index([folder], directory, encoder=FakeEncoder())
    return Searcher.open(directory, encoder=FakeEncoder())


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write records to a question file."""

    def write(*records: dict[str, Any], name: str = "q.jsonl") -> Path:
        path = tmp_path / name
        path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records), encoding="utf-8")
        return path

    return write


def question(id: str, text: str, quote: str = "", **more: Any) -> Question:
    """A question on `接待.txt`, answerable where it has a quote."""
    gold = (Evidence("接待.txt", quote),) if quote else ()
    known: dict[str, Any] = {"language": "zh", "type": "rule", "any_suffices": False, "items": ()}
    return Question(id=id, text=text, answerable=bool(quote), gold=gold, **{**known, **more})


def record(id: str, text: str, quote: str = "", **more: Any) -> dict[str, Any]:
    """The same as it stands in a file."""
    gold = [{"doc": "接待.txt", "quote": quote}] if quote else []
    return {"id": id, "question": text, "type": "rule", "answerable": bool(gold), "gold": gold, **more}


def outcome(id: str = "a", **more: Any) -> Outcome:
    """An answerable question that was answered right, but for what is given."""
    known: dict[str, Any] = {
        "question": "要不要公函？",
        "lang": "zh",
        "type": "rule",
        "answerable": True,
        "document_kind": "办法",
        "gold": (GoldOutcome("接待.txt", "接待对象应当提供公函", 11, True, True),),
        "items_wanted": (),
        "kind": "passage",
        "answer": "第一条 接待对象应当提供公函。 [1]",
        "items": (),
        "confidence": 0.9,
        "citations": (Excerpt("接待.txt", "接待管理办法", 7, 22, "第一条 接待对象应当提供公函。"),),
        "exact": 1,
        "hits": (Excerpt("接待.txt", "接待管理办法", 7, 22, "第一条 接待对象应当提供公函。", 1.2),),
        "recall": (1.0,) * 10,
        "reciprocal_rank": 1.0,
        "answer_evidence": 1.0,
        "item_recall": None,
        "item_precision": None,
    }
    return Outcome(id=id, **{**known, **more})


def unanswerable(id: str = "u", *, refused: bool) -> Outcome:
    """A question without an answer, refused or answered."""
    no_evidence = {"recall": None, "reciprocal_rank": None, "answer_evidence": None, "gold": (), "document_kind": ""}
    return outcome(id, answerable=False, kind="refusal" if refused else "passage", **no_evidence)


def refused(id: str = "r") -> Outcome:
    """An answerable question that was refused though search found its evidence."""
    return outcome(id, kind="refusal", answer_evidence=0.0, citations=(), exact=0)
