"""Word (.docx) → text: paragraphs and tables in reading order, printed numbers included."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from ingest.errors import UnreadableFile
from ingest.layout import join_lines, split_lines
from ingest.readers.dashed import CELL_JOINT
from ingest.readers.extract import Extract
from ingest.readers.numbering import Numbering, W

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_OLE = b"\xd0\xcf\x11\xe0"
_NO_PACKAGE = "not a Word document, or truncated; get a fresh copy or save it again as .docx"
_MOST_BYTES = 200_000_000
_MOST_RATIO = 200
_BREAKS = {W + "tab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-"}
_TRANSPARENT = {W + name for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")}
_SKIPPED = {W + "del", W + "moveFrom", W + "pPr", W + "rPr", W + "instrText", W + "delText", _FALLBACK}


def read_docx(content: bytes, source: str) -> Extract:
    """Read a Word document; raises UnreadableFile for what is not one, is encrypted, damaged or a zip bomb."""
    import docx

    _check_package(content, source)
    try:
        document = docx.Document(io.BytesIO(content))
        numbering = Numbering(_part_root(document, "/numbering"), _part_root(document, "/styles"))
        lines = list(_block_lines(document.element.body, numbering))
    except Exception as error:
        # A damaged package surfaces as nearly any exception from inside the libraries.
        reason = f"damaged Word document ({type(error).__name__}); open it in a word processor and save it again"
        raise UnreadableFile(source, reason) from error
    text, _ = join_lines(lines)
    return Extract(text)


def _check_package(content: bytes, source: str) -> None:
    if content.startswith(_OLE):
        reason = "password-protected, or an old .doc under a new name; save it as .docx without a password"
        raise UnreadableFile(source, reason)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise UnreadableFile(source, _NO_PACKAGE) from error
    size = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if size > _MOST_BYTES or size > _MOST_RATIO * max(packed, 50_000):
        reason = (
            f"unpacks to {size:,} bytes from {packed:,} (zip bomb); not opened, split the document if it is genuine"
        )
        raise UnreadableFile(source, reason)


def _part_root(document: Any, kind: str) -> Any | None:
    for relation in document.part.rels.values():
        if relation.reltype.endswith(kind) and not relation.is_external:
            return relation.target_part.element
    return None


def _block_lines(container: Any, numbering: Numbering) -> Iterator[str]:
    for block in container:
        if block.tag == W + "p":
            yield from _paragraph_lines(block, numbering)
        elif block.tag == W + "tbl":
            yield from _table_lines(block, numbering)
        elif block.tag in _TRANSPARENT:
            yield from _block_lines(block, numbering)


def _table_lines(table: Any, numbering: Numbering) -> Iterator[str]:
    for row in table:
        if row.tag in _TRANSPARENT:
            yield from _table_lines(row, numbering)
        elif row.tag == W + "tr":
            yield CELL_JOINT.join(_cells(row, numbering))


def _cells(row: Any, numbering: Numbering) -> Iterator[str]:
    for cell in row:
        if cell.tag in _TRANSPARENT:
            yield from _cells(cell, numbering)
        elif cell.tag == W + "tc":
            yield " ".join(part for line in _block_lines(cell, numbering) for part in line.split())


def _paragraph_lines(paragraph: Any, numbering: Numbering) -> Iterator[str]:
    boxes: list[Any] = []
    printed = "".join(_run_pieces(paragraph, boxes))
    if printed.strip():
        yield from split_lines(numbering.label(paragraph) + printed.lstrip())
    for box in boxes:
        yield from _block_lines(box, numbering)


def _run_pieces(element: Any, boxes: list[Any]) -> Iterator[str]:
    """The text under an element; text boxes anchored in it are put aside in `boxes`."""
    for child in element:
        if child.tag == W + "t":
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        elif child.tag == W + "txbxContent":
            boxes.append(child)
        elif child.tag not in _SKIPPED:
            yield from _run_pieces(child, boxes)
