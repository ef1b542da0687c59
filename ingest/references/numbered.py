"""Parts of documents as texts name them: 第十二条第二款第（三）项, 第五条至第八条, 第三条、第七条和第九条."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.chinese import NUMERAL, parse_number
from ingest.references.model import LEVELS, Step

_NUM = rf"[（(]?(?:{NUMERAL})[）)]?"
_JOIN = r"(?:、|和|及|以及|或者?|与|并)"
_THROUGH = r"(?:至|到|—|－|-|～|~)"
_LEVEL = (
    r"(?P<level>部分|分编|编(?!辑|号|制|写)|章(?!程)|节(?!目|约|课|能|点|日|气|假)|条(?!件|例|约|款(?!第))|款(?!项(?!第|所|规))|"
    r"项(?!目(?!第|所|规|的规))|目(?!标|的|录|前))"
)
UNIT = (
    rf"(?:第\s?(?P<first>{_NUM})(?P<more>(?:(?:{_JOIN}|{_THROUGH})第?{_NUM})*)|(?P<item>[（(]{NUMERAL}[）)])(?=\s?项))"
    rf"\s?{_LEVEL}(?:之(?P<sub>[一二三四五六七八九十]+))?"
)
_UNIT = re.compile(UNIT)
_LIST = re.compile(rf"{_JOIN}\s?(?=第|[（(])")
_RANGE = re.compile(rf"\s?{_THROUGH}\s?(?=第|[（(])")
_PIECE = re.compile(rf"({_JOIN}|{_THROUGH})(?:第?)({_NUM})")
_ORDER = {level: rank for rank, level in enumerate(LEVELS)}
Element = tuple[int, int, tuple[Step, ...]]
"""One place of a list: where it is printed (start, end), and its steps."""


def places_at(text: str, offset: int, base: Sequence[Step] = ()) -> list[Element]:
    """The places named one after the other at an offset, each with the steps that it takes over from the one before.

    `base` are steps that hold for the first. Empty where none is named there.
    """
    found: list[Element] = []
    steps = tuple(base)
    while True:
        elements = list(_path(text, offset, steps))
        if not elements:
            return found
        found += elements
        offset, steps = elements[-1][1], elements[-1][2]
        joined = _LIST.match(text, offset)
        if joined is None or not _UNIT.match(text, joined.end()):
            return found
        offset = joined.end()


def _path(text: str, offset: int, base: Sequence[Step]) -> Iterator[Element]:
    """One place, 第十二条第二款; several where the numbers of its last part are listed: 第一、三款."""
    match = _UNIT.match(text, offset)
    if match is None:
        return
    start = offset
    steps = _above(base, match["level"])
    while match is not None:
        *before, last = _pieces(match)
        for begin, end, step in before:
            yield min(start, begin) if begin == match.start() else begin, end, (*steps, step)
            start = end
        if before:
            start = last[0]
        steps, offset = (*steps, last[2]), match.end()
        through = _RANGE.match(text, offset)
        until = _UNIT.match(text, through.end()) if through else None
        if until and until["level"] == last[2].level and not until["more"]:
            number = _number(until)
            steps = (*steps[:-1], replace(last[2], last=max(number, last[2].first)))
            offset = until.end()
        deeper = _UNIT.match(text, offset)
        is_deeper = deeper is not None and _ORDER[deeper["level"]] > _ORDER[steps[-1].level]
        match = deeper if is_deeper else None
    yield start, offset, steps


def _pieces(match: re.Match[str]) -> list[tuple[int, int, Step]]:
    """The numbers of one part, each with where it is printed: 第一、三款 → 第一, 三款."""
    level, sub = match["level"], parse_number(match["sub"]) or 0 if match["sub"] else 0
    first = _number(match)
    pieces = [[match.start(), match.end(), first, first]]
    if match["more"]:
        pieces[0][1] = match.start("more")
        for piece in _PIECE.finditer(match.string, match.start("more"), match.end("more")):
            number = parse_number(piece[2].strip("（()）")) or 0
            if re.fullmatch(_THROUGH, piece[1]):
                pieces[-1][1], pieces[-1][3] = piece.end(), max(number, pieces[-1][2])
            else:
                pieces.append([piece.end(1), piece.end(), number, number])
        pieces[-1][1] = match.end()
    return [(start, end, Step(level, one, last, sub)) for start, end, one, last in pieces]


def _number(match: re.Match[str]) -> int:
    return parse_number((match["first"] or match["item"]).strip("（()）")) or 0


def _above(steps: Sequence[Step], level: str) -> tuple[Step, ...]:
    """The steps that a part of a level takes over; an article needs no chapter."""
    if level == "条":
        return tuple(step for step in steps if step.level == "附件")
    return tuple(step for step in steps if _ORDER[step.level] < _ORDER[level])
