"""From runs of characters placed on a page to its lines in reading order: rows, columns of text, columns of a table."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.readers.cells import CELL_GAP
from ingest.readers.running import PrintedLine

_SAME_ROW = 0.5
"""Letter sizes by which the baselines of a row may differ: a superscript is on it, the next line is not."""
_WIDE_GAP = 1.0
"""Letter sizes between two runs of a row that are cells of a table, or words set apart."""
_LEAST_ROWS = 8
"""Rows of two columns of text; fewer are the two halves of a table or of a signature."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A run of characters on one baseline, in points; y grows upwards, as on a page of a PDF."""

    text: str
    x: float
    right: float
    y: float
    size: float


def lines_of(fragments: Sequence[Fragment]) -> list[PrintedLine]:
    """The lines of a page whose fragments stand in any order: from its top down, one column of text after another."""
    rows = _rows(fragments)
    found = _text_columns(rows)
    if found is None:
        return [_line(row) for row in rows]
    gutter, first, last = found
    block = [fragment for row in rows[first:last] for fragment in row]
    left = [fragment for fragment in block if fragment.x < gutter]
    right = [fragment for fragment in block if fragment.x >= gutter]
    parts = (rows[:first], _rows(left), _rows(right), rows[last:])
    return [_line(row) for part in parts for row in part]


def joined(fragments: Sequence[Fragment]) -> Fragment:
    """Fragments of one row, from left to right, as one; CELL_GAP stands where they are far apart."""
    text = fragments[0].text
    for before, after in pairwise(fragments):
        size = max(before.size, after.size)
        gap = after.x - before.right
        if gap > _WIDE_GAP * size:
            text = text.rstrip() + CELL_GAP
        elif gap > 0.15 * size and _are_latin(text, after.text):
            text += " "
        text += after.text if not text.endswith(CELL_GAP) else after.text.lstrip()
    size = statistics.median_high([fragment.size for fragment in fragments for _ in fragment.text[:40]] or [1.0])
    right = max(fragment.right for fragment in fragments)
    return Fragment(text, fragments[0].x, right, fragments[0].y, size)


def _are_latin(left: str, right: str) -> bool:
    return left[-1:].isascii() and right[:1].isascii() and left[-1:].isalnum() and right[:1].isalnum()


def _line(row: Sequence[Fragment]) -> PrintedLine:
    whole = joined(row)
    return PrintedLine(whole.text, whole.x, whole.y, whole.size)


def _rows(fragments: Sequence[Fragment]) -> list[list[Fragment]]:
    rows: list[list[Fragment]] = []
    for fragment in sorted(fragments, key=lambda fragment: (-fragment.y, fragment.x)):
        if rows and rows[-1][0].y - fragment.y <= _SAME_ROW * min(rows[-1][0].size, fragment.size):
            rows[-1].append(fragment)
        else:
            rows.append([fragment])
    return [sorted(row, key=lambda fragment: fragment.x) for row in rows]


def _text_columns(rows: Sequence[Sequence[Fragment]]) -> tuple[float, int, int] | None:
    """Where the gutter between two columns of text is, and the first row and the one after the last that have it."""
    halves = [(row[0].right, row[1].x) for row in rows if len(row) == 2 and row[1].x > row[0].right + row[0].size]
    if len(halves) < _LEAST_ROWS:
        return None
    left, right = statistics.median(edge for edge, _ in halves), statistics.median(edge for _, edge in halves)
    gutter = (left + right) / 2
    spanning = [any(fragment.x < gutter < fragment.right for fragment in row) for row in rows]
    split = [not crosses and any(f.x >= gutter for f in row) for row, crosses in zip(rows, spanning, strict=True)]
    first, last = split.index(True), len(split) - split[::-1].index(True)
    while first > 0 and not spanning[first - 1] and rows[first - 1][-1].right < gutter:
        first -= 1
    block = rows[first:last]
    if any(spanning[first:last]) or len(block) < _LEAST_ROWS:
        return None
    sides = ([f for row in block for f in row if f.x < gutter], [f for row in block for f in row if f.x >= gutter])
    return (gutter, first, last) if all(_is_prose(side) for side in sides) else None


def _is_prose(side: Sequence[Fragment]) -> bool:
    """Whether most lines fill the width of their column, as those of a table's cells do not."""
    width = max(f.right for f in side) - min(f.x for f in side)
    size = statistics.median(f.size for f in side)
    return width >= 10 * size and sum(f.right - f.x > 0.8 * width for f in side) >= 0.6 * len(side)
