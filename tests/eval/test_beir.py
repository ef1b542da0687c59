import json
from math import log2
from pathlib import Path
from typing import Any

import ir_measures
import pytest

from eval.beir import (
    MEASURES,
    SystemRun,
    begin_out,
    evaluation_object,
    finish_out,
    measure,
    read_runs,
    run_systems,
    setup_of,
)
from eval.collection import Collection, Record
from eval.engines import Engines
from eval.retrieval import SYSTEMS
from ingest.errors import BadRequest
from tests.fakes import FakeEncoder

RECORDS = tuple(
    Record(id, "", text)
    for id, text in (
        ("a", "接待对象应当提供公函。"),
        ("b", "无公函的，不予接待。"),
        ("c", "公务用车每年更新一次。"),
        ("d", "公务用车每年更新一次。"),
    )
)
COLLECTION = Collection(
    "接待",
    RECORDS,
    {"q1": "无公函的怎么办？", "q2": "公务用车多久更新一次？", "q3": "公函由谁提供？"},
    {"q1": {"b": 1, "a": 0}, "q2": {"d": 2, "c": 1}, "q3": {"a": 1, "z": 1}},
    0,
    (),
)


def evaluated(cache: Path) -> tuple[list[SystemRun], dict[str, Any]]:
    encoder = FakeEncoder()
    engines = Engines(RECORDS, cache, lambda: encoder)
    runs = run_systems(COLLECTION, engines, tuple(SYSTEMS))
    return runs, evaluation_object(COLLECTION, engines, runs, measure(COLLECTION.qrels, runs))


def test_measures_are_those_worked_out_by_hand() -> None:
    qrels = {"q1": {"a": 1}, "q2": {"b": 1, "z": 1}, "q3": {"c": 1}}
    run = SystemRun("x", {"q1": {"a": 2.0, "b": 1.0}, "q2": {"a": 2.0, "b": 1.0}, "q9": {"a": 1.0}})
    scores = measure(qrels, [run])["x"]
    # q1: found first. q2: one of two found, second: 1/log₂3 of an ideal 1 + 1/log₂3. q3: no results. q9: not judged.
    second = 1 / log2(3)
    assert scores.per_query["nDCG@10"] == {"q1": 1.0, "q2": pytest.approx(second / (1 + second)), "q3": 0.0}
    assert scores.per_query["R@1"] == {"q1": 1.0, "q2": 0.0, "q3": 0.0}
    assert scores.per_query["R@10"] == scores.per_query["R@100"] == {"q1": 1.0, "q2": 0.5, "q3": 0.0}
    assert scores.per_query["RR@10"] == {"q1": 1.0, "q2": 0.5, "q3": 0.0}
    assert scores.measures["nDCG@10"] == pytest.approx((1 + second / (1 + second)) / 3)
    assert (scores.measures["R@1"], scores.measures["R@10"], scores.measures["RR@10"]) == (1 / 3, 0.5, 0.5)
    assert list(scores.measures) == list(scores.intervals) == list(MEASURES)
    # Every resample of the queries has a mean between the worst and the best.
    low, high = scores.intervals["R@10"]
    assert 0.0 <= low < 0.5 < high <= 1.0


def test_files_written_give_exactly_the_measures_printed(tmp_path: Path) -> None:
    runs, evaluation = evaluated(tmp_path / "cache")
    begin_out(tmp_path / "out", COLLECTION)
    finish_out(tmp_path / "out", runs, evaluation)
    assert json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8")) == evaluation
    wanted = [ir_measures.parse_measure(name) for name in MEASURES]
    qrels = list(ir_measures.read_trec_qrels(str(tmp_path / "out" / "qrels.trec")))  # type: ignore[no-untyped-call]
    for name in SYSTEMS:
        run = list(ir_measures.read_trec_run(str(tmp_path / "out" / f"{name}.trec")))  # type: ignore[no-untyped-call]
        again = ir_measures.calc_aggregate(wanted, qrels, run)
        assert {str(one): value for one, value in again.items()} == evaluation["systems"][name]["measures"], name
        of_queries = evaluation["systems"][name]["per_query"]
        for one in ir_measures.iter_calc(wanted, qrels, run):
            assert of_queries[str(one.measure)][one.query_id] == one.value


def test_records_that_tie_stand_by_id_in_the_files_too(tmp_path: Path) -> None:
    runs, evaluation = evaluated(tmp_path)
    for run in runs:
        # c and d say the same; of the two, c counts 1 and d 2, so that the order is seen in the measure.
        scores = run.run["q2"]
        assert list(scores)[:2] == ["c", "d"]
        assert scores["c"] > scores["d"]
    # Gains are 1 and 2 at ranks 1 and 2, ideally 2 and 1.
    expected = (1 + 2 / log2(3)) / (2 + 1 / log2(3))
    assert evaluation["systems"]["hybrid"]["per_query"]["nDCG@10"]["q2"] == pytest.approx(expected)


def test_two_runs_write_the_same_bytes(tmp_path: Path) -> None:
    written = []
    for name in ("one", "two"):
        # Each with a cache of its own, so that all is made anew.
        runs, evaluation = evaluated(tmp_path / f"cache-{name}")
        begin_out(tmp_path / name, COLLECTION)
        finish_out(tmp_path / name, runs, evaluation)
        written.append({path.name: path.read_bytes() for path in (tmp_path / name).glob("*.trec")})
    assert written[0] == written[1]
    assert set(written[0]) == {"qrels.trec", *(f"{name}.trec" for name in SYSTEMS)}


def test_the_object_says_what_was_run_with_what(tmp_path: Path) -> None:
    _, evaluation = evaluated(tmp_path)
    assert (evaluation["dataset"], evaluation["records"], evaluation["queries"]) == ("接待", 4, 3)
    assert (evaluation["encoder"], evaluation["settings"]["without"]) == ("fake-1", [])
    assert (evaluation["settings"]["weights"]["lexical"], evaluation["settings"]["depth"]) == (0.45, 200)
    assert set(evaluation["systems"]["rrf"]) == {"measures", "intervals", "milliseconds", "per_query"}
    assert set(evaluation["systems"]["rrf"]["milliseconds"]) == {"mean", "p95"}


def test_runs_of_other_tools_are_named_by_their_files(tmp_path: Path) -> None:
    for name in ("ours.trec", "lexical.trec"):
        (tmp_path / name).write_text("q1 Q0 b 1 2 x\nq1 Q0 a 2 1 x\n", encoding="utf-8")
    (run,) = read_runs([tmp_path / "ours.trec"], ("lexical",))
    assert (run.name, run.run, run.milliseconds) == ("ours", {"q1": {"b": 2.0, "a": 1.0}}, ())
    with pytest.raises(BadRequest, match=r"lexical\.trec: another run is called 'lexical' already"):
        read_runs([tmp_path / "lexical.trec"], ("lexical",))
    with pytest.raises(BadRequest, match="another run is called 'ours' already"):
        read_runs([tmp_path / "ours.trec", tmp_path / "ours.trec"])


def test_only_parts_of_search_can_be_turned_off() -> None:
    assert setup_of(["bigrams"]).method.weights.fields.bigrams == 0.0
    assert not setup_of(["prefix"]).prefix
    # Understanding is of answering, but search goes by it too.
    assert setup_of(["understanding"]).method.weights.phrase == 0.0
    with pytest.raises(BadRequest, match="--without refusal: is a part of answering"):
        setup_of(["words", "refusal"])
    with pytest.raises(BadRequest, match="no part is called 'bigram'"):
        setup_of(["bigram"])


def test_what_cannot_be_written_is_said_before_anything_is_run(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BadRequest, match=r"file: cannot be written .*--out"):
        begin_out(tmp_path / "file", COLLECTION)
    spaced = Collection("x", (Record("d 1", "", "文"),), {"q": "文"}, {"q": {"d 1": 1}}, 0, ())
    with pytest.raises(BadRequest, match="'d 1' has white space"):
        begin_out(tmp_path / "out", spaced)
    assert not (tmp_path / "out").exists()
