"""A document with all its divisions, as the index takes it in."""

from dataclasses import dataclass

from ingest.enumerations import find_enumerations
from ingest.model import Document, Enumeration, Outline, Passage
from ingest.outline import find_outline
from ingest.passages import cut_passages
from ingest.signature import Signature, sign


@dataclass(frozen=True, slots=True)
class Divided:
    """A document, its outline, the passages that search returns, its lists, and what its copies are found by.

    `others` are the other documents of its file.
    """

    document: Document
    outline: Outline
    passages: tuple[Passage, ...]
    enumerations: tuple[Enumeration, ...]
    signature: Signature
    others: tuple["Divided", ...] = ()


def divide(document: Document) -> Divided:
    """Find the outline, the passages and the lists of a document, and of each where its file holds several."""
    from ingest.attached import divide_parts
    from ingest.parts import find_parts

    parts = find_parts(document)
    return divide_parts(document, parts) if parts else divide_whole(document)


def divide_whole(document: Document) -> Divided:
    """Divide a document that is all that its text holds."""
    outline = find_outline(document)
    passages, enumerations = cut_passages(document, outline), find_enumerations(document, outline)
    return Divided(document, outline, passages, enumerations, sign(document.text))
