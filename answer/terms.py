"""Where a term is explained: 也就是, 是指, 即, 所称…是指, brackets behind it, a glossary line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.catalogue import Catalogue
from index.exact import occurrences
from index.model import Filters
from ingest.chinese import sentence_at
from ingest.model import Document

_CLOSING = r"[”\"’」』》]?"
_BEHIND: tuple[tuple[float, re.Pattern[str]], ...] = tuple(
    (weight, re.compile(_CLOSING + pattern))
    for weight, pattern in (
        (1.0, r"[，,：:]?\s*(?:是指|指的是|系指|，指)"),
        (1.0, r"[^，。；：“”]{0,12}[，,]?\s*(?:也就是说?)"),
        (0.9, r"[^，。；：“”]{0,8}[，,：:]\s*即"),
        (0.9, r"[，,：:]\s*(?:是指|指)"),
        (0.8, r"[，,]\s*(?:就是|是)(?!我们|我|一)"),
        (0.7, r"[^，。；：“”（）()]{0,4}[（(](?!以下|试行|征求|\d|[一二三四五六七八九十]+[）)]|简称)(?=[^）)]{6,})"),
        (0.7, r"：(?=\S{4,})"),
        (0.5, r"是(?=[^。，]{4,}的[^。，]{1,12}[。；])"),
        (0.5, r"就是(?=\S{3,})"),
    )
)
_BEFORE: tuple[tuple[float, re.Pattern[str]], ...] = tuple(
    (weight, re.compile(pattern))
    for weight, pattern in (
        (0.3, r"所称的?[“\"]?$"),
        (0.1, r"(?:^|[。；\n])\s*(?:[（(]?[一二三四五六七八九十0-9]+[）)、.．]\s*)?[“\"]?$"),
    )
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A sentence that explains a term, and how plainly it does (0 to 1.3)."""

    document: Document
    start: int
    end: int
    strength: float


def explanations(catalogue: Catalogue, term: str, *, filters: Filters | None = None) -> list[Explanation]:
    """The sentences that explain `term`, plainest first, then newest, then in reading order."""
    found = [
        explanation
        for document, offsets in occurrences(catalogue, term, filters=filters)
        for explanation in _in_document(document, term, offsets)
    ]
    found.sort(
        key=lambda one: (-one.strength, _newest_first(one.document.info.date), one.document.info.source, one.start)
    )
    return found


def _newest_first(date: str) -> tuple[int, ...]:
    return tuple(-ord(character) for character in date.ljust(10, "0"))


def _in_document(document: Document, term: str, offsets: Sequence[int]) -> Iterator[Explanation]:
    text = document.text
    for offset in offsets:
        behind = max((w for w, pattern in _BEHIND if pattern.match(text, offset + len(term))), default=0.0)
        if not behind:
            continue
        before = max((w for w, p in _BEFORE if p.search(text[max(0, offset - 12) : offset])), default=0.0)
        yield Explanation(document, *sentence_at(text, offset), behind + before)


def spread_of_use(catalogue: Catalogue, term: str, *, filters: Filters | None = None) -> list[tuple[Document, int]]:
    """The documents that use `term`, each with the offset of its first use, oldest document first."""
    return [(document, offsets[0]) for document, offsets in occurrences(catalogue, term, filters=filters)]
