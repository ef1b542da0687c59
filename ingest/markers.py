"""Numbered paragraphs: 编/章/节/条, 一、（一）1.（1）, 1.1, 第一件事, 第一，, 一是.

Markers are recognised at the start of a paragraph and only where their numbers run on (1, 2, 3 …), so that a
sentence that happens to begin with a numeral is no section.
"""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.chinese import NUMERAL, fold, parse_ordinal

HEADING_LIMIT = 60
"""A paragraph longer than this is no heading; its first sentence may be one."""
ATTACHMENT = "附件"
_UNITS = "万亿千百元％%倍个人年月日时分秒米公平吨度级项条户家次名岁、，,)）～~\\-—"
_DECIMAL = re.compile(rf"(?P<n>\d{{1,2}}(?:[.．]\d{{1,2}}){{1,3}})[.．、]?(?![\d.．{_UNITS}])")
_WHOLE = re.compile(r"(?P<n>\d{1,2})(?=[\s\u3000]*[\u4e00-\u9fff][^。；！？]{1,24}$)")
"""The top level of decimal numbers: 1 总则."""
DECIMALS = ("1", "1.1", "1.1.1", "1.1.1.1")
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        (ATTACHMENT, rf"附\s{{0,3}}(?:件|表|录)\s*(?P<n>{NUMERAL})?\s*(?=[:：.．\s]|$)"),
        ("编", rf"第(?P<n>{NUMERAL})编"),
        ("分编", rf"第(?P<n>{NUMERAL})分编"),
        ("章", rf"第(?P<n>{NUMERAL})章"),
        ("节", rf"第(?P<n>{NUMERAL})节"),
        ("条", rf"第(?P<n>{NUMERAL})条(?:之{NUMERAL})?"),
        *((name, r"(?!)(?P<n>)") for name in DECIMALS),
        ("一、", rf"(?P<n>{NUMERAL})、(?![一二三四五六七八九十]、)"),
        ("（一）", r"[（(](?P<n>[一二三四五六七八九十百]+)[）)]"),
        (
            "第一部分",
            rf"第(?P<n>{NUMERAL})(?:部分|阶段|件事|个?方面|个?问题|点|项|步|类|种|次|层|个)(?=[，,：:。、\s]|就?是)",
        ),
        ("1.", r"(?P<n>[0-9０-９]{1,2})\s*[.．、](?![0-9０-９])"),
        ("（1）", r"[（(](?P<n>[0-9０-９]{1,2})[）)]"),
        ("①", r"(?P<n>[①-⑳])"),
        ("第一，", rf"第(?P<n>{NUMERAL})[，,、：:]"),
        ("一是", r"(?P<n>[一二三四五六七八九十]+)(?:是|要)(?=\S)"),
        ("首先", r"(?P<n>首先|其次|再次|最后)(?=[，,])"),
    )
)
STATUTE = (ATTACHMENT, "编", "分编", "章", "节", "条")
_INNER = "的"
"""Behind the name of a kind: numbers of that kind inside a section that has such a number itself."""
RANK = {name + inner: 2 * rank + bool(inner) for rank, (name, _) in enumerate(_KINDS) for inner in ("", _INNER)}
"""Which kind stands above which where a document shows nothing else; the least is outermost."""
OUTERMOST = (*STATUTE, "1", "一、", "第一部分")
"""What stands below no 前言 or 结束语."""
LARGEST_GAP = 3
"""Numbers may skip (a repealed article, a misprint) by up to this."""
_TITLED = ("编", "分编", "章", "节", "一、", "（一）")
_TITLE_LIMIT = 30
_CONTENTS = re.compile(r"目\s*[录次]$")
_LONGEST_ENTRY = 80
_LEADER = re.compile(r"[\s.．…·]*\d{0,4}$")
"""What a table of contents has behind a heading: dots and the page."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of a document: `text == document.text[start:end]`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Marker:
    """The beginning of a section: its kind, its number, and where paragraph and label end."""

    kind: str
    number: int
    start: int
    label_end: int
    end: int
    """Where the paragraph ends, or the last of the lines that its heading runs over."""
    depth: int = 0
    """The depth at which the source sets it off as a heading, 0 where it says none."""
    head_end: int = 0
    """Where a heading without a number ends, 0 where the words tell it."""


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield the span of every line of `text`, line ends left out."""
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield start, end
        start = end + 1


def numbered(lines: Sequence[Paragraph], skipped: Container[int], attachments: Sequence[Marker]) -> list[Marker]:
    """The numbered paragraphs of a document whose numbers run on, with its attachments, in order.

    `skipped` are the starts of lines that are not looked at.
    """
    contents = _contents(lines)
    own = {marker.start for marker in attachments}
    decimal = any(_DECIMAL.match(line.text) for line in lines)
    found = [
        marker
        for line in lines
        if line.start not in contents and line.start not in skipped and line.start not in own
        for marker in _candidates(line, decimal=decimal)
    ]
    return _with_inner(list(_running(sorted([*found, *attachments], key=lambda marker: marker.start))))


def _candidates(line: Paragraph, *, decimal: bool) -> Iterator[Marker]:
    marker = marker_at(line)
    if marker is not None:
        yield marker
    elif decimal and line.text[:1].isdigit():
        yield from _decimal_at(line)


def marker_at(line: Paragraph) -> Marker | None:
    """The marker that a paragraph begins with, decimal numbers (1.1) left out."""
    for kind, pattern in _KINDS:
        match = pattern.match(line.text)
        if match is not None and (number := parse_ordinal(match["n"] or "一")):
            return Marker(kind, number, line.start, line.start + match.end(), line.end)
    return None


def _decimal_at(line: Paragraph) -> Iterator[Marker]:
    """A decimal number; its place among its siblings, in thousands, stands above the number of its parent."""
    match = _DECIMAL.match(line.text) or _WHOLE.match(line.text)
    if match is None:
        return
    numbers = [int(part) for part in re.split("[.．]", match["n"])]
    above = 0
    for number in numbers[:-1]:
        above = above * 100 + number
    if all(numbers):
        kind = DECIMALS[len(numbers) - 1]
        yield Marker(kind, above * 100 + numbers[-1], line.start, line.start + match.end("n"), line.end)


def _contents(lines: Sequence[Paragraph]) -> set[int]:
    """The starts of the lines of a table of contents: they stand again, spaced differently perhaps, in the body."""
    skipped: set[int] = set()
    for place, line in enumerate(lines):
        if not _CONTENTS.match(line.text):
            continue
        skipped.add(line.start)
        for entry in _entries(lines, place + 1):
            skipped.add(entry.start)
    return skipped


def _entries(lines: Sequence[Paragraph], first: int) -> Iterator[Paragraph]:
    bodies = [fold(line.text[:_LONGEST_ENTRY]) for line in lines]
    for place in range(first, len(lines)):
        wanted = fold(_LEADER.sub("", lines[place].text))
        if len(lines[place].text) > _LONGEST_ENTRY or not wanted:
            return
        if not any(body.startswith(wanted) for body in bodies[place + 1 :]):
            return
        yield lines[place]


def _running(markers: Iterable[Marker]) -> Iterator[Marker]:
    """Keep the markers whose numbers run on from the last of their kind, or begin anew with one."""
    last: dict[str, int] = {}
    outer: dict[str, int] = {}  # The numbers reached before a kind began anew: its numbering may go on there.
    for marker in markers:
        previous = last.get(marker.kind)
        if marker.kind == ATTACHMENT:
            last.clear()
        elif marker.kind in DECIMALS:
            if not _decimal_runs_on(marker, previous, last):
                continue
            for deeper in DECIMALS[DECIMALS.index(marker.kind) + 1 :]:
                last.pop(deeper, None)
        elif marker.kind == "条":
            if previous is not None and not (previous <= marker.number <= previous + LARGEST_GAP or marker.number == 1):
                continue
        elif marker.number == 1:
            outer[marker.kind] = previous or 0
        elif previous is None or not (
            previous < marker.number <= previous + LARGEST_GAP or marker.number == outer.get(marker.kind, 0) + 1
        ):
            continue
        last[marker.kind] = marker.number
        yield marker


def _with_inner(markers: Sequence[Marker]) -> list[Marker]:
    """The markers, with runs that begin anew inside a section of the same kind, and after which it goes on, told apart.

    一、二、（一、二、三、）三、: the inner ones are of a kind of their own.
    """
    kept = list(markers)
    for position, marker in enumerate(markers):
        if marker.number != 1 or marker.kind in STATUTE or marker.kind in DECIMALS:
            continue
        before = _previous(markers, position)
        run = _run_from(markers, position)
        rest = range(run[-1] + 1, len(markers))
        after = next((markers[place] for place in rest if RANK[markers[place].kind] <= RANK[marker.kind]), None)
        if before is None or after is None or after.kind != marker.kind:
            continue
        if after.number == before.number + 1 and after.number != markers[run[-1]].number + 1:
            for place in run:
                kept[place] = replace(markers[place], kind=marker.kind + _INNER)
    return kept


def _previous(markers: Sequence[Marker], position: int) -> Marker | None:
    """The last marker of the same kind, where no outer section has begun since."""
    for place in range(position - 1, -1, -1):
        if markers[place].kind == markers[position].kind:
            return markers[place]
        if markers[place].kind in STATUTE:
            return None
    return None


def _run_from(markers: Sequence[Marker], position: int) -> list[int]:
    """The places of the markers that count on from the one at a position."""
    run = [position]
    for place in range(position + 1, len(markers)):
        if markers[place].kind == markers[position].kind:
            if markers[place].number != markers[run[-1]].number + 1:
                break
            run.append(place)
    return run


def _decimal_runs_on(marker: Marker, previous: int | None, last: dict[str, int]) -> bool:
    """Whether a decimal number follows its sibling, or is the first below the number before it (3 → 3.1)."""
    if previous is not None and previous < marker.number <= previous + LARGEST_GAP:
        return previous // 100 == marker.number // 100
    if marker.number % 100 != 1:
        return False
    level = DECIMALS.index(marker.kind)
    return level == 0 or last.get(DECIMALS[level - 1], marker.number // 100) == marker.number // 100


def with_titles(markers: Sequence[Marker], lines: Sequence[Paragraph], skipped: set[int]) -> list[Marker]:
    """The markers, with where a heading ends that stands on the line below its label, or runs on there.

    The starts of these lines are added to `skipped`.
    """
    places = {line.start: place for place, line in enumerate(lines)}
    taken = {marker.start for marker in markers}
    return [_with_title(marker, lines, places[marker.start] + 1, taken, skipped) for marker in markers]


def _with_title(marker: Marker, lines: Sequence[Paragraph], place: int, taken: set[int], skipped: set[int]) -> Marker:
    if marker.kind not in _TITLED or place >= len(lines):
        return marker
    words, below = lines[place - 1].text[marker.label_end - marker.start :].strip(), lines[place]
    runs_on = len(words) <= HEADING_LIMIT and words.endswith(("、", "，", "和", "与", "及"))
    # Nothing stands between the heading of a chapter and its first article.
    runs_on = runs_on or (marker.kind in STATUTE and place + 1 < len(lines) and _is_article(lines[place + 1]))
    is_title = len(below.text) <= _TITLE_LIMIT and below.text[-1] not in "。！？；：:" and below.start not in taken
    if not is_title or (words and not runs_on):
        return marker
    skipped.add(below.start)
    return replace(marker, head_end=below.end)


def _is_article(line: Paragraph) -> bool:
    marker = marker_at(line)
    return marker is not None and marker.kind == "条"


def with_depths(markers: Iterable[Marker], depths: dict[int, int]) -> list[Marker]:
    """The markers with the depths that the source gives them as headings, by the start of their paragraph."""
    return [replace(marker, depth=depths.get(marker.start, 0)) for marker in markers]
