import json
from pathlib import Path
from typing import Any

import pytest

from commands.evaluation import evaluate
from tests.invoke import yinju

RULE = """接待管理办法
第一条 接待对象应当提供公函。
第二条 有下列情形之一的，不予接待：
（一）无公函的；
（二）超范围的。
"""
QUESTIONS: list[dict[str, Any]] = [
    {"id": "a", "question": "接待管理办法第一条怎么规定？", "type": "citation", "answerable": True,
     "gold": [{"doc": "接待.txt", "quote": "接待对象应当提供公函"}]},
    {"id": "b", "question": "哪些情形不予接待？", "type": "enumeration", "answerable": True,
     "gold": [{"doc": "接待.txt", "quote": "不予接待"}], "items": ["无公函的", "超范围的"]},
    {"id": "c", "question": "《养犬管理条例》第三条是什么？", "type": "unanswerable", "answerable": False},
]  # fmt: skip


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, index = tmp_path_factory.mktemp("文库"), tmp_path_factory.mktemp("索引")
    (folder / "接待.txt").write_text(RULE, encoding="utf-8")
    assert yinju("ingest", folder, "--index", index).exit_code == 0
    return index


def write(path: Path, records: list[dict[str, Any]], **more: str) -> Path:
    lines = "".join(json.dumps({**record, **more}, ensure_ascii=False) + "\n" for record in records)
    path.write_text(lines, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", evaluate.commands)
def test_every_command_of_the_evaluation_has_help(name: str) -> None:
    command = evaluate.commands[name]
    assert command.help
    for parameter in command.params:
        assert getattr(parameter, "help", "an argument") or parameter.param_type_name == "argument"


def test_a_run_is_printed_and_kept_and_read_again(index: Path, tmp_path: Path) -> None:
    asked = write(tmp_path / "q.jsonl", QUESTIONS)
    printed = yinju("eval", "questions", asked, "--index", index, "--out", tmp_path / "run", "--json")
    assert printed.exit_code == 0, printed.output
    run = json.loads(printed.stdout)
    assert (run["all"]["recall@1"], run["all"]["complete lists"], run["all"]["refusal F1"]) == (1.0, 1.0, 1.0)
    assert {path.name for path in (tmp_path / "run").iterdir()} == {
        "header.json",
        "outcomes.jsonl",
        "times.jsonl",
        "run.json",
        "report.html",
    }
    again = yinju("eval", "questions", asked, "--index", index, "--out", tmp_path / "run", "--json")
    assert "3 of 3 questions are asked already" in again.stderr
    assert json.loads(again.stdout)["digest"] == run["digest"]


def test_the_table_names_types_languages_and_intervals(index: Path, tmp_path: Path) -> None:
    printed = yinju("eval", "questions", write(tmp_path / "q.jsonl", QUESTIONS), "--index", index)
    assert printed.exit_code == 0
    for expected in ("citation", "enumeration", "unanswerable", "zh", "95 % interval", "calibration error", "p95"):
        assert expected in printed.stdout


def test_evidence_that_cannot_be_found_is_named_and_the_run_goes_on(index: Path, tmp_path: Path) -> None:
    misquoted = {**QUESTIONS[0], "gold": [{"doc": "接待.txt", "quote": "接待对象应当打电话"}]}
    elsewhere = {**QUESTIONS[1], "gold": [{"doc": "别处.txt", "quote": "不予接待"}]}
    asked = write(tmp_path / "q.jsonl", [misquoted, elsewhere])
    printed = yinju("eval", "questions", asked, "--index", index, "--json")
    assert printed.exit_code == 0
    assert "line 1, a: not word for word in 接待.txt" in printed.stderr
    assert "agrees up to '接待对象应当'" in printed.stderr
    assert "line 2, b: 别处.txt: no such document" in printed.stderr
    assert [problem["line"] for problem in json.loads(printed.stdout)["problems"]] == [1, 2]


def test_a_file_that_cannot_be_run_ends_with_its_lines(index: Path, tmp_path: Path) -> None:
    asked = write(tmp_path / "q.jsonl", [QUESTIONS[0], QUESTIONS[0], {"id": "x", "question": "", "answerable": "yes"}])
    printed = yinju("eval", "questions", asked, "--index", index)
    assert printed.exit_code == 1
    assert "line 2, a: this id stands on line 1 already" in printed.stderr
    assert 'line 3, x: answerable is true or false, not "yes"' in printed.stderr


def test_parts_are_turned_off_and_runs_compared(index: Path, tmp_path: Path) -> None:
    asked = write(tmp_path / "q.jsonl", QUESTIONS)
    whole, without = tmp_path / "whole.json", tmp_path / "without.json"
    whole.write_text(yinju("eval", "questions", asked, "--index", index, "--json").stdout, encoding="utf-8")
    less = yinju("eval", "questions", asked, "--index", index, "--without", "missing", "--set", "dense=0.3", "--json")
    without.write_text(less.stdout, encoding="utf-8")
    assert json.loads(less.stdout)["settings"]["without"] == ["missing"]
    assert json.loads(less.stdout)["settings"]["weights"]["dense"] == 0.3
    printed = yinju("eval", "compare", whole, without)
    assert printed.exit_code == 0
    assert "refusal F1" in printed.stdout
    compared = json.loads(yinju("eval", "compare", whole, without, "--measure", "refusal F1", "--json").stdout)
    assert list(compared["comparisons"][0]["measures"]) == ["refusal F1"]
    assert {"wins", "losses", "ties", "p", "corrected", "difference"} <= set(
        compared["comparisons"][0]["measures"]["refusal F1"]
    )


def test_runs_over_other_files_are_not_compared(index: Path, tmp_path: Path) -> None:
    for name, records in (("a", QUESTIONS), ("b", QUESTIONS[:2])):
        asked = write(tmp_path / f"{name}.jsonl", records)
        printed = yinju("eval", "questions", asked, "--index", index, "--json")
        (tmp_path / f"{name}.json").write_text(printed.stdout, encoding="utf-8")
    printed = yinju("eval", "compare", tmp_path / "a.json", tmp_path / "b.json")
    assert (printed.exit_code, "different question files" in printed.stderr) == (1, True)
    assert yinju("eval", "compare", tmp_path / "a.json").exit_code == 2


def test_trec_runs_are_compared(tmp_path: Path) -> None:
    (tmp_path / "qrels.trec").write_text("q1 0 d1 1\nq2 0 d2 1\n", encoding="utf-8")
    (tmp_path / "good.trec").write_text("q1 Q0 d1 1 2.0 good\nq2 Q0 d2 1 2.0 good\n", encoding="utf-8")
    (tmp_path / "half.trec").write_text("q1 Q0 d1 1 2.0 half\nq2 Q0 d9 1 2.0 half\n", encoding="utf-8")
    runs = (tmp_path / "good.trec", tmp_path / "half.trec")
    compared = json.loads(yinju("eval", "compare", *runs, "--measure", "RR@10", "--json").stdout)
    found = compared["comparisons"][0]["measures"]["RR@10"]
    # The right record first for both queries, against one of two.
    assert (found["baseline"], found["value"], found["losses"], found["ties"]) == (1.0, 0.5, 1, 1)
    missing = yinju("eval", "compare", *runs, "--qrels", tmp_path / "good.trec")
    assert (missing.exit_code, "columns" in missing.stderr) == (1, True)


def test_an_ablation_has_a_row_for_every_part(index: Path, tmp_path: Path) -> None:
    asked = write(tmp_path / "q.jsonl", QUESTIONS)
    cache = tmp_path / "cache"
    options = ("--part", "missing", "--part", "prefix", "--cache", cache, "--index", index)
    printed = json.loads(yinju("eval", "ablate", asked, *options, "--json").stdout)
    assert [one["run"] for one in printed["comparisons"]] == ["without missing", "without prefix"]
    assert "without missing" in yinju("eval", "ablate", asked, *options).stdout
    assert "bigrams" in yinju("eval", "ablate", "--parts").stdout
    unknown = yinju("eval", "ablate", asked, "--part", "wrds", "--index", index)
    assert (unknown.exit_code, "no part is called 'wrds'" in unknown.stderr) == (1, True)


def test_held_out_runs_are_recorded_and_not_ablated(index: Path, tmp_path: Path) -> None:
    asked = write(tmp_path / "held.jsonl", QUESTIONS, split="held-out")
    first = yinju("eval", "questions", asked, "--index", index, "--json")
    assert "1 different systems have been tried" in first.stderr
    second = yinju("eval", "questions", asked, "--index", index, "--without", "words", "--json")
    assert json.loads(second.stdout)["ledger"]["runs"] == 2
    entries = [json.loads(line) for line in (tmp_path / "held.ledger.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [entry["settings"]["without"] for entry in entries] == [[], ["words"]]
    assert entries[0]["sha256"] == json.loads(first.stdout)["set"]["sha256"]
    refused = yinju("eval", "ablate", asked, "--index", index)
    assert (refused.exit_code, "held-out questions are not for choosing" in refused.stderr) == (1, True)


def test_often_used_held_out_questions_are_warned_of(index: Path, tmp_path: Path) -> None:
    asked = write(tmp_path / "held.jsonl", QUESTIONS[2:], split="held-out")
    for number in range(9):
        yinju("eval", "questions", asked, "--index", index, "--set", f"dense=0.{number}")
    last = yinju("eval", "questions", asked, "--index", index)
    assert "10 different systems have been tried" in last.stderr
    assert "used often" in last.stderr


def test_dev_and_held_out_questions_do_not_mix(index: Path, tmp_path: Path) -> None:
    mixed = [{**QUESTIONS[0], "split": "dev"}, {**QUESTIONS[1], "split": "held-out"}]
    printed = yinju("eval", "questions", write(tmp_path / "q.jsonl", mixed), "--index", index)
    assert printed.exit_code == 1
    assert "line 2, b: split is held-out here and dev on line 1" in printed.stderr


def test_reading_is_measured(tmp_path: Path) -> None:
    passage = {"_id": "P1", "title": "", "text": "清河大桥全长364.6米。大桥由市政公司养护，每年检查一次。"}
    answer = {"_id": "q", "question": "清河大桥全长多少米？", "passage": "P1", "answers": ["364.6米"]}
    write(tmp_path / "corpus.jsonl", [passage])
    write(tmp_path / "answers.jsonl", [answer])
    cache = tmp_path / "cache"
    printed = json.loads(yinju("eval", "reading", tmp_path, "--cache", cache, "--json").stdout)
    assert (printed["questions"], printed["measures"]["answer quoted"]) == (1, 1.0)
    assert "EM" in yinju("eval", "reading", tmp_path, "--cache", cache).stdout
