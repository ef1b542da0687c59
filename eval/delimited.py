"""CSV and TSV ↔ rows: whatever encoding and delimiter people's programs write."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from eval.columns import key_of
from ingest.errors import BadRequest, UnreadableFile
from ingest.readers.plain import decode

_DELIMITERS = (",", "\t", ";")
_LONGEST_CELL = 1_000_000
_HEAD = 10
"""Rows in which the delimiter shows."""
_HINT = "a cell that has a quotation mark at its start stands in quotation marks, those within it doubled"


def read_rows(data: bytes, path: Path) -> list[list[str]]:
    """The rows of a CSV or TSV file, blank ones too, so that they count as a spreadsheet counts them.

    Raises BadRequest for bytes that are no text and for quotation marks that do not match.
    """
    if not data.strip():
        return []
    try:
        text = decode(data, str(path))
    except UnreadableFile as error:
        raise BadRequest(f"{path}: {error.reason}") from error
    rows: list[list[str]] = []
    csv.field_size_limit(_LONGEST_CELL)
    try:
        for row in _reader(text, max(_DELIMITERS, key=lambda delimiter: _headings(text, delimiter))):
            rows.append(row)
    except csv.Error as error:
        raise BadRequest(f"{path}: row {len(rows) + 1}: not CSV ({error}); {_HINT}") from error
    return rows


def write_rows(rows: Iterable[Sequence[str]], delimiter: str = ",") -> bytes:
    """The rows as CSV in UTF-8, with the mark by which spreadsheet programs tell it."""
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return written.getvalue().encode("utf-8-sig")


def _reader(text: str, delimiter: str) -> Iterable[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _headings(text: str, delimiter: str) -> int:
    """How many columns of a question file the first rows name, cut at a delimiter."""
    most = 0
    try:
        for _, row in zip(range(_HEAD), _reader(text, delimiter), strict=False):
            most = max(most, sum(key_of(cell) is not None for cell in row))
    except csv.Error:
        pass
    return most
