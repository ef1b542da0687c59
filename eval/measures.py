"""What is measured of search and of answers, each a number for one question.

*Evidence* is found when a returned stretch of the same document, or of a copy that a hit or citation names as having
the same words, covers at least half of the gold quote. Where one
quote suffices, and for lists and phrasing, one found quote is all that is asked; else the found share counts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eval.questions import Question
from ingest.chinese import fold, fold_with_offsets

_ONE_IS_ENOUGH = ("enumeration", "phrasing")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a document that was returned: a passage of a hit or a quotation of an answer."""

    source: str
    start: int
    end: int


def locate(quote: str, text: str) -> tuple[int, int] | None:
    """Where a gold quote stands in a document: exactly, else after folding; None where it is not."""
    start = text.find(quote)
    if start >= 0:
        return start, start + len(quote)
    folded, offsets = fold_with_offsets(text)
    wanted = fold(quote)
    start = folded.find(wanted)
    return (offsets[start], offsets[start + len(wanted) - 1] + 1) if start >= 0 and wanted else None


def evidence(question: Question, gold: Sequence[Stretch | None], returned: Iterable[Stretch]) -> float:
    """The share of the gold stretches found among `returned`, 0 to 1; see the module for when one suffices.

    A gold stretch that the index does not hold, None, is not found.
    """
    found = list(returned)
    share = [one is not None and any(covers(one, other) for other in found) for one in gold]
    if not share:
        return 0.0
    if question.any_suffices or question.type in _ONE_IS_ENOUGH:
        return float(any(share))
    return sum(share) / len(share)


def covers(gold: Stretch, returned: Stretch) -> bool:
    """Whether a returned stretch covers at least half of a gold one."""
    overlap = min(gold.end, returned.end) - max(gold.start, returned.start)
    return gold.source == returned.source and 2 * overlap >= gold.end - gold.start


def item_scores(gold: Sequence[str], returned: Sequence[str]) -> tuple[float, float]:
    """Recall and precision of list members; two match when one contains the other after folding."""
    wanted = [_plain(item) for item in gold]
    given = [_plain(item) for item in returned]
    recall = sum(any(_same(one, other) for other in given) for one in wanted) / len(wanted) if wanted else 0.0
    precision = sum(any(_same(one, other) for other in wanted) for one in given) / len(given) if given else 0.0
    return recall, precision


def _plain(item: str) -> str:
    return "".join(character for character in fold(item) if character.isalnum())


def _same(one: str, other: str) -> bool:
    return bool(one and other) and (one in other or other in one)
