"""Pairs from files and data sets."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from ingest.errors import BadRequest
from tuning.negatives import examples
from tuning.pairs import read_beir_folder, read_pair_file


def lines(path: Path, *records: Mapping[str, object]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records), encoding="utf-8")
    return path


def test_a_file_of_pairs(tmp_path: Path) -> None:
    source = read_pair_file(
        lines(
            tmp_path / "对.jsonl",
            {"question": "能坐一等座吗", "passage": "坐二等座。", "title": "差旅办法"},
            {"query": "坐什么座", "passages": ["坐软席。", "坐二等座。"]},
            {"query": "还有呢", "passage": "坐软席。"},
        )
    )
    # The same words under another title are another record.
    assert [(one.title, one.text) for one in source.records] == [
        ("差旅办法", "坐二等座。"), ("", "坐软席。"), ("", "坐二等座。"),
    ]  # fmt: skip
    assert [(one.query, one.answers) for one in source.pairs] == [
        ("能坐一等座吗", (0,)), ("坐什么座", (1, 2)), ("还有呢", (1,)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"passage": "甲"}, "对.jsonl, line 1: no text under 'query'"),
        ({"query": "甲"}, "line 1: no text under 'passage'"),
        ({"query": " ", "passage": "甲"}, "line 1: the query is empty"),
        ({"query": "甲", "passages": ["", "乙"]}, "line 1: a passage is empty or no text"),
    ],
)
def test_what_is_wrong_with_a_line(tmp_path: Path, record: dict[str, object], message: str) -> None:
    with pytest.raises(BadRequest, match=message):
        read_pair_file(lines(tmp_path / "对.jsonl", record))


def beir(folder: Path, judgements: str) -> Path:
    lines(folder / "corpus.jsonl", {"_id": "a", "title": "", "text": "甲"}, {"_id": "b", "title": "乙", "text": "丙"})
    lines(folder / "queries.jsonl", {"_id": "1", "text": "问"})
    (folder / "qrels").mkdir()
    (folder / "qrels" / judgements).write_text("query-id\tcorpus-id\tscore\n1\tb\t1\n", encoding="utf-8")
    return folder


def test_a_data_set(tmp_path: Path) -> None:
    source = read_beir_folder(beir(tmp_path / "集", "train.tsv"))
    assert [(one.query, one.answers, one.origin) for one in source.pairs] == [("问", (1,), "集")]


def test_a_test_half_has_to_be_named(tmp_path: Path) -> None:
    folder = beir(tmp_path / "集", "test.tsv")
    with pytest.raises(
        BadRequest, match=r"no qrels/train\.tsv or qrels/dev\.tsv; to train on other judgements name them"
    ):
        read_beir_folder(folder)
    assert len(read_beir_folder(folder, qrels=folder / "qrels" / "test.tsv").pairs) == 1


def test_negatives_are_what_search_finds_and_nobody_would_take_for_an_answer(tmp_path: Path) -> None:
    texts = [
        "可以乘坐火车二等座。",
        "可以乘坐火车二等座的。",
        "会议费实行包干。",
        "住宿费限额标准。",
        "误餐补助。",
        "其他。",
    ]
    source = read_pair_file(
        lines(
            tmp_path / "对.jsonl",
            {"query": "坐火车", "passage": texts[0]},
            *({"query": f"问{place}", "passage": text} for place, text in enumerate(texts[1:])),
        )
    )
    found = examples(source.pairs[:1], source.records, lambda queries: [[2, 0, 5, 1, 3, 4]])
    # The answer 0 is none; the first two others, 2 and 5, are passed over; 1 says nearly what the answer says.
    assert (found[0].answers, found[0].negatives) == ((texts[0],), (texts[3], texts[4]))
