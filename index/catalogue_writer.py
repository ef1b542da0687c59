"""Writing a catalogue: the only code that changes a snapshot's SQLite file, before it is published."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, replace
from hashlib import blake2b
from pathlib import Path

from index.catalogue import Sidecar
from index.catalogue_tables import INFO_COLUMNS, SCHEMA
from index.copy_finder import find_copies
from index.recipe import recipe, recipe_of_failures
from index.stored_references import REFERENCES, encode, names_of
from ingest.model import Document, DocumentInfo, Enumeration, Outline, Passage
from ingest.references.model import Reference
from ingest.signature import Signature

_DOCUMENT_COLUMNS = (
    "root",
    "stamp",
    "recipe",
    "content",
    *INFO_COLUMNS,
    "text",
    "pages",
    "rows",
    "recognised",
    "outline",
    "enumerations",
    "spans",
    '"file"',
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
            self._connection.executescript(SCHEMA + REFERENCES)
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
        content: str = "",
        file: int | None = None,
    ) -> int:
        """Add a document and give its number; one that stands in the `file` of another has its text from there."""
        if file is not None:
            document = replace(document, text="", pages=(), rows=(), recognised=())
        rows = [astuple(row) for row in document.rows]
        nodes = [astuple(node) for node in outline.nodes]
        lists = [astuple(enumeration)[1:] for enumeration in enumerations]
        values = (
            *(root, stamp, recipe(), content, *_columns_of(document.info)),
            document.text.encode("utf-8", "surrogatepass"),
            *(
                json.dumps(part, ensure_ascii=False)
                for part in (document.pages, rows, document.recognised, nodes, lists, document.spans)
            ),
            file,
        )
        return _row_id(self._connection.execute(_INSERT_DOCUMENT, values))

    def free_names(self, numbers: Iterable[int]) -> None:
        """Let the documents of some files give up their source and id, to be given others by `update_document`."""
        free = "source = char(1) || document, id = char(1) || document"
        sql = f'UPDATE documents SET {free} WHERE document = ?1 OR "file" = ?1'
        self._connection.executemany(sql, [(number,) for number in numbers])

    def update_document(self, number: int, info: DocumentInfo, *, root: str, stamp: str) -> None:
        """Give a document other facts, another name or another place; text and divisions stay."""
        columns = ", ".join(f"{column} = ?" for column in ("root", "stamp", *INFO_COLUMNS))
        values = (root, stamp, *_columns_of(info), number)
        self._connection.execute(f"UPDATE documents SET {columns} WHERE document = ?", values)

    def add_renames(self, renames: Mapping[str, str]) -> None:
        """Remember names that documents had before; all of them change at once."""
        known = self._connection.execute("SELECT old, new FROM renames").fetchall()
        pairs = {**{old: renames.get(new, new) for old, new in known}, **renames}
        self._connection.execute("DELETE FROM renames")
        self._connection.executemany("INSERT INTO renames VALUES (?, ?)", sorted(pairs.items()))

    def replace_sidecars(self, gone: Iterable[Sidecar], found: Iterable[Sidecar]) -> None:
        """Remember the files that correct documents in place of those known before."""
        self._connection.executemany(
            "DELETE FROM sidecars WHERE root = ? AND source = ?", [(one.root, one.source) for one in gone]
        )
        rows = [(o.root, o.source, json.dumps(dict(o.fields), ensure_ascii=False), o.problem) for o in found]
        self._connection.executemany("INSERT OR REPLACE INTO sidecars VALUES (?, ?, ?, ?)", rows)

    def keep_decisions(self, content: str) -> None:
        """Keep a copy of what users have decided."""
        self._connection.execute("DELETE FROM decisions")
        self._connection.executemany("INSERT INTO decisions VALUES (?)", [(content,)] if content else [])

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

    def remove_passages(self, document: int) -> list[int]:
        """Remove the passages of the document of a number, and give their numbers."""
        sql = "DELETE FROM passages WHERE document = ? RETURNING number"
        return [row[0] for row in self._connection.execute(sql, (document,)).fetchall()]

    def remove_document(self, number: int) -> tuple[list[int], list[int]]:
        """Remove a document and those in its file, and give their numbers and those of their passages."""
        of_file = 'SELECT document FROM documents WHERE document = ?1 OR "file" = ?1'
        documents = [row[0] for row in self._connection.execute(of_file, (number,))]
        rows = self._connection.execute(
            f"DELETE FROM passages WHERE document IN ({of_file}) RETURNING number", (number,)
        ).fetchall()
        numbers = [(document,) for document in documents]
        for table in ("signatures", "copies", "document_references", "names_referred_to"):
            self._connection.executemany(f"DELETE FROM {table} WHERE document = ?", numbers)
        self._connection.execute('DELETE FROM documents WHERE "file" = ?', (number,))
        self._connection.execute("DELETE FROM documents WHERE document = ?", (number,))
        return documents, [row[0] for row in rows]

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

    def add_signature(self, document: int, signature: Signature) -> None:
        """Remember what the copies of the document of a number are found by."""
        values = (document, signature.words, signature.sketch)
        self._connection.execute("INSERT INTO signatures VALUES (?, ?, ?)", values)

    def find_copies(self) -> None:
        """Find the copies among the documents (`index.copy_finder`)."""
        find_copies(self._connection)

    def commit(self) -> tuple[int, int]:
        """Write all to the file and give how many documents (by file) and passages it holds now."""
        # A name that a document has again leads to that; one of a document that is gone may come back with it.
        self._connection.execute("DELETE FROM renames WHERE old IN (SELECT source FROM documents)")
        (documents,) = self._connection.execute('SELECT count(*) - count("file") FROM documents').fetchone()
        (passages,) = self._connection.execute("SELECT count(*) FROM passages").fetchone()
        self._connection.execute("COMMIT")
        return documents, passages


def _columns_of(info: DocumentInfo) -> tuple[str, ...]:
    return tuple(json.dumps(v, ensure_ascii=False) if isinstance(v, tuple) else v for v in astuple(info))


def _row_id(cursor: sqlite3.Cursor) -> int:
    assert cursor.lastrowid is not None  # always set by an INSERT
    return cursor.lastrowid
