"""How well a stretch of text matches the words of a question: character bigrams weighted by rarity."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from ingest.chinese import fold

_FUNCTION_WORDS = re.compile(
    r"请问|请|能不能|可不可以|是不是|有没有|什么时候|为什么|什么样|是什么|什么|怎么样|怎么|怎样|如何|哪些|哪几|哪个|哪一|哪|多少|多久|多长时间|几个|"
    r"是指|指的是|是否|可以|应当|应该|吗|呢|吧|啊|呀|嘛|啥|到底|究竟|具体|主要|分别|一下|列出|列全|告诉我|我想|想知道|想问|的话|有关|关于|"
    r"规定|要求|内容|意思|含义|定义|文件|材料|报告里|里面|[的了着过么之与和及或在是有就都也还把被让给对从到为以其这那该]"
)


_RUN = re.compile(r"[a-z0-9.%]+|[一-鿿]+")
_NEGATIVE = re.compile(r"不|没|别|禁止|严禁|\b(?:not|never|cannot|no longer)\b", re.IGNORECASE)
_NO_NEGATION = re.compile(
    r"是不是|能不能|有没有|可不可以|行不行|要不要|不同|不少|不仅|不断|不管|不忘|不避|[“\"《][^”\"》]*[”\"》]"
)


@dataclass(frozen=True, slots=True)
class Wording:
    """The bigrams of a question with their weights (natural logarithm of how rare they are among passages)."""

    weights: dict[str, float]
    negative: bool = False
    """Whether the question asks what is not so: 不能, 当不了, 不许."""

    @property
    def total(self) -> float:
        """The sum of the weights."""
        return sum(self.weights.values())

    def found(self, text: str) -> float:
        """The weight of the question's bigrams that occur in `text`."""
        folded = fold(text)
        return sum(weight for bigram, weight in self.weights.items() if bigram in folded)

    def beyond(self, context: str) -> "Wording":
        """What is left of the wording when the bigrams that occur in `context`, a title say, are taken as given."""
        folded = fold(context)
        kept = {bigram: weight for bigram, weight in self.weights.items() if bigram not in folded}
        return Wording(kept, self.negative)

    def coverage(self, text: str) -> float:
        """The weighted share of the question's bigrams that occur in `text`, 0 to 1."""
        total = self.total
        return self.found(text) / total if total else 0.0


def wording_of(question: str, frequency: Callable[[str], int], passages: int) -> Wording:
    """Weigh the bigrams of a question; `frequency` gives how many of `passages` passages contain a bigram.

    Words that only make it a question are left out; runs of letters and digits are kept whole.
    """
    weights: dict[str, float] = {}
    runs = [run for part in _FUNCTION_WORDS.sub(" ", question).split() for run in _RUN.findall(fold(part))]
    for run in runs:
        pieces = [run] if run.isascii() else [run[i : i + 2] for i in range(len(run) - 1)]
        for piece in pieces:
            weights[piece] = math.log(1 + passages / (1 + frequency(piece)))
    return Wording(weights, _NEGATIVE.search(_NO_NEGATION.sub(" ", question)) is not None)
