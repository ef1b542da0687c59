from pathlib import Path

import pytest

from eval.embedded import EmbeddingCache
from ingest.errors import BadRequest
from tests.fakes import FakeEncoder


def test_a_second_run_embeds_only_what_is_new(tmp_path: Path) -> None:
    first, second = FakeEncoder(), FakeEncoder()
    vectors = EmbeddingCache(tmp_path / "v.sqlite", first).passages(["作风", "建设", "作风"])
    again = EmbeddingCache(tmp_path / "v.sqlite", second).passages(["建设", "新的", "作风"])
    # A text that comes twice is embedded once; of the second run's three texts one is new.
    assert (first.encoded, second.encoded) == (2, 1)
    assert (vectors[[1, 0]] == again[[0, 2]]).all()
    assert (vectors[0] == vectors[2]).all()


def test_encoders_do_not_share_vectors(tmp_path: Path) -> None:
    EmbeddingCache(tmp_path / "v.sqlite", FakeEncoder("one")).passages(["作风"])
    other = FakeEncoder("two")
    EmbeddingCache(tmp_path / "v.sqlite", other).passages(["作风"])
    assert other.encoded == 1


def test_no_texts_give_no_vectors(tmp_path: Path) -> None:
    assert EmbeddingCache(tmp_path / "v.sqlite", FakeEncoder()).passages([]).shape == (0, 512)


def test_a_place_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "v.sqlite").write_bytes(b"no database at all")
    with pytest.raises(BadRequest, match=r"v\.sqlite: cannot keep vectors there .*--cache"):
        EmbeddingCache(tmp_path / "v.sqlite", FakeEncoder())
