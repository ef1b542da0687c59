"""Tables drawn with dashes and spaces (pandoc's simple and multiline tables) → rows."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingest.layout import columns

_COLUMN_RULE = re.compile(r"\s*-{2,}(?: +-{2,})+\s*")
_FULL_RULE = re.compile(r"\s*-{6,}\s*")


def with_tables(lines: Sequence[str]) -> Iterator[str | list[list[str]]]:
    """The lines, with each dashed table replaced by its rows of cells, the header first."""
    shown: list[str] = []
    position = 0
    while position < len(lines):
        if not _COLUMN_RULE.fullmatch(lines[position]):
            shown.append(lines[position])
            position += 1
            continue
        spans = _spans(lines[position])
        header = _take_header(shown)
        is_framed = bool(shown) and _FULL_RULE.fullmatch(shown[-1]) is not None
        end = _end_of_table(lines, position + 1, is_framed=is_framed)
        if is_framed:
            shown.pop()
        yield from shown
        shown.clear()
        rows = [_row(header, spans), *_rows(lines[position + 1 : end], spans)]
        yield [rows[0], *(row for row in rows[1:] if any(row))]
        position = end + 1
    yield from shown


def _spans(rule: str) -> list[tuple[int, int]]:
    """Where each column stands, in terminal columns; the last one is open."""
    starts = [match.start() for match in re.finditer(r"-+", rule)]
    return [*pairwise(starts), (starts[-1], 10**9)]


def _take_header(shown: list[str]) -> list[str]:
    header: list[str] = []
    while shown and shown[-1].strip() and not _FULL_RULE.fullmatch(shown[-1]):
        header.insert(0, shown.pop())
    return header


def _end_of_table(lines: Sequence[str], start: int, *, is_framed: bool) -> int:
    for position in range(start, len(lines)):
        line = lines[position]
        if _FULL_RULE.fullmatch(line) or _COLUMN_RULE.fullmatch(line) or not (line.strip() or is_framed):
            return position
    return len(lines)


def _rows(body: Sequence[str], spans: Sequence[tuple[int, int]]) -> list[list[str]]:
    if not any(not line.strip() for line in body):
        return [_row([line], spans) for line in body]
    rows: list[list[str]] = [[]]
    for line in body:
        if line.strip():
            rows[-1].append(line)
        else:
            rows.append([])
    return [_row(row, spans) for row in rows if row]


def _row(lines: Sequence[str], spans: Sequence[tuple[int, int]]) -> list[str]:
    """One row of the table: what its lines have in each column, joined."""
    return ["".join("".join(_slice(line, start, stop)).strip() for line in lines) for start, stop in spans]


def _slice(line: str, start: int, stop: int) -> list[str]:
    taken: list[str] = []
    place = 0
    for character in line:
        if start <= place < stop:
            taken.append(character)
        place += columns(character)
    return taken
