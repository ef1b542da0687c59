"""The parts of a document that its numbers do not tell: attachments, the list of them, signatures, closing words."""

import re
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
    r"本作品(?:是|来自|在|原文)|扫一扫|Public domain|分享到|打印本?页|关闭窗口|责任编辑|【?(?:打印|关闭)|相关(?:链接|附件)"
)
_FORMULA = re.compile(
    r"(?:以上|上述)[^。]{0,20}(?:如无不妥|妥否|当否|如有不妥|请[^。]{0,12}[批审]|特此)"
    r"|特此(?:通知|批复|函复|函告|报告|公告|通告|说明)|请(?:认真)?(?:贯彻|遵照|研究|批示|审议)"
    r"|各(?:地区?|省|市|县|级)[^。]{0,12}各(?:有关)?(?:部门|单位)[^。]{0,30}(?:要|应|按照|结合|高度)"
    r"|本(?:意见|通知|办法|规定|方案|批复|决定)自[^。]{2,20}起(?:施行|实施|执行|生效)"
)
_HISTORY = re.compile(r"\s*[（(][^（()）]*(?:通过|修订|修正|发布|公布|印发|\d{4}|[〇○零]年)[^（()）]*[)）]?$")
_FORWARDS = re.compile(r"(?:印发|转发).*通知|通过$|令$")
_SHORT = 40
_SIGNATURE_LINES = 8
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
    _find_lists(lines, signatures, parts)
    _find_labelled(lines, parts)
    _find_titled(lines, signatures, title, parts)
    _find_named(lines, signatures, title, parts)
    parts.attachments.sort(key=lambda marker: marker.start)
    _find_endings(lines, body, signatures, parts)
    return parts


def _is_date(lines: Sequence[Paragraph], place: int) -> bool:
    text = lines[place].text
    return len(text) <= 20 and text[:1] not in "（(" and bool(date_alone(text)) and lines[place - 1].text[-1:] not in "：:"


def _signature(lines: Sequence[Paragraph], date: int, body: int) -> tuple[int, int]:
    """The lines of a signature: the organs above a date that stands alone, and the date."""
    first = date
    while first - 1 > body and date - first < _SIGNATURE_LINES and _is_organ(lines[first - 1]):
        first -= 1
    return first, date


def _is_organ(line: Paragraph) -> bool:
    return len(line.text) <= _SHORT and not re.search(r"[。！？；：，、:]", line.text) and marker_at(line) is None


def _find_lists(lines: Sequence[Paragraph], signatures: Sequence[tuple[int, int]], parts: Parts) -> None:
    """Where the attachments are listed: above the signature, or with a title that stands again further down."""
    for place, line in enumerate(lines):
        marker = marker_at(line)
        if marker is None or marker.kind != ATTACHMENT:
            continue
        signed = next((first for first, _ in signatures if first > place), None)
        between = lines[place:signed] if signed is not None and signed - place <= 20 else []
        above = bool(between) and not any(len(one.text) > HEADING_LIMIT or one.text.endswith("。") for one in between)
        if above and not any(first < place for first, _ in signatures):
            listed: Sequence[Paragraph] = between
        elif _stands_again(lines, place, marker):
            listed = [line]
        else:
            continue
        parts.ends.add(line.start)
        parts.skipped.update(one.start for one in listed)


def _stands_again(lines: Sequence[Paragraph], place: int, marker: Marker) -> bool:
    name = fold(lines[place].text[marker.label_end - marker.start :].strip(" \u3000:：.．1"))
    after = lines[place + 1 :]
    labelled = any(
        other is not None and other.kind == ATTACHMENT and other.number == marker.number for other in map(marker_at, after)
    )
    return labelled and len(name) >= 4 and any(fold(one.text).startswith(name[:10]) for one in after)


def _find_labelled(lines: Sequence[Paragraph], parts: Parts) -> None:
    for place, line in enumerate(lines):
        marker = marker_at(line) if line.start not in parts.skipped else None
        if marker is None or marker.kind != ATTACHMENT:
            continue
        is_bare = not lines[place].text[marker.label_end - marker.start :].strip(" \u3000:：.．")
        stop = _whole_title(lines, place + 1, _title_end(lines, place + 1)) if is_bare else place + 1
        parts.attachments.append(replace(marker, head_end=lines[stop - 1].end if stop > place + 1 else 0))
        parts.skipped.update(one.start for one in lines[place + 1 : stop])


def _find_titled(
    lines: Sequence[Paragraph], signatures: Sequence[tuple[int, int]], title: str, parts: Parts
) -> None:
    """Attachments without a label: after a signature a title that the text before has named, or that names a kind."""
    for _, date in signatures:
        place = date + 1
        while place < len(lines) and _NOTE.match(lines[place].text):
            place += 1
        stop = _title_end(lines, place)
        if stop == place or stop >= len(lines) or _is_label(lines[place]):
            continue
        printed = "".join(line.text for line in lines[place:stop])
        name = fold(_HISTORY.sub("", printed))
        named = {fold(match) for line in lines[:place] for match in _QUOTED.findall(line.text)}
        known = name in fold(title) or any(name in one or name.endswith(one) for one in named)
        of_a_kind = _KIND_OF_ATTACHMENT.search(name) is not None and len(lines) - stop >= 5
        if fold(title) not in name and not _FORWARDS.search(name) and (known or of_a_kind):
            start, end = lines[place].start, _behind(lines[place:stop], len(_HISTORY.sub("", printed)))
            parts.attachments.append(Marker(ATTACHMENT, 1, start, start, lines[place].end, head_end=end))
            parts.skipped.update(line.start for line in lines[place + 1 : stop])


def _find_named(
    lines: Sequence[Paragraph], signatures: Sequence[tuple[int, int]], title: str, parts: Parts
) -> None:
    """Further attachments: after the first signature a line that is a title which the text above it has named."""
    if not signatures:
        return
    first = signatures[0][0]
    named = {fold(match) for line in lines[:first] for match in _QUOTED.findall(line.text)}
    known = {marker.start for marker in parts.attachments} | parts.skipped
    for line in lines[first + 1 :]:
        name = fold(line.text) if len(line.text) <= _SHORT else ""
        if name in named and name != fold(title) and line.start not in known:
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
    above = fold("\n".join(line.text for line in lines[: place - 1]))
    for end in range(place + 1, stop):
        name = fold("".join(line.text for line in lines[place:end]))
        if name in above or _KIND_OF_ATTACHMENT.search(name):
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


def _find_endings(
    lines: Sequence[Paragraph], body: int, signatures: Sequence[tuple[int, int]], parts: Parts
) -> None:
    addresses = [i for i, line in enumerate(lines) if i > body and _ADDRESS.match(line.text)]
    parts.addresses.update(lines[i].start for i in addresses)
    begins = {marker.start for marker in parts.attachments}
    for place in addresses:
        if _paragraphs_left(lines, place, begins) <= _CLOSE_REACH:
            parts.ends.add(lines[place].start)
    for first, _ in signatures:
        for place in range(max(body + 1, first - _CLOSE_REACH), first):
            if _FORMULA.match(lines[place].text) and marker_at(lines[place]) is None:
                parts.ends.add(lines[place].start)
                break
    parts.ends.update(line.start for line in lines[body:] if _FURNITURE.match(line.text))


def _paragraphs_left(lines: Sequence[Paragraph], place: int, begins: set[int]) -> int:
    """How many paragraphs follow a line before the document or attachment ends."""
    following = list(takewhile(lambda line: line.start not in begins, lines[place + 1 :]))
    if any(marker_at(line) is not None for line in following):
        return len(following)
    return sum(1 for _ in takewhile(lambda line: is_full(line.text), following))
