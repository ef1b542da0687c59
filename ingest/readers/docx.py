"""Word (.docx) → text: paragraphs and tables in reading order, printed numbers included."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from ingest.errors import UnreadableFile
from ingest.layout import join_lines, split_lines
from ingest.readers.extract import Extract
from ingest.readers.markdown import CELL_JOINT

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_OLE = b"\xd0\xcf\x11\xe0"
_MOST_BYTES = 200_000_000
_MOST_RATIO = 200
_BREAKS = {_W + "tab": "\t", _W + "br": "\n", _W + "cr": "\n", _W + "noBreakHyphen": "-"}
_SKIPPED = {_W + "del", _W + "moveFrom", _W + "pPr", _W + "rPr", _W + "instrText", _W + "delText", _FALLBACK}


def read_docx(content: bytes, source: str) -> Extract:
    """Read a Word document; raises UnreadableFile for what is not one, is encrypted, damaged or a zip bomb."""
    import docx

    _check_package(content, source)
    try:
        document = docx.Document(io.BytesIO(content))
        lines = list(_block_lines(document.element.body))
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
        raise UnreadableFile(source, "not a Word document (no zip package inside), or truncated") from error
    size = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if size > _MOST_BYTES or size > _MOST_RATIO * max(packed, 50_000):
        reason = (
            f"unpacks to {size:,} bytes from {packed:,} (zip bomb); not opened, split the document if it is genuine"
        )
        raise UnreadableFile(source, reason)


def _block_lines(container: Any) -> Iterator[str]:
    for block in container:
        if block.tag == _W + "p":
            yield from _paragraph_lines(block)
        elif block.tag == _W + "tbl":
            yield from _table_lines(block)
        elif block.tag in (_W + "sdt", _W + "ins", _W + "customXml", _W + "sdtContent", _W + "smartTag"):
            yield from _block_lines(block)


def _table_lines(table: Any) -> Iterator[str]:
    for row in table.iter(_W + "tr"):
        cells = [_cell_text(cell) for cell in row if cell.tag == _W + "tc"]
        yield CELL_JOINT.join(cells)


def _cell_text(cell: Any) -> str:
    return " ".join(part for line in _block_lines(cell) for part in line.split())


def _paragraph_lines(paragraph: Any) -> Iterator[str]:
    boxes: list[Any] = []
    yield from split_lines("".join(_run_pieces(paragraph, boxes)))
    for box in boxes:
        yield from _block_lines(box)


def _run_pieces(element: Any, boxes: list[Any]) -> Iterator[str]:
    """The text under an element; text boxes anchored in it are put aside in `boxes`."""
    for child in element:
        if child.tag == _W + "t":
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        elif child.tag == _W + "txbxContent":
            boxes.append(child)
        elif child.tag not in _SKIPPED:
            yield from _run_pieces(child, boxes)
