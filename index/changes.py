"""What an ingestion has to do: the files found on disk against the files that the index was made of."""

import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Literal

from index.catalogue import Known
from index.model import Failure
from index.recipe import recipe, recipe_of_failures
from ingest.discover import SourceFile, discover
from ingest.errors import UnreadableFile

_CHUNK = 1 << 20
_SETTLED = 2_000_000_000
"""Nanoseconds after which a file's times are relied on: within them it may change again unnoticed."""


@dataclass(frozen=True, slots=True)
class Changes:
    """The files to read, what they replace, what is gone, and what cannot be taken in."""

    folders: frozenset[str]
    to_read: tuple[SourceFile, ...]
    replaced: dict[str, Known]
    """The document that a file of this source takes the place of, once it has been read."""
    removed: tuple[Known, ...]
    unchanged: int
    failed: tuple[Failure, ...]
    forgotten: tuple[str, ...]
    """Ids of failures that no longer stand."""

    @property
    def is_some(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.to_read or self.removed or self.forgotten or self.folders)


def content_id(file: SourceFile) -> str:
    """The id of the document in a file: what it is called and what it says (`DocumentInfo.id`). Raises OSError.

    A file of a format that is not read is not opened either: question files, say, or archives.
    """
    from ingest.reading import SUFFIXES

    digest = sha256(file.source.encode("utf-8", "surrogatepass") + b"\0")
    if file.path.suffix.lower() not in SUFFIXES:
        return digest.hexdigest()[:32]
    with file.path.open("rb") as content:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()[:32]


def stamp_of(path: Path) -> str:
    """Size and times of a file; empty where it has changed so lately that they may not tell the next change."""
    status = path.stat()
    latest = max(status.st_mtime_ns, status.st_ctime_ns)
    settled = latest + _SETTLED < time.time_ns()
    return f"{status.st_size}-{status.st_mtime_ns}-{status.st_ctime_ns}" if settled else ""


def find_changes(
    paths: Sequence[Path], known: Sequence[Known], folders: frozenset[str], *, index: Path | None = None
) -> Changes:
    """Compare what is found under `paths` with what the index knows; `folders` are those it mirrors so far.

    A folder given is mirrored. A document is removed only if its file is gone, not if it cannot be read now.
    Files in the folder `index`, those of the index itself, are no documents.
    Raises BadRequest for a path that does not exist.
    """
    own = str(index.resolve()) if index else None
    found = [file for file in discover(paths) if not _is_in(file, own)]
    given = frozenset(str(path.resolve()) for path in paths if path.is_dir())
    failed = [Failure(file.source, file.reason) for file in found if isinstance(file, UnreadableFile)]
    files = dict.fromkeys(_named(file, folders | given) for file in found if isinstance(file, SourceFile))
    gone = _gone([entry for entry in known if _folder_of(entry, given)], files, given, failed)
    documents = {entry.source: entry for entry in known if entry.number and entry not in gone}
    current = recipe_of_failures()
    failures = {e.id: e for e in known if not e.number and e not in gone and e.recipe == current}

    to_read: list[SourceFile] = []
    unchanged = 0
    roots: dict[str, str] = {}
    for file in files:
        state = _state(file, roots.setdefault(file.source, file.root), documents.get(file.source), failures)
        if isinstance(state, Failure):
            failed.append(state)
        elif state == "changed":
            to_read.append(file)
        else:
            unchanged += 1
    return Changes(
        folders=given - folders,
        to_read=tuple(to_read),
        replaced={file.source: documents[file.source] for file in to_read if file.source in documents},
        removed=tuple(entry for entry in gone if entry.number),
        unchanged=unchanged,
        failed=tuple(failed),
        forgotten=_forgotten(known, gone, files, failed),
    )


def _forgotten(
    known: Iterable[Known], gone: frozenset[Known], files: Iterable[SourceFile], failed: Iterable[Failure]
) -> tuple[str, ...]:
    """The ids of the failures whose files are gone or have changed."""
    looked_at = {(file.root, file.source) for file in files}
    standing = {(failure.source, failure.reason) for failure in failed}
    failures = [entry for entry in known if not entry.number and (entry.source, entry.reason) not in standing]
    return tuple(entry.id for entry in failures if entry in gone or (entry.root, entry.source) in looked_at)


def _is_in(file: SourceFile | UnreadableFile, folder: str | None) -> bool:
    return folder is not None and isinstance(file, SourceFile) and _is_under(f"{file.root}/{file.source}", folder)


def _named(file: SourceFile, folders: frozenset[str]) -> SourceFile:
    """The file as the outermost mirrored folder that holds it names it, so that it has one name however it is given."""
    holders = [folder for folder in folders if _is_under(file.root, folder)]
    if not holders:
        return file
    root = min(holders, key=len)
    source = PurePosixPath(Path(file.root, file.source).relative_to(root)).as_posix()
    return replace(file, root=root, source=source)


def _state(
    file: SourceFile, first_root: str, document: Known | None, failures: dict[str, Known]
) -> Literal["changed", "unchanged"] | Failure:
    other = first_root if first_root != file.root else document.root if document else file.root
    if other != file.root and Path(other, file.source).exists():
        reason = f"{other} has a document of the same name; rename one of them, or ingest a folder that holds both"
        return Failure(file.source, reason)
    if document and (document.root != file.root or document.recipe != recipe()):
        document = None
    try:
        if document and document.stamp and document.stamp == stamp_of(file.path):
            return "unchanged"
        now = content_id(file)
    except OSError as error:
        return Failure(file.source, f"cannot be opened ({error.strerror}); check its permissions")
    if document and document.id == now:
        return "unchanged"
    return Failure(file.source, failures[now].reason) if now in failures else "changed"


def _gone(
    entries: Iterable[Known], files: Iterable[SourceFile], given: frozenset[str], failed: Sequence[Failure]
) -> frozenset[Known]:
    """Those whose files are no longer in the folders given, or go by another name now."""
    names = {(file.root, file.source) for file in files}
    paths = {str(Path(file.root, file.source)) for file in files}
    failing = {str(Path(folder, failure.source)) for folder in given for failure in failed}
    gone = set()
    for entry in entries:
        path = Path(entry.root, entry.source)
        unreadable = any(str(place) in failing for place in (path, *path.parents)) or _is_barred(path)
        if (entry.root, entry.source) not in names and (str(path) in paths or not unreadable):
            gone.add(entry)
    return frozenset(gone)


def _is_barred(path: Path) -> bool:
    """Whether the file may be there, but in a folder that cannot be looked into."""
    try:
        path.lstat()
    except PermissionError:
        return True
    except OSError:
        return False
    return not os.access(path.parent, os.R_OK)


def _folder_of(entry: Known, folders: frozenset[str]) -> str | None:
    path = str(Path(entry.root, entry.source))
    return next((folder for folder in folders if _is_under(path, folder)), None)


def _is_under(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")
