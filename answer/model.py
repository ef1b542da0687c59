"""The nouns of an answer. A quotation is always `document.text[start:end]`, never rebuilt."""

from dataclasses import dataclass
from typing import Literal

from index.model import Elsewhere, Hit
from ingest.model import DocumentInfo

Kind = Literal["enumeration", "definition", "article", "fact", "passage", "refusal"]


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered quotation: `quote == document.text[start:end]`."""

    n: int
    document: DocumentInfo
    path: tuple[str, ...]
    page: int | None
    start: int
    end: int
    quote: str
    is_recognised: bool = False
    """Whether the quote was recognised in a picture of its page (OCR), so that characters may be misread."""
    also_in: tuple[Elsewhere, ...] = ()
    """Where copies of the document have the same words."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer made of quotations, or a refusal that says why.

    `text` is plain text that marks its quotations with [1], [2], …; `items` are the members of a list in order.
    `nearest` are passages offered with a refusal, as such.
    """

    question: str
    kind: Kind
    answerable: bool
    text: str
    items: tuple[str, ...]
    citations: tuple[Citation, ...]
    confidence: float
    nearest: tuple[Hit, ...] = ()
