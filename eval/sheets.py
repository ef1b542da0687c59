"""Question files as sheets (CSV, TSV, XLSX): the records of JSON Lines as rows under a heading.

A row is a question; a row below it that has neither question nor another id gives one more of its gold quotes, and
items, of which each has a line of its own within a cell. A row is named by its number in the sheet.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from eval import delimited, workbook
from eval.columns import COLUMNS, NO, REQUIRED, YES, key_of, letter, named, value_of
from eval.problems import Level, Problem
from ingest.errors import BadRequest

SHEETS = (".csv", ".tsv", ".xlsx")
"""The endings of question files that are sheets."""
_CONTINUED = ("doc", "quote", "items")
"""What a row may give that goes on with the question above."""
_CHOSEN = ("lang", "type", "answerable", "any", "split")
"""What programs fill in far below the last question."""
_ABOVE = 10
"""Rows in which the heading is looked for: sheets often begin with a title."""


@dataclass(frozen=True, slots=True)
class SheetRecord:
    """A record of a sheet, the row it begins on, and the row of each of its gold quotes."""

    row: int
    fields: dict[str, object]
    gold_rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The records of a sheet, and what is wrong with its columns and rows."""

    records: tuple[SheetRecord, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    cells: Mapping[str, str]

    def has(self, key: str) -> bool:
        return bool(self.cells.get(key, "").strip())


def read_sheet(path: Path, data: bytes) -> Sheet:
    """The records of a CSV, TSV or XLSX file. Raises BadRequest where it cannot be read at all."""
    rows = workbook.read_rows(data, path) if path.suffix.lower() == ".xlsx" else delimited.read_rows(data, path)
    return sheet_of(rows)


def write_sheet(path: Path, records: Iterable[Mapping[str, object]]) -> bytes:
    """Records as the bytes of a file of this name.

    Raises BadRequest that names a record which the sheet would not give back as it is.
    """
    rows = [[one.heading for one in COLUMNS]]
    for record in records:
        written = list(_rows_of(record))
        given = [one.fields for one in sheet_of([rows[0], *written]).records]
        if [_essence(one) for one in given] != [_essence(record)]:
            raise BadRequest(
                f"{path}: {record.get('id')}: a sheet would not give this question back as it is (a line break within "
                "an item, or white space around a name); change that, or write .jsonl"
            )
        rows += written
    if path.suffix.lower() == ".xlsx":
        return workbook.write_rows(rows, path)
    return delimited.write_rows(rows, "\t" if path.suffix.lower() == ".tsv" else ",")


def sheet_of(rows: Sequence[Sequence[str]]) -> Sheet:
    """The records that rows hold; the first that names two columns or more is the heading."""
    filled = [(number, row) for number, row in enumerate(rows, start=1) if any(cell.strip() for cell in row)]
    if not filled:
        return Sheet((), ())
    heads = (place for place, (_, row) in enumerate(filled[:_ABOVE]) if sum(map(bool, map(key_of, row))) > 1)
    place = next(heads, 0)
    number, head = filled[place]
    problems = list(_wrong_columns(number, head, filled[place + 1 :]))
    if any(problem.level == "fatal" for problem in problems):
        return Sheet((), tuple(problems))
    keys = {position: key for position, name in enumerate(head) if (key := key_of(name))}
    groups: list[list[_Row]] = []
    for number, row in filled[place + 1 :]:
        found = _Row(number, {key: row[position] for position, key in keys.items() if position < len(row)})
        if groups and _goes_on(found, groups[-1][0]):
            groups[-1].append(found)
        elif any(found.has(key) for key in found.cells if key not in _CHOSEN):
            groups.append([found])
    records = tuple(_record(group) for group in groups)
    problems += [problem for group in groups for problem in _unread_cells(group)]
    return Sheet(records, tuple(problems))


def _wrong_columns(number: int, head: Sequence[str], below: Sequence[tuple[int, Sequence[str]]]) -> Iterator[Problem]:
    def problem(message: str, level: Level) -> Problem:
        return Problem(number, "", message, level, "row")

    places: dict[str, list[str]] = {}
    for position, name in enumerate(head):
        if key := key_of(name):
            places.setdefault(key, []).append(letter(position))
        elif name.strip():
            yield problem(f"the column {name.strip()!r} is none of a question file and is not read", "note")
    width = max((len(row) for _, row in below), default=0)
    for position in range(width):
        unnamed = position >= len(head) or not head[position].strip()
        if unnamed and any(position < len(row) and row[position].strip() for _, row in below):
            yield problem(f"column {letter(position)} has no heading and is not read", "note")
    for key, letters in places.items():
        if len(letters) > 1:
            yield problem(f"the columns {' and '.join(letters)} are both {named(key)}; keep one", "fatal")
    required = [*REQUIRED, *(("doc", "quote") if places.keys() & {"doc", "quote"} else ())]
    missing = [named(key) for key in required if key not in places]
    if missing:
        yield problem(f"no column {' and no column '.join(missing)}; name the columns in the first row", "fatal")


def _goes_on(row: _Row, first: _Row) -> bool:
    """Whether a row goes on with the question whose first row is given."""
    same = not row.has("id") or row.cells["id"].strip() == first.cells.get("id", "").strip()
    return same and not row.has("question") and any(row.has(key) for key in _CONTINUED)


def _record(group: Sequence[_Row]) -> SheetRecord:
    """The record of a question's rows. A quote without a document is of the same one as the quote above."""
    fields: dict[str, object] = {}
    for key, cell in group[0].cells.items():
        value = value_of(key, cell)
        if key not in _CONTINUED and value is not None:
            fields[key] = value
    gold: list[dict[str, object]] = []
    rows: list[int] = []
    for row in group:
        if row.has("doc") or row.has("quote"):
            above = gold[-1]["doc"] if gold else ""
            gold.append(
                {"doc": value_of("doc", row.cells.get("doc", "")) or above, "quote": row.cells.get("quote", "")}
            )
            rows.append(row.number)
    items = [line.strip() for row in group for line in row.cells.get("items", "").split("\n") if line.strip()]
    return SheetRecord(group[0].number, {**fields, "gold": gold, "items": items}, tuple(rows))


def _unread_cells(group: Sequence[_Row]) -> Iterator[Problem]:
    """Cells of rows that go on with a question, but say what only its first row says."""
    first = group[0]
    for row in islice(group, 1, None):
        for key, cell in row.cells.items():
            if key not in (*_CONTINUED, "id", *_CHOSEN) and cell.strip() and cell != first.cells.get(key):
                message = f"{named(key)} is not read here: the row goes on with the question of row {first.number}"
                yield Problem(row.number, first.cells.get("id", "").strip(), message, "note", "row")


def _rows_of(record: Mapping[str, object]) -> Iterator[list[str]]:
    gold = record.get("gold")
    quotes = gold if isinstance(gold, list) else []
    for place in range(max(1, len(quotes))):
        # The id on every row: one whose first row was taken out is not mistaken for a part of the question above.
        kept = record if place == 0 else {"id": record["id"]}
        cells = {key: _cell(key, value) for key, value in kept.items()}
        yield [
            str(quotes[place][one.key]) if one.key in ("doc", "quote") and quotes else cells.get(one.key, "")
            for one in COLUMNS
        ]


def _cell(key: str, value: object) -> str:
    if isinstance(value, bool):
        return YES if value else "" if key == "any" else NO
    if key == "items" and isinstance(value, list):
        return "\n".join(value)
    return "" if value is None else str(value)


def _essence(record: Mapping[str, object]) -> dict[str, object]:
    """What a record says, without what goes without saying."""
    kept = {key: value for key, value in record.items() if value not in (None, "", [])}
    return kept if kept.get("any") is not False else {key: value for key, value in kept.items() if key != "any"}
