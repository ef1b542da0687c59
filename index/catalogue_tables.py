"""The tables of a catalogue, and how their columns hold documents."""

import json
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from ingest.corrections import Value
from ingest.model import Correction, DocumentInfo, Enumeration, Member, Row

INFO_COLUMNS = tuple(field.name for field in fields(DocumentInfo))
SCHEMA = f"""
CREATE TABLE documents (
    document INTEGER PRIMARY KEY AUTOINCREMENT, root TEXT NOT NULL, stamp TEXT NOT NULL, recipe TEXT NOT NULL,
    content TEXT NOT NULL,
    {", ".join(f"{column} TEXT NOT NULL" for column in INFO_COLUMNS)},
    text BLOB NOT NULL, pages TEXT NOT NULL, rows TEXT NOT NULL, recognised TEXT NOT NULL,
    outline TEXT NOT NULL, enumerations TEXT NOT NULL, spans TEXT NOT NULL,
    "file" INTEGER REFERENCES documents (document),
    UNIQUE (id), UNIQUE (source, part));
CREATE INDEX documents_of_file ON documents ("file");
CREATE TABLE passages (
    number INTEGER PRIMARY KEY AUTOINCREMENT, document INTEGER NOT NULL REFERENCES documents (document),
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, page INTEGER, path TEXT NOT NULL, lead TEXT NOT NULL,
    embedded BLOB NOT NULL);
CREATE INDEX passages_of_document ON passages (document, start);
CREATE INDEX passages_by_embedded ON passages (embedded);
CREATE TABLE failures (
    id TEXT PRIMARY KEY, root TEXT NOT NULL, source TEXT NOT NULL, recipe TEXT NOT NULL, reason TEXT NOT NULL);
CREATE TABLE folders (path TEXT PRIMARY KEY);
CREATE TABLE renames (old TEXT PRIMARY KEY, new TEXT NOT NULL);
CREATE TABLE sidecars (
    root TEXT NOT NULL, source TEXT NOT NULL, fields TEXT NOT NULL, problem TEXT NOT NULL, PRIMARY KEY (root, source));
CREATE TABLE decisions (content TEXT NOT NULL);
CREATE TABLE signatures (
    document INTEGER PRIMARY KEY REFERENCES documents (document), words BLOB NOT NULL, sketch BLOB NOT NULL);
CREATE TABLE compared (words BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE likenesses (
    one BLOB NOT NULL, other BLOB NOT NULL, similarity REAL NOT NULL, touched INTEGER NOT NULL,
    reworded INTEGER NOT NULL, differences TEXT NOT NULL, PRIMARY KEY (one, other)) WITHOUT ROWID;
CREATE TABLE archives (
    root TEXT NOT NULL, source TEXT NOT NULL, stamp TEXT NOT NULL, recipe TEXT NOT NULL, PRIMARY KEY (root, source));
CREATE TABLE copies (
    document INTEGER PRIMARY KEY REFERENCES documents (document), first INTEGER NOT NULL);
"""
_LISTS = ("repeals", "inherited", "attachments")
"""Columns that hold several values, as JSON."""


def info_from(values: Sequence[Any]) -> DocumentInfo:
    """What a document is, from the values of `INFO_COLUMNS`."""
    columns = dict(zip(INFO_COLUMNS, values, strict=True))
    stored = json.loads(columns["corrections"])
    corrections = tuple(Correction(field, _value(value), _value(read), by) for field, value, read, by in stored)
    lists = {name: tuple(json.loads(columns[name])) for name in _LISTS}
    return DocumentInfo(**{**columns, **lists, "corrections": corrections})


def _value(stored: str | list[str]) -> Value:
    return stored if isinstance(stored, str) else tuple(stored)


def fields_from(stored: str) -> dict[str, Value]:
    """What the file beside a document corrects."""
    return {field: _value(value) for field, value in json.loads(stored).items()}


def rows_from(rows: Sequence[Any]) -> tuple[Row, ...]:
    """The rows of a document's tables."""
    return tuple(Row(start, end, tuple((a, b) for a, b in heads)) for start, end, heads in rows)


def enumerations_from(document_id: str, lists: str) -> tuple[Enumeration, ...]:
    """The lists of a document."""
    return tuple(
        Enumeration(document_id, start, end, announced, tuple(Member(*member) for member in members), *rest)
        for start, end, announced, members, *rest in json.loads(lists)
    )
