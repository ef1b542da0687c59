"""Copies: documents that say the same, told as one, of which the best is cited and the others are named.

The best copy has what a citation needs: a 文号, a date to the day, an issuer, and a text that was not recognised in a
picture of its pages. What one copy says of itself is never said of another; only what is in force is the same for all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from index.model import Elsewhere
from index.validity import ENDED, UNKNOWN
from ingest.model import Document, DocumentInfo
from ingest.signature import words_of

Item = TypeVar("Item")
_CRITERIA = ("有文号", "有完整日期", "有发文机关", "不是文字识别的")
_END = 6
"""Letters by which a stretch is found again that is not the same within."""
_NEARLY = 90.0
"""How like it is, 0 to 100, at the least."""
_BETWEEN = r"[\W_]*"
_ALIKE = "各份一样，取出处排在最前的"
_FULL_DATE = 10


@dataclass(frozen=True, slots=True)
class Group:
    """Documents that are copies of each other, best first, and why the first is taken for the best."""

    documents: tuple[DocumentInfo, ...]
    basis: str

    @property
    def best(self) -> DocumentInfo:
        """The copy that is cited."""
        return self.documents[0]


class Copies:
    """The groups of copies among the documents of a library."""

    def __init__(self, infos: Mapping[str, DocumentInfo], rows: Iterable[tuple[str, int, bool]]) -> None:
        """`rows` are document id, group and whether its text was recognised, for each document that has copies."""
        members: dict[int, list[tuple[DocumentInfo, bool]]] = {}
        for id, group, is_recognised in rows:
            members.setdefault(group, []).append((infos[id], is_recognised))
        self._groups = sorted(map(_group, members.values()), key=lambda group: group.best.key)
        self._of = {info.id: group for group in self._groups for info in group.documents}

    def __bool__(self) -> bool:
        return bool(self._groups)

    def groups(self) -> list[Group]:
        """All groups, by the source of the best copy."""
        return self._groups

    def of(self, document_id: str) -> Group | None:
        """The group of a document, None where it has no copies."""
        return self._of.get(document_id)

    def others(self, document_id: str) -> tuple[DocumentInfo, ...]:
        """The other copies of a document, best first."""
        group = self._of.get(document_id)
        return tuple(info for info in group.documents if info.id != document_id) if group else ()

    def are_copies(self, one: str, other: str) -> bool:
        """Whether two documents, by id, are copies of each other."""
        group = self._of.get(one)
        return group is not None and group is self._of.get(other)

    def once(self, items: Iterable[tuple[Document, Item]]) -> list[tuple[Document, Item]]:
        """Items of documents in their order, of copies only those of the best one that is among them."""
        given = list(items)
        present = {document.info.id for document, _ in given}
        return [(document, item) for document, item in given if self._is_best_of(document.info.id, present)]

    def distinct(self, infos: Iterable[DocumentInfo], *, kept: str = "") -> list[DocumentInfo]:
        """Documents in their order, of copies only the best that is among them, or the one of the id `kept`."""
        given = list(infos)
        present = {info.id for info in given}
        if kept in present:
            present -= {info.id for info in self.others(kept)}
        return [info for info in given if info.id in present and self._is_best_of(info.id, present)]

    def standing_for(self, infos: Iterable[DocumentInfo]) -> dict[str, str]:
        """Of documents that are copies of a better one among them the source, and the source of the best."""
        given = list(infos)
        kept = {id(group): info for info in self.distinct(given) if (group := self.of(info.id))}
        pairs = ((info, kept[id(group)]) for info in given if (group := self.of(info.id)))
        return {info.key: best.key for info, best in pairs if info.id != best.id}

    def shared(self, bonuses: Mapping[str, float]) -> dict[str, float]:
        """Numbers by document id, the same for all copies: the best one, or the worst where none is positive."""
        found = dict(bonuses)
        for group in self._groups:
            numbers = [bonuses[info.id] for info in group.documents if info.id in bonuses]
            if numbers:
                number = max(numbers) if max(numbers) > 0 else min(numbers)
                found.update((info.id, number) for info in group.documents)
        return found

    def _is_best_of(self, document_id: str, present: set[str]) -> bool:
        group = self._of.get(document_id)
        if group is None:
            return True
        return next(info.id for info in group.documents if info.id in present) == document_id


def _group(members: Sequence[tuple[DocumentInfo, bool]]) -> Group:
    met = {info.id: _met(info, is_recognised) for info, is_recognised in members}
    infos = sorted((info for info, _ in members), key=lambda info: (*(not one for one in met[info.id]), info.key))
    best = met[infos[0].id]
    telling = [
        name
        for place, name in enumerate(_CRITERIA)
        if best[place] and not all(others[place] for others in met.values())
    ]
    return Group(tuple(infos), "、".join(telling) or _ALIKE)


def _met(info: DocumentInfo, is_recognised: bool) -> tuple[bool, ...]:
    return bool(info.number), len(info.date) == _FULL_DATE, bool(info.issuer), not is_recognised


def with_shared_status(
    infos: Sequence[DocumentInfo], judged: Sequence[DocumentInfo], groups: Mapping[str, int]
) -> list[DocumentInfo]:
    """The documents judged (`index.validity`) with one status for all copies; `groups` by document id.

    What a copy prints itself stands before what ended it, and that before what begins. A copy is not replaced by
    another one. `infos` are the documents as they are stored, in the same order.
    """
    members: dict[int, list[int]] = {}
    for place, info in enumerate(infos):
        if info.id in groups:
            members.setdefault(groups[info.id], []).append(place)
    shared = list(judged)
    for places in members.values():
        keys = {infos[place].key for place in places}
        own = [place for place in places if judged[place].replaced_by not in keys]
        told = sorted(
            (place for place in own if judged[place].status != UNKNOWN),
            key=lambda place: (
                infos[place].status == UNKNOWN, judged[place].status not in ENDED, infos[place].source
            ),
        )  # fmt: skip
        for place in places:
            if told:
                shared[place] = _as_told(judged[place], judged[told[0]])
            elif place not in own:
                shared[place] = infos[place]
    return shared


def _as_told(info: DocumentInfo, other: DocumentInfo) -> DocumentInfo:
    """A document with the status of a copy of it, and where that follows from."""
    if info.id == other.id or (info.status, info.replaced_by) == (other.status, other.replaced_by):
        return info
    basis = f"与{other.key}同文" + (f"：{other.status_basis}" if other.status_basis else "")
    return replace(info, status=other.status, status_basis=basis, replaced_by=other.replaced_by)


def elsewhere(document: Document, start: int, end: int, copies: Iterable[Document]) -> Iterator[Elsewhere]:
    """Where copies of a document have the words of `text[start:end]`, but for misprints; others are left out.

    Of a file that holds several documents only the copy's own stretch is looked through.
    """
    first, last = _stretch(document)
    for other in copies:
        begin, stop = _stretch(other)
        span = find_again(document.text[first:last], start - first, end - first, other.text[begin:stop])
        if span is not None:
            yield Elsewhere(other.info, span[0] + begin, span[1] + begin, other.page_at(span[0] + begin))


def _stretch(document: Document) -> tuple[int, int]:
    return document.own[0][0], document.own[-1][1]


def find_again(text: str, start: int, end: int, other: str) -> tuple[int, int] | None:
    """Where the words of `text[start:end]` stand in another text that is a copy, None where it has them otherwise.

    A few letters within them may differ, as misprints do. Of several places it is the one of the same order: the
    second of two is found as the second.
    """
    stretch = text[start:end].strip()
    if not stretch:
        return None
    before = text.count(stretch, 0, start)
    place = _nth(other, stretch, before)
    if place is not None:
        return place, place + len(stretch)
    words = words_of(stretch)
    found = [match.span() for match in _pattern(words).finditer(other)] if words else []
    span = found[min(before, len(found) - 1)] if found else _nearly(words, other)
    return _with_edges(stretch, other, *span) if span else None


def _pattern(words: str) -> re.Pattern[str]:
    """What finds letters whatever stands between them."""
    return re.compile(_BETWEEN.join(map(re.escape, words)), re.IGNORECASE)


def _nearly(words: str, other: str) -> tuple[int, int] | None:
    """Where a text has some words but for a few letters within them: it begins and ends as they do."""
    from rapidfuzz.fuzz import ratio

    if len(words) < 2 * _END:
        return None
    last = _pattern(words[-_END:])
    for first in _pattern(words[:_END]).finditer(other):
        end = last.search(other, first.end(), first.start() + 2 * len(words))
        if end and ratio(words_of(other[first.start() : end.end()]), words) >= _NEARLY:
            return first.start(), end.end()
    return None


def _with_edges(stretch: str, other: str, start: int, end: int) -> tuple[int, int]:
    """A place with the brackets and stops around it that the stretch has, too."""
    opening, closing = stretch[: _opening(stretch)], stretch[_closing(stretch) :]
    while start and not other[start - 1].isspace() and other[start - 1] in opening:
        start -= 1
    while end < len(other) and not other[end].isspace() and other[end] in closing:
        end += 1
    return start, end


def _opening(stretch: str) -> int:
    """How many characters before its first letter a stretch begins with."""
    return next(place for place, character in enumerate(stretch) if character.isalnum())


def _closing(stretch: str) -> int:
    """Where what stands behind its last letter begins."""
    return next(place for place in range(len(stretch), 0, -1) if stretch[place - 1].isalnum())


def _nth(text: str, stretch: str, before: int) -> int | None:
    """Where a stretch stands that has so many others of its kind before it, or the last one."""
    place = text.find(stretch)
    for _ in range(before):
        following = text.find(stretch, place + 1) if place >= 0 else -1
        if following < 0:
            break
        place = following
    return place if place >= 0 else None
