"""Bringing an index up to date with the files it is made of."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.catalogue import Catalogue
from index.changes import Changes, find_changes
from index.decisions import Decisions
from index.loading import loaded_once
from index.lock import Progress, write_lock
from index.members import ToRead
from index.model import Failure, IngestReport
from index.plan import Plan, plan_of, restored
from index.recipe import recipe_of_failures
from index.settling import move, settle
from index.snapshot import CATALOGUE, KEPT, Snapshot, check_encoder, clean
from index.writing import (
    catalogue_of,
    decided,
    deciding,
    disk_errors,
    ignore,
    live_catalogue,
    previous_snapshot,
    require_index,
)
from ingest.errors import UnreadableFile
from ingest.sidecar import ENDING

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
    return _updated(
        paths, directory, encoder, model, progress or ignore, readers,
        rebuild=rebuild, retry=retry, keep=keep, wait=wait, restore=(),
    )  # fmt: skip


def restore_documents(
    sources: Sequence[str],
    directory: Path,
    *,
    encoder: Encoder | None = None,
    progress: Progress | None = None,
    keep: int = KEPT,
    readers: ReaderPool | None = None,
    wait: float = 600.0,
) -> IngestReport:
    """Take documents in again that a user has removed (`index.editing.remove_documents`), and report as for a run.

    Raises BadRequest for a source that was not removed, or whose file is gone, and what `update_index` raises.
    """
    require_index(directory)
    return _updated(
        (), directory, encoder, None, progress or ignore, readers,
        rebuild=False, retry=False, keep=keep, wait=wait, restore=sources,
    )  # fmt: skip


def _updated(
    paths: Sequence[Path],
    directory: Path,
    encoder: Encoder | None,
    model: str | None,
    notify: Progress,
    readers: ReaderPool | None,
    *,
    rebuild: bool,
    retry: bool,
    keep: int,
    wait: float,
    restore: Sequence[str],
) -> IngestReport:
    with disk_errors(directory), write_lock(directory, wait=wait, progress=notify), readers or _pool() as pool:
        started = time.perf_counter()
        clean(directory, keep=keep)
        previous = None if rebuild else previous_snapshot(directory)
        catalogue = catalogue_of(previous)
        before = decisions = decided(directory, live_catalogue(directory) if rebuild else catalogue)
        if restore:
            decisions, paths = restored(decisions, restore)
        kept = previous.manifest.model if previous else ""
        model = kept if model is None else _lasting(model)
        load = loaded_once(encoder, model)
        if encoder is not None or model != kept:
            check_encoder(previous, load())
        run = _Run(
            directory, previous, catalogue, before, decisions, load, model, notify, pool,
            retry=retry or bool(restore), keep=keep,
        )  # fmt: skip
        return _update(paths, run, started)


def _pool() -> ReaderPool:
    from ingest.isolation import ReaderPool

    return ReaderPool()


def _lasting(model: str) -> str:
    """The name of a model, a path in full so that it holds from any working directory; the default's is empty."""
    from index.encoders import DEFAULT_NAME

    if model == DEFAULT_NAME:
        return ""
    return str(Path(model).resolve()) if Path(model).exists() else model


@dataclass(frozen=True, slots=True)
class _Run:
    """What a run works with from beginning to end."""

    directory: Path
    previous: Snapshot | None
    before: Catalogue | None
    """The catalogue of the previous snapshot."""
    kept: Decisions
    """What users had decided before the run, as the disk holds it."""
    decisions: Decisions
    load: Callable[[], Encoder]
    model: str
    notify: Progress
    readers: ReaderPool
    retry: bool
    keep: int


def _update(paths: Sequence[Path], run: _Run, started: float) -> IngestReport:
    changes = _changes(paths, run)
    plan = plan_of(changes, run.before, run.decisions, run.directory)
    done = _Done(run.previous) if run.previous and not plan.is_some else _write(run, plan)
    seconds = time.perf_counter() - started
    beside = (Failure(one.source + ENDING, one.problem) for one in changes.sidecars.problems)
    return IngestReport(
        documents=done.live.manifest.documents,
        passages=done.live.manifest.passages,
        added=done.added,
        updated=done.updated,
        removed=len(changes.removed),
        unchanged=changes.unchanged,
        failed=tuple(sorted((*changes.failed, *done.failed, *beside), key=lambda failure: failure.source)),
        seconds=seconds,
        passages_per_second=done.passages / seconds,
        renamed=tuple(sorted(changes.renames.items())),
        corrected=tuple(sorted(done.corrected)),
        left_out=tuple(sorted(changes.left_out)),
        notices=plan.wanted.overruled(plan.entries),
        duplicates=Catalogue(done.live.path / CATALOGUE).counts_of_copies(),
    )


def _changes(paths: Sequence[Path], run: _Run) -> Changes:
    before = run.before
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
        left_out=run.decisions.left_out,
        sidecars=before.sidecars() if before else (),
        names=before.renames() if before else {},
    )


@dataclass(frozen=True, slots=True)
class _Done:
    """The live snapshot after a run, and what the run took in."""

    live: Snapshot
    added: int = 0
    updated: int = 0
    passages: int = 0
    failed: tuple[Failure, ...] = ()
    corrected: tuple[str, ...] = ()


def _write(run: _Run, plan: Plan) -> _Done:
    """Make and publish the next snapshot."""
    from index.snapshot_writer import SnapshotWriter

    with SnapshotWriter(run.directory, run.previous, run.load, model=run.model, keep=run.keep) as writer:
        writer.apply(plan.changes)
        writer.keep_decisions(plan.decisions)
        writer.add_renames(plan.earlier_names)
        plan = plan.with_more_to_read(move(writer, run.before, plan.changes.moved, plan.wanted) if run.before else [])
        done = _read_all(run, plan, writer)
        taken = {entry.number for source, entry in plan.replaced.items() if source in done.sources}
        taken |= {entry.number for entry in (*plan.changes.removed, *(one.entry for one in plan.changes.moved))}
        corrected = settle(writer, [one for one in plan.outstanding if one[0].number not in taken])
        writer.queue.flush()
        while writer.queue.take():
            run.notify("embedding", writer.queue.done, writer.queue.added)
        run.notify("publishing", 0, 1)
        with deciding(run.directory, run.kept, plan.decisions):
            snapshot = writer.publish()
        run.notify("publishing", 1, 1)
    renamed = set(plan.changes.renames.values())
    new = done.sources - renamed
    updated = len(new & plan.replaced.keys())
    return _Done(snapshot, len(new) - updated, updated, done.passages, done.failed, corrected)


@dataclass(frozen=True, slots=True)
class _Taken:
    """What was read: the sources that are documents now, how many passages they have, and what is none."""

    sources: set[str]
    passages: int
    failed: tuple[Failure, ...]


def _read_all(run: _Run, plan: Plan, writer: SnapshotWriter) -> _Taken:
    failed: list[Failure] = []
    sources: set[str] = set()
    passages = 0
    total = len(plan.to_read)
    run.notify("reading", 0, total)
    for done, (file, divided) in enumerate(_read(plan.to_read, run.readers), 1):
        taken = _take_in(writer, file, divided, plan)
        if isinstance(taken, Failure):
            failed.append(taken)
        else:
            passages += taken
            sources.add(file.file.source)
        run.notify("embedding", writer.queue.done, writer.queue.added)
        run.notify("reading", done, total)
    return _Taken(sources, passages, tuple(failed))


def _read(to_read: Sequence[ToRead], readers: ReaderPool) -> Iterator[tuple[ToRead, Divided | UnreadableFile]]:
    """The files with what was read, in their order."""
    read = readers.read([one.file for one in to_read if not one.reason])
    for one in to_read:
        yield one, UnreadableFile(one.file.source, one.reason) if one.reason else next(read)


def _take_in(writer: SnapshotWriter, read: ToRead, divided: Divided | UnreadableFile, plan: Plan) -> int | Failure:
    """Add a document in place of what it replaces; give the number of its passages, or why there is none."""
    if isinstance(divided, UnreadableFile):
        writer.add_failure(read.file, read.id, divided.reason)
        return Failure(read.file.source, divided.reason)
    if read.file.member and divided.document.info.id != read.id:
        return Failure(read.file.source, "its archive changed while it was read; ingest again")
    if read.file.source in plan.replaced:
        writer.remove(plan.replaced[read.file.source])
    if divided.document.info.id != read.id:  # changed between: it can't be told by that content when it is moved
        read = replace(read, content="")
    return writer.add(plan.wanted.divided(divided, read.file.root), read)
