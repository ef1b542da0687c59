"""Pairs from the documents of an index, and from files that say where in them a question is answered."""

import json
from pathlib import Path

import pytest

from index.builder import update_index
from index.searcher import Searcher
from ingest.errors import BadRequest
from tests.fakes import FakeEncoder
from tuning.documents import pairs_of_documents
from tuning.pairs import Pool, check_of, read_place_pairs, read_question_pairs

LONG = (
    "由办公室负责登记，逐项核对用途、时间和经办人，每月汇总一次并报分管负责人审定，年底向全体职工公开结果，接受监督。"
)
OLD = (
    "甲市用车管理办法\n（2019年1月5日甲市人民政府印发）\n"
    f"第一条 本办法所称公车，是指机关的车。{LONG}\n第二条 车辆登记应当{LONG}"
)
NEW = OLD.replace("2019", "2024").replace("每月汇总一次", "每周汇总两次，遇有疑问的当天退回重新填报")


@pytest.fixture
def searcher(tmp_path: Path) -> Searcher:
    (tmp_path / "库").mkdir()
    (tmp_path / "库/旧.txt").write_text(OLD, encoding="utf-8")
    (tmp_path / "库/新.txt").write_text(NEW, encoding="utf-8")
    update_index([tmp_path / "库"], tmp_path / "索引", encoder=FakeEncoder())
    return Searcher.open(tmp_path / "索引", encoder=FakeEncoder())


def test_pairs_of_documents(searcher: Searcher) -> None:
    pool = Pool(searcher.catalogue)
    pairs = pairs_of_documents(searcher.catalogue, pool)
    of_kind: dict[str, list[tuple[str, str, str]]] = {}
    for pair in pairs:
        of_kind.setdefault(pair.origin, []).append((pair.query, pair.text, pool.records[pair.answers[0]].text))
    assert any("公车" in query and "是指机关的车" in answer for query, _, answer in of_kind["definition"])
    registered = [one for one in of_kind["article's subject"] if one[0] == "车辆登记有什么规定"]
    # The subject is cut out of the article of either version, the title stays.
    assert [text for _, text, _ in registered] == [
        f"甲市用车管理办法\n{article[article.index('第二条') + len('第二条 车辆登记') :]}" for article in (NEW, OLD)
    ]
    wordings = [(query[:3], "每周" in query, "每周" in answer) for query, _, answer in of_kind["older wording"]]
    assert wordings == [
        ("本办法", False, True), ("车辆登", False, True),
    ]  # fmt: skip


def test_what_is_said_of_an_article_leads_to_it(tmp_path: Path) -> None:
    (tmp_path / "库").mkdir()
    listed = "第四条 有下列情形之一的，应当登记：\n（一）甲；\n（二）乙。"
    rule = f"{OLD}\n第三条 违反第二条规定不登记车辆的，由办公室约谈并责令限期改正。\n{listed}"
    (tmp_path / "库/办法.txt").write_text(rule, encoding="utf-8")
    update_index([tmp_path / "库"], tmp_path / "索引", encoder=FakeEncoder())
    searcher = Searcher.open(tmp_path / "索引", encoder=FakeEncoder())
    pool = Pool(searcher.catalogue)
    pairs = pairs_of_documents(searcher.catalogue, pool)
    (pair,) = [pair for pair in pairs if pair.origin == "reference"]
    assert pair.query.endswith("违反规定不登记车辆的，由办公室约谈并责令限期改正。")
    assert pool.records[pair.answers[0]].text.startswith("第二条 车辆登记")


def test_places_in_documents(searcher: Searcher, tmp_path: Path) -> None:
    start = OLD.index("第二条")
    lines = [
        {"question": "谁登记", "source": "旧.txt", "start": start, "end": len(OLD), "check": check_of(OLD[start:])},
        {"question": "变了的", "source": "旧.txt", "start": start, "end": len(OLD), "check": "00000000"},
        {"question": "没有的", "source": "无.txt", "start": 0, "end": 9, "check": "00000000"},
    ]
    path = tmp_path / "places.jsonl"
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    pool = Pool(searcher.catalogue)
    (pair,) = read_place_pairs(path, searcher, pool)
    assert (pair.query, [pool.records[one].text for one in pair.answers]) == ("谁登记", [OLD[start:]])
    path.write_text(json.dumps({**lines[0], "start": "零"}), encoding="utf-8")
    with pytest.raises(BadRequest, match=r"places\.jsonl, line 1: start and end are no numbers"):
        read_place_pairs(path, searcher, pool)
    path.write_text(json.dumps(lines[2]), encoding="utf-8")
    with pytest.raises(BadRequest, match="none of its places stands in the index"):
        read_place_pairs(path, searcher, pool)


def test_dev_questions_are_learnt_from_and_held_out_ones_are_not(searcher: Searcher, tmp_path: Path) -> None:
    question = {"id": "1", "question": "谁登记", "answerable": True, "gold": [{"doc": "旧.txt", "quote": OLD[-60:]}]}
    path = tmp_path / "题.jsonl"
    path.write_text(json.dumps({**question, "split": "dev"}, ensure_ascii=False), encoding="utf-8")
    pool = Pool(searcher.catalogue)
    (pair,) = read_question_pairs(path, searcher, pool)
    assert OLD[-60:] in pool.records[pair.answers[0]].text
    path.write_text(json.dumps({**question, "split": "held-out"}, ensure_ascii=False), encoding="utf-8")
    with pytest.raises(BadRequest, match="held-out questions are never trained on"):
        read_question_pairs(path, searcher, pool)
