"""PDF → text: page by page from the text layer, or recognised in the picture of a page where the layer can't be had."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ingest.errors import UnreadableFile
from ingest.progress import still_reading
from ingest.readers.cells import with_rows_joined
from ingest.readers.extract import Extract
from ingest.readers.fragments import Fragment, joined, lines_of, stand_in_columns
from ingest.readers.grid import with_ruled_rows
from ingest.readers.legible import common_share
from ingest.readers.paged import paragraphs
from ingest.readers.pdf_layer import Layer, Run, read_layer
from ingest.readers.running import PrintedLine
from ingest.readers.spacing import as_printed
from ingest.readers.trust import FontTrust, Look

if TYPE_CHECKING:
    from ingest.readers.ocr import Picture

MOST_PAGES = 5_000
"""The most pages that are read."""
_DAMAGED = "damaged or truncated PDF; get a fresh copy or print it to PDF again"
_DPI = 150
_MOST_SIDE = 3_500
"""Pixels of the longer side of a page that is rendered, however large its paper."""
_MOST_PIXELS = 150_000_000
"""The largest picture that is unpacked; A0 at 300 dpi has 139 million."""
_PICTURE_SHARE = 0.5
"""The part of a page that a picture covers when the page is a scan, or a scan with a text layer made by OCR."""
_FEW = 100
"""Characters in the layer of a page that is but a stamp or a page number on a scan."""
_pdfium = threading.Lock()
"""PDFium may be entered by one thread at a time."""


def read_pdf(content: bytes, source: str) -> Extract:
    """Read a PDF; raises UnreadableFile for one that is encrypted, damaged, or illegible even to recognition."""
    import pypdfium2

    try:
        pages, recognised = _read_pages(content, source)
    except pypdfium2.PdfiumError as error:
        raise UnreadableFile(source, _DAMAGED) from error
    found = "".join(line.text for page in pages for line in page)
    if common_share(found) < 0.7:
        raise UnreadableFile(source, "the text layer is illegible (broken font tables); print it to PDF again")
    return paragraphs(pages, recognised=recognised)


def _read_pages(content: bytes, source: str) -> tuple[list[list[PrintedLine]], list[int]]:
    """The lines of each page, and the numbers of pages that were recognised."""
    with _pdfium, _opened(content, source) as document:
        layers = _layers(document, source)
        fonts = FontTrust.of(content)
        pages: list[list[PrintedLine]] = []
        recognised: list[int] = []
        for number, layer in enumerate(layers):
            lines, is_recognised = _page(document, number, layer, fonts, source)
            pages.append(lines)
            if is_recognised:
                recognised.append(number + 1)
            still_reading()
    return pages, recognised


@contextmanager
def _opened(content: bytes, source: str) -> Iterator[Any]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise UnreadableFile(source, "encrypted with a password; save a copy without it") from None
        raise UnreadableFile(source, _DAMAGED) from error
    try:
        yield document
    finally:
        document.close()


def _layers(document: Any, source: str) -> list[Layer]:
    if len(document) > MOST_PAGES:
        raise UnreadableFile(source, f"{len(document):,} pages, more than the {MOST_PAGES:,} that are read; split it")
    layers: list[Layer] = []
    for number in range(len(document)):
        page = document[number]
        layers.append(read_layer(page))
        page.close()
    if not layers:
        raise UnreadableFile(source, _DAMAGED)
    return layers


def _page(document: Any, number: int, layer: Layer, fonts: FontTrust, source: str) -> tuple[list[PrintedLine], bool]:
    """The lines of a page, and whether any were recognised in its picture."""
    from ingest.readers.ocr import recognise

    length = sum(len(run.placed.text.strip()) for run in layer.runs)
    is_scan = layer.picture_share >= _PICTURE_SHARE
    has_layer = length > (_FEW if is_scan else 0)
    if layer.pixels > _MOST_PIXELS and is_scan and not has_layer:
        reason = f"page {number + 1} is a picture of {layer.pixels:,} pixels; not unpacked, scan it at 300 dpi"
        raise UnreadableFile(source, reason)
    suspects = fonts.suspects(layer.runs, is_scan=is_scan)
    if layer.is_blank or layer.pixels > _MOST_PIXELS or (has_layer and not suspects):
        return _lines(layer, layer.runs), False
    picture, scale = _rendered(document, number, layer.turn)
    if has_layer:
        look = Look(picture, scale, source, is_scan=is_scan)
        misread = fonts.misread(layer.runs, suspects, look)
        if misread is not None:
            runs = [
                replace(run, placed=replace(run.placed, text=misread.get(run, run.placed.text))) for run in layer.runs
            ]
            return _lines(layer, runs), bool(misread)
    lines = recognise(picture, points_per_pixel=1 / scale, source=source)
    if not has_layer and sum(len(line.text) for line in lines) <= length:
        return _lines(layer, layer.runs), False
    return lines, True


def _rendered(document: Any, number: int, turn: int) -> tuple["Picture", float]:
    """The picture of a page, letters upright, without annotations, and its pixels per point."""
    import numpy as np

    page = document[number]
    scale = min(_DPI / 72, _MOST_SIDE / max(page.get_width(), page.get_height(), 1.0))
    shown = page.render(scale=scale, may_draw_forms=False, draw_annots=False, rev_byteorder=False)
    pixels = shown.to_numpy()
    page.close()
    if pixels.ndim == 2:
        pixels = pixels[:, :, None]
    pixels = pixels[:, :, :3] if pixels.shape[2] >= 3 else pixels[:, :, [0, 0, 0]]
    return np.ascontiguousarray(np.rot90(pixels, -turn)), scale


def _lines(layer: Layer, runs: Sequence[Run]) -> list[PrintedLine]:
    """The lines of a text layer in reading order: as they are drawn, where that goes down the page."""
    fragments = [run.placed for run in runs if run.placed.text.strip()]
    rows, rest = with_ruled_rows(fragments, layer.rules)
    if rows:
        return sorted([*rows, *_in_order(rest)], key=lambda line: -line.y)
    return _in_order(rest)


def _in_order(fragments: Sequence[Fragment]) -> list[PrintedLine]:
    if stand_in_columns(fragments):
        return [_printed_line(line) for line in lines_of(fragments)]
    rows: list[list[Fragment]] = []
    for fragment in fragments:
        last = rows[-1][-1] if rows else None
        if last is not None and _follows(last, fragment):
            rows[-1].append(fragment)
        else:
            rows.append([fragment])
    lines = with_rows_joined([_printed(joined(row)) for row in rows])
    parts: list[list[PrintedLine]] = []
    for line in lines:
        if parts and line.y <= parts[-1][-1].y + 0.5 * line.size:
            parts[-1].append(line)
        else:
            parts.append([line])
    parts.sort(key=lambda part: -part[0].y)
    if any(above[-1].y < below[0].y + 0.5 * below[0].size for above, below in pairwise(parts)):
        return [_printed_line(line) for line in lines_of(fragments)]
    return [line for part in parts for line in part]


def _follows(last: Fragment, fragment: Fragment) -> bool:
    size = max(last.size, fragment.size)
    # Brackets that meet are set half as wide as they are, 》（ nearly upon one another.
    return abs(last.y - fragment.y) <= 0.4 * size and fragment.x > max(last.x, last.right - 1.1 * size)


def _printed(fragment: Fragment) -> PrintedLine:
    return _printed_line(PrintedLine(fragment.text, fragment.x, fragment.y, fragment.size))


def _printed_line(line: PrintedLine) -> PrintedLine:
    return replace(line, text=as_printed(line.text))
