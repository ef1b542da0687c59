"""OpenDocument text (.odt) → text, as a reader of the final version sees it."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import lxml.etree

from ingest.errors import UnreadableFile
from ingest.layout import BLANK, split_lines
from ingest.readers.extract import Extract
from ingest.readers.headings import bold_reach, head_lines
from ingest.readers.odtlists import TEXT, Lists, repeats
from ingest.readers.package import LOCKED, check_package
from ingest.readers.styles import whole
from ingest.readers.table import Cell, Line, RowLine, assembled, table_lines
from ingest.readers.wordml import note_mark

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_GROUPS = {TEXT + "section", TEXT + "numbered-paragraph", TEXT + "index-title", _DRAW + "frame", _DRAW + "g"}
_ROW_GROUPS = {_TABLE + name for name in ("table-header-rows", "table-rows", "table-row-group")}
_SKIPPED = {
    *(TEXT + name for name in ("tracked-changes", "ruby-text", "note-citation", "hidden-text", "table-of-content")),
    *(_OFFICE + name for name in ("annotation", "annotation-end", "forms", "binary-data")),
    *(_SVG + name for name in ("title", "desc")),
}
_DEEPEST = 60
_MOST_REPEATED = 200


def read_odt(content: bytes, source: str) -> Extract:
    """Read an OpenDocument text; raises UnreadableFile for what is not one, is encrypted, damaged or a zip bomb."""
    check_package(content, source, "an OpenDocument text", ".odt")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = set(package.namelist())
            if "META-INF/manifest.xml" in names and b"encryption-data" in package.read("META-INF/manifest.xml"):
                raise UnreadableFile(source, LOCKED)
            root = _parsed(package.read("content.xml"))
            styles = _parsed(package.read("styles.xml")) if "styles.xml" in names else None
        text = root.find(f"{_OFFICE}body/{_OFFICE}text")
        if text is None:
            raise ValueError("no text")
        roots = [root, *([] if styles is None else [styles])]
        lines = list(_Body(Lists(roots), _hidden(root), _bold(roots)).lines(text))
    except UnreadableFile:
        raise
    except Exception as error:
        # A damaged package surfaces as nearly any exception from inside the libraries.
        reason = f"damaged OpenDocument text ({type(error).__name__}); open it in a word processor and save it again"
        raise UnreadableFile(source, reason) from error
    return assembled(lines)


def _parsed(content: bytes) -> Any:
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return lxml.etree.fromstring(content, parser)


def _hidden(root: Any) -> frozenset[str]:
    """The names of the automatic styles of text that is not shown."""
    return frozenset(
        style.get(_STYLE + "name", "")
        for style in root.iter(_STYLE + "style")
        for properties in style.findall(_STYLE + "text-properties")
        if properties.get(TEXT + "display") == "none"
    )


def _bold(roots: Sequence[Any]) -> frozenset[str]:
    """The names of the styles that set text in bold."""
    return frozenset(
        style.get(_STYLE + "name", "")
        for root in roots
        for style in root.iter(_STYLE + "style")
        for properties in style.findall(_STYLE + "text-properties")
        if properties.get(_FO + "font-weight") == "bold"
    )


@dataclass
class _Body:
    """The state of drawing a document: its lists, and the notes and boxes that wait for the end of a paragraph."""

    lists: Lists
    hidden: frozenset[str]
    bold: frozenset[str]
    _notes: list[tuple[str, Any]] = field(default_factory=list)
    _inside: int = 0
    _depth: int = 0

    def lines(self, container: Any) -> Iterator[Line]:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ValueError("nested too deeply")
        for block in container:
            tag = block.tag
            if tag in (TEXT + "p", TEXT + "h"):
                yield from self._paragraph(block)
            elif tag == TEXT + "list":
                yield from self._list(block, "", 0)
            elif tag == _TABLE + "table":
                yield from table_lines(self._rows(block, is_header=False))
            elif tag == _DRAW + "text-box":
                yield from self._within(block)
            elif tag in _GROUPS and block.get(TEXT + "display") != "none":
                yield from self.lines(block)
            if not self._inside:
                yield from self._noted()
        self._depth -= 1

    def _within(self, container: Any) -> Iterator[Line]:
        self._inside += 1
        yield from self.lines(container)
        self._inside -= 1

    def _list(self, element: Any, style: str, level: int) -> Iterator[Line]:
        style = element.get(TEXT + "style-name", style)
        if level > _DEEPEST:
            raise ValueError("nested too deeply")
        if level == 0:
            self.lists.begin(element, style)
        for item in element:
            is_numbered = item.tag == TEXT + "list-item"
            if is_numbered and item.get(TEXT + "start-value"):
                self.lists.restart(style, level, item.get(TEXT + "start-value"))
            for block in item:
                if block.tag == TEXT + "list":
                    yield from self._list(block, style, level + 1)
                elif block.tag in (TEXT + "p", TEXT + "h"):
                    yield from self._paragraph(block, self.lists.label(style, level) if is_numbered else "")
                    is_numbered = False
                else:
                    yield from self.lines([block])

    def _paragraph(self, paragraph: Any, label: str | None = None) -> Iterator[Line]:
        if label is None:
            label = self.lists.heading_label(paragraph) if paragraph.tag == TEXT + "h" else ""
        boxes: list[Any] = []
        printed = "".join(self._pieces(paragraph, boxes))
        if printed.strip() and paragraph.get(TEXT + "style-name") not in self.hidden:
            yield from self._printed(paragraph, label, printed.lstrip())
        for box in boxes:
            yield from self._within(box)

    def _printed(self, paragraph: Any, label: str, words: str) -> list[str]:
        """The lines of a paragraph, the first marked where it is a heading or opens with words in bold."""
        if paragraph.tag == TEXT + "h":
            return head_lines(label + words, whole(paragraph.get(TEXT + "outline-level"), 1))
        runs = list(self._runs(paragraph, paragraph.get(TEXT + "style-name") in self.bold))
        reach = bold_reach(runs)
        if not reach or not words.startswith("".join(text for text, _ in runs).lstrip(BLANK)[:reach]):
            return split_lines(label + words)
        return head_lines(label + words, 0, len(label) + reach)

    def _runs(self, element: Any, is_bold: bool) -> Iterator[tuple[str, bool]]:
        yield " ".join((f"|{element.text or ''}|").split())[1:-1], is_bold
        for child in element:
            if child.tag == TEXT + "span":
                yield from self._runs(child, is_bold or child.get(TEXT + "style-name") in self.bold)
            yield " ".join((f"|{child.tail or ''}|").split())[1:-1], is_bold

    def _pieces(self, element: Any, boxes: list[Any]) -> Iterator[str]:
        # White space in the file is one space; more of it has an element of its own.
        yield " ".join((f"|{element.text or ''}|").split())[1:-1]
        for child in element:
            tag = child.tag
            if tag == TEXT + "s":
                yield " " * min(repeats(child, TEXT + "c"), _MOST_REPEATED)
            elif tag == TEXT + "tab":
                yield "\t"
            elif tag == TEXT + "line-break":
                yield "\n"
            elif tag == TEXT + "note":
                self._refer(child)
            elif tag == _DRAW + "text-box":
                boxes.append(child)
            elif isinstance(tag, str) and tag not in _SKIPPED and child.get(TEXT + "style-name") not in self.hidden:
                yield from self._pieces(child, boxes)
            yield " ".join((f"|{child.tail or ''}|").split())[1:-1]

    def _refer(self, note: Any) -> None:
        mark, body = note.find(TEXT + "note-citation"), note.find(TEXT + "note-body")
        if body is not None:
            self._notes.append(("" if mark is None else "".join(mark.itertext()).strip(), body))

    def _noted(self) -> Iterator[Line]:
        while self._notes:
            mark, body = self._notes.pop(0)
            lines = [line.text if isinstance(line, RowLine) else line for line in self._within(body)]
            for position, line in enumerate(lines):
                yield f"{note_mark(mark) if position == 0 and mark else ''}{line.strip()}"

    def _rows(self, table: Any, *, is_header: bool) -> list[list[Cell]]:
        rows: list[list[Cell]] = []
        for child in table:
            if child.tag in _ROW_GROUPS:
                rows += self._rows(child, is_header=is_header or child.tag == _TABLE + "table-header-rows")
            elif child.tag == _TABLE + "table-row":
                rows.append(
                    [
                        cell
                        for cell in child
                        if cell.tag == _TABLE + "table-cell"
                        for cell in self._cells(cell, is_header)
                    ]
                )
        return rows

    def _cells(self, cell: Any, is_header: bool) -> list[Cell]:
        lines = tuple(line.text if isinstance(line, RowLine) else line for line in self._within(cell))
        made = Cell(
            lines,
            repeats(cell, _TABLE + "number-columns-spanned"),
            repeats(cell, _TABLE + "number-rows-spanned"),
            is_header,
        )
        return [made] * min(repeats(cell, _TABLE + "number-columns-repeated"), _MOST_REPEATED)
