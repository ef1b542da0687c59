"""The snapshots that an index keeps, and going back to one of them."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from index.lock import Progress, write_lock
from index.restating import publish_restated
from index.snapshot import (
    KEPT,
    REBUILD,
    Snapshot,
    compare_content,
    earlier,
    live_name,
    publish_again,
    read_manifest,
)
from index.tokeniser import VERSION
from ingest.errors import BadRequest, IndexMismatch, IndexMissing, YinjuError

if TYPE_CHECKING:
    from index.encoder import Encoder


@dataclass(frozen=True, slots=True)
class Kept:
    """A snapshot that is kept; `damage` says what is wrong with it, and then nothing else is known."""

    name: str
    is_live: bool
    published: str = ""
    """Local time with its offset, ISO 8601 to the second."""
    documents: int = 0
    passages: int = 0
    bytes: int = 0
    damage: str = ""


def list_snapshots(directory: Path) -> tuple[Kept, ...]:
    """The snapshots kept, newest first; the live one is the first. Raises IndexMissing."""
    live = _live(directory)
    return tuple(_kept(directory, name, name == live) for name in (live, *earlier(directory, live)))


def bytes_on_disk(directory: Path) -> int:
    """What all snapshots take on disk; a file that several share counts once."""
    sizes = {}
    for path in (directory / "snapshots").rglob("*"):
        if path.is_file():
            status = path.stat()
            sizes[status.st_dev, status.st_ino] = status.st_size
    return sum(sizes.values())


def roll_back(
    directory: Path,
    name: str | None = None,
    *,
    keep: int = KEPT,
    wait: float,
    progress: Progress,
    encoder: "Encoder | None" = None,
) -> tuple[Snapshot, str]:
    """Make an earlier snapshot live again, as a new one, and give it with the earlier one's name.

    It is the one of a name or number, else the one before the live one. The live one becomes the one before, so that
    going back again undoes it. What users have decided holds on (`index.restating`).
    Raises IndexMissing, BadRequest where there is no such snapshot, IndexDamaged or IndexMismatch where it cannot be
    used, IndexBusy, and YinjuError where the disk refuses.
    """
    _live(directory)
    try:
        with write_lock(directory, wait=wait, progress=progress):
            chosen = _chosen(earlier(directory, _live(directory)), name)
            path = directory / "snapshots" / chosen
            snapshot = Snapshot(path, read_manifest(path))
            compare_content(path, snapshot.manifest)
            if snapshot.manifest.tokeniser != VERSION:
                raise IndexMismatch(f"{path}: its words were cut in another way than this version does; {REBUILD}")
            again = publish_restated(directory, snapshot, encoder=encoder, keep=keep)
            return again or publish_again(directory, snapshot, keep=keep), chosen
    except (OSError, sqlite3.Error) as error:
        raise YinjuError(
            f"{directory}: could not go back ({error}); check the free space and permissions there. "
            "The index is as it was before"
        ) from error


def _live(directory: Path) -> str:
    live = live_name(directory)
    if live is None:
        raise IndexMissing(f"{directory}: no index here; make one with `yinju ingest FOLDER --index {directory}`")
    return live


def _chosen(names: list[str], name: str | None) -> str:
    if name is None and names:
        return names[0]
    for one in names:
        if name == one or (name and name.isdecimal() and int(name) == int(one.partition("-")[0])):
            return one
    held = f"there are {', '.join(names)}" if names else "the live one is the only one"
    raise BadRequest(f"{name or 'snapshot'}: no such earlier snapshot; {held}")


def _kept(directory: Path, name: str, is_live: bool) -> Kept:
    path = directory / "snapshots" / name
    try:
        manifest = read_manifest(path)
        published = datetime.fromtimestamp((path / "manifest.json").stat().st_mtime).astimezone()
    except (YinjuError, OSError) as error:
        return Kept(name, is_live, damage=str(error))
    size = sum(file.size for file in manifest.files.values())
    when = published.isoformat(timespec="seconds")
    return Kept(name, is_live, when, manifest.documents, manifest.passages, size)
