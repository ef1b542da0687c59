"""References as the catalogue stores them: what a document's text says, not what a library makes of it.

Which documents name a title or 文号 is kept beside, so that who refers to a document is found without reading others.
"""

import json
from collections.abc import Iterable

from index.titles import aliases, core
from ingest.chinese import fold
from ingest.references.model import Reference, Step

REFERENCES = """
CREATE TABLE document_references (document INTEGER PRIMARY KEY, found TEXT NOT NULL);
CREATE TABLE names_referred_to (
    name TEXT NOT NULL, document INTEGER NOT NULL, PRIMARY KEY (name, document)) WITHOUT ROWID;
CREATE INDEX names_by_document ON names_referred_to (document);
"""
SYNONYMS = {"党章": "中国共产党章程"}
"""Names that everyone uses for a document of another title: a closed list."""


def encode(references: Iterable[Reference]) -> str:
    """References as JSON."""
    rows = [
        [
            *(one.start, one.end, one.titles, one.number, one.date),
            [[step.level, step.first, step.last, step.sub] for step in one.place],
            *(one.found, one.is_marked),
        ]
        for one in references
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def decode(stored: str) -> tuple[Reference, ...]:
    """References from JSON."""
    return tuple(
        Reference(
            *(start, end, tuple(titles), number, date, tuple(Step(*step) for step in place)),
            (found[0], found[1]) if found else None,
            is_marked,
        )
        for start, end, titles, number, date, place, found, is_marked in json.loads(stored)
    )


def names_of(reference: Reference) -> frozenset[str]:
    """What the document that is meant may be listed under: titles as they are compared, 文号."""
    titles = [SYNONYMS.get(title, title) for title in reference.titles]
    names = frozenset(name for title in titles for name in (aliases(title) | {core(title)}))
    return names | {number_key(reference.number)} if reference.number else names


def listed_under(title: str, number: str) -> frozenset[str]:
    """The names under which references to a document of this title and 文号 are listed."""
    names = aliases(title) | {core(title)}
    return names | {number_key(number)} if number else names


def number_key(number: str) -> str:
    """A 文号 as it is compared: one kind of brackets, no spaces, without the name of the state."""
    return fold(number).replace("(", "[").replace(")", "]").removeprefix("中华人民共和国")
