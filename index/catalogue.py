"""The catalogue: documents, their outlines, passages and enumerations, read from a snapshot's SQLite file."""

import difflib
import json
import sqlite3
import threading
import weakref
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from index.filters import admits
from index.model import Failure, Filters
from index.stored_references import decode
from index.validity import with_validity
from ingest.errors import BadRequest, IndexDamaged
from ingest.model import Document, DocumentInfo, Enumeration, Member, Node, Outline, Passage, Row
from ingest.references.model import Reference

INFO_COLUMNS = tuple(field.name for field in fields(DocumentInfo))
SCHEMA = f"""
CREATE TABLE documents (
    document INTEGER PRIMARY KEY AUTOINCREMENT, root TEXT NOT NULL, stamp TEXT NOT NULL, recipe TEXT NOT NULL,
    {", ".join(f"{column} TEXT NOT NULL" for column in INFO_COLUMNS)},
    text BLOB NOT NULL, pages TEXT NOT NULL, rows TEXT NOT NULL, recognised TEXT NOT NULL,
    outline TEXT NOT NULL, enumerations TEXT NOT NULL,
    UNIQUE (id), UNIQUE (source));
CREATE TABLE passages (
    number INTEGER PRIMARY KEY AUTOINCREMENT, document INTEGER NOT NULL REFERENCES documents (document),
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, page INTEGER, path TEXT NOT NULL, lead TEXT NOT NULL,
    embedded BLOB NOT NULL);
CREATE INDEX passages_of_document ON passages (document, start);
CREATE INDEX passages_by_embedded ON passages (embedded);
CREATE TABLE failures (
    id TEXT PRIMARY KEY, root TEXT NOT NULL, source TEXT NOT NULL, recipe TEXT NOT NULL, reason TEXT NOT NULL);
CREATE TABLE folders (path TEXT PRIMARY KEY);
"""
ARCHIVES = """
CREATE TABLE IF NOT EXISTS archives (
    root TEXT NOT NULL, source TEXT NOT NULL, stamp TEXT NOT NULL, recipe TEXT NOT NULL, PRIMARY KEY (root, source));
"""
"""Archives as they were when they were looked into; indexes made before archives were read lack the table."""
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
    """How much an index holds."""

    documents: int
    passages: int


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
    reason: str = ""


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
        """The document of a source. Raises BadRequest that names similar sources where the index has none."""
        source = source.encode("utf-8", "backslashreplace").decode("utf-8")  # of bytes that are no text there is none
        rows = self._rows("SELECT id FROM documents WHERE source = ?", (source,))
        if not rows:
            sources = [row[0] for row in self._rows("SELECT source FROM documents ORDER BY source")]
            close = [other for other in sources if source and source in other][:5]
            close = close or difflib.get_close_matches(source, sources, n=5, cutoff=0.5)
            hint = f"; did you mean {', '.join(close)}?" if close else ""
            raise BadRequest(f"{source}: no such document in the index{hint}")
        return self.document(rows[0][0])

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
        rows = self._rows("SELECT id, enumerations FROM documents ORDER BY source")
        return [enumeration for id, lists in rows for enumeration in _enumerations(id, lists)]

    def passages(self, document_id: str) -> tuple[Passage, ...]:
        """The passages of a document, in order."""
        return tuple(passage for _, passage in self._cached_passages(document_id))

    def all_passages(self) -> Iterator[tuple[int, int, Passage]]:
        """The number of every passage, the number of its document, and the passage, by document and position."""
        for document, id in self._rows("SELECT document, id FROM documents ORDER BY document"):
            for number, passage in self._read_passages(id):
                yield number, document, passage

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

    def counts(self) -> Counts:
        """How many documents and passages the index holds."""
        (documents,) = self._rows("SELECT count(*) FROM documents")[0]
        (passages,) = self._rows("SELECT count(*) FROM passages")[0]
        return Counts(documents=documents, passages=passages)

    def failures(self) -> list[Failure]:
        """The files that could not be ingested and have not changed since, by source."""
        return [Failure(*row) for row in self._rows("SELECT source, reason FROM failures ORDER BY source")]

    def known_files(self) -> list[Known]:
        """All files that the index was made of, and those that it failed to read."""
        documents = self._rows("SELECT document, id, root, source, stamp, recipe FROM documents ORDER BY document")
        failures = self._rows("SELECT 0, id, root, source, '', recipe, reason FROM failures ORDER BY source")
        return [Known(*row) for row in (*documents, *failures)]

    def folders(self) -> frozenset[str]:
        """The folders that the index mirrors."""
        return frozenset(row[0] for row in self._rows("SELECT path FROM folders"))

    def archives(self) -> dict[tuple[str, str], tuple[str, str]]:
        """The archives that were looked into, by root and source: the stamp then, and the recipe."""
        if not self._rows("SELECT 1 FROM sqlite_master WHERE name = 'archives'"):
            return {}
        rows = self._rows("SELECT root, source, stamp, recipe FROM archives")
        return {(root, source): (stamp, recipe) for root, source, stamp, recipe in rows}

    def number_embedded(self, embedded: bytes) -> int | None:
        """The number of a passage whose embedded text has this hash, None where there is none."""
        rows = self._rows("SELECT min(number) FROM passages WHERE embedded = ?", (embedded,))
        return rows[0][0] if rows else None

    def _numbered_infos(self) -> list[tuple[int, DocumentInfo]]:
        today = date.today().isoformat()
        if self._infos is None or self._day != today:
            order = "ORDER BY CASE date WHEN '' THEN '9999' ELSE date END, source"
            rows = self._rows(f"SELECT document, {_INFO} FROM documents {order}")
            infos = with_validity([_info_from(row[1:]) for row in rows], today)
            self._infos = [(row[0], info) for row, info in zip(rows, infos, strict=True)]
            self._by_id = {info.id: info for info in infos}
            self._day = today
        return self._infos

    def _read_document(self, document_id: str) -> Document:
        columns = "text, pages, rows, recognised"
        text, *parts = self._row_of(f"SELECT {columns} FROM documents WHERE id = ?", document_id)
        pages, rows, recognised = map(json.loads, parts)
        self._numbered_infos()
        return Document(
            self._by_id[document_id],
            text.decode("utf-8", "surrogatepass"),
            pages=tuple(pages),
            recognised=tuple(recognised),
            rows=_table_rows(rows),
        )

    def _read_divisions(self, document_id: str) -> tuple[Outline, tuple[Enumeration, ...]]:
        outline, lists = self._row_of("SELECT outline, enumerations FROM documents WHERE id = ?", document_id)
        return Outline(tuple(Node(*node) for node in json.loads(outline))), _enumerations(document_id, lists)

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


def _info_from(values: Sequence[Any]) -> DocumentInfo:
    columns = dict(zip(INFO_COLUMNS, values, strict=True))
    return DocumentInfo(**{**columns, "repeals": tuple(json.loads(columns["repeals"]))})


def _table_rows(rows: Sequence[Any]) -> tuple[Row, ...]:
    return tuple(Row(start, end, tuple((a, b) for a, b in heads)) for start, end, heads in rows)


def _enumerations(document_id: str, lists: str) -> tuple[Enumeration, ...]:
    return tuple(
        Enumeration(document_id, start, end, announced, tuple(Member(*member) for member in members), *rest)
        for start, end, announced, members, *rest in json.loads(lists)
    )
