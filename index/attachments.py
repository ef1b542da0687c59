"""Attachments that are documents of their own: which one 附件2 means, and which one a notice calls by its name."""

import re
from collections.abc import Iterable
from itertools import islice

from index.titles import core, issued_name
from ingest.announced import LABEL, LABELLED
from ingest.chinese import NUMERAL, fold, parse_number
from ingest.markers import paragraphs
from ingest.model import Document, DocumentInfo

_NUMBERED = re.compile(rf"附件\s*({NUMERAL})(?!的)")
_HEAD_LINES = 6
"""Lines in which what is attached prints its label and title."""
_SHORTEST = 4
"""Characters of a line that may be the first of a title over several lines."""


class Attachments:
    """What came with what, of all the documents of a library."""

    def __init__(self, infos: Iterable[DocumentInfo]) -> None:
        self._by_key = {info.key: info for info in infos}

    def of(self, info: DocumentInfo) -> list[DocumentInfo]:
        """The documents that came with one."""
        return [self._by_key[key] for key in info.attachments if key in self._by_key]

    def parent(self, info: DocumentInfo) -> DocumentInfo | None:
        """The document that one came with."""
        return self._by_key.get(info.parent)

    def family(self, info: DocumentInfo) -> list[DocumentInfo]:
        """The other documents that came with one, or that it came with."""
        parent = self.parent(info)
        beside = [parent, *self.of(parent)] if parent else []
        return [one for one in (*self.of(info), *beside) if one.id != info.id]

    def numbered(self, info: DocumentInfo, number: int) -> DocumentInfo | None:
        """附件2 of a document, by the number that its label or the name of its file has."""
        return next((one for one in self.of(info) if number and _number(one) == number), None)

    def only(self, info: DocumentInfo, number: int) -> DocumentInfo | None:
        """附件, or 附件1, of a document with one attachment that has no number."""
        attached = self.of(info)
        return attached[0] if len(attached) == 1 and number <= 1 and _number(attached[0]) == 0 else None

    def issued(self, info: DocumentInfo, title: str) -> list[DocumentInfo]:
        """What a notice issues under a title, which may leave out the words that the printed one begins with."""
        name = core(title)
        attached = [one for one in self.of(info) if one.part]
        printed = [(one, {core(title) for title in titles_of(one)}) for one in attached]
        called = [one for one, titles in printed if name in titles] or [
            one for one, titles in printed if any(own.endswith(name) or name.endswith(own) for own in titles)
        ]
        return called or (attached if len(attached) == 1 and name == issued_name(info.title) else [])

    def also_called(self, info: DocumentInfo) -> str:
        """What the notice that issued a document calls it in its own title; empty where that is another one."""
        parent = self.parent(info) if info.part else None
        name = issued_name(parent.title) if parent else ""
        return name if parent and name and info in self.issued(parent, name) else ""


def titles_of(info: DocumentInfo) -> tuple[str, ...]:
    """The title of a document, and the one that it prints where a user has corrected that."""
    read = (one.read for one in info.corrections if one.field == "title" and isinstance(one.read, str))
    return (info.title, *(title for title in read if title))


def title_place(document: Document) -> tuple[int, int]:
    """Where a document prints its title, label 附件2 left out; its first line where that reads otherwise."""
    begin, stop = document.own[0]
    lines = [(begin + start, begin + end) for start, end in islice(paragraphs(document.text[begin:stop]), _HEAD_LINES)]
    wanted = fold(document.info.title)
    for position, (start, end) in enumerate(lines):
        line = document.text[start:end]
        start += len(line) - len(LABELLED.sub("", line, count=1))
        joined = fold(document.text[start:end])
        if len(joined) < min(_SHORTEST, len(wanted)) or not wanted.startswith(joined):
            continue
        for first, last in lines[position + 1 :]:
            more = fold(document.text[first:last])
            if not wanted.startswith(joined + more):
                break
            joined, end = joined + more, last
        return start, end
    return next((span for span in lines if not LABEL.fullmatch(document.text[span[0] : span[1]])), (begin, begin))


def _number(info: DocumentInfo) -> int:
    match = _NUMBERED.match(info.part or info.source.rpartition("/")[2])
    return parse_number(match[1]) or 0 if match else 0
