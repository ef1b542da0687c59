"""Asking questions of an index and judging what comes back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from answer import ask
from eval.gold import document_of, stretches_of
from eval.measures import Stretch, covers, evidence, item_scores
from eval.outcome import DEPTH, LIST_TYPES, Excerpt, GoldOutcome, Outcome
from eval.parts import Setup

if TYPE_CHECKING:
    from answer.model import Answer, Citation
    from eval.embedded import EmbeddingCache
    from eval.questions import Question
    from index import Searcher
    from index.model import Hit


_WARM_UP = "机关作风建设的总体要求是什么"
NOT_HELD = "（不在库中）"
"""The kind given for gold documents that the index does not hold."""


@dataclass(frozen=True, slots=True)
class Times:
    """How long a question took, milliseconds: to answer, and to search alone."""

    ask: float
    search: float


def run_questions(
    searcher: Searcher, questions: Sequence[Question], setup: Setup | None = None
) -> Iterator[tuple[Outcome, Times]]:
    """Search and ask every question in order.

    Evidence that the index does not hold counts as not found. The outcomes depend on the index, the questions and the
    setup alone, to the bit; the times do not. `searcher` has the vectors that the setup wants (`without_context`).
    """
    ask(searcher, _WARM_UP)  # the first question pays for what is loaded then
    for question in questions:
        yield _run_one(searcher, question, setup or Setup())


def without_context(
    searcher: Searcher, cache: EmbeddingCache, progress: Callable[[int, int], None] | None = None
) -> Searcher:
    """The searcher with vectors of its passages' own words, without title, headings and lead-in.

    `progress` is told how many of the passages to be embedded are, and how many they are.
    """
    from index.vectors import empty_vectors

    numbers, texts = [], []
    for number, _, passage in searcher.catalogue.all_passages():
        numbers.append(number)
        texts.append(passage.text)
    embedded = cache.passages(texts, progress=progress)
    vectors = empty_vectors(embedded.shape[1])
    vectors.add(numbers, embedded)
    return searcher.with_vectors(vectors)


def _run_one(searcher: Searcher, question: Question, setup: Setup) -> tuple[Outcome, Times]:
    begun = time.perf_counter()
    # Asked first: a search before it would leave the question's vector in the cache and flatter the time.
    answer = ask(searcher, question.text, method=setup.method)
    asked = time.perf_counter()
    hits = searcher.search(question.text, k=DEPTH, weights=setup.method.weights)
    times = Times(1000 * (asked - begun), 1000 * (time.perf_counter() - asked))
    return judged(searcher, question, answer, hits), times


def judged(searcher: Searcher, question: Question, answer: Answer, hits: Sequence[Hit]) -> Outcome:
    """The outcome of a question from what search and answer gave."""
    gold = stretches_of(searcher.catalogue, question)
    by_rank = [[Stretch(hit.document.source, hit.passage.start, hit.passage.end), *_copies(hit)] for hit in hits]
    cited = [
        stretch
        for one in answer.citations
        for stretch in (Stretch(one.document.source, one.start, one.end), *_copies(one))
    ]
    first = next(
        (rank for rank, some in enumerate(by_rank, 1) if any(g and covers(g, s) for g in gold for s in some)), None
    )
    found = [stretch for some in by_rank for stretch in some]
    exact = sum(searcher.catalogue.document(c.document.id).text[c.start : c.end] == c.quote for c in answer.citations)
    is_list = len(question.items) > 1 and question.type in LIST_TYPES
    item_recall, item_precision = item_scores(question.items, answer.items)
    return Outcome(
        id=question.id,
        question=question.text,
        lang=question.language,
        type=question.type,
        answerable=question.answerable,
        document_kind=_kind_of(searcher, question),
        gold=tuple(
            GoldOutcome(
                one.source,
                one.quote,
                stretch.start if stretch else -1,
                _is_among(stretch, found),
                _is_among(stretch, cited),
            )
            for one, stretch in zip(question.gold, gold, strict=True)
        ),
        items_wanted=question.items,
        kind=answer.kind,
        answer=answer.text,
        items=answer.items,
        confidence=answer.confidence,
        citations=tuple(
            Excerpt(c.document.source, c.document.title, c.start, c.end, c.quote) for c in answer.citations
        ),
        exact=exact,
        hits=tuple(_excerpt(hit) for hit in hits),
        recall=_recall(question, gold, by_rank) if question.answerable else None,
        reciprocal_rank=(1 / first if first else 0.0) if question.answerable else None,
        answer_evidence=evidence(question, gold, cited) if question.answerable else None,
        item_recall=item_recall if is_list else None,
        item_precision=item_precision if is_list and answer.items else None,
    )


def _copies(one: Hit | Citation) -> list[Stretch]:
    """Where copies of a document have the same words: as good as what is shown."""
    return [Stretch(other.document.source, other.start, other.end) for other in one.also_in]


def _recall(
    question: Question, gold: Sequence[Stretch | None], by_rank: Sequence[Sequence[Stretch]]
) -> tuple[float, ...]:
    """Evidence recall at 1, 2, … DEPTH; what one hit names in copies counts at its rank."""
    return tuple(
        evidence(question, gold, [stretch for some in by_rank[:k] for stretch in some]) for k in range(1, DEPTH + 1)
    )


def _kind_of(searcher: Searcher, question: Question) -> str:
    if not question.gold:
        return ""
    document = document_of(searcher.catalogue, question.gold[0].source)
    return document.info.kind if document else NOT_HELD


def _is_among(gold: Stretch | None, returned: Sequence[Stretch]) -> bool:
    return gold is not None and any(covers(gold, one) for one in returned)


def _excerpt(hit: Hit) -> Excerpt:
    passage, document = hit.passage, hit.document
    return Excerpt(document.source, document.title, passage.start, passage.end, passage.text, round(hit.score, 6))
