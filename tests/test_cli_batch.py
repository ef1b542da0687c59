import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli import main
from commands.batch import Request, read_requests, run_batch
from ingest.errors import BadRequest


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("文库")
    (folder / "讲话.txt").write_text("讲话\n（2021年3月1日）\n要狠抓落实，再抓落实。", encoding="utf-8")
    index = str(tmp_path_factory.mktemp("索引"))
    assert CliRunner().invoke(main, ["ingest", str(folder), "--index", index]).exit_code == 0
    return index


def run(index: str, command: str, lines: str, out: Path) -> Result:
    batch = out.with_name("in.jsonl")
    batch.write_text(lines, encoding="utf-8")
    return CliRunner().invoke(main, [command, "--batch", str(batch), "--out", str(out), "--index", index])


def read(out: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def test_phrases_in_order_with_their_ids(index: str, tmp_path: Path) -> None:
    first = '{"id": 2, "phrase": "落实", "type": "x"}'
    second = '{"id": "a", "query": "没有"}'
    third = '{"id": null, "question": "抓"}'
    result = run(index, "phrases", f"\ufeff{first}\n\n{second}\r\n{third}", tmp_path / "out.jsonl")
    assert (result.exit_code, result.stdout) == (0, "")
    results = read(tmp_path / "out.jsonl")
    assert [(each["id"], each["phrase"], each["count"]) for each in results] == [
        (2, "落实", 2), ("a", "没有", 0), (None, "抓", 2)]  # fmt: skip
    assert "milliseconds" in results[0]


def test_a_line_that_fails_does_not_end_the_run(index: str, tmp_path: Path) -> None:
    result = run(index, "search", '{"id": 1, "query": " "}\n{"id": 2, "query": "落实"}\n', tmp_path / "out.jsonl")
    assert result.exit_code == 0
    assert "1 of 2 lines failed" in result.stderr
    first, second = read(tmp_path / "out.jsonl")
    assert set(first) == {"id", "error"}
    assert second["id"] == 2
    assert second["hits"]


def test_ask(index: str, tmp_path: Path) -> None:
    assert run(index, "ask", '{"id": 1, "question": "要抓什么？"}', tmp_path / "out.jsonl").exit_code == 0
    (answer,) = read(tmp_path / "out.jsonl")
    assert (answer["id"], answer["question"]) == (1, "要抓什么？")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not JSON"),
        ("[1]", "not a JSON object"),
        ('{"query": "问"}', 'no "id"'),
        ('{"id": 1}', 'no string under "question", "query" or "phrase"'),
        ('{"id": 1, "query": 5}', "no string under"),
    ],
)
def test_a_malformed_line_is_named_and_nothing_written(index: str, tmp_path: Path, line: str, reason: str) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("as it was", encoding="utf-8")
    result = run(index, "search", f'{{"id": 1, "query": "落实"}}\n\n{line}\n', out)
    assert result.exit_code == 1
    assert "line 3: " in result.stderr
    assert reason in result.stderr
    assert out.read_text(encoding="utf-8") == "as it was"


def test_bytes_that_are_not_utf8_are_named(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes('{"id": 1, "query": "问"}'.encode("gb18030"))
    with pytest.raises(BadRequest, match=r"line 1: not UTF-8 \(byte 21\)"):
        read_requests(tmp_path / "in.jsonl")


def test_a_run_cut_short_leaves_the_last_results(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("as it was", encoding="utf-8")

    def work(text: str) -> dict[str, object]:
        if text == "二":
            raise KeyboardInterrupt
        return {"text": text}

    with pytest.raises(KeyboardInterrupt):
        run_batch([Request(1, "一"), Request(2, "二")], work, out)
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]
    assert out.read_text(encoding="utf-8") == "as it was"


def test_where_results_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="cannot be written"):
        run_batch([], lambda text: {}, tmp_path / "no such folder" / "out.jsonl")
