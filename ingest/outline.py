"""The outline of a Chinese official document: 编/章/节/条, 一、（一）1.（1）, 第一件事, 第一，, 一是.

Markers are recognised at the start of a paragraph and only where their numbers run on (1, 2, 3 …), so that a
sentence that happens to begin with a numeral is no section. Which kind of marker stands above which is taken
from the document itself: in most 一、 is above （一）, in some the other way round.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.chinese import NUMERAL, parse_ordinal
from ingest.model import Document, Node, Outline

HEADING_LIMIT = 60
"""A paragraph longer than this is no heading; its first sentence may be one."""

_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("附件", rf"附(?:件|表|录)\s*(?P<n>{NUMERAL})?\s*(?=[:：\s]|$)"),
        ("编", rf"第(?P<n>{NUMERAL})编"),
        ("分编", rf"第(?P<n>{NUMERAL})分编"),
        ("章", rf"第(?P<n>{NUMERAL})章"),
        ("节", rf"第(?P<n>{NUMERAL})节"),
        ("条", rf"第(?P<n>{NUMERAL})条(?:之{NUMERAL})?"),
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
_STATUTE = ("附件", "编", "分编", "章", "节", "条")
_RANK = {name: rank for rank, (name, _) in enumerate(_KINDS)}
_LARGEST_GAP = 3
"""Numbers may skip (a repealed article, a misprint) by up to this."""
_FIRST_SENTENCE = re.compile(rf"[^。！？；]{{1,{HEADING_LIMIT}}}[。！？；]")
_CONTENTS = re.compile(r"目\s*[录次]$")


@dataclass(frozen=True, slots=True)
class Marker:
    """A numbered paragraph: which kind of marker, its number, and where paragraph and label end."""

    kind: str
    number: int
    start: int
    label_end: int
    end: int


def find_outline(document: Document) -> Outline:
    """Find the sections, articles and numbered paragraphs of a document, in reading order."""
    return _nest(document.text, list(_running(_markers(document.text))))


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield the span of every line of `text`, line ends left out."""
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield start, end
        start = end + 1


def _markers(text: str) -> Iterator[Marker]:
    contents = False
    last: dict[str, int] = {}
    for start, end in paragraphs(text):
        line = text[start:end]
        if _CONTENTS.match(line):
            contents = True
            last = last or {_unspaced(text[a:b]): a for a, b in paragraphs(text)}
            continue
        found = _marker_at(line, start)
        if contents and found is not None and found.kind in _STATUTE and end - start <= HEADING_LIMIT:
            # A line of a table of contents stands again, spaced differently perhaps, as a heading of the body.
            if last[_unspaced(line)] < end:
                contents = False
            else:
                continue
        elif contents and end - start > HEADING_LIMIT:
            contents = False
        if found is not None:
            yield Marker(found.kind, found.number, start, found.label_end, end)


def _unspaced(line: str) -> str:
    return "".join(line.split())


def _marker_at(line: str, start: int) -> Marker | None:
    for kind, pattern in _KINDS:
        match = pattern.match(line)
        if match is None:
            continue
        printed = match["n"] or "一"
        number = parse_ordinal(printed)
        if number:
            return Marker(kind, number, start, start + match.end(), start + len(line))
    return None


def _running(markers: Iterator[Marker]) -> Iterator[Marker]:
    """Keep the markers whose numbers run on from the last of their kind, or begin anew with one."""
    last: dict[str, int] = {}
    for marker in markers:
        previous = last.get(marker.kind)
        if marker.kind == "附件":
            last.clear()
        elif marker.kind == "条":
            if previous is not None and not (
                previous <= marker.number <= previous + _LARGEST_GAP or marker.number == 1
            ):
                continue
        elif marker.number != 1 and (previous is None or not previous < marker.number <= previous + _LARGEST_GAP):
            continue
        last[marker.kind] = marker.number
        yield marker


def _nest(text: str, markers: Sequence[Marker]) -> Outline:
    """Build the tree: each marker goes below the innermost open section that it does not close."""
    continues = _continuations(markers)
    nodes: list[Node] = []
    ends: list[int] = []
    open_markers: list[int] = []
    for position, marker in enumerate(markers):
        keep = _kept_open(markers, open_markers, position, continues)
        for closed in open_markers[keep:]:
            ends[closed] = marker.start
        del open_markers[keep:]
        parent = open_markers[-1] if open_markers else None
        label = text[marker.start : marker.label_end].rstrip()
        nodes.append(Node(label, _heading(text, marker), keep + 1, marker.start, len(text), parent))
        ends.append(len(text))
        open_markers.append(position)
    _close_last_items(markers, nodes, ends)
    return Outline(tuple(replace(node, end=end) for node, end in zip(nodes, ends, strict=True)))


def _close_last_items(markers: Sequence[Marker], nodes: Sequence[Node], ends: list[int]) -> None:
    """Where all items of a list but the last are single paragraphs, the last is one too: what follows is not in it."""
    items: dict[tuple[int | None, str], list[int]] = {}
    for position, (marker, node) in enumerate(zip(markers, nodes, strict=True)):
        run = items.setdefault((node.parent, marker.kind), [])
        if marker.number == 1:
            run.clear()
        run.append(position)
        following = nodes[position + 1] if position + 1 < len(nodes) else None
        is_last = following is None or (following.level <= node.level and markers[position + 1].kind != marker.kind)
        before = run[:-1]
        if is_last and before and all(ends[item] - markers[item].end <= 1 for item in before):
            ends[position] = marker.end


def _continuations(markers: Sequence[Marker]) -> list[bool]:
    """For each marker whether the next of its kind (before another 附件) carries its numbering on."""
    continues = [False] * len(markers)
    following: dict[str, int] = {}
    for position in range(len(markers) - 1, -1, -1):
        marker = markers[position]
        if marker.kind == "附件":
            following.clear()
        continues[position] = following.get(marker.kind, 0) == marker.number + 1
        following[marker.kind] = marker.number
    return continues


def _kept_open(markers: Sequence[Marker], open_markers: Sequence[int], position: int, continues: list[bool]) -> int:
    """How many of the open sections stay open when the marker at `position` begins."""
    marker = markers[position]
    rank = _RANK[marker.kind]
    if rank == 0:
        return 0
    for depth in range(len(open_markers) - 1, -1, -1):
        other = markers[open_markers[depth]]
        if other.kind == marker.kind and 0 <= marker.number - other.number <= _LARGEST_GAP:
            return depth
    keep = len(open_markers)
    while keep:
        other = markers[open_markers[keep - 1]]
        run_goes_on = continues[open_markers[keep - 1]] and other.kind not in _STATUTE
        if _RANK[other.kind] < rank or (run_goes_on and marker.kind not in _STATUTE):
            break
        keep -= 1
    return keep


def _heading(text: str, marker: Marker) -> str:
    """The words after the label when they are a heading, else the first sentence when it is short; none in articles."""
    words = text[marker.label_end : marker.end].strip().lstrip("，,：:、")
    if marker.kind == "条":
        return ""
    first = _FIRST_SENTENCE.match(words)
    if first:
        return first.group().rstrip("。；！？")
    return words.rstrip("：:，") if len(words) <= HEADING_LIMIT else ""
