"""The body of a Word document → lines: paragraphs, rows of tables, text boxes and notes in reading order."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ingest.layout import BLANK, split_lines
from ingest.readers.headings import bold_reach, head_lines
from ingest.readers.numbering import Numbering, numeral
from ingest.readers.styles import Styles, W, hides, whole
from ingest.readers.symbols import symbol
from ingest.readers.table import Cell, Line, RowLine, table_lines

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_FORMULA_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_BREAKS = {
    W + "tab": "\t",
    W + "ptab": "\t",
    W + "br": "\n",
    W + "cr": "\n",
    W + "noBreakHyphen": "-",
}
_TRANSPARENT = {W + name for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")}
_SKIPPED = {
    *(W + name for name in ("del", "moveFrom", "pPr", "rPr", "sdtPr", "instrText", "delText", "delInstrText", "rt")),
    _FALLBACK,
}
_NOTES = {W + "footnoteReference": "footnote", W + "endnoteReference": "endnote"}
_TEXT, _RUN, _PARAGRAPH, _TABLE = W + "t", W + "r", W + "p", W + "tbl"
_DEEPEST = 60
"""Tables or boxes within each other; what is deeper is damaged."""


@dataclass
class Body:
    """The parts of a Word document that its text is drawn from, and the state of drawing it.

    Text is as a reader of the final version sees it: insertions kept, deletions gone, numbers printed. A note follows
    the paragraph or table that refers to it, with its mark in brackets; the mark in the sentence is left out, so that
    the sentence can be quoted. A table of contents made by the word processor is left out: it repeats the headings.
    """

    styles: Styles
    numbering: Numbering
    notes: dict[tuple[str, str], Any]
    """Notes by kind and id."""
    formats: dict[str, str]
    """The number format of each kind of note."""
    chunk: Callable[[str], Sequence[str]]
    """The lines of an embedded document, by the id of its relation."""
    _pending: list[tuple[str, str, str]] = field(default_factory=list)
    _counts: dict[str, int] = field(default_factory=dict)
    _deferred: list[str] = field(default_factory=list)
    """The text of paragraphs whose end was deleted: it goes on with the next."""
    _depth: int = 0
    _inside: int = 0
    """How many tables, text boxes and notes around what is drawn."""

    def lines(self, container: Any) -> Iterator[Line]:
        """The lines of the blocks in an element."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ValueError("nested too deeply")
        for block in container:
            if block.tag == _PARAGRAPH:
                yield from self._paragraph(block)
            elif block.tag == _TABLE:
                yield from table_lines(self._rows(block))
            elif block.tag == W + "altChunk":
                yield from self.chunk(next((value for name, value in block.items() if name.endswith("}id")), ""))
            elif block.tag in _TRANSPARENT and not _is_generated(block):
                yield from self.lines(block)
            # A note inside a table or a text box waits until that is over.
            if not self._inside:
                yield from self._notes()
        if self._deferred and (self._depth == 1 or self._inside):
            yield from split_lines("".join(self._deferred))
            self._deferred.clear()
        self._depth -= 1

    def _lines_inside(self, container: Any) -> Iterator[Line]:
        self._inside += 1
        yield from self.lines(container)
        self._inside -= 1

    def _rows(self, table: Any) -> list[list[Cell]]:
        rows: list[list[Cell]] = []
        open_cells: dict[int, tuple[int, int]] = {}
        for row in _through(table, W + "tr"):
            properties = row.find(W + "trPr")
            if properties is not None and _is_gone(properties):
                continue
            is_header = properties is not None and _is_on(properties.find(W + "tblHeader"))
            rows.append(self._cells(row, rows, open_cells, is_header=is_header))
        return rows

    def _cells(
        self, row: Any, rows: list[list[Cell]], open_cells: dict[int, tuple[int, int]], *, is_header: bool
    ) -> list[Cell]:
        """The cells that begin in a row; one that goes on with a cell above makes that one higher."""
        cells: list[Cell] = []
        column = whole(_value(row.find(f"{W}trPr/{W}gridBefore")), 0)
        for cell in _through(row, W + "tc"):
            properties = cell.find(W + "tcPr")
            merge = None if properties is None else properties.find(W + "vMerge")
            if properties is not None and properties.find(W + "cellDel") is not None:
                continue
            width = max(1, whole(None if properties is None else _value(properties.find(W + "gridSpan")), 1))
            if merge is not None and merge.get(W + "val", "continue") != "restart" and column in open_cells:
                above, place = open_cells[column]
                known = rows[above][place]
                rows[above][place] = Cell(known.lines, known.width, known.height + 1, known.is_header)
            else:
                lines = tuple(_plain(self._lines_inside(cell)))
                if merge is not None:
                    open_cells[column] = (len(rows), len(cells))
                else:
                    open_cells.pop(column, None)
                cells.append(Cell(lines, width, 1, is_header))
            column += width
        return cells

    def _paragraph(self, paragraph: Any) -> Iterator[Line]:
        properties = paragraph.find(W + "pPr")
        style = self.styles.of_paragraph(properties)
        if self.styles.name(style).startswith("toc ") and self.styles.name(style)[4:].isdigit():
            return
        boxes: list[Any] = []
        hidden = self.styles.is_hidden(style)
        printed = "".join(self._pieces(paragraph, boxes, hidden))
        mark = None if properties is None else properties.find(W + "rPr")
        if mark is not None and (mark.find(W + "del") is not None or mark.find(W + "moveFrom") is not None):
            if printed:
                self._deferred.append(printed)
        else:
            printed = "".join(self._deferred) + printed
            self._deferred.clear()
            # An empty paragraph of a list is counted as well.
            label = "" if not printed.strip() and (hidden or hides(mark)) else self.numbering.label(paragraph)
            if printed.strip():
                yield from self._printed(paragraph, style, label, printed.lstrip())
        for box in boxes:
            yield from self._lines_inside(box)

    def _printed(self, paragraph: Any, style: str, label: str, words: str) -> list[str]:
        """The lines of a paragraph, the first marked where it is a heading or opens with words in bold."""
        depth = self.styles.depth_of(paragraph.find(W + "pPr"), style)
        if depth:
            return head_lines(label + words, depth)
        runs = [(_own_words(run), self.styles.is_bold(run.find(W + "rPr"), style)) for run in _shown_runs(paragraph)]
        reach = bold_reach(runs)
        if not reach or not words.startswith("".join(text for text, _ in runs).lstrip(BLANK)[:reach]):
            return split_lines(label + words)
        return head_lines(label + words, 0, len(label) + reach)

    def _pieces(self, element: Any, boxes: list[Any], hidden: bool) -> Iterator[str]:
        """The text under an element; text boxes anchored in it are put aside in `boxes`."""
        for child in element:
            tag = child.tag
            if tag == _RUN:
                if not self._is_hidden(child, hidden):
                    yield from self._pieces(child, boxes, hidden)
            elif tag in (_TEXT, _FORMULA_TEXT):
                yield child.text or ""
            elif tag in _BREAKS:
                yield _BREAKS[tag]
            elif tag == W + "sym":
                yield symbol(child.get(W + "font", ""), child.get(W + "char", ""))
            elif tag in _NOTES:
                custom = child.get(W + "customMarkFollows", "0") not in ("0", "false")
                self._refer(_NOTES[tag], child.get(W + "id", ""), _own_text(element) if custom else "")
                if custom:
                    return
            elif tag == W + "txbxContent":
                boxes.append(child)
            elif tag not in _SKIPPED and not (tag == W + "sdt" and _is_placeholder(child)):
                yield from self._pieces(child, boxes, hidden)

    def _is_hidden(self, run: Any, hidden: bool) -> bool:
        properties = run.find(W + "rPr")
        if properties is None:
            return hidden
        own = hides(properties)
        if own is not None:
            return own
        style = properties.find(W + "rStyle")
        return hidden or (style is not None and self.styles.is_hidden(style.get(W + "val", "")))

    def _refer(self, kind: str, id: str, mark: str) -> None:
        if not mark:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            mark = numeral(self._counts[kind], self.formats.get(kind, "decimal"))
        self._pending.append((kind, id, mark))

    def _notes(self) -> Iterator[Line]:
        while self._pending:
            kind, id, mark = self._pending.pop(0)
            note = self.notes.pop((kind, id), None)
            lines = [] if note is None else [line.strip() for line in _plain(self._lines_inside(note)) if line.strip()]
            if lines:
                yield f"{note_mark(mark)}{lines[0]}"
                yield from lines[1:]


def note_mark(mark: str) -> str:
    """A note's mark as it stands before its text: a number alone would be taken for a paragraph's."""
    return f"[{mark}] " if mark.isascii() and mark.isalnum() else f"{mark} "


def _plain(lines: Iterator[Line]) -> list[str]:
    return [line.text if isinstance(line, RowLine) else line for line in lines]


def _through(element: Any, tag: str) -> Iterator[Any]:
    """The children of a kind, also those in content controls and insertions."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in _TRANSPARENT:
            yield from _through(child, tag)


def _value(element: Any | None) -> str | None:
    return None if element is None else element.get(W + "val")


def _is_on(element: Any | None) -> bool:
    return element is not None and element.get(W + "val", "1") not in ("0", "false", "off")


def _is_gone(row_properties: Any) -> bool:
    return row_properties.find(W + "del") is not None or _is_on(row_properties.find(W + "hidden"))


def _shown_runs(paragraph: Any) -> Iterator[Any]:
    """The runs of a paragraph that its own text is made of."""
    for child in paragraph:
        if child.tag == _RUN:
            yield child
        elif child.tag not in _SKIPPED:
            yield from _shown_runs(child)


def _own_words(run: Any) -> str:
    return "".join(child.text or "" if child.tag == _TEXT else _BREAKS.get(child.tag, "") for child in run)


def _own_text(run: Any) -> str:
    return "".join(text.text or "" for text in run.iter(_TEXT)).strip() + "".join(
        symbol(sign.get(W + "font", ""), sign.get(W + "char", "")) for sign in run.iter(W + "sym")
    )


def _is_generated(control: Any) -> bool:
    """Whether a content control holds a table of contents, or nothing but the prompt to fill it in."""
    gallery = control.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return _value(gallery) == "Table of Contents" or _is_placeholder(control)


def _is_placeholder(control: Any) -> bool:
    return _is_on(control.find(f"{W}sdtPr/{W}showingPlcHdr"))
