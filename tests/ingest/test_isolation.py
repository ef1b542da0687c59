"""Whatever one file does to its reader, it is told with a reason, and all others are read."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from ingest.archives import is_archive
from ingest.child import Limits
from ingest.discover import SourceFile, discover
from ingest.errors import UnreadableFile, YinjuError
from ingest.isolation import ReaderPool, limits_here
from ingest.readers.office import find_program
from tests.ingest.hostile import READER

ROOT = Path(__file__).parents[2]
LIMITS = Limits(quiet=1.0, total=30.0, memory=300_000_000)
MARK = "YINJU_TEST_ISOLATION"


def write(folder: Path, *names: str) -> list[SourceFile]:
    """Files of those names, in their order, each of which says its name."""
    for name in names:
        (folder / f"{name}.txt").write_text(f"{name}\n第一条 甲。", encoding="utf-8")
    return [SourceFile(folder / f"{name}.txt", str(folder), f"{name}.txt") for name in names]


def marked() -> list[psutil.Process]:
    """The processes below those that carry this test's mark, and they themselves."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):  # it may have ended meanwhile
            ours = process.environ().get(MARK) == str(os.getpid()) and process.pid != os.getpid()
            if ours and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


@pytest.fixture
def mark(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Mark the processes started from here on, and see that none of them is left."""
    monkeypatch.setenv(MARK, str(os.getpid()))
    yield
    wait_for_none()


def wait_for_none() -> None:
    until = time.monotonic() + 10
    while marked() and time.monotonic() < until:
        time.sleep(0.05)
    assert marked() == []


def told(pool: ReaderPool, files: list[SourceFile]) -> list[str]:
    """Of each file the text's first line, or the reason."""
    return [
        read.reason if isinstance(read, UnreadableFile) else read.document.text.split("\n")[0]
        for read in pool.read(files)
    ]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("hangs", "no progress in 1 s of reading; split it or save it in another format"),
        ("hangs in C", "no progress in 1 s of reading; split it or save it in another format"),
        ("eats", "reading it takes more than 300 MB of memory; split it or save it in another format"),
        ("eats at once", "reading it takes more than 300 MB of memory; split it or save it in another format"),
        ("crashes", "its reader crashed (SIGSEGV); open it in the program that made it and save it again"),
        ("exits", "its reader crashed (status 3); open it in the program that made it and save it again"),
        ("leaves", "its reader crashed (status 1); open it in the program that made it and save it again"),
        (
            "is killed",
            "the process reading it was killed (perhaps for want of memory); split it or save it in another format",
        ),
        ("raises", "cannot be read (KeyError: 'surprise'); save it in another format"),
    ],
)
@pytest.mark.usefixtures("mark")
def test_a_file_that_goes_wrong_is_told_and_the_others_are_read(tmp_path: Path, name: str, reason: str) -> None:
    files = write(tmp_path, "甲", name, "乙", "丙")
    with ReaderPool(limits=LIMITS, reader=READER, children=1) as pool:
        assert told(pool, files) == ["甲", reason, "乙", "丙"]


@pytest.mark.usefixtures("mark")
def test_many_that_go_wrong_at_once(tmp_path: Path) -> None:
    names = ["crashes", "甲", "exits", "乙", "eats at once", "丙"]
    with ReaderPool(limits=LIMITS, reader=READER, children=3) as pool:
        found = told(pool, write(tmp_path, *names) * 4)
    assert [found[i::6] for i in (1, 3, 5)] == [["甲"] * 4, ["乙"] * 4, ["丙"] * 4]
    assert all("crashed" in reason for reason in (*found[0::6], *found[2::6]))
    assert all("memory" in reason for reason in found[4::6])


def test_a_long_file_may_take_its_time_while_it_gets_on(tmp_path: Path) -> None:
    # 3 s in steps of 0.1 s, of which each is told, with 1 s allowed without progress.
    with ReaderPool(limits=LIMITS, reader=READER) as pool:
        assert told(pool, write(tmp_path, "is slow")) == ["is slow"]
    with ReaderPool(limits=Limits(quiet=1.0, total=1.0), reader=READER) as pool:
        assert told(pool, write(tmp_path, "is slow"))[0].startswith("not read within 1 s")


def test_a_large_file_is_given_more_time(tmp_path: Path) -> None:
    files = write(tmp_path, "is slow")
    (tmp_path / "is slow.txt").write_bytes("甲。\n".encode() * 100_000)  # 0.7 MB
    with ReaderPool(limits=Limits(quiet=0.1, per_megabyte=60.0), reader=READER) as pool:
        assert told(pool, files) == ["甲。"]


def test_what_a_reader_prints_goes_nowhere(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with ReaderPool(limits=LIMITS, reader=READER) as pool:
        assert told(pool, write(tmp_path, "prints")) == ["prints"]
    assert capfd.readouterr() == ("", "")


def test_documents_come_in_the_order_of_their_files_and_as_without_children(tmp_path: Path) -> None:
    from ingest.divide import divide
    from ingest.reading import read_document

    files = write(tmp_path, *(f"{number:03}" for number in range(200)))
    (tmp_path / "000.txt").write_text("长\n" + "第一条 甲乙丙丁。\n" * 2_000, encoding="utf-8")
    with ReaderPool() as pool:
        assert list(pool.read(files)) == [divide(read_document(file.path, source=file.source)) for file in files]


@pytest.mark.usefixtures("mark")
def test_a_child_that_is_killed_between_two_files_is_replaced(tmp_path: Path) -> None:
    files = write(tmp_path, "甲", "乙")
    with ReaderPool(children=1) as pool:
        assert told(pool, files) == ["甲", "乙"]
        for process in marked():
            process.kill()
        time.sleep(0.1)
        assert told(pool, files) == ["甲", "乙"]


@pytest.mark.parametrize("reader", ["nowhere:read", "ingest.reading:nothing"])
def test_children_that_do_not_start_end_the_run(tmp_path: Path, reader: str) -> None:
    with (
        ReaderPool(reader=reader) as pool,
        pytest.raises(YinjuError, match=r"the process that reads files does not start \(\w+Error: .*installation"),
    ):
        told(pool, write(tmp_path, "甲"))


@pytest.mark.usefixtures("mark")
def test_a_pool_that_is_left_midway_leaves_nothing(tmp_path: Path) -> None:
    files = write(tmp_path, "甲", "hangs", "乙")
    started = time.monotonic()
    with ReaderPool(limits=Limits(quiet=600.0), reader=READER) as pool:
        read = pool.read(files)
        next(read)
        time.sleep(0.5)
    assert time.monotonic() - started < 8


PROGRAM = """
import sys
from pathlib import Path
from ingest.child import Limits
from ingest.discover import SourceFile
from ingest.isolation import ReaderPool
folder = Path(sys.argv[1])
names = sys.argv[2:]
with ReaderPool(limits=Limits(quiet=600.0), reader="tests.ingest.hostile:read") as pool:
    for read in pool.read([SourceFile(folder / name, str(folder), name) for name in names]):
        print(read.document.text.split()[0], flush=True)
"""


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("name", ["hangs", "hangs in C"])
@pytest.mark.usefixtures("mark")
def test_a_parent_that_is_ended_leaves_no_children(tmp_path: Path, name: str, sign: signal.Signals) -> None:
    write(tmp_path, "甲", name)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    parent = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path), "甲.txt", f"{name}.txt"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "TMPDIR": str(scratch)},
    )
    assert parent.stdout is not None
    assert parent.stdout.readline().decode() == "甲\n"
    time.sleep(0.3)
    assert len(marked()) >= 3  # the parent, a keeper, its worker
    parent.send_signal(sign)
    parent.stdout.close()
    parent.wait(20)
    wait_for_none()
    assert list(scratch.iterdir()) == []


def test_reading_works_with_standard_streams_closed(tmp_path: Path) -> None:
    write(tmp_path, "甲")
    program = PROGRAM.replace("print(", "open(sys.argv[1] + '/out', 'w').write(").replace(", flush=True", "")
    command = ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", sys.executable, "-c", program, str(tmp_path), "甲.txt"]
    assert subprocess.run(command, cwd=ROOT).returncode == 0
    assert (tmp_path / "out").read_text() == "甲"


def test_limits_are_usable_on_this_machine() -> None:
    assert 500_000_000 <= limits_here().memory <= 2_000_000_000


def test_every_real_format_goes_through(tmp_path: Path) -> None:
    files = [
        file
        for file in discover([ROOT / "corpus"])
        if isinstance(file, SourceFile)
        and not is_archive(file.source)
        and (file.path.suffix != ".doc" or find_program() is not None)
    ]
    with ReaderPool() as pool:
        read = list(pool.read(files))
    assert [one.document.info.source for one in read if not isinstance(one, UnreadableFile)] == [
        file.source for file in files
    ]


def docx_bytes(text: str) -> bytes:
    import io

    import docx

    out = io.BytesIO()
    document = docx.Document()
    document.add_paragraph(text)
    document.save(out)
    return out.getvalue()


def test_older_office_files_are_converted_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """LibreOffice, here a stand-in that notes how many files it is given, makes all but one of them in one run."""
    (tmp_path / "made.docx").write_bytes(docx_bytes("第一条　甲。"))
    program = tmp_path / "soffice"
    program.write_text(
        f"""#!/bin/sh
while [ "$1" != --outdir ]; do shift; done
out=$2; shift 2
echo $# >> {tmp_path}/runs
for file in "$@"; do
  grep -q bad "$file" && exit 1
  cp {tmp_path}/made.docx "$out/$(basename "${{file%.*}}").docx"
done
"""
    )
    program.chmod(0o755)
    monkeypatch.setenv("YINJU_SOFFICE", str(program))
    folder = tmp_path / "文库"
    folder.mkdir()
    word = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    contents = {"一.doc": word + b"1", "二.wps": word + b"2", "三.rtf": b"{\\rtf1 3}", "四.doc": word + b"bad"}
    for name, content in {**contents, "五.doc": word + b"5"}.items():
        (folder / name).write_bytes(content)
    (folder / "别的.txt").write_text("第一条 甲。", encoding="utf-8")
    files = [file for file in discover([folder]) if isinstance(file, SourceFile)]
    with ReaderPool(children=1) as pool:
        read = dict(zip([file.source for file in files], pool.read(files), strict=True))
    bad = read.pop("四.doc")
    assert isinstance(bad, UnreadableFile)
    assert bad.reason.startswith("LibreOffice cannot read it")
    assert {one.document.text for one in read.values() if not isinstance(one, UnreadableFile)} == {
        "第一条　甲。", "第一条 甲。"}  # fmt: skip
    assert not any(isinstance(one, UnreadableFile) for one in read.values())
    # One run for all five, then one each for the bad one and for those behind it.
    together, *alone = (tmp_path / "runs").read_text().split()
    assert together == "5"
    assert set(alone) == {"1"}
    assert len(alone) < 4
