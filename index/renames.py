"""Files that were moved or renamed: what a document was made of is found under another name, and no more under its own.

A copy whose original is still there is a new document. Of two files that have changed places both were renamed.
"""

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from index.catalogue import Known
from index.members import ToRead
from index.recipe import recipe


@dataclass(frozen=True, slots=True)
class Move:
    """A document whose file has another name or place now. `entry.source` is its name so far."""

    entry: Known
    to: ToRead

    @property
    def is_renamed(self) -> bool:
        """Whether its source is another one now; else only the folder that its source is relative to has moved."""
        return self.entry.source != self.to.file.source


@dataclass(frozen=True, slots=True)
class Moves:
    """Documents that have moved, and what is left to do besides."""

    moved: tuple[Move, ...]
    to_read: tuple[ToRead, ...]
    """Without the files of moved documents, unless these are to be read anew: other code made them (`index.recipe`)."""
    replaced: dict[str, Known]
    """The document that a file to read takes the place of, by the source of the file."""
    overwritten: tuple[Known, ...]
    """Documents in whose place another one has moved, and that are nowhere now."""
    unchanged: int
    """How many have another place, but their name still."""


def sort_out_moves(
    to_read: Sequence[ToRead],
    documents: Mapping[str, Known],
    gone: frozenset[Known],
    looked_for: frozenset[Known],
) -> Moves:
    """Tell moved files from new ones among those to read; `documents` are those known, by source.

    `gone` are those whose files are gone; those not `looked_for` are looked for here.
    """
    moved = _find_moves(to_read, documents.values(), gone, looked_for)
    come = {move.to.file.source: move for move in moved}
    left_their_places = gone | {move.entry for move in moved}
    stay = {source: entry for source, entry in documents.items() if entry not in left_their_places}
    done = {source for source, move in come.items() if move.entry.recipe == recipe()}
    left = tuple(read for read in to_read if read.file.source not in done)
    places = {**stay, **{source: move.entry for source, move in come.items()}}
    return Moves(
        moved,
        left,
        {read.file.source: places[read.file.source] for read in left if read.file.source in places},
        tuple(stay[source] for source in come if source in stay),
        sum(not move.is_renamed for source, move in come.items() if source in done),
    )


def _find_moves(
    to_read: Sequence[ToRead], known: Iterable[Known], gone: frozenset[Known], looked_for: frozenset[Known]
) -> tuple[Move, ...]:
    """Pair documents whose content is no longer where it was with the files to read that hold it now.

    Of several files of one content the one of the same name is taken, else they are paired in the order of their names.
    """
    targets: dict[str, list[ToRead]] = defaultdict(list)
    for read in to_read:
        if read.content and not read.reason:
            targets[read.content].append(read)
    now = {read.file.source: read for read in to_read}
    origins: dict[str, list[Known]] = defaultdict(list)
    for entry in known:
        if entry.number and entry.content in targets and _has_left(entry, now.get(entry.source), gone, looked_for):
            origins[entry.content].append(entry)
    return tuple(move for content, entries in sorted(origins.items()) for move in _pairs(entries, targets[content]))


def _has_left(entry: Known, now: ToRead | None, gone: frozenset[Known], looked_for: frozenset[Known]) -> bool:
    if entry in gone:
        return True
    if now is not None:
        return (now.content, now.file.root) != (entry.content, entry.root)
    return entry not in looked_for and is_lost(entry.root, entry.source)


def _pairs(entries: Iterable[Known], reads: Iterable[ToRead]) -> Iterable[Move]:
    origins = sorted(entries, key=lambda entry: entry.source)
    targets = sorted(reads, key=lambda read: read.file.source)
    for alike in (_same_source, _same_name, lambda entry, read: True):
        for entry in list(origins):
            read = next((read for read in targets if alike(entry, read)), None)
            if read is not None:
                origins.remove(entry)
                targets.remove(read)
                yield Move(entry, read)


def _same_source(entry: Known, read: ToRead) -> bool:
    return entry.source == read.file.source


def _same_name(entry: Known, read: ToRead) -> bool:
    return PurePosixPath(entry.source).name == PurePosixPath(read.file.source).name


def is_lost(root: str, source: str) -> bool:
    """Whether a file is gone for certain from a folder that is there; also one that was in an archive."""
    path = Path(root, source)
    if not os.path.isdir(root) or not os.access(root, os.R_OK | os.X_OK):
        return False
    if os.path.lexists(path):
        return False
    for parent in path.parents:
        if os.path.isfile(parent):  # an archive, which may hold it
            return False
        if os.path.isdir(parent):
            return os.access(parent, os.R_OK | os.X_OK)
    return False
