"""From a question to an answer made of quotations, or a refusal that says why.

Each way of answering is tried in turn, the most specific first; the first that has an answer gives it.
"""

from collections.abc import Callable

from answer.inquiry import Inquiry, refusal
from answer.matching import wording_of
from answer.method import METHOD, Method, WayName
from answer.model import Answer
from answer.question import understand
from answer.refusals import refuse_missing
from answer.ways import by_article, by_extract, by_facets, by_first_use, by_list, by_term, by_wording
from index import Searcher
from index.model import Filters
from index.query import read_query

DEPTH = 20
"""Passages looked at for an answer."""
WAYS: dict[WayName, Callable[[Inquiry], Answer | None]] = {
    "missing": refuse_missing,
    "article": by_article,
    "first use": by_first_use,
    "wording": by_wording,
    "term": by_term,
    "facets": by_facets,
    "list": by_list,
    "extract": by_extract,
}


def ask(searcher: Searcher, question: str, *, filters: Filters | None = None, method: Method = METHOD) -> Answer:
    """Answer a question from the documents of an index; BadRequest when it is empty.

    Every quotation is cut from its document by offset. `kind` is "refusal" when the library does not answer it.
    """
    # What is found and what is quoted are of one state of the index, whoever refreshes it meanwhile.
    searcher = searcher.pinned()
    admitted = filters or Filters()
    asked = understand(question)
    hits = tuple(searcher.search(asked.text, k=DEPTH, filters=admitted, weights=method.weights))
    query = read_query(asked.text, searcher.names.in_question(asked.text))
    wording = wording_of(asked.text, searcher.term_frequency, searcher.catalogue.counts().passages)
    inquiry = Inquiry(searcher, asked, query, admitted, hits, wording, method)
    for name in method.ways:
        answer = WAYS[name](inquiry)
        if answer is not None:
            return answer
    return refusal(inquiry, "文库里没有找到能回答这个问题的内容。", confidence=inquiry.confidence)
