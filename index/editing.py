"""What users decide about documents: correcting their fields, taking them out of the index and bringing them back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.catalogue import Catalogue, Known, Sidecar
from index.decisions import Decisions, LeftOut, copy_of
from index.loading import loaded_once
from index.lock import Progress, write_lock
from index.settling import Wanted, outstanding, settle
from index.snapshot import KEPT, Snapshot, clean
from index.writing import catalogue_of, decided, deciding, disk_errors, ignore, previous_snapshot, require_index
from ingest.corrections import FIELDS, Fields, Value, as_read
from ingest.errors import BadRequest, IndexMissing
from ingest.model import DocumentInfo

if TYPE_CHECKING:
    from index.encoder import Encoder


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a document: what it is, what was read from the document, and what corrects it; None for nothing."""

    name: str
    value: Value
    read: Value
    sidecar: Value | None
    edit: Value | None
    by: str
    """`edit`, `sidecar`, or `effective` for what follows from a corrected day; empty for what was read or judged."""


@dataclass(frozen=True, slots=True)
class Edited:
    """A document and its fields, as they are now."""

    info: DocumentInfo
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Removed:
    """The documents taken out of the index, and how many documents and passages it holds now."""

    sources: tuple[str, ...]
    documents: int
    passages: int


def fields_of(directory: Path, source: str) -> Edited:
    """A document's fields with what was read and what corrects them. Raises BadRequest, IndexMissing and its like."""
    require_index(directory)
    catalogue = catalogue_of(previous_snapshot(directory))
    assert catalogue is not None  # there is an index
    return _edited(catalogue, decided(directory, catalogue), source)


def correct_document(
    source: str,
    directory: Path,
    *,
    values: Fields,
    reset: Sequence[str] = (),
    encoder: Encoder | None = None,
    progress: Progress | None = None,
    keep: int = KEPT,
    wait: float = 600.0,
) -> Edited:
    """Correct fields of a document, and let those in `reset` say again what was read, or the file beside it says.

    `values` are as `ingest.corrections.parse_value` gives them. Only where passages are found by what is corrected are
    they indexed anew. Raises BadRequest for a document that the index does not have, IndexMissing, IndexBusy,
    IndexDamaged where what was decided before cannot be read, and YinjuError where the disk refuses.
    """
    with _writing(directory, encoder, progress, keep, wait) as work:
        entry, key = work.entry(source), work.catalogue.by_source(source).info.key
        fields = {**work.decisions.fields_of(key), **values}
        kept = {name: fields[name] for name in FIELDS if name in fields and name not in reset}
        after = work.decisions.with_fields(key, entry.content, kept)
        work.publish(after)
        catalogue = catalogue_of(previous_snapshot(directory))
        assert catalogue is not None  # it has just been published
        return _edited(catalogue, after, key)


def remove_documents(
    sources: Sequence[str],
    directory: Path,
    *,
    encoder: Encoder | None = None,
    progress: Progress | None = None,
    keep: int = KEPT,
    wait: float = 600.0,
) -> Removed:
    """Take documents out of the index whatever becomes of their files, until `index.builder.restore_documents`.

    Raises BadRequest, before anything is done, for one that the index does not have or that was removed already, and
    what `correct_document` raises.
    """
    with _writing(directory, encoder, progress, keep, wait) as work:
        entries = [work.whole_file(source) for source in dict.fromkeys(sources)]
        gone = {entry.source: LeftOut(entry.root, entry.content) for entry in entries}
        live = work.publish(work.decisions.without({**work.decisions.left_out, **gone}), entries)
        return Removed(tuple(gone), live.manifest.documents, live.manifest.passages)


@dataclass(frozen=True, slots=True)
class _Work:
    """The index while it is changed: what it holds, and what was decided so far."""

    directory: Path
    previous: Snapshot
    catalogue: Catalogue
    decisions: Decisions
    encoder: Encoder | None
    keep: int

    def entry(self, source: str) -> Known:
        """The document of a source, or of one it had before. Raises BadRequest that names similar ones."""
        if source in self.decisions.left_out:
            raise BadRequest(f"{source}: was removed from the index; bring it back with `yinju restore {source}`")
        name = self.catalogue.by_source(source).info.source
        return next(entry for entry in self.catalogue.known_files() if entry.number and entry.source == name)

    def whole_file(self, source: str) -> Known:
        """The file of a source. Raises BadRequest also for what is only a part of one."""
        part = self.catalogue.by_source(source).info.part if source not in self.decisions.left_out else ""
        if part:
            file = source.removesuffix(f"#{part}")
            raise BadRequest(f"{source}: stands in the file of another document; remove that one with it: {file}")
        return self.entry(source)

    def publish(self, after: Decisions, gone: Sequence[Known] = ()) -> Snapshot:
        """Make what has been decided hold, in a new snapshot."""
        return publish_decided(
            self.directory, self.previous, self.decisions, after,
            gone=gone, sidecars=None, encoder=self.encoder, keep=self.keep,
        ) or self.previous  # fmt: skip


def publish_decided(
    directory: Path,
    start: Snapshot,
    before: Decisions,
    after: Decisions,
    *,
    gone: Sequence[Known],
    sidecars: Sequence[Sidecar] | None,
    encoder: Encoder | None,
    keep: int,
) -> Snapshot | None:
    """Make a snapshot live that holds what `start` does, as users have decided; None where `start` itself does so.

    `before` is what the disk has of decisions. `gone` is taken out. `sidecars` take the place of those of `start`.
    """
    catalogue = catalogue_of(start)
    assert catalogue is not None  # of a snapshot that there is
    beside = catalogue.sidecars() if sidecars is None else sidecars
    known = [entry for entry in catalogue.known_files() if entry.number and entry not in gone]
    wanted = Wanted(after, beside, catalogue.renames(), [entry.source for entry in known])
    differ = outstanding(catalogue, wanted, known)
    is_same = not differ and not gone and list(beside) == catalogue.sidecars()
    if is_same and before == after and catalogue.decisions() == copy_of(after):
        return None
    from index.snapshot_writer import SnapshotWriter

    load = loaded_once(encoder, start.manifest.model)
    with SnapshotWriter(directory, start, load, model=start.manifest.model, keep=keep) as writer:
        for entry in gone:
            writer.remove(entry)
        writer.take_over(beside)
        writer.keep_decisions(after)
        settle(writer, differ)
        writer.queue.flush()
        while writer.queue.take():
            pass
        with deciding(directory, before, after):
            return writer.publish()


@contextmanager
def _writing(
    directory: Path, encoder: Encoder | None, progress: Progress | None, keep: int, wait: float
) -> Iterator[_Work]:
    require_index(directory)
    with disk_errors(directory, "try again"), write_lock(directory, wait=wait, progress=progress or ignore):
        clean(directory, keep=keep)
        previous = previous_snapshot(directory)
        catalogue = catalogue_of(previous)
        if previous is None or catalogue is None:
            raise IndexMissing(f"{directory}: no index here any more; make one with `yinju ingest FOLDER`")
        yield _Work(directory, previous, catalogue, decided(directory, catalogue), encoder, keep)


def _edited(catalogue: Catalogue, decisions: Decisions, source: str) -> Edited:
    info = catalogue.by_source(source).info
    root = next(entry.root for entry in catalogue.known_files() if entry.number and entry.source == info.source)
    sources = (one.source for one in catalogue.infos())
    wanted = Wanted(decisions, catalogue.sidecars(), catalogue.renames(), sources)
    edit, sidecar = decisions.fields_of(info.key), wanted.sidecar_of(root, info.key)
    read = as_read(catalogue.claims()[info.key])
    by: Mapping[str, str] = {correction.field: correction.by for correction in info.corrections}
    fields = tuple(
        Field(name, getattr(info, name), getattr(read, name), sidecar.get(name), edit.get(name), by.get(name, ""))
        for name in FIELDS
    )
    return Edited(info, fields)
