import json
from dataclasses import replace
from pathlib import Path

import pytest

from eval.parts import Setup
from eval.results import read_run, run_object
from eval.store import Header, RunFolder
from index import Searcher
from ingest.errors import BadRequest
from tests.eval.conftest import question

QUESTIONS = [
    question("a", "接待管理办法第一条怎么规定", "接待对象应当提供公函"),
    question("b", "哪些情形不予接待？", "不予接待", type="enumeration", items=("无公函的", "超范围的")),
    question("c", "《养犬管理条例》第三条是什么"),
]
HEADER = Header(
    "q.jsonl", "5ha", 3, None, "2026-01-02T03:04:05Z", "abc", "c0de", "1dx", 1, 3, "fake-1", {"without": []}
)


def finished(folder: Path, searcher: Searcher, header: Header = HEADER) -> RunFolder:
    run = RunFolder(folder, header)
    list(run.go_on(searcher, QUESTIONS, Setup()))
    run.finish(run_object(run.run()))
    return run


def test_an_interrupted_run_goes_on_where_it_ended_and_comes_to_the_same(searcher: Searcher, tmp_path: Path) -> None:
    whole = finished(tmp_path / "whole", searcher)
    broken = RunFolder(tmp_path / "broken", HEADER)
    next(broken.go_on(searcher, QUESTIONS, Setup()))  # one question, then the process ends in the middle of a line
    with (tmp_path / "broken" / "outcomes.jsonl").open("ab") as stream:
        stream.write(b'{"id": "b", "qu')
    later = RunFolder(tmp_path / "broken", replace(HEADER, date="2026-02-03T00:00:00Z", commit="abc+changes"))
    assert later.done == 1
    assert list(later.go_on(searcher, QUESTIONS, Setup())) == [2, 3]
    assert (tmp_path / "broken" / "outcomes.jsonl").read_bytes() == (tmp_path / "whole" / "outcomes.jsonl").read_bytes()
    assert later.run().digest == whole.run().digest
    assert later.header.date == HEADER.date
    assert set(later.run().times) == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("changed", "names"),
    [({"settings": {"without": ["words"]}}, "settings"), ({"sha256": "x", "code": "y"}, "sha256, code")],
)
def test_a_run_of_something_else_is_not_gone_on_with(
    searcher: Searcher, tmp_path: Path, changed: dict[str, object], names: str
) -> None:
    RunFolder(tmp_path / "run", HEADER)
    with pytest.raises(BadRequest, match=rf"run: holds a run begun {HEADER.date} with other {names}; give another"):
        RunFolder(tmp_path / "run", replace(HEADER, **changed))  # type: ignore[arg-type]


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(BadRequest, match="is not empty and holds no run"):
        RunFolder(tmp_path, HEADER)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_damaged_folder_is_named(searcher: Searcher, tmp_path: Path) -> None:
    finished(tmp_path / "run", searcher)
    path = tmp_path / "run" / "outcomes.jsonl"
    path.write_bytes(b"{broken}\n" + path.read_bytes())
    with pytest.raises(BadRequest, match=r"outcomes\.jsonl: damaged .*remove the folder"):
        RunFolder(tmp_path / "run", HEADER)


def test_a_finished_run_is_read_again(searcher: Searcher, tmp_path: Path) -> None:
    run = finished(tmp_path / "run", searcher)
    for place in (tmp_path / "run", tmp_path / "run" / "run.json"):
        read = read_run(place)
        assert (read.sha256, read.code, read.outcomes) == ("5ha", "c0de", run.run().outcomes)


def test_what_is_no_run_is_named(tmp_path: Path) -> None:
    RunFolder(tmp_path / "begun", HEADER)
    with pytest.raises(BadRequest, match="begun: holds no finished run"):
        read_run(tmp_path / "begun")
    (tmp_path / "other.json").write_text(json.dumps({"all": {}}), encoding="utf-8")
    with pytest.raises(BadRequest, match=r"other\.json: not a run .*--out"):
        read_run(tmp_path / "other.json")


def test_a_run_as_an_object_has_every_measure_by_group_and_every_question(searcher: Searcher, tmp_path: Path) -> None:
    whole = run_object(finished(tmp_path / "run", searcher).run())
    assert whole["all"]["questions"] == 3
    assert (whole["all"]["recall@1"], whole["all"]["complete lists"], whole["all"]["refusal F1"]) == (1.0, 1.0, 1.0)
    assert whole["by_type"]["enumeration"]["item F1"] == 1.0
    assert set(whole["by_language"]) == {"zh"}
    assert set(whole["by_document_kind"]) == {"—", "办法"}
    assert whole["intervals"]["by_type"]["rule"]["refusal recall"] == (1.0, 1.0)
    assert set(whole["all"]) >= {"ask p50 ms", "ask p95 ms", "ask p99 ms"}
    assert [one["verdict"] for one in whole["questions"]] == ["right", "right", "rightly refused"]
    assert json.loads(json.dumps(whole))["digest"] == whole["digest"]
