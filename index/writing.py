"""What all that writes an index has in common: what it starts from, and what it says where the disk refuses."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from index.catalogue import Catalogue
from index.decisions import Decisions, load, save
from index.snapshot import CATALOGUE, REBUILD, Snapshot, live_name, open_snapshot
from index.tokeniser import VERSION
from ingest.errors import IndexMismatch, IndexMissing, YinjuError


def previous_snapshot(directory: Path) -> Snapshot | None:
    """The snapshot to start from, None where there is no index. Raises IndexMismatch or IndexDamaged."""
    try:
        previous = open_snapshot(directory)
    except IndexMissing:
        return None
    if previous.manifest.tokeniser != VERSION:
        raise IndexMismatch(f"{directory}: its words were cut in another way than this version does; {REBUILD}")
    return previous


def catalogue_of(snapshot: Snapshot | None) -> Catalogue | None:
    """The catalogue of a snapshot."""
    return Catalogue(snapshot.path / CATALOGUE) if snapshot else None


def live_catalogue(directory: Path) -> Catalogue | None:
    """The catalogue of the live snapshot as far as it can be read, for what is to outlive it."""
    try:
        catalogue = catalogue_of(open_snapshot(directory))
        if catalogue is not None:
            catalogue.counts()
    except YinjuError:
        return None
    return catalogue


def decided(directory: Path, catalogue: Catalogue | None) -> Decisions:
    """What users have decided so far; `catalogue` is that of the live snapshot, where there is one.

    Raises IndexDamaged where the file that says so is damaged, or lost.
    """
    return load(directory, catalogue.decisions() if catalogue else "")


@contextmanager
def deciding(directory: Path, before: Decisions, after: Decisions) -> Iterator[None]:
    """Keep decisions, and take them back where what is done with them fails.

    They are on the disk before the snapshot that follows from them is: of a run that is killed between the two, the
    next one makes that snapshot.
    """
    if before == after:
        yield
        return
    save(directory, after)
    try:
        yield
    except BaseException:
        with suppress(OSError):  # what went wrong first is what is told
            save(directory, before)
        raise


@contextmanager
def disk_errors(directory: Path, again: str = "ingest again") -> Iterator[None]:
    """Tell what the disk refuses as a stated failure, with what to do once that is mended."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise YinjuError(
            f"{directory}: the index could not be written ({error}); "
            f"check the free space and permissions there and {again}. The index is as it was before"
        ) from error


def require_index(directory: Path) -> None:
    """Raise IndexMissing where there is no index, before anything is written there."""
    if live_name(directory) is None:
        raise IndexMissing(f"{directory}: no index here; make one with `yinju ingest FOLDER --index {directory}`")


def ignore(stage: str, done: int, total: int) -> None:
    """Progress that no one wants to know."""
