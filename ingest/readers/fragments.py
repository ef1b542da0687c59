"""From runs of characters placed on a page to its lines in reading order: rows, columns of text, columns of a table."""

import statistics
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.readers.cells import CELL_GAP
from ingest.readers.running import PrintedLine

_SAME_ROW = 0.5
"""Letter sizes by which the baselines of a row may differ: a superscript is on it, the next line is not."""
_WIDE_GAP = 1.0
"""Letter sizes between two runs of a row that are cells of a table, or words set apart."""
_LEAST_ROWS = 6
"""Lines of each of two columns of text; fewer are the two halves of a table or of a signature."""


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
    lines = lines_of([fragment for row in rows[:first] for fragment in row])
    for side in ([f for f in block if f.x < gutter], [f for f in block if f.x >= gutter]):
        column = min(f.x for f in side), max(f.right for f in side)
        lines += [replace(_line(row), column=column) for row in _rows(side)]
    return lines + lines_of([fragment for row in rows[last:] for fragment in row])


def stand_in_columns(fragments: Sequence[Fragment]) -> bool:
    """Whether a page has two columns of text."""
    return _text_columns(_rows(fragments)) is not None


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
    fragments = [fragment for row in rows for fragment in row]
    if len(fragments) < 2 * _LEAST_ROWS:
        return None
    left, right = min(f.x for f in fragments), max(f.right for f in fragments)
    middle = sorted(f.x for f in fragments if left + 0.3 * (right - left) < f.x < left + 0.7 * (right - left))
    # Lines of a column begin at one place, recognised ones nearly so.
    counts = {start: bisect_right(middle, start + 5) - at for at, start in enumerate(middle)}
    for start in sorted(counts, key=lambda start: -counts[start])[:5]:
        gutter = start - 1.0
        first, last = _longest_run([all(not f.x < gutter < f.right for f in row) for row in rows])
        first, last = _without_outliers(rows, first, last)
        block = [fragment for row in rows[first:last] for fragment in row]
        if all(_is_prose([f for f in block if (f.x >= gutter) == is_right]) for is_right in (False, True)):
            return gutter, first, last
    return None


def _without_outliers(rows: Sequence[Sequence[Fragment]], first: int, last: int) -> tuple[int, int]:
    """The block of rows without its first and its last ones, as running lines are, that stand far apart from it."""
    drops = [above[0].y - below[0].y for above, below in pairwise(rows[first:last])]
    if len(drops) < _LEAST_ROWS:
        return first, last
    far = 2 * max(statistics.median(drops), statistics.median(f.size for row in rows[first:last] for f in row))
    while drops and drops[-1] > far:
        drops.pop()
        last -= 1
    while drops and drops[0] > far:
        drops.pop(0)
        first += 1
    return first, last


def _longest_run(flags: Sequence[bool]) -> tuple[int, int]:
    """Where the longest stretch of true values begins and ends."""
    best, first = (0, 0), 0
    for position, flag in enumerate([*flags, False]):
        if not flag:
            best = max(best, (first, position), key=lambda span: span[1] - span[0])
            first = position + 1
    return best


def _is_prose(side: Sequence[Fragment]) -> bool:
    """Whether most lines fill the width of their column, as those of a table's cells do not."""
    if len(side) < _LEAST_ROWS:
        return False
    width = max(f.right for f in side) - min(f.x for f in side)
    size = statistics.median(f.size for f in side)
    return width >= 10 * size and sum(f.right - f.x > 0.8 * width for f in side) >= 0.6 * len(side)
