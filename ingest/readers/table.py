"""Tables → one row a line, each knowing what it is to be read with: header, part of the table, spanning cells.

The text holds each cell once, as it is printed; that a row far below the header can be understood by itself is what
`Row.heads` is for.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ingest.layout import BLANK, join_lines, split_lines
from ingest.model import Row
from ingest.readers.extract import Extract
from ingest.readers.headings import marks_in

CELL_GAP = "\t"
"""What stands between the cells of a row."""
_MOST_SPAN = 500
"""Rows or columns that one cell may span; what says more is damaged."""
_LAYOUT = 600
"""A row of more characters with several paragraphs in a cell is no row but a page laid out as a table."""
_HEADER_CELL = 30
_SECTION = 40
_FIGURE = re.compile(r"[\d０-９]{2,}|^[\d０-９.．,，%％\-—–/]+$|[\d０-９]+[元%％年月日]")
_SENTENCE = re.compile("[。；！？;!?：:，]$|。")
_NAMING = re.compile(
    r"序号|编号|项目|名称|[类级区组科]\s*别|分类|类型|单位|部门|机关|地区|省份|城市|指标|事项|内容|标准|时间|日期|时限|期限"
    r"|职务|姓名|性别|电话|地址|说明|备注|对象|金额|数量|合计|小计|任务|措施|目标|要求|责任|牵头|人员|方式|范围|比例|占比"
    r"|情况|条件|依据|文号|标题|工具|费$|年度|频次|频率|规格|型号|价格|单价|面积|人数|总数|性质|来源|公式|方法|材料|流程"
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table as it is printed: its paragraphs, the columns and rows it spans, and whether it is a header."""

    lines: tuple[str, ...]
    width: int = 1
    height: int = 1
    is_header: bool = False

    @property
    def text(self) -> str:
        """The cell's text on one line."""
        words = " ".join(word for line in self.lines for part in split_lines(line) for word in part.split())
        return words.strip(BLANK)


@dataclass(frozen=True, slots=True, eq=False)
class RowLine:
    """A row as a line of a document, and the parts of lines above that it is to be read with."""

    text: str
    heads: "tuple[Part, ...]" = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a row."""

    line: RowLine
    start: int
    end: int


Line = str | RowLine


def table_lines(rows: Iterable[Sequence[Cell]]) -> list[Line]:
    """The lines of a table, given as the cells that begin in each row; a table of one column gives its paragraphs."""
    grid = [list(row) for row in rows]
    if not any(_filled(row) > 1 for row in grid):
        return [line for row in grid for cell in row for line in _paragraphs(cell)]
    header = _header_rows(grid)
    drawn = _Drawn()
    for position, row in enumerate(grid):
        drawn.add(row, is_header=position in header)
    return drawn.lines


@dataclass
class _Drawn:
    """The lines of a table as far as it is drawn, and what the next row is to be read with."""

    lines: list[Line] = field(default_factory=list)
    headers: list[Part] = field(default_factory=list)
    section: list[Part] = field(default_factory=list)
    spanning: dict[int, tuple[int, Part | None]] = field(default_factory=dict)
    """For each column, how many more rows the cell from above spans, and where it is printed."""
    first: Part | None = None
    """The last cell in the first column: a row that has none there goes on with it, however it is drawn."""

    def add(self, row: Sequence[Cell], *, is_header: bool) -> None:
        if _is_layout(row):
            self.lines += [line for cell in row for line in _paragraphs(cell)]
            self.spanning.clear()
            return
        placed, above = self._placed(row)
        text, places = _row_text(placed)
        if not text:
            return
        if placed[0][1] is not None and 0 not in places and self.first is not None and not is_header:
            above.insert(0, self.first)
        # A title over the whole width is a paragraph, and names the rows below it.
        is_title = len(row) == 1 and not above and not is_header
        line = RowLine(text, () if is_header else (*self.headers, *([] if is_title else self.section), *above))
        if is_header:
            self.headers.append(Part(line, 0, len(text)))
            self.first = None
        if is_title:
            self.section = [Part(line, 0, len(text))] if self.headers and len(text) <= _SECTION else []
            self.first = None
        spans = [(column, cell) for column, cell in placed if cell and cell.height > 1]
        if 0 in places and not is_title and not is_header:
            self.first = Part(line, *places[0])
        is_row = len(row) > 1 or is_header or bool(line.heads) or bool(spans)
        self.lines.append(line if is_row else text)
        for column, cell in spans:
            place = None if is_header or column not in places else Part(line, *places[column])
            for covered in range(column, column + min(cell.width, _MOST_SPAN)):
                self.spanning[covered] = (min(cell.height, _MOST_SPAN) - 1, place)

    def _placed(self, row: Sequence[Cell]) -> tuple[list[tuple[int, Cell | None]], list[Part]]:
        """The cells of a row with their columns, None for one spanned from above, and where those are printed."""
        placed: list[tuple[int, Cell | None]] = []
        above: list[Part] = []
        column = 0
        for cell in (*row, None):
            while column in self.spanning:
                left, part = self.spanning[column]
                placed.append((column, None))
                if part is not None and part not in above:
                    above.append(part)
                if left > 1:
                    self.spanning[column] = (left - 1, part)
                else:
                    del self.spanning[column]
                column += 1
            if cell is not None:
                placed.append((column, cell))
                column += min(cell.width, _MOST_SPAN)
        return placed, above


def _row_text(placed: Sequence[tuple[int, Cell | None]]) -> tuple[str, dict[int, tuple[int, int]]]:
    """The cells joined, and where each stands; empty ones are kept only between others, to tell the columns."""
    text, gaps = "", ""
    places: dict[int, tuple[int, int]] = {}
    for column, cell in placed:
        printed = cell.text if cell else ""
        if printed:
            text += gaps if text else ""
            gaps = ""
            places[column] = (len(text), len(text) + len(printed))
            text += printed
        gaps += CELL_GAP
    return text, places


def _paragraphs(cell: Cell) -> list[str]:
    return [part for line in cell.lines for part in split_lines(line)]


def _filled(row: Sequence[Cell]) -> int:
    return sum(1 for cell in row if cell.text)


def _is_layout(row: Sequence[Cell]) -> bool:
    return any(len(cell.lines) > 2 for cell in row) and sum(len(cell.text) for cell in row) > _LAYOUT


def _header_rows(grid: Sequence[Sequence[Cell]]) -> range:
    """The rows that name the columns: those marked so, else the first of several cells if it looks like one."""
    marked = [position for position, row in enumerate(grid) if row and all(cell.is_header for cell in row)]
    if marked and len(marked) < len(grid):
        first = marked[0]
        last = first
        while last + 1 in marked:
            last += 1
        return range(first, last + 1) if first <= 3 else range(0)
    first = next((position for position, row in enumerate(grid) if _filled(row) > 1), len(grid))
    body = grid[first + 1 :]
    if not body or not _names_columns(grid[first], [row for row in body if _filled(row) > 1]):
        return range(0)
    height = max(cell.height for cell in grid[first])
    if height == 1 and any(cell.width > 1 for cell in grid[first]) and _is_of_names(grid[first + 1]):
        height = 2 if len(body) > 1 else 1
    return range(first, first + height) if first + height < len(grid) else range(0)


def names_columns(names: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a row of cells is the header of the rows below it."""
    return _names_columns([Cell((name,)) for name in names], [[Cell((text,)) for text in row] for row in below])


def _names_columns(row: Sequence[Cell], body: Sequence[Sequence[Cell]]) -> bool:
    """Whether a row looks like a header: short names, no figures or sentences, and unlike the rows below it.

    A form (姓名 | 某某 | 性别 | 男) has as many names in its second row as in its first, and is none.
    """
    if not body or not _is_of_names(row):
        return False
    width = sum(cell.width for cell in row)
    if 2 * sum(abs(sum(cell.width for cell in other) - width) > max(1, width // 3) for other in body[:20]) > len(
        body[:20]
    ) and not any(cell.height > 1 for other in body for cell in other):
        return False
    named = _count_of_names(row)
    if named and _count_of_names(body[0]) >= named and not _has_figures(body[0]):
        return False
    if named * 2 >= _filled(row) or (named and _count_of_names(row[:1]) and not _count_of_names(body[0])):
        return True
    return len(body) > 1 and sum(_has_figures(other) for other in body) * 2 > len(body)


def _is_of_names(row: Sequence[Cell]) -> bool:
    texts = [cell.text for cell in row]
    if not texts or sum(1 for text in texts if not text) > max(1, len(texts) // 4):
        return False
    filled = [text for text in texts if text]
    return len(set(filled)) == len(filled) > 1 and not any(
        len(text) > _HEADER_CELL
        or (len(text) > 2 and _SENTENCE.search(text))
        or _FIGURE.search(re.sub(r"[（(][^（()）]*[）)]|(?:19|20)\d\d年度?", "", text))
        for text in filled
    )


def _count_of_names(row: Sequence[Cell]) -> int:
    return sum(1 for cell in row if len(cell.text) <= _HEADER_CELL and _NAMING.search(cell.text))


def _has_figures(row: Sequence[Cell]) -> bool:
    return any(re.search(r"\d", cell.text) for cell in row)


def assembled(lines: Sequence[Line], *, wrap_width: int | None = None) -> Extract:
    """Join lines and rows into the text of a document, and find where each row stands in it."""
    printed = [line.text if isinstance(line, RowLine) else line for line in lines]
    text, offsets = join_lines(printed, wrap_width=wrap_width)
    starts = {id(line): offsets[position] for position, line in enumerate(lines) if isinstance(line, RowLine)}
    rows = tuple(_rows(lines, starts)) if starts else ()
    return Extract(text, rows=rows, marks=marks_in(lines, text, offsets))


def _rows(lines: Sequence[Line], starts: dict[int, int]) -> Iterator[Row]:
    for line in lines:
        if isinstance(line, RowLine):
            start = starts[id(line)]
            heads = sorted(
                (starts[id(part.line)] + part.start, starts[id(part.line)] + part.end) for part in line.heads
            )
            yield Row(start, start + len(line.text), tuple(_adjoining(heads)))


def _adjoining(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The stretches, those that only a cell gap or line end parts as one."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
