"""A disk that is full or cannot be written, and files that bring their readers down: the index loses nothing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from index.builder import update_index
from index.check import check
from index.searcher import Searcher
from index.snapshot import live_name
from ingest.child import Limits
from ingest.isolation import ReaderPool
from tests.fakes import FakeEncoder
from tests.ingest.hostile import READER

ROOT = Path(__file__).parents[2]
INGEST = """
import sys
from pathlib import Path
from index.builder import update_index
from ingest.errors import YinjuError
from tests.fakes import FakeEncoder
try:
    print(update_index([Path(sys.argv[1])], Path(sys.argv[2]), encoder=FakeEncoder()).documents)
except YinjuError as error:
    print(error)
"""


def mounted(script: str, *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    """Run a shell script that may mount, in a name space of its own; what it mounts goes with it."""
    if shutil.which("unshare") is None:
        pytest.skip("no unshare here")
    command = ["unshare", "--mount", *(["--map-root-user"] if os.geteuid() else []), "sh", "-ec", script, "sh"]
    done = subprocess.run([*command, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True)
    if done.returncode == 77 or "unshare:" in done.stderr:
        pytest.skip("mounting is not allowed here")
    return done


@pytest.mark.parametrize("kilobytes", [300, 600, 1200])
def test_a_full_disk_leaves_the_last_state_and_says_what_to_do(
    folder: Path, directory: Path, encoder: FakeEncoder, kilobytes: int
) -> None:
    update_index([folder], directory, encoder=encoder)
    taken = sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())
    for number in range(30):
        text = "".join(f"第{i}条 关于第{number}项工作的规定，各单位应当执行。\n" for i in range(1, 40))
        (folder / f"{number:02}.txt").write_text("工作办法\n" + text, encoding="utf-8")
    script = f"""
        disk=$(mktemp -d "$2.XXXX")
        mount -t tmpfs -o size={taken // 1000 + kilobytes}k tmpfs "$disk" || exit 77
        cp -a "$2/." "$disk"
        "$3" -c "$4" "$1" "$disk"
        echo; ls "$disk/snapshots"; rm -rf "$2"; cp -a "$disk" "$2"
    """
    done = mounted(script, folder, directory, sys.executable, INGEST)
    assert done.returncode == 0, done.stderr
    message, names = done.stdout.split("\n\n")
    assert "the index could not be written" in message
    assert "No space left" in message or "full" in message
    assert "check the free space and permissions there and ingest again. The index is as it was before" in message
    assert [name[:6] for name in names.split()] == ["000001"]
    assert check(directory).is_sound
    assert Searcher.open(directory, encoder=encoder).search("五个更", k=1)[0].document.source == "讲话/作风.txt"
    assert update_index([folder], directory, encoder=encoder).documents == 33


def test_an_index_that_cannot_be_written_can_be_read_and_checked(
    folder: Path, directory: Path, encoder: FakeEncoder
) -> None:
    update_index([folder], directory, encoder=encoder)
    (folder / "新.txt").write_text("新的规定。", encoding="utf-8")
    script = """
        mount --bind "$2" "$2" && mount -o remount,bind,ro "$2" || exit 77
        "$3" -c "$4" "$1" "$2"
        for command in check snapshots status "show 讲话/作风.txt --text" "search 五个更 --mode lexical" \
                "check --repair" rollback; do
            "$3" -c "from cli import main; main()" $command --index "$2" 2>&1 || true
            echo ----
        done
    """
    done = mounted(script, folder, directory, sys.executable, INGEST)
    assert done.returncode == 0, done.stderr
    ingested, rest = done.stdout.split("\n", 1)
    assert "the index could not be written" in ingested
    assert "Read-only file system" in ingested
    checked, listed, status, shown, found, repaired, back = rest.rstrip("-\n").split("----\n")
    assert checked.endswith("(live): whole\n")
    assert "1 kept" in listed
    assert "documents: 3" in status
    assert "五个更" in shown
    assert "五个更" in found
    assert "not repaired" in repaired
    assert "could not go back" in back
    assert "Traceback" not in done.stdout + done.stderr


def test_files_that_bring_their_readers_down_are_told_and_the_others_taken_in(
    folder: Path, directory: Path, encoder: FakeEncoder
) -> None:
    names = ["crashes", "eats at once", "exits", "hangs", "raises"]
    for name in names:
        (folder / f"{name}.txt").write_text("坏\n甲。", encoding="utf-8")
    limits = Limits(quiet=1.0, memory=300_000_000)
    report = update_index([folder], directory, encoder=encoder, readers=ReaderPool(limits=limits, reader=READER))
    assert (report.documents, report.added) == (3, 3)
    assert [failure.source for failure in report.failed] == [f"{name}.txt" for name in names]
    assert all(";" in failure.reason for failure in report.failed)

    # They are not tried again until they change, or until that is asked for.
    live = live_name(directory)
    again = update_index([folder], directory, encoder=encoder)
    assert (again.failed, live_name(directory)) == (report.failed, live)
    cured = update_index([folder], directory, encoder=encoder, retry=True)
    assert (cured.documents, cured.added, cured.failed) == (8, 5, ())


def test_readers_that_do_not_start_leave_the_index_as_it_was(
    folder: Path, directory: Path, encoder: FakeEncoder
) -> None:
    from ingest.errors import YinjuError

    update_index([folder / "讲话"], directory, encoder=encoder)
    with pytest.raises(YinjuError, match="the process that reads files does not start"):
        update_index([folder], directory, encoder=encoder, readers=ReaderPool(reader="nowhere:read"))
    assert check(directory).is_sound
    assert [path.name[:6] for path in (directory / "snapshots").iterdir()] == ["000001"]


def test_ingesting_in_any_number_of_processes_gives_the_same_index(
    folder: Path, tmp_path: Path, encoder: FakeEncoder
) -> None:
    for number in range(40):
        length = 400 if number % 7 == 0 else 2
        text = "".join(f"第{i}条 第{number}项。\n" for i in range(1, length))
        (folder / f"{number:02}.txt").write_text("办法\n" + text, encoding="utf-8")
    names = set()
    for children in (1, 4):
        directory = tmp_path / str(children)
        update_index([folder], directory, encoder=encoder, readers=ReaderPool(children=children))
        searcher = Searcher.open(directory, encoder=encoder)
        found = tuple((hit.document.source, hit.passage.start, hit.score) for hit in searcher.search("第三条", k=50))
        numbers = tuple(entry.source for entry in searcher.catalogue.known_files())
        names.add((found, numbers))
    assert len(names) == 1
