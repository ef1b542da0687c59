import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.builder import update_index
from index.encoder import Encoder
from index.model import Filters
from index.scoring import RankingWeights
from index.searcher import Searcher
from index.snapshot import LEXICAL, VECTORS, open_snapshot
from ingest.errors import BadRequest, IndexDamaged, IndexMismatch, IndexMissing
from tests.fakes import FakeEncoder

MODES = ("hybrid", "lexical", "dense")


@pytest.fixture
def searcher(folder: Path, directory: Path, encoder: FakeEncoder) -> Searcher:
    update_index([folder], directory, encoder=encoder)
    return Searcher.open(directory, encoder=encoder)


@pytest.mark.parametrize("mode", MODES)
def test_the_passage_asked_for_comes_first(searcher: Searcher, mode: str) -> None:
    hits = searcher.search("会议要抑制房价过快上涨", k=2, mode=mode)  # type: ignore[arg-type]
    assert [hit.rank for hit in hits] == [1, 2]
    assert hits[0].document.source == "报告/2008年报告.txt"
    assert "房价" in hits[0].passage.text
    assert hits[0].score > hits[1].score
    text = searcher.catalogue.document(hits[0].document.id).text
    assert text[hits[0].passage.start : hits[0].passage.end] == hits[0].passage.text


def test_no_more_than_asked_for_and_no_passage_twice(searcher: Searcher) -> None:
    hits = searcher.search("办法", k=1000)
    assert len(hits) == searcher.catalogue.counts().passages == len({hit.passage for hit in hits})


@pytest.mark.parametrize("mode", MODES)
def test_only_documents_that_satisfy_the_filters_are_found(searcher: Searcher, mode: str) -> None:
    hits = searcher.search("出差房价", k=99, mode=mode, filters=Filters(sources=("办法/",)))  # type: ignore[arg-type]
    assert {hit.document.source for hit in hits} == {"办法/差旅.txt"}
    assert searcher.search("出差", mode=mode, filters=Filters(sources=("无/",))) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("query", ["", " \n\u3000", "\x00\x1f"])
def test_an_empty_query_is_refused(searcher: Searcher, query: str) -> None:
    with pytest.raises(BadRequest, match="empty"):
        searcher.search(query)


def test_a_bad_number_or_mode_is_refused(searcher: Searcher) -> None:
    with pytest.raises(BadRequest, match="k=0"):
        searcher.search("出差", k=0)
    with pytest.raises(BadRequest, match="hybrid, lexical, dense"):
        searcher.search("出差", mode="fuzzy")  # type: ignore[arg-type]


def test_a_query_of_ten_thousand_characters_with_control_characters(searcher: Searcher) -> None:
    query = "抑制房价\x00过快上涨\ud800" + "各位代表" * 2500
    assert searcher.search(query, k=1)[0].document.source == "报告/2008年报告.txt"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(query=st.text(alphabet=st.characters(), min_size=1, max_size=30))
def test_any_query_gives_hits_or_is_refused(searcher: Searcher, query: str) -> None:
    try:
        hits = searcher.search(query, k=3)
    except BadRequest:
        return
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_ties_stand_by_source_and_position(folder: Path, directory: Path, encoder: FakeEncoder) -> None:
    # Ingested in this order, so that the number of the passage says the opposite of its source.
    for name in ("丙", "乙", "一"):
        (folder.parent / name).mkdir()
        (folder.parent / name / f"{name}.txt").write_text("通知\n请遵照执行。\n", encoding="utf-8")
        update_index([folder.parent / name], directory, encoder=encoder)
    searcher = Searcher.open(directory, encoder=encoder)
    for mode in ("lexical", "dense"):
        hits = searcher.search("请遵照执行", k=3, mode=mode)
        assert [hit.document.source for hit in hits] == ["一.txt", "丙.txt", "乙.txt"]
        assert searcher.search("请遵照执行", k=2, mode=mode) == hits[:2]


def test_the_same_documents_give_the_same_ranking_whatever_their_history(
    folder: Path, tmp_path: Path, encoder: FakeEncoder
) -> None:
    for name in ("办法", "讲话", "报告"):
        update_index([folder / name], tmp_path / "steps", encoder=encoder)
    update_index([folder], tmp_path / "steps", encoder=encoder)
    update_index([folder], tmp_path / "once", encoder=encoder)
    found = [
        [(hit.document.source, hit.passage.start) for hit in Searcher.open(index, encoder=encoder).search("会议", k=9)]
        for index in (tmp_path / "steps", tmp_path / "once")
    ]
    assert found[0] == found[1]


def test_the_encoder_is_loaded_at_the_first_search_by_meaning(searcher: Searcher, directory: Path) -> None:
    loaded: list[FakeEncoder] = []

    def load() -> Encoder:
        loaded.append(FakeEncoder())
        return loaded[-1]

    lazy = Searcher.open(directory, encoder=load)
    lazy.search("出差", mode="lexical")
    assert loaded == []
    lazy.search("出差", mode="dense")
    lazy.search("住宿")
    assert len(loaded) == 1


def test_an_encoder_that_does_not_match_is_refused(searcher: Searcher, directory: Path) -> None:
    lazy = Searcher.open(directory, encoder=lambda: FakeEncoder("other"))
    assert lazy.search("出差", mode="lexical")
    with pytest.raises(IndexMismatch, match="fake-1, not other"):
        lazy.search("出差")


def test_internals_for_composing_answers(searcher: Searcher, encoder: FakeEncoder) -> None:
    assert (searcher.embed("房价") == encoder.encode_queries(["房价"])[0]).all()
    (best,) = searcher.ranked("房价", 1, mode="dense")
    similarity = float(searcher.vectors_of([best[0]])[0] @ searcher.embed("房价"))
    assert similarity == pytest.approx(best[1], abs=1e-6)
    assert "房价" in searcher.catalogue.passage(best[0]).text
    assert searcher.term_frequency("房价") == 1
    only_lexical = [number for number, _ in searcher.ranked("房价", 1, weights=RankingWeights(dense=0.0))]
    assert only_lexical == [number for number, _ in searcher.ranked("房价", 1, mode="lexical")]


def test_threads_get_the_same_answers(searcher: Searcher) -> None:
    expected = searcher.search("房价")
    answers: list[bool] = []

    def ask() -> None:
        answers.extend(searcher.search("房价") == expected for _ in range(10))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [True] * 80


def test_no_index(directory: Path) -> None:
    with pytest.raises(IndexMissing, match="yinju ingest"):
        Searcher.open(directory)


def test_a_damaged_live_snapshot_is_replaced_with_a_notice(
    searcher: Searcher, folder: Path, directory: Path, encoder: FakeEncoder
) -> None:
    assert searcher.notice == ""
    (folder / "新.txt").write_text("新的通知\n内容。\n", encoding="utf-8")
    update_index([folder], directory, encoder=encoder)
    (open_snapshot(directory).path / VECTORS).unlink()
    fallen_back = Searcher.open(directory, encoder=encoder)
    assert "vectors.faiss" in fallen_back.notice
    assert len(fallen_back.catalogue.infos()) == 3
    assert not fallen_back.refresh()
    # The next ingestion makes up for what was lost.
    update_index([folder], directory, encoder=encoder)
    assert fallen_back.refresh()
    assert fallen_back.notice == ""
    assert len(fallen_back.catalogue.infos()) == 4


@pytest.mark.parametrize("name", ["lexical", "vectors"])
def test_damage_that_keeps_the_size_is_named_when_it_is_met(
    searcher: Searcher, directory: Path, encoder: FakeEncoder, name: str
) -> None:
    snapshot = open_snapshot(directory).path
    path = snapshot / VECTORS if name == "vectors" else snapshot / LEXICAL / "meta.json"
    path.write_bytes(b"#" * path.stat().st_size)
    with pytest.raises(IndexDamaged, match=f"{name}.*--rebuild"):
        Searcher.open(directory, encoder=encoder).search("出差")


def test_vectors_of_an_unknown_passage(searcher: Searcher) -> None:
    assert searcher.vectors_of([]).shape == (0, 512)
    assert searcher.vectors_of([1]).dtype == np.float32
    with pytest.raises(KeyError):
        searcher.vectors_of([10**6])


def test_documents_are_recognised_by_name(searcher: Searcher) -> None:
    assert [info.source for info in searcher.names.in_question("《差旅费管理办法》说什么？").named] == ["办法/差旅.txt"]
