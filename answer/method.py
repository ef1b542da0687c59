"""How questions are answered: what the ranking counts and which steps are taken."""

from dataclasses import dataclass
from typing import Literal, get_args

from answer.confidence import REFUSE_BELOW
from index.scoring import RANKING, RankingWeights

WayName = Literal["missing", "article", "first use", "wording", "term", "facets", "list", "extract"]
WAY_NAMES: tuple[WayName, ...] = get_args(WayName)
"""The ways of answering in the order in which they are tried, the most specific first."""


@dataclass(frozen=True, slots=True)
class Method:
    """How questions are answered; the default is the product's, others serve to measure what each part brings."""

    weights: RankingWeights = RANKING
    ways: tuple[WayName, ...] = WAY_NAMES
    refuse_below: float = REFUSE_BELOW
    """The confidence below which an answer is refused."""
    by_meaning: bool = True
    """Whether sentences and lists are compared with the question by meaning, and not by their wording alone."""


METHOD = Method()
