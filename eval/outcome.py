"""What came of one question: all that a report shows and every measure is computed from, the same in every run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Literal

DEPTH = 10
"""Passages of a search that are kept and judged."""
LIST_TYPES = ("enumeration", "definition", "english")
"""Types of questions whose items are the members of a list; of others they are facts that an answer gives."""
REFUSAL = "refusal"

Verdict = Literal["right", "partly", "wrong", "refused", "rightly refused", "not refused"]


@dataclass(frozen=True, slots=True)
class GoldOutcome:
    """A gold quote, whether search found it among the first ten passages, and whether the answer cites it.

    `start` is -1 where the index does not have it.
    """

    source: str
    quote: str
    start: int
    found: bool
    cited: bool


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of a document that was returned; `score` is 0 for a citation."""

    source: str
    title: str
    start: int
    end: int
    text: str
    score: float = 0.0


@dataclass(frozen=True)
class Outcome:
    """A question and what search and answer gave; measures that do not apply are None."""

    id: str
    question: str
    lang: str
    type: str
    answerable: bool
    document_kind: str
    """The kind of the first gold document, empty where there is none."""
    gold: tuple[GoldOutcome, ...]
    items_wanted: tuple[str, ...]
    kind: str
    answer: str
    items: tuple[str, ...]
    confidence: float
    citations: tuple[Excerpt, ...]
    exact: int
    """How many citations stand word for word at their offsets."""
    hits: tuple[Excerpt, ...]
    recall: tuple[float, ...] | None
    """Evidence recall at 1, 2, … DEPTH."""
    reciprocal_rank: float | None
    """1 / the rank of the first passage that holds a gold quote, 0 where none does."""
    answer_evidence: float | None
    item_recall: float | None
    item_precision: float | None

    @property
    def is_refused(self) -> bool:
        """Whether it was refused."""
        return self.kind == REFUSAL

    @property
    def is_list(self) -> bool:
        """Whether a list was asked for, so that its members are judged."""
        return self.item_recall is not None

    @cached_property
    def verdict(self) -> Verdict:
        """In a word; an answer is right when it cites all the evidence needed and lists all members."""
        if not self.answerable:
            return "rightly refused" if self.is_refused else "not refused"
        if self.is_refused:
            return "refused"
        evidence = self.answer_evidence or 0.0
        if evidence == 1.0 and (self.item_recall is None or self.item_recall == 1.0):
            return "right"
        return "partly" if evidence or self.item_recall else "wrong"


def outcome_object(outcome: Outcome) -> dict[str, object]:
    """An outcome as a JSON object."""
    return asdict(outcome)


def outcome_from(record: Mapping[str, Any]) -> Outcome:
    """The outcome of a JSON object. Raises KeyError and TypeError where it is none."""
    excerpts = {name: tuple(Excerpt(**one) for one in record[name]) for name in ("citations", "hits")}
    lists = {name: tuple(record[name]) for name in ("items", "items_wanted")}
    recall = None if record["recall"] is None else tuple(record["recall"])
    gold = tuple(GoldOutcome(**one) for one in record["gold"])
    return Outcome(**{**record, **excerpts, **lists, "gold": gold, "recall": recall})
