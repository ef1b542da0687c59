"""Picking the fewest sentences of the best passages that answer a question."""

from collections.abc import Sequence
from dataclasses import dataclass

from answer.matching import Wording
from index.catalogue import Catalogue
from index.model import Hit
from ingest.chinese import sentences
from ingest.model import Document

CONSIDERED_HITS = 5
SENTENCE_LIMIT = 160
"""A quotation is not stretched beyond this many characters by taking in its neighbours."""


@dataclass(frozen=True, slots=True)
class Extract:
    """A stretch of whole sentences in a document, with the hit it was found in."""

    document: Document
    hit: Hit
    start: int
    end: int
    score: float


def extracts(catalogue: Catalogue, hits: Sequence[Hit], wording: Wording, *, figures: bool) -> list[Extract]:
    """The best stretch of each of the best passages, best first.

    With `figures` (the question asks how much, how many or when) sentences that hold a numeral are preferred.
    """
    found: list[Extract] = []
    for hit in hits[:CONSIDERED_HITS]:
        document = catalogue.document(hit.document.id)
        start, end, score = _best_stretch(document.text, hit, wording, figures=figures)
        found.append(Extract(document, hit, start, end, score / (1 + 0.25 * (hit.rank - 1))))
    return sorted(found, key=lambda one: (-one.score, one.hit.rank))


def _best_stretch(text: str, hit: Hit, wording: Wording, *, figures: bool) -> tuple[int, int, float]:
    spans = [
        span for span in sentences(text, hit.passage.start, hit.passage.end) if not _is_heading(text[span[0] : span[1]])
    ] or [(hit.passage.start, hit.passage.end)]
    scores = [_sentence_score(text[start:end], wording, figures=figures) for start, end in spans]
    best = max(range(len(spans)), key=lambda position: (scores[position], -position))
    first = last = best
    while spans[last][1] - spans[first][0] < SENTENCE_LIMIT:
        after = scores[last + 1] if last + 1 < len(spans) else -1.0
        before = scores[first - 1] if first > 0 else -1.0
        if max(after, before) < 0.4 * scores[best]:
            break
        if after >= before:
            last += 1
        else:
            first -= 1
    return spans[first][0], spans[last][1], scores[best] + 0.1


def _sentence_score(sentence: str, wording: Wording, *, figures: bool) -> float:
    score = wording.coverage(sentence)
    if figures and any(character.isdigit() or character in "一二三四五六七八九十百千万亿" for character in sentence):
        score *= 1.3
    return score


def _is_heading(sentence: str) -> bool:
    return len(sentence) <= 30 and not sentence.endswith(("。", "；", "！", "？", "”", "：", ";"))
