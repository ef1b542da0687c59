"""Archives among the files found: what they hold, without opening those that have not changed."""

import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.catalogue import Known
from index.model import Failure
from ingest.archives import Entry, refusal
from ingest.discover import SourceFile
from ingest.errors import UnreadableFile

ListArchive = Callable[[SourceFile], Sequence[Entry]]
"""Gives the members of an archive, or raises UnreadableFile (`ingest.archives.list_members`)."""
_SETTLED = 2_000_000_000
"""Nanoseconds after which a file's times are relied on: within them it may change again unnoticed."""


@dataclass(frozen=True, slots=True)
class ToRead:
    """A file to read, with its id and stamp from before it is read; a `reason` says that it cannot be, and why."""

    file: SourceFile
    id: str
    stamp: str
    reason: str = ""
    content: str = ""
    """The hash of what it holds (`ingest.identity.content_hash`), empty where it is not read."""


@dataclass(frozen=True, slots=True)
class Looked:
    """An archive that was looked into, and its stamp then."""

    root: str
    source: str
    stamp: str


@dataclass(frozen=True, slots=True)
class Members:
    """What archives hold: the members of those that were opened, and what is known of those that were not."""

    found: tuple[ToRead, ...]
    settled: tuple[Known, ...]
    looked: tuple[Looked, ...]
    failed: tuple[Failure, ...]


def stamp_of(path: Path) -> str:
    """Size and times of a file; empty where it has changed so lately that they may not tell the next change."""
    status = path.stat()
    latest = max(status.st_mtime_ns, status.st_ctime_ns)
    settled = latest + _SETTLED < time.time_ns()
    return f"{status.st_size}-{status.st_mtime_ns}-{status.st_ctime_ns}" if settled else ""


def look_into(
    archives: Iterable[SourceFile],
    known: Sequence[Known],
    looked: Mapping[tuple[str, str], str],
    list_archive: ListArchive,
) -> Members:
    """Find the members of archives; one whose stamp is the one in `looked`, by root and source, is not opened."""
    found: list[ToRead] = []
    settled: list[Known] = []
    opened: list[Looked] = []
    failed: list[Failure] = []
    for archive in archives:
        try:
            stamp = stamp_of(archive.path)
        except OSError as error:
            failed.append(unopened(archive, error))
            continue
        if stamp and looked.get((archive.root, archive.source)) == stamp:
            settled += [entry for entry in known if _is_of(entry, archive)]
            continue
        opened.append(Looked(archive.root, archive.source, stamp))
        for entry in _entries(archive, list_archive):
            member = replace(archive, source=entry.source, archive=archive.source, member=entry.member)
            found.append(ToRead(member, entry.id, stamp, entry.reason, entry.content))
    return Members(tuple(found), tuple(settled), tuple(opened), tuple(failed))


def unopened(file: SourceFile, error: OSError) -> Failure:
    """The failure of a file that the system does not let us open."""
    return Failure(file.source, f"cannot be opened ({error.strerror}); check its permissions")


def _entries(archive: SourceFile, list_archive: ListArchive) -> Sequence[Entry]:
    try:
        return list_archive(archive)
    except UnreadableFile as error:
        return [refusal(archive.source, error.reason)]


def _is_of(entry: Known, archive: SourceFile) -> bool:
    within = entry.source == archive.source or entry.source.startswith(f"{archive.source}/")
    return within and entry.root == archive.root


def exists(root: str, file: SourceFile) -> bool:
    """Whether a file of this name, or the archive it is in, is under another root too."""
    return os.path.exists(os.path.join(root, file.archive or file.source))
