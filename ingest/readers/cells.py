"""Rows of a table whose cells have several lines: a PDF draws them cell by cell, each from its top down."""

from collections.abc import Iterator, Sequence

from ingest.layout import columns
from ingest.readers.running import PrintedLine

CELL_GAP = "\t"
"""What stands between the cells of a row."""
_MOST_LINES = 8
"""Lines of the highest cell; what is higher is a column of text, not a cell."""


def with_rows_joined(page: Sequence[PrintedLine]) -> list[PrintedLine]:
    """The lines of a page with each row of such a table as one line, its cells apart by CELL_GAP."""
    return [line for block in _blocks(page) for line in (_row(block) if _is_row(block) else _lines(block))]


_Cell = list[PrintedLine]


def _blocks(page: Sequence[PrintedLine]) -> Iterator[list[_Cell]]:
    """Runs of lines as cells: one goes on downwards line by line, the next begins further up at its side."""
    block: list[_Cell] = []
    for line in page:
        if block and _goes_on(block[-1][-1], line):
            block[-1].append(line)
        elif block and _stands_beside(block, line):
            block.append([line])
        else:
            if block:
                yield block
            block = [[line]]
    if block:
        yield block


def _goes_on(above: PrintedLine, line: PrintedLine) -> bool:
    is_below = 0 < above.y - line.y <= 1.7 * line.size and abs(above.size - line.size) < 0.5
    return is_below and CELL_GAP not in above.text + line.text and above.x < _right(line) and line.x < _right(above)


def _stands_beside(block: Sequence[_Cell], line: PrintedLine) -> bool:
    """Whether a line begins a cell to the right of the cells of a row, at their height."""
    above = block[-1][-1]
    bottom = min(known.y for cell in block for known in cell)
    top = max(known.y for cell in block for known in cell)
    is_right = line.x > max(cell[0].x for cell in block) and line.x >= _right(above) - line.size
    return is_right and bottom - line.size < line.y <= top + _MOST_LINES * line.size


def _right(line: PrintedLine) -> float:
    return line.x + columns(line.text) / 2 * line.size


def _is_row(block: Sequence[_Cell]) -> bool:
    return len(block) > 1 and all(len(cell) <= _MOST_LINES for cell in block)


def _row(block: Sequence[_Cell]) -> list[PrintedLine]:
    first = block[0][0]
    text = CELL_GAP.join("".join(line.text for line in cell) for cell in block)
    return [PrintedLine(text, first.x, first.y, first.size)]


def _lines(block: Sequence[_Cell]) -> list[PrintedLine]:
    return [line for cell in block for line in cell]
