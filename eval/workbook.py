"""XLSX ↔ rows: the first sheet of a workbook, each cell as the text that a person sees in it."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.columns import COLUMNS, Column, letter
from ingest.errors import BadRequest
from ingest.readers.package import bomb_in

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_OLE = b"\xd0\xcf\x11\xe0"
_MOST_BYTES = 100_000_000
_MOST_ROWS = 100_000
_MOST_COLUMNS = 100
_LONGEST_CELL = 32_767
_AS_SHOWN = re.compile(r"(?P<grouped>#,##)?0(?:\.(?P<decimals>0+))?(?P<percent>%)?(?:_\W*)?")
"""The number formats whose number is read as it is shown: 0, 0.00, #,##0, 0.0%."""
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
"""Characters that XML cannot hold, and what spreadsheet programs read as the code of one."""
_FORMULA = ("=", "+", "-", "@")
_SPARE_ROWS = 1000
"""Rows, from the first, in which a column offers its choices, so that questions can be added."""
_STAMP = (1980, 1, 1, 0, 0, 0)


def read_rows(data: bytes, path: Path) -> list[list[str]]:
    """The rows of a workbook's first sheet, blank ones too, each cell as text: TRUE, 1, 6%, 2024-01-01.

    Formulas count by their last value. Raises BadRequest for what is no XLSX file, is protected, damaged or a zip bomb.
    """
    from openpyxl import load_workbook

    _check_package(data, path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            rows = list(_rows_of(book.worksheets[0], path))
            book.close()
    except BadRequest:
        raise
    except Exception as error:
        # A damaged package surfaces as nearly any exception from inside the libraries.
        reason = f"damaged workbook ({type(error).__name__}); open it in a spreadsheet program and save it again"
        raise BadRequest(f"{path}: {reason}") from error
    return rows


def write_rows(rows: Iterable[Sequence[str]], path: Path) -> bytes:
    """The rows, the headings first, as a workbook with a frozen heading, drop-downs, and cells that are all text.

    The same rows give the same bytes. `path` is for messages. Raises BadRequest that names a cell whose text
    a workbook cannot hold.
    """
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "问题"
    last = 0
    for last, row in enumerate(rows, start=1):
        for position, text in enumerate(row):
            if text:
                _write_cell(sheet, f"{letter(position)}{last}", text, path)
    _lay_out(sheet, last)
    written = io.BytesIO()
    book.save(written)
    return _without_times(written.getvalue())


def _check_package(data: bytes, path: Path) -> None:
    if data.startswith(_OLE):
        reason = "password-protected, or an old .xls under a new name; save it as .xlsx without a password"
        raise BadRequest(f"{path}: {reason}")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        reason = (
            "not an XLSX workbook, or truncated; get a fresh copy, save it again as .xlsx, or name it by its format"
        )
        raise BadRequest(f"{path}: {reason}") from error
    if bomb := bomb_in(members, most_bytes=_MOST_BYTES):
        raise BadRequest(f"{path}: {bomb}; not opened, split it if it is genuine")


def _rows_of(sheet: Any, path: Path) -> Iterator[list[str]]:
    sheet.reset_dimensions()  # some programs write them wrong
    for number, row in enumerate(sheet.iter_rows(max_col=_MOST_COLUMNS), start=1):
        if number > _MOST_ROWS:
            raise BadRequest(f"{path}: more than {_MOST_ROWS:,} rows; delete the empty ones below the questions")
        yield [_text_of(cell.value, cell.number_format if cell.value is not None else "") for cell in row]


def _text_of(value: object, number_format: str) -> str:
    """The value of a cell as it is shown, as far as that can be told."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, number_format)
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return str(value).replace("_x000D_", "")


def _number(value: float, number_format: str) -> str:
    shown = _AS_SHOWN.fullmatch(number_format)
    if shown is None:
        return str(int(value)) if float(value).is_integer() else f"{value:.15g}"
    comma, decimals = "," if shown["grouped"] else "", len(shown["decimals"] or "")
    return f"{value * (100 if shown['percent'] else 1):{comma}.{decimals}f}{shown['percent'] or ''}"


def _write_cell(sheet: Worksheet, place: str, text: str, path: Path) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    if len(text) > _LONGEST_CELL:
        reason = f"{len(text):,} characters, more than a workbook holds; write .jsonl or .csv"
        raise BadRequest(f"{path}: cell {place}: {reason}")
    if unfit := _UNFIT.search(text):
        reason = f"a workbook cannot hold {unfit.group()!r}; take it out, or write .jsonl or .csv"
        raise BadRequest(f"{path}: cell {place}: {reason}")
    cell: Any = sheet[place]
    cell.value = text
    cell.data_type = "s"  # what begins as a formula stays text
    cell.number_format = "@"
    cell.quotePrefix = text.startswith(_FORMULA)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if cell.row == 1:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E8EEF5")


def _lay_out(sheet: Worksheet, last: int) -> None:
    from openpyxl.styles import Alignment

    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{letter(len(COLUMNS) - 1)}{max(last, 1)}"
    for position, column in enumerate(COLUMNS):
        dimension: Any = sheet.column_dimensions[letter(position)]
        dimension.width = column.width
        dimension.number_format = "@"
        dimension.alignment = Alignment(wrap_text=True, vertical="top")
        if column.choices:
            _offer(sheet, column, f"{letter(position)}2:{letter(position)}{last + _SPARE_ROWS}")


def _offer(sheet: Worksheet, column: Column, cells: str) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    offered = DataValidation(type="list", formula1=f'"{",".join(column.choices)}"', allow_blank=True)
    offered.showErrorMessage = column.is_closed
    offered.errorTitle = column.heading
    offered.error = f"这一栏只能填 {' 或 '.join(column.choices)}"
    offered.add(cells)
    sheet.add_data_validation(offered)


def _without_times(package: bytes) -> bytes:
    """The package without the time at which it was made."""
    told = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as made, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as plain:
        for member in made.infolist():
            content = made.read(member)
            if member.filename == "docProps/core.xml":
                content = told.sub(rb"\g<1>2000-01-01T00:00:00Z\g<3>", content)
            entry = zipfile.ZipInfo(member.filename, _STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            plain.writestr(entry, content)
    return written.getvalue()
