"""Where one file holds several documents: a notice and what it issues, an order and the regulation under it.

What is attached stands below the notice's signature, under a title that the notice names: in the sentence that issues
it (现将《…办法》印发给你们), in its title, or in its list of attachments (附件：1.…). Nothing else is split off, and a
mere form, table, list or picture among the attachments stays a part of the notice.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.announced import (
    BRACKET_BEHIND,
    LABEL,
    LABELLED,
    has_order,
    is_same_title,
    is_signature,
    joined_title,
    list_of_attachments,
    names_issued,
    number_of_label,
    plain_title,
    title_of_cover,
)
from ingest.markers import paragraphs
from ingest.model import Document
from ingest.origin import find_number
from ingest.titles import kind_of

Span = tuple[int, int]

_SIGNED_WITHIN = 4
"""Lines above the title of what is attached among which the signature's date stands."""
_TITLE_LINES = 5
_LEAST_LINES = 2
"""A notice has at least a title, a text and an organ above the date of its signature."""
_LEAST = 60
"""Characters of the least text that is a document of its own."""
_ISSUERS = frozenset(
    ("通知", "通报", "函", "复函", "批复", "答复", "决定", "公告", "命令", "意见", "请示")
)  # fmt: skip
"""Kinds of documents whose attachments (附件) are documents; the annexes of a rule or a report are parts of it."""
_NOTE = re.compile(r"[（(【\[].{2,20}[)）】\]]")
_BEGINS = re.compile(r"第一[章编条节]|目\s*录|总\s*则|[（(].*(?:通过|修[订正改]|公布|发布|批准).*[)）]?$|一、")
_FORM = re.compile(
    r"(?:表|清单|名单|名录|图|图案|样|式样|样式|坐标|回执|指标|名册|格式|模板|模版|封面|标识|注释|解释|名词|五线谱版?|书)$"
)
_SENTENCE_ENDS = ("。", "；", "：", "！", "？")


@dataclass(frozen=True, slots=True)
class Part:
    """A document in a file that holds several; `label` is empty for the one that the file is named by.

    `spans` are its stretches of the file's text, in order; `body` is where its text begins below its label 附件1.
    """

    label: str
    title: str
    spans: tuple[Span, ...]
    body: int
    parent: str | None
    """The label of the part that it came with, None for what came with nothing."""


@dataclass(frozen=True, slots=True)
class _Start:
    """The line on which something attached begins, the offset of its text behind its label, and what it is."""

    line: int
    body: int
    number: int | None
    title: str
    is_text: bool


def find_parts(document: Document) -> tuple[Part, ...]:
    """The documents that a file holds, in order, none where it is one."""
    if "\n" not in document.text:
        return ()
    found = _Finder(document)
    main = found.issued_as_the_file()
    return found.with_cover(main) if main is not None else found.with_attachments()


class _Finder:
    """The lines of a file, and what its head says that it issues."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._text = document.text
        self._spans = list(paragraphs(document.text))
        self._lines = [document.text[start:end] for start, end in self._spans]
        self._title = "".join(document.info.title.split())
        self._names = names_issued(self._title, self._lines)
        self._listed = list(list_of_attachments(self._lines))
        signed = (at for at, line in enumerate(self._lines) if at > _LEAST_LINES and is_signature(line))
        self._signed = next(signed, len(self._lines))

    def issued_as_the_file(self) -> _Start | None:
        """Where the file is called by the rule itself, below the notice or order that it came with: where it begins."""
        title = plain_title(self._title)
        if kind_of(self._title) in ("通知", "函", "通报"):
            return None
        is_named = any(title == name or is_same_title(title, name) for name in map(plain_title, self._names))
        if not is_named and not has_order(self._lines):
            return None
        return next(self._titled([self._title], 1), None)

    def with_cover(self, main: _Start) -> tuple[Part, ...]:
        """The notice or order above a rule that the file is called by; none where it has no title of its own."""
        title = title_of_cover(self._lines[: main.line], self._title)
        if not title or 2 * self._begin(main.line) < _LEAST:
            return ()
        label = "公告" if "公告" in title else "令" if "令" in title and "通知" not in title else kind_of(title)
        cover = Part(label, title, (self._span(0, main.line),), 0, None)
        body = self._begin(main.line)
        return cover, Part("", self._document.info.title, (self._span(main.line, len(self._lines)),), body, label)

    def with_attachments(self) -> tuple[Part, ...]:
        """A notice and what it issues."""
        starts = self._starts()
        title = plain_title(self._title)
        if not any(start.is_text for start in starts) or any(plain_title(start.title) == title for start in starts):
            return ()
        ends = [start.line for start in starts[1:]] + [len(self._lines)]
        own: list[Span] = [self._span(0, starts[0].line)]
        attached: list[Part] = []
        texts = sum(start.is_text for start in starts)
        for position, (start, end) in enumerate(zip(starts, ends, strict=True), 1):
            span = self._span(start.line, end)
            if not start.is_text:
                own.append(span)
                continue
            number = start.number or (position if texts > 1 else None)
            label = f"附件{number or ''}"
            if label in (part.label for part in attached):
                label = f"附件{position}的{len(attached) + 1}"
            attached.append(Part(label, start.title, (span,), start.body, ""))
        return Part("", self._document.info.title, tuple(own), 0, None), *attached

    def _starts(self) -> list[_Start]:
        """What is attached, in order: first what is issued by name, else or besides what stands under 附件."""
        issued = list(self._titled(self._names, 1))
        labelled = list(self._labelled()) if self._document.info.kind in _ISSUERS else []
        first = min((start.line for start in issued), default=len(self._lines))
        if issued and not self._listed:
            # An attachment that the notice does not list is one of what it issues.
            labelled = [start for start in labelled if start.line < first]
        by_line = {start.line: start for start in labelled} | {
            start.line: replace(start, number=by.number if (by := _at(labelled, start.line)) else start.number)
            for start in issued
        }
        starts = [start for start in by_line.values() if not start.is_text or self._is_long(start)]
        if starts:
            starts += self._again(min(start.line for start in starts))
        return sorted(starts, key=lambda start: start.line)

    def _again(self, first: int) -> Iterator[_Start]:
        """Where a page that prints the notice twice prints it again: that is no attachment."""
        head = self._lines[:2]
        for line in range(first + 1, len(self._lines) - 1):
            if self._lines[line : line + 2] == head:
                yield _Start(line, self._begin(line), None, "", is_text=False)

    def _is_long(self, start: _Start) -> bool:
        return len(self._text) - self._begin(start.line) >= _LEAST

    def _titled(self, names: Sequence[str], first: int) -> Iterator[_Start]:
        """The places below a signature where one of some names stands as a title."""
        plain = {plain_title(name): name for name in names}
        wanted = {name: full for name, full in plain.items() if len(name) >= 4 or name.endswith(("法", "法典"))}
        line = first
        found: set[str] = set()
        while wanted and line < len(self._lines):
            end = self._title_at(line, wanted)
            if end is None or not self._may_begin(line, end, found=bool(found)):
                line += 1
                continue
            title, end = self._in_full(line, end, wanted)
            label = line - 1 if LABEL.fullmatch(self._lines[line - 1]) else line
            body = self._begin(line) + len(self._lines[line]) - len(_without_label(self._lines[line]))
            yield _Start(label, body, number_of_label(self._lines[label]), title, is_text=title not in found)
            found.add(title)
            line = end

    def _title_at(self, line: int, wanted: dict[str, str]) -> int | None:
        """The line after a title that begins on a line, None where none of those wanted does."""
        joined = ""
        for end in range(line, min(line + _TITLE_LINES, len(self._lines))):
            piece = self._lines[end]
            if len(piece) > 80 or piece.endswith(_SENTENCE_ENDS) or LABEL.fullmatch(piece) or is_signature(piece):
                return None
            joined += piece if end > line else _without_label(piece)
            run = plain_title(joined)
            if run in wanted or any(is_same_title(run, name) for name in wanted):
                return end + 1
        return None

    def _may_begin(self, line: int, end: int, *, found: bool) -> bool:
        """Whether a document may begin there: below a signature, under 附件, or where it goes on as one does."""
        above = self._lines[max(0, line - _SIGNED_WITHIN) : line]
        below = self._lines[end : end + 2]
        if not below or any(is_signature(text) for text in below) or self._begin(line) > len(self._text) - _LEAST:
            return False
        is_labelled = line > self._signed and LABELLED.match(self._lines[line])
        is_under_label = is_labelled or LABEL.fullmatch(self._lines[line - 1]) is not None
        is_signed = any(is_signature(text) for text in above)
        goes_on = any(_BEGINS.match(text) for text in below)
        ended = self._lines[line - 1].endswith((*_SENTENCE_ENDS, "）", ")"))
        return bool(is_under_label) or is_signed or (ended and line > 1 and (goes_on or found))

    def _in_full(self, line: int, end: int, wanted: dict[str, str]) -> tuple[str, int]:
        """The title with the bracket below it that the name has, and the line after it."""
        title = joined_title([_without_label(self._lines[line]), *self._lines[line + 1 : end]])
        below = self._lines[end] if end < len(self._lines) else ""
        if _NOTE.fullmatch(below) and any("".join(name.split()) == title + below for name in wanted.values()):
            return title + below, end + 1
        return title, end

    def _labelled(self) -> Iterator[_Start]:
        """What stands under or behind 附件 below the notice's signature; with a list only what it lists."""
        expected = [one.number for one in self._listed]
        if len(expected) == 1:
            expected = [None]
        last = 0
        for at in range(self._signed + 1, len(self._lines) - 1):
            line = self._lines[at]
            is_alone = LABEL.fullmatch(line) is not None
            number = number_of_label(line)
            if not is_alone and LABELLED.match(line) is None:
                continue
            if is_alone and find_number(self._lines[at + 1 : at + 2]):
                continue  # the number of what is published, which has its title below it
            wanted = None if len(self._listed) == 1 and number == 1 else number
            if self._listed and wanted not in expected:
                continue
            if not self._listed and number != (last + 1 if last else number):
                continue
            title, end = self._title_below(at, at + 1 if is_alone else at, number)
            if title:
                expected = [one for one in expected if one != wanted]
                last = number or len(self._lines)
                body = self._begin(at + 1) if is_alone else self._begin(at) + len(line) - len(_without_label(line))
                yield _Start(at, body, number, title, is_text=self._is_text(at, end, title))

    def _title_below(self, label: int, line: int, number: int | None) -> tuple[str, int]:
        """The title printed behind a label or on the lines from one on, and the line after it; empty where none is."""
        listed = next((one.title for one in self._listed if one.number == number or number is None), "")
        joined: list[str] = []
        for end in range(line, min(line + _TITLE_LINES, len(self._lines))):
            piece = _without_label(self._lines[end]) if end == label else self._lines[end]
            if len(piece) > 60 or piece.endswith(_SENTENCE_ENDS) or "\t" in piece or _BEGINS.match(piece):
                break
            joined.append(piece)
            title = joined_title(joined)
            if plain_title(title) == plain_title(listed) or (not listed and kind_of(title) != "其他"):
                below = self._lines[end + 1] if end + 1 < len(self._lines) else ""
                whole = _NOTE.fullmatch(below) is not None and joined_title([listed]) == title + below
                return (title + below, end + 2) if whole else (title, end + 1)
        printed = joined_title(joined[:3])
        return (printed, line + min(3, len(joined))) if len(printed) >= 4 else ("", line)

    def _is_text(self, line: int, body: int, title: str) -> bool:
        """Whether what is attached is a text, and not a form, a table, a list or a picture."""
        bare = title
        while BRACKET_BEHIND.search(bare):
            bare = BRACKET_BEHIND.sub("", bare)
        if _FORM.search(bare):
            return False
        end = next(
            (
                at
                for at in range(body, len(self._lines))
                if LABEL.fullmatch(self._lines[at]) or LABELLED.match(self._lines[at])
            ),
            len(self._lines),
        )
        rows = [row for row in self._document.rows if self._begin(line) <= row.start < self._begin(end)]
        in_rows = sum(row.end - row.start for row in rows)
        prose = sum(len(text) for text in self._lines[body:end] if text.endswith(_SENTENCE_ENDS))
        whole = sum(map(len, self._lines[body:end]))
        return whole >= _LEAST and 2 * (prose - in_rows) >= whole

    def _begin(self, line: int) -> int:
        return self._spans[line][0] if line < len(self._spans) else len(self._text)

    def _span(self, first: int, end: int) -> Span:
        return self._begin(first), self._spans[end - 1][1]


def _at(starts: Sequence[_Start], line: int) -> _Start | None:
    return next((start for start in starts if start.line == line), None)


def _without_label(line: str) -> str:
    return LABELLED.sub("", line, count=1) if LABELLED.match(line) else line
