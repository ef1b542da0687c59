import json
from pathlib import Path

import pytest

from eval.questions import read_questions
from eval.run import by_type, run_questions, summary
from index import Searcher, update_index
from ingest.errors import BadRequest
from tests.fakes import FakeEncoder

RULE = """接待管理办法
第一条 接待对象应当提供公函。
第二条 有下列情形之一的，不予接待：
（一）无公函的；
（二）超范围的。
"""


@pytest.fixture
def searcher(tmp_path: Path) -> Searcher:
    (tmp_path / "文库").mkdir()
    (tmp_path / "文库" / "接待.txt").write_text(RULE, encoding="utf-8")
    update_index([tmp_path / "文库"], tmp_path / "索引", encoder=FakeEncoder())
    return Searcher.open(tmp_path / "索引", encoder=FakeEncoder())


def question(id: str, text: str, quote: str = "", **more: object) -> dict[str, object]:
    gold = [{"doc": "接待.txt", "quote": quote}] if quote else []
    return {"id": id, "question": text, "type": "rule", "answerable": bool(gold), "gold": gold, **more}


def write(path: Path, *records: dict[str, object]) -> Path:
    path.write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in records), encoding="utf-8")
    return path


def test_measures_of_a_run(searcher: Searcher, tmp_path: Path) -> None:
    asked = write(
        tmp_path / "q.jsonl",
        question("a", "接待管理办法第一条怎么规定", "接待对象应当提供公函"),
        question("b", "接待管理办法第二条怎么规定", "有下列情形之一的，不予接待", type="citation"),
        question("c", "《养犬管理条例》第三条是什么"),
    )
    results = run_questions(searcher, read_questions(asked))
    measured = summary(results)
    # Both articles are quoted whole, and the rule that is not held is refused: one refusal, and it is right.
    assert measured["questions"] == 3
    assert (measured["recall@1"], measured["answer evidence"], measured["verbatim"]) == (1.0, 1.0, 1.0)
    assert (measured["refusal precision"], measured["refusal recall"], measured["answerable refused"]) == (
        1.0,
        1.0,
        0.0,
    )
    assert measured["complete lists"] is None
    assert {name: part["questions"] for name, part in by_type(results).items()} == {"rule": 2, "citation": 1}


def test_members_are_measured_for_lists(searcher: Searcher, tmp_path: Path) -> None:
    asked = write(
        tmp_path / "q.jsonl",
        question(
            "a", "哪些情形不予接待？", "不予接待", type="enumeration", items=["无公函的", "超范围的", "另有规定的"]
        ),
    )
    (result,) = run_questions(searcher, read_questions(asked))
    # Two of the three expected members are in the rule, and both members given are expected.
    assert result.item_recall == pytest.approx(2 / 3)
    assert result.item_precision == 1.0


def test_a_quote_that_its_document_does_not_hold_is_named(searcher: Searcher, tmp_path: Path) -> None:
    asked = write(tmp_path / "q.jsonl", question("x7", "要不要公函", "必须先打电话"))
    with pytest.raises(BadRequest, match=r"x7.*接待\.txt.*必须先打电话"):
        run_questions(searcher, read_questions(asked))


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (['{"id": "a"}'], "line 1"),
        (['{"id": "a", "question": "问", "answerable": false}', "no json"], "line 2"),
        (['{"id": "a", "question": "问", "answerable": false}'] * 2, "line 2.*'a'.*line 1"),
        ([""], "no questions"),
    ],
)
def test_a_malformed_question_file_is_named_with_its_line(tmp_path: Path, lines: list[str], message: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(BadRequest, match=message):
        read_questions(path)
