import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from eval.collection import Record
from eval.engines import Engines
from eval.parts import Setup, setup_without
from eval.retrieval import RESULTS, SYSTEMS, Found, search_all
from index.encoder import Embeddings
from ingest.errors import BadRequest
from tests.fakes import FakeEncoder

RECORDS = (
    Record("a", "接待办法", "接待对象应当提供公函，由接待单位核对登记，并按照规定的标准安排用餐和住宿，不得超过标准。"),
    Record("b", "", "无公函的，不予接待。"),
    Record(
        "c", "用车办法", "公务用车每年更新一次，由机关事务管理部门统一采购，统一登记，统一报废，任何单位不得自行购置。"
    ),
)


class PlainEncoder(FakeEncoder):
    """Takes line breaks as spaces, and needs 20 milliseconds for a query."""

    def encode_queries(self, texts: Sequence[str]) -> Embeddings:
        self.queries = [*getattr(self, "queries", []), *texts]
        time.sleep(0.02)
        return super().encode_queries(texts)

    def _encode(self, texts: Sequence[str]) -> Embeddings:
        return super()._encode([text.replace("\n", " ") for text in texts])


def engines(
    cache: Path,
    records: Sequence[Record] = RECORDS,
    *,
    without: Sequence[str] = (),
    encoder: FakeEncoder | None = None,
) -> Engines:
    loaded = encoder or FakeEncoder()
    return Engines(records, cache, lambda: loaded, setup_without(without) if without else Setup())


def found(engines: Engines, text: str, *systems: str) -> dict[str, Found]:
    return {one.system: one for one in search_all(engines, {"q": text}, systems or tuple(SYSTEMS))}


def test_every_system_finds_the_record_that_says_what_is_asked(tmp_path: Path) -> None:
    results = found(engines(tmp_path), "公务用车每年更新一次")
    assert set(results) == set(SYSTEMS)
    assert {name: one.ranking[0][0] for name, one in results.items()} == dict.fromkeys(SYSTEMS, 2)
    assert all(one.query == "q" and one.milliseconds > 0 for one in results.values())


def test_hybrid_is_the_weighted_sum_of_both_searches(tmp_path: Path) -> None:
    query = "无公函的，不予接待。"
    results = found(engines(tmp_path), query, "lexical", "dense", "hybrid")
    # The record itself is asked for: it is the best of both searches, 0.45 · 1 + 0.55 · 1.
    hybrid = dict(results["hybrid"].ranking)
    assert next(iter(hybrid)) == 1
    assert hybrid[1] == pytest.approx(1.0)
    lexical, dense = dict(results["lexical"].ranking), dict(results["dense"].ranking)
    assert dense[1] == pytest.approx(1.0)
    # Record c shares no word with the query, and no meaning either: the farthest of those found scores 0.
    assert 2 not in lexical
    assert hybrid[2] == 0.0
    share = (dense[0] - dense[2]) / (dense[1] - dense[2])
    assert hybrid[0] == pytest.approx(0.45 * lexical[0] / lexical[1] + 0.55 * share)


def test_cues_add_what_speaks_for_each_record(tmp_path: Path) -> None:
    results = found(engines(tmp_path), "什么情况“不予接待”？", "hybrid", "cues")
    before, after = dict(results["hybrid"].ranking), dict(results["cues"].ranking)
    # The phrase stands in record b, which has 8 Chinese characters of the 30 of a full passage: 0.25 - 0.3 · 22 / 30.
    assert after[1] - before[1] == pytest.approx(0.25 - 0.3 * 22 / 30)
    # The others are full passages without it.
    assert (after[0], after[2]) == (before[0], before[2])


def test_parts_of_search_are_turned_off(tmp_path: Path) -> None:
    query = "无公函的，“不予接待”。"
    without = found(engines(tmp_path, without=["lexical", "phrase"]), query, "hybrid", "cues")
    # By meaning alone the best scores 0.55; without the phrase only the scrap's share is taken away.
    number, score = without["hybrid"].ranking[0]
    assert number == 1
    assert score == pytest.approx(0.55)
    assert dict(without["cues"].ranking)[1] == pytest.approx(0.55 - 0.3 * 22 / 30)
    # A word of the title alone finds a record by its context, and by nothing else.
    assert found(engines(tmp_path), "办法", "lexical")["lexical"].ranking
    assert not found(engines(tmp_path, without=["context"]), "办法", "lexical")["lexical"].ranking
    untitled = engines(tmp_path, without=["prefix"])
    assert dict(found(untitled, RECORDS[2].text, "dense")["dense"].ranking)[2] == pytest.approx(1.0)


def test_reciprocal_ranks_are_summed(tmp_path: Path) -> None:
    results = found(engines(tmp_path), "无公函的，不予接待。", "bm25-words", "encoder", "rrf")
    assert [number for number, _ in results["bm25-words"].ranking] == [1, 0]
    assert [number for number, _ in results["encoder"].ranking] == [1, 0, 2]
    # Ranks 1 and 1; 2 and 2; only 3.
    assert [number for number, _ in results["rrf"].ranking] == [1, 0, 2]
    assert [score for _, score in results["rrf"].ranking] == pytest.approx([2 / 61, 2 / 62, 1 / 63])


def test_ties_stand_by_record_and_results_end_at_a_hundred(tmp_path: Path) -> None:
    many = tuple(Record(f"{number:03d}", "", "公函由接待单位核对。") for number in range(120))
    for name, one in found(engines(tmp_path, many), "公函").items():
        assert [number for number, _ in one.ranking] == list(range(RESULTS)), name


def test_the_encoder_alone_is_dense_where_lines_are_spaces_to_it(tmp_path: Path) -> None:
    plain = engines(tmp_path, encoder=PlainEncoder())
    assert plain.plain_vectors is plain.vectors
    other = engines(tmp_path)
    assert other.plain_vectors is not other.vectors
    # What is embedded otherwise is "接待办法 接待对象…" instead of "接待办法\n接待对象…".
    expected = FakeEncoder().encode_passages([RECORDS[0].in_one_line])
    assert np.array_equal(other.plain_vectors.of([0]), expected)


def test_a_query_is_embedded_once_and_its_time_counts_for_every_system(tmp_path: Path) -> None:
    encoder = PlainEncoder()
    results = found(engines(tmp_path, encoder=encoder), "公函\u200b？", "dense", "hybrid", "cues", "encoder", "rrf")
    # Once to warm up and once to be timed; what cannot be printed is a space.
    assert encoder.queries == ["公函 ？", "公函 ？"]
    assert all(one.milliseconds >= 20 for one in results.values())


def test_a_second_run_makes_nothing_anew(tmp_path: Path) -> None:
    first = found(engines(tmp_path), "公函")
    kept = {path.relative_to(tmp_path): path.stat().st_ino for path in tmp_path.iterdir()}
    assert sorted(path.name.rpartition("-")[0] for path in kept) == ["", "bm25-bigrams", "bm25-words", "lexical"]
    encoder = FakeEncoder()
    again = found(engines(tmp_path, encoder=encoder), "公函")
    assert {path.relative_to(tmp_path): path.stat().st_ino for path in tmp_path.iterdir()} == kept
    # Two short texts tell whether the encoder takes lines as spaces.
    assert encoder.encoded == 2
    assert {name: one.ranking for name, one in again.items()} == {name: one.ranking for name, one in first.items()}


def test_other_records_have_indexes_of_their_own(tmp_path: Path) -> None:
    found(engines(tmp_path), "公函")
    assert [number for number, _ in found(engines(tmp_path, RECORDS[1:]), "更新", "lexical")["lexical"].ranking] == [1]
    assert len(list(tmp_path.glob("lexical-*"))) == 2


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    encoder = FakeEncoder()
    reporting = Engines(RECORDS, tmp_path, lambda: encoder, report=lambda *one: told.append(one))
    found(reporting, "公函", "lexical", "dense")
    assert told == [("indexing words", 0, 3), ("embedding", 3, 3)]


def test_a_damaged_index_is_named(tmp_path: Path) -> None:
    found(engines(tmp_path), "公函", "lexical")
    (folder,) = tmp_path.glob("lexical-*")
    (folder / "meta.json").write_text("{", encoding="utf-8")
    with pytest.raises(BadRequest, match=r"lexical-\w+: damaged .*remove it"):
        found(engines(tmp_path), "公函", "lexical")


def test_an_encoder_that_is_not_needed_is_not_loaded(tmp_path: Path) -> None:
    ready = engines(tmp_path)
    found(ready, "公函", "lexical", "bm25-words")
    assert ready.encoder_name is None
    found(ready, "公函", "dense")
    assert ready.encoder_name == "fake-1"


def test_an_unknown_system_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="no system is called 'bm26'; there are lexical, dense"):
        found(engines(tmp_path), "公函", "bm26")
