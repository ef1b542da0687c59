"""Pictures of pages → lines of text: recognition with the models that rapidocr brings along, wholly offline."""

import functools
import math
import re
import statistics
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ingest.errors import UnreadableFile
from ingest.layout import columns
from ingest.readers.fragments import Fragment, lines_of
from ingest.readers.grid import Rule, with_ruled_rows
from ingest.readers.running import PrintedLine

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]
    """Height × width × 3, blue first, 0 to 255."""

_LEAST_SCORE = 0.5
_LEVEL = 0.01
"""The slope up to which rules are looked for, which a tilted page breaks into steps."""
_LEAST_RULE = 24
"""Points: higher and longer than any letter of a text, shorter than the sides of most cells."""
_THICKEST = 6
"""Points: what is thicker is a bar or a shadow."""
_PAGE_NUMBER = re.compile(r"[-—–一~]+\s*(\d{1,4})\s*[-—–一~]+")
"""A page number between dashes, which are taken for the numeral one."""
_lock = threading.Lock()


class _Seen(NamedTuple):
    """A line of text in a picture, in pixels: y grows downwards."""

    text: str
    left: float
    right: float
    middle: float
    height: float
    slope: float
    score: float


def recognise(picture: "Picture", *, points_per_pixel: float, source: str) -> list[PrintedLine]:
    """The lines of text in a picture in reading order, in points from its lower left corner, rows of tables joined.

    A page that lies on its side is turned. Raises UnreadableFile where recognition is not installed.
    """
    seen, turned = _upright(picture, source)
    height = turned.shape[0]
    tilt = statistics.median([line.slope for line in seen if line.right - line.left > 200] or [0.0])
    fragments = []
    for line in seen:
        # The places are turned, not the picture: recognition does not mind a tilt that is small.
        level = line.middle - tilt * (line.left + line.right) / 2
        size = _letter_size(line)
        base = height - level - 0.38 * size
        fragments.append(
            Fragment(line.text, *(points_per_pixel * v for v in (line.left + tilt * level, line.right, base, size)))
        )
    rules = [] if abs(tilt) > _LEVEL else _rules(turned, points_per_pixel)
    rows, rest = with_ruled_rows(_with_usual_sizes(fragments), rules)
    return sorted([*rows, *lines_of(rest)], key=lambda line: -line.y) if rows else lines_of(rest)


def _rules(picture: "Picture", scale: float) -> list[Rule]:
    """The lines ruled in a picture: dark, straight and longer than any stroke of a letter."""
    import cv2

    height = picture.shape[0]
    dark = cv2.threshold(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)[1]
    least = max(20, round(_LEAST_RULE / scale))
    found: list[Rule] = []
    for is_level, shape in ((True, (least, 1)), (False, (1, least))):
        kept = cv2.morphologyEx(dark, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, shape))
        for x, y, w, h, _ in cv2.connectedComponentsWithStats(kept)[2][1:].tolist():
            if is_level and h * scale < _THICKEST:
                found.append(Rule(True, (height - y - h / 2) * scale, x * scale, (x + w) * scale))
            elif not is_level and w * scale < _THICKEST:
                found.append(Rule(False, (x + w / 2) * scale, (height - y - h) * scale, (height - y) * scale))
    return found


def recognise_lines(pictures: Sequence["Picture"], source: str) -> list[str]:
    """The text in each picture of a single line; empty where none is recognised."""
    engine = _engine(source)
    found: list[str] = []
    with _lock:
        for picture in pictures:
            result = engine(picture, use_det=False, use_cls=False, use_rec=True)
            found.append("".join(result.txts or ()))
    return found


def _engine(source: str) -> Any:
    try:
        return _load()
    except (ImportError, FileNotFoundError) as error:
        reason = f"needs text recognition, which is not installed ({error}); pip install --force-reinstall rapidocr"
        raise UnreadableFile(source, reason) from error


@functools.cache
def _load() -> Any:
    import rapidocr

    models = Path(rapidocr.__file__).parent / "models"
    params: dict[str, Any] = {"Global.log_level": "critical", "Global.use_cls": False}
    # The largest side is bounded by whoever makes the picture.
    params["Global.max_side_len"] = 4000
    for part, name in (("Det", "PP-OCRv6_det_small.onnx"), ("Rec", "PP-OCRv6_rec_small.onnx")):
        # Named, or a model that is not there would be downloaded.
        params[f"{part}.model_path"] = str(models / name)
        params[f"{part}.engine_type"] = rapidocr.EngineType.OPENVINO
    return rapidocr.RapidOCR(params=params)


def _upright(picture: "Picture", source: str) -> tuple[list[_Seen], "Picture"]:
    import numpy as np

    seen, is_upright = _see(picture, source)
    if is_upright:
        return seen, picture
    best = (seen, picture)
    for turns in (1, 3):
        turned = np.ascontiguousarray(np.rot90(picture, turns))
        again, _ = _see(turned, source)
        if _certainty(again) > _certainty(best[0]):
            best = (again, turned)
        if _certainty(again) > 0.8 * _letters(again):
            break
    return best


def _certainty(seen: Sequence[_Seen]) -> float:
    return sum(line.score * len(line.text) for line in seen)


def _letters(seen: Sequence[_Seen]) -> int:
    return sum(len(line.text) for line in seen)


def _see(picture: "Picture", source: str) -> tuple[list[_Seen], bool]:
    """The lines in a picture, and whether most of them are wider than high."""
    with _lock:
        result = _engine(source)(picture, use_det=True, use_cls=False, use_rec=True)
    if getattr(result, "txts", None) is None or getattr(result, "boxes", None) is None:
        return [], True
    seen: list[_Seen] = []
    wide = 0
    for text, box, score in zip(result.txts, result.boxes, result.scores, strict=True):
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = ((float(x), float(y)) for x, y in box)
        length, height = math.hypot(x1 - x0, y1 - y0), math.hypot(x3 - x0, y3 - y0)
        wide += length >= height
        if score >= _LEAST_SCORE and text.strip():
            slope = (y1 - y0) / (x1 - x0) if abs(x1 - x0) > 1 else 0.0
            middle = (y0 + y1 + y2 + y3) / 4
            text = _PAGE_NUMBER.sub(r"— \1 —", text.strip()) if _PAGE_NUMBER.fullmatch(text.strip()) else text.strip()
            seen.append(_Seen(text, min(x0, x3), max(x1, x2), middle, height, slope, score))
    return seen, 2 * wide >= len(result.txts)


def _letter_size(line: _Seen) -> float:
    """How large the letters are: by the length of the line where it has enough of them, else by its height."""
    wide = columns(line.text) / 2
    if wide >= 6 and sum("\u4e00" <= c <= "\u9fff" for c in line.text) >= 4:
        return (line.right - line.left) / wide
    return 0.72 * line.height


def _with_usual_sizes(fragments: Sequence[Fragment]) -> list[Fragment]:
    """Sizes within an eighth of the usual one are that: a measured box is never exact."""
    usual = statistics.median_low([f.size for f in fragments for _ in f.text] or [1.0])
    return [
        Fragment(f.text, f.x, f.right, f.y, usual if abs(f.size - usual) <= usual / 8 else round(f.size * 2) / 2)
        for f in fragments
    ]
