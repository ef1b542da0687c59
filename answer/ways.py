"""The ways of answering: an article, a term, first use, wording, a quotation for each year, a list, a passage."""

from collections.abc import Sequence
from dataclasses import replace

from answer.articles import find_article
from answer.extract import MOST_SENTENCES, Extract, extracts, gives_figure_asked
from answer.figures import figure_asked
from answer.inquiry import (
    Inquiry,
    Quotation,
    answer_of,
    cite,
    likeness,
    quoted,
    refusal,
    sentence_around,
    with_headers,
)
from answer.lists import Listing, find_listings, item_text
from answer.model import Answer, Kind
from answer.question import Question, english_term
from answer.terms import Explanation, explanations, spread_of_use
from index.catalogue import Catalogue
from index.exact import occurrences
from index.model import Hit
from index.query import QUOTED
from ingest.enumerations import term_size
from ingest.model import Enumeration

LIST_THRESHOLD = 0.35
"""A list that fits less is not given as the answer to a question for one."""
PLAIN_FIT, PLAIN_CONFIDENCE = 0.8, 0.75
"""A list that fits so well is an answer of at least this confidence."""
EXPLAINS = 0.5
"""The least strength of a sentence that is given as the explanation of a term."""
TRANSLATES = 2.0
"""How like an English name the Chinese term must be, at least, that it may stand for."""
MOST_QUOTATIONS = 3
MOST_FACETS = 4
MOST_WORDINGS = 8


def by_article(inquiry: Inquiry) -> Answer | None:
    """The text of an article asked for by number."""
    if inquiry.question.article is None or not inquiry.query.naming.named:
        return None
    named = [info for info in inquiry.query.naming.named if inquiry.admits(info)]
    if not named:
        return None
    article = find_article(_catalogue(inquiry), inquiry.question, named)
    if article is None:
        titles = "、".join(dict.fromkeys(f"《{info.title}》" for info in named[:2]))
        return refusal(inquiry, f"{titles}里没有第{inquiry.question.article}条。")
    span = article.span(inquiry.question.clause)
    if span is None:
        return refusal(
            inquiry,
            f"《{article.document.info.title}》{article.label}只有{len(article.clauses)}款。",
            cited=[Quotation(article.document, article.start, article.end)],
        )
    citations = cite(inquiry, [Quotation(article.document, *span)])
    return answer_of(inquiry, "article", quoted(citations), citations, 0.95)


def by_first_use(inquiry: Inquiry) -> Answer | None:
    """The oldest sentence in which a phrase occurs."""
    if inquiry.question.wanted != "first use":
        return None
    for term in inquiry.question.terms:
        for document, offsets in occurrences(_catalogue(inquiry), term, filters=inquiry.filters):
            citations = cite(inquiry, [sentence_around(document, offsets[0])])
            return answer_of(inquiry, "fact", f"文库里“{term}”最早见于：\n{quoted(citations)}", citations, 0.9)
    return None


def by_wording(inquiry: Inquiry) -> Answer | None:
    """The sentences that use a phrase, one from each document, the newest documents when there are many."""
    if not inquiry.question.wording:
        return None
    for term in inquiry.question.terms:
        used = _catalogue(inquiry).copies.once(occurrences(_catalogue(inquiry), term, filters=inquiry.filters))
        favoured = [pair for pair in used if inquiry.favour(pair[0]) > 0] or used
        favoured.sort(key=lambda pair: (pair[0].info.date, pair[0].info.source))
        if favoured:
            quotations = [sentence_around(document, offsets[0]) for document, offsets in favoured[-MOST_WORDINGS:]]
            citations = cite(inquiry, quotations)
            return answer_of(inquiry, "passage", quoted(citations), citations, 0.85)
    return None


def by_term(inquiry: Inquiry) -> Answer | None:
    """What a term means: its members, or the sentence that explains it; a refusal when it is only used."""
    question = inquiry.question
    if question.wanted not in ("definition", "list"):
        return None
    for term in question.terms:
        listing = _spelt_out(inquiry, term)
        if listing is not None:
            return _list_answer(
                inquiry, listing, "definition" if question.wanted == "definition" else "enumeration", 0.95
            )
        explained = [
            one for one in explanations(_catalogue(inquiry), term, filters=inquiry.filters) if one.strength >= EXPLAINS
        ]
        if explained:
            best = max(explained, key=lambda one: one.strength + inquiry.favour(one.document))
            return _explanation_answer(inquiry, best)
        if question.wanted == "definition" or _asks_members(question, term):
            return _only_used(inquiry, term)
    return _english_term(inquiry)


def _asks_members(question: Question, term: str) -> bool:
    """Whether a list is wanted of what a number-abbreviation stands for: it is quoted, or as many members are asked."""
    size = term_size(term)
    quoted = any(match["term"].strip() == term for match in QUOTED.finditer(question.text))
    return size is not None and (quoted or question.count == size)


def _spelt_out(inquiry: Inquiry, term: str) -> Listing | None:
    """The list that spells a number-abbreviation out: its own, or one announced with it that has its number."""
    sizes = {term_size(term), inquiry.question.count} - {None}
    found: list[Listing] = []
    for document, _ in occurrences(_catalogue(inquiry), term, filters=inquiry.filters):
        for enumeration in _catalogue(inquiry).enumerations(document.info.id):
            announcement = document.text[enumeration.start : enumeration.end]
            if enumeration.term == term:
                found.append(Listing(document, enumeration, 1 + inquiry.favour(document)))
            elif (
                len(enumeration.members) in sizes
                and not enumeration.term
                and _is_about(enumeration, announcement, term)
            ):
                found.append(Listing(document, enumeration, inquiry.favour(document)))
    return max(found, key=lambda one: (one.score, one.document.info.date), default=None)


def _is_about(enumeration: Enumeration, announcement: str, term: str) -> bool:
    return term in announcement or term in enumeration.members[0].label


def _explanation_answer(inquiry: Inquiry, explanation: Explanation) -> Answer:
    citations = cite(inquiry, [Quotation(explanation.document, explanation.start, explanation.end)])
    return answer_of(inquiry, "definition", quoted(citations), citations, 0.5 + 0.4 * min(explanation.strength, 1.0))


def _only_used(inquiry: Inquiry, term: str) -> Answer | None:
    used = _catalogue(inquiry).copies.once(spread_of_use(_catalogue(inquiry), term, filters=inquiry.filters))
    if not used:
        return None
    cited = [sentence_around(document, offset) for document, offset in used[:MOST_QUOTATIONS]]
    reason = f"文库里有{len(used)}份文件提到“{term}”，但没有找到对它的解释。"
    return refusal(inquiry, reason, cited=cited, nearest=())


def _english_term(inquiry: Inquiry) -> Answer | None:
    """A number-abbreviation named in English: of the terms with as many members the one most like its English name."""
    named = english_term(inquiry.question.text)
    if named is None:
        return None
    candidates = [
        (enumeration, document)
        for enumeration in _catalogue(inquiry).all_enumerations()
        if enumeration.term and len(enumeration.members) == named[1]
        for document in [_catalogue(inquiry).document(enumeration.document_id)]
        if inquiry.admits(document.info)
    ]
    if not candidates:
        return None
    alike = inquiry.searcher.likeness(named[0], [enumeration.term for enumeration, _ in candidates])
    best = max(range(len(candidates)), key=lambda i: (alike[i], -i))
    if alike[best] < TRANSLATES:
        return None
    enumeration, document = candidates[best]
    return _list_answer(inquiry, Listing(document, enumeration, 1.0), "enumeration", 0.7)


def by_facets(inquiry: Inquiry) -> Answer | None:
    """A quotation for each of the years or regions that a question compares."""
    naming = inquiry.query.naming
    if inquiry.is_out_of_reach(inquiry.confidence):
        return None
    lists = inquiry.question.wanted == "list" and not inquiry.query.wants_figures
    if lists or not 2 <= max(len(naming.years), len(naming.regions)) <= MOST_FACETS:
        return None
    by_region = len(naming.regions) > 1
    compared: dict[str | int | None, list[str]] = {}
    for info in naming.focus:
        if (info.region or not by_region) and inquiry.admits(info):
            compared.setdefault(info.region if by_region else info.year, []).append(info.key)
    quotations: list[Quotation] = []
    for _, sources in sorted(compared.items(), key=lambda one: str(one[0]))[:MOST_FACETS]:
        narrowed = replace(inquiry.filters, sources=tuple(sources))
        hits = inquiry.searcher.search(inquiry.question.text, k=3, filters=narrowed, weights=inquiry.method.weights)
        best = _extracts(inquiry, hits, most=1)
        quotations.extend(with_headers(Quotation(one.document, one.start, one.end) for one in best))
    if len(quotations) < 2:
        return None
    citations = cite(inquiry, quotations)
    return answer_of(inquiry, "fact", quoted(citations), citations, inquiry.confidence)


def by_list(inquiry: Inquiry) -> Answer | None:
    """The list that a question asks for, when one fits it; one that fits plainly is always an answer."""
    question = inquiry.question
    if question.wanted != "list" and question.count is None:
        return None
    listings = find_listings(
        _catalogue(inquiry),
        inquiry.hits,
        inquiry.wording,
        lambda texts: likeness(inquiry, texts),
        count=question.count,
        terms=question.terms,
    )
    if not listings or listings[0].fit < (LIST_THRESHOLD if question.wanted == "list" else PLAIN_FIT):
        return None
    # Of the words of a foreign question the documents have none: the number alone must be right, and announced.
    if inquiry.query.is_foreign and listings[0].enumeration.announced != question.count:
        return None
    confidence = inquiry.confidence
    if listings[0].fit >= PLAIN_FIT:
        confidence = max(confidence, PLAIN_CONFIDENCE)
    if inquiry.is_out_of_reach(confidence):
        return None
    return _list_answer(inquiry, listings[0], "enumeration", confidence)


def _list_answer(inquiry: Inquiry, listing: Listing, kind: Kind, confidence: float) -> Answer:
    document, enumeration = listing.document, listing.enumeration
    inside = all(enumeration.start <= member.start and member.end <= enumeration.end for member in enumeration.members)
    quotations = (
        [Quotation(document, enumeration.start, enumeration.end)] if enumeration.end > enumeration.start else []
    )
    if not inside:
        quotations.extend(Quotation(document, member.start, member.head_end) for member in enumeration.members)
    citations = cite(inquiry, quotations)
    first = len(citations) - len(enumeration.members)
    lines = [citations[0].quote + " [1]"] if inside or first else []
    for position, member in enumerate(enumeration.members):
        number = 1 if inside else citations[first + position].n
        lines.append(f"{position + 1}. {item_text(document.text, member)} [{number}]")
    if enumeration.announced is not None and enumeration.announced > len(enumeration.members):
        lines.append(f"（原文说有{enumeration.announced}项，找到{len(enumeration.members)}项。）")
    return answer_of(
        inquiry,
        kind,
        "\n".join(lines),
        citations,
        confidence,
        listing.items,
    )


def by_extract(inquiry: Inquiry) -> Answer | None:
    """The sentences of the best passages that answer the question; a refusal when they lack the figure asked for."""
    confidence = inquiry.confidence
    found = [] if inquiry.is_out_of_reach(confidence) else _extracts(inquiry, inquiry.hits)
    if not found:
        return None
    figure = figure_asked(inquiry.question.text)
    if figure is not None and not any(gives_figure_asked(one, figure) for one in found):
        return refusal(inquiry, f"文库里最接近的原文没有给出{figure.name}。", confidence=confidence)
    citations = cite(inquiry, with_headers([Quotation(one.document, one.start, one.end) for one in found]))
    kind: Kind = "fact" if inquiry.query.wants_figures else "passage"
    return answer_of(inquiry, kind, quoted(citations), citations, confidence)


def _extracts(inquiry: Inquiry, hits: Sequence[Hit], *, most: int = MOST_SENTENCES) -> list[Extract]:
    return extracts(
        _catalogue(inquiry), hits, inquiry.query, inquiry.wording, lambda texts: likeness(inquiry, texts), most=most
    )


def _catalogue(inquiry: Inquiry) -> Catalogue:
    return inquiry.searcher.catalogue
