"""Bringing the documents of a snapshot in line with what users have decided, whatever they say of themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from index.catalogue import Catalogue, Known, Sidecar
from index.decisions import Decisions
from index.recipe import recipe
from ingest.corrections import Fields, as_read, correct
from ingest.identity import document_id
from ingest.model import DocumentInfo
from ingest.sidecar import ENDING

if TYPE_CHECKING:
    from index.members import ToRead
    from index.renames import Move
    from index.snapshot_writer import SnapshotWriter
    from ingest.divide import Divided


class Wanted:
    """Which corrections each document is to have, by `yinju edit` and by the file beside it.

    A file beside a document that has been renamed since (`names`: old to new) goes on to hold for it.
    """

    def __init__(
        self, decisions: Decisions, sidecars: Iterable[Sidecar], names: Mapping[str, str], sources: Iterable[str]
    ) -> None:
        self.decisions = decisions
        self._beside: dict[tuple[str, str], Fields] = {}
        self._before: dict[str, Fields] = {}
        present = frozenset(sources)
        for one in sidecars:
            self._beside[one.root, one.source] = one.fields
            if one.source not in present and one.source in names:
                self._before[names[one.source]] = one.fields
        self.sources = {*decisions.corrected, *(source for _, source in self._beside), *self._before}
        """Of the documents that are to have any."""

    def sidecar_of(self, root: str, source: str) -> Fields:
        """What the file beside a document says."""
        return self._beside.get((root, source)) or self._before.get(source, {})

    def info(self, info: DocumentInfo, root: str, text: Callable[[], str]) -> DocumentInfo:
        """A document as it is to be, for the one that was read, or has been corrected otherwise."""
        edit = self.decisions.fields_of(info.key)
        return correct(as_read(info), text, sidecar=self.sidecar_of(root, info.key), edit=edit)

    def divided(self, divided: Divided, root: str) -> Divided:
        """What has been read from a file, its documents with the corrections that they are to have."""
        document = divided.document
        info = self.info(document.info, root, lambda: document.own_text)
        others = tuple(self.divided(other, root) for other in divided.others)
        return replace(divided, document=replace(document, info=info), others=others)

    def overruled(self, entries: Iterable[Known]) -> tuple[str, ...]:
        """Where `yinju edit` and the file beside a document say different things, which of them is taken."""
        notices = []
        for entry in sorted(entries, key=lambda one: one.source):
            edit = self.decisions.fields_of(entry.source)
            beside = self.sidecar_of(entry.root, entry.source) if edit else {}
            fields = [field for field, value in beside.items() if edit.get(field, value) != value]
            if fields:
                notices.append(
                    f"{entry.source}{ENDING}: {', '.join(fields)}: `yinju edit` says otherwise, which is taken; "
                    f"`yinju edit {entry.source} --reset {fields[0]}` lets this file say it"
                )
        return tuple(notices)


def outstanding(catalogue: Catalogue, wanted: Wanted, known: Iterable[Known]) -> list[tuple[Known, DocumentInfo]]:
    """The documents that are not as they are to be, each with what it is to be."""
    claims = catalogue.claims()
    found = []
    corrected = {info.source for info in claims.values() if info.corrections}
    corrected |= {source for key in wanted.sources for source in (key, key.rpartition("#")[0])}
    for entry in known:
        for one, key in catalogue.entries_of_file(entry) if entry.source in corrected else ():
            to_be = wanted.info(claims[key], entry.root, partial(_text, catalogue, one.id))
            if to_be != claims[key]:
                found.append((one, to_be))
    return found


def move(writer: SnapshotWriter, before: Catalogue, moves: Sequence[Move], wanted: Wanted) -> list[ToRead]:
    """Give moved documents their new names, and give those that must be read for what they are under these.

    That is where more has been taken from a file's name than its text can tell.
    """
    writer.free_names([one.entry for one in moves])
    claims = before.claims()
    again = []
    for one in moves:
        read = as_read(claims[one.entry.source])
        info = _renamed(read, before, one)
        if info is None:
            again.append(one.to)
        to_be = wanted.info(
            info or replace(read, id=one.to.id, source=one.to.file.source),
            one.to.file.root,
            partial(_text, before, one.entry.id),
        )
        stays = info is not None and one.entry.recipe == recipe()
        writer.describe(one.entry, to_be, root=one.to.file.root, stamp=one.to.stamp, anew=stays)
        for part, key in before.entries_of_file(one.entry)[1:]:
            moved = _moved_part(claims[key], one)
            moved = wanted.info(moved, one.to.file.root, partial(_text, before, part.id))
            writer.describe(part, moved, root=one.to.file.root, stamp=one.to.stamp, anew=stays)
    return again


def _moved_part(info: DocumentInfo, one: Move) -> DocumentInfo:
    """A document that stands in a moved file, under its new name."""
    source = one.to.file.source
    id = document_id(f"{source}#{info.part}", [one.to.id.encode()])
    parent = source + info.parent.removeprefix(one.entry.source) if _is_within(info.parent, one) else info.parent
    return replace(as_read(info), id=id, source=source, parent=parent)


def _is_within(key: str, one: Move) -> bool:
    return key == one.entry.source or key.startswith(f"{one.entry.source}#")


def _text(catalogue: Catalogue, id: str) -> str:
    return catalogue.document(id).own_text


def _renamed(read: DocumentInfo, before: Catalogue, one: Move) -> DocumentInfo | None:
    """What was read of a document, under its new name; None where it cannot be told from its text."""
    from ingest.reading import describe_as

    old, new = one.entry.source, one.to.file.source
    if PurePosixPath(old).stem == PurePosixPath(new).stem:
        parent = new + read.parent.removeprefix(old) if _is_within(read.parent, one) else read.parent
        return replace(read, id=one.to.id, source=new, parent=parent)
    document = before.document(one.entry.id)
    if describe_as(document.text, document.rows, source=old, id=read.id) != read:
        return None
    return describe_as(document.text, document.rows, source=new, id=one.to.id)


def settle(writer: SnapshotWriter, some: Iterable[tuple[Known, DocumentInfo]]) -> tuple[str, ...]:
    """Make documents what they are to be, and give their sources."""
    done = []
    for entry, info in some:
        writer.describe(entry, info, root=entry.root, stamp=entry.stamp)
        done.append(entry.source)
    return tuple(done)
