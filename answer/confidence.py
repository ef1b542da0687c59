"""How sure an answer may be, from how much of the question the best passages hold."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from index.context import context_of

if TYPE_CHECKING:
    from answer.inquiry import Inquiry

REFUSE_BELOW = 0.3
"""Below this an answer is refused. This and the numbers below were set on development questions."""
_LIKENESS, _COVERAGE = 0.4, 3.0
_MIDDLING_LIKENESS, _MIDDLING_COVERAGE = 1.6, 0.2
"""What a question has that is as likely answered as not."""


def confidence_of(inquiry: Inquiry) -> float:
    """A number from 0 to 1: the question's words found in the best passages, and the best passage's similarity."""
    if not inquiry.hits:
        return 0.0
    texts = [f"{context_of(hit.document, hit.passage)} {hit.passage.text}" for hit in inquiry.hits[:5]]
    coverage = max(inquiry.wording.coverage(text) for text in texts)
    places = [(hit.document.id, hit.passage.start) for hit in inquiry.hits[:3]]
    alike = max(inquiry.searcher.likeness_of_passages(inquiry.question.text, places))
    score = _LIKENESS * (alike - _MIDDLING_LIKENESS)
    if not inquiry.query.is_foreign:
        score += _COVERAGE * (coverage - _MIDDLING_COVERAGE)
    return 1 / (1 + math.exp(-score))
