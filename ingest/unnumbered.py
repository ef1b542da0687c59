"""The parts of a document that its numbers do not tell: attachments, the list of them, signatures, closing words."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from ingest.chinese import fold
from ingest.dates import date_alone
from ingest.markers import ATTACHMENT, HEADING_LIMIT, Marker, Paragraph, marker_at

_FULL = re.compile(r"[。！？；：:;!?…][”’」』）)》〉]*$")
_QUOTED = re.compile(r"《([^《》]{4,80})》")
_KIND_OF_ATTACHMENT = re.compile(
    r"(?:办法|规定|条例|细则|规则|准则|方案|意见|报告|预案|规划|计划|纲要|要点|请示|章程|标准|目录|名单|分工|清单|一览表)"
    r"(?:[（(][^（()）]{1,8}[)）])?$"
)
_NOTE = re.compile(r"[（(【\[].{1,30}[)）】\]]$")
_ADDRESS = re.compile(r"(?:各位[\u4e00-\u9fff]{2,6}|同志们|朋友们)(?:[、，][\u4e00-\u9fff]{2,8})*\s*[！!：:]")
_FURNITURE = re.compile(
    r"本作品(?:是|来自|在|原文)|扫一扫|Public domain|分享到|打印本?页|关闭窗口|责任编辑|【?(?:打印|关闭)】?$|相关链接"
)
_FORMULA = re.compile(
    r"(?:以上|上述)[^。]{0,20}(?:如无不妥|妥否|当否|如有不妥|请[^。]{0,12}[批审]|特此)"
    r"|特此(?:通知|批复|函复|函告|报告|公告|通告|说明)|请(?:认真)?(?:贯彻|遵照|研究|批示|审议)"
    r"|各(?:地区?|省|市|县|级)[^。]{0,12}各(?:有关)?(?:部门|单位)[^。]{0,30}(?:要|应|按照|结合|高度)"
    r"|本(?:意见|通知|办法|规定|方案|批复|决定)自[^。]{2,20}起(?:施行|实施|执行|生效)"
)
_HISTORY = re.compile(r"\s*[（(][^（()）]*(?:通过|修订|修正|发布|公布|印发|\d{4}|[〇○零]年)[^（()）]*[)）]?$")
_FORWARDS = re.compile(r"(?:印发|转发).*通知|通过$|令$")
_LISTED = re.compile(
    r"^(?:附\s?件)?\s*[0-9一二三四五六七八九十]{0,2}\s*[:：.．、]?\s*(?:\d{1,2}\s*[.．、])?\s*|[。；]$"
)
"""What is printed around a title in the list of attachments."""
_DATE_LENGTH = 20
_SHORT = 40
_SIGNATURE_LINES = 8
_LONGEST_LIST = 20
_LIST_REACH = 200
"""Paragraphs in which the titles of attachments are looked for."""
_LEAST_OPENING, _OPENING = 4, 10
"""Characters by which the title of an attachment is known again."""
_AROUND_NAME = " \u3000:：.．"
_TITLE_LINES = 3
_CLOSE_REACH = 2
"""Paragraphs that may follow the last address of a speech, or a closing formula, before its end."""


@dataclass
class Parts:
    """What divides a document besides its numbers."""

    attachments: list[Marker] = field(default_factory=list)
    skipped: set[int] = field(default_factory=set)
    """Starts of lines that list the attachments and begin none."""
    ends: set[int] = field(default_factory=set)
    """Starts of lines at which every section ends but the attachment they stand in."""
    addresses: set[int] = field(default_factory=set)
    """Starts of lines that turn to the audience anew: 各位代表！"""


def is_full(text: str) -> bool:
    """Whether a paragraph ends as a sentence or an announcement does."""
    return _FULL.search(text[-6:]) is not None


def find_parts(lines: Sequence[Paragraph], title: str) -> Parts:
    """Find the attachments of a document, and where its parts end."""
    parts = Parts()
    body = next((i for i, line in enumerate(lines) if len(line.text) >= 30 and is_full(line.text)), len(lines))
    signatures = [_signature(lines, i, body) for i in range(body + 1, len(lines)) if _is_date(lines, i)]
    for first, date in signatures:
        parts.ends.add(lines[first].start)
        parts.skipped.update(line.start for line in lines[first : date + 1])
    labels = _labels(lines)
    _find_lists(lines, labels, signatures, parts)
    _find_labelled(lines, labels, parts)
    if signatures:
        named = _names(lines)
        _find_titled(lines, signatures, named, title, parts)
        _find_named(lines, signatures, named, title, parts)
    parts.attachments.sort(key=lambda marker: marker.start)
    _find_endings(lines, body, signatures, parts)
    return parts


def _is_date(lines: Sequence[Paragraph], place: int) -> bool:
    text = lines[place].text
    if len(text) > _DATE_LENGTH or text[:1] in "（(" or lines[place - 1].text[-1:] in "：:":
        return False
    return bool(date_alone(text))


def _signature(lines: Sequence[Paragraph], date: int, body: int) -> tuple[int, int]:
    """The lines of a signature: the organs above a date that stands alone, and the date."""
    first = date
    while first - 1 > body and date - first < _SIGNATURE_LINES and _is_organ(lines[first - 1]):
        first -= 1
    return first, date


def _is_organ(line: Paragraph) -> bool:
    return len(line.text) <= _SHORT and not re.search(r"[。！？；：，、:]", line.text) and marker_at(line) is None


def _labels(lines: Sequence[Paragraph]) -> list[tuple[int, Marker]]:
    """The lines that begin with 附件 and the like, by their place."""
    found = ((place, marker_at(line)) for place, line in enumerate(lines) if line.text.startswith("附"))
    return [(place, marker) for place, marker in found if marker is not None and marker.kind == ATTACHMENT]


def _find_lists(
    lines: Sequence[Paragraph],
    labels: Sequence[tuple[int, Marker]],
    signatures: Sequence[tuple[int, int]],
    parts: Parts,
) -> None:
    """Where the attachments are listed: above the signature, or with a title that stands again further down."""
    signed = signatures[0][0] if signatures else 0
    openings = _last_openings(lines) if labels else {}
    last = {marker.number: place for place, marker in labels}
    for place, marker in labels:
        name = fold(lines[place].text[marker.label_end - marker.start :].strip(_AROUND_NAME + "1"))
        if place < signed <= place + _LONGEST_LIST and _is_list(lines[place:signed]):
            listed = lines[place:signed]
        elif len(name) >= _LEAST_OPENING and place < last[marker.number] and openings.get(name[:_OPENING], 0) > place:
            listed = lines[place : place + 1]
        else:
            continue
        parts.ends.add(lines[place].start)
        parts.skipped.update(one.start for one in listed)


def _is_list(lines: Sequence[Paragraph]) -> bool:
    return not any(len(line.text) > HEADING_LIMIT or line.text.endswith("。") for line in lines)


def _last_openings(lines: Sequence[Paragraph]) -> dict[str, int]:
    """Where a line last begins with certain characters, from 4 to 10 of them, short lines only."""
    last: dict[str, int] = {}
    for place, line in enumerate(lines):
        if len(line.text) <= HEADING_LIMIT:
            words = fold(line.text)
            last.update((words[:length], place) for length in range(_LEAST_OPENING, _OPENING + 1))
    return last


def _find_labelled(lines: Sequence[Paragraph], labels: Sequence[tuple[int, Marker]], parts: Parts) -> None:
    for place, marker in labels:
        if lines[place].start in parts.skipped:
            continue
        is_bare = not lines[place].text[marker.label_end - marker.start :].strip(_AROUND_NAME)
        stop = _whole_title(lines, place + 1, _title_end(lines, place + 1)) if is_bare else place + 1
        parts.attachments.append(replace(marker, head_end=lines[stop - 1].end if stop > place + 1 else 0))
        parts.skipped.update(one.start for one in lines[place + 1 : stop])


def _find_titled(
    lines: Sequence[Paragraph],
    signatures: Sequence[tuple[int, int]],
    named: dict[str, int],
    title: str,
    parts: Parts,
) -> None:
    """Attachments without a label: after a signature a title that the text before has named, or that names a kind."""
    for _, date in signatures:
        place = date + 1
        while place < len(lines) and _NOTE.match(lines[place].text):
            place += 1
        stop = _title_end(lines, place)
        if stop == place or stop >= len(lines):
            continue
        printed = "".join(line.text for line in lines[place:stop])
        name = fold(_HISTORY.sub("", printed))
        known = name in fold(title) or any(
            at < place and (name in one or name.endswith(one)) for one, at in named.items()
        )
        of_a_kind = _KIND_OF_ATTACHMENT.search(name) is not None and len(lines) - stop >= 5
        if fold(title) not in name and not _FORWARDS.search(name) and (known or of_a_kind):
            start, end = lines[place].start, _behind(lines[place:stop], len(_HISTORY.sub("", printed)))
            parts.attachments.append(Marker(ATTACHMENT, 1, start, start, lines[place].end, head_end=end))
            parts.skipped.update(line.start for line in lines[place + 1 : stop])


def _names(lines: Sequence[Paragraph]) -> dict[str, int]:
    """The titles that are quoted, 《…》, each with the place of the line that quotes it first."""
    named: dict[str, int] = {}
    for place, line in enumerate(lines):
        for quoted in _QUOTED.findall(line.text):
            named.setdefault(fold(quoted), place)
    return named


def _find_named(
    lines: Sequence[Paragraph],
    signatures: Sequence[tuple[int, int]],
    named: dict[str, int],
    title: str,
    parts: Parts,
) -> None:
    """Further attachments: after the first signature a line that is a title which the text above it has named."""
    first = signatures[0][0]
    known = {marker.start for marker in parts.attachments} | parts.skipped
    for line in lines[first + 1 :]:
        name = fold(line.text) if len(line.text) <= _SHORT else ""
        if named.get(name, first) < first and name != fold(title) and line.start not in known:
            parts.attachments.append(Marker(ATTACHMENT, 1, line.start, line.start, line.end, head_end=line.end))


def _behind(lines: Sequence[Paragraph], length: int) -> int:
    """The offset behind the first characters of lines, line ends not counted."""
    for line in lines:
        if length <= len(line.text):
            return line.start + length
        length -= len(line.text)
    return lines[-1].end


def _whole_title(lines: Sequence[Paragraph], place: int, stop: int) -> int:
    """The line behind the title where what stands above names the attachment, or its words name a kind; else `stop`."""
    above = lines[: min(place - 1, _LIST_REACH)]
    named = {fold(match) for line in above for match in _QUOTED.findall(line.text)}
    named.update(fold(_LISTED.sub("", line.text)) for line in above if len(line.text) <= HEADING_LIMIT)
    for end in range(place + 1, stop):
        name = fold("".join(line.text for line in lines[place:end]))
        if name in named or _KIND_OF_ATTACHMENT.search(name):
            return end
    return stop


def _is_label(line: Paragraph) -> bool:
    marker = marker_at(line)
    return marker is not None or _FURNITURE.match(line.text) is not None


def _title_end(lines: Sequence[Paragraph], place: int) -> int:
    """The line behind the title that begins on a line, the line itself where none does."""
    stop = place
    while (
        stop < len(lines)
        and stop - place < _TITLE_LINES
        and len(lines[stop].text) <= _SHORT
        and not is_full(lines[stop].text)
        and not _is_label(lines[stop])
        and not _NOTE.match(lines[stop].text)
        and not date_alone(lines[stop].text)
        and "\t" not in lines[stop].text
        and len(lines[stop].text) >= 4
    ):
        stop += 1
    return stop


def _find_endings(lines: Sequence[Paragraph], body: int, signatures: Sequence[tuple[int, int]], parts: Parts) -> None:
    begins = [marker.start for marker in parts.attachments]
    following = _Following(lines, begins)
    for place in range(body + 1, len(lines)):
        if _ADDRESS.match(lines[place].text):
            parts.addresses.add(lines[place].start)
            if following.are_last(place):
                parts.ends.add(lines[place].start)
        elif _FURNITURE.match(lines[place].text):
            parts.ends.add(lines[place].start)
    for first, _ in signatures:
        for place in range(max(body + 1, first - _CLOSE_REACH), first):
            if _FORMULA.match(lines[place].text) and marker_at(lines[place]) is None:
                parts.ends.add(lines[place].start)
                break


class _Following:
    """What follows the lines of a document in the part of it that they stand in."""

    def __init__(self, lines: Sequence[Paragraph], begins: Sequence[int]) -> None:
        self._lines = lines
        starts = [line.start for line in lines]
        self._parts = [bisect_left(starts, begin) for begin in begins] + [len(lines)]
        self._numbered = [place for place, line in enumerate(lines) if marker_at(line) is not None]

    def are_last(self, place: int) -> bool:
        """Whether few paragraphs and no numbers follow a line before its part ends."""
        end = self._parts[bisect_left(self._parts, place + 1)]
        numbered = bisect_left(self._numbered, place + 1)
        if numbered < len(self._numbered) and self._numbered[numbered] < end:
            return False
        reach = self._lines[place + 1 : min(end, place + 2 + _CLOSE_REACH)]
        return sum(1 for _ in takewhile(lambda line: is_full(line.text), reach)) <= _CLOSE_REACH
