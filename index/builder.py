"""Bringing an index up to date with the files it is made of."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.catalogue import Catalogue
from index.changes import Changes, find_changes
from index.loading import loaded_once
from index.lock import Progress, write_lock
from index.members import ToRead
from index.model import Failure, IngestReport
from index.recipe import recipe_of_failures
from index.snapshot import CATALOGUE, KEPT, REBUILD, Snapshot, check_encoder, clean, open_snapshot
from index.tokeniser import VERSION
from ingest.errors import IndexMismatch, IndexMissing, UnreadableFile, YinjuError

if TYPE_CHECKING:
    from index.encoder import Encoder
    from index.snapshot_writer import SnapshotWriter
    from ingest.divide import Divided
    from ingest.isolation import ReaderPool


def update_index(
    paths: Sequence[Path],
    directory: Path,
    *,
    encoder: Encoder | None = None,
    model: str | None = None,
    progress: Progress | None = None,
    rebuild: bool = False,
    retry: bool = False,
    keep: int = KEPT,
    readers: ReaderPool | None = None,
    wait: float = 600.0,
) -> IngestReport:
    """Make the index in `directory` hold what `paths` hold now, and report what was done.

    A folder given is mirrored: documents whose files are gone from it are removed. Documents of other folders stay.
    Only what has changed is read and embedded; where nothing has, nothing is written. With `rebuild` the index is
    made anew from `paths` alone. The encoder is that given, else the one of the name or folder `model`, else the one
    the index was made with; it is loaded only if it is needed. With `retry` files that could not be read before are
    read again. Of the snapshots the newest `keep` are kept. Files are read in child processes, those of `readers` where
    they are given, which are ended with the run.
    `progress` is called in this thread. A run that ends early leaves the index as it was.

    Raises BadRequest for a path that does not exist, IndexBusy where another run does not end within `wait` seconds,
    IndexMismatch for an index made with another encoder, IndexDamaged where it has no whole snapshot to start from,
    and YinjuError where the disk refuses.
    """
    notify = progress or _ignore
    with _disk_errors(directory), write_lock(directory, wait=wait, progress=notify), readers or _pool() as pool:
        started = time.perf_counter()
        clean(directory, keep=keep)
        previous = None if rebuild else _previous(directory)
        kept = previous.manifest.model if previous else ""
        model = kept if model is None else _lasting(model)
        load = loaded_once(encoder, model)
        if encoder is not None or model != kept:
            check_encoder(previous, load())
        run = _Run(directory, previous, load, model, notify, pool, retry=retry, keep=keep)
        return _update(paths, run, started)


def _pool() -> ReaderPool:
    from ingest.isolation import ReaderPool

    return ReaderPool()


def _lasting(model: str) -> str:
    """The name of a model, a folder's in full so that it holds from any working directory; the default's is empty."""
    from index.encoders import DEFAULT_NAME

    if model == DEFAULT_NAME:
        return ""
    return str(Path(model).resolve()) if Path(model).is_dir() else model


@dataclass(frozen=True, slots=True)
class _Run:
    """What a run works with from beginning to end."""

    directory: Path
    previous: Snapshot | None
    load: Callable[[], Encoder]
    model: str
    notify: Progress
    readers: ReaderPool
    retry: bool
    keep: int


def _update(paths: Sequence[Path], run: _Run, started: float) -> IngestReport:
    changes = _changes(paths, run)
    done = _write(run, changes) if run.previous is None or changes.is_some else _Done(run.previous)
    seconds = time.perf_counter() - started
    return IngestReport(
        documents=done.live.manifest.documents,
        passages=done.live.manifest.passages,
        added=done.added,
        updated=done.updated,
        removed=len(changes.removed),
        unchanged=changes.unchanged,
        failed=tuple(sorted((*changes.failed, *done.failed), key=lambda failure: failure.source)),
        seconds=seconds,
        passages_per_second=done.passages / seconds,
        duplicates=Catalogue(done.live.path / CATALOGUE).counts_of_copies(),
    )


def _changes(paths: Sequence[Path], run: _Run) -> Changes:
    before = Catalogue(run.previous.path / CATALOGUE) if run.previous else None
    now = recipe_of_failures()
    looked = {place: stamp for place, (stamp, by) in before.archives().items() if by == now} if before else {}
    return find_changes(
        paths,
        before.known_files() if before else [],
        before.folders() if before else frozenset(),
        index=run.directory,
        looked=looked,
        list_archive=run.readers.list_archive,
        retry=run.retry,
    )


@dataclass(frozen=True, slots=True)
class _Done:
    """The live snapshot after a run, and what the run took in."""

    live: Snapshot
    added: int = 0
    updated: int = 0
    passages: int = 0
    failed: tuple[Failure, ...] = ()


def _write(run: _Run, changes: Changes) -> _Done:
    """Make and publish the next snapshot."""
    from index.snapshot_writer import SnapshotWriter

    failed: list[Failure] = []
    passages = updated = 0
    total = len(changes.to_read)
    with SnapshotWriter(run.directory, run.previous, run.load, model=run.model, keep=run.keep) as writer:
        writer.apply(changes)
        run.notify("reading", 0, total)
        for done, (file, divided) in enumerate(_read(changes.to_read, run.readers), 1):
            taken = _take_in(writer, file, divided, changes)
            if isinstance(taken, Failure):
                failed.append(taken)
            else:
                passages += taken
                updated += file.file.source in changes.replaced
            run.notify("embedding", writer.queue.done, writer.queue.added)
            run.notify("reading", done, total)
        writer.queue.flush()
        while writer.queue.take():
            run.notify("embedding", writer.queue.done, writer.queue.added)
        run.notify("publishing", 0, 1)
        snapshot = writer.publish()
        run.notify("publishing", 1, 1)
    added = total - len(failed) - updated
    return _Done(snapshot, added, updated, passages, tuple(failed))


def _read(to_read: Sequence[ToRead], readers: ReaderPool) -> Iterator[tuple[ToRead, Divided | UnreadableFile]]:
    """The files with what was read, in their order."""
    read = readers.read([one.file for one in to_read if not one.reason])
    for one in to_read:
        yield one, UnreadableFile(one.file.source, one.reason) if one.reason else next(read)


def _take_in(
    writer: SnapshotWriter, read: ToRead, divided: Divided | UnreadableFile, changes: Changes
) -> int | Failure:
    """Add a document in place of what it replaces; give the number of its passages, or why there is none."""
    if isinstance(divided, UnreadableFile):
        writer.add_failure(read.file, read.id, divided.reason)
        return Failure(read.file.source, divided.reason)
    if read.file.member and divided.document.info.id != read.id:
        return Failure(read.file.source, "its archive changed while it was read; ingest again")
    if read.file.source in changes.replaced:
        writer.remove(changes.replaced[read.file.source])
    return writer.add(divided, read.file, read.stamp)


def _previous(directory: Path) -> Snapshot | None:
    try:
        previous = open_snapshot(directory)
    except IndexMissing:
        return None
    if previous.manifest.tokeniser != VERSION:
        raise IndexMismatch(f"{directory}: its words were cut in another way than this version does; {REBUILD}")
    return previous


@contextmanager
def _disk_errors(directory: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise YinjuError(
            f"{directory}: the index could not be written ({error}); "
            "check the free space and permissions there and ingest again. The index is as it was before"
        ) from error


def _ignore(stage: str, done: int, total: int) -> None:
    """No one wants to know."""
