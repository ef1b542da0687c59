"""The nouns of a look-up of wording (concordance, KWIC: key word in context)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

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
    copy_of: Mapping[str, str] = field(default_factory=dict)
    """Of the documents that are copies of another one among them the source, and the source of that one."""

    @property
    def first(self) -> str | None:
        """Date of the oldest dated document that has the phrase, ISO 8601, None where there is none."""
        return min((document.date for document, _ in self.documents if document.date), default=None)

    @property
    def last(self) -> str | None:
        """Date of the newest dated document that has the phrase, ISO 8601, None where there is none."""
        return max((document.date for document, _ in self.documents if document.date), default=None)

    @property
    def by_year(self) -> dict[int, int]:
        """Occurrences a year, in order; years without any and undated documents are left out."""
        years: dict[int, int] = {}
        for document, count in self.documents:
            if document.year is not None:
                years[document.year] = years.get(document.year, 0) + count
        return dict(sorted(years.items()))


@dataclass(frozen=True, slots=True)
class Variant:
    """A near wording of a phrase: how often and in how many documents it stands, and when (None where undated)."""

    wording: str
    count: int
    documents: int
    first: str | None
    last: str | None
