"""From the paths a person gives to the files to read, in a fixed order and with nothing skipped silently."""

import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import BadRequest, UnreadableFile

_SYSTEM_FILES = {"thumbs.db", "desktop.ini"}


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read: where it is, the folder it was found under, and its path within that folder."""

    path: Path
    root: str
    """The resolved folder that was given; for a file given directly, its parent folder."""
    source: str
    """Path relative to `root` with `/` between parts; always valid Unicode."""
    archive: str = ""
    """The source of the archive at `path` that it is a member of; empty for a file that is none."""
    member: tuple[int, ...] = ()
    """Where it is in that archive (`ingest.archives.Entry`)."""


def discover(paths: Sequence[Path]) -> Iterator[SourceFile | UnreadableFile]:
    """Yield the files under `paths`, folders in sorted order, and a stated failure for each that cannot be opened.

    Hidden and lock files (.DS_Store, ~$draft.docx) are not documents and are left out. So is a README, which tells
    of the folder it lies in, unless it is given itself. A folder reached twice through links is walked once.
    Raises BadRequest, before anything is yielded, for a path that does not exist.
    """
    for path in paths:
        if not os.path.lexists(path):
            raise BadRequest(f"{_printable(str(path))}: no such file or folder; check the path")
    return _discover([Path(path) for path in paths])


def _discover(paths: Sequence[Path]) -> Iterator[SourceFile | UnreadableFile]:
    seen: set[tuple[str, str]] = set()
    for path in paths:
        for found in _under(path):
            if isinstance(found, SourceFile):
                if (found.root, found.source) in seen:
                    continue
                seen.add((found.root, found.source))
            yield found


def _under(path: Path) -> Iterator[SourceFile | UnreadableFile]:
    if path.is_dir():
        yield from _walk(path, str(path.resolve()), "", set())
    else:
        # Only the folder is resolved: a link keeps the name it was given under.
        yield _file(path, str(path.absolute().parent.resolve()), path.name)


def _walk(folder: Path, root: str, prefix: str, walked: set[tuple[int, int]]) -> Iterator[SourceFile | UnreadableFile]:
    try:
        status = folder.stat()
        names = sorted(os.listdir(folder))
    except OSError as error:
        name = _printable(prefix.rstrip("/") or folder.name)
        yield UnreadableFile(name, f"folder cannot be read ({error.strerror}); check its permissions")
        return
    if (status.st_dev, status.st_ino) in walked:
        return
    walked.add((status.st_dev, status.st_ino))
    for name in names:
        path = folder / name
        if _is_hidden(name) or (_is_readme(name) and path.is_file()):
            continue
        if path.is_dir():
            yield from _walk(path, root, f"{prefix}{name}/", walked)
        else:
            yield _file(path, root, prefix + name)


_README = re.compile(r"readme(?:\.\w+)?", re.IGNORECASE)


def is_left_out(path: str) -> bool:
    """Whether a file of this path within a folder or an archive is no document: hidden, a lock file or a README."""
    parts = path.split("/")
    return _is_readme(parts[-1]) or any((_is_hidden(part) and part != "..") or part == "__MACOSX" for part in parts)


def _is_readme(name: str) -> bool:
    return _README.fullmatch(name) is not None


def _is_hidden(name: str) -> bool:
    return name.startswith((".", "~$")) or name.lower() in _SYSTEM_FILES


def _file(path: Path, root: str, source: str) -> SourceFile | UnreadableFile:
    if source != _printable(source):
        return UnreadableFile(_printable(source), "the file name is not valid Unicode; rename the file")
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return UnreadableFile(source, f"cannot be opened ({error.strerror}); check the link or its permissions")
    if not stat.S_ISREG(mode):
        return UnreadableFile(source, "not a regular file; leave it out of the folder")
    if not os.access(path, os.R_OK):
        return UnreadableFile(source, "permission denied; make the file readable")
    return SourceFile(path=path, root=_printable(root), source=source)


def _printable(name: str) -> str:
    """The name with bytes that are not valid Unicode written as \\xNN."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
