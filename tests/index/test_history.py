from pathlib import Path

import pytest

from index.builder import update_index
from index.catalogue import Catalogue
from index.check import check
from index.history import bytes_on_disk, list_snapshots, roll_back
from index.searcher import Searcher
from index.snapshot import CATALOGUE, live_name, open_snapshot
from ingest.errors import BadRequest, IndexDamaged, IndexMissing
from tests.fakes import FakeEncoder


def quiet(stage: str, done: int, total: int) -> None:
    """Progress that nobody wants to know."""


def back(directory: Path, name: str | None = None) -> str:
    return roll_back(directory, name, wait=1, progress=quiet)[1]


def number_of_documents(directory: Path) -> int:
    return len(Catalogue(open_snapshot(directory).path / CATALOGUE).infos())


@pytest.fixture
def states(folder: Path, directory: Path, encoder: FakeEncoder) -> list[str]:
    """The names of three states, of one, two and three documents."""
    names = []
    for name in ("讲话", "办法", "报告"):
        update_index([folder / name], directory, encoder=encoder)
        names.append(str(live_name(directory)))
    return names


def test_snapshots_are_listed_newest_first(directory: Path, states: list[str]) -> None:
    kept = list_snapshots(directory)
    assert [snapshot.name for snapshot in kept] == states[::-1]
    assert [snapshot.is_live for snapshot in kept] == [True, False, False]
    assert [snapshot.documents for snapshot in kept] == [3, 2, 1]
    assert all(snapshot.published and snapshot.bytes and not snapshot.damage for snapshot in kept)
    files = {
        (path.stat().st_ino, path.stat().st_size) for path in (directory / "snapshots").rglob("*") if path.is_file()
    }
    assert bytes_on_disk(directory) == sum(size for _, size in files)


def test_going_back_makes_the_state_before_live_and_again_undoes_it(
    directory: Path, states: list[str], encoder: FakeEncoder
) -> None:
    searcher = Searcher.open(directory, encoder=encoder)
    assert back(directory) == states[1]
    assert number_of_documents(directory) == 2
    assert check(directory).is_sound
    assert searcher.refresh()
    assert {hit.document.source for hit in searcher.search("会议 办法", k=9)} == {"作风.txt", "差旅.txt"}
    assert back(directory) == states[2]
    assert number_of_documents(directory) == 3
    assert [snapshot.name[:6] for snapshot in list_snapshots(directory)] == ["000005", "000004", "000003"]


@pytest.mark.parametrize("by_number", [True, False])
def test_going_back_to_a_state_by_its_name(directory: Path, states: list[str], by_number: bool) -> None:
    assert back(directory, "1" if by_number else states[0]) == states[0]
    assert number_of_documents(directory) == 1


def test_ingesting_goes_on_from_there(folder: Path, directory: Path, states: list[str], encoder: FakeEncoder) -> None:
    back(directory, states[0])
    report = update_index([folder / "报告"], directory, encoder=encoder)
    assert (report.documents, report.added) == (2, 1)
    assert check(directory).is_sound


@pytest.mark.parametrize("name", ["000009-ffffffffffff", "9", "", "../..", "live"])
def test_a_state_that_there_is_not(directory: Path, states: list[str], name: str) -> None:
    with pytest.raises(BadRequest, match=f"no such earlier snapshot; there are {states[1]}, {states[0]}"):
        back(directory, name)
    with pytest.raises(BadRequest):
        back(directory, states[2])
    assert live_name(directory) == states[2]


def test_nothing_before_and_no_index(folder: Path, directory: Path, encoder: FakeEncoder) -> None:
    with pytest.raises(IndexMissing, match="yinju ingest"):
        back(directory)
    with pytest.raises(IndexMissing, match="yinju ingest"):
        list_snapshots(directory)
    assert not directory.exists()
    update_index([folder], directory, encoder=encoder)
    with pytest.raises(BadRequest, match="the live one is the only one"):
        back(directory)


def test_a_damaged_state_is_not_gone_back_to(directory: Path, states: list[str]) -> None:
    path = directory / "snapshots" / states[1] / CATALOGUE
    path.write_bytes(path.read_bytes()[:-1] + b"\xff")
    with pytest.raises(IndexDamaged, match="its content has changed"):
        back(directory)
    (directory / "snapshots" / states[0] / "manifest.json").write_text("{", encoding="utf-8")
    assert "missing or damaged" in list_snapshots(directory)[2].damage
    assert live_name(directory) == states[2]


def test_as_many_are_kept_as_are_asked_for(folder: Path, directory: Path, encoder: FakeEncoder) -> None:
    for number in range(5):
        (folder / "年.txt").write_text(f"第{number}年的报告\n内容。\n", encoding="utf-8")
        update_index([folder], directory, encoder=encoder, keep=4)
    assert len(list_snapshots(directory)) == 4
    roll_back(directory, keep=2, wait=1, progress=quiet)
    assert len(list_snapshots(directory)) == 2
