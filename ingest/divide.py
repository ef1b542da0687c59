"""A document with all its divisions, as the index takes it in."""

from dataclasses import dataclass

from ingest.enumerations import find_enumerations
from ingest.model import Document, Enumeration, Outline, Passage
from ingest.outline import find_outline
from ingest.passages import cut_passages
from ingest.references.find import find_references
from ingest.references.model import Reference


@dataclass(frozen=True, slots=True)
class Divided:
    """A document, its outline, the passages that search returns, its lists, and the references that it makes."""

    document: Document
    outline: Outline
    passages: tuple[Passage, ...]
    enumerations: tuple[Enumeration, ...]
    references: tuple[Reference, ...] = ()


def divide(document: Document) -> Divided:
    """Find the outline, the passages, the lists and the references of a document."""
    outline = find_outline(document)
    lists = find_enumerations(document, outline)
    return Divided(document, outline, cut_passages(document, outline), lists, find_references(document, outline))
