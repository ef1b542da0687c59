"""Spreadsheets (.xlsx, .xls) and delimited text (.csv, .tsv) → rows, each with the names of its columns.

A sheet is a list of records, read with its header in view and often wider than a line, so each row says the names
itself: 项目：住宿费；标准：500元.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from ingest.errors import UnreadableFile
from ingest.readers.extract import Extract
from ingest.readers.package import LOCKED, OLE, check_package, is_locked
from ingest.readers.plain import decode
from ingest.readers.shown import shown
from ingest.readers.table import Cell, Line, RowLine, assembled, names_columns

MOST_ROWS = 100_000
"""The most rows of one file that are read."""
MOST_CELLS = 2_000_000
_MOST_COLUMNS = 500
_HEADER_WITHIN = 12
"""The header is looked for in the first rows."""
_UNNAMED = re.compile(r"(?:sheet|工作表|表)\s*\d*", re.IGNORECASE)
_NAME_GAP, _CELL_GAP = "：", "；"
_DELIMITERS = ",\t;|，"

Grid = list[list[str]]


def read_xlsx(content: bytes, source: str) -> Extract:
    """Read the shown sheets of a workbook; raises UnreadableFile for one that is locked, damaged or too large."""
    if content.startswith(OLE) and not is_locked(content):
        return read_xls(content, source)
    check_package(content, source, "a spreadsheet", ".xlsx")
    return _read(_xlsx_sheets, content, source)


def read_xls(content: bytes, source: str) -> Extract:
    """Read the shown sheets of an older workbook; raises UnreadableFile for what cannot be read as one."""
    if content.startswith(b"PK\x03\x04"):
        return read_xlsx(content, source)
    if is_locked(content):
        raise UnreadableFile(source, LOCKED)
    head = content[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<html", b"<!doctype html", b"<table", b"<meta")):
        from ingest.readers.html import read_html

        return read_html(content, source)
    return _read(_xls_sheets, content, source)


def read_delimited(content: bytes, source: str) -> Extract:
    """Read rows of text with a delimiter; raises UnreadableFile for bytes that are not text, or for too many rows."""
    text = decode(content, source)
    delimiter = "\t" if source.lower().endswith(".tsv") else _delimiter(text)
    try:
        grid = _within_limits(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), source)
    except csv.Error as error:
        raise UnreadableFile(source, f"rows that cannot be told apart ({error}); save it again as .csv") from error
    return assembled(sheet_lines(grid))


def _read(sheets: Callable[[bytes, str], Iterator[tuple[str, Grid]]], content: bytes, source: str) -> Extract:
    try:
        found = [(name, grid) for name, grid in sheets(content, source) if any(any(row) for row in grid)]
    except UnreadableFile:
        raise
    except Exception as error:
        if "encrypt" in str(error).lower() or "password" in str(error).lower():
            raise UnreadableFile(source, LOCKED) from error
        # A damaged workbook surfaces as nearly any exception from inside the libraries.
        reason = f"damaged spreadsheet ({type(error).__name__}); open it in a spreadsheet program and save it again"
        raise UnreadableFile(source, reason) from error
    lines: list[Line] = []
    for name, grid in found:
        is_telling = len(found) > 1 or not _UNNAMED.fullmatch(name.strip())
        lines += [*([name] if is_telling else []), *sheet_lines(grid)]
    return assembled(lines)


def _xlsx_sheets(content: bytes, source: str) -> Iterator[tuple[str, Grid]]:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    read = 0
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        sheet.reset_dimensions()  # what the file says of its size may be far too much
        rows = ([shown(cell.value, cell.number_format) for cell in row] for row in sheet.iter_rows())
        grid = _within_limits(rows, source, read)
        read += len(grid)
        yield sheet.title, grid
    book.close()


def _xls_sheets(content: bytes, source: str) -> Iterator[tuple[str, Grid]]:
    import xlrd

    with io.StringIO() as log:
        book = xlrd.open_workbook(file_contents=content, formatting_info=True, on_demand=True, logfile=log)
        read = 0
        for position in range(book.nsheets):
            sheet = book.sheet_by_index(position)
            if sheet.visibility == 0:
                rows = ([_xls_text(book, cell) for cell in sheet.row(number)] for number in range(sheet.nrows))
                grid = _within_limits(rows, source, read)
                read += len(grid)
                yield sheet.name, grid
            book.unload_sheet(position)


def _xls_text(book: Any, cell: Any) -> str:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_ERROR:
        return ""
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return shown(bool(cell.value), "")
    format = book.format_map.get(book.xf_list[cell.xf_index].format_key) if cell.xf_index is not None else None
    style = format.format_str if format else "General"
    if cell.ctype == xlrd.XL_CELL_DATE:
        return shown(xlrd.xldate_as_datetime(cell.value, book.datemode), style)
    return shown(cell.value, style)


def _within_limits(rows: Iterable[Iterable[str]], source: str, read: int = 0) -> Grid:
    grid: Grid = []
    cells = 0
    for row in rows:
        texts = [Cell((text,)).text for text in row]
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            grid.append(texts[:_MOST_COLUMNS])
            cells += len(texts)
        if len(grid) + read > MOST_ROWS or cells > MOST_CELLS:
            raise UnreadableFile(source, f"more than {MOST_ROWS:,} rows or {MOST_CELLS:,} cells; split it")
    return grid


def sheet_lines(grid: Sequence[Sequence[str]]) -> list[Line]:
    """The lines of a sheet: what stands above its header as it is, then each row with the names of its columns.

    A sheet without a header gives its rows as they are, cells apart by tabs.
    """
    place = _header_place(grid)
    if place is None:
        return [_bare(row) for row in grid]
    names = grid[place]
    below = place + 1
    if _goes_on(grid, place):
        names = _both(names, grid[below])
        below += 1
    lines: list[Line] = [_bare(row) for row in grid[:place]]
    for row in grid[below:]:
        filled = [text for text in row if text]
        # One cell alone is a title of the rows below it, or a note.
        lines.append(_named(row, names) if len(filled) > 1 or len(names) == 1 else filled[0])
    return lines if grid[below:] else [*lines, _bare(names)]


def _header_place(grid: Sequence[Sequence[str]]) -> int | None:
    for place, row in enumerate(grid[:_HEADER_WITHIN]):
        if sum(1 for text in row if text) > 1:
            return place if _is_header(row, grid[place + 1 :]) else None
    return None


def _is_header(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    return names_columns(row, [other for other in below[:50] if sum(1 for text in other if text) > 1])


def _goes_on(grid: Sequence[Sequence[str]], place: int) -> bool:
    """Whether the header has a second row: under names that span several columns, with none of its own in the first."""
    if place + 2 >= len(grid):
        return False
    first, second = grid[place], grid[place + 1]
    has_gaps = any(not text for text in first[1:]) or len(second) > len(first)
    return has_gaps and bool(second) and not second[0] and not any(re.search(r"\d{2,}", text) for text in second)


def _both(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """The names of two rows, the upper reaching over the columns to its right that have none."""
    names: list[str] = []
    over = ""
    for column in range(max(len(first), len(second))):
        own = first[column] if column < len(first) else ""
        under = second[column] if column < len(second) else ""
        over = own or (over if under else "")
        names.append(f"{over}{under}" if over != under else over)
    return names


def _named(row: Sequence[str], names: Sequence[str]) -> RowLine:
    parts = []
    for column, text in enumerate(row):
        name = names[column].rstrip("：:") if column < len(names) else ""
        if text:
            parts.append(f"{name}{_NAME_GAP}{text}" if name else text)
    return RowLine(_CELL_GAP.join(parts))


def _bare(row: Sequence[str]) -> Line:
    text = "\t".join(row).strip("\t")
    return RowLine(text) if "\t" in text else text


def _delimiter(text: str) -> str:
    """The mark that parts most rows into the same number of cells, more than one."""
    lines = text.splitlines()[:200]
    best, most = ",", 0.0
    for mark in _DELIMITERS:
        counts = [len(row) for row in csv.reader(lines, delimiter=mark) if row]
        usual = max(set(counts), key=counts.count) if counts else 1
        agreeing = counts.count(usual) / len(counts) if usual > 1 else 0.0
        if agreeing > most + 0.05:
            best, most = mark, agreeing
    return best
