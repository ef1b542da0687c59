"""Running headers, footers and page numbers: the lines of a page that belong to the paper, not to the text."""

import re
from collections import Counter
from collections.abc import Sequence

_EDGE = 3
"""How many lines at the top and at the bottom of a page may be running lines."""
_RULE = r"[—–―\-~·.•\s]*"
_PAGE_NUMBER = re.compile(
    rf"{_RULE}(?:第\s*)?\d{{1,4}}\s*页?(?:\s*[/,，共]\s*(?:共\s*)?\d{{1,4}}\s*页?)?{_RULE}|(?i:page\s*\d{{1,4}}(?:\s*(?:of|/)\s*\d{{1,4}})?)"
)
_DIGITS = re.compile(r"\d+")


def without_running_lines(pages: Sequence[Sequence[str]]) -> list[list[int]]:
    """For each page the positions of the lines that are text.

    Dropped are lines at a page's edge that stand at the edge of most pages, whatever number is in them, and
    page numbers; a bare number only where most pages have one.
    """
    heads = _repeated([[_key(line) for line in page[:_EDGE]] for page in pages])
    feet = _repeated([[_key(line) for line in page[-_EDGE:]] for page in pages])
    return [_kept(page, heads, feet) for page in pages]


def _key(line: str) -> str:
    return _DIGITS.sub("#", "".join(line.split()))


def _repeated(edges: Sequence[Sequence[str]]) -> set[str]:
    counts = Counter(key for edge in edges for key in set(edge))
    enough = max(2, round(0.6 * len(edges)))
    return {key for key, count in counts.items() if key and count >= enough}


def _kept(page: Sequence[str], heads: set[str], feet: set[str]) -> list[int]:
    first, last = 0, len(page)
    while first < min(_EDGE, last) and (_key(page[first]) in heads or _is_page_number(page[first])):
        first += 1
    while last > max(first, len(page) - _EDGE) and (_key(page[last - 1]) in feet or _is_page_number(page[last - 1])):
        last -= 1
    return list(range(first, last))


def _is_page_number(line: str) -> bool:
    # A number alone may be a table's cell; with dashes or 第…页 it is what it looks like.
    return _PAGE_NUMBER.fullmatch(line.strip()) is not None and not line.strip().isdigit()
