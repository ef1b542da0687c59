"""`yinju watch` as a real process."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any

import pytest

from index.searcher import Searcher
from index.watching import settled
from tests.fakes import FakeEncoder

ROOT = Path(__file__).parents[1]
WITHIN = 60.0


class Watching:
    """A running `yinju watch --json`, and the reports that it prints."""

    def __init__(self, folder: Path, index: Path, *options: str) -> None:
        command = [sys.executable, "-c", "from cli import main; main()", "watch", str(folder), "--index", str(index)]
        self.process = subprocess.Popen(
            [*command, "--json", "--settle", "0.5", *options],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._reports: Queue[dict[str, Any]] = Queue()
        self._thread = Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._reports.put(json.loads(line))

    def report(self) -> dict[str, Any]:
        return self._reports.get(timeout=WITHIN)

    def is_quiet(self, seconds: float) -> bool:
        try:
            self._reports.get(timeout=seconds)
        except Empty:
            return True
        return False

    def stop(self, by: int = signal.SIGTERM) -> tuple[int, str]:
        self.process.send_signal(by)
        assert self.process.stderr is not None
        told = self.process.stderr.read()
        status = self.process.wait(WITHIN)
        self._thread.join()
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()
        return status, told


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "文库").mkdir()
    (tmp_path / "文库/办法.txt").write_text("差旅费管理办法\n第一条 坐二等座。\n", encoding="utf-8")
    return tmp_path / "文库"


@pytest.fixture
def watching(folder: Path, tmp_path: Path) -> Iterator[Watching]:
    run = Watching(folder, tmp_path / "索引")
    yield run
    if run.process.poll() is None:
        run.stop()


def test_changes_are_taken_in_as_they_come(folder: Path, tmp_path: Path, watching: Watching) -> None:
    assert (watching.report()["added"], folder.exists()) == (1, True)
    searcher = Searcher.open(tmp_path / "索引", encoder=FakeEncoder)
    # A file that is written bit by bit, and another one beside it, are one run; what is hidden is none.
    with (folder / "长.txt").open("w", encoding="utf-8") as file:
        for number in range(1, 9):
            file.write(f"第{number}条 各单位应当执行。\n")
            file.flush()
            time.sleep(0.2)
    (folder / "通知.txt").write_text("关于年检的通知\n按时年检。\n", encoding="utf-8")
    report = watching.report()
    assert (report["added"], report["failed"]) == (2, [])
    assert searcher.refresh()
    assert searcher.catalogue.by_source("长.txt").text.count("\n") == 7
    (folder / "~$长.docx").write_bytes(b"x")
    assert watching.is_quiet(2)
    (folder / "办法.txt").rename(folder / "差旅.txt")
    assert watching.report()["renamed"] == [{"from": "办法.txt", "to": "差旅.txt"}]
    (folder / "通知.txt").unlink()
    assert watching.report()["removed"] == 1
    status, told = watching.stop()
    assert (status, told) == (0, "stopped\n")


def test_ctrl_c_ends_it_and_files_that_cannot_be_read_are_told_once(folder: Path, watching: Watching) -> None:
    watching.report()
    (folder / "坏.pdf").write_bytes(b"%PDF-1.7 broken")
    assert len(watching.report()["failed"]) == 1
    (folder / "新.txt").write_text("新的通知\n内容。\n", encoding="utf-8")
    assert len(watching.report()["failed"]) == 1
    status, told = watching.stop(signal.SIGINT)
    assert status == 0
    assert told.count("failed: 坏.pdf: ") == 1


def test_a_run_that_fails_says_why_and_the_next_goes_on(folder: Path, tmp_path: Path, watching: Watching) -> None:
    watching.report()
    (tmp_path / "索引/decisions.json").write_text("{", encoding="utf-8")
    (folder / "新.txt").write_text("新的通知\n内容。\n", encoding="utf-8")
    assert watching.is_quiet(4)
    (tmp_path / "索引/decisions.json").unlink()
    (folder / "更新.txt").write_text("更新的通知\n内容。\n", encoding="utf-8")
    assert watching.report()["added"] == 2
    status, told = watching.stop()
    assert status == 0
    assert "decisions.json: damaged" in told
    assert "; watching goes on\n" in told


def test_a_folder_that_goes_and_comes_back_is_watched_again(folder: Path, tmp_path: Path, watching: Watching) -> None:
    watching.report()
    folder.rename(tmp_path / "别处")
    time.sleep(2)
    shutil.copytree(tmp_path / "别处", folder)
    while not watching.is_quiet(3):
        pass
    (folder / "新.txt").write_text("新的通知\n内容。\n", encoding="utf-8")
    assert watching.report()["added"] == 1
    assert "no such file or folder" in watching.stop()[1]


@pytest.mark.parametrize("poll", [False, True])
def test_a_single_file_and_what_does_not_count(folder: Path, tmp_path: Path, poll: bool) -> None:
    ticks = settled([folder / "办法.txt"], folder / "索引", quiet=0.3, poll=poll)
    assert not next(ticks)
    (folder / "别的.txt").write_text("别的", encoding="utf-8")
    (folder / "索引").mkdir()
    assert not any(next(ticks) for _ in range(3))
    (folder / "办法.new").write_text("差旅费管理办法\n第一条 坐一等座。\n", encoding="utf-8")
    os.replace(folder / "办法.new", folder / "办法.txt")
    assert any(next(ticks) for _ in range(5))
    assert not any(next(ticks) for _ in range(3))
    (folder / "办法.txt.yinju.toml").write_text("", encoding="utf-8")
    assert any(next(ticks) for _ in range(5))
    ticks.close()  # type: ignore[attr-defined]
