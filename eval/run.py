"""Asking a question file of an index, and what came of it."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, quantiles

from answer import ask
from answer.model import Answer
from eval.measures import Stretch, evidence, item_scores, locate
from eval.questions import Question
from index import Searcher
from ingest.errors import BadRequest

DEPTHS = (1, 5, 10)


@dataclass(frozen=True, slots=True)
class Result:
    """The measures of one question; recalls and evidence are None for a question that has no answer."""

    question: Question
    answer: Answer
    recall: dict[int, float] | None
    answer_evidence: float | None
    item_recall: float | None
    item_precision: float | None
    verbatim: tuple[int, int]
    """Citations whose quotation stands exactly at its offsets, and all citations."""
    ask_seconds: float


def run_questions(
    searcher: Searcher, questions: Sequence[Question], *, progress: Callable[[int], None] = lambda _: None
) -> list[Result]:
    """Search and ask every question in order; BadRequest names a gold quote that is not in its document.

    Evidence in a document that the index does not hold counts as not found.
    """
    gold = {question.id: _gold_stretches(searcher, question) for question in questions}
    results: list[Result] = []
    for question in questions:
        results.append(_run_one(searcher, question, gold[question.id]))
        progress(len(results))
    return results


def _gold_stretches(searcher: Searcher, question: Question) -> list[Stretch]:
    stretches: list[Stretch] = []
    for one in question.gold:
        try:
            document = searcher.catalogue.by_source(one.source)
        except BadRequest:
            stretches.append(Stretch(one.source, 0, len(one.quote)))
            continue
        span = locate(one.quote, document.text)
        if span is None:
            raise BadRequest(f"question {question.id}: not in {one.source}: {one.quote!r}")
        stretches.append(Stretch(one.source, *span))
    return stretches


def _run_one(searcher: Searcher, question: Question, gold: list[Stretch]) -> Result:
    begun = time.perf_counter()
    # Asked first: a search before it would leave the question's vector in the cache and flatter the time.
    answer = ask(searcher, question.text)
    asked = time.perf_counter()
    hits = searcher.search(question.text, k=max(DEPTHS))
    found = [Stretch(hit.document.source, hit.passage.start, hit.passage.end) for hit in hits]
    cited = [Stretch(one.document.source, one.start, one.end) for one in answer.citations]
    exact = sum(searcher.catalogue.document(c.document.id).text[c.start : c.end] == c.quote for c in answer.citations)
    recall, precision = item_scores(question.items, answer.items)
    has_items = bool(question.items) and question.type in ("enumeration", "definition")
    return Result(
        question,
        answer,
        {k: evidence(question, gold, found[:k]) for k in DEPTHS} if question.answerable else None,
        evidence(question, gold, cited) if question.answerable else None,
        recall if has_items else None,
        precision if has_items and answer.items else None,
        (exact, len(answer.citations)),
        asked - begun,
    )


def summary(results: Sequence[Result]) -> dict[str, float | None]:
    """The measures of a run by name, means over the questions each applies to; None where it applies to none."""
    refused = [r for r in results if not r.answer.answerable]
    rightly = sum(not r.question.answerable for r in refused)
    unanswerable = sum(not r.question.answerable for r in results)
    lists = [r for r in results if r.item_recall is not None]
    seconds = [r.ask_seconds * 1000 for r in results]
    return {
        "questions": float(len(results)),
        **{f"recall@{k}": _mean([r.recall[k] for r in results if r.recall is not None]) for k in DEPTHS},
        "answer evidence": _mean([r.answer_evidence for r in results if r.answer_evidence is not None]),
        "item recall": _mean([r.item_recall for r in lists if r.item_recall is not None]),
        "item precision": _mean([r.item_precision for r in lists if r.item_precision is not None]),
        "complete lists": _mean([float(r.item_recall == 1.0) for r in lists]),
        "refusal precision": rightly / len(refused) if refused else None,
        "refusal recall": rightly / unanswerable if unanswerable else None,
        "answerable refused": _mean([float(not r.answer.answerable) for r in results if r.question.answerable]),
        "verbatim": _mean([r.verbatim[0] / r.verbatim[1] for r in results if r.verbatim[1]]),
        "ask p50 ms": quantiles(seconds, n=100, method="inclusive")[49] if len(seconds) > 1 else _mean(seconds),
        "ask p95 ms": quantiles(seconds, n=100, method="inclusive")[94] if len(seconds) > 1 else _mean(seconds),
    }


def by_type(results: Sequence[Result]) -> dict[str, dict[str, float | None]]:
    """The summary of each type of question, types in alphabetical order."""
    types = sorted({result.question.type for result in results})
    return {name: summary([r for r in results if r.question.type == name]) for name in types}


def _mean(values: Sequence[float]) -> float | None:
    return fmean(values) if values else None
