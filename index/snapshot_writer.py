"""The next snapshot while it is being made: documents go in and out of its three indexes together."""

import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from index.catalogue import Catalogue, Known, Sidecar
from index.catalogue_writer import CatalogueWriter, hash_of_embedded
from index.changes import Changes
from index.context import context_of, embedded_text
from index.decisions import Decisions, copy_of
from index.embedding import EmbeddingQueue
from index.encoder import Embeddings, Encoder
from index.lexical import LexicalWriter, share_removed, terms_of_passage
from index.members import ToRead
from index.snapshot import CATALOGUE, KEPT, LEXICAL, VECTORS, Snapshot, begin, check_encoder, publish
from index.tokeniser import VERSION
from index.vectors import Vectors, empty_vectors, load_vectors
from ingest.discover import SourceFile
from ingest.divide import Divided
from ingest.model import DocumentInfo, Passage

_MOST_REMOVED = 0.2
"""The share of removed passages above which the lexical index is written anew; small changes then stay cheap."""
_TOGETHER = 1024
"""Vectors that are copied at once."""


class SnapshotWriter:
    """A snapshot being made from the one before it; it goes live with `publish`, or never was.

    Texts that were embedded before, or occur twice, are embedded once.
    """

    def __init__(
        self,
        directory: Path,
        previous: Snapshot | None,
        encoder: Callable[[], Encoder],
        *,
        model: str = "",
        keep: int = KEPT,
    ) -> None:
        self._directory = directory
        self._keep_snapshots = keep
        self._previous = previous
        self._encoder_name = previous.manifest.encoder if previous else ""
        self._dimension = previous.manifest.dimension if previous else 0
        self._load_encoder = encoder
        self._model = model
        self._building = begin(directory, previous)
        self._before = Catalogue(previous.path / CATALOGUE) if previous else None
        self._catalogue = CatalogueWriter(self._building / CATALOGUE)
        self._lexical: LexicalWriter | None = None
        self._vectors: Vectors | None = None
        self._copies: list[tuple[int, int]] = []
        self._embedded: dict[bytes, int] = {}
        self._removed: list[int] = []
        self.queue = EmbeddingQueue(self._matching_encoder, self._keep)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.queue.close()
        self._catalogue.close()
        if kind is not None:
            with suppress(OSError):  # what went wrong first is what is told
                if self._lexical:
                    self._lexical.abandon()
            shutil.rmtree(self._building, ignore_errors=True)

    def add(self, divided: Divided, file: ToRead) -> int:
        """Take in what was read from a file and give the number of its passages."""
        number = self._add(divided, file)
        for other in divided.others:
            self._add(other, file, within=number)
        return sum(len(one.passages) for one in (divided, *divided.others))

    def _add(self, divided: Divided, file: ToRead, *, within: int | None = None) -> int:
        document = divided.document
        number = self._catalogue.add_document(
            document,
            root=file.file.root,
            stamp=file.stamp,
            outline=divided.outline,
            enumerations=divided.enumerations,
            content=file.content,
            file=within,
        )
        self._catalogue.add_signature(number, divided.signature)
        self._catalogue.add_references(number, divided.references)
        self._add_passages(number, document.info, divided.passages)
        return number

    def _add_passages(self, document: int, info: DocumentInfo, passages: Iterable[Passage]) -> None:
        for passage in passages:
            text = embedded_text(info, passage)
            embedded = hash_of_embedded(text)
            number = self._catalogue.add_passage(document, passage, embedded=embedded)
            self._open_lexical().add(number, document, terms_of_passage(passage.text, context_of(info, passage)))
            self._embed(number, text, embedded)

    def free_names(self, entries: Iterable[Known]) -> None:
        """Let files give up their names, so that they can exchange them; each document is given one by `describe`."""
        self._catalogue.free_names(entry.number for entry in entries)

    def describe(self, entry: Known, info: DocumentInfo, *, root: str, stamp: str, anew: bool = True) -> None:
        """Give a document of the snapshot before other facts, another name or another place.

        Where that changes the context of its passages these are indexed anew, unless it is to be read again.
        """
        before = self._before
        assert before is not None  # `entry` is from there
        document, passages = before.document(entry.id), before.passages(entry.id)
        self._catalogue.update_document(entry.number, info, root=root, stamp=stamp)
        if anew and any(context_of(document.info, one) != context_of(info, one) for one in passages):
            self._removed += self._catalogue.remove_passages(entry.number)
            self._open_lexical().remove_documents([entry.number])
            self._add_passages(entry.number, info, passages)

    def remove(self, entry: Known) -> None:
        """Take out a document and those in its file."""
        documents, passages = self._catalogue.remove_document(entry.number)
        self._removed += passages
        self._open_lexical().remove_documents(documents)

    def add_failure(self, file: SourceFile, id: str, reason: str) -> None:
        """Remember that a file of this content cannot be read."""
        self._catalogue.add_failure(id, root=file.root, source=file.source, reason=reason)

    def apply(self, changes: Changes) -> None:
        """Take out what is gone, and remember the folders mirrored and the archives looked into."""
        self._catalogue.add_folders(sorted(changes.folders))
        for entry in changes.forgotten:
            self._catalogue.remove_failure(entry.id)
        for entry in changes.removed:
            self.remove(entry)
        for entry in (*changes.removed, *changes.forgotten):
            self._catalogue.forget_archive_of(entry.root, entry.source)
        self._catalogue.replace_sidecars(changes.sidecars.gone, changes.sidecars.found)
        for archive in changes.looked:
            self._catalogue.add_archive(archive.root, archive.source, archive.stamp)

    def forget_archive_of(self, entry: Known) -> None:
        """Have the archive that a document is in opened by the next ingestion."""
        self._catalogue.forget_archive_of(entry.root, entry.source)

    def take_over(self, sidecars: Iterable[Sidecar]) -> None:
        """Remember these files beside documents, and no others."""
        known = self._before.sidecars() if self._before else []
        self._catalogue.replace_sidecars(known, sidecars)

    def add_renames(self, renames: Mapping[str, str]) -> None:
        """Remember names that documents had before."""
        self._catalogue.add_renames(renames)

    def keep_decisions(self, decisions: Decisions) -> None:
        """Keep a copy of what users have decided, from which a damaged file can be brought back."""
        self._catalogue.keep_decisions(copy_of(decisions))

    def publish(self) -> Snapshot:
        """Write everything to disk and make it the live snapshot; the queue must be empty."""
        self._catalogue.find_copies()
        documents, passages = self._catalogue.commit()
        self._catalogue.close()
        if self._lexical or self._previous is None:
            self._open_lexical().commit()
            self._lexical = None
            if share_removed(self._building / LEXICAL) > _MOST_REMOVED:
                self._rewrite_lexical()
        self._copy_vectors()
        if self._removed:
            self._open_vectors().remove(self._removed)
        if self._vectors is not None:
            self._vectors.save(self._building / VECTORS)
        return publish(
            self._directory,
            self._building,
            self._previous,
            encoder=self._encoder_name,
            model=self._model,
            dimension=self._dimension,
            tokeniser=VERSION,
            documents=documents,
            passages=passages,
            keep=self._keep_snapshots,
        )

    def _rewrite_lexical(self) -> None:
        shutil.rmtree(self._building / LEXICAL)
        writer = LexicalWriter(self._building / LEXICAL)
        catalogue = Catalogue(self._building / CATALOGUE)
        for number, document, passage in catalogue.all_passages():
            info = catalogue.document(passage.document_id).info
            writer.add(number, document, terms_of_passage(passage.text, context_of(info, passage)))
        writer.commit()

    def _embed(self, number: int, text: str, embedded: bytes) -> None:
        twin = self._embedded.get(embedded)
        if twin is None:
            twin = (self._before.number_embedded(embedded) if self._before else None) or number
            self._embedded[embedded] = twin
        if twin == number:
            self.queue.add(number, text)
        else:
            self._copies.append((number, twin))

    def _matching_encoder(self) -> Encoder:
        encoder = self._load_encoder()
        check_encoder(self._previous, encoder)
        self._encoder_name, self._dimension = encoder.name, encoder.dimension
        return encoder

    def _keep(self, numbers: list[int], vectors: Embeddings) -> None:
        self._open_vectors().add(numbers, vectors)

    def _copy_vectors(self) -> None:
        """Give passages whose text was embedded already, under another number, the same vector."""
        for begin_at in range(0, len(self._copies), _TOGETHER):
            some = self._copies[begin_at : begin_at + _TOGETHER]
            self._keep([number for number, _ in some], self._open_vectors().of([twin for _, twin in some]))

    def _open_lexical(self) -> LexicalWriter:
        if self._lexical is None:
            self._lexical = LexicalWriter(self._building / LEXICAL)
        return self._lexical

    def _open_vectors(self) -> Vectors:
        if self._vectors is None:
            try:
                with (self._building / VECTORS).open("rb") as file:
                    self._vectors = load_vectors(file)
            except FileNotFoundError:
                self._vectors = empty_vectors(self._dimension)
        return self._vectors
