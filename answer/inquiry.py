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
from index.copies import elsewhere
from index.filters import admits
from index.model import Elsewhere, Filters, Hit
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
    """How like the question some texts are (`Searcher.likeness`), all 0 where meaning is not to count."""
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
    """Number the quotations from 1; blank edges are left out of the quote.

    Of copies that have the words the best one is cited (`index.copies`), and the others are named with it.
    """
    citations: list[Citation] = []
    for found in quotations:
        quotation, also_in = from_best_copy(inquiry, found)
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
                also_in,
            )
        )
    return tuple(citations)


def from_best_copy(inquiry: Inquiry, quotation: Quotation) -> tuple[Quotation, tuple[Elsewhere, ...]]:
    """The quotation from the best copy that has its words, and where the other copies have them.

    A copy is left out that the filters do not admit; one that the question favours less is not cited instead.
    """
    catalogue = inquiry.searcher.catalogue
    group = catalogue.copies.of(quotation.document.info.id)
    if group is None:
        return quotation, ()
    others = [info for info in group.documents if info.id != quotation.document.info.id and inquiry.admits(info)]
    documents = {info.id: catalogue.document(info.id) for info in others}
    places = {
        one.document.id: one
        for one in elsewhere(quotation.document, quotation.start, quotation.end, documents.values())
    }
    here = Elsewhere(
        quotation.document.info, quotation.start, quotation.end, quotation.document.page_at(quotation.start)
    )
    places[here.document.id] = here
    wanted = inquiry.favour(quotation.document)
    best = next(
        info.id
        for info in group.documents
        if info.id in places and (info.id == here.document.id or inquiry.favour(documents[info.id]) >= wanted)
    )
    chosen = quotation if best == here.document.id else Quotation(documents[best], places[best].start, places[best].end)
    return chosen, tuple(places[info.id] for info in group.documents if info.id in places and info.id != best)


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
