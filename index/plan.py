"""What a run is going to do: the files that have changed, and what users have decided about documents."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from index.catalogue import Catalogue, Known, Sidecar
from index.changes import Changes
from index.decisions import Decisions, LeftOut, copy_of
from index.members import ToRead
from index.settling import Wanted, outstanding
from index.writing import live_catalogue
from ingest.errors import BadRequest
from ingest.model import DocumentInfo


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is going to do."""

    changes: Changes
    to_read: tuple[ToRead, ...]
    replaced: Mapping[str, Known]
    """The document that a file of this source takes the place of, once it has been read."""
    decisions: Decisions
    """What users have decided, under the names that documents have now."""
    wanted: Wanted
    outstanding: tuple[tuple[Known, DocumentInfo], ...]
    """The documents known that are not as users have decided."""
    earlier_names: Mapping[str, str]
    entries: tuple[Known, ...]
    """The documents as they are going to be, as far as that is known before they are read."""
    is_new_to_snapshot: bool

    @property
    def is_some(self) -> bool:
        """Whether there is anything to do."""
        return self.changes.is_some or bool(self.outstanding) or self.is_new_to_snapshot

    def with_more_to_read(self, more: Iterable[ToRead]) -> "Plan":
        """The same with moved files that are to be read after all."""
        entries = {move.to.file.source: move.entry for move in self.changes.moved}
        more = tuple(more)
        replaced = {**self.replaced, **{one.file.source: entries[one.file.source] for one in more}}
        return replace(self, to_read=(*self.to_read, *more), replaced=replaced)


def plan_of(changes: Changes, before: Catalogue | None, decisions: Decisions, directory: Path) -> Plan:
    """What follows from the changes found, for a run that starts from the snapshot `before`, or anew."""
    known = before.known_files() if before else []
    entries = _entries(changes, known)
    after = _decided(changes, decisions, entries)
    sidecars = _sidecars(changes, before.sidecars() if before else ())
    names = dict(changes.renames)
    if before is None:  # made anew: names that documents had before hold on, where the old index can still tell
        live = live_catalogue(directory)
        names = live.renames() if live else {}
    every_name = {**(before.renames() if before else {}), **names}
    wanted = Wanted(after, sidecars, every_name, [entry.source for entry in entries])
    return Plan(
        changes,
        changes.to_read,
        changes.replaced,
        after,
        wanted,
        tuple(outstanding(before, wanted, _staying(changes, known))) if before else (),
        names,
        entries,
        is_new_to_snapshot=before is None or before.decisions() != copy_of(after),
    )


def _staying(changes: Changes, known: Iterable[Known]) -> list[Known]:
    """The documents known that are neither removed nor moved; those that are read anew may stay, if that fails."""
    others = {entry.number for entry in (*changes.removed, *(move.entry for move in changes.moved))}
    return [entry for entry in known if entry.number and entry.number not in others]


def _entries(changes: Changes, known: Iterable[Known]) -> tuple[Known, ...]:
    entries = {entry.source: entry for entry in _staying(changes, known)}
    come = [*(move.to for move in changes.moved), *(read for read in changes.to_read if not read.reason)]
    for read in come:
        entries[read.file.source] = Known(-1, read.id, read.file.root, read.file.source, "", "", read.content)
    return tuple(entries.values())


def _decided(changes: Changes, decisions: Decisions, entries: Iterable[Known]) -> Decisions:
    left_out = dict(decisions.left_out)
    for source, one in changes.left_out.items():
        if source not in left_out:  # under another name than it had when it was removed
            gone = [s for s, other in left_out.items() if other.content == one.content and s not in changes.left_out]
            for old in gone:
                del left_out[old]
            left_out[source] = one
    contents = {entry.source: entry.content for entry in entries}
    return decisions.without(left_out).followed(contents, changes.renames.items())


def _sidecars(changes: Changes, known: Iterable[Sidecar]) -> list[Sidecar]:
    now = {(one.root, one.source): one for one in known}
    for one in changes.sidecars.gone:
        del now[one.root, one.source]
    now.update(((one.root, one.source), one) for one in changes.sidecars.found)
    return list(now.values())


def restored(decisions: Decisions, sources: Sequence[str]) -> tuple[Decisions, tuple[Path, ...]]:
    """Decisions without the removal of some documents, and the files to be taken in again for them.

    Raises BadRequest for one that was not removed, or whose file is gone.
    """
    paths = dict.fromkeys(_file_of(source, decisions.left_out) for source in sources)
    left_out = {source: one for source, one in decisions.left_out.items() if source not in sources}
    return decisions.without(left_out), tuple(paths)


def _file_of(source: str, left_out: Mapping[str, LeftOut]) -> Path:
    if source not in left_out:
        close = get_close_matches(source, sorted(left_out), n=5, cutoff=0.5)
        held = f"removed were {', '.join(close or sorted(left_out)[:5])}" if left_out else "none was"
        raise BadRequest(f"{source}: was not removed by `yinju remove`; {held}")
    path = Path(left_out[source].root, source)
    for place in (path, *path.parents):  # a member of an archive is found in the archive's file
        if place.is_file() and os.path.lexists(place):
            return place
    raise BadRequest(f"{source}: its file is gone from {left_out[source].root}; put it back there first")
