"""Where the last section of a row ends: it is like those before it, so what is more than they have is not in it."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from ingest.markers import ATTACHMENT, STATUTE, Marker, Paragraph
from ingest.model import Node

_MOST_TRAILING = 2
"""Paragraphs that may follow the last item of the last section and belong to neither."""


def close_sections(
    lines: Sequence[Paragraph], markers: Sequence[Marker], nodes: Sequence[Node], ends: list[int]
) -> None:
    """Bring the ends of last sections forward: `ends` are those of `nodes`, made of `markers`."""
    starts = [line.start for line in lines]
    rows = list(_rows(markers, nodes))
    children: dict[int | None, list[int]] = {}
    for position, node in enumerate(nodes):
        children.setdefault(node.parent, []).append(position)
    for row in rows:
        last = row[-1]
        if last in children or not _is_last(last, markers, nodes):
            continue
        counts = [_lines_in(starts, nodes[item].start, ends[item]) for item in row]
        if any(item in children for item in row[:-1]) or len(set(counts[:-1])) != 1:
            continue
        if counts[0] == 1 and len(row) >= 2 and counts[-1] > 1:
            ends[last] = markers[last].end
        elif counts[0] == 2 and counts[-1] > 2 and _may_end(row, counts[-1], markers, nodes):
            ends[last] = lines[bisect_left(starts, nodes[last].start) + 1].end
    for row in rows:
        parent = nodes[row[0]].parent
        is_outermost = parent is None or markers[parent].kind == ATTACHMENT
        if is_outermost and markers[row[0]].kind not in STATUTE:
            _close_trailing(starts, row, children, ends)


def _rows(markers: Sequence[Marker], nodes: Sequence[Node]) -> Iterator[list[int]]:
    """The rows of sections of one kind below one parent, each from its first number on."""
    rows: dict[tuple[int | None, str], list[int]] = {}
    for position, (marker, node) in enumerate(zip(markers, nodes, strict=True)):
        if marker.number == 1 and (ended := rows.pop((node.parent, marker.kind), None)):
            yield ended
        rows.setdefault((node.parent, marker.kind), []).append(position)
    yield from rows.values()


def _is_last(position: int, markers: Sequence[Marker], nodes: Sequence[Node]) -> bool:
    following = nodes[position + 1] if position + 1 < len(nodes) else None
    return following is None or (
        following.level <= nodes[position].level and markers[position + 1].kind != markers[position].kind
    )


def _lines_in(starts: Sequence[int], start: int, end: int) -> int:
    return bisect_left(starts, end) - bisect_left(starts, start)


def _may_end(row: Sequence[int], lines: int, markers: Sequence[Marker], nodes: Sequence[Node]) -> bool:
    """Whether the last of sections of a heading and one paragraph ends after its first paragraph.

    An outermost one may well be longer, so there only a single paragraph too much is taken for the closing words.
    """
    parent = nodes[row[0]].parent
    if markers[row[0]].kind in STATUTE:
        return False
    is_outermost = parent is None or markers[parent].kind == ATTACHMENT
    return (len(row) >= 4 and lines == 3) if is_outermost else len(row) >= 3


def _close_trailing(
    starts: Sequence[int], row: Sequence[int], children: dict[int | None, list[int]], ends: list[int]
) -> None:
    """Where nothing follows the items of the earlier sections of a row, what follows those of the last is not in it."""
    if row[-1] not in children:
        return
    last_items = [(item, children[item][-1]) for item in row if item in children]
    trailing = [max(0, _lines_in(starts, ends[last] + 1, ends[item])) for item, last in last_items]
    if len(trailing) >= 2 and not any(trailing[:-1]) and 0 < trailing[-1] <= _MOST_TRAILING:
        ends[row[-1]] = ends[last_items[-1][1]]
