import json
from pathlib import Path
from typing import Any

import pytest

from eval.retrieval import SYSTEMS
from tests.invoke import yinju

RECORDS: list[dict[str, Any]] = [
    {"_id": "r1", "title": "接待办法 第一条", "text": "接待对象应当提供公函。"},
    {"_id": "r2", "title": "接待办法 第二条", "text": "无公函的，不予接待。"},
    {"_id": "r3", "title": "用车办法 第一条", "text": "公务用车每年更新一次。"},
]
QUERIES = [{"_id": "q1", "text": "公务用车多久更新一次？"}, {"_id": "q2", "text": "没有公函接待吗？"}]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, records in (("corpus", RECORDS), ("queries", QUERIES)):
        lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        (tmp_path / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    (tmp_path / "qrels").mkdir()
    qrels = "query-id\tcorpus-id\tscore\nq1\tr3\t1\nq2\tr2\t1\n"
    (tmp_path / "qrels" / "test.tsv").write_text(qrels, encoding="utf-8")
    return tmp_path


def test_all_systems_are_printed_and_kept(folder: Path, cache: Path) -> None:
    printed = yinju("eval", "beir", folder, "--cache", cache, "--out", folder / "out", "--json")
    assert printed.exit_code == 0, printed.output
    evaluation = json.loads(printed.stdout)
    assert list(evaluation["systems"]) == list(SYSTEMS)
    # Three records are fewer than ten.
    assert {system["measures"]["R@10"] for system in evaluation["systems"].values()} == {1.0}
    assert set(evaluation["systems"]["cues"]["milliseconds"]) == {"mean", "p95"}
    assert "per_query" not in evaluation["systems"]["cues"]
    kept = json.loads((folder / "out" / "run.json").read_text(encoding="utf-8"))
    assert kept["systems"]["cues"].pop("per_query")["RR@10"] == {"q1": 1.0, "q2": 1.0}
    assert kept["systems"]["cues"] == evaluation["systems"]["cues"]
    assert (folder / "out" / "qrels.trec").read_text(encoding="utf-8") == "q1 0 r3 1\nq2 0 r2 1\n"
    again = yinju("eval", "beir", folder, "--cache", cache, "--out", folder / "again", "--json")
    assert again.exit_code == 0
    for name in SYSTEMS:
        file = f"{name}.trec"
        assert (folder / "out" / file).read_bytes() == (folder / "again" / file).read_bytes()


def test_a_table_is_printed_with_the_runs_of_others(folder: Path, cache: Path) -> None:
    (folder / "other.trec").write_text("q1 Q0 r1 1 9 x\nq1 Q0 r3 2 8 x\n", encoding="utf-8")
    printed = yinju("eval", "beir", folder, "--cache", cache, "--system", "bm25-words", "--run", folder / "other.trec")
    assert printed.exit_code == 0, printed.output
    assert "3 records, 2 queries" in printed.stdout
    rows = {line.split()[1]: line.split() for line in printed.stdout.splitlines() if line.startswith("│")}
    assert set(rows) == {"bm25-words", "other"}
    # The other run found r3 second for q1 and nothing for q2: R@10 1/2, RR@10 1/4, and no times.
    assert [cell for cell in rows["other"] if cell != "│"][5:] == ["0.000", "0.500", "0.500", "0.250", "–", "–"]


def test_queries_and_judgements_are_given_apart(folder: Path, cache: Path) -> None:
    (folder / "more.jsonl").write_text('{"_id": "m1", "text": "谁提供公函？"}\n{"_id": "m2", "text": "？"}\n')
    (folder / "more.trec").write_text("m1 0 r1 1\nm1 0 r7 1\nm9 0 r1 1\n")
    options = ("--queries", folder / "more.jsonl", "--qrels", folder / "more.trec", "--system", "lexical")
    printed = yinju("eval", "beir", folder, "--cache", cache, *options, "--json")
    evaluation = json.loads(printed.stdout)
    assert (evaluation["queries"], evaluation["queries_not_judged"], evaluation["encoder"]) == (1, 1, None)
    assert evaluation["systems"]["lexical"]["measures"]["R@10"] == 0.5
    assert "1 judgements are of queries that there are not, the first on line 3: 'm9'" in printed.stderr
    assert "1 judgements are of records that there are not, the first on line 2: 'r7'" in printed.stderr
    assert "1 queries have no relevant record and are left out." in printed.stderr


def test_parts_are_turned_off(folder: Path, cache: Path) -> None:
    options = ("--cache", cache, "--system", "lexical", "--json")
    whole = json.loads(yinju("eval", "beir", folder, *options).stdout)
    without = json.loads(yinju("eval", "beir", folder, *options, "--without", "words").stdout)
    assert (whole["settings"]["without"], without["settings"]["without"]) == ([], ["words"])
    assert without["settings"]["weights"]["fields"]["words"] == 0.0
    refused = yinju("eval", "beir", folder, *options, "--without", "refusal")
    assert (refused.exit_code, "--without refusal: is a part of answering" in refused.stderr) == (1, True)


def test_what_is_wrong_is_said(folder: Path, tmp_path: Path, cache: Path) -> None:
    unknown = yinju("eval", "beir", folder, "--system", "bm26")
    assert (unknown.exit_code, "no system is called 'bm26'" in unknown.stderr) == (2, True)
    (folder / "corpus.jsonl").write_text('{"_id": "r1"}\n')
    wrong = yinju("eval", "beir", folder, "--cache", cache)
    assert (wrong.exit_code, "corpus.jsonl, line 1: no text under 'text'" in wrong.stderr) == (1, True)
    (folder / "corpus.jsonl").unlink()
    missing = yinju("eval", "beir", folder, "--cache", cache)
    assert (missing.exit_code, "looked for corpus.jsonl and corpus.jsonl.gz" in missing.stderr) == (1, True)


def test_the_help_names_every_system() -> None:
    text = " ".join(yinju("eval", "beir", "--help").stdout.split())
    assert all(name in text for name in SYSTEMS)
