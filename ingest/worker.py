"""The process that reads files for another one: what runs in it, and the keeper that sees that nothing outlives it.

Started with a socket to its parent as standard input. The process started is the keeper; it forks the worker, which
reads, and waits. When the parent closes the socket or dies, or the worker dies, the keeper kills whatever the worker
has started, removes its temporary files and ends: with the worker's status, or 128 and the signal that ended it.
"""

from __future__ import annotations

import os
import select
import shutil
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Protocol

from ingest.errors import YinjuError
from ingest.processes import adopt_orphans, end_all_below, memory_held

if TYPE_CHECKING:
    from ingest.archives import Entry
    from ingest.discover import SourceFile
    from ingest.divide import Divided
    from ingest.model import Document

_TELL_EVERY = 0.5
_WANTED_FIRST = "500"
"""Should the machine run out of memory, the kernel ends a reader before anything else of ours."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a worker is told first: the function that reads a file, as `module:name`, and its memory in bytes."""

    reader: str
    memory: int


@dataclass(frozen=True, slots=True)
class Job:
    """A file to read and divide, an archive to list, or files to convert `ahead`, before they are read."""

    file: SourceFile
    is_archive: bool = False
    ahead: tuple[SourceFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Alive:
    """The worker has started, or gets on with its file."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job: its result, or the reason why there is none. After the `last` one the worker ends."""

    result: Divided | tuple[Entry, ...] | None
    reason: str = ""
    last: bool = False


class Reader(Protocol):
    """What reads a file: `ingest.reading.read_document`, or what takes its place in tests."""

    def __call__(self, path: Path, *, source: str, content: bytes | None = None) -> Document:
        """Read the file, or the content under its name. Raises UnreadableFile."""


def main() -> NoReturn:
    """Be the keeper of a worker; never returns."""
    socket = os.dup(0)
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    adopt_orphans()
    scratch = tempfile.mkdtemp(prefix="yinju-reading-")
    worker_lives, lifeline = os.pipe()
    worker = os.fork()
    if worker == 0:
        os.environ["TMPDIR"] = tempfile.tempdir = scratch
        _serve_and_exit(Connection(socket))
    os.close(lifeline)
    waiting = select.poll()
    waiting.register(socket, 0)  # tells that the other end is closed, not what it sends
    waiting.register(worker_lives, 0)
    ended = [handle for handle, _ in waiting.poll()]
    status = _status_of(worker) if worker_lives in ended else 0
    end_all_below()
    shutil.rmtree(scratch, ignore_errors=True)
    os._exit(status)


def _status_of(worker: int) -> int:
    code = os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1])
    return code if code >= 0 else 128 - code


def _serve_and_exit(connection: Connection) -> NoReturn:
    status = 1
    try:
        with suppress(EOFError):
            _serve(connection)
        status = 0
    finally:
        os._exit(status)


def _serve(connection: Connection) -> None:
    """Do jobs, one after another, until there are no more."""
    setting: Setting = connection.recv()
    try:
        reader = _prepared(setting)
    except Exception as error:
        connection.send(Outcome(None, f"{type(error).__name__}: {error}", last=True))
        return
    _report_progress(connection)
    connection.send(Alive())
    while True:
        outcome = _done(connection.recv(), reader, setting.memory)
        connection.send(outcome)
        if outcome.last:
            return


def _prepared(setting: Setting) -> Reader:
    """The function that reads files, with all that it needs loaded, so that the first file's time is its own."""
    import importlib

    import ingest.archives
    import ingest.divide  # noqa: F401

    _limit(setting.memory)
    module, _, name = setting.reader.partition(":")
    reader: Reader = getattr(importlib.import_module(module), name)
    return reader


def _limit(memory: int) -> None:
    """Have the system refuse memory to a reader that takes it at one go; the parent watches what is held in all."""
    import resource

    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_DATA, (2 * memory, 2 * memory))
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_WANTED_FIRST, encoding="ascii")


def _report_progress(connection: Connection) -> None:
    from ingest.progress import listen

    told = 0.0

    def tell() -> None:
        nonlocal told
        now = time.monotonic()
        if now - told > _TELL_EVERY:
            told = now
            connection.send(Alive())

    listen(tell)


def _done(job: Job, reader: Reader, memory: int) -> Outcome:
    from ingest.errors import UnreadableFile

    reason, result = "", None
    try:
        if job.ahead:
            _convert(job.ahead)
        else:
            result = _listed(job.file) if job.is_archive else _read(job.file, reader)
    except MemoryError:
        return Outcome(None, out_of_memory(memory), last=True)
    except UnreadableFile as error:
        reason = error.reason
    except Exception as error:
        # A file that the readers did not foresee must not keep out all the others.
        reason = f"cannot be read ({type(error).__name__}: {error}); save it in another format"
    # A process that has grown is better replaced than kept.
    return Outcome(result, reason, last=memory_held() > memory // 2)


def _read(file: SourceFile, reader: Reader) -> Divided:
    from ingest.archives import mail_of, read_member
    from ingest.divide import divide

    if file.member:
        document = reader(Path(file.source), source=file.source, content=read_member(file))
        return divide(replace(document, info=replace(document.info, parent=mail_of(file.source))))
    return divide(reader(file.path, source=file.source))


def _convert(files: Sequence[SourceFile]) -> None:
    """Convert files together; what cannot be read now is told when its turn comes."""
    from ingest.archives import read_member
    from ingest.readers.office import convert_ahead

    contents: list[tuple[bytes, str]] = []
    for file in files:
        with suppress(YinjuError, OSError):
            content = read_member(file) if file.member else file.path.read_bytes()
            contents.append((content, Path(file.source).suffix.lower()))
    convert_ahead(contents)


def _listed(file: SourceFile) -> tuple[Entry, ...]:
    from ingest.archives import list_members

    return list_members(file)


def out_of_memory(memory: int) -> str:
    """Why a file is not read that takes more than that many bytes of memory."""
    return f"reading it takes more than {memory // 1_000_000:,} MB of memory; split it or save it in another format"
