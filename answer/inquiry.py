"""A question under work: what it asks, what was found for it, and the cutting of citations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from answer.confidence import confidence_of
from answer.matching import Wording
from answer.method import METHOD, Method
from answer.model import Answer, Citation, Kind
from answer.question import Question
from index import Searcher
from index.filters import admits
from index.model import Filters, Hit
from index.query import Query
from ingest.chinese import sentence_at
from ingest.model import Document, DocumentInfo


@dataclass(frozen=True)
class Inquiry:
    """A question taken apart, the documents it names, and the passages found for it."""

    searcher: Searcher
    question: Question
    query: Query
    filters: Filters
    hits: tuple[Hit, ...]
    wording: Wording
    method: Method = METHOD

    @cached_property
    def confidence(self) -> float:
        """How sure an answer from the passages found may be, 0 to 1."""
        return confidence_of(self)

    def is_out_of_reach(self, confidence: float) -> bool:
        """Whether an answer of this confidence is better refused."""
        return confidence < self.method.refuse_below

    def admits(self, info: DocumentInfo) -> bool:
        """Whether the filters admit a document."""
        return admits(self.filters, info)

    def favour(self, document: Document) -> float:
        """What the question says of documents, for this one: positive where it names it, 0 is neutral."""
        return self.query.naming.bonuses.get(document.info.id, 0.0)


@dataclass(frozen=True, slots=True)
class Quotation:
    """A stretch of a document to be cited."""

    document: Document
    start: int
    end: int


def likeness(inquiry: Inquiry, texts: Sequence[str]) -> list[float]:
    """How like the question some texts are: cosines, one for each, all alike where meaning is not to count."""
    if not inquiry.method.by_meaning:
        return [0.0] * len(texts)
    return inquiry.searcher.likeness(inquiry.question.text, texts)


def with_headers(quotations: Iterable[Quotation]) -> list[Quotation]:
    """The quotations, before each row of a table what it is to be read with: the table's header, spanning cells."""
    given: list[Quotation] = []
    for quotation in quotations:
        document = quotation.document
        row = document.row_at(quotation.start)
        for start, end in row.heads if row else ():
            if not any(one.document is document and one.start <= start and end <= one.end for one in given):
                given.append(Quotation(document, start, end))
        given.append(quotation)
    return given


def cite(inquiry: Inquiry, quotations: Iterable[Quotation]) -> tuple[Citation, ...]:
    """Number the quotations from 1; blank edges are left out of the quote."""
    citations: list[Citation] = []
    for quotation in quotations:
        text = quotation.document.text
        raw = text[quotation.start : quotation.end]
        start = quotation.start + len(raw) - len(raw.lstrip())
        quote = raw.strip()
        outline = inquiry.searcher.catalogue.outline(quotation.document.info.id)
        citations.append(
            Citation(
                len(citations) + 1,
                quotation.document.info,
                outline.path_at(start),
                quotation.document.page_at(start),
                start,
                start + len(quote),
                quote,
                quotation.document.is_recognised(start, start + len(quote)),
            )
        )
    return tuple(citations)


def sentence_around(document: Document, offset: int) -> Quotation:
    """The sentence in which `offset` stands."""
    return Quotation(document, *sentence_at(document.text, offset))


def answer_of(
    inquiry: Inquiry,
    kind: Kind,
    text: str,
    citations: tuple[Citation, ...],
    confidence: float,
    items: tuple[str, ...] = (),
) -> Answer:
    """An answer to the inquiry's question."""
    return Answer(inquiry.question.text, kind, True, text, items, citations, round(min(confidence, 0.99), 3))


def refusal(
    inquiry: Inquiry,
    reason: str,
    *,
    cited: Iterable[Quotation] = (),
    confidence: float = 0.0,
    nearest: tuple[Hit, ...] | None = None,
) -> Answer:
    """A refusal that says why, with the nearest passages offered as such: the first found unless others are given."""
    citations = cite(inquiry, cited)
    offered = inquiry.hits[:3] if nearest is None else nearest
    return Answer(inquiry.question.text, "refusal", False, reason, (), citations, round(confidence, 3), offered)


def quoted(citations: Iterable[Citation]) -> str:
    """The quotations as the text of an answer, each with its number."""
    return "\n".join(f"{citation.quote} [{citation.n}]" for citation in citations)
