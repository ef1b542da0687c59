"""What a document offers to write questions about: sentences, lists, explained terms, articles, terms only used.

Each is offered with the words that would prove an answer: 12 to 120 characters of one passage that stand in the
document once.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from answer.lists import item_text
from answer.terms import explanations
from index.catalogue import Catalogue
from ingest.chinese import NUMERAL, sentence_at, sentences
from ingest.divide import Divided
from ingest.enumerations import term_size
from ingest.model import DocumentInfo, Enumeration, Passage
from ingest.signature import sign

SHORTEST, LONGEST = 12, 120
"""Characters of a quote."""
_ALONE = 20
"""A sentence of fewer characters is quoted with the next."""
_MOST_MEMBERS = 12
_ITEM = range(2, 81)
_TRIED_TERMS = 5
"""Terms of a document that are looked up in all others."""
_HAN_SHARE = 0.6
_ARTICLE = re.compile(rf"第{NUMERAL}条(?:之{NUMERAL})?")
_LABEL = re.compile(rf"{_ARTICLE.pattern}\s+")
_EXPLAINED = re.compile(r"是指|系指|指的是|也就是|所称")
_QUOTED = re.compile(r"“([^“”，。；：、！？《》\s]{3,10})”")
_FULL = tuple("。！？”；")

Span = tuple[int, int]
Order = Callable[[int], bytes]
"""What the places of a document are ordered by: its lot."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something to write a question about: the stretches that prove the answer, or a term that is only used."""

    type: str
    start: int
    quotes: tuple[Span, ...] = ()
    items: tuple[str, ...] = ()
    article: str = ""
    term: str = ""
    """The term at `start` that is used and not explained."""


def passage_of(held: Divided, start: int, end: int) -> Passage | None:
    """The passage that holds a stretch of a document, None where none holds all of it."""
    return next((one for one in held.passages if one.start <= start and end <= one.end), None)


def divided(catalogue: Catalogue, info: DocumentInfo) -> Divided:
    """A document as its index divides it."""
    document = catalogue.document(info.id)
    return Divided(
        document,
        catalogue.outline(info.id),
        catalogue.passages(info.id),
        catalogue.enumerations(info.id),
        sign(document.own_text),
    )


def sentences_of(held: Divided, order: Order) -> Iterator[Candidate]:
    """Sentences, a short one with the next; a long one by its clauses."""
    for passage in sorted(held.passages, key=lambda one: order(one.start)):
        spans = [quote for span in _stretches(held, passage) if (quote := _quote(held, *span))]
        for start, end in sorted(spans, key=lambda span: order(span[0])):
            yield Candidate(_type_of(held, start, end), start, ((start, end),))


def lists_of(held: Divided, order: Order) -> Iterator[Candidate]:
    """Lists that are whole, with a quote for all members, or one for each where they lie apart."""
    for one in _ordered(held.enumerations, order):
        items = _items(held, one)
        quotes = _quotes_of_list(held, one)
        if not one.term and items and quotes:
            yield Candidate("enumeration", one.start, quotes, items)


def terms_of(held: Divided, order: Order) -> Iterator[Candidate]:
    """Explained terms: number-abbreviations with what they stand for, then sentences that say what something means."""
    for one in _ordered(held.enumerations, order):
        items = _items(held, one)
        quotes = _quotes_of_list(held, one)
        if one.term and items and quotes:
            yield Candidate("definition", one.start, quotes, items)
    found = {sentence_at(held.document.text, match.start()) for match in _EXPLAINED.finditer(held.document.text)}
    for span in sorted(found, key=lambda span: order(span[0])):
        if quote := _quote(held, *span):
            yield Candidate("definition", quote[0], (quote,))


def articles_of(held: Divided, order: Order) -> Iterator[Candidate]:
    """Articles by their number, with their first sentence."""
    text = held.document.text
    for node in sorted(held.outline.nodes, key=lambda node: order(node.start)):
        if _ARTICLE.fullmatch(node.label.strip()):
            body = node.start + len(node.label) + len(node.heading)
            first = next(sentences(text, body, node.end), None)
            if first and (quote := _quote(held, *first)):
                yield Candidate("citation", node.start, (quote,), article=node.label.strip())


def unexplained_in(catalogue: Catalogue) -> Callable[[Divided, Order], Iterator[Candidate]]:
    """Terms in quotation marks that the documents use and never explain: questions about them have no answer."""

    seen: set[str] = set()

    def unexplained(held: Divided, order: Order) -> Iterator[Candidate]:
        first: dict[str, int] = {}
        for match in _QUOTED.finditer(held.document.text):
            first.setdefault(match[1], match.start(1))
        spelt_out = {one.term for one in held.enumerations}
        terms = sorted(first, key=lambda term: (term_size(term) is None, order(first[term])))
        for term in terms[:_TRIED_TERMS]:
            if term not in seen | spelt_out and not explanations(catalogue, term):
                yield Candidate("unanswerable", first[term], term=term)
            seen.add(term)

    return unexplained


def _ordered(enumerations: Iterable[Enumeration], order: Order) -> list[Enumeration]:
    return sorted(enumerations, key=lambda one: (order(one.start), len(one.members)))


def _stretches(held: Divided, passage: Passage) -> Iterator[Span]:
    text = held.document.text
    spans = [
        span
        for start, end in sentences(text, passage.start, passage.end)
        for span in ([(start, end)] if end - start <= LONGEST else sentences(text, start, end, clauses=True))
    ]
    joined = False
    for place, (start, end) in enumerate(spans):
        if joined:
            joined = False
            continue
        following = spans[place + 1] if place + 1 < len(spans) else None
        joined = end - start < _ALONE and following is not None and following[0] == end
        yield start, following[1] if joined and following else end


def _quote(held: Divided, start: int, end: int) -> Span | None:
    """A stretch without an article's number and white space around it, None where it proves no answer by itself."""
    text = held.document.text
    label = _LABEL.match(text, start, end)
    start = label.end() if label else start
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    words = words.strip()
    end = start + len(words)
    fits = SHORTEST <= len(words) <= LONGEST and "\n" not in words and words.endswith(_FULL)
    han = sum("一" <= character <= "鿿" for character in words)
    if not fits or han < _HAN_SHARE * len(words) or passage_of(held, start, end) is None or text.count(words) != 1:
        return None
    return start, end


def _type_of(held: Divided, start: int, end: int) -> str:
    if any(_ARTICLE.match(part) for part in held.outline.path_at(start)):
        return "rule"
    return "factoid" if re.search(r"\d", held.document.text[start:end]) else "passage"


def _items(held: Divided, one: Enumeration) -> tuple[str, ...]:
    """The members of a list as items, none where the list is not whole or too long to ask for."""
    items = tuple(item_text(held.document.text, member) for member in one.members)
    whole = one.announced in (None, len(items)) and 2 <= len(set(items)) == len(items) <= _MOST_MEMBERS
    return items if whole and all(len(item) in _ITEM and "\n" not in item for item in items) else ()


def _quotes_of_list(held: Divided, one: Enumeration) -> tuple[Span, ...]:
    text = held.document.text
    last = max(one.end, one.members[-1].end)
    if "\n" not in text[one.start : last] and (whole := _quote(held, one.start, last)):
        return (whole,)
    quotes = [
        _quote(held, member.start, member.head_end) or _quote(held, member.start, member.end) for member in one.members
    ]
    return tuple(quote for quote in quotes if quote) if all(quotes) else ()
