"""The printed lines of pages → text in paragraphs that cross pages, without what belongs to the paper."""

import re
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ingest.layout import join_lines, split_lines, usual_width
from ingest.readers.extract import Extract
from ingest.readers.punctuation import with_wide_punctuation
from ingest.readers.running import PrintedLine, usual_gap, without_running_lines

_PRIVATE = re.compile("[\ue000-\uf8ff]")
_PAGE_WIDTH = 595
"""Points across an A4 page."""


def paragraphs(pages: Sequence[Sequence[PrintedLine]], *, recognised: Sequence[int] = ()) -> Extract:
    """The text of pages: running lines dropped, hard lines joined; `recognised` are the pages read by OCR, from 1."""
    pages = without_running_lines([_legible(page) for page in pages])
    gap = usual_gap([line for page in pages for line in page])
    edges = _left_edges(pages)
    shown: list[tuple[str, int | None]] = []
    begins: list[int] = []
    for page, left in zip(pages, edges, strict=True):
        begins.append(len(shown))
        shown += _with_layout(page, left, gap)
    lines = [text for text, _ in shown]
    whole = [text for text, width in shown if width is None]
    usual = max(usual_width(whole), _least_width(pages, statistics.median_low(edges or [0.0])))
    text, offsets = join_lines(lines, wrap_width=[usual if width is None else width for _, width in shown])
    offsets.append(len(text))
    starts = tuple(offsets[begin] for begin in begins)
    return Extract(_with_wide_punctuation(text, starts, recognised), starts, tuple(recognised))


def _with_wide_punctuation(text: str, starts: Sequence[int], recognised: Sequence[int]) -> str:
    """The text with punctuation widened on recognised pages, now that lines are joined; no offset changes."""
    for page in recognised:
        start, end = starts[page - 1], starts[page] if page < len(starts) else len(text)
        text = text[:start] + with_wide_punctuation(text[start:end]) + text[end:]
    return text


def _legible(page: Sequence[PrintedLine]) -> list[PrintedLine]:
    """The lines without control characters and without glyphs of a private alphabet, such as bullets."""
    shown = [replace(line, text=_PRIVATE.sub("", "".join(split_lines(line.text)))) for line in page]
    return [line for line in shown if line.text.strip()]


def _with_layout(page: Sequence[PrintedLine], left: float, gap: float) -> list[tuple[str, int | None]]:
    """The lines of a page, with an indent shown as spaces and a wider gap above as a blank line.

    With each goes the width of its column of text, in columns of letters, None where there is but one on the page.
    """
    shown: list[tuple[str, int | None]] = []
    above: PrintedLine | None = None
    for line in page:
        edge, width = left, None
        if line.column is not None:
            edge, width = line.column[0], round(2 * (line.column[1] - line.column[0]) / line.size)
        if above is not None and above.y - line.y > 1.25 * gap > 0:
            shown.append(("", width))
        indent = max(0, min(40, round((line.x - edge) / line.size)))
        shown.append(("\u3000" * indent + line.text.lstrip(), width))
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
