"""Pictures of documents (scans, faxes, photographs) → text by recognition, a page a frame."""

import io
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.errors import UnreadableFile
from ingest.progress import still_reading
from ingest.readers.extract import Extract
from ingest.readers.paged import paragraphs

if TYPE_CHECKING:
    from PIL.Image import Image

    from ingest.readers.ocr import Picture

MOST_PIXELS = 150_000_000
"""The largest picture that is unpacked; A0 at 300 dpi has 139 million."""
_MOST_FRAMES = 1_000
_MOST_SIDE = 3_500
_LEAST_SIDE = 900
"""Pixels of the longer side below which a picture is enlarged: letters are too small to be told apart."""
_PAGE_HEIGHT = 842
"""Points of an A4 page's longer side, which a picture is taken for: few say how large their paper was."""


def read_picture(content: bytes, source: str) -> Extract:
    """Recognise the text in a picture or a multi-page TIFF; raises UnreadableFile for a damaged or a huge one."""
    from ingest.readers.ocr import recognise

    pages = []
    for picture in _pictures(content, source):
        scale = _PAGE_HEIGHT / max(picture.shape[:2])
        pages.append(recognise(picture, points_per_pixel=scale, source=source))
        still_reading()
    if not any(pages):
        raise UnreadableFile(source, "no text recognised in the picture; check it, or scan it at 200 dpi or more")
    return paragraphs(pages, recognised=range(1, len(pages) + 1))


def _pictures(content: bytes, source: str) -> Iterator["Picture"]:
    from PIL import Image, ImageSequence

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Damage that can be worked around, and sizes, which are checked here.
            with Image.open(io.BytesIO(content)) as opened:
                is_moving = opened.format in ("GIF", "WEBP", "PNG")
                if getattr(opened, "n_frames", 1) > _MOST_FRAMES:
                    raise UnreadableFile(source, f"more than {_MOST_FRAMES:,} pages in a picture; split it")
                for frame in ImageSequence.Iterator(opened):
                    if frame.width * frame.height > MOST_PIXELS:
                        raise Image.DecompressionBombError
                    yield _fitting(frame)
                    if is_moving:
                        break
    except UnreadableFile:
        raise
    except Image.DecompressionBombError as error:
        raise UnreadableFile(source, f"more than {MOST_PIXELS:,} pixels; not unpacked, scan it at 300 dpi") from error
    except Exception as error:
        # A damaged picture surfaces as nearly any exception from inside the library.
        reason = f"damaged or unknown picture ({type(error).__name__}); get a fresh copy or save it as .png"
        raise UnreadableFile(source, reason) from error


def as_picture(content: bytes, source: str) -> "Picture":
    """The first page of a picture file as pixels; raises UnreadableFile as `read_picture` does."""
    return next(_pictures(content, source))


def _fitting(frame: "Image") -> "Picture":
    """Pixels, blue first, upright as its maker meant it, on white where it is transparent, of a size to recognise."""
    import numpy as np
    from PIL import Image, ImageOps

    upright = ImageOps.exif_transpose(frame)
    longest = max(upright.size)
    if longest > _MOST_SIDE or longest < _LEAST_SIDE:
        factor = (_MOST_SIDE if longest > _MOST_SIDE else min(_LEAST_SIDE, 3 * longest)) / longest
        size = (max(1, round(upright.width * factor)), max(1, round(upright.height * factor)))
        # Black and white is made grey first, or letters break when they shrink.
        upright = upright.convert("L" if upright.mode in ("1", "L", "I;16") else "RGBA").resize(
            size, Image.Resampling.LANCZOS
        )
    shown = upright.convert("RGBA")
    white = Image.new("RGBA", shown.size, "white")
    pixels = np.asarray(Image.alpha_composite(white, shown).convert("RGB"))
    return np.ascontiguousarray(pixels[:, :, ::-1])
