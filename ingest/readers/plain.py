"""Bytes → text: the encodings Chinese office files come in, told apart by what they decode to."""

import codecs
import re
from itertools import pairwise

from ingest.errors import UnreadableFile
from ingest.layout import find_wrap_width, join_lines, split_lines
from ingest.readers.extract import Extract
from ingest.readers.legible import common_share

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_SAMPLE = 100_000
_PAGE_NUMBER = re.compile(r"\s*[—–－―-]+\s*(\d{1,4})\s*[—–－―-]+\s*")


def read_plain(content: bytes, source: str) -> Extract:
    """Read a text file; raises UnreadableFile for bytes that are not text in a known encoding."""
    lines = without_page_numbers(split_lines(decode(content, source)))
    text, _ = join_lines(lines, wrap_width=find_wrap_width(lines))
    return Extract(text)


def without_page_numbers(lines: list[str]) -> list[str]:
    """The lines but for page numbers between dashes (— 3 —) that count up, and the blank lines around them."""
    places = [position for position, line in enumerate(lines) if _PAGE_NUMBER.fullmatch(line)]
    numbers = [int(match[1]) for position in places if (match := _PAGE_NUMBER.fullmatch(lines[position]))]
    if len(numbers) < 2 or any(after != before + 1 for before, after in pairwise(numbers)):
        return lines
    dropped: set[int] = set()
    for place in places:
        dropped.add(place)
        for step in (-1, 1):
            position = place + step
            while 0 <= position < len(lines) and not lines[position].strip():
                dropped.add(position)
                position += step
    return [line for position, line in enumerate(lines) if position not in dropped]


def decode(content: bytes, source: str) -> str:
    """Decode UTF-8, GB18030, Big5 or UTF-16; raises UnreadableFile where none gives legible text."""
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return content[len(bom) :].decode(encoding, "replace")
    for encoding in ("utf-8", "gb18030", "big5hkscs", "utf-16-le", "utf-16-be"):
        text = _decoded(content, encoding)
        if text is not None and _is_legible(text, encoding):
            return text
    if len(_CONTROL.findall(content[:_SAMPLE].decode("latin-1"))) * 100 > len(content[:_SAMPLE]):
        raise UnreadableFile(source, "binary content, not text; check what kind of file it is and name it accordingly")
    raise UnreadableFile(source, "text encoding not recognised; save it as UTF-8")


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        # A file cut off amid its last character is still that encoding.
        if len(content) - error.start < 4 and error.start > 0:
            return content[: error.start].decode(encoding)
    return None


def _is_legible(text: str, encoding: str) -> bool:
    sample = text[:_SAMPLE]
    if len(_CONTROL.findall(sample)) * 100 > len(sample):
        return False
    # Strict UTF-8 does not happen by chance; the others decode nearly anything, into characters nobody uses.
    return encoding == "utf-8" or common_share(sample) >= 0.8
