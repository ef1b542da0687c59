"""Killing an ingestion at any stage leaves the index as it was before, and the next one carries on."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from index.builder import update_index
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
