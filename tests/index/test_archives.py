"""Archives through the index: their members are documents, and only what has changed is opened and read."""

import io
import os
import time
import zipfile
from pathlib import Path

import pytest

from index.builder import update_index
from index.catalogue import Catalogue
from index.model import IngestReport
from index.snapshot import CATALOGUE, live_name, open_snapshot
from ingest.discover import SourceFile
from ingest.isolation import ReaderPool
from tests.fakes import FakeEncoder

LONG_AGO = time.time() - 3600


def pack(path: Path, members: dict[str, str | bytes]) -> None:
    """Write an archive, and make it look as if that were long ago, so that its times are relied on."""
    with zipfile.ZipFile(path, "w") as package:
        for name, content in members.items():
            package.writestr(name, content)
    os.utime(path, (LONG_AGO, LONG_AGO))


def zipped(members: dict[str, str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for name, text in members.items():
            package.writestr(name, text)
    return content.getvalue()


def counts(report: IngestReport) -> tuple[int, int, int, int, int]:
    """Documents in all, added, updated, removed, unchanged."""
    return report.documents, report.added, report.updated, report.removed, report.unchanged


def catalogue(directory: Path) -> Catalogue:
    return Catalogue(open_snapshot(directory).path / CATALOGUE)


def sources(directory: Path) -> list[str]:
    return sorted(info.source for info in catalogue(directory).infos())


class Watched(ReaderPool):
    """Remembers which archives were opened."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    def list_archive(self, file: SourceFile):  # type: ignore[no-untyped-def]
        self.opened.append(file.source)
        return super().list_archive(file)


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rely on a file's times at once: ctime cannot be set."""
    monkeypatch.setattr("index.members._SETTLED", -10_000_000_000)


def test_members_are_documents(folder: Path, directory: Path, encoder: FakeEncoder) -> None:
    pack(folder / "附件.zip", {"甲/一.txt": "通知\n甲。", "二.zip": zipped({"三.txt": "意见\n乙。"}), "图.xyz": "丙"})
    report = update_index([folder], directory, encoder=encoder)
    assert counts(report) == (5, 5, 0, 0, 0)
    assert {failure.source: failure.reason for failure in report.failed} == {
        "附件.zip/图.xyz": "format .xyz not supported; save it as .docx, .pdf or .txt"
    }
    assert [source for source in sources(directory) if "zip" in source] == [
        "附件.zip/二.zip/三.txt",
        "附件.zip/甲/一.txt",
    ]
    assert catalogue(directory).by_source("附件.zip/二.zip/三.txt").text == "意见\n乙。"


@pytest.mark.usefixtures("settled")
def test_an_archive_that_has_not_changed_is_not_opened(folder: Path, directory: Path, encoder: FakeEncoder) -> None:
    pack(folder / "附件.zip", {"一.txt": "通知\n甲。", "空.txt": ""})
    first = update_index([folder], directory, encoder=encoder)
    live = live_name(directory)
    readers = Watched()
    report = update_index([folder], directory, encoder=encoder, readers=readers)
    assert (counts(report), readers.opened, live_name(directory)) == ((4, 0, 0, 0, 4), [], live)
    assert report.failed == first.failed
    assert [failure.source for failure in report.failed] == ["附件.zip/空.txt"]


@pytest.mark.usefixtures("settled")
def test_of_a_changed_archive_only_changed_members_are_read(
    folder: Path, directory: Path, encoder: FakeEncoder
) -> None:
    pack(folder / "附件.zip", {"一.txt": "通知\n甲。", "二.txt": "意见\n乙。", "三.txt": "决定\n丙。"})
    update_index([folder], directory, encoder=encoder)
    pack(folder / "附件.zip", {"零.txt": "批复\n零。", "一.txt": "通知\n甲。", "二.txt": "意见\n丁。"})
    assert counts(update_index([folder], directory, encoder=encoder)) == (6, 1, 1, 1, 4)
    assert catalogue(directory).by_source("附件.zip/二.txt").text == "意见\n丁。"
    readers = Watched()
    assert counts(update_index([folder], directory, encoder=encoder, readers=readers)) == (6, 0, 0, 0, 6)
    assert readers.opened == []


@pytest.mark.usefixtures("settled")
def test_an_archive_that_goes_and_comes_back(folder: Path, directory: Path, encoder: FakeEncoder) -> None:
    pack(folder / "附件.zip", {"一.txt": "通知\n甲。"})
    update_index([folder], directory, encoder=encoder)
    hidden = folder / ".附件.zip"
    (folder / "附件.zip").rename(hidden)
    assert counts(update_index([folder], directory, encoder=encoder)) == (3, 0, 0, 1, 3)
    hidden.rename(folder / "附件.zip")
    assert counts(update_index([folder], directory, encoder=encoder)) == (4, 1, 0, 0, 3)


@pytest.mark.usefixtures("settled")
def test_an_archive_that_is_damaged_keeps_its_last_good_state(
    folder: Path, directory: Path, encoder: FakeEncoder
) -> None:
    pack(folder / "附件.zip", {"一.txt": "通知\n甲。"})
    update_index([folder], directory, encoder=encoder)
    whole = (folder / "附件.zip").read_bytes()
    (folder / "附件.zip").write_bytes(whole[:50])
    for _ in range(2):
        report = update_index([folder], directory, encoder=encoder)
        assert counts(report) in {(4, 0, 0, 0, 3), (4, 0, 0, 0, 4)}
        assert [failure.source for failure in report.failed] == ["附件.zip"]
    assert "附件.zip/一.txt" in sources(directory)
    (folder / "附件.zip").write_bytes(whole)
    report = update_index([folder], directory, encoder=encoder)
    assert (counts(report), report.failed) == ((4, 0, 0, 0, 4), ())


def test_an_archive_given_itself_is_mirrored(folder: Path, directory: Path, encoder: FakeEncoder) -> None:
    pack(folder / "附件.zip", {"一.txt": "通知\n甲。", "二.txt": "意见\n乙。"})
    assert counts(update_index([folder / "附件.zip"], directory, encoder=encoder)) == (2, 2, 0, 0, 0)
    pack(folder / "附件.zip", {"二.txt": "意见\n乙。"})
    assert counts(update_index([folder / "附件.zip"], directory, encoder=encoder)) == (1, 0, 0, 1, 1)


def test_two_archives_of_one_name(folder: Path, directory: Path, encoder: FakeEncoder) -> None:
    for place in ("甲", "乙"):
        (folder / place).mkdir()
        pack(folder / place / "附件.zip", {"一.txt": f"通知\n{place}。"})
    report = update_index([folder / "甲", folder / "乙"], directory, encoder=encoder)
    assert counts(report) == (1, 1, 0, 0, 0)
    assert [failure.source for failure in report.failed] == ["附件.zip/一.txt"]
    assert "has a document of the same name" in report.failed[0].reason


def test_what_could_not_be_read_is_tried_again_when_asked(folder: Path, directory: Path, encoder: FakeEncoder) -> None:
    pack(folder / "附件.zip", {"一.txt": "通知\n甲。", "空.txt": ""})
    (folder / "坏.txt").write_bytes(b"")
    update_index([folder], directory, encoder=encoder)
    for retry in (True, False):
        report = update_index([folder], directory, encoder=encoder, retry=retry)
        assert counts(report) == (4, 0, 0, 0, 4)
        assert [failure.source for failure in report.failed] == ["坏.txt", "附件.zip/空.txt"]
    assert [failure.source for failure in catalogue(directory).failures()] == ["坏.txt", "附件.zip/空.txt"]
