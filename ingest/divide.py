"""A document with all its divisions, as the index takes it in."""

from dataclasses import dataclass

from ingest.enumerations import find_enumerations
from ingest.model import Document, Enumeration, Outline, Passage
from ingest.outline import find_outline
from ingest.passages import cut_passages
from ingest.references.find import find_references
from ingest.references.model import Reference
from ingest.signature import Signature, sign


@dataclass(frozen=True, slots=True)
class Divided:
    """A document, its outline, the passages that search returns, its lists, what its copies are found by, the
    references that it makes, and the other documents of its file.
    """

    document: Document
    outline: Outline
    passages: tuple[Passage, ...]
    enumerations: tuple[Enumeration, ...]
    signature: Signature
    references: tuple[Reference, ...] = ()
    others: tuple["Divided", ...] = ()


def divide(document: Document) -> Divided:
    """Find all the divisions of a document, and of each where its file holds several."""
    from ingest.attached import divide_parts
    from ingest.parts import find_parts

    parts = find_parts(document)
    return divide_parts(document, parts) if parts else divide_whole(document)


def divide_whole(document: Document) -> Divided:
    """Divide a document that is all that its text holds."""
    return divide_by(document, find_outline(document))


def divide_by(document: Document, outline: Outline) -> Divided:
    """Divide a document of which the outline is known."""
    return Divided(
        document,
        outline,
        cut_passages(document, outline),
        find_enumerations(document, outline),
        sign(document.text),
        find_references(document, outline),
    )
