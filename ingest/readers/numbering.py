"""Word's automatic numbers (WordprocessingML 17.9), which are printed but do not stand in the text of a paragraph."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ingest.readers.numerals import (
    BRANCHES,
    STEMS,
    chinese_digits,
    chinese_numeral,
    from_row,
    in_cycle,
    legal_numeral,
    letters,
    roman,
)
from ingest.readers.styles import Styles, W, whole

_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_LEVEL = re.compile(r"%([1-9])")
_FORMATS: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(
        ("chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "taiwaneseCountingThousand",
         "japaneseCounting", "koreanCounting"),
        chinese_numeral,
    ),
    **dict.fromkeys(("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"), chinese_digits),
    **dict.fromkeys(("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"), legal_numeral),
    "ideographTraditional": lambda number: in_cycle(number, STEMS),
    "ideographZodiac": lambda number: in_cycle(number, BRANCHES),
    **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), lambda n: from_row(n, "①", 20)),
    "ideographEnclosedCircle": lambda number: from_row(number, "㊀", 10),
    "decimalEnclosedParen": lambda number: from_row(number, "⑴", 20),
    "decimalEnclosedFullstop": lambda number: from_row(number, "⒈", 20),
    **dict.fromkeys(("decimalFullWidth", "decimalFullWidth2"), lambda n: str(n).translate(_WIDE)),
    "decimalZero": lambda number: f"{number:02}",
    "numberInDash": lambda number: f"- {number} -",
    "lowerLetter": letters,
    "upperLetter": lambda number: letters(number).upper(),
    "lowerRoman": roman,
    "upperRoman": lambda number: roman(number).upper(),
}  # fmt: skip


def numeral(number: int, style: str) -> str:
    """A number in one of Word's number formats; in digits for a format that is not known."""
    return _FORMATS.get(style, str)(number)


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    style: str
    label: str
    is_legal: bool = False
    """Whether the numbers of all levels are printed in digits."""
    restarts_after: int | None = None
    """The level (from 0) that it begins again under; None for any above it, -1 for none."""
    is_tight: bool = False
    """Whether nothing stands between number and text."""
    paragraph_style: str = ""


@dataclass(frozen=True, slots=True)
class _List:
    shared: str
    """The definition it counts with: lists of one definition count on, unless started anew."""
    levels: Mapping[int, _Level]
    starts: Mapping[int, int]
    """The levels that this list starts anew where it begins."""


class Numbering:
    """The running counters of a document's numbered lists."""

    def __init__(self, numbering: Any | None, styles: Styles) -> None:
        """Take the root of numbering.xml, without which no paragraph has a number, and the document's styles."""
        self._styles = styles
        self._lists = _lists(numbering, styles) if numbering is not None else {}
        self._counts: dict[str, dict[int, int]] = {}
        self._started: set[tuple[str, int]] = set()

    def label(self, paragraph: Any) -> str:
        """The number printed before a paragraph, counted on; paragraphs are asked for in reading order."""
        if not self._lists:
            return ""
        name, level = self._place(paragraph)
        numbered = self._lists.get(name)
        if numbered is None or level not in numbered.levels:
            return ""
        counts = self._counts.setdefault(numbered.shared, {})
        self._count(name, numbered, level, counts)
        shown = numbered.levels[level]
        if shown.style in ("bullet", "none"):
            return ""
        printed = _LEVEL.sub(lambda match: _printed(int(match[1]) - 1, counts, numbered, shown), shown.label)
        return printed + " " if printed[-1:].isalnum() and not shown.is_tight else printed

    def _count(self, name: str, numbered: _List, level: int, counts: dict[int, int]) -> None:
        for above in range(level + 1):
            if above in numbered.starts and (name, above) not in self._started:
                self._started.add((name, above))
                counts.pop(above, None)
                if above < level:
                    counts[above] = numbered.starts[above]
        start = numbered.starts.get(level, numbered.levels[level].start)
        counts[level] = counts.get(level, start - 1) + 1
        for deeper in [known for known in counts if known > level]:
            after = numbered.levels[deeper].restarts_after if deeper in numbered.levels else None
            if after is None or level <= after:
                del counts[deeper]

    def _place(self, paragraph: Any) -> tuple[str, int]:
        properties = paragraph.find(W + "pPr")
        style = self._styles.of_paragraph(properties)
        name, level = self._styles.number_of(style)
        own_name, own_level = number_of(properties)
        name = own_name if own_name is not None else name or ""
        if own_level is None and (level is None or own_name is None):
            linked = self._linked_level(name, style)
            level = linked if linked is not None else level
        return name, own_level if own_level is not None else level or 0

    def _linked_level(self, name: str, style: str) -> int | None:
        """The level of a list that is tied to a paragraph style or one that it is based on."""
        numbered = self._lists.get(name)
        if numbered is None:
            return None
        tied = {level.paragraph_style: place for place, level in numbered.levels.items() if level.paragraph_style}
        return next((tied[known] for known in self._styles.chain(style) if known in tied), None)


def number_of(properties: Any | None) -> tuple[str | None, int | None]:
    """The list and level that paragraph properties give; None for what they leave open."""
    if properties is None:
        return None, None
    number = properties.find(f"{W}numPr/{W}numId")
    level = properties.find(f"{W}numPr/{W}ilvl")
    return (
        None if number is None else number.get(W + "val", ""),
        None if level is None else whole(level.get(W + "val"), 0),
    )


def _lists(numbering: Any, styles: Styles) -> dict[str, _List]:
    definitions = {element.get(W + "abstractNumId"): element for element in numbering.findall(W + "abstractNum")}
    named = {element.get(W + "numId", ""): element for element in numbering.findall(W + "num")}
    found: dict[str, _List] = {}
    for name, element in named.items():
        shared = _definition_of(element, definitions, named, styles)
        levels = _levels(definitions[shared]) if shared in definitions else {}
        starts: dict[int, int] = {}
        for override in element.findall(W + "lvlOverride"):
            level = whole(override.get(W + "ilvl"), 0)
            for own in _levels(override).values():
                levels[level] = own
            start = override.find(W + "startOverride")
            if start is not None:
                starts[level] = whole(start.get(W + "val"), 1)
        found[name] = _List(shared, levels, starts)
    return found


def _definition_of(element: Any, definitions: Mapping[str, Any], named: Mapping[str, Any], styles: Styles) -> str:
    """The id of a list's definition; one that only refers to a numbering style is that style's."""
    shared = ""
    for _ in range(5):
        shared = _value(element, "abstractNumId", "")
        definition = definitions.get(shared)
        link = "" if definition is None else _value(definition, "numStyleLink", "")
        target = named.get(styles.number_of(link)[0] or "") if link else None
        if target is None or target is element:
            break
        element = target
    return shared


def _levels(element: Any) -> dict[int, _Level]:
    return {whole(level.get(W + "ilvl"), 0): _level(level) for level in element.findall(W + "lvl")}


def _level(element: Any) -> _Level:
    restart = element.find(W + "lvlRestart")
    legal = element.find(W + "isLgl")
    return _Level(
        start=whole(_value(element, "start", "1"), 1),
        style=_value(element, "numFmt", "decimal"),
        label=_value(element, "lvlText", ""),
        is_legal=legal is not None and legal.get(W + "val", "1") not in ("0", "false", "off"),
        restarts_after=None if restart is None else whole(restart.get(W + "val"), 0) - 1,
        is_tight=_value(element, "suff", "tab") == "nothing",
        paragraph_style=_value(element, "pStyle", ""),
    )


def _value(element: Any, name: str, default: str) -> str:
    found = element.find(W + name)
    return default if found is None else str(found.get(W + "val", default))


def _printed(level: int, counts: Mapping[int, int], numbered: _List, shown: _Level) -> str:
    if level not in numbered.levels:
        return ""
    own = numbered.levels[level]
    number = counts.get(level, numbered.starts.get(level, own.start))
    if own.style in ("bullet", "none"):
        return ""
    return str(number) if shown.is_legal and own.style != "decimalZero" else numeral(number, own.style)
