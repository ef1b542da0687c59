"""PDF → text: the text layer, without running headers and page numbers, in paragraphs that cross pages."""

import io
import logging
import re
import statistics
from collections import Counter
from collections.abc import Sequence
from typing import Any

from ingest.errors import UnreadableFile
from ingest.layout import columns, join_lines, split_lines, usual_width
from ingest.readers.cells import CELL_GAP, with_rows_joined
from ingest.readers.extract import Extract
from ingest.readers.legible import common_share
from ingest.readers.running import PrintedLine, usual_gap, without_running_lines

_HAN = "[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’—…]"
_PAGE_WIDTH = 595
"""Points across an A4 page."""
_GAP = re.compile(rf"(?<={_HAN}) (?=[0-9A-Za-z])|(?<=[0-9A-Za-z%]) (?={_HAN})")


def read_pdf(content: bytes, source: str) -> Extract:
    """Read the text layer of a PDF; raises UnreadableFile for encrypted, damaged, scanned and illegible ones."""
    pages = _page_lines(content, source)
    found = "".join(line.text for page in pages for line in page)
    empty = sum(not page for page in pages)
    if not found or empty * 2 > len(pages):
        which = "no text layer" if not found else f"{empty} of {len(pages)} pages have no text layer"
        raise UnreadableFile(source, f"{which} (scanned pages); run OCR first")
    if common_share(found) < 0.7:
        raise UnreadableFile(source, "the text layer is illegible (broken font tables); run OCR first")
    pages = [with_rows_joined(page) for page in without_running_lines(pages)]
    gap = usual_gap([line for page in pages for line in page])
    lines: list[str] = []
    begins: list[int] = []
    edges = _left_edges(pages)
    for page, left in zip(pages, edges, strict=True):
        begins.append(len(lines))
        lines += _with_layout(page, left, gap)
    width = max(usual_width(lines), _least_width(pages, statistics.median_low(edges)))
    text, offsets = join_lines(lines, wrap_width=width)
    offsets.append(len(text))
    return Extract(text, tuple(offsets[begin] for begin in begins))


def _page_lines(content: bytes, source: str) -> list[list[PrintedLine]]:
    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError

    # Damage that pypdf can work around is no news to the user.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise FileNotDecryptedError
        return [_printed_lines(page) for page in reader.pages]
    except FileNotDecryptedError:
        raise UnreadableFile(source, "encrypted with a password; save a copy without it") from None
    except Exception as error:
        # A damaged file surfaces as nearly any exception from inside the library.
        reason = f"damaged or truncated PDF ({type(error).__name__}); get a fresh copy or print it to PDF again"
        raise UnreadableFile(source, reason) from error


def _printed_lines(page: Any) -> list[PrintedLine]:
    lines: list[PrintedLine] = []
    pieces: list[str] = []
    place: tuple[float, float, float] | None = None
    reached = 0.0

    def end_line() -> None:
        nonlocal place
        printed = _printed("".join(pieces))
        if place is not None and printed:
            lines.append(PrintedLine(printed, *place))
        pieces.clear()
        place = None

    def take(text: str, cm: Sequence[float], tm: Sequence[float], font: object, size: float) -> None:
        nonlocal place, reached
        for position, part in enumerate(text.split("\n")):
            if position:
                end_line()
            if part.strip():
                here = _place(cm, tm, size)
                if place is None:
                    place = here
                elif here[0] - reached > here[2] and not _is_latin("".join(pieces[-1:]), part):
                    pieces.append(CELL_GAP)
                reached = here[0] + columns(part.strip()) / 2 * here[2]
                pieces.append(part)
            elif part and pieces:
                pieces.append(part)

    page.extract_text(visitor_text=take)
    end_line()
    return lines


def _is_latin(left: str, right: str) -> bool:
    # The width of Latin letters is only guessed, and too small a guess looks like a gap.
    return left.rstrip()[-1:].isalpha() and left.isascii() and right.lstrip()[:1].isalpha() and right.isascii()


def _printed(text: str) -> str:
    # A soft hyphen is printed like any other; spaces beside Chinese characters are gaps of the typesetting.
    cells = text.replace("\u00ad", "-").split(CELL_GAP)
    return CELL_GAP.join(_GAP.sub("", " ".join(split_lines(cell)).strip(" ")) for cell in cells)


def _place(cm: Sequence[float], tm: Sequence[float], size: float) -> tuple[float, float, float]:
    x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
    y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
    scale = max(abs(tm[0] * cm[0]), abs(tm[1] * cm[1]), abs(tm[0] * cm[1])) or 1.0
    return x, y, abs(size) * scale or 1.0


def _with_layout(page: Sequence[PrintedLine], left: float, gap: float) -> list[str]:
    """The lines of a page, with an indent shown as spaces and a wider gap above as a blank line."""
    shown: list[str] = []
    above: PrintedLine | None = None
    for line in page:
        if above is not None and above.y - line.y > 1.25 * gap > 0:
            shown.append("")
        indent = max(0, min(40, round((line.x - left) / line.size)))
        shown.append("\u3000" * indent + line.text.lstrip())
        above = line
    return shown


def _left_edges(pages: Sequence[Sequence[PrintedLine]]) -> list[float]:
    """For each page where its lines begin: leftmost, a place at which one line in twenty of the document does.

    Margins of left and right pages may differ; a note that stands out to the left is not a margin.
    """
    counts = Counter(round(line.x) for page in pages for line in page)
    enough = max(2, counts.total() // 20)
    edges: list[float] = []
    for page in pages:
        places = [round(line.x) for line in page]
        edges.append(min((x for x in places if counts[x] >= enough), default=min(places, default=0)))
    return edges


def _least_width(pages: Sequence[Sequence[PrintedLine]], left: float) -> int:
    """The columns that a full line has at least, for pages that have none: margins alike, 595 points wide."""
    size = statistics.median_low([line.size for page in pages for line in page] or [1.0])
    return max(0, round(0.8 * 2 * (_PAGE_WIDTH - 2 * left) / size))
