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
from index.changes import Changes, content_id, find_changes, stamp_of
from index.loading import loaded_once
from index.lock import Progress, write_lock
from index.model import Failure, IngestReport
from index.snapshot import CATALOGUE, REBUILD, Snapshot, check_encoder, clean, open_snapshot
from index.tokeniser import VERSION
from ingest.discover import SourceFile
from ingest.errors import IndexMismatch, IndexMissing, UnreadableFile, YinjuError

if TYPE_CHECKING:
    from index.encoder import Encoder
    from index.snapshot_writer import SnapshotWriter


def update_index(
    paths: Sequence[Path],
    directory: Path,
    *,
    encoder: Encoder | None = None,
    model: str | None = None,
    progress: Progress | None = None,
    rebuild: bool = False,
    wait: float = 600.0,
) -> IngestReport:
    """Make the index in `directory` hold what `paths` hold now, and report what was done.

    A folder given is mirrored: documents whose files are gone from it are removed. Documents of other folders stay.
    Only what has changed is read and embedded; where nothing has, nothing is written. With `rebuild` the index is
    made anew from `paths` alone. The encoder is that given, else the one of the name or folder `model`, else the one
    the index was made with; it is loaded only if it is needed.
    `progress` is called in this thread. A run that ends early leaves the index as it was.

    Raises BadRequest for a path that does not exist, IndexBusy where another run does not end within `wait` seconds,
    IndexMismatch for an index made with another encoder, IndexDamaged where it has no whole snapshot to start from,
    and YinjuError where the disk refuses.
    """
    notify = progress or _ignore
    with _disk_errors(directory), write_lock(directory, wait=wait, progress=notify):
        started = time.perf_counter()
        clean(directory)
        previous = None if rebuild else _previous(directory)
        kept = previous.manifest.model if previous else ""
        model = kept if model is None else _lasting(model)
        load = loaded_once(encoder, model)
        if encoder is not None or model != kept:
            check_encoder(previous, load())
        return _update(paths, directory, previous, load, model, notify, started)


def _lasting(model: str) -> str:
    """The name of a model, a folder's in full so that it holds from any working directory; the default's is empty."""
    from index.encoders import DEFAULT_NAME

    if model == DEFAULT_NAME:
        return ""
    return str(Path(model).resolve()) if Path(model).is_dir() else model


def _update(
    paths: Sequence[Path],
    directory: Path,
    previous: Snapshot | None,
    load: Callable[[], Encoder],
    model: str,
    notify: Progress,
    started: float,
) -> IngestReport:
    before = Catalogue(previous.path / CATALOGUE) if previous else None
    known, folders = (before.known_files(), before.folders()) if before else ([], frozenset())
    changes = find_changes(paths, known, folders, index=directory)
    if previous is None or changes.is_some:
        done = _write(directory, previous, changes, load, model, notify)
    else:
        done = _Done(previous)
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
    )


@dataclass(frozen=True, slots=True)
class _Done:
    """The live snapshot after a run, and what the run took in."""

    live: Snapshot
    added: int = 0
    updated: int = 0
    passages: int = 0
    failed: tuple[Failure, ...] = ()


def _write(
    directory: Path,
    previous: Snapshot | None,
    changes: Changes,
    load: Callable[[], Encoder],
    model: str,
    notify: Progress,
) -> _Done:
    """Make and publish the next snapshot."""
    from index.snapshot_writer import SnapshotWriter

    failed: list[Failure] = []
    passages = updated = 0
    with SnapshotWriter(directory, previous, load, model=model) as writer:
        writer.apply(changes)
        for done, file in enumerate(changes.to_read):
            notify("reading", done, len(changes.to_read))
            taken = _take_in(writer, file, changes)
            if isinstance(taken, Failure):
                failed.append(taken)
            else:
                passages += taken
                updated += file.source in changes.replaced
            notify("embedding", writer.queue.done, writer.queue.added)
        notify("reading", len(changes.to_read), len(changes.to_read))
        writer.queue.flush()
        while writer.queue.take():
            notify("embedding", writer.queue.done, writer.queue.added)
        notify("publishing", 0, 1)
        snapshot = writer.publish()
        notify("publishing", 1, 1)
    added = len(changes.to_read) - len(failed) - updated
    return _Done(snapshot, added, updated, passages, tuple(failed))


def _take_in(writer: SnapshotWriter, file: SourceFile, changes: Changes) -> int | Failure:
    """Read, divide and add a file in place of what it replaces; give the number of its passages, or why not."""
    from ingest.divide import divide
    from ingest.reading import read_document

    try:
        stamp, id = stamp_of(file.path), content_id(file)
    except OSError as error:
        return Failure(file.source, f"cannot be opened ({error.strerror}); check its permissions")
    try:
        divided = divide(read_document(file.path, source=file.source))
    except MemoryError:
        raise
    except Exception as error:
        # A file that the readers did not foresee must not keep out all the others.
        surprise = f"cannot be read ({type(error).__name__}: {error}); save it in another format"
        reason = error.reason if isinstance(error, UnreadableFile) else surprise
        writer.add_failure(file, id, reason)
        return Failure(file.source, reason)
    if file.source in changes.replaced:
        writer.remove(changes.replaced[file.source])
    return writer.add(divided, file, stamp)


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
