"""Writing a catalogue: the only code that changes a snapshot's SQLite file, before it is published."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from hashlib import blake2b
from pathlib import Path

from index.catalogue import ARCHIVES, INFO_COLUMNS, SCHEMA
from index.recipe import recipe, recipe_of_failures
from index.stored_references import REFERENCES, encode, names_of
from ingest.model import Document, DocumentInfo, Enumeration, Outline, Passage
from ingest.references.model import Reference

_DOCUMENT_COLUMNS = (
    "root",
    "stamp",
    "recipe",
    *INFO_COLUMNS,
    "text",
    "pages",
    "rows",
    "recognised",
    "outline",
    "enumerations",
)
_INSERT_DOCUMENT = (
    f"INSERT INTO documents ({', '.join(_DOCUMENT_COLUMNS)}) VALUES ({', '.join('?' * len(_DOCUMENT_COLUMNS))})"
)
_INSERT_PASSAGE = (
    'INSERT INTO passages (document, start, "end", page, path, lead, embedded) VALUES (?, ?, ?, ?, ?, ?, ?)'
)


def hash_of_embedded(text: str) -> bytes:
    """What identical embedded texts have in common: 16 bytes of BLAKE2b."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


class CatalogueWriter:
    """A catalogue being written; nothing is kept before `commit`."""

    def __init__(self, path: Path) -> None:
        new = not path.exists()
        self._connection = sqlite3.connect(path, isolation_level=None)
        # Whatever goes wrong before publication, the whole file is thrown away, so no journal is needed.
        self._connection.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;"
        )
        if new:
            self._connection.executescript(SCHEMA)
        self._connection.executescript(ARCHIVES + REFERENCES)
        self._connection.execute("BEGIN")

    def close(self) -> None:
        """End without keeping what was not committed."""
        self._connection.close()

    def add_document(
        self,
        document: Document,
        *,
        root: str,
        stamp: str,
        outline: Outline,
        enumerations: tuple[Enumeration, ...],
    ) -> int:
        """Add a document and give its number."""
        rows = [astuple(row) for row in document.rows]
        nodes = [astuple(node) for node in outline.nodes]
        lists = [astuple(enumeration)[1:] for enumeration in enumerations]
        values = (
            *(root, stamp, recipe(), *_columns_of(document.info), document.text.encode("utf-8", "surrogatepass")),
            *(
                json.dumps(part, ensure_ascii=False)
                for part in (document.pages, rows, document.recognised, nodes, lists)
            ),
        )
        return _row_id(self._connection.execute(_INSERT_DOCUMENT, values))

    def add_references(self, document: int, references: Sequence[Reference]) -> None:
        """Add the references that the document of a number makes."""
        self._connection.execute("INSERT INTO document_references VALUES (?, ?)", (document, encode(references)))
        names = sorted({name for reference in references for name in names_of(reference)})
        rows = [(name, document) for name in names]
        self._connection.executemany("INSERT INTO names_referred_to VALUES (?, ?)", rows)

    def add_passage(self, document: int, passage: Passage, *, embedded: bytes) -> int:
        """Add a passage of the document of a number and give the passage's number, which is never used again."""
        path = json.dumps(passage.path, ensure_ascii=False)
        values = (document, passage.start, passage.end, passage.page, path, passage.lead, embedded)
        return _row_id(self._connection.execute(_INSERT_PASSAGE, values))

    def remove_document(self, number: int) -> list[int]:
        """Remove a document with its passages and give the passages' numbers."""
        rows = self._connection.execute(
            "DELETE FROM passages WHERE document = ? RETURNING number", (number,)
        ).fetchall()
        for table in ("documents", "document_references", "names_referred_to"):
            self._connection.execute(f"DELETE FROM {table} WHERE document = ?", (number,))
        return [row[0] for row in rows]

    def add_failure(self, id: str, *, root: str, source: str, reason: str) -> None:
        """Remember that a file with this content cannot be read, so that it is not tried again."""
        values = (id, root, source, recipe_of_failures(), reason)
        self._connection.execute("INSERT OR REPLACE INTO failures VALUES (?, ?, ?, ?, ?)", values)

    def remove_failure(self, id: str) -> None:
        """Forget a failure."""
        self._connection.execute("DELETE FROM failures WHERE id = ?", (id,))

    def add_archive(self, root: str, source: str, stamp: str) -> None:
        """Remember an archive as looked into, so that it is not opened again until its stamp changes."""
        values = (root, source, stamp, recipe_of_failures())
        self._connection.execute("INSERT OR REPLACE INTO archives VALUES (?, ?, ?, ?)", values)

    def forget_archive_of(self, root: str, source: str) -> None:
        """Forget that the archive was looked into that is, or holds, what has this source."""
        within = "(source = ?2 OR substr(?2, 1, length(source) + 1) = source || '/')"
        self._connection.execute(f"DELETE FROM archives WHERE root = ?1 AND {within}", (root, source))

    def add_folders(self, paths: Iterable[str]) -> None:
        """Remember folders as mirrored."""
        self._connection.executemany("INSERT OR IGNORE INTO folders VALUES (?)", [(path,) for path in paths])

    def commit(self) -> tuple[int, int]:
        """Write all to the file and give how many documents and passages it holds now."""
        (documents,) = self._connection.execute("SELECT count(*) FROM documents").fetchone()
        (passages,) = self._connection.execute("SELECT count(*) FROM passages").fetchone()
        self._connection.execute("COMMIT")
        return documents, passages


def _columns_of(info: DocumentInfo) -> tuple[str, ...]:
    return tuple(json.dumps(v, ensure_ascii=False) if isinstance(v, tuple) else v for v in astuple(info))


def _row_id(cursor: sqlite3.Cursor) -> int:
    assert cursor.lastrowid is not None  # always set by an INSERT
    return cursor.lastrowid
