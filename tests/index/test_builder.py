import multiprocessing
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from index.builder import update_index
from index.catalogue import Catalogue
from index.encoder import Embeddings
from index.lock import write_lock
from index.model import IngestReport
from index.searcher import Searcher
from index.snapshot import CATALOGUE, live_name, open_snapshot, verify
from ingest.errors import BadRequest, IndexBusy, IndexDamaged, IndexMismatch, YinjuError
from tests.fakes import FakeEncoder


def counts(report: IngestReport) -> tuple[int, int, int, int, int]:
    """Documents in all, added, updated, removed, unchanged."""
    return report.documents, report.added, report.updated, report.removed, report.unchanged


def sources(directory: Path) -> list[str]:
    return sorted(info.source for info in Catalogue(open_snapshot(directory).path / CATALOGUE).infos())


def test_a_folder_is_taken_in(folder: Path, directory: Path, encoder: FakeEncoder) -> None:
    report = update_index([folder], directory, encoder=encoder)
    assert counts(report) == (3, 3, 0, 0, 0)
    assert report.failed == ()
    assert report.passages == encoder.encoded > 0
    assert report.passages_per_second > 0
    assert sources(directory) == ["办法/差旅.txt", "报告/2008年报告.txt", "讲话/作风.txt"]
    assert verify(directory).manifest.passages == report.passages


def test_nothing_changed_writes_and_embeds_nothing(folder: Path, directory: Path, encoder: FakeEncoder) -> None:
    update_index([folder], directory, encoder=encoder)
    live, encoded = live_name(directory), encoder.encoded
    for path in folder.rglob("*.txt"):
        os.utime(path)
    assert counts(update_index([folder], directory, encoder=encoder)) == (3, 0, 0, 0, 3)
    assert (live_name(directory), encoder.encoded) == (live, encoded)


def test_a_change_that_keeps_size_and_time_is_noticed(folder: Path, directory: Path, encoder: FakeEncoder) -> None:
    path = folder / "报告/2008年报告.txt"
    update_index([folder], directory, encoder=encoder)
    status = path.stat()
    path.write_text(path.read_text(encoding="utf-8").replace("5.5%", "6.6%"), encoding="utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert counts(update_index([folder], directory, encoder=encoder)) == (3, 0, 1, 0, 2)


def test_only_what_changed_is_embedded(folder: Path, directory: Path, encoder: FakeEncoder) -> None:
    before = update_index([folder], directory, encoder=encoder)
    with (folder / "办法/差旅.txt").open("a", encoding="utf-8") as file:
        file.write("第三条 本办法自印发之日起施行。\n")
    after = update_index([folder], directory, encoder=encoder)
    assert counts(after) == (3, 0, 1, 0, 2)
    # Articles 1 and 2 are as they were and stand under the same headings.
    assert after.passages == before.passages + 1
    assert encoder.encoded == before.passages + 1
    searcher = Searcher.open(directory, encoder=encoder)
    assert searcher.search("本办法自印发之日起施行", k=1)[0].document.source == "办法/差旅.txt"
    assert len(searcher.search("办法", k=99, mode="dense")) == after.passages


def test_a_mirrored_folder_loses_what_is_gone_and_a_renamed_file_is_not_embedded_again(
    folder: Path, directory: Path, encoder: FakeEncoder
) -> None:
    before = update_index([folder], directory, encoder=encoder)
    (folder / "讲话/作风.txt").rename(folder / "作风.txt")
    (folder / "办法/差旅.txt").unlink()
    after = update_index([folder], directory, encoder=encoder)
    assert counts(after) == (2, 0, 0, 1, 1)
    assert after.renamed == (("讲话/作风.txt", "作风.txt"),)
    assert sources(directory) == ["作风.txt", "报告/2008年报告.txt"]
    assert encoder.encoded == before.passages
    found = Searcher.open(directory, encoder=encoder).search("五个更", k=1, mode="dense")
    assert found[0].document.source == "作风.txt"


def test_the_same_text_is_embedded_once(folder: Path, directory: Path, encoder: FakeEncoder) -> None:
    for name in ("一", "二"):
        (folder / name).mkdir()
        (folder / name / "同.txt").write_text("同样的通知\n请各单位遵照执行。\n", encoding="utf-8")
    report = update_index([folder / "一", folder], directory, encoder=encoder)
    assert report.documents == 5
    assert encoder.encoded == report.passages - 1
    searcher = Searcher.open(directory, encoder=encoder)
    found = searcher.search("请各单位遵照执行", k=2)
    assert found[0].document.source == "一/同.txt"
    assert [other.document.source for other in found[0].also_in] == ["二/同.txt"]


def test_other_folders_are_left_alone(folder: Path, directory: Path, encoder: FakeEncoder) -> None:
    update_index([folder / "讲话"], directory, encoder=encoder)
    assert counts(update_index([folder / "办法"], directory, encoder=encoder)) == (2, 1, 0, 0, 0)
    assert sources(directory) == ["作风.txt", "差旅.txt"]


def test_a_folder_within_a_mirrored_folder_keeps_its_names(folder: Path, directory: Path, encoder: FakeEncoder) -> None:
    update_index([folder], directory, encoder=encoder)
    assert counts(update_index([folder / "讲话"], directory, encoder=encoder)) == (3, 0, 0, 0, 1)
    (folder / "讲话/作风.txt").unlink()
    assert counts(update_index([folder / "讲话"], directory, encoder=encoder)) == (2, 0, 0, 1, 0)


def test_a_folder_around_a_mirrored_folder_takes_over(folder: Path, directory: Path, encoder: FakeEncoder) -> None:
    update_index([folder / "讲话"], directory, encoder=encoder)
    report = update_index([folder], directory, encoder=encoder)
    assert counts(report) == (3, 2, 0, 0, 0)
    assert report.renamed == (("作风.txt", "讲话/作风.txt"),)
    assert sources(directory) == ["办法/差旅.txt", "报告/2008年报告.txt", "讲话/作风.txt"]


def test_a_single_file_is_added_and_updated(folder: Path, directory: Path, encoder: FakeEncoder) -> None:
    path = folder / "讲话/作风.txt"
    assert counts(update_index([path], directory, encoder=encoder)) == (1, 1, 0, 0, 0)
    path.write_text("在会议上的讲话\n同志们好。\n", encoding="utf-8")
    assert counts(update_index([path], directory, encoder=encoder)) == (1, 0, 1, 0, 0)
    assert sources(directory) == ["作风.txt"]


def test_two_folders_with_one_name_for_two_documents(folder: Path, directory: Path, encoder: FakeEncoder) -> None:
    other = folder.parent / "另一处"
    other.mkdir()
    (other / "作风.txt").write_text("别的讲话\n内容不同。\n", encoding="utf-8")
    report = update_index([folder / "讲话", other], directory, encoder=encoder)
    assert counts(report) == (1, 1, 0, 0, 0)
    assert [failure.source for failure in report.failed] == ["作风.txt"]
    assert "has a document of the same name" in report.failed[0].reason
    assert update_index([other], directory, encoder=encoder).failed == report.failed
    # Once the first is gone, the second may have the name.
    (folder / "讲话/作风.txt").unlink()
    assert counts(update_index([other], directory, encoder=encoder)) == (1, 0, 1, 0, 0)


def test_a_file_that_cannot_be_read_is_listed_and_its_last_good_state_kept(
    folder: Path, directory: Path, encoder: FakeEncoder
) -> None:
    update_index([folder], directory, encoder=encoder)
    (folder / "讲话/作风.txt").write_bytes(b"")
    (folder / "坏.pdf").write_bytes(b"%PDF-1.4 nothing")
    for _ in range(2):
        report = update_index([folder], directory, encoder=encoder)
        assert counts(report) == (3, 0, 0, 0, 2)
        assert [failure.source for failure in report.failed] == ["坏.pdf", "讲话/作风.txt"]
        assert all(failure.reason for failure in report.failed)
    live = live_name(directory)
    update_index([folder], directory, encoder=encoder)
    assert live_name(directory) == live
    assert "五个更" in Catalogue(open_snapshot(directory).path / CATALOGUE).by_source("讲话/作风.txt").text
    (folder / "讲话/作风.txt").unlink()
    (folder / "坏.pdf").unlink()
    report = update_index([folder], directory, encoder=encoder)
    assert (counts(report), report.failed) == ((2, 0, 0, 1, 2), ())


def test_an_empty_folder_makes_an_empty_index(tmp_path: Path, directory: Path) -> None:
    (tmp_path / "空").mkdir()
    assert counts(update_index([tmp_path / "空"], directory)) == (0, 0, 0, 0, 0)
    searcher = Searcher.open(directory)
    assert searcher.search("无") == []
    assert searcher.catalogue.infos() == []


def test_a_path_that_does_not_exist(tmp_path: Path, directory: Path, encoder: FakeEncoder) -> None:
    with pytest.raises(BadRequest, match="nowhere"):
        update_index([tmp_path / "nowhere"], directory, encoder=encoder)


def test_another_encoder_needs_a_rebuild(folder: Path, directory: Path, encoder: FakeEncoder) -> None:
    update_index([folder], directory, encoder=encoder)
    other = FakeEncoder("fake-2")
    with pytest.raises(IndexMismatch, match=r"fake-1, not fake-2; .*--rebuild"):
        update_index([folder], directory, encoder=other)
    with pytest.raises(IndexMismatch, match="--rebuild"):
        Searcher.open(directory, encoder=other)
    report = update_index([folder], directory, encoder=other, rebuild=True)
    assert counts(report) == (3, 3, 0, 0, 0)
    assert open_snapshot(directory).manifest.encoder == "fake-2"


def test_an_index_without_a_whole_snapshot_needs_a_rebuild(folder: Path, directory: Path, encoder: FakeEncoder) -> None:
    update_index([folder], directory, encoder=encoder)
    (open_snapshot(directory).path / CATALOGUE).unlink()
    with pytest.raises(IndexDamaged, match="--rebuild"):
        update_index([folder], directory, encoder=encoder)
    update_index([folder], directory, encoder=encoder, rebuild=True)
    assert verify(directory).manifest.documents == 3


def test_progress_tells_how_much_is_done(folder: Path, directory: Path, encoder: FakeEncoder) -> None:
    told: list[tuple[str, int, int]] = []
    threads: set[threading.Thread] = set()

    def progress(stage: str, done: int, total: int) -> None:
        told.append((stage, done, total))
        threads.add(threading.current_thread())

    report = update_index([folder], directory, encoder=encoder, progress=progress)
    assert ("reading", 3, 3) in told
    assert ("embedding", report.passages, report.passages) in told
    assert told[-1] == ("publishing", 1, 1)
    assert threads == {threading.current_thread()}


def test_a_second_ingestion_waits_for_the_first(folder: Path, directory: Path, encoder: FakeEncoder) -> None:
    told: list[str] = []
    with (
        write_lock(directory, wait=0, progress=lambda *_: None),
        pytest.raises(IndexBusy, match="another ingestion is writing"),
    ):
        update_index([folder], directory, encoder=encoder, wait=0.6, progress=lambda stage, *_: told.append(stage))
    assert told == ["waiting"]


def test_two_ingestions_at_once_both_succeed(folder: Path, directory: Path) -> None:
    start = multiprocessing.get_context("spawn")
    runs = [start.Process(target=_ingest, args=(folder / name, directory)) for name in ("讲话", "办法")]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert [run.exitcode for run in runs] == [0, 0]
    assert sources(directory) == ["作风.txt", "差旅.txt"]


def _ingest(folder: Path, directory: Path) -> None:
    update_index([folder], directory, encoder=FakeEncoder())


def test_a_directory_that_cannot_be_written(folder: Path, tmp_path: Path, encoder: FakeEncoder) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(YinjuError, match=r"could not be written.*permissions"):
        update_index([folder], tmp_path / "file", encoder=encoder)


def test_an_encoder_that_fails_leaves_the_index_as_it_was(folder: Path, directory: Path, encoder: FakeEncoder) -> None:
    class Failing(FakeEncoder):
        def encode_passages(self, texts: Sequence[str]) -> Embeddings:
            raise MemoryError

    update_index([folder / "讲话"], directory, encoder=encoder)
    with pytest.raises(MemoryError):
        update_index([folder / "办法"], directory, encoder=Failing())
    assert sources(directory) == ["作风.txt"]
    update_index([folder / "办法"], directory, encoder=encoder)
    assert sorted(path.name[:6] for path in (directory / "snapshots").iterdir()) == ["000001", "000002"]


def test_a_reader_is_not_disturbed(folder: Path, directory: Path, encoder: FakeEncoder) -> None:
    update_index([folder], directory, encoder=encoder)
    searcher = Searcher.open(directory, encoder=encoder)
    for year in range(3):
        (folder / "年.txt").write_text(f"第{year}年的报告\n内容。\n", encoding="utf-8")
        update_index([folder], directory, encoder=encoder)
        time.sleep(0)
    assert searcher.search("五个更", k=1)[0].document.source == "讲话/作风.txt"
    assert len(searcher.catalogue.infos()) == 3
    assert searcher.refresh()
    assert len(searcher.catalogue.infos()) == 4
    assert not searcher.refresh()


def test_many_changes_leave_the_index_as_a_new_one_would_be(
    folder: Path, directory: Path, encoder: FakeEncoder
) -> None:
    update_index([folder], directory, encoder=encoder)
    for name in ("讲话/作风.txt", "办法/差旅.txt"):
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write("会议强调要抓好落实。\n")
    update_index([folder], directory, encoder=encoder)
    update_index([folder], directory.with_name("新"), encoder=encoder)
    searchers = [Searcher.open(each, encoder=encoder) for each in (directory, directory.with_name("新"))]
    # Two of three documents were replaced; scores still follow from those that are there alone.
    found = [
        [(hit.document.source, hit.passage.start, hit.score) for hit in searcher.search("会议", mode="lexical")]
        for searcher in searchers
    ]
    assert found[0] == found[1] != []


def test_a_disk_that_refuses_leaves_the_index_as_it_was(folder: Path, directory: Path, encoder: FakeEncoder) -> None:
    update_index([folder / "讲话"], directory, encoder=encoder)
    (folder / "长.txt").write_text("通知\n" + "请各单位遵照执行。\n" * 20_000, encoding="utf-8")
    script = (
        "import resource, sys; from pathlib import Path; from index.builder import update_index;"
        "from tests.fakes import FakeEncoder; from ingest.errors import YinjuError;"
        "from index.tokeniser import words; words('各单位');"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
        "try: update_index([Path(sys.argv[1])], Path(sys.argv[2]), encoder=FakeEncoder())\n"
        "except YinjuError as error: print(error)"
    )
    command = [sys.executable, "-c", script, str(folder), str(directory)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    assert "could not be written" in done.stdout
    assert sources(directory) == ["作风.txt"]
    assert [path.name[:6] for path in (directory / "snapshots").iterdir()] == ["000001"]


def test_an_index_within_the_folder_is_not_taken_for_documents(folder: Path, encoder: FakeEncoder) -> None:
    for unchanged in (0, 3):
        report = update_index([folder], folder / "索引", encoder=encoder)
        assert (report.documents, report.unchanged, report.failed) == (3, unchanged, ())


def test_a_passage_that_several_changed_documents_share_keeps_its_vector(
    folder: Path, directory: Path, encoder: FakeEncoder
) -> None:
    shared = "接待管理办法\n第一条 接待对象应当提供公函。\n"
    copies = [folder / f"接待{n}.txt" for n in "甲乙丙"]
    for copy in copies:
        copy.write_text(shared, encoding="utf-8")
    update_index([folder], directory, encoder=encoder)
    for copy in copies:
        copy.write_text(f"{shared}第二条 另行规定。\n", encoding="utf-8")
    encoder.encoded = 0
    assert update_index([folder], directory, encoder=encoder).updated == 3
    # The first article was embedded before; the second is new and the same in all three.
    assert encoder.encoded == 1
    hit = Searcher.open(directory, encoder=encoder).search("接待公函", k=1)[0]
    assert {hit.document.source, *(one.document.source for one in hit.also_in)} == {copy.name for copy in copies}


def test_a_file_that_lacked_a_program_is_tried_again_once_it_is_there(
    folder: Path, directory: Path, encoder: FakeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "旧.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    monkeypatch.setenv("YINJU_SOFFICE", str(folder.parent / "none"))
    for _ in range(2):
        report = update_index([folder], directory, encoder=encoder)
        assert "needs LibreOffice" in report.failed[0].reason
    program = folder.parent / "soffice"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("YINJU_SOFFICE", str(program))
    report = update_index([folder], directory, encoder=encoder)
    assert "LibreOffice cannot read it" in report.failed[0].reason
    assert report.unchanged == 3
