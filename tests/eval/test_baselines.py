from math import log
from pathlib import Path

import numpy as np
import pytest

from eval.baselines import best, build_bm25, character_bigrams, jieba_words, kept, open_bm25
from ingest.errors import BadRequest


def test_words_are_those_of_jieba_without_punctuation() -> None:
    assert jieba_words("公务接待，Wi-Fi 365天！") == ["公务", "接待", "wi", "fi", "365", "天"]


def test_bigrams_are_of_chinese_characters_and_other_runs_stay_whole() -> None:
    assert character_bigrams("公务车，A4纸3张") == ["公务", "务车", "a4", "纸", "3", "张"]
    assert character_bigrams("。") == []


def test_scores_are_those_of_bm25(tmp_path: Path) -> None:
    build_bm25(tmp_path, ["甲乙", "丙丁", "丙丁"], character_bigrams)
    index = open_bm25(tmp_path, character_bigrams)
    # Lucene's BM25 with k1 = 1.5: texts of one term are of average length, so tf / (tf + k1) = 1 / 2.5. 甲乙 is in 1 of
    # 3 texts, its idf ln(1 + 2.5 / 1.5); 丙丁 in 2, its idf ln(1 + 1.5 / 2.5).
    rare, common = 0.4 * log(1 + 2.5 / 1.5), 0.4 * log(1 + 1.5 / 2.5)
    # A term that comes twice in the query counts twice: 0.376 against 0.392. Texts that tie stand by number.
    found = index.search("丙丁。甲乙。丙丁", 5)
    assert [number for number, _ in found] == [0, 1, 2]
    assert [score for _, score in found] == pytest.approx([rare, 2 * common, 2 * common])
    assert [number for number, _ in index.search("丙丁", 1)] == [1]
    assert index.search("戊己", 5) == index.search("", 5) == []


def test_the_best_are_found_without_sorting_all() -> None:
    scores = np.array([0.0, 2.0, 1.0, 3.0, 1.0, 1.0], np.float32)
    assert best(scores, 3) == [(3, 3.0), (1, 2.0), (2, 1.0)]
    assert best(scores, 9) == [(3, 3.0), (1, 2.0), (2, 1.0), (4, 1.0), (5, 1.0)]
    assert best(np.zeros(4, np.float32), 2) == []


def test_what_is_kept_is_made_once(tmp_path: Path) -> None:
    made: list[Path] = []

    def make(folder: Path) -> None:
        made.append(folder)
        (folder / "index").write_text("done", encoding="utf-8")

    folder = tmp_path / "cache" / "words-1"
    assert kept(folder, make) == kept(folder, make) == folder
    assert (len(made), (folder / "index").read_text(encoding="utf-8")) == (1, "done")
    assert list(folder.parent.iterdir()) == [folder]


def test_a_crash_leaves_nothing_half_made(tmp_path: Path) -> None:
    def crash(folder: Path) -> None:
        (folder / "index").write_text("half", encoding="utf-8")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kept(tmp_path / "words-1", crash)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BadRequest, match=r"words-1: cannot be made .*--cache"):
        kept(tmp_path / "file" / "words-1", lambda folder: None)


def test_a_damaged_index_is_named(tmp_path: Path) -> None:
    build_bm25(tmp_path, ["甲乙"], character_bigrams)
    (tmp_path / "params.index.json").write_text("{", encoding="utf-8")
    with pytest.raises(BadRequest, match=r"damaged .*remove it"):
        open_bm25(tmp_path, character_bigrams)
