"""Headings without a number: set off in the source, or lines that visibly divide a report."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import zip_longest

from ingest.chinese import fold
from ingest.markers import ATTACHMENT, HEADING_LIMIT, RANK, Marker, Paragraph, marker_at
from ingest.model import Document, HeadingMark
from ingest.unnumbered import Parts, is_full

LINE, RUN_IN, WORD, TERMS = "line", "run-in", "word", "terms"
"""Kinds of headings without a number: on a line of their own, opening a paragraph, 结束语 and its like, 名词解释."""
_WORDS = re.compile(r"(?:结束语|结\s?语|前\s?言|序\s?言|引\s?言|导\s?言|后\s?记)$")
_TERMS = re.compile(r"(?:名\s?词|有关(?:名词|用语))(?:解释|注释|说明)$")
_INCOMPLETE = re.compile(r"(?:[的是于和与及为在由把被将了等至从对向]|[（(《“])$")
_LATIN = re.compile(r"[\x00-\x7f]")
_CAPTION = re.compile(
    r"[图表]\s*[0-9一二三四五六七八九十]|注|下面|目\s*[录次]$|[一二三四五六七八九十]+[是要]$|[（(【\[]|[—―─–●■◆▪•·*]"
)
_SENTENCE = re.compile(r"[^。！？；：:]{4,60}[。！？]?")
_PREDICATE = re.compile(r"[，,；：:]|[是为了]|具有|关系|要靠|已|我们|今年|同志")
_TASK = re.compile(
    r"(?:在[^，。]{2,14}[上中下])?(?:必须|要)?(?:继续|进一步|积极|大力|切实|认真|努力|不断|高度|抓紧|着力|坚决|扎实|全面)?"
    r"(?:加强|加快|发展|推进|推动|坚持|深化|扩大|改善|改革|重视|抓好|做好|搞好|开创|保持|紧紧抓住|解放|提高|完善|健全|促进"
    r"|维护|巩固|建立|建设|落实|实施|进行|增强|优化|解决|整顿|稳定)"
)
_TITLE = re.compile(r"^[^，。]{6,40}(?:方案|办法|规定|意见|条例|计划|规划|纲要|报告|通知|决定)$")
_TITLE_REACH = 40
"""Lines in which the document's title is looked for."""
_LONE = (2, 45)
_TASK_LENGTH = (6, 24)
_BODY = 30
"""What stands under a heading has at least this many characters, or more than the heading, and ends as a sentence."""
_CELL_COUNT = 3
"""A line that stands as often as this in a document is a cell of a table that was drawn as lines."""
_FEWEST = 2
_FEWEST_TASKS = 3


@dataclass(frozen=True, slots=True)
class Headings:
    """The headings without a number, and the kind of numbered section below which those of each kind stand."""

    markers: tuple[Marker, ...]
    below: dict[str, str | None]


def find_headings(document: Document, lines: Sequence[Paragraph], numbers: Sequence[Marker], parts: Parts) -> Headings:
    """Find the headings of a document that have no number."""
    taken = {marker.start for marker in numbers} | parts.skipped | parts.ends | parts.addresses
    free = _Free(document, lines, taken, {marker.start for marker in numbers if marker.kind != "条"})
    found = list(_marked(free, document)) or list(_lone(free)) or list(_tasks(free))
    found += [_heading(WORD, line) for i, line in enumerate(lines[:-1]) if _WORDS.match(line.text) and free.is_free(i)]
    found += [_heading(TERMS, line) for line in lines[:-1] if _TERMS.match(line.text) and line.start not in taken]
    unique = {marker.start: marker for marker in found}
    markers = tuple(sorted(unique.values(), key=lambda marker: marker.start))
    return Headings(markers, _places(markers, numbers))


@dataclass(frozen=True, slots=True)
class _Free:
    """The lines of a document and which of them may be headings."""

    document: Document
    lines: Sequence[Paragraph]
    taken: Set[int]
    sections: Set[int]

    def is_free(self, place: int) -> bool:
        """Whether a line is text of its own: no number, no row of a table, not the title."""
        line = self.lines[place]
        return (
            line.start not in self.taken
            and self.document.row_at(line.start) is None
            and marker_at(line) is None
            and not self.is_title(place)
        )

    def is_title(self, place: int) -> bool:
        """Whether a line is the document's title or a part of it; the first line always is."""
        if place == 0 or place >= _TITLE_REACH:
            return place == 0
        title, words = fold(self.document.info.title), fold(self.lines[place].text)
        return bool(words) and (words in title or (title in words and len(title) > 4))

    def follows_text(self, place: int) -> bool:
        """Whether what precedes a line is over: a sentence, another heading, or the title."""
        before = self.lines[place - 1] if place else None
        if before is None:
            return False
        return is_full(before.text) or before.start in self.sections or (self.is_title(place - 1))

    def heads_text(self, place: int) -> bool:
        """Whether a paragraph or a section stands below a line, a title between them or not."""
        length = len(self.lines[place].text)
        for after in self.lines[place + 1 : place + 3]:
            if after.start in self.sections:
                return True
            if is_full(after.text):
                return len(after.text) >= max(_BODY, length)
            if not _TITLE.search(after.text):
                return False
        return False


def _heading(kind: str, line: Paragraph, depth: int = 0, end: int = 0) -> Marker:
    return Marker(kind, 0, line.start, line.start, line.end, depth, end or line.end)


def _marked(free: _Free, document: Document) -> Iterator[Marker]:
    """Headings that the source sets off: by depth, as a line in bold, or as bold words that open a paragraph."""
    places = {line.start: place for place, line in enumerate(free.lines)}
    bold: list[Marker] = []
    for mark in document.marks:
        place = places.get(mark.start)
        if place is None or not free.is_free(place):
            continue
        line = free.lines[place]
        if mark.depth:
            if _LONE[0] <= len(line.text.rstrip("：:")) <= HEADING_LIMIT and place + 1 < len(free.lines):
                yield _heading(f"{LINE} {mark.depth}", line, mark.depth)
        elif (marker := _in_bold(free, place, mark)) is not None:
            bold.append(marker)
    for kind in (LINE, RUN_IN):
        alike = [marker for marker in bold if marker.kind == kind]
        if len(alike) >= _FEWEST:
            yield from alike


def _in_bold(free: _Free, place: int, mark: HeadingMark) -> Marker | None:
    line = free.lines[place]
    first = _SENTENCE.match(line.text)
    if first is None or _CAPTION.match(line.text):
        return None
    if mark.end >= line.end - 1:
        is_line = first.end() == len(line.text) and free.follows_text(place) and place + 1 < len(free.lines)
        return _heading(LINE, line) if is_line else None
    end = line.start + first.end()
    is_most = 2 * (mark.end - line.start) >= first.end() and mark.end <= end
    is_opening = line.text[first.end() - 1] in "。！？" and is_most
    return _heading(RUN_IN, line, end=end) if is_opening else None


def _lone(free: _Free) -> Iterator[Marker]:
    """Short lines that end as no sentence does, each between paragraphs that do."""
    counts = Counter(line.text for line in free.lines)
    found = [
        _heading(LINE, line)
        for place, line in enumerate(free.lines)
        if counts[line.text] < _CELL_COUNT and _is_lone(free, place)
    ]
    if len(found) >= _FEWEST:
        yield from found


def _is_lone(free: _Free, place: int) -> bool:
    text = free.lines[place].text
    return (
        _LONE[0] <= len(text) <= _LONE[1]
        and not is_full(text)
        and text[-1] not in "，、,.。"
        and not _INCOMPLETE.search(text)
        and not _CAPTION.match(text)
        and not re.search("[\t：:]", text)
        and 3 * len(_LATIN.findall(text)) <= len(text)
        and free.is_free(place)
        and free.follows_text(place)
        and free.heads_text(place)
    )


def _tasks(free: _Free) -> Iterator[Marker]:
    """Short sentences that name a task, each on a line above the paragraph that elaborates it."""
    found = [
        _heading(LINE, line)
        for place, line in enumerate(free.lines)
        if _TASK_LENGTH[0] <= len(line.text) <= _TASK_LENGTH[1]
        and line.text.endswith("。")
        and _TASK.match(line.text)
        and not _PREDICATE.search(line.text)
        and free.is_free(place)
        and free.follows_text(place)
        and free.heads_text(place)
    ]
    if len(found) >= _FEWEST_TASKS:
        yield from found


def _places(headings: Sequence[Marker], numbers: Sequence[Marker]) -> dict[str, str | None]:
    """Below which kind of numbered section the headings of each kind stand, None where above them all.

    It is the kind before most of the first headings of a row; of as many, to stand above wins.
    """
    votes: dict[str, Counter[str | None]] = {}
    merged = sorted([*headings, *numbers], key=lambda marker: marker.start)
    section: str | None = None
    before = ""
    for marker, after in zip_longest(merged, merged[1:]):
        if marker.kind in RANK:
            section = None if marker.kind == ATTACHMENT else marker.kind
        elif before in RANK or not before:
            # Numbers that begin anew below a heading are below it.
            begins_anew = after is not None and after.kind == section and after.number == 1
            votes.setdefault(marker.kind, Counter())[None if begins_anew else section] += 1
        before = marker.kind
    return {kind: _most(counts) for kind, counts in votes.items()}


def _most(counts: Counter[str | None]) -> str | None:
    return max(counts, key=lambda kind: (counts[kind], kind is None, -RANK.get(kind or "", 0)))
