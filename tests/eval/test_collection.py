import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from eval.collection import Record, read_collection
from ingest.errors import BadRequest

RECORDS: list[dict[str, Any]] = [
    {"_id": "d2", "title": "接待办法", "text": "接待对象应当提供公函。"},
    {"_id": "d1", "text": "无公函的，不予接待。"},
]
QUERIES: list[dict[str, Any]] = [{"_id": "q2", "text": "要不要公函？"}, {"_id": "q1", "text": "谁不予接待？"}]
QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td2\t1\n"


def dataset(
    folder: Path, records: list[dict[str, Any]] = RECORDS, queries: list[dict[str, Any]] = QUERIES, qrels: str = QRELS
) -> Path:
    for name, lines in (("corpus", records), ("queries", queries)):
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    (folder / "qrels").mkdir()
    (folder / "qrels" / "test.tsv").write_text(qrels, encoding="utf-8")
    return folder


def test_records_stand_by_id_and_queries_as_in_their_file(tmp_path: Path) -> None:
    read = read_collection(dataset(tmp_path))
    assert read.name == tmp_path.name
    assert read.records == (
        Record("d1", "", "无公函的，不予接待。"),
        Record("d2", "接待办法", "接待对象应当提供公函。"),
    )
    assert list(read.queries.items()) == [("q2", "要不要公函？"), ("q1", "谁不予接待？")]
    assert read.qrels == {"q1": {"d1": 1}, "q2": {"d2": 1}}
    assert (read.not_judged, read.notes) == (0, ())


def test_title_and_text_are_joined_where_there_is_a_title() -> None:
    assert (Record("a", "题", "文").in_lines, Record("a", "题", "文").in_one_line) == ("题\n文", "题 文")
    assert (Record("a", "", "文").in_lines, Record("a", "", "文").in_one_line) == ("文", "文")


def test_gzipped_files_are_read(tmp_path: Path) -> None:
    dataset(tmp_path)
    for name in ("corpus", "queries"):
        path = tmp_path / f"{name}.jsonl"
        with gzip.open(f"{path}.gz", "wb") as stream:
            stream.write(path.read_bytes())
        path.unlink()
    assert len(read_collection(tmp_path).records) == 2


def test_queries_and_judgements_may_lie_elsewhere(tmp_path: Path) -> None:
    dataset(tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    dataset(other, queries=[{"_id": 7, "text": "公函？"}], qrels="7 0 d1 2\n")
    read = read_collection(tmp_path, queries=other / "queries.jsonl", qrels=other / "qrels" / "test.tsv")
    # An _id that is a number is taken as text.
    assert (read.queries, read.qrels) == ({"7": "公函？"}, {"7": {"d1": 2}})


def test_queries_without_a_relevant_record_are_left_out(tmp_path: Path) -> None:
    queries = [*QUERIES, {"_id": "q3", "text": "无人判断"}, {"_id": "q4", "text": "判为无关"}]
    read = read_collection(dataset(tmp_path, queries=queries, qrels=QRELS + "q4\td1\t0\n"))
    assert (list(read.queries), list(read.qrels), read.not_judged) == (["q2", "q1"], ["q2", "q1"], 2)


def test_judgements_of_what_there_is_not_are_reported(tmp_path: Path) -> None:
    read = read_collection(dataset(tmp_path, qrels=QRELS + "q1\td8\t1\nq9\td1\t1\nq1\td9\t1\n"))
    # Records that cannot be found stay among the relevant, unknown queries do not.
    assert read.qrels == {"q2": {"d2": 1}, "q1": {"d1": 1, "d8": 1, "d9": 1}}
    of_queries, of_records = read.notes
    assert "1 judgements are of queries that there are not, the first on line 5: 'q9'" in of_queries
    assert "2 judgements are of records that there are not, the first on line 4: 'd8'" in of_records


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"records": [{"title": "题", "text": "文"}]}, r"corpus\.jsonl, line 1: no text under '_id'"),
        ({"records": [{"_id": "d1"}]}, r"corpus\.jsonl, line 1: no text under 'text'"),
        ({"records": [*RECORDS, RECORDS[0]]}, r"corpus\.jsonl, line 3: the id 'd2' stands on line 1 already"),
        ({"records": [{"_id": " ", "text": "文"}]}, r"corpus\.jsonl, line 1: the '_id' is empty"),
        ({"records": [{"_id": "d", "title": ["题"], "text": "文"}]}, r"corpus\.jsonl, line 1: the title is no text"),
        ({"records": []}, r"corpus\.jsonl: no records"),
        ({"queries": []}, r"queries\.jsonl: no queries"),
        ({"queries": [QUERIES[0], QUERIES[0]]}, r"queries\.jsonl, line 2: the id 'q2' stands on line 1 already"),
        ({"queries": [{"_id": "q1", "text": " "}]}, r"queries\.jsonl, line 1: the query 'q1' is empty"),
        ({"qrels": "query-id\tcorpus-id\tscore\n"}, r"test\.tsv: no judgements"),
        ({"qrels": "q9 0 d1 1\n"}, r"test\.tsv: none of the 2 queries of .*queries\.jsonl has a relevant record"),
        ({"qrels": "q1 0 d1 1\nq1 0 d1 0\n"}, r"test\.tsv, line 2: 'd1' has the score 1 for 'q1' on an earlier line"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(BadRequest, match=message):
        read_collection(dataset(tmp_path, **changes))


def test_lines_that_are_no_json_are_named(tmp_path: Path) -> None:
    with (dataset(tmp_path) / "corpus.jsonl").open("a", encoding="utf-8") as stream:
        stream.write("{_id: 3}\n")
    with pytest.raises(BadRequest, match=r"corpus\.jsonl, line 3: not JSON in UTF-8"):
        read_collection(tmp_path)


def test_what_is_missing_is_named_with_what_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(
        BadRequest, match=r"looked for corpus\.jsonl and corpus\.jsonl\.gz; give a folder in BEIR layout"
    ):
        read_collection(tmp_path)
    (tmp_path / "corpus.jsonl").touch()
    with pytest.raises(BadRequest, match=r"the queries are not there; looked for queries\.jsonl .*--queries"):
        read_collection(tmp_path)
    (tmp_path / "queries.jsonl").touch()
    with pytest.raises(BadRequest, match=r"looked for qrels/test\.tsv, or give a file by --qrels"):
        read_collection(tmp_path)


def test_halves_of_characters_become_question_marks(tmp_path: Path) -> None:
    dataset(tmp_path)
    (tmp_path / "corpus.jsonl").write_text('{"_id": "d1", "text": "公\\ud842函"}\n', encoding="utf-8")
    assert read_collection(tmp_path).records[0].text == "公?函"
