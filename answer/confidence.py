"""How sure an answer may be, from how much of the question the best passages hold."""

import math

from answer.inquiry import Inquiry, similarities
from index.context import context_of

REFUSE_BELOW = 0.25
"""Below this an answer is refused. Set on the dev questions over the real corpus."""
_COVERAGE_WEIGHT = 3.0
_SIMILARITY_WEIGHT = 20.0
_SIMILARITY_MIDDLE = 0.84
_BIAS = -0.3


def confidence_of(inquiry: Inquiry) -> float:
    """A number from 0 to 1: the question's words found in the best passages, and the best passage's similarity."""
    if not inquiry.hits:
        return 0.0
    texts = [f"{context_of(hit.document, hit.passage)} {hit.passage.text}" for hit in inquiry.hits[:5]]
    coverage = max(inquiry.wording.coverage(text) for text in texts)
    similarity = max(similarities(inquiry, [(hit.document.id, hit.passage.start) for hit in inquiry.hits[:3]]))
    score = _BIAS + _COVERAGE_WEIGHT * (coverage - 0.3) + _SIMILARITY_WEIGHT * (similarity - _SIMILARITY_MIDDLE)
    return 1 / (1 + math.exp(-score))


def is_out_of_reach(confidence: float) -> bool:
    """Whether an answer of this confidence is better refused."""
    return confidence < REFUSE_BELOW
