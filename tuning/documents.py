"""Pairs that the documents of an index offer by themselves: no model, and nobody writes anything.

What stands above or before a text says what it is about: its heading, the sentence that announces it, a clause of it
(the inverse cloze task of Lee, Chang and Toutanova, "Latent Retrieval for Weakly Supervised Open Domain Question
Answering", ACL 2019). A query made so is cut out of the passage that answers it, so that words alone do not give it
away. What is said of a place leads to that place, and adjacent versions of a rule word the same otherwise.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from index.references import References
from ingest.chinese import sentence_at, sentences
from phrasing import compare_versions, versions_of
from tuning.pairs import Pair

if TYPE_CHECKING:
    from index.catalogue import Catalogue
    from ingest.model import Document, DocumentInfo, Passage
    from tuning.pairs import Pool

_SUBJECT = re.compile(r"^第[^条]{1,9}条(?:之.)?\s*([^，。；：,;:]{4,30}?)(?=应当|不得|可以|必须|由|是指|按照|，|,)")
_DEFINITION = re.compile(
    r"(?:本\w{1,4}|前款|条例|办法)?所称(?:的)?[“\"]?([^，。；、“”\"]{2,20})[”\"]?[，,]?\s*(?:是指|指|包括)"
)
_ASKING = ("什么是{}", "{}是指什么", "{}包括哪些", "{}的含义")
_CLAUSES = re.compile(r"[^，。；：！？\n]{8,40}")
_SHORTEST = 40
"""Characters that must be left of a passage that a query was cut out of."""
_SHORTEST_QUERY, _LONGEST_QUERY = 12, 80
_GIVEN_AWAY = ("announcement", "title")
"""Kinds whose query stands in the context of the passage."""


@dataclass(frozen=True, slots=True)
class _Made:
    """A query and the passage that answers it; `text[start:end]` of the passage is cut out, as it gives the query away.

    Nothing is cut out where both are 0.
    """

    query: str
    place: int
    start: int = 0
    end: int = 0


def pairs_of_documents(catalogue: Catalogue, pool: Pool) -> tuple[Pair, ...]:
    """All pairs that the documents offer, their kind as origin; a text lacks what is cut out of its passage."""
    infos = {info.id: info for info in catalogue.infos()}
    made: dict[str, list[_Made]] = {kind: [] for kind in _KINDS}
    places = {(passage.document_id, passage.start): place for place, (_, passage) in enumerate(pool.passages)}
    for document_id, passages in groupby((passage for _, passage in pool.passages), key=lambda one: one.document_id):
        inside = _Inside(catalogue, infos[document_id], catalogue.document(document_id), tuple(passages), places)
        for kind, find in _KINDS.items():
            made[kind].extend(find(inside))
    made["reference"] = list(_references(catalogue, pool))
    made["older wording"] = list(_wordings(catalogue, pool))
    titles = {info.id: info.title for info in infos.values()}
    return tuple(_pair(kind, one, pool, titles) for kind, found in made.items() for one in found if _asks(one.query))


def _asks(query: str) -> bool:
    """Whether there is anything to search by: a heading may be a line of asterisks."""
    return any(character.isalnum() for character in query)


def _pair(kind: str, made: _Made, pool: Pool, titles: Mapping[str, str]) -> Pair:
    passage = pool.passages[made.place][1]
    text = ""
    if made.end > made.start or kind in _GIVEN_AWAY:
        left = f"{passage.text[: made.start]}{passage.text[made.end :]}".strip()
        title = "" if kind == "title" else titles[passage.document_id]
        text = f"{title}\n{left}" if title else left
    return Pair(made.query, (made.place,), kind, text)


@dataclass(frozen=True, slots=True)
class _Inside:
    """A document with its passages in order, and where each is in the pool."""

    catalogue: Catalogue
    info: DocumentInfo
    document: Document
    passages: tuple[Passage, ...]
    places: Mapping[tuple[str, int], int]

    def place(self, passage: Passage) -> int:
        return self.places[passage.document_id, passage.start]

    def at(self, offset: int) -> Passage | None:
        return next((one for one in self.passages if one.start <= offset < one.end), None)


def _headings(inside: _Inside) -> Iterator[_Made]:
    """A heading and the text right below it."""
    for node in inside.catalogue.outline(inside.info.id).nodes:
        passage = inside.at(node.start)
        if node.heading and 6 <= len(node.heading) <= 40 and passage is not None:
            begin = node.start - passage.start
            end = begin + len(node.label) + len(node.heading) + 1
            if len(passage.text) - (end - begin) >= _SHORTEST:
                yield _Made(node.heading, inside.place(passage), begin, end)


def _subjects(inside: _Inside) -> Iterator[_Made]:
    """What an article is about, and the article."""
    for passage in inside.passages:
        match = _SUBJECT.match(passage.text)
        if match and len(passage.text) - match.end() >= _SHORTEST:
            yield _Made(f"{match[1]}有什么规定", inside.place(passage), 0, match.end())


def _definitions(inside: _Inside) -> Iterator[_Made]:
    """A term and its definition."""
    for passage in inside.passages:
        for number, match in enumerate(_DEFINITION.finditer(passage.text)):
            asking = _ASKING[(passage.start + number) % len(_ASKING)]
            yield _Made(asking.format(match[1]), inside.place(passage))


def _announcements(inside: _Inside) -> Iterator[_Made]:
    """The sentence that announces a list, and passages with its members."""
    text = inside.document.text
    for one in inside.catalogue.enumerations(inside.info.id):
        announcement = text[one.start : one.end].strip()
        if not 8 <= len(announcement) <= _LONGEST_QUERY or len(one.members) < 2:
            continue
        for member in one.members[:3]:
            passage = inside.at(member.start)
            if passage is not None and not passage.start <= one.start < passage.end:
                yield _Made(announcement, inside.place(passage))


def _clauses(inside: _Inside) -> Iterator[_Made]:
    """A sentence or clause and the passage around it."""
    for passage in inside.passages:
        spans = [(begin, end) for begin, end in sentences(passage.text) if 12 <= end - begin <= _LONGEST_QUERY]
        if not spans or len(passage.text) < 3 * _SHORTEST:
            continue
        chosen = random.Random(f"{passage.document_id} {passage.start}")
        begin, end = chosen.choice(spans)
        clause = _CLAUSES.search(passage.text, begin, end) if chosen.random() < 0.5 else None
        query = clause.group() if clause else passage.text[begin:end].rstrip("。；！？")
        if len(passage.text) - (end - begin) >= _SHORTEST:
            yield _Made(query.strip(), inside.place(passage), begin, end)


def _titles(inside: _Inside) -> Iterator[_Made]:
    """A document's title and its opening."""
    opening = next((one for one in inside.passages if len(one.text) >= 2 * _SHORTEST), None)
    if opening is not None and 6 <= len(inside.info.title) <= _LONGEST_QUERY:
        at = opening.text.find(inside.info.title)
        yield _Made(
            inside.info.title, inside.place(opening), max(0, at), max(0, at + len(inside.info.title) * (at >= 0))
        )


_KINDS: dict[str, Callable[[_Inside], Iterator[_Made]]] = {
    "heading": _headings,
    "article's subject": _subjects,
    "definition": _definitions,
    "announcement": _announcements,
    "clause": _clauses,
    "title": _titles,
}


def _references(catalogue: Catalogue, pool: Pool) -> Iterator[_Made]:
    """What is said of a place in this or another document, and that place."""
    references = References(catalogue)
    for info in catalogue.infos():
        text = catalogue.document(info.id).text
        for link in references.of(info.id):
            target = link.targets[0] if len(link.targets) == 1 else None
            if link.state != "resolved" or "第" not in link.text or target is None or not target.is_exact:
                continue  # What is called by no number, like 下列, stands beside it.
            if target.start is None or target.end is None:
                continue
            begin, end = sentence_at(text, link.start)
            said = f"{text[begin : link.start]}{text[link.end : end]}".strip()
            if not _SHORTEST_QUERY <= len(said) <= _LONGEST_QUERY:
                continue
            for place in pool.within(target.document.id, target.start, target.end)[:1]:
                if not (info.id == target.document.id and target.start <= link.start < target.end):
                    yield _Made(said, place)


def _wordings(catalogue: Catalogue, pool: Pool) -> Iterator[_Made]:
    """An article as an older version of a rule words it, and as the next version does."""
    told = set()
    for info in catalogue.infos():
        for old, new in pairwise(versions_of(catalogue, info)) if info.date else ():
            if (old.id, new.id) in told:
                continue
            told.add((old.id, new.id))
            for change in compare_versions(catalogue, old, new).changes:
                if change.kind == "changed" and change.old and change.new and len(change.old.text) >= _SHORTEST:
                    for place in pool.within(new.id, change.new.start, change.new.end)[:1]:
                        yield _Made(change.old.text[:_LONGEST_QUERY], place)
