"""The catalogue: documents, their outlines, passages and enumerations, read from a snapshot's SQLite file."""

import difflib
import json
import sqlite3
import threading
import weakref
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from index.catalogue_tables import INFO_COLUMNS, enumerations_from, fields_from, info_from, rows_from
from index.copies import Copies, with_shared_status
from index.family import with_family
from index.filters import admits
from index.model import CopyCounts, Failure, Filters
from index.stored_references import decode
from index.validity import with_validity
from ingest.corrections import Fields
from ingest.errors import BadRequest, IndexDamaged
from ingest.likeness import Difference, reverse
from ingest.model import Document, DocumentInfo, Enumeration, Node, Outline, Passage
from ingest.references.model import Reference
from ingest.sidecar import ENDING

_INFO = ", ".join(INFO_COLUMNS)
_PASSAGE = 'documents.id, passages.start, passages."end", passages.path, passages.page, passages.lead'
_CACHED_DOCUMENTS = 256
_CACHED_TEXTS = 1024
"""An exact phrase is looked for in every text in turn, so fewer than there are would be as good as none."""
_REPAIR = "run `yinju check --repair`, or make the index anew with `yinju ingest --rebuild`"
_MANY = 500
"""Placeholders in one SQL statement, below SQLite's lowest limit of 999."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How much an index holds; `documents` counts files, `attached` the further documents that stand in them."""

    documents: int
    passages: int
    attached: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """A file as it was when it was last looked at: a document of the index, or a failure with its `reason`.

    `stamp` tells size and times of the file, empty where they could not be relied on; `recipe` is what it was read
    with (`index.recipe`). `number` is 0 for a failure.
    """

    number: int
    id: str
    root: str
    source: str
    stamp: str
    recipe: str
    content: str = ""
    """The hash of what it holds (`ingest.identity.content_hash`)."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What the file beside a document corrects (`ingest.sidecar`), as it was when it was last in order.

    `source` is the document's; `problem` says what is wrong with the file now, and what to do.
    """

    root: str
    source: str
    fields: Fields
    problem: str = ""


class Catalogue:
    """An open catalogue, read only; its methods may be called from any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        uri = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
        try:
            self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        except sqlite3.Error as error:
            raise self._damaged(error) from error
        self.close = weakref.finalize(self, self._connection.close)
        self._cached_document = lru_cache(_CACHED_TEXTS)(self._read_document)
        self._cached_divisions = lru_cache(_CACHED_DOCUMENTS)(self._read_divisions)
        self._cached_passages = lru_cache(_CACHED_DOCUMENTS)(self._read_passages)
        self._infos: list[tuple[int, DocumentInfo]] | None = None
        self._by_id: dict[str, DocumentInfo] = {}
        self._copies: Copies | None = None
        self._day = ""

    def infos(self, filters: Filters | None = None) -> list[DocumentInfo]:
        """The documents that satisfy the filters, by date (undated ones last) and source."""
        return [info for _, info in self._numbered_infos() if filters is None or admits(filters, info)]

    def document_numbers(self, filters: Filters) -> frozenset[int]:
        """The numbers of the documents that satisfy the filters."""
        return frozenset(number for number, info in self._numbered_infos() if admits(filters, info))

    def passage_numbers(self, filters: Filters) -> list[int]:
        """The numbers of the passages of the documents that satisfy the filters."""
        admitted = self.document_numbers(filters)
        return [
            number for number, document in self._rows("SELECT number, document FROM passages") if document in admitted
        ]

    def document(self, document_id: str) -> Document:
        """The document of an id. Raises BadRequest where the index has none."""
        return self._cached_document(document_id)

    def by_source(self, source: str) -> Document:
        """The document of a source or key, or of one that it had before it was renamed.

        Of a file that holds several documents it is the one that the file is named by. Raises BadRequest that names
        similar sources where the index has none.
        """
        source = source.encode("utf-8", "backslashreplace").decode("utf-8")  # of bytes that are no text there is none
        now = self.present_name(source)
        rows = self._rows("SELECT id FROM documents WHERE source = ? AND part = ''", (now,))
        if not rows and "#" in now:
            file, _, part = now.rpartition("#")
            rows = self._rows("SELECT id FROM documents WHERE source = ? AND part = ?", (file, part))
        if not rows:
            sources = [row[0] for row in self._rows("SELECT DISTINCT source FROM documents ORDER BY source")]
            close = [other for other in sources if source and source in other][:5]
            close = close or difflib.get_close_matches(source, sources, n=5, cutoff=0.5)
            hint = f"; did you mean {', '.join(close)}?" if close else ""
            left_out = json.loads(self.decisions() or '{"left_out": []}')["left_out"]
            removed = next((one for one in (source, source.rpartition("#")[0]) if one in left_out), "")
            if removed:
                hint = f"; it was removed, bring it back with `yinju restore {removed}`"
            raise BadRequest(f"{source}: no such document in the index{hint}")
        return self.document(rows[0][0])

    def present_name(self, source: str) -> str:
        """The source or key that a document has now which had this one before it was renamed; else the one given."""
        renamed = self._rows(
            "SELECT new FROM renames WHERE old = ? AND new IN (SELECT source FROM documents)",
            (source,),
        )
        if renamed:
            return str(renamed[0][0])
        file, mark, part = source.rpartition("#")
        return f"{self.present_name(file)}#{part}" if mark else source

    def outline(self, document_id: str) -> Outline:
        """The outline of a document."""
        return self._cached_divisions(document_id)[0]

    def enumerations(self, document_id: str) -> tuple[Enumeration, ...]:
        """The enumerations of a document, in order."""
        return self._cached_divisions(document_id)[1]

    def references(self, document_id: str) -> tuple[Reference, ...]:
        """The references that a document's text makes, in order; what they mean is for `index.references` to say."""
        sql = "SELECT found FROM document_references JOIN documents USING (document) WHERE id = ?"
        rows = self._rows(sql, (document_id,))
        return decode(rows[0][0]) if rows else ()

    def documents_naming(self, names: Iterable[str]) -> list[str]:
        """The ids of the documents that refer to one of some names (`index.stored_references.names_of`)."""
        wanted = sorted(names)
        sql = "SELECT DISTINCT id FROM names_referred_to JOIN documents USING (document) WHERE name IN"
        return [row[0] for row in self._rows(f"{sql} ({','.join('?' * len(wanted))}) ORDER BY source", wanted)]

    def all_enumerations(self) -> list[Enumeration]:
        """The enumerations of all documents, by source and position."""
        rows = self._rows("SELECT id, enumerations FROM documents ORDER BY source, part")
        return [enumeration for id, lists in rows for enumeration in enumerations_from(id, lists)]

    def passages(self, document_id: str) -> tuple[Passage, ...]:
        """The passages of a document, in order."""
        return tuple(passage for _, passage in self._cached_passages(document_id))

    def all_passages(self) -> Iterator[tuple[int, int, Passage]]:
        """The number of every passage, the number of its document, and the passage, by document and position."""
        for document, id in self._rows("SELECT document, id FROM documents ORDER BY document"):
            for number, passage in self._read_passages(id):
                yield number, document, passage

    def entries_of_file(self, entry: Known) -> list[tuple[Known, str]]:
        """The documents that a known file holds: each by its number and id, else as the file is known, and its key."""
        sql = 'SELECT document, id, part FROM documents WHERE document = ?1 OR "file" = ?1 ORDER BY document'
        rows = self._rows(sql, (entry.number,)) if entry.number else []
        return [
            (replace(entry, number=number, id=id), f"{entry.source}#{part}" if part else entry.source)
            for number, id, part in rows
        ]

    def documents_of_file(self, source: str) -> list[Document]:
        """The documents that a file holds, in the order in which they stand in it."""
        ids = self._rows("SELECT id FROM documents WHERE source = ?", (source,))
        return sorted((self.document(row[0]) for row in ids), key=lambda one: one.own[0])

    def passage(self, number: int) -> Passage:
        """The passage of a number. Raises KeyError where the index has none."""
        return self.passages_of([number])[number]

    def passages_of(self, numbers: Sequence[int]) -> dict[int, Passage]:
        """The passages of some numbers. Raises KeyError for a number that the index does not have."""
        rows = self._rows_of(f"SELECT passages.number, {_PASSAGE}", numbers)
        found = {row[0]: self._passage(row[1:]) for row in rows}
        return {number: found[number] for number in numbers}

    def places_of(self, numbers: Sequence[int]) -> dict[int, tuple[str, int]]:
        """The source and start of some passages, by which ties between them are broken."""
        rows = self._rows_of("SELECT passages.number, documents.source, passages.start", numbers)
        return {number: (source, start) for number, source, start in rows}

    def documents_of(self, numbers: Sequence[int]) -> dict[int, str]:
        """The document ids of some passages."""
        return dict(self._rows_of("SELECT passages.number, documents.id", numbers))

    def number_of_passage_at(self, document_id: str, offset: int) -> int | None:
        """The number of the passage that contains the character at an offset of a document, None where none does."""
        for number, passage in self._cached_passages(document_id):
            if passage.start <= offset < passage.end:
                return number
        return None

    def numbers_of_passages(self, document_id: str) -> tuple[int, ...]:
        """The numbers of a document's passages, in order."""
        return tuple(number for number, _ in self._cached_passages(document_id))

    @property
    def copies(self) -> Copies:
        """The documents that are copies of each other."""
        self._numbered_infos()
        assert self._copies is not None  # read with them
        return self._copies

    def likeness_of(self, one: str, other: str) -> tuple[float, tuple[Difference, ...]]:
        """How like two copies are, 0 to 1, and what the one has otherwise than the other (`ingest.likeness`)."""
        sql = "SELECT words FROM signatures JOIN documents USING (document) WHERE id = ?"
        (first,), (second,) = (self._row_of(sql, id) for id in (one, other))
        sql = "SELECT similarity, differences FROM likenesses WHERE one = ? AND other = ?"
        found = self._rows(sql, sorted((first, second)))
        if not found:
            return 1.0, ()
        differences = tuple(Difference(*difference) for difference in json.loads(found[0][1]))
        return found[0][0], differences if first < second else tuple(map(reverse, differences))

    def counts_of_copies(self) -> CopyCounts:
        """How many groups of copies the index holds, and how many documents are in them."""
        return CopyCounts(*self._rows("SELECT count(DISTINCT first), count(*) FROM copies")[0])

    def counts(self) -> Counts:
        """How many documents and passages the index holds."""
        documents, attached = self._rows('SELECT count(*) - count("file"), count("file") FROM documents')[0]
        (passages,) = self._rows("SELECT count(*) FROM passages")[0]
        return Counts(documents=documents, passages=passages, attached=attached)

    def failures(self) -> list[Failure]:
        """The files that could not be ingested and have not changed since, by source."""
        failed = [Failure(*row) for row in self._rows("SELECT source, reason FROM failures")]
        failed += [Failure(one.source + ENDING, one.problem) for one in self.sidecars() if one.problem]
        return sorted(failed, key=lambda failure: failure.source)

    def known_files(self) -> list[Known]:
        """All files that the index was made of, and those that it failed to read."""
        columns = "document, id, root, source, stamp, recipe, content"
        documents = self._rows(f'SELECT {columns} FROM documents WHERE "file" IS NULL ORDER BY document')
        failures = self._rows("SELECT 0, id, root, source, '', recipe, '', reason FROM failures ORDER BY source")
        return [Known(*row) for row in (*documents, *failures)]

    def folders(self) -> frozenset[str]:
        """The folders that the index mirrors."""
        return frozenset(row[0] for row in self._rows("SELECT path FROM folders"))

    def archives(self) -> dict[tuple[str, str], tuple[str, str]]:
        """The archives that were looked into, by root and source: the stamp then, and the recipe."""
        rows = self._rows("SELECT root, source, stamp, recipe FROM archives")
        return {(root, source): (stamp, recipe) for root, source, stamp, recipe in rows}

    def claims(self) -> dict[str, DocumentInfo]:
        """What each document says of itself, corrections included, by key: its status is not judged."""
        return {info.key: info for info in map(info_from, self._rows(f"SELECT {_INFO} FROM documents"))}

    def renames(self) -> dict[str, str]:
        """The names that documents had before, and the ones they have now."""
        return dict(self._rows("SELECT old, new FROM renames ORDER BY old"))

    def sidecars(self) -> list[Sidecar]:
        """The files beside documents that correct them, by source."""
        rows = self._rows("SELECT root, source, fields, problem FROM sidecars ORDER BY source, root")
        return [Sidecar(root, source, fields_from(fields), problem) for root, source, fields, problem in rows]

    def decisions(self) -> str:
        """What users had decided when the snapshot was made (`index.decisions`), empty for nothing."""
        rows = self._rows("SELECT content FROM decisions")
        return rows[0][0] if rows else ""

    def number_embedded(self, embedded: bytes) -> int | None:
        """The number of a passage whose embedded text has this hash, None where there is none."""
        rows = self._rows("SELECT min(number) FROM passages WHERE embedded = ?", (embedded,))
        return rows[0][0] if rows else None

    def _numbered_infos(self) -> list[tuple[int, DocumentInfo]]:
        today = date.today().isoformat()
        if self._infos is None or self._day != today:
            order = "ORDER BY CASE date WHEN '' THEN '9999' ELSE date END, source, part"
            rows = self._rows(f"SELECT document, {_INFO} FROM documents {order}")
            stored = with_family([info_from(row[1:]) for row in rows])
            copies = self._rows("SELECT id, first, recognised <> '[]' FROM copies JOIN documents USING (document)")
            groups = {id: first for id, first, _ in copies}
            infos = with_shared_status(stored, with_validity(stored, today), groups)
            self._infos = [(row[0], info) for row, info in zip(rows, infos, strict=True)]
            self._by_id = {info.id: info for info in infos}
            self._copies = Copies(self._by_id, copies)
            self._day = today
        return self._infos

    def _read_document(self, document_id: str) -> Document:
        spans, file = self._row_of(
            'SELECT spans, (SELECT id FROM documents AS files WHERE files.document = documents."file") '
            "FROM documents WHERE id = ?",
            document_id,
        )
        self._numbered_infos()
        spans = tuple((start, end) for start, end in json.loads(spans))
        if file:
            return replace(self.document(file), info=self._by_id[document_id], spans=spans)
        columns = "text, pages, rows, recognised"
        text, *parts = self._row_of(f"SELECT {columns} FROM documents WHERE id = ?", document_id)
        pages, rows, recognised = map(json.loads, parts)
        return Document(
            self._by_id[document_id],
            text.decode("utf-8", "surrogatepass"),
            pages=tuple(pages),
            recognised=tuple(recognised),
            rows=rows_from(rows),
            spans=spans,
        )

    def _read_divisions(self, document_id: str) -> tuple[Outline, tuple[Enumeration, ...]]:
        outline, lists = self._row_of("SELECT outline, enumerations FROM documents WHERE id = ?", document_id)
        return Outline(tuple(Node(*node) for node in json.loads(outline))), enumerations_from(document_id, lists)

    def _read_passages(self, document_id: str) -> tuple[tuple[int, Passage], ...]:
        sql = f"SELECT passages.number, {_PASSAGE} FROM passages JOIN documents USING (document)"
        rows = self._rows(f"{sql} WHERE documents.id = ? ORDER BY passages.start", (document_id,))
        return tuple((row[0], self._passage(row[1:])) for row in rows)

    def _passage(self, row: Sequence[Any]) -> Passage:
        document_id, start, end, path, page, lead = row
        text = self.document(document_id).text[start:end]
        return Passage(document_id, start, end, text, path=tuple(json.loads(path)), page=page, lead=lead)

    def _rows_of(self, select: str, numbers: Sequence[int]) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = []
        for begin in range(0, len(numbers), _MANY):
            some = numbers[begin : begin + _MANY]
            marks = ",".join("?" * len(some))
            tables = "FROM passages JOIN documents USING (document)"
            rows += self._rows(f"{select} {tables} WHERE passages.number IN ({marks})", some)
        return rows

    def _row_of(self, sql: str, document_id: str) -> tuple[Any, ...]:
        rows = self._rows(sql, (document_id,))
        if not rows:
            raise BadRequest(f"{document_id}: no document of this id in the index; it may have changed since")
        return rows[0]

    def _rows(self, sql: str, values: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            with self._lock:
                return self._connection.execute(sql, tuple(values)).fetchall()
        except sqlite3.DatabaseError as error:
            raise self._damaged(error) from error

    def _damaged(self, error: sqlite3.Error) -> IndexDamaged:
        return IndexDamaged(f"{self._path}: {error}; {_REPAIR}")
