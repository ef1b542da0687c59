import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from answer.method import Method
from eval.reading import ReadingQuestion, judged, open_passages, overlap_f1, quote_answers, read_dataset
from ingest.errors import BadRequest
from tests.fakes import FakeEncoder

PASSAGES = [
    {"_id": "P_1", "title": "清河大桥", "text": "清河大桥全长364.6米。桥面宽二十米。大桥由市政公司养护。"},
    {"_id": "P/2", "text": "湿地公园每天早上八点开门。"},
]
ANSWERS = [
    {"_id": "q1", "question": "清河大桥全长多少米？", "passage": "P_1", "answers": ["364.6米"]},
    {"_id": "q2", "question": "湿地公园几点开门？", "passage": "P/2", "answers": ["早上八点", "八点"]},
]


def dataset(folder: Path, answers: list[dict[str, Any]] = ANSWERS, passages: list[dict[str, Any]] = PASSAGES) -> Path:
    with gzip.open(folder / "corpus.jsonl.gz", "wt", encoding="utf-8") as stream:
        stream.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in passages)
    lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in answers)
    (folder / "answers.jsonl").write_text(lines, encoding="utf-8")
    return folder


def question(*answers: str) -> ReadingQuestion:
    return ReadingQuestion("q", "问", "p", answers)


def test_each_question_is_asked_of_its_passage_alone(tmp_path: Path) -> None:
    read = read_dataset(dataset(tmp_path))
    encoder = FakeEncoder()
    searcher = open_passages(read, tmp_path / "cache", encoder=encoder)
    first, second = quote_answers(searcher, read, Method(refuse_below=0.0))
    assert first.contains == 1.0
    assert all(quote in PASSAGES[0]["text"] for quote in first.quotes)
    assert all(quote in PASSAGES[1]["text"] for quote in second.quotes)
    embedded = encoder.encoded
    open_passages(read, tmp_path / "cache", encoder=encoder)
    assert encoder.encoded == embedded


def test_quotations_are_held_against_the_answers() -> None:
    quoted = judged(question("早上八点", "八点"), ["公园在城北。", "每天早上八点开门。"], 1.0)
    # The second holds an answer. The shortest is 公园在城北, which shares nothing with one.
    assert (quoted.contains, quoted.first_contains, quoted.exact, quoted.f1) == (1.0, 0.0, 0.0, 0.0)
    quoted = judged(question("早上八点", "八点"), ["早上八点。"], 1.0)
    assert (quoted.contains, quoted.exact, quoted.f1) == (1.0, 1.0, 1.0)
    assert judged(question("八点"), [], 1.0).is_refused


def test_overlap_is_of_the_longest_common_stretch() -> None:
    # 早上八点 within 每天早上八点开门: 4 common of 8 and 4, 2·4/12. Of 八 and 点 apart only one counts.
    assert overlap_f1("每天早上八点开门", "早上八点") == pytest.approx(2 / 3)
    assert overlap_f1("八个点", "八点") == pytest.approx(2 / 5)
    assert overlap_f1("", "八点") == 0.0


@pytest.mark.parametrize(
    ("answers", "passages", "message"),
    [
        ([{**ANSWERS[0], "passage": "P_9"}], PASSAGES, r"answers\.jsonl, line 1: no passage 'P_9'"),
        ([{**ANSWERS[0], "answers": []}], PASSAGES, r"answers\.jsonl, line 1: answers is a list"),
        ([{"_id": "q", "passage": "P_1", "answers": ["x"]}], PASSAGES, r"line 1: no text under 'question'"),
        (ANSWERS, [PASSAGES[0], PASSAGES[0]], r"corpus\.jsonl\.gz, line 2: passage 'P_1' stands on line 1 already"),
        ([], PASSAGES, "no questions"),
    ],
)
def test_what_is_wrong_is_named(
    tmp_path: Path, answers: list[dict[str, Any]], passages: list[dict[str, Any]], message: str
) -> None:
    with pytest.raises(BadRequest, match=message):
        read_dataset(dataset(tmp_path, answers, passages))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match=r"no corpus\.jsonl or corpus\.jsonl\.gz there"):
        read_dataset(tmp_path)
    dataset(tmp_path)
    (tmp_path / "answers.jsonl").write_text("[1]\n", encoding="utf-8")
    with pytest.raises(BadRequest, match=r"answers\.jsonl, line 1: not a JSON object"):
        read_dataset(tmp_path)
    (tmp_path / "corpus.jsonl.gz").write_bytes(b"not gzip")
    with pytest.raises(BadRequest, match=r"corpus\.jsonl\.gz: cannot be read"):
        read_dataset(tmp_path)
