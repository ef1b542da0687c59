"""Exact occurrences of a phrase in the original texts."""

from collections.abc import Iterator

from index.catalogue import Catalogue
from index.model import Filters
from ingest.model import Document


def occurrences(
    catalogue: Catalogue, phrase: str, *, filters: Filters | None = None
) -> Iterator[tuple[Document, tuple[int, ...]]]:
    """Yield each document that contains `phrase` with the offsets of its occurrences, oldest document first.

    Occurrences do not overlap, as with `str.count`; documents without a date come last.
    """
    for info in catalogue.infos(filters or Filters()):
        document = catalogue.document(info.id)
        offsets = tuple(
            start + offset for start, end in document.own for offset in offsets_of(phrase, document.text[start:end])
        )
        if offsets:
            yield document, offsets


def offsets_of(phrase: str, text: str) -> Iterator[int]:
    """Yield the offsets of the non-overlapping occurrences of `phrase` in `text`, left to right."""
    offset = text.find(phrase) if phrase else -1
    while offset >= 0:
        yield offset
        offset = text.find(phrase, offset + len(phrase))
