"""OFD (GB/T 33190) → text: what is printed on its pages, by place, or recognised where a page is but a picture."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from ingest.errors import UnreadableFile
from ingest.progress import still_reading
from ingest.readers.extract import Extract
from ingest.readers.fragments import Fragment, lines_of
from ingest.readers.legible import common_share
from ingest.readers.package import bomb_in
from ingest.readers.paged import paragraphs
from ingest.readers.running import PrintedLine

_POINTS = 72 / 25.4
"""Points a millimetre."""
_MOST_PAGES = 5_000
_MOST_RUNS = 200_000
"""Runs of text on a page."""
_DAMAGED = "damaged OFD; open it in an OFD reader and save it again, or get a fresh copy"
_PASSWORD = 1
"""The bit of a zip member's flags that says it is encrypted."""


def read_ofd(content: bytes, source: str) -> Extract:
    """Read an OFD; raises UnreadableFile for what is not one, is encrypted, damaged or unpacks to too much."""
    import ofdkit

    _check_package(content, source)
    try:
        with ofdkit.open(io.BytesIO(content)) as document:
            if len(document.pages) > _MOST_PAGES:
                raise UnreadableFile(source, f"{len(document.pages):,} pages; split it")
            pages = [_page_fragments(page, source) for page in document.pages]
            places = [(page.location, page.box) for page in document.pages]
    except ofdkit.OFDLimitError as error:
        reason = (
            "unpacks to too much, or has entities in its XML (a bomb); not opened, print it to PDF if it is genuine"
        )
        raise UnreadableFile(source, reason) from error
    except UnreadableFile:
        raise
    except Exception as error:
        # A damaged package surfaces as nearly any exception from inside the library.
        raise UnreadableFile(source, f"{_DAMAGED} ({type(error).__name__})") from error
    lines: list[list[PrintedLine]] = []
    recognised: list[int] = []
    for number, (fragments, (location, box)) in enumerate(zip(pages, places, strict=True), 1):
        picture = None if fragments or location is None else _largest_picture(content, location, source)
        lines.append(lines_of(fragments) if picture is None else _seen(picture, box, source))
        if picture is not None and lines[-1]:
            recognised.append(number)
        still_reading()
    if common_share("".join(line.text for page in lines for line in page)) < 0.7:
        raise UnreadableFile(source, "its characters are illegible (glyphs without a map); print it to PDF")
    return paragraphs(lines, recognised=recognised)


def _check_package(content: bytes, source: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = package.infolist()
    except Exception as error:
        raise UnreadableFile(source, "not an OFD, or truncated; get a fresh copy") from error
    if bomb := bomb_in(members):
        raise UnreadableFile(source, f"{bomb}; not opened, split the document if it is genuine")
    names = {member.filename.replace("\\", "/").lstrip("/").casefold() for member in members}
    if any(member.flag_bits & _PASSWORD for member in members) or "encryptions.xml" in names:
        raise UnreadableFile(source, "encrypted with a password; save a copy without it")


def _page_fragments(page: Any, source: str) -> list[Fragment]:
    """The text of a page and its templates; what is drawn twice at one place, to look bold, is there once."""
    left, top, width, height = page.box
    found: dict[tuple[str, int, int], Fragment] = {}
    runs = page.runs
    if len(runs) > _MOST_RUNS:
        raise UnreadableFile(source, f"{len(runs):,} pieces of text on a page; print it to PDF")
    for run in runs:
        x, y = run.x - left, run.y - top
        if run.text.strip() and -2 <= x <= width + 2 and -2 <= y <= height + 2:
            size = (run.size or 1.0) * _POINTS
            fragment = Fragment(run.text, x * _POINTS, (x + run.width) * _POINTS, (height - y) * _POINTS, size)
            found.setdefault((run.text, round(2 * x), round(2 * y)), fragment)
    return _without_watermark(list(found.values()), height * _POINTS)


def _without_watermark(fragments: Sequence[Fragment], height: float) -> list[Fragment]:
    """The fragments but for a phrase strewn over the page: four times or more, at as many heights."""
    counts = Counter(fragment.text.strip() for fragment in fragments)
    strewn = set()
    for text, count in counts.items():
        places = [fragment for fragment in fragments if fragment.text.strip() == text]
        heights, lefts = {round(place.y / 20) for place in places}, {round(place.x / 20) for place in places}
        if count >= 4 and len(text) >= 3 and len(heights) >= 4 and len(lefts) >= 3:
            spread = max(place.y for place in places) - min(place.y for place in places)
            strewn |= {text} if spread > 0.5 * height and not re.fullmatch(r"[\d.,%]+", text) else set()
    return [fragment for fragment in fragments if fragment.text.strip() not in strewn]


def _seen(picture: bytes, box: tuple[float, float, float, float], source: str) -> list[PrintedLine]:
    from ingest.readers.ocr import recognise
    from ingest.readers.picture import as_picture

    pixels = as_picture(picture, source)
    scale = max(box[2:]) * _POINTS / max(pixels.shape[:2])
    return recognise(pixels, points_per_pixel=scale, source=source)


def _largest_picture(content: bytes, location: str, source: str) -> bytes | None:
    """The largest picture that a page shows."""
    from ofdkit.package import Package

    try:
        with Package(content) as package:
            shown = {e.get("ResourceID") for e in package.read_xml(location).iter() if _name(e) == "ImageObject"}
            files = [file for identifier, file in _media(package) if identifier in shown]
            pictures = [package.read(file) for file in dict.fromkeys(files)]
    except Exception:
        return None  # The text of other pages is worth more than a picture that is damaged.
    return max(pictures, key=len, default=None)


def _media(package: Any) -> Iterator[tuple[str, str]]:
    """The identifier and the file of each picture in the resources of a package."""
    for name in package.names:
        if not re.search(r"res[^/]*\.xml$", name, re.IGNORECASE):
            continue
        root = package.read_xml(name)
        for media in root.iter():
            if _name(media) != "MultiMedia":
                continue
            file = next(((e.text or "").strip() for e in media if _name(e) == "MediaFile"), "")
            base = (root.get("BaseLoc") or "").strip("/")
            place = package.resolve(name, f"{base}/{file}" if base else file) or package.resolve(name, file)
            if place:
                yield media.get("ID") or "", place


def _name(element: Any) -> str:
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""
