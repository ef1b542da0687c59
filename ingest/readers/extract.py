"""What a reader hands over: the text of a file in normal form, where its pages begin, and the rows of its tables."""

from dataclasses import dataclass

from ingest.model import HeadingMark, Row


@dataclass(frozen=True, slots=True)
class Extract:
    """Text in the normal form of `Document.text`, for paged formats the offset at which each page begins."""

    text: str
    pages: tuple[int, ...] = ()
    recognised: tuple[int, ...] = ()
    """The pages, from 1, whose text was recognised in a picture of them (OCR) and may hold misread characters."""
    rows: tuple[Row, ...] = ()
    marks: tuple[HeadingMark, ...] = ()
    """What the file sets off as headings."""
