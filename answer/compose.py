"""From a question to an answer made of quotations, or a refusal that says why.

Each way of answering is tried in turn, the most specific first; the first that has an answer gives it.
"""

from collections.abc import Callable

from answer.confidence import confidence_of
from answer.inquiry import Inquiry
from answer.matching import wording_of
from answer.model import Answer
from answer.question import understand
from answer.refusals import refuse_missing
from answer.ways import by_article, by_extract, by_facets, by_first_use, by_list, by_term, by_wording
from index import Searcher
from index.model import Filters
from index.query import read_query

DEPTH = 20
"""Passages looked at for an answer."""
WAYS: tuple[Callable[[Inquiry], Answer | None], ...] = (
    refuse_missing,
    by_article,
    by_first_use,
    by_wording,
    by_term,
)


def ask(searcher: Searcher, question: str, *, filters: Filters | None = None) -> Answer:
    """Answer a question from the documents of an index; BadRequest when it is empty.

    Every quotation is cut from its document by offset. `kind` is "refusal" when the library does not answer it.
    """
    # What is found and what is quoted are of one state of the index, whoever refreshes it meanwhile.
    searcher = searcher.pinned()
    admitted = filters or Filters()
    asked = understand(question)
    hits = tuple(searcher.search(asked.text, k=DEPTH, filters=admitted))
    query = read_query(asked.text, searcher.names.in_question(asked.text))
    wording = wording_of(asked.text, searcher.term_frequency, searcher.catalogue.counts().passages)
    inquiry = Inquiry(searcher, asked, query, admitted, hits, wording)
    for way in WAYS:
        answer = way(inquiry)
        if answer is not None:
            return answer
    confidence = confidence_of(inquiry)
    return by_facets(inquiry, confidence) or by_list(inquiry, confidence) or by_extract(inquiry, confidence)
