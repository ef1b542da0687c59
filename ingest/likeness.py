"""Whether two texts are copies of one document, and what differs between them.

Copies say the same: what may differ is what surrounds a text where it was published (navigation, a title worded
otherwise, an attachment that one of them lacks), line breaks, and a few misprints. Other figures, other dates, a
passage more or less, and they are two documents: versions of a rule, notices from one template, an excerpt.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Literal

from ingest.units import Unit

Kind = Literal["misprint", "wording", "title", "attachment", "addition"]
LEAST = 20
"""Letters that two texts share at the least for anything to be said of them."""
SHARED = 0.5
"""The share of the shorter text that both have at the least."""
_ANCHOR = 4
"""Letters in a row that agree between two differences, else these are one."""
_MISPRINTS = 3, 0.015
"""How many misprints there may be: so many, or this share of the letters shared."""
_WRONG_WORDS = 1, 0.001
"""How many of them may be of two letters."""
_REWORDED = 0.02
"""What share of the letters shared may be misprinted or reworded, should something else say that they are copies."""
_THROUGHOUT = 3
"""As often one word stands for another where a text was revised: an office renamed, say."""
_PROSE = 30, 0.05, 300
"""Letters of sentences that one may have before or behind what both have: so many, or a share up to a limit."""
_PROSE_BETWEEN = 12
_FURNITURE = 300, 0.5
"""Letters of lines that are no sentences (navigation) that one may have before or behind: so many, or a share."""
_FURNITURE_BETWEEN = 12, 0.02
_LARGEST = 400_000_000
"""The product of lengths above which a difference is not looked into."""
_SHORT = 24
"""Letters up to which two stretches are taken for the same thing worded otherwise."""
_SAYS = 8
"""Letters of a sentence that say something."""
_AROUND, _SHOWN = 3, 40
_FIGURE = re.compile(r"[0-9〇零一二两三四五六七八九十百千万亿]")
_PROMULGATES = re.compile(
    r"现予(?:公布|发布|印发)|予以(?:公布|发布)|现(?:将.{0,60})?印发(?:给你们)?|会议通过|起施行|遵照执行|贯彻执行|贯彻落实"
)
"""What stands before a rule where it is promulgated, and is left out where it is printed alone."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A stretch that one text has otherwise than the other, or alone; long ones are cut, `letters` is their length."""

    kind: Kind
    one: str
    other: str
    letters: int


def reverse(difference: Difference) -> Difference:
    """A difference seen from the other text."""
    return replace(difference, one=difference.other, other=difference.one)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much two texts that may be copies have in common, 0 to 1, and what differs.

    `is_touched` says that more than single letters differ within the text itself; `is_reworded` that it is more than
    misprints: then they are copies only if something else says so, such as the same 文号.
    """

    similarity: float
    differences: tuple[Difference, ...]
    is_touched: bool
    is_reworded: bool


@dataclass(frozen=True, slots=True)
class _Hunk:
    """Letters that differ: `one[a:b]` stands where the other text has `other[c:d]`; either may be empty."""

    a: int
    b: int
    c: int
    d: int


def likeness(one: Sequence[Unit], other: Sequence[Unit]) -> Likeness | None:
    """How like two texts are that are copies, or may be; None for those that are not."""
    hunks, shared = _compared([unit.words for unit in one], [unit.words for unit in other])
    sides = _Side(one), _Side(other)
    if shared < max(LEAST, SHARED * min(side.size for side in sides)):
        return None
    judgement = _Judgement(sides, hunks, shared)
    if not all(judgement.admits(hunk) for hunk in hunks) or not judgement.is_within_limits():
        return None
    similarity = 2 * shared / sum(side.size for side in sides)
    return Likeness(round(similarity, 4), tuple(judgement.differences), judgement.is_touched, judgement.is_reworded)


def _compared(one: Sequence[str], other: Sequence[str]) -> tuple[list[_Hunk], int]:
    """What differs in two sequences of units, by letters, and how many letters they share."""
    from rapidfuzz.distance import Indel

    hunks: list[_Hunk] = []
    shared = a = c = 0
    gap: tuple[list[str], list[str]] = ([], [])
    for kind, first, last, begin, end in [*Indel.opcodes(one, other), ("end", 0, 0, 0, 0)]:
        if kind in ("equal", "end"):
            found, same = _gap("".join(gap[0]), "".join(gap[1]))
            hunks += [_Hunk(a + x, a + y, c + u, c + v) for x, y, u, v in found]
            a, c, shared = a + len("".join(gap[0])), c + len("".join(gap[1])), shared + same
            gap = [], []
            length = sum(map(len, one[first:last]))
            a, c, shared = a + length, c + length, shared + length
        else:
            gap[0].extend(one[first:last])
            gap[1].extend(other[begin:end])
    return hunks, shared


def _gap(one: str, other: str) -> tuple[list[tuple[int, int, int, int]], int]:
    """What differs in two stretches between sentences that both texts have, and the letters shared."""
    from rapidfuzz.distance import Indel

    if not one or not other or len(one) * len(other) > _LARGEST:
        return ([(0, len(one), 0, len(other))] if one or other else []), 0
    found: list[tuple[int, int, int, int]] = []
    a = c = shared = 0
    ends = len(one), len(other)
    for kind, first, last, begin, end in [*Indel.opcodes(one, other), ("equal", *(ends[0], ends[0], ends[1], ends[1]))]:
        at_edge = (first, begin) == (0, 0) or (last, end) == ends
        if kind == "equal" and (last - first >= _ANCHOR or at_edge):
            if first > a or begin > c:
                found.append((a, first, c, begin))
            shared += last - first
            a, c = last, end
    return [_trimmed(one, other, *hunk) for hunk in found], shared


def _trimmed(one: str, other: str, a: int, b: int, c: int, d: int) -> tuple[int, int, int, int]:
    """A difference without letters at its ends that agree."""
    while a < b and c < d and one[b - 1] == other[d - 1]:
        b, d = b - 1, d - 1
    while a < b and c < d and one[a] == other[c]:
        a, c = a + 1, c + 1
    return a, b, c, d


class _Side:
    """One of two texts: its letters, and the units that they are of."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self.words = "".join(unit.words for unit in units)
        self.size = len(self.words)
        self._units = units
        self._starts = [0, *accumulate(len(unit.words) for unit in units)]
        self.attachments = [start for start, unit in zip(self._starts, units, strict=False) if unit.is_attachment]
        """Where attachments begin."""

    def units_in(self, start: int, end: int) -> Iterator[tuple[Unit, int]]:
        """The units that some letters are of, each with how many of them."""
        place = bisect_right(self._starts, start) - 1
        while place < len(self._units) and self._starts[place] < end:
            inside = min(end, self._starts[place + 1]) - max(start, self._starts[place])
            yield self._units[place], inside
            place += 1

    def ends_unit(self, at: int) -> bool:
        """Whether a unit ends before the letter at a place."""
        return self._starts[bisect_left(self._starts, at)] == at

    def sentences_in(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Where the sentences begin that some letters are of, and their lengths."""
        place = bisect_right(self._starts, start) - 1
        while place < len(self._units) and self._starts[place] < end:
            if self._units[place].is_sentence:
                yield self._starts[place], len(self._units[place].words)
            place += 1


class _Judgement:
    """What differs between two texts, counted by kind."""

    def __init__(self, sides: tuple[_Side, _Side], hunks: Sequence[_Hunk], shared: int) -> None:
        self.differences: list[Difference] = []
        self._sides = sides
        self._shared = shared
        self._core = _core(sides[0], hunks)
        self._misprints = self._wrong_words = self._reworded = 0
        self._outside = [[0, 0], [0, 0]]  # of each side, letters of lines that are no sentences and of sentences
        self._between = [0, 0]
        self._replacements: Counter[tuple[str, str]] = Counter()

    @property
    def is_touched(self) -> bool:
        """Whether more than single letters differ within the text itself."""
        return bool(self._wrong_words or self._reworded or self._between[1])

    @property
    def is_reworded(self) -> bool:
        """Whether there is more than the misprints that copies have."""
        return bool(
            self._reworded
            or self._misprints > max(_MISPRINTS[0], _MISPRINTS[1] * self._shared)
            or self._wrong_words > max(_WRONG_WORDS[0], _WRONG_WORDS[1] * self._shared)
        )

    def admits(self, hunk: _Hunk) -> bool:
        """Count a difference; false for one that copies do not have."""
        one, other = self._words(hunk)
        longest = max(len(one), len(other))
        if one and other and longest <= _SHORT:
            return self._replaced(hunk, one, other)
        if longest <= 2 and not self._is_figure(hunk):
            return self._misprinted(hunk)
        if longest <= 2 and not (self._is_outside(hunk) and self._ends_a_line(hunk)):
            return False
        if self._prose(0, hunk.a, hunk.b) >= _SAYS and self._prose(1, hunk.c, hunk.d) >= _SAYS:
            return False
        kinds = [self._alone(side, hunk) for side in (0, 1)]
        self._note("attachment" if "attachment" in kinds else "addition", hunk)
        return True

    def is_within_limits(self) -> bool:
        """Whether all that differs is no more than copies may differ."""
        prose = max(_PROSE[0], min(_PROSE[1] * self._shared, _PROSE[2]))
        furniture = max(_FURNITURE[0], _FURNITURE[1] * self._shared)
        return (
            max(self._replacements.values(), default=0) < _THROUGHOUT
            and self._misprints + self._reworded <= max(_MISPRINTS[0], _REWORDED * self._shared)
            and all(lines <= furniture and sentences <= prose for lines, sentences in self._outside)
            and self._between[0] <= _FURNITURE_BETWEEN[0] + _FURNITURE_BETWEEN[1] * self._shared
            and self._between[1] <= _PROSE_BETWEEN
        )

    def _replaced(self, hunk: _Hunk, one: str, other: str) -> bool:
        figures = [_FIGURE.findall(words) for words in (one, other)]
        if figures[0] != figures[1] and (all(figures) or not self._is_heading(hunk)):
            return False
        if max(len(one), len(other)) <= 2 or _are_misprints(one, other):
            return self._misprinted(hunk)
        if self._is_heading(hunk):
            self._note("title", hunk)
            return True
        self._reworded += max(len(one), len(other))
        self._replacements[one, other] += 1
        self._note("wording", hunk)
        return True

    def _misprinted(self, hunk: _Hunk) -> bool:
        if self._is_heading(hunk):
            self._note("title", hunk)
            return True
        one, other = self._words(hunk)
        longest = max(len(one), len(other))
        self._misprints += 2 if longest > 2 else 1
        self._wrong_words += longest == 2 and sorted(one) != sorted(other)
        self._replacements[one, other] += longest == 2
        self._note("misprint", hunk)
        return True

    def _is_figure(self, hunk: _Hunk) -> bool:
        """Whether letters that only one text has are a figure, or a part of one."""
        side, at, letters = (0, hunk.a, hunk.b - hunk.a) if hunk.b > hunk.a else (1, hunk.c, hunk.d - hunk.c)
        words = self._sides[side].words
        around = words[max(0, at - 1) : at] + words[at + letters : at + letters + 1]
        figure = words[at : at + letters]
        return bool(_FIGURE.search(figure) and (figure.isascii() or _FIGURE.search(around)))

    def _alone(self, side: int, hunk: _Hunk) -> Kind:
        """Count what only one of the texts has."""
        text = self._sides[side]
        start, end = ((hunk.a, hunk.b), (hunk.c, hunk.d))[side]
        kind: Kind = "addition"
        attachment = next((at for at in text.attachments if start <= at), text.size)
        if end == text.size and attachment < end:
            end, kind = attachment, "attachment"
        is_before, is_behind = hunk.b <= self._core[0], hunk.a >= self._core[1]
        # A sentence before the signature is of the text itself.
        is_around = {False: is_before or is_behind, True: is_before or self._is_last(hunk)}
        for unit, letters in text.units_in(start, end):
            if is_around[unit.is_sentence]:
                formula = is_before and _PROMULGATES.search(unit.words) is not None
                self._outside[side][unit.is_sentence] += 0 if formula else letters
            elif unit.is_sentence and letters < len(unit.words):
                self._reworded += letters
            else:
                self._between[unit.is_sentence] += letters
        return kind

    def _is_last(self, hunk: _Hunk) -> bool:
        """Whether nothing that both texts have stands behind a difference."""
        return self._sides[0].size - hunk.b == 0 == self._sides[1].size - hunk.d

    def _words(self, hunk: _Hunk) -> tuple[str, str]:
        return self._sides[0].words[hunk.a : hunk.b], self._sides[1].words[hunk.c : hunk.d]

    def _ends_a_line(self, hunk: _Hunk) -> bool:
        """Whether letters that only one text has are the last of a line: the mark of a footnote, say."""
        side, end = (0, hunk.b) if hunk.b > hunk.a else (1, hunk.d)
        return self._sides[side].ends_unit(end)

    def _is_outside(self, hunk: _Hunk) -> bool:
        """Whether a difference stands before or behind all sentences that both texts have."""
        return hunk.b <= self._core[0] or hunk.a >= self._core[1]

    def _is_heading(self, hunk: _Hunk) -> bool:
        """Whether a difference is of lines that are no sentences, before or behind the text itself."""
        return self._is_outside(hunk) and not self._prose(0, hunk.a, hunk.b) and not self._prose(1, hunk.c, hunk.d)

    def _prose(self, side: int, start: int, end: int) -> int:
        """How many letters of a stretch are of sentences, not of lines that are none."""
        return sum(letters for unit, letters in self._sides[side].units_in(start, end) if unit.is_sentence)

    def _note(self, kind: Kind, hunk: _Hunk) -> None:
        around = _AROUND if kind in ("misprint", "wording") else 0
        one = self._sides[0].words[max(0, hunk.a - around) : hunk.b + around]
        other = self._sides[1].words[max(0, hunk.c - around) : hunk.d + around]
        letters = max(hunk.b - hunk.a, hunk.d - hunk.c)
        self.differences.append(Difference(kind, _cut(one), _cut(other), letters))


def _core(side: _Side, hunks: Sequence[_Hunk]) -> tuple[int, int]:
    """From the first to the last sentence that both texts have, as letters of the first text."""
    edges = [0, *(edge for hunk in hunks for edge in (hunk.a, hunk.b)), side.size]
    same = [
        (max(start, at), min(end, at + size))
        for start, end in zip(edges[::2], edges[1::2], strict=True)
        for at, size in side.sentences_in(start, end)
    ]
    telling = [(start, end) for start, end in same if end - start >= _SAYS]
    return (telling[0][0], telling[-1][1]) if telling else (0, side.size)


def _are_misprints(one: str, other: str) -> bool:
    """Whether two stretches of a few letters differ by two misprints close to each other."""
    from rapidfuzz.distance import Levenshtein

    return Levenshtein.distance(one, other, score_cutoff=2) <= 2 < max(len(one), len(other))


def _cut(words: str) -> str:
    return words if len(words) <= _SHOWN else words[: _SHOWN - 1] + "…"
