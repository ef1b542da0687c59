"""Running headers, footers and page numbers: the lines of a page that belong to the paper, not to the text."""

import re
import statistics
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

_EDGE = 3
"""How many lines at the top and at the bottom of a page may be running lines."""
_SAME_HEIGHT = 4.0
"""Points by which a running line's height may differ between pages; a title under it stands further off."""
_TITLE = 8
"""Lines of the first page among which its title is."""
_LEAST_TITLE = 6
"""Characters of the shortest line that can be taken for a title."""
_RULE = r"[—–―\-~·.•\s]*"
_PAGE_NUMBER = re.compile(
    rf"{_RULE}(?:第\s*)?\d{{1,4}}\s*页?(?:\s*[/,，共]\s*(?:共\s*)?\d{{1,4}}\s*页?)?{_RULE}"
    r"|(?i:page\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?)"
)
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line of a page: its text, and in points where it starts, its height on the page and its letter size."""

    text: str
    x: float
    y: float
    size: float
    column: tuple[float, float] | None = None
    """The left and the right edge of the column of text that it stands in, on a page with several."""


def without_running_lines(pages: Sequence[Sequence[PrintedLine]]) -> list[list[PrintedLine]]:
    """The lines of each page that are text.

    Dropped are lines at a page's edge that recur at the same height, whatever number is in them, and page numbers.
    They stand apart from the text on most pages, or recur on nearly all of at least five, or on all of fewer that
    have their words in the title too.
    """
    title = [_key(line.text) for page in pages[:1] for line in page[:_TITLE]]
    heads = _Recurring.among([page[:_EDGE] for page in pages], title)
    feet = _Recurring.among([page[-_EDGE:] for page in pages], [])
    gap = usual_gap([line for page in pages for line in page])
    kept: list[list[PrintedLine]] = []
    for page in pages:
        first = _running(page, heads, gap) or int(not kept and _is_title_again(page))
        kept.append(list(page[first : len(page) - _running(page[first:][::-1], feet, gap)]))
    return kept


def usual_gap(lines: Sequence[PrintedLine]) -> float:
    """The usual distance from a line down to the next in points, 0 where there is none."""
    drops = [above.y - below.y for above, below in pairwise(lines) if above.y > below.y]
    return statistics.median_low(drops) if drops else 0.0


@dataclass(frozen=True, slots=True)
class _Recurring:
    """Lines, without their numbers, that stand at the edge of most pages and of nearly all, with their height."""

    often: Mapping[str, float]
    nearly_always: Mapping[str, float]

    @classmethod
    def among(cls, edges: Sequence[Sequence[PrintedLine]], title: Sequence[str]) -> "_Recurring":
        heights: defaultdict[str, list[float]] = defaultdict(list)
        for edge in edges:
            for text, height in {_key(line.text): line.y for line in edge}.items():
                heights[text].append(height)
        least, most = max(2, 0.6 * len(edges)), max(5, 0.8 * len(edges))
        usual = {key: statistics.median_low(found) for key, found in heights.items() if len(found) >= least}
        always = {
            key: height
            for key, height in usual.items()
            if len(heights[key]) >= most or (len(heights[key]) == len(edges) and _repeats_title(key, title))
        }
        return cls(usual, always)


def _is_title_again(page: Sequence[PrintedLine]) -> bool:
    """Whether the first line is the title below it, which may run over lines: the header of a document's first page."""
    keys = [_key(line.text) for line in page[:4]]
    if not keys or not _LEAST_TITLE <= len(keys[0]) < max(len(line.text) for line in page):
        return False  # As long as the lines of the text: one of them.
    return any(keys[0] == "".join(keys[1:stop]) for stop in (2, 3, 4))


def _repeats_title(key: str, lines: Sequence[str]) -> bool:
    """Whether a line's words are those of another line of the first page, or that is a part of it."""
    others = [line for line in lines if line != key or lines.count(line) > 1]
    return len(key) >= _LEAST_TITLE and any(len(line) >= _LEAST_TITLE and line in key for line in others)


def _key(text: str) -> str:
    return _DIGITS.sub("#", "".join(unicodedata.normalize("NFKC", text).split()))


def _running(page: Sequence[PrintedLine], recurring: _Recurring, gap: float) -> int:
    """How many lines of a page, taken from its edge inwards, are running lines."""
    count = 0
    for position, line in enumerate(page[:_EDGE]):
        if not _is_running(line, recurring.often):
            break
        inner = page[position + 1] if position + 1 < len(page) else None
        is_apart = inner is not None and (abs(line.y - inner.y) > 1.2 * gap or abs(line.size - inner.size) > 0.5)
        # A line of the text may recur, but it does not stand apart from the next.
        if (is_apart and not count) or _is_running(line, recurring.nearly_always):
            count = position + 1
    return count


def _is_running(line: PrintedLine, recurring: Mapping[str, float]) -> bool:
    usual = recurring.get(_key(line.text))
    if usual is not None and abs(line.y - usual) <= _SAME_HEIGHT:
        return True
    # A number alone may be a table's cell; with dashes or 第…页 it is what it looks like.
    text = line.text.strip()
    return _PAGE_NUMBER.fullmatch(text) is not None and not text.isdigit()
