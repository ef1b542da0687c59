"""Pairs that the documents of an index offer by themselves: no model, and nobody writes anything.

What stands above or before a text says what it is about: its heading, the sentence that announces it, a clause of it
(the inverse cloze task of Lee, Chang and Toutanova, "Latent Retrieval for Weakly Supervised Open Domain Question
Answering", ACL 2019). A query made so is cut out of the passage that answers it, so that words alone do not give it
away. An adjacent version of a rule gives pairs of wordings that say the same.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from index.titles import version_key
from ingest.chinese import sentences
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
_LONGEST_QUERY = 80
_GIVEN_AWAY = ("announcement", "title")
"""Kinds whose query stands in the context of the passage."""
_EACH = 400
"""Pairs of a kind that are drawn, where there are more."""


@dataclass(frozen=True, slots=True)
class Made:
    """A query, the passage that answers it, and what is left of the passage's words when the query is cut out."""

    query: str
    place: int
    start: int
    """What is cut out of the passage, `text[start:end]` of it; nothing where both are 0."""
    end: int


def make_pairs(catalogue: Catalogue, pool: Pool, *, seed: int = 0, each: int = _EACH) -> dict[str, list[Made]]:
    """Pairs by kind, at most `each` of a kind, drawn alike in every run."""
    infos = {info.id: info for info in catalogue.infos()}
    made: dict[str, list[Made]] = {kind: [] for kind in _KINDS}
    places = {(passage.document_id, passage.start): place for place, (_, passage) in enumerate(pool.passages)}
    for document_id, passages in groupby((passage for _, passage in pool.passages), key=lambda one: one.document_id):
        inside = _Inside(catalogue, infos[document_id], catalogue.document(document_id), tuple(passages), places)
        for kind, find in _KINDS.items():
            made[kind].extend(find(inside))
    made["older wording"] = list(_wordings(infos, pool))
    chance = random.Random(seed)
    return {kind: _drawn(chance, found, each) for kind, found in made.items() if found}


def as_pairs(made: Mapping[str, list[Made]], catalogue: Catalogue, pool: Pool) -> tuple[Pair, ...]:
    """The pairs made, each with its kind as origin and, where something is cut out, the text that is left."""
    titles = {info.id: info.title for info in catalogue.infos()}
    pairs = []
    for kind, found in made.items():
        for one in found:
            passage = pool.passages[one.place][1]
            text = ""
            if one.end > one.start or kind in _GIVEN_AWAY:
                left = f"{passage.text[: one.start]}{passage.text[one.end :]}".strip()
                title = "" if kind == "title" else titles[passage.document_id]
                text = f"{title}\n{left}" if title else left
            pairs.append(Pair(one.query, (one.place,), kind, text))
    return tuple(pairs)


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


def _headings(inside: _Inside) -> Iterator[Made]:
    """A heading and the text right below it."""
    for node in inside.catalogue.outline(inside.info.id).nodes:
        passage = inside.at(node.start)
        if node.heading and 6 <= len(node.heading) <= 40 and passage is not None:
            begin = node.start - passage.start
            end = begin + len(node.label) + len(node.heading) + 1
            if len(passage.text) - (end - begin) >= _SHORTEST:
                yield Made(node.heading, inside.place(passage), begin, end)


def _subjects(inside: _Inside) -> Iterator[Made]:
    """What an article is about, and the article."""
    for passage in inside.passages:
        match = _SUBJECT.match(passage.text)
        if match and len(passage.text) - match.end() >= _SHORTEST:
            yield Made(f"{match[1]}有什么规定", inside.place(passage), 0, match.end())


def _definitions(inside: _Inside) -> Iterator[Made]:
    """A term and its definition."""
    for passage in inside.passages:
        for number, match in enumerate(_DEFINITION.finditer(passage.text)):
            asking = _ASKING[(passage.start + number) % len(_ASKING)]
            yield Made(asking.format(match[1]), inside.place(passage), 0, 0)


def _announcements(inside: _Inside) -> Iterator[Made]:
    """The sentence that announces a list, and passages with its members."""
    text = inside.document.text
    for one in inside.catalogue.enumerations(inside.info.id):
        announcement = text[one.start : one.end].strip()
        if not 8 <= len(announcement) <= _LONGEST_QUERY or len(one.members) < 2:
            continue
        for member in one.members[:3]:
            passage = inside.at(member.start)
            if passage is not None and not passage.start <= one.start < passage.end:
                yield Made(announcement, inside.place(passage), 0, 0)


def _clauses(inside: _Inside) -> Iterator[Made]:
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
            yield Made(query.strip(), inside.place(passage), begin, end)


def _titles(inside: _Inside) -> Iterator[Made]:
    """A document's title and its opening."""
    opening = next((one for one in inside.passages if len(one.text) >= 2 * _SHORTEST), None)
    if opening is not None and 6 <= len(inside.info.title) <= _LONGEST_QUERY:
        at = opening.text.find(inside.info.title)
        yield Made(
            inside.info.title, inside.place(opening), max(0, at), max(0, at + len(inside.info.title) * (at >= 0))
        )


_KINDS: dict[str, Callable[[_Inside], Iterator[Made]]] = {
    "heading": _headings,
    "article's subject": _subjects,
    "definition": _definitions,
    "announcement": _announcements,
    "clause": _clauses,
    "title": _titles,
}


def _wordings(infos: Mapping[str, DocumentInfo], pool: Pool) -> Iterator[Made]:
    """The article of an older version of a rule, and that of the next version which says it otherwise."""
    from rapidfuzz import fuzz, process

    versions: dict[tuple[str, str], list[DocumentInfo]] = {}
    for info in infos.values():
        if info.date:
            versions.setdefault(version_key(info), []).append(info)
    of_document: dict[str, list[int]] = {}
    for place, (_, passage) in enumerate(pool.passages):
        of_document.setdefault(passage.document_id, []).append(place)
    for same in versions.values():
        ordered = sorted(same, key=lambda info: info.date)
        for old, new in pairwise(ordered):
            later = of_document.get(new.id, [])
            texts = [pool.passages[place][1].text for place in later]
            for place in of_document.get(old.id, []):
                text = pool.passages[place][1].text
                best = process.extractOne(text, texts, scorer=fuzz.ratio, score_cutoff=50)
                if best is not None and best[1] < 90 and len(text) >= _SHORTEST:
                    yield Made(text[:_LONGEST_QUERY], later[best[2]], 0, 0)


def _drawn(chance: random.Random, found: list[Made], each: int) -> list[Made]:
    return found if len(found) <= each else chance.sample(found, each)
