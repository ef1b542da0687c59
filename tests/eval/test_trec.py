import gzip
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.trec import Judgement, check_ids, descending, read_qrels, read_run, write_qrels, write_run
from ingest.errors import BadRequest


def file(folder: Path, text: str, name: str = "f.trec") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_scores_that_tie_are_lowered_by_the_least_there_is() -> None:
    # 32-bit numbers just above and below 1 lie 2⁻²³ and 2⁻²⁴ away.
    assert descending([2.0, 1.0, 1.0, 1.0, 0.5]) == [2.0, 1.0, 1.0 - 2.0**-24, 1.0 - 2.0**-23, 0.5]
    # 1 + 10⁻⁹ is 1 in 32 bits.
    assert descending([1.0 + 1e-9, 1.0]) == [1.0, 1.0 - 2.0**-24]
    assert descending([]) == []


@given(st.lists(st.floats(-1e6, 1e6), max_size=30))
def test_the_order_is_kept_as_it_is_written(scores: list[float]) -> None:
    given_order = sorted(scores, reverse=True)
    written = [np.float32(f"{score:.9g}") for score in descending(given_order)]
    assert all(one > other for one, other in pairwise(written))


def test_a_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    run = {"q2": {"d1": 0.5, "d9": 0.25}, "q1": {"d2": 3.0}}
    write_run(tmp_path / "a.trec", run, "ours")
    assert (tmp_path / "a.trec").read_text(encoding="utf-8") == (
        "q2 Q0 d1 1 0.5 ours\nq2 Q0 d9 2 0.25 ours\nq1 Q0 d2 1 3 ours\n"
    )
    assert read_run(tmp_path / "a.trec") == run


def test_results_come_best_first_whatever_their_order_in_the_file(tmp_path: Path) -> None:
    run = read_run(file(tmp_path, "q Q0 d1 1 0.5 x\n\nq Q0 d2 2 0.75 x\n"))
    assert list(run["q"]) == ["d2", "d1"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("q Q0 d1 1 0.5\n", r"f\.trec, line 1: 5 columns; a run has six"),
        ("q Q0 d1 1 0.5 x\nq Q0 d2 2 high x\n", r"f\.trec, line 2: the score 'high' is no number"),
        ("q Q0 d1 1 nan x\n", r"line 1: the score 'nan' is no number"),
        ("q Q0 d1 1 2 x\nq Q0 d1 2 1 x\n", r"line 2: 'd1' is a result of 'q' already"),
        ("\n", r"f\.trec: no results in this file"),
    ],
)
def test_what_is_wrong_with_a_run_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BadRequest, match=message):
        read_run(file(tmp_path, text))


def test_judgements_are_read_from_both_formats(tmp_path: Path) -> None:
    beir = file(tmp_path, "query-id\tcorpus-id\tscore\nq 1\td1\t1\r\nq2\td2\t0\n", "test.tsv")
    assert list(read_qrels(beir)) == [Judgement(2, "q 1", "d1", 1), Judgement(3, "q2", "d2", 0)]
    write_qrels(tmp_path / "qrels.trec", {"q1": {"d1": 1}, "q2": {"d2": 2}})
    trec = (tmp_path / "qrels.trec").read_text(encoding="utf-8")
    assert trec == "q1 0 d1 1\nq2 0 d2 2\n"
    with gzip.open(tmp_path / "qrels.gz", "wt", encoding="utf-8") as stream:
        stream.write("\ufeff" + trec)
    assert list(read_qrels(tmp_path / "qrels.gz")) == [Judgement(1, "q1", "d1", 1), Judgement(2, "q2", "d2", 2)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("query-id\tcorpus-id\tscore\nq\td\t0.5\n", r"test\.tsv, line 2: the score '0\.5' is no whole number"),
        ("query-id\tcorpus-id\tscore\nq\td\n", r"test\.tsv, line 2: 2 columns; judgements have three"),
        ("q 0 d 1\nq\td\t1\n", r"test\.tsv, line 2: 3 columns"),
        ("q 0 d 1 x\n", r"test\.tsv, line 1: 5 columns"),
        ("query-id\tcorpus-id\tscore\nq\t\t1\n", r"test\.tsv, line 2: an id is empty"),
    ],
)
def test_what_is_wrong_with_judgements_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BadRequest, match=message):
        list(read_qrels(file(tmp_path, text, "test.tsv")))


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match=r"none\.trec: cannot be read"):
        read_run(tmp_path / "none.trec")
    (tmp_path / "a.trec").write_bytes("q Q0 文 1 1 x\n".encode("gb18030"))
    with pytest.raises(BadRequest, match=r"a\.trec, after line 0: not UTF-8"):
        read_run(tmp_path / "a.trec")
    (tmp_path / "a.gz").write_bytes(b"no gzip")
    with pytest.raises(BadRequest, match=r"a\.gz: cannot be read"):
        read_run(tmp_path / "a.gz")


def test_ids_with_white_space_cannot_be_written() -> None:
    check_ids(["q1", "《办法》"])
    for id in ("q 1", "q\t1", " q", ""):
        with pytest.raises(BadRequest, match="white space, which a TREC file cannot hold"):
            check_ids(["q1", id])
