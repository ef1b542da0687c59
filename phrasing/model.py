"""The nouns of a look-up of wording (concordance, KWIC: key word in context)."""

from dataclasses import dataclass

from ingest.model import DocumentInfo


@dataclass(frozen=True, slots=True)
class Line:
    """One occurrence with its context: `document.text[start:start + len(match)] == match`."""

    left: str
    match: str
    right: str
    document: DocumentInfo
    start: int
    page: int | None


@dataclass(frozen=True, slots=True)
class Concordance:
    """All occurrences of a phrase, oldest document first, undated ones last.

    `count` is exact whatever number of `lines` is kept.
    """

    phrase: str
    count: int
    documents: tuple[tuple[DocumentInfo, int], ...]
    lines: tuple[Line, ...]
