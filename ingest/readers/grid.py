"""Ruled tables: which lines of text stand in which cell, when the rules drawn on a page are known."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.readers.cells import CELL_GAP
from ingest.readers.fragments import Fragment, lines_of
from ingest.readers.running import PrintedLine
from ingest.readers.spacing import as_printed

_TOUCH = 3.0
"""Points by which rules that meet may miss each other."""
_MOST_RULES = 2000


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line drawn along an axis, in points: level runs from `start` to `end` at height `at`, or upright."""

    is_level: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class _Table:
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    """Heights of the level rules, from the top down."""
    rules: tuple[Rule, ...]

    def holds(self, fragment: Fragment) -> bool:
        middle = (fragment.x + fragment.right) / 2
        return self.xs[0] < middle < self.xs[-1] and self.ys[-1] < fragment.y + 0.3 * fragment.size < self.ys[0]

    def cell(self, fragment: Fragment) -> tuple[int, int]:
        """The topmost row and the leftmost column of the cell that a fragment stands in."""
        x, y = (fragment.x + min(fragment.right, fragment.x + fragment.size)) / 2, fragment.y + 0.3 * fragment.size
        row = bisect_right([-at for at in self.ys], -y) - 1
        column = bisect_right(self.xs, x) - 1
        while row > 0 and not self._is_ruled(True, self.ys[row], x):
            row -= 1
        while column > 0 and not self._is_ruled(False, self.xs[column], y):
            column -= 1
        return row, column

    def right_of(self, column: int) -> float:
        """The right side of the narrowest cell in a column."""
        return self.xs[min(column + 1, len(self.xs) - 1)]

    def _is_ruled(self, is_level: bool, at: float, where: float) -> bool:
        return any(
            rule.is_level == is_level and abs(rule.at - at) <= _TOUCH and rule.start <= where <= rule.end
            for rule in self.rules
        )


def with_ruled_rows(fragments: Sequence[Fragment], rules: Sequence[Rule]) -> tuple[list[PrintedLine], list[Fragment]]:
    """The rows of ruled tables as one line each, cells apart by CELL_GAP, and the fragments outside of tables."""
    rows: list[PrintedLine] = []
    rest = list(fragments)
    for table in _tables(rules):
        inside = [fragment for fragment in rest if table.holds(fragment)]
        if len({table.cell(fragment) for fragment in inside}) < 2:
            continue
        rest = [fragment for fragment in rest if not table.holds(fragment)]
        rows += _table_rows(table, inside)
    return rows, rest


def _table_rows(table: _Table, inside: Iterable[Fragment]) -> list[PrintedLine]:
    cells: dict[tuple[int, int], list[Fragment]] = {}
    for fragment in inside:
        cells.setdefault(table.cell(fragment), []).append(fragment)
    lines: list[PrintedLine] = []
    for row in sorted({row for row, _ in cells}):
        columns = [column for at, column in sorted(cells) if at == row]
        first = max((lines_of(cells[row, column])[0] for column in columns), key=lambda line: line.y)
        text = CELL_GAP.join(_cell_text(cells[row, column], table.right_of(column)) for column in columns)
        lines.append(PrintedLine(text, min(f.x for f in cells[row, columns[0]]), first.y, first.size))
    return lines


def _cell_text(fragments: Sequence[Fragment], right: float) -> str:
    """The lines of a cell as one: those that reach its right side go on, after others there is a space."""
    text = ""
    reached = right
    for line in lines_of(fragments):
        text += (" " if right - reached > 2 * line.size else "") + as_printed(line.text).replace(CELL_GAP, " ")
        reached = max(f.right for f in fragments if abs(f.y - line.y) <= 0.5 * line.size)
    return text.strip()


def _tables(rules: Sequence[Rule]) -> list[_Table]:
    """Rules that touch one another, where they divide a rectangle into at least two rows and two columns of cells."""
    if len(rules) > _MOST_RULES:
        return []
    tables: list[_Table] = []
    left = list(dict.fromkeys(rules))
    while left:
        group = frontier = [left.pop()]
        while frontier:
            touching = {rule for rule in left if any(_meet(rule, known) for known in frontier)}
            frontier = [rule for rule in left if rule in touching]
            left = [rule for rule in left if rule not in touching]
            group = group + frontier
        xs = _apart(rule.at for rule in group if not rule.is_level)
        ys = _apart(rule.at for rule in group if rule.is_level)
        if len(xs) >= 3 and len(ys) >= 3:
            tables.append(_Table(xs, ys[::-1], tuple(group)))
    return tables


def _meet(one: Rule, other: Rule) -> bool:
    if one.is_level == other.is_level:
        is_end_to_end = one.start <= other.end + _TOUCH and other.start <= one.end + _TOUCH
        return abs(one.at - other.at) <= _TOUCH and is_end_to_end
    return one.start - _TOUCH <= other.at <= one.end + _TOUCH and other.start - _TOUCH <= one.at <= other.end + _TOUCH


def _apart(places: Iterable[float]) -> tuple[float, ...]:
    kept: list[float] = []
    for place in sorted(places):
        if not kept or place - kept[-1] > _TOUCH:
            kept.append(place)
    return tuple(kept)
