import json
import os
from pathlib import Path

import pytest

from index.snapshot import (
    CATALOGUE,
    LEXICAL,
    VECTORS,
    Snapshot,
    begin,
    check_encoder,
    clean,
    discard,
    live_name,
    open_snapshot,
    publish,
    verify,
)
from ingest.errors import IndexDamaged, IndexMismatch, IndexMissing
from tests.fakes import FakeEncoder


def published(directory: Path, content: str, previous: Snapshot | None = None) -> Snapshot:
    """Publish a snapshot whose catalogue is some text."""
    building = begin(directory, previous)
    (building / CATALOGUE).write_text(content, encoding="utf-8")
    if previous is None:
        (building / VECTORS).write_text("vectors", encoding="utf-8")
        (building / LEXICAL / "meta.json").write_text("{}", encoding="utf-8")
    made_with = {"encoder": "fake-1", "dimension": 4, "tokeniser": "1"}
    return publish(directory, building, previous, **made_with, documents=1, passages=2)  # type: ignore[arg-type]


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in (directory / "snapshots").iterdir())


def test_no_index_is_said_with_how_to_make_one(directory: Path) -> None:
    with pytest.raises(IndexMissing, match="yinju ingest"):
        open_snapshot(directory)
    with pytest.raises(IndexMissing):
        verify(directory)


def test_the_latest_published_is_live_and_two_before_it_are_kept(directory: Path) -> None:
    made: list[Snapshot] = []
    for content in "1234":
        made.append(published(directory, content, made[-1] if made else None))
    assert [snapshot.sequence for snapshot in made] == [1, 2, 3, 4]
    assert open_snapshot(directory) == made[-1]
    assert verify(directory) == made[-1]
    assert names(directory) == [snapshot.path.name for snapshot in made[1:]]
    clean(directory, keep=1)
    assert names(directory) == [made[-1].path.name]


def test_what_stays_the_same_is_linked(directory: Path) -> None:
    first = published(directory, "1")
    second = published(directory, "2", first)
    assert (first.path / VECTORS).samefile(second.path / VECTORS)
    assert not (first.path / CATALOGUE).samefile(second.path / CATALOGUE)
    assert first.manifest.files[VECTORS] == second.manifest.files[VECTORS]


def test_leftovers_of_dead_runs_are_removed_and_others_left(directory: Path) -> None:
    live = published(directory, "1")
    (directory / "snapshots" / "building-1" / LEXICAL).mkdir(parents=True)
    never_live = directory / "snapshots" / "000002-0123456789ab"
    never_live.mkdir()
    (directory / "CURRENT.77").write_text("half", encoding="utf-8")
    (directory / "snapshots" / "mine").mkdir()
    clean(directory)
    assert names(directory) == [live.path.name, "mine"]
    assert not (directory / "CURRENT.77").exists()
    assert live_name(directory) == live.path.name


@pytest.mark.parametrize("damage", ["truncated", "missing", "manifest", "no manifest"])
def test_a_damaged_snapshot_is_replaced_by_the_one_before(directory: Path, damage: str) -> None:
    first = published(directory, "1")
    second = published(directory, "2", first)
    if damage == "truncated":
        os.truncate(second.path / CATALOGUE, 0)
    elif damage == "missing":
        (second.path / VECTORS).unlink()
    elif damage == "manifest":
        (second.path / "manifest.json").write_text("{", encoding="utf-8")
    else:
        (second.path / "manifest.json").unlink()
    opened = open_snapshot(directory)
    assert opened.path == first.path
    assert str(second.path) in opened.notice
    assert "--rebuild" in opened.notice


@pytest.mark.parametrize("content", ["", "000009-ffffffffffff", "nonsense", "\udcff"])
def test_a_damaged_pointer_is_survived(directory: Path, content: str) -> None:
    first = published(directory, "1")
    (directory / "CURRENT").write_bytes(content.encode("utf-8", "surrogateescape"))
    assert open_snapshot(directory).path == first.path


def test_with_no_whole_snapshot_the_damaged_file_is_named(directory: Path) -> None:
    first = published(directory, "1")
    (first.path / VECTORS).unlink()
    with pytest.raises(IndexDamaged, match=r"vectors\.faiss.*--rebuild"):
        open_snapshot(directory)


def test_a_changed_byte_is_found_when_a_small_snapshot_is_opened(directory: Path) -> None:
    first = published(directory, "1")
    second = published(directory, "2", first)
    (second.path / CATALOGUE).write_text("3", encoding="utf-8")
    opened = open_snapshot(directory)
    assert opened.path == first.path
    assert "its content has changed since it was written; run `yinju check --repair`" in opened.notice


def test_a_changed_byte_of_a_large_snapshot_is_found_by_verify_alone(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.snapshot.COMPARED_UP_TO", 9)
    first = published(directory, "1")
    (first.path / CATALOGUE).write_text("2", encoding="utf-8")
    assert open_snapshot(directory) == first
    with pytest.raises(IndexDamaged, match=r"catalogue\.sqlite"):
        verify(directory)


def test_another_format_is_said_so(directory: Path) -> None:
    first = published(directory, "1")
    manifest = json.loads((first.path / "manifest.json").read_text(encoding="utf-8"))
    (first.path / "manifest.json").write_text(json.dumps(manifest | {"format": 99}), encoding="utf-8")
    with pytest.raises(IndexMismatch, match=r"format 99.*--rebuild"):
        open_snapshot(directory)


def test_another_encoder_is_said_so(directory: Path) -> None:
    first = published(directory, "1")
    check_encoder(first, FakeEncoder("fake-1"))
    check_encoder(None, FakeEncoder("fake-2"))
    with pytest.raises(IndexMismatch, match=r"encoder fake-1, not fake-2; .*--rebuild"):
        check_encoder(first, FakeEncoder("fake-2"))


def test_a_snapshot_that_is_removed_is_none_from_the_first_moment(tmp_path: Path) -> None:
    snapshot = tmp_path / "000001-0123456789ab"
    half_gone = tmp_path / "building-gone-000001-0123456789ab"
    for folder in (snapshot, half_gone):
        folder.mkdir()
        (folder / "manifest.json").write_text("{}", encoding="utf-8")
    discard(snapshot)
    assert list(tmp_path.iterdir()) == []
    discard(snapshot)
