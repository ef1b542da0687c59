"""A page of a PDF as PDFium sees it: runs of characters with their places and fonts, rules, and pictures."""

import ctypes
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ingest.readers.fragments import Fragment
from ingest.readers.grid import Rule

_MOST_CHARACTERS = 200_000
_MOST_OBJECTS = 20_000
_THIN = 2.0
"""Points up to which a filled path is a rule."""
_HYPHEN = 2
"""What PDFium gives for a hyphen at the end of a line."""
_UPRIGHT = ((1, 0, 0, 1), (0, -1, 1, 0), (-1, 0, 0, -1), (0, 1, -1, 0))
"""For each quarter turn that letters are turned by: the matrix (a, b, c, d) that turns a point back."""


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one baseline and font as they are drawn; `is_unmapped` where the font names no character."""

    placed: Fragment
    font: str
    is_unmapped: bool


@dataclass(frozen=True, slots=True)
class Layer:
    """What is drawn on a page, in points of the page turned upright; slanted text, a watermark, is left out."""

    runs: tuple[Run, ...]
    rules: tuple[Rule, ...]
    turn: int
    """Quarter turns anticlockwise that letters stand turned by on the page as it is shown."""
    picture_share: float
    """The part of the page that its largest picture covers, from 0 to 1."""
    pixels: int
    """Those of the largest picture."""
    is_blank: bool


def read_layer(page: Any) -> Layer:
    """Read a page of pypdfium2."""
    import pypdfium2.raw as pdfium

    characters = list(_characters(page))
    turns = Counter(turn for *_, turn in characters if turn is not None)
    rotation = int(page.get_rotation()) // 90
    upright = turns.most_common(1)[0][0] if turns else rotation
    place = _Upright.of(upright, page.get_cropbox())
    # What is drawn twice at one place, to look bold, is there once.
    drawn = {(run.placed.text, round(run.placed.x), round(run.placed.y)): run for run in _runs(characters, place)}
    runs = tuple(drawn.values())
    count = pdfium.FPDFPage_CountObjects(page)
    rules, share, pixels = _drawn(page, min(count, _MOST_OBJECTS), place)
    return Layer(runs, tuple(rules), (upright - rotation) % 4, share, pixels, count == 0)


@dataclass(frozen=True, slots=True)
class _Upright:
    """Turns places of a page by quarters so that its letters stand upright, and its lower left corner is the origin."""

    turn: int
    left: float
    bottom: float

    @classmethod
    def of(cls, turn: int, box: tuple[float, float, float, float]) -> "_Upright":
        at_origin = cls(turn, 0.0, 0.0)
        one, other = at_origin(box[0], box[1]), at_origin(box[2], box[3])
        return cls(turn, min(one[0], other[0]), min(one[1], other[1]))

    def __call__(self, x: float, y: float) -> tuple[float, float]:
        a, b, c, d = _UPRIGHT[self.turn]
        return a * x + c * y - self.left, b * x + d * y - self.bottom


_Character = tuple[str, tuple[float, float], tuple[float, float, float, float], float, str, bool, int | None]
"""Character, origin, box, size, font, whether it is unmapped, quarter turns (None where it is slanted)."""


def _characters(page: Any) -> Iterator[_Character]:
    import pypdfium2.raw as pdfium

    text = page.get_textpage()
    x, y, box = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF()
    known: dict[int, tuple[float, str, int | None]] = {}
    for index in range(min(pdfium.FPDFText_CountChars(text), _MOST_CHARACTERS)):
        code = pdfium.FPDFText_GetUnicode(text, index)
        drawn = pdfium.FPDFText_GetTextObject(text, index)
        address = ctypes.cast(drawn, ctypes.c_void_p).value or 0
        if code in (10, 13) or (not address and code != 32):
            continue
        if address not in known:
            # A space that no object draws is PDFium's guess.
            known[address] = _style(text, index, drawn) if address else (1.0, "", None)
        size, font, turn = known[address]
        pdfium.FPDFText_GetCharOrigin(text, index, x, y)
        pdfium.FPDFText_GetLooseCharBox(text, index, box)
        is_unmapped = code == 0 or pdfium.FPDFText_HasUnicodeMapError(text, index) == 1
        character = "-" if code == _HYPHEN and pdfium.FPDFText_IsHyphen(text, index) == 1 else _character(code)
        place = (box.left, box.bottom, box.right, box.top)
        yield character, (x.value, y.value), place, size, font, is_unmapped, turn


def _character(code: int) -> str:
    return chr(code) if 0 < code <= 0x10FFFF else "\ufffd"


def _style(text: Any, index: int, drawn: Any) -> tuple[float, str, int | None]:
    import pypdfium2.raw as pdfium

    matrix, name = pdfium.FS_MATRIX(), ctypes.create_string_buffer(128)
    pdfium.FPDFText_GetMatrix(text, index, matrix)
    size = pdfium.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d)
    font = pdfium.FPDFTextObj_GetFont(drawn) if drawn else None
    if font:
        pdfium.FPDFFont_GetBaseFontName(font, name, len(name))
    angle = math.degrees(math.atan2(matrix.b, matrix.a)) / 90
    turn = round(angle) % 4 if abs(angle - round(angle)) < 0.05 else None
    return abs(size) or 1.0, name.value.decode("utf-8", "replace"), turn


def _runs(characters: list[_Character], place: _Upright) -> Iterator[Run]:
    """Runs of characters that follow one another on a baseline, those turned otherwise than most after the others."""
    aside: list[Run] = []
    run: list[Fragment] = []
    style: tuple[str, int | None] = ("", None)
    is_unmapped = is_guess = False
    for character, origin, box, size, font, has_no_map, turn in characters:
        if character == " " and run:
            run.append(replace(run[-1], text=" "))
            is_guess = turn is None
            continue
        x, y = place(*origin)
        # The box of a dash may be far wider than the room it takes.
        right = min(max(place(box[0], box[1])[0], place(box[2], box[3])[0], x), x + 1.1 * size)
        here = Fragment(character, x, right, y, size)
        if is_guess and run and (not _is_gap(run[-2:-1], here) or (font, turn) != style):
            run.pop()
        if not run or (font, turn) != style or not _goes_on(run[-1], here):
            yield from _kept(run, style, is_unmapped, place.turn, aside)
            run, style, is_unmapped = [], (font, turn), False
        is_guess = False
        is_unmapped |= has_no_map
        run.append(here)
    yield from _kept(run[:-1] if is_guess else run, style, is_unmapped, place.turn, aside)
    yield from aside


def _is_gap(before: Sequence[Fragment], here: Fragment) -> bool:
    """Whether a guessed space is one: between Latin words, or wide enough between Chinese characters."""
    if not before or before[0].text.isascii() or here.text.isascii():
        return True
    return here.x - before[0].right > 0.6 * here.size


def _goes_on(last: Fragment, here: Fragment) -> bool:
    if abs(last.size - here.size) >= 0.05 * here.size:
        return False
    is_ligature = abs(here.x - last.x) + abs(here.y - last.y) < 0.02 * here.size
    is_near = abs(here.y - last.y) <= 0.2 * here.size and -0.5 * here.size < here.x - last.right <= here.size
    return is_ligature or is_near


def _kept(
    run: Sequence[Fragment], style: tuple[str, int | None], is_unmapped: bool, upright: int, aside: list[Run]
) -> Iterator[Run]:
    font, turn = style
    # Halves of surrogate pairs are put together again.
    text = "".join(part.text for part in run).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if not text.strip(" ") or turn is None:
        return
    right = max(part.right for part in run)
    found = Run(Fragment(text, run[0].x, right, run[0].y, run[0].size), font, is_unmapped)
    if turn == upright:
        yield found
    else:
        aside.append(found)


def _drawn(page: Any, count: int, place: _Upright) -> tuple[list[Rule], float, int]:
    """The rules, the share of the page that the largest picture covers, and its pixels."""
    import pypdfium2.raw as pdfium

    rules: list[Rule] = []
    share, pixels = 0.0, 0
    area = page.get_width() * page.get_height() or 1.0
    wide, high = ctypes.c_uint(), ctypes.c_uint()
    for index in range(count):
        drawn = pdfium.FPDFPage_GetObject(page, index)
        kind = pdfium.FPDFPageObj_GetType(drawn)
        if kind == pdfium.FPDF_PAGEOBJ_PATH and len(rules) < _MOST_OBJECTS:
            rules += _rules(drawn, place)
        elif kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING, pdfium.FPDF_PAGEOBJ_FORM):
            for picture, left, bottom, right, top in _pictures(drawn, kind):
                share = max(share, min(1.0, (right - left) * (top - bottom) / area))
                if pdfium.FPDFImageObj_GetImagePixelSize(picture, wide, high):
                    pixels = max(pixels, wide.value * high.value)
    return rules, share, pixels


def _pictures(drawn: Any, kind: int) -> Iterator[tuple[Any, float, float, float, float]]:
    """The pictures of an object, themselves or within a form, with their places; a form's own place stands for them."""
    import pypdfium2.raw as pdfium

    if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
        yield (drawn, *_bounds(drawn))
    elif kind == pdfium.FPDF_PAGEOBJ_FORM:
        for index in range(min(pdfium.FPDFFormObj_CountObjects(drawn), 100)):
            inner = pdfium.FPDFFormObj_GetObject(drawn, index)
            if pdfium.FPDFPageObj_GetType(inner) == pdfium.FPDF_PAGEOBJ_IMAGE:
                yield (inner, *_bounds(drawn))


def _bounds(drawn: Any) -> tuple[float, float, float, float]:
    import pypdfium2.raw as pdfium

    sides = [ctypes.c_float() for _ in range(4)]
    pdfium.FPDFPageObj_GetBounds(drawn, *sides)
    left, bottom, right, top = (side.value for side in sides)
    return left, bottom, right, top


def _rules(drawn: Any, place: _Upright) -> Iterator[Rule]:
    import pypdfium2.raw as pdfium

    left, bottom, right, top = _bounds(drawn)
    if right - left <= _THIN or top - bottom <= _THIN:
        yield from _rule((left, bottom), (right, top), place)
        return
    fill, stroke, matrix = ctypes.c_int(), ctypes.c_int(), pdfium.FS_MATRIX()
    pdfium.FPDFPath_GetDrawMode(drawn, fill, stroke)
    if not stroke.value:
        return
    pdfium.FPDFPageObj_GetMatrix(drawn, matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    start = before = (0.0, 0.0)
    for index in range(min(pdfium.FPDFPath_CountSegments(drawn), 2000)):
        segment = pdfium.FPDFPath_GetPathSegment(drawn, index)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        here = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = here
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            yield from _rule(before, here, place)
            if pdfium.FPDFPathSegment_GetClose(segment):
                yield from _rule(here, start, place)
        before = here


def _rule(one: tuple[float, float], other: tuple[float, float], place: _Upright) -> Iterator[Rule]:
    (xs, ys) = (sorted(places) for places in zip(place(*one), place(*other), strict=True))
    if ys[1] - ys[0] <= _THIN < xs[1] - xs[0]:
        yield Rule(True, (ys[0] + ys[1]) / 2, xs[0], xs[1])
    elif xs[1] - xs[0] <= _THIN < ys[1] - ys[0]:
        yield Rule(False, (xs[0] + xs[1]) / 2, ys[0], ys[1])
