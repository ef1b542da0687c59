"""What an ingestion has to do: the files found on disk against the files that the index was made of."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Literal

from index.catalogue import Known, Sidecar
from index.decisions import LeftOut
from index.members import ListArchive, Looked, Members, ToRead, exists, look_into, stamp_of, unopened
from index.model import Failure
from index.recipe import recipe, recipe_of_failures
from index.renames import Move, is_lost, sort_out_moves
from index.sidecars import Sidecars, beside, compare_sidecars
from ingest.archives import is_archive, list_members
from ingest.discover import SourceFile, discover
from ingest.errors import UnreadableFile
from ingest.identity import content_hash, document_id
from ingest.sidecar import is_sidecar

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Changes:
    """The files to read, what they replace, what is gone, and what cannot be taken in."""

    folders: frozenset[str]
    to_read: tuple[ToRead, ...]
    replaced: dict[str, Known]
    """The document that a file of this source takes the place of, once it has been read."""
    removed: tuple[Known, ...]
    unchanged: int
    failed: tuple[Failure, ...]
    forgotten: tuple[Known, ...]
    """Failures that no longer stand."""
    looked: tuple[Looked, ...] = ()
    """Archives that were looked into."""
    moved: tuple[Move, ...] = ()
    """Documents whose files have another name or place now; those to be read again all the same are in `to_read`."""
    left_out: dict[str, LeftOut] = field(default_factory=dict)
    """The files found that a user has removed from the index."""
    sidecars: Sidecars = Sidecars()  # noqa: RUF009

    @property
    def renames(self) -> dict[str, str]:
        """The old names of renamed documents and their new ones."""
        return {move.entry.source: move.to.file.source for move in self.moved if move.is_renamed}

    @property
    def is_some(self) -> bool:
        """Whether there is anything to do."""
        beside = self.sidecars.gone or self.sidecars.found
        return bool(self.to_read or self.removed or self.forgotten or self.folders or self.moved or beside)


def identified(file: SourceFile, stamp: str) -> ToRead:
    """A file to read with the id of its document and the hash of its content. Raises OSError.

    A file of a format that is not read is not opened either: question files, say.
    """
    from ingest.reading import SUFFIXES

    if file.path.suffix.lower() not in SUFFIXES:
        return ToRead(file, document_id(file.source, []), stamp)
    with file.path.open("rb") as content:
        id = document_id(file.source, iter(lambda: content.read(_CHUNK), b""))
        content.seek(0)
        return ToRead(file, id, stamp, content=content_hash(iter(lambda: content.read(_CHUNK), b"")))


def find_changes(
    paths: Sequence[Path],
    known: Sequence[Known],
    folders: frozenset[str],
    *,
    index: Path | None = None,
    looked: Mapping[tuple[str, str], str] | None = None,
    list_archive: ListArchive = list_members,
    retry: bool = False,
    left_out: Mapping[str, LeftOut] | None = None,
    sidecars: Sequence[Sidecar] = (),
    names: Mapping[str, str] | None = None,
) -> Changes:
    """Compare what is found under `paths` with what the index knows; `folders` are those it mirrors so far.

    A folder given is mirrored. A document is removed only if its file is gone, not if it cannot be read now.
    Files in the folder `index`, those of the index itself, are no documents. An archive is not opened if its stamp is
    that of `looked`. With `retry` files that could not be read before are to be read again. Documents `left_out` are
    not taken in. `sidecars` are those known, and `names` the names that documents have now for earlier ones.
    Raises BadRequest for a path that does not exist.
    """
    own = str(index.resolve()) if index else None
    found = [file for file in discover(paths) if not _is_in(file, own)]
    given = frozenset(str(path.resolve()) for path in paths if path.is_dir())
    failed = [Failure(file.source, file.reason) for file in found if isinstance(file, UnreadableFile)]
    every = dict.fromkeys(_named(file, folders | given) for file in found if isinstance(file, SourceFile))
    named = [file for file in every if not is_sidecar(file.path.name)]
    archives = [file for file in named if is_archive(file.path.name)]
    members = look_into(archives, known, {} if retry else looked or {}, list_archive)
    files: dict[SourceFile, ToRead | None] = {file: None for file in named if not is_archive(file.path.name)}
    files.update((member.file, member) for member in members.found)
    failed += members.failed
    mirrored = given | {str(Path(file.root, file.source)) for file in archives}
    looked_at = {(file.root, file.source) for file in files} | {(file.root, file.source) for file in archives}
    present = looked_at | {(entry.root, entry.source) for entry in members.settled}
    unreadable = _unreadable(given, failed, members)
    looked_for = frozenset(entry for entry in known if _folder_of(entry, mirrored))
    gone = _gone(looked_for, present, unreadable)
    out = _left_out(files, archives, left_out or {})
    taken_out = frozenset(entry for entry in known if entry.number and entry.source in (left_out or {}))
    wanted = {file: member for file, member in files.items() if file.source not in out}
    held = [entry for entry in known if entry not in gone and entry not in taken_out]
    to_read, unchanged = _judge(wanted, held, members, failed, retry=retry)
    also_out = _still_left_out(to_read, left_out or {}, looked_at)
    to_read = [read for read in to_read if read.file.source not in also_out]
    documents = {entry.source: entry for entry in known if entry.number and entry not in taken_out}
    moves = sort_out_moves(to_read, documents, gone, looked_for)
    removed = (gone | taken_out).union(moves.overwritten).difference(move.entry for move in moves.moved)
    elsewhere = removed.union(move.entry for move in moves.moved)
    stay = {(entry.root, entry.source) for entry in documents.values() if entry not in elsewhere}
    return Changes(
        folders=given - folders,
        to_read=moves.to_read,
        replaced=moves.replaced,
        removed=tuple(entry for entry in known if entry in removed and entry.number),
        unchanged=unchanged + moves.unchanged,
        failed=tuple(failed),
        forgotten=_forgotten(known, gone, looked_at, failed),
        looked=members.looked,
        moved=moves.moved,
        left_out={**out, **also_out},
        sidecars=compare_sidecars(
            (*(file for file in every if is_sidecar(file.path.name)), *beside(named, paths)),
            sidecars,
            folders=given,
            looked_at=looked_at,
            documents={(file.root, file.source) for file in files} | stay | _failed_in(given, failed),
            names={**(names or {}), **{m.entry.source: m.to.file.source for m in moves.moved if m.is_renamed}},
        ),
    )


def _failed_in(given: Iterable[str], failed: Iterable[Failure]) -> set[tuple[str, str]]:
    return {(root, failure.source) for failure in failed for root in given}


def _left_out(
    files: Iterable[SourceFile], archives: Iterable[SourceFile], left_out: Mapping[str, LeftOut]
) -> dict[str, LeftOut]:
    """The files found that a user has removed, those in archives that need not be opened included."""
    found = {file.source: left_out[file.source] for file in files if file.source in left_out}
    for archive in archives:
        found |= {s: one for s, one in left_out.items() if s.startswith(archive.source + "/")}
    return found


def _still_left_out(
    to_read: Iterable[ToRead], left_out: Mapping[str, LeftOut], present: set[tuple[str, str]]
) -> dict[str, LeftOut]:
    """The files to read that a user has removed under another name, which they no longer have."""
    lost = {
        one.content: one
        for source, one in left_out.items()
        if (one.root, source) not in present and is_lost(one.root, source)
    }
    return {
        read.file.source: LeftOut(read.file.root, read.content)
        for read in to_read
        if read.content and read.content in lost
    }


def _judge(
    files: Mapping[SourceFile, ToRead | None],
    known: Sequence[Known],
    members: Members,
    failed: list[Failure],
    *,
    retry: bool,
) -> tuple[list[ToRead], int]:
    """The files to read, and how many are as they were; those that still cannot be read are added to `failed`."""
    documents = {entry.source: entry for entry in known if entry.number}
    now = recipe_of_failures()
    failures = {} if retry else {e.id: e for e in known if not e.number and e.recipe == now}
    still = {entry.source: entry for entry in members.settled if not entry.number}
    failed += [Failure(entry.source, entry.reason) for entry in still.values()]
    unchanged = sum(entry.number > 0 and entry.source not in still for entry in members.settled)
    to_read: list[ToRead] = []
    roots: dict[str, str] = {}
    for file, member in files.items():
        first_root = roots.setdefault(file.source, file.root)
        state = _state(file, member, first_root, documents.get(file.source), failures)
        if isinstance(state, Failure):
            failed.append(state)
        elif isinstance(state, ToRead):
            to_read.append(state)
        else:
            unchanged += 1
    return to_read, unchanged


def _state(
    file: SourceFile, member: ToRead | None, first_root: str, document: Known | None, failures: dict[str, Known]
) -> Literal["unchanged"] | ToRead | Failure:
    other = first_root if first_root != file.root else document.root if document else file.root
    if other != file.root and exists(other, file):
        reason = f"{other} has a document of the same name; rename one of them, or ingest a folder that holds both"
        return Failure(file.source, reason)
    if document and (document.root != file.root or document.recipe != recipe()):
        document = None
    try:
        if member is None:
            stamp = stamp_of(file.path)
            if document and document.stamp and document.stamp == stamp:
                return "unchanged"
            member = identified(file, stamp)
    except OSError as error:
        return unopened(file, error)
    if document and document.id == member.id:
        return "unchanged"
    return Failure(file.source, failures[member.id].reason) if member.id in failures else member


def _forgotten(
    known: Iterable[Known], gone: frozenset[Known], looked_at: set[tuple[str, str]], failed: Iterable[Failure]
) -> tuple[Known, ...]:
    """The failures whose files are gone or have changed."""
    standing = {(failure.source, failure.reason) for failure in failed}
    failures = [entry for entry in known if not entry.number and (entry.source, entry.reason) not in standing]
    return tuple(entry for entry in failures if entry in gone or (entry.root, entry.source) in looked_at)


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


def _unreadable(given: frozenset[str], failed: Iterable[Failure], members: Members) -> set[str]:
    """The paths of what cannot be read now: folders, files, and archives and their members."""
    paths = {str(Path(folder, failure.source)) for folder in given for failure in failed}
    return paths | {str(Path(one.file.root, one.file.source)) for one in members.found if one.reason}


def _gone(entries: Iterable[Known], present: set[tuple[str, str]], unreadable: set[str]) -> frozenset[Known]:
    """Those whose files are no longer in the folders given, or go by another name now."""
    paths = {str(Path(root, source)) for root, source in present}
    gone = set()
    for entry in entries:
        path = Path(entry.root, entry.source)
        cannot_tell = any(str(place) in unreadable for place in (path, *path.parents)) or _is_barred(path)
        if (entry.root, entry.source) not in present and (str(path) in paths or not cannot_tell):
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
