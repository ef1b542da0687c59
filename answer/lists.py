"""Choosing the list that a question asks for, and its members as quotations."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from answer.extract import Likeness
from answer.matching import Wording
from index.catalogue import Catalogue
from index.model import Hit
from ingest.chinese import sentences
from ingest.model import Document, Enumeration, Member

CONSIDERED_HITS = 10
"""Lists are looked for in this many of the best passages."""
HIT_MARGIN = 0.3
"""Passages that score this much less than the best are not looked at."""
COMPARED, TOLD, _LIKENESS = 6, 160, 0.08
"""As many lists are compared with the question by meaning, by as many characters, and what a cosine counts."""
COUNT_BONUS = 0.5
COUNT_MISS = 0.35
"""What it adds or takes that a list has, or has not, the number of members the question asks for."""
_TOUCH, _SCORE, _ANNOUNCEMENT, _SECTION, _MEMBERS = 0.3, 1.0, 1.0, 0.4, 0.2
"""What speaks for a list: how closely it belongs to its passage, the passage's score, and the question's words in its
announcement, in the headings above it and in its members. Set on development questions."""
INLINE_PENALTY = 0.1
POLARITY = 0.3
_NEGATIVE = re.compile(r"不得|不予|不享受|不能|不应|不适用|禁止|严禁|不作为|不属于|不认定")
_TRIMMED = "，,、：:；;。.！!？? \t　"
_COPULA = re.compile(r"^就?是(?=\S{2})")
_INLINE_CUE = re.compile(r"包括|包含|如下|分别|严把|提供|坚持|具备|应当|确定|[要是为有：]")
_INLINE_ITEM = re.compile(r"[^、，。；：？！“”\n]{1,24}")


@dataclass(frozen=True, slots=True)
class Listing:
    """A list in its document with how well it fits the question."""

    document: Document
    enumeration: Enumeration
    score: float
    fit: float = 0.0
    """The score without that of the passage it was found in."""

    @property
    def items(self) -> tuple[str, ...]:
        """The members' heads, without label and closing punctuation."""
        return tuple(item_text(self.document.text, member) for member in self.enumeration.members)


def item_text(text: str, member: Member) -> str:
    """A member as a list item: its head without label, the copula behind it (就是) and closing punctuation."""
    head = text[member.start + len(member.label) : member.head_end].strip(_TRIMMED)
    return _COPULA.sub("", head) if member.label else head


def find_listings(
    catalogue: Catalogue,
    hits: Sequence[Hit],
    wording: Wording,
    likeness: Likeness,
    *,
    count: int | None,
    terms: Sequence[str] = (),
) -> list[Listing]:
    """The lists in and around the best passages, best fitting first."""
    best: dict[tuple[str, int, int, int], Listing] = {}
    for hit in hits[:CONSIDERED_HITS]:
        if hit.score < hits[0].score - HIT_MARGIN:
            break
        document = catalogue.document(hit.document.id)
        outline = catalogue.outline(hit.document.id)
        for enumeration in (*catalogue.enumerations(hit.document.id), *_inline(document, hit)):
            touch = _touch(enumeration, hit)
            if not touch:
                continue
            path = " ".join(outline.path_at(enumeration.start))
            fit = _TOUCH * touch + _fit(document, enumeration, path, wording, count, terms)
            score = fit + _SCORE * hit.score
            key = (document.info.id, enumeration.start, enumeration.members[0].start, len(enumeration.members))
            if key not in best or best[key].score < score:
                best[key] = Listing(document, enumeration, score, fit)
    ranked = sorted(best.values(), key=_order)[:COMPARED]
    alike = likeness([_told(one) for one in ranked])
    compared = [replace(one, score=one.score + _LIKENESS * more) for one, more in zip(ranked, alike, strict=True)]
    return sorted(compared, key=_order)


def _order(listing: Listing) -> tuple[float, str, int]:
    return -listing.score, listing.document.info.source, listing.enumeration.start


def _told(listing: Listing) -> str:
    """A list as it is compared with the question by meaning: its announcement and its members."""
    announcement = listing.document.text[listing.enumeration.start : listing.enumeration.end]
    return f"{announcement} {'；'.join(listing.items)}"[:TOLD]


def _touch(enumeration: Enumeration, hit: Hit) -> float:
    """How closely a list belongs to a passage: announced in it 1, a member begins in it 0.8, runs through it 0.5."""
    start, end = hit.passage.start, hit.passage.end
    if start <= enumeration.start < end and enumeration.start < enumeration.end:
        return 1.0
    if any(start <= member.start < end for member in enumeration.members):
        return 0.8
    return 0.5 if enumeration.members[0].start < end and start < enumeration.members[-1].end else 0.0


def _fit(
    document: Document, enumeration: Enumeration, path: str, wording: Wording, count: int | None, terms: Sequence[str]
) -> float:
    text = document.text
    announcement = text[enumeration.start : enumeration.end]
    members = " ".join(item_text(text, member) for member in enumeration.members)
    score = _ANNOUNCEMENT * wording.coverage(announcement)
    score += _SECTION * wording.coverage(path) + _MEMBERS * wording.coverage(members)
    size = len(enumeration.members)
    if count is not None:
        score += COUNT_BONUS if count == size else -COUNT_MISS
    elif enumeration.announced == size:
        score += COUNT_BONUS / 4
    if any(term and (term == enumeration.term or term in announcement) for term in terms):
        score += COUNT_BONUS
    if not enumeration.members[0].label:
        score -= INLINE_PENALTY
    return score + _polarity(wording.negative, announcement)


def _polarity(negative: bool, announcement: str) -> float:
    """Lists of what is allowed and of what is not stand side by side in a rule: the question says which is meant."""
    if negative:
        return POLARITY / 2 if _NEGATIVE.search(announcement) else -POLARITY / 2
    return -POLARITY if _NEGATIVE.search(announcement) else 0.0


def _inline(document: Document, hit: Hit) -> Iterator[Enumeration]:
    """Lists that only 、 sets apart: 严把政治关、法律关、政策关. The sentence announces them itself."""
    text = document.text
    for start, end in sentences(text, hit.passage.start, hit.passage.end, clauses=True):
        pieces: list[Member] = []
        for match in _INLINE_ITEM.finditer(text, start, end):
            linked = match.end() < end and text[match.end()] == "、"
            if linked or (pieces and pieces[-1].end + 1 == match.start() and text[pieces[-1].end] == "、"):
                pieces.append(Member("", match.start(), match.end(), match.end()))
            if not linked:
                if len(pieces) >= 3 and _INLINE_CUE.search(text, start, pieces[0].end):
                    yield Enumeration(document.info.id, start, end, None, tuple(pieces))
                pieces = []
