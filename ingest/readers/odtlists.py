"""The automatic numbers of OpenDocument lists and headings (ODF 1.3, 16.30), which do not stand in the text."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ingest.readers.numbering import numeral
from ingest.readers.styles import whole

TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_EXTENSION = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"
_FORMATS = {
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
    "一": "chineseCounting",
    "壹": "chineseLegalSimplified",
    "甲": "ideographTraditional",
    "子": "ideographZodiac",
    "①": "decimalEnclosedCircle",
    "１": "decimalFullWidth",
}
_PLACE = re.compile(r"%(\d{1,2})%")


@dataclass(frozen=True, slots=True)
class _Level:
    format: str
    prefix: str
    suffix: str
    shown: int
    """How many levels are printed."""
    start: int
    pattern: str | None
    """The number as a whole, with %1% for the number of the first level."""


class Lists:
    """The running counters of a document's lists and headings."""

    def __init__(self, roots: Sequence[Any]) -> None:
        """Take the roots of content.xml and styles.xml."""
        self._styles: dict[str, dict[int, _Level]] = {}
        self._outline: dict[int, _Level] = {}
        for root in reversed(roots):
            for style in root.iter(TEXT + "list-style"):
                self._styles[style.get(_STYLE + "name", "")] = _levels(style, TEXT + "list-level-style-number")
            for style in root.iter(TEXT + "outline-style"):
                self._outline = _levels(style, TEXT + "outline-level-style")
        self._counts: dict[str, dict[int, int]] = {}
        self._headings: dict[int, int] = {}

    def begin(self, element: Any, style: str) -> None:
        """Begin a list: counted anew, unless it goes on with one of its style."""
        goes_on = element.get(TEXT + "continue-numbering") == "true" or element.get(TEXT + "continue-list")
        if not goes_on:
            self._counts.pop(style, None)

    def restart(self, style: str, level: int, value: str) -> None:
        """Let the next item of a level have a number."""
        self._counts.setdefault(style, {})[level] = whole(value, 1) - 1

    def label(self, style: str, level: int) -> str:
        """The number printed before an item, counted on."""
        return _label(self._styles.get(style, {}), self._counts.setdefault(style, {}), level)

    def heading_label(self, heading: Any) -> str:
        """The number printed before a heading that stands in no list, counted on."""
        if heading.get(TEXT + "is-list-header") == "true":
            return ""
        return _label(self._outline, self._headings, whole(heading.get(TEXT + "outline-level"), 1) - 1)


def _levels(style: Any, tag: str) -> dict[int, _Level]:
    return {whole(level.get(TEXT + "level"), 1) - 1: _level(level) for level in style.findall(tag)}


def _level(element: Any) -> _Level:
    return _Level(
        format=element.get(_STYLE + "num-format", ""),
        prefix=element.get(_STYLE + "num-prefix", ""),
        suffix=element.get(_STYLE + "num-suffix", ""),
        shown=max(1, whole(element.get(TEXT + "display-levels"), 1)),
        start=whole(element.get(TEXT + "start-value"), 1),
        pattern=element.get(_EXTENSION + "num-list-format"),
    )


def _label(levels: Mapping[int, _Level], counts: dict[int, int], level: int) -> str:
    own = levels.get(level)
    if own is None:
        return ""
    counts[level] = counts.get(level, own.start - 1) + 1
    for deeper in [known for known in counts if known > level]:
        del counts[deeper]
    if not own.format:
        return ""
    if own.pattern is not None:
        printed = _PLACE.sub(lambda match: _number(int(match[1]) - 1, levels, counts), own.pattern)
    else:
        shown = range(max(0, level + 1 - own.shown), level + 1)
        numbers = [number for place in shown if (number := _number(place, levels, counts))]
        printed = f"{own.prefix}{'.'.join(numbers)}{own.suffix}"
    return printed + " " if printed[-1:].isalnum() else printed


def _number(level: int, levels: Mapping[int, _Level], counts: Mapping[int, int]) -> str:
    known = levels.get(level)
    if known is None or not known.format:
        return ""
    return numeral(counts.get(level, known.start), _FORMATS.get(known.format[0], "decimal"))


def repeats(element: Any, name: str) -> int:
    """A count that an attribute gives, at least 1."""
    return max(1, whole(element.get(name), 1))
