"""Snapshots of an index on disk: published whole or not at all, and never changed afterwards.

    <index>/CURRENT                          the name of the live snapshot, replaced atomically
    <index>/write.lock                       held while an ingestion runs
    <index>/decisions.json                   what users have corrected and removed (`index.decisions`)
    <index>/snapshots/<sequence>-<hash>/     manifest.json, catalogue.sqlite, lexical/, vectors.faiss

A reader sees the snapshot it opened until it asks for a newer one; a run that dies leaves the last good one live.
"""

import hashlib
import json
import os
import re
import shutil
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.durable import sync, write_durably
from ingest.errors import IndexDamaged, IndexMismatch, IndexMissing

if TYPE_CHECKING:
    from index.encoder import Encoder

FORMAT = 3
"""Format of the files; an index of another format is made anew."""
CATALOGUE = "catalogue.sqlite"
LEXICAL = "lexical"
VECTORS = "vectors.faiss"
KEPT = 3
"""Snapshots that are kept unless more or fewer are asked for: the live one and those before it."""
_MANIFEST = "manifest.json"
_CURRENT = "CURRENT"
_BUILDING = "building-"
"""Folders whose names begin so are being made or removed, and no snapshots."""
_NAME = re.compile(r"(\d{6,})-[0-9a-f]{12}$")
COMPARED_UP_TO = 256_000_000
"""Bytes of a snapshot up to which opening compares the content of its files (a tenth of a second); else their sizes."""
REPAIR = "run `yinju check --repair`, or make the index anew with `yinju ingest --rebuild`"
REBUILD = "make it anew with `yinju ingest --rebuild`, or delete the folder and ingest again"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of a snapshot: its size in bytes and the SHA-256 of its content."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot was made with and what it holds; `files` are named relative to it."""

    format: int
    encoder: str
    dimension: int
    tokeniser: str
    documents: int
    passages: int
    files: dict[str, StoredFile]
    model: str = ""
    """The name or folder that the encoder is loaded by; empty for the default one."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A published snapshot; `notice` says, where it is not the live one, why it was taken instead."""

    path: Path
    manifest: Manifest
    notice: str = ""

    @property
    def sequence(self) -> int:
        """Snapshots of an index are numbered in the order of their publication."""
        return int(self.path.name.partition("-")[0])


def open_snapshot(directory: Path) -> Snapshot:
    """The live snapshot, or the one before it where the live one is damaged.

    Raises IndexMissing, IndexMismatch for another format, and IndexDamaged where no snapshot is whole.
    """
    live = live_name(directory)
    if live is None:
        raise IndexMissing(f"{directory}: no index here; make one with `yinju ingest FOLDER --index {directory}`")
    try:
        return Snapshot(directory / "snapshots" / live, _whole(directory / "snapshots" / live))
    except IndexDamaged as damage:
        for name in earlier(directory, live):
            path = directory / "snapshots" / name
            try:
                manifest = _whole(path)
            except (IndexDamaged, IndexMismatch):
                continue
            return Snapshot(path, manifest, f"{damage}. Until then the state before it is used.")
        raise


def live_name(directory: Path) -> str | None:
    """The name of the live snapshot, None where there is no index."""
    try:
        return (directory / _CURRENT).read_text(encoding="utf-8", errors="replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise IndexDamaged(f"{directory / _CURRENT}: cannot be read ({error}); {REPAIR}") from error


def earlier(directory: Path, before: str) -> list[str]:
    """Names of the snapshots before one, newest first; those after the live one were never published."""
    if not (directory / "snapshots").is_dir():
        return []
    names = sorted((p.name for p in (directory / "snapshots").iterdir() if _NAME.match(p.name)), reverse=True)
    return [name for name in names if name < before or not _NAME.match(before)]


def read_manifest(path: Path) -> Manifest:
    """Read a snapshot's manifest and compare the sizes of its files. Raises IndexDamaged, or IndexMismatch."""
    try:
        read = json.loads((path / _MANIFEST).read_text(encoding="utf-8"))
        if read["format"] != FORMAT:
            raise IndexMismatch(f"{path}: has format {read['format']}, this version reads {FORMAT}; {REBUILD}")
        files = {name: StoredFile(**file) for name, file in read.pop("files").items()}
        manifest = Manifest(**read, files=files)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise IndexDamaged(f"{path / _MANIFEST}: missing or damaged ({error}); {REPAIR}") from error
    for name, file in manifest.files.items():
        try:
            size = (path / name).stat().st_size
        except OSError as error:
            raise IndexDamaged(f"{path / name}: cannot be opened ({error.strerror}); {REPAIR}") from error
        if size != file.size:
            raise IndexDamaged(f"{path / name}: has {size} bytes instead of {file.size}; {REPAIR}")
    return manifest


def _whole(path: Path) -> Manifest:
    """The manifest of a snapshot whose files are as it says."""
    manifest = read_manifest(path)
    if sum(file.size for file in manifest.files.values()) <= COMPARED_UP_TO:
        compare_content(path, manifest)
    return manifest


def compare_content(path: Path, manifest: Manifest) -> None:
    """Read all files of a snapshot and compare checksums. Raises IndexDamaged for the first that differs."""
    for name, file in manifest.files.items():
        try:
            same = _sha256(path / name) == file.sha256
        except OSError as error:
            raise IndexDamaged(f"{path / name}: cannot be read ({error.strerror}); {REPAIR}") from error
        if not same:
            raise IndexDamaged(f"{path / name}: its content has changed since it was written; {REPAIR}")


def verify(directory: Path) -> Snapshot:
    """The live snapshot, of which every file has been read and compared. Raises IndexDamaged, or IndexMissing."""
    live = live_name(directory)
    if live is None:
        raise IndexMissing(f"{directory}: no index here")
    path = directory / "snapshots" / live
    snapshot = Snapshot(path, read_manifest(path))
    compare_content(path, snapshot.manifest)
    return snapshot


def begin(directory: Path, previous: Snapshot | None) -> Path:
    """Make the folder of the next snapshot: empty, or the previous one's files (linked, the catalogue copied)."""
    building = _building(directory)
    for name in previous.manifest.files if previous else ():
        # tantivy never writes into a segment once written; its two lists of segments it replaces.
        linkable = name == VECTORS or (name.startswith(LEXICAL) and not name.endswith(".json"))
        _take_over(previous.path / name, building / name, linkable=linkable)  # type: ignore[union-attr]
    return building


def _building(directory: Path) -> Path:
    building = directory / "snapshots" / f"{_BUILDING}{os.getpid()}-{time.monotonic_ns()}"
    (building / LEXICAL).mkdir(parents=True)
    return building


def _take_over(source: Path, target: Path, *, linkable: bool) -> None:
    if linkable:
        try:
            os.link(source, target)
        except OSError:  # a file system without links
            pass
        else:
            return
    shutil.copyfile(source, target)


def publish(
    directory: Path,
    building: Path,
    previous: Snapshot | None,
    *,
    encoder: str,
    dimension: int,
    tokeniser: str,
    documents: int,
    passages: int,
    model: str = "",
    keep: int = KEPT,
) -> Snapshot:
    """Make a finished folder the live snapshot, and remove all but the newest ones. Raises OSError."""
    files = {name: _describe(building, name, previous) for name in _files_of(building)}
    manifest = Manifest(FORMAT, encoder, dimension, tokeniser, documents, passages, files, model)
    return _make_live(directory, building, manifest, keep)


def publish_again(directory: Path, earlier: Snapshot, *, keep: int = KEPT) -> Snapshot:
    """Make what an earlier snapshot holds live once more, as a new one that shares its files. Raises OSError."""
    building = _building(directory)
    try:
        for name in earlier.manifest.files:
            _take_over(earlier.path / name, building / name, linkable=True)
            sync(building / name)
        return _make_live(directory, building, earlier.manifest, keep)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _make_live(directory: Path, building: Path, manifest: Manifest, keep: int) -> Snapshot:
    content = json.dumps(asdict(manifest), ensure_ascii=False, indent=1, sort_keys=True)
    write_durably(building / _MANIFEST, content)
    for folder in (building / LEXICAL, building):
        sync(folder)
    path = building.parent / f"{_next_sequence(directory):06d}-{hashlib.sha256(content.encode()).hexdigest()[:12]}"
    building.rename(path)
    sync(path.parent)
    point_to(directory, path.name)
    clean(directory, keep=keep)
    return Snapshot(path, manifest)


def point_to(directory: Path, name: str) -> None:
    """Make the snapshot of a name the live one; only for the holder of the write lock."""
    replacement = directory / f"{_CURRENT}.{os.getpid()}"
    write_durably(replacement, name + "\n")
    os.replace(replacement, directory / _CURRENT)
    sync(directory)


def check_encoder(snapshot: Snapshot | None, encoder: "Encoder") -> None:
    """Raise IndexMismatch where a snapshot's vectors are of another encoder."""
    name = snapshot.manifest.encoder if snapshot else ""
    if name and name != encoder.name:
        raise IndexMismatch(f"the index was made with the encoder {name}, not {encoder.name}; {REBUILD}")


def clean(directory: Path, *, keep: int = KEPT) -> None:
    """Remove what dead runs left and all but the newest snapshots; only for the holder of the write lock."""
    live = live_name(directory)
    for leftover in directory.glob(f"{_CURRENT}.*"):
        leftover.unlink()
    if not (directory / "snapshots").is_dir():
        return
    # An empty CURRENT names nothing, and yet was written after a snapshot was.
    kept = [] if live is None else [live, *earlier(directory, live)[: keep - 1]]
    for path in (directory / "snapshots").iterdir():
        if path.name not in kept and (_NAME.match(path.name) or path.name.startswith(_BUILDING)):
            discard(path)


def discard(path: Path) -> None:
    """Remove a snapshot or what was being built, as far as can be; one that is only half removed is no snapshot."""
    leaving = path
    if _NAME.match(path.name):
        leaving = path.with_name(f"{_BUILDING}gone-{path.name}")
        shutil.rmtree(leaving, ignore_errors=True)
        with suppress(OSError):
            path.rename(leaving)
    shutil.rmtree(leaving, ignore_errors=True)


def _next_sequence(directory: Path) -> int:
    sequences = [int(match[1]) for p in (directory / "snapshots").iterdir() if (match := _NAME.match(p.name))]
    return max(sequences, default=0) + 1


def _files_of(building: Path) -> list[str]:
    """Names relative to the folder; what tantivy locks by is left out."""
    paths = [path for path in building.rglob("*") if path.is_file() and not path.name.endswith(".lock")]
    return sorted(path.relative_to(building).as_posix() for path in paths)


def _describe(building: Path, name: str, previous: Snapshot | None) -> StoredFile:
    """Size and checksum of a file, made durable; of one linked from the previous snapshot they are known."""
    path = building / name
    known = previous.manifest.files.get(name) if previous else None
    if previous and known and path.samefile(previous.path / name):
        return known
    sync(path)
    return StoredFile(path.stat().st_size, _sha256(path))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
