"""Killing an ingestion at any stage leaves the index as it was before, and the next one carries on."""

import os
import random
import re
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Self

import pytest

from index.builder import update_index
from index.check import check
from index.searcher import Searcher
from index.snapshot import verify
from tests.fakes import FakeEncoder

ROOT = Path(__file__).parents[2]
INGEST = """
import sys
import time
from pathlib import Path
from index.builder import update_index
from tests.fakes import FakeEncoder

def tell(*stage):
    line = " ".join(map(str, stage))
    print(line, flush=True)
    while line.startswith(sys.argv[3]):
        time.sleep(1)

update_index([Path(sys.argv[1])], Path(sys.argv[2]), encoder=FakeEncoder(), progress=tell)
"""


def start(folder: Path, directory: Path, moment: str) -> "subprocess.Popen[str]":
    """Begin an ingestion that waits at a moment of its progress."""
    command = [sys.executable, "-c", INGEST, str(folder), str(directory), moment]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("moment", ["reading 0", "reading 20", "reading 40", "embedding", "publishing 0"])
def test_a_killed_ingestion_leaves_the_index_as_it_was(
    folder: Path, directory: Path, encoder: FakeEncoder, moment: str
) -> None:
    update_index([folder], directory, encoder=encoder)
    before = Searcher.open(directory, encoder=encoder).search("房价", k=99)
    for number in range(40):
        text = "".join(f"第{i}条 关于第{number}项工作的规定，各单位应当执行。\n" for i in range(1, 30))
        (folder / f"{number:02}.txt").write_text("工作办法\n" + text, encoding="utf-8")
    ingestion = start(folder, directory, moment)
    assert ingestion.stdout is not None
    for line in ingestion.stdout:
        if line.startswith(moment):
            break
    os.kill(ingestion.pid, signal.SIGKILL)
    ingestion.stdout.close()
    assert ingestion.wait() == -signal.SIGKILL

    verify(directory)
    assert Searcher.open(directory, encoder=encoder).search("房价", k=99) == before
    report = update_index([folder], directory, encoder=encoder)
    assert (report.documents, report.added, report.unchanged) == (43, 40, 3)
    assert sorted(path.name[:6] for path in (directory / "snapshots").iterdir()) == ["000001", "000002"]
    verify(directory)


KILLED = 50
"""Processes that die before they are done."""
SERVER = """
import os
import sys
from pathlib import Path
import faiss, tantivy
from index.builder import update_index
from index.snapshot_writer import SnapshotWriter
from index.tokeniser import words
from tests.fakes import FakeEncoder

words("各单位应当执行")
for line in sys.stdin:
    folder, directory = line.rstrip("\\n").split("\\t")
    run = os.fork()
    if run == 0:
        update_index([Path(folder)], Path(directory), encoder=FakeEncoder())
        os._exit(0)
    print(run, flush=True)
    sys.stdin.readline()  # until then its number is not given to another process
    print(os.waitpid(run, 0)[1], flush=True)
"""


class Ingestions:
    """Real processes that ingest a folder, forked from one that has loaded all it takes, so that they begin at once."""

    def __init__(self, folder: Path, directory: Path) -> None:
        self._line = f"{folder}\t{directory}\n"
        command = [sys.executable, "-c", SERVER]
        self._server = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._in, self._out = self._server.stdin, self._server.stdout

    def run(self, kill_after: float | None = None) -> int:
        """Ingest, kill the process after some seconds, and give its status."""
        self._in.write(self._line)
        self._in.flush()
        run = int(self._out.readline())
        if kill_after is not None:
            time.sleep(kill_after)
            os.kill(run, signal.SIGKILL)
        self._in.write("\n")
        self._in.flush()
        return int(self._out.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._in.close()
        self._out.close()
        self._server.wait()


def change(folder: Path, state: int) -> None:
    """A folder in one of many states: a file that says which, others that come and go, and an archive."""
    (folder / "状态.txt").write_text(f"状态\n第一条 现在是第{state}次。\n", encoding="utf-8")
    for number in range(4):
        path = folder / f"{number}.txt"
        if (state >> number) & 1:
            path.write_text(f"办法{number}\n第一条 甲。\n第二条 乙。\n", encoding="utf-8")
        else:
            path.unlink(missing_ok=True)
    with zipfile.ZipFile(folder / "附件.zip", "w") as package:
        package.writestr("附件.txt", f"附件\n第一条 也是第{state}次。\n")


def state_of(directory: Path) -> int:
    """The state that an index holds, whole: one and the same in all its parts."""
    assert check(directory).is_sound
    searcher = Searcher.open(directory, encoder=FakeEncoder())
    assert searcher.notice == ""
    sources = {info.source for info in searcher.catalogue.infos()}
    state = int(re.findall(r"\d+", searcher.catalogue.by_source("状态.txt").text)[0])
    assert f"第{state}次" in searcher.catalogue.by_source("附件.zip/附件.txt").text
    assert {source for source in sources if source[0].isdigit()} == {f"{n}.txt" for n in range(4) if (state >> n) & 1}
    assert any(f"第{state}次" in hit.passage.text for hit in searcher.search(f"现在是第{state}次", k=3))
    return state


def test_killed_at_random_moments_an_index_stays_whole(folder: Path, directory: Path) -> None:
    chosen = random.Random(4)
    state = held = killed = renewed = 0
    with Ingestions(folder, directory) as ingestions:
        change(folder, state)
        assert ingestions.run() == 0
        longest = 0.5
        while killed < KILLED:
            state += 1
            assert state < 4 * KILLED
            change(folder, state)
            if ingestions.run(kill_after=chosen.uniform(0, longest)) == signal.SIGKILL:
                killed += 1
                longest *= 1.03
            else:  # it was done before
                longest *= 0.9
            now = state_of(directory)
            assert now in (held, state)
            renewed += now == state
            held = now
            if state % 5 == 0:
                assert ingestions.run() == 0
                held = state_of(directory)
                assert held == state
        assert ingestions.run() == 0
    assert state_of(directory) == state
    assert not list((directory / "snapshots").glob("building-*"))
    assert renewed


def test_the_command_itself_killed_at_random_moments(folder: Path, directory: Path) -> None:
    chosen = random.Random(5)
    command = [sys.executable, "-c", "from cli import main; main()", "ingest", str(folder), "--index", str(directory)]
    change(folder, 0)
    started = time.monotonic()
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    usual = time.monotonic() - started
    for state in range(1, 6):
        change(folder, state)
        run = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chosen.uniform(0.5, 1.0) * usual)
        run.kill()
        run.wait()
        assert check(directory).is_sound
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    assert check(directory).is_sound
    done = subprocess.run([*command[:3], "show", "状态.txt", "--text", *command[5:]], cwd=ROOT, capture_output=True)
    assert "第5次" in done.stdout.decode()
