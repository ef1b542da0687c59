"""The outline of a Chinese official document: numbered sections, headings without a number, attachments.

Which kind of section stands above which is taken from the document itself: in most 一、 is above （一）, in some the
other way round; headings without a number stand above the numbers in one document and below them in another.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.endings import close_sections
from ingest.headings import TERMS, WORD, find_headings
from ingest.markers import (
    ATTACHMENT,
    HEADING_LIMIT,
    LARGEST_GAP,
    OUTERMOST,
    RANK,
    STATUTE,
    Marker,
    Paragraph,
    numbered,
    paragraphs,
    with_depths,
    with_titles,
)
from ingest.model import Document, Node, Outline
from ingest.unnumbered import Parts, find_parts

_FIRST_SENTENCE = re.compile(rf"[^。！？；]{{1,{HEADING_LIMIT}}}[。！？；]")


def find_outline(document: Document) -> Outline:
    """Find the sections, articles and numbered paragraphs of a document, in reading order."""
    text = document.text
    lines = [Paragraph(start, end, text[start:end]) for start, end in paragraphs(text)]
    parts = find_parts(lines, document.info.title)
    depths = {mark.start: mark.depth for mark in document.marks}
    found = with_depths(numbered(lines, parts.skipped, parts.attachments), depths)
    numbers = with_titles(found, lines, parts.skipped)
    headings = find_headings(document, lines, numbers, parts)
    markers = sorted([*numbers, *headings.markers], key=lambda marker: marker.start)
    return _Nesting(text, markers, headings.below, parts).outline(lines)


class _Nesting:
    """The building of the tree: each marker goes below the innermost open section that it does not close."""

    def __init__(self, text: str, markers: Sequence[Marker], below: dict[str, str | None], parts: Parts) -> None:
        self._text = text
        self._markers = markers
        self._below = below
        self._parts = parts
        self._continues = _continuations(markers)
        self._nodes: list[Node] = []
        self._ends: list[int] = []
        self._open: list[int] = []

    def outline(self, lines: Sequence[Paragraph]) -> Outline:
        """The tree of all markers."""
        places = {marker.start: position for position, marker in enumerate(self._markers)}
        for line in lines:
            if line.start in self._parts.ends:
                self._close(self._attachments(), line.start)
            elif line.start in self._parts.addresses:
                self._close(self._going_on(), line.start)
            if line.start in places:
                self._add(places[line.start])
        close_sections(lines, self._markers, self._nodes, self._ends)
        return Outline(tuple(replace(node, end=end) for node, end in zip(self._nodes, self._ends, strict=True)))

    def _add(self, position: int) -> None:
        marker = self._markers[position]
        keep = self._kept_by_number(position) if marker.kind in RANK else self._kept_by_heading(marker)
        self._close(keep, marker.start)
        parent = self._open[-1] if self._open else None
        label = self._text[marker.start : marker.label_end].rstrip()
        heading = _heading(self._text, marker)
        self._nodes.append(Node(label, heading, keep + 1, marker.start, len(self._text), parent))
        self._ends.append(len(self._text))
        self._open.append(position)

    def _close(self, keep: int, offset: int) -> None:
        for closed in self._open[keep:]:
            self._ends[closed] = offset
        del self._open[keep:]

    def _attachments(self) -> int:
        """How many of the open sections are attachments."""
        return 1 if self._open and self._markers[self._open[0]].kind == ATTACHMENT else 0

    def _going_on(self) -> int:
        """How many of the open sections stay open at an address: the outermost, and runs that go on."""
        keep = min(self._attachments() + 1, len(self._open))
        for depth in range(len(self._open) - 1, keep - 1, -1):
            if self._continues[self._open[depth]]:
                return depth + 1
        return keep

    def _kept_by_number(self, position: int) -> int:
        """How many of the open sections stay open when the numbered section at `position` begins."""
        marker = self._markers[position]
        if marker.kind == ATTACHMENT:
            return 0
        for depth in range(len(self._open) - 1, -1, -1):
            other = self._markers[self._open[depth]]
            if other.kind == marker.kind and 0 <= marker.number - other.number <= LARGEST_GAP:
                return depth
        keep = len(self._open)
        while keep and not self._stays_above(self._open[keep - 1], marker):
            keep -= 1
        return keep

    def _stays_above(self, position: int, marker: Marker) -> bool:
        """Whether an open section may hold a numbered one of another kind."""
        other = self._markers[position]
        if other.kind in RANK:
            goes_on = self._continues[position] and other.kind not in STATUTE
            return RANK[other.kind] < RANK[marker.kind] or (goes_on and marker.kind not in STATUTE)
        if other.kind in (WORD, TERMS):
            return other.kind == TERMS or marker.kind not in OUTERMOST
        if other.depth and marker.depth:
            return other.depth < marker.depth
        below = self._below.get(other.kind)
        return below is None or RANK[below] < RANK[marker.kind]

    def _kept_by_heading(self, marker: Marker) -> int:
        """How many of the open sections stay open when a heading without a number begins."""
        kinds = [self._markers[position].kind for position in self._open]
        if marker.kind == WORD:
            return self._attachments()
        if marker.kind == TERMS:
            return 0
        if marker.kind in kinds:
            return kinds.index(marker.kind)
        if marker.depth:
            depths = [self._markers[position].depth for position in self._open]
            as_deep = [place for place, depth in enumerate(depths) if depth >= marker.depth]
            if any(depths):
                return as_deep[0] if as_deep else len(depths)
        below = self._below.get(marker.kind)
        if below is None:
            return self._attachments()
        if below in kinds:
            return len(kinds) - kinds[::-1].index(below)
        return next((place for place, kind in enumerate(kinds) if RANK.get(kind, 0) >= RANK[below]), len(kinds))


def _continuations(markers: Sequence[Marker]) -> list[bool]:
    """For each marker whether the next of its kind (before another attachment) carries its numbering on."""
    continues = [False] * len(markers)
    following: dict[str, int] = {}
    for position in range(len(markers) - 1, -1, -1):
        marker = markers[position]
        if marker.kind == ATTACHMENT:
            following.clear()
        continues[position] = following.get(marker.kind, 0) == marker.number + 1
        following[marker.kind] = marker.number
    return continues


def _heading(text: str, marker: Marker) -> str:
    """The words after the label when they are a heading, else the first sentence when it is short; none in articles."""
    if marker.head_end:
        words = text[marker.label_end : marker.head_end].strip(" \u3000:：.．\n")
        return "".join(words.split("\n")).rstrip("。；！？：:，")
    words = text[marker.label_end : marker.end].strip().lstrip("，,：:、.．")
    if marker.kind == "条":
        return ""
    first = _FIRST_SENTENCE.match(words)
    if first:
        return first.group().rstrip("。；！？")
    return words.rstrip("：:，") if len(words) <= HEADING_LIMIT else ""
