"""Running headers, footers and page numbers: the lines of a page that belong to the paper, not to the text."""

import re
import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence

_EDGE = 3
"""How many lines at the top and at the bottom of a page may be running lines."""
_SAME_HEIGHT = 4.0
"""Points by which a running line's height may differ between pages; a title under it stands further off."""
_RULE = r"[—–―\-~·.•\s]*"
_PAGE_NUMBER = re.compile(
    rf"{_RULE}(?:第\s*)?\d{{1,4}}\s*页?(?:\s*[/,，共]\s*(?:共\s*)?\d{{1,4}}\s*页?)?{_RULE}"
    r"|(?i:page\s*\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?)"
)
_DIGITS = re.compile(r"\d+")


def without_running_lines(pages: Sequence[Sequence[tuple[str, float]]]) -> list[list[int]]:
    """For each page, given as lines with their heights in points, the positions of the lines that are text.

    Dropped are lines at a page's edge that stand at the same height on most pages, whatever number is in them,
    and page numbers; a bare number only where most pages have one there.
    """
    heads = _repeated([page[:_EDGE] for page in pages])
    feet = _repeated([page[-_EDGE:] for page in pages])
    return [_kept(page, heads, feet) for page in pages]


def _key(text: str) -> str:
    return _DIGITS.sub("#", "".join(text.split()))


def _repeated(edges: Sequence[Sequence[tuple[str, float]]]) -> dict[str, float]:
    """The lines that most edges have, with their usual height."""
    heights: defaultdict[str, list[float]] = defaultdict(list)
    for edge in edges:
        for text, height in {_key(text): height for text, height in edge}.items():
            heights[text].append(height)
    enough = max(2, round(0.6 * len(edges)))
    return {key: statistics.median_low(found) for key, found in heights.items() if key and len(found) >= enough}


def _kept(page: Sequence[tuple[str, float]], heads: Mapping[str, float], feet: Mapping[str, float]) -> list[int]:
    first, last = 0, len(page)
    while first < min(_EDGE, last) and _is_running(page[first], heads):
        first += 1
    while last > max(first, len(page) - _EDGE) and _is_running(page[last - 1], feet):
        last -= 1
    return list(range(first, last))


def _is_running(line: tuple[str, float], repeated: Mapping[str, float]) -> bool:
    text, height = line
    usual = repeated.get(_key(text))
    if usual is not None and abs(height - usual) <= _SAME_HEIGHT:
        return True
    # A number alone may be a table's cell; with dashes or 第…页 it is what it looks like.
    return _PAGE_NUMBER.fullmatch(text.strip()) is not None and not text.strip().isdigit()
