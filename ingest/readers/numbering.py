"""Word's automatic numbers (WordprocessingML 17.9), which are printed but do not stand in the text of a paragraph."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVEL = re.compile(r"%([1-9])")
_CHINESE_FORMATS = {
    "chineseCounting",
    "chineseCountingThousand",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
    "japaneseCounting",
    "ideographTraditional",
    "ideographDigital",
}
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    style: str
    label: str


class Numbering:
    """The running counters of a document's numbered lists."""

    def __init__(self, numbering: Any | None, styles: Any | None) -> None:
        """Take the roots of numbering.xml and styles.xml; without the first no paragraph has a number."""
        self._lists = _lists(numbering) if numbering is not None else {}
        self._styles = _style_numbers(styles) if styles is not None else {}
        self._counts: dict[str, dict[int, int]] = {}

    def label(self, paragraph: Any) -> str:
        """The number printed before a paragraph, counted on; paragraphs are asked for in reading order."""
        number, level = self._place(paragraph)
        shared, levels = self._lists.get(number, ("", {}))
        if level not in levels:
            return ""
        counts = self._counts.setdefault(shared, {})
        counts[level] = counts.get(level, levels[level].start - 1) + 1
        for deeper in [known for known in counts if known > level]:
            del counts[deeper]
        if levels[level].style in ("bullet", "none"):
            return ""
        printed = _LEVEL.sub(lambda match: _numeral(int(match[1]) - 1, counts, levels), levels[level].label)
        return printed + " " if printed[-1:].isalnum() else printed

    def _place(self, paragraph: Any) -> tuple[str, int]:
        properties = paragraph.find(W + "pPr")
        if properties is None:
            return "", 0
        style = properties.find(W + "pStyle")
        number, level = self._styles.get(style.get(W + "val", "") if style is not None else "", ("", 0))
        own_number, own_level = _number_of(properties)
        return own_number if own_number is not None else number, own_level if own_level is not None else level


def _number_of(properties: Any) -> tuple[str | None, int | None]:
    number = properties.find(f"{W}numPr/{W}numId")
    level = properties.find(f"{W}numPr/{W}ilvl")
    return (
        None if number is None else number.get(W + "val", ""),
        None if level is None else int(level.get(W + "val", "0")),
    )


def _style_numbers(styles: Any) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for style in styles.findall(W + "style"):
        properties = style.find(W + "pPr")
        number, level = _number_of(properties) if properties is not None else (None, None)
        if number is not None:
            found[style.get(W + "styleId", "")] = (number, level or 0)
    return found


def _lists(numbering: Any) -> dict[str, tuple[str, dict[int, _Level]]]:
    """For each list its counter's name and levels: lists of one abstract definition count on, unless restarted."""
    abstract = {element.get(W + "abstractNumId"): _levels(element) for element in numbering.findall(W + "abstractNum")}
    found: dict[str, tuple[str, dict[int, _Level]]] = {}
    for element in numbering.findall(W + "num"):
        name = element.get(W + "numId", "")
        definition = element.find(W + "abstractNumId")
        shared = definition.get(W + "val", "") if definition is not None else ""
        is_restarted = element.find(f"{W}lvlOverride/{W}startOverride") is not None
        found[name] = (f"{shared}/{name}" if is_restarted else shared, abstract.get(shared, {}))
    return found


def _levels(element: Any) -> dict[int, _Level]:
    return {
        int(level.get(W + "ilvl", "0")): _Level(
            start=int(_value(level, "start", "1")),
            style=_value(level, "numFmt", "decimal"),
            label=_value(level, "lvlText", ""),
        )
        for level in element.findall(W + "lvl")
    }


def _value(element: Any, name: str, default: str) -> str:
    found = element.find(W + name)
    return default if found is None else str(found.get(W + "val", default))


def _numeral(level: int, counts: Mapping[int, int], levels: Mapping[int, _Level]) -> str:
    if level not in levels:
        return ""
    number, style = counts.get(level, levels[level].start), levels[level].style
    if style in _CHINESE_FORMATS:
        return chinese_numeral(number)
    if style.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(ord("①") + number - 1)
    if style in ("upperLetter", "lowerLetter") and 1 <= number <= 26:
        return chr((ord("A") if style == "upperLetter" else ord("a")) + number - 1)
    if style in ("upperRoman", "lowerRoman") and 1 <= number <= 39:
        return _roman(number).upper() if style == "upperRoman" else _roman(number)
    return str(number)


def chinese_numeral(number: int) -> str:
    """A whole number from 0 to 9,999 as it is counted in Chinese: 11 → 十一, 110 → 一百一十, 1005 → 一千零五."""
    if not 0 < number < 10_000:
        return "〇" if number == 0 else str(number)
    digits = [int(digit) for digit in f"{number:04}"]
    pieces = [
        ("零一二三四五六七八九"[digit] + unit) if digit else "零" for digit, unit in zip(digits, "千百十 ", strict=True)
    ]
    printed = re.sub("零+", "零", "".join(pieces).replace(" ", "")).strip("零")
    return printed.removeprefix("一") if 10 <= number < 20 else printed


def _roman(number: int) -> str:
    printed = ""
    for value, sign in _ROMAN:
        printed += sign * (number // value)
        number %= value
    return printed
