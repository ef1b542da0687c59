"""Cutting a document into passages: the stretches that search returns.

A passage never crosses an article or a top-level section, normally has 150 to 400 characters and never over 600.
Together the passages cover the text but for the line ends between them, and do not overlap.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from ingest.chinese import NUMERAL, sentences
from ingest.markers import HEADING_LIMIT, paragraphs
from ingest.model import Document, Node, Outline, Passage, path_part

SMALL = 150
"""A passage this long ends where the next numbered paragraph begins."""
TARGET = 300
"""Paragraphs are gathered up to about this many characters."""
LARGE = 400
"""A paragraph or article longer than this is divided."""
LIMIT = 600
"""No passage is longer; a sentence that is, is cut."""
_STATUTE_LABEL = re.compile(rf"附[件表录]|第{NUMERAL}(?:编|分编|章|节|条)")
_LEAD_LENGTH = (8, 200)


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph or a part of one, and what it asks of the passages around it."""

    start: int
    end: int
    must_begin: bool
    """A passage begins here: an article, a chapter, a top-level section."""
    may_begin: bool
    """A passage that is long enough ends before it."""
    is_heading: bool
    whole: Node | None
    """The largest section around it that fits into one passage, kept together."""


def cut_passages(document: Document, outline: Outline) -> tuple[Passage, ...]:
    """Cut a document into passages, in order; an empty document has none."""
    blocks = list(_blocks(document.text, outline))
    return tuple(_passage(document, outline, group) for group in _groups(blocks))


def _blocks(text: str, outline: Outline) -> Iterator[_Block]:
    by_start = {node.start: node for node in outline.nodes}
    for start, end in paragraphs(text):
        node = by_start.get(start)
        must = node is not None and (_is_outermost(node, outline) or _is_statute(node))
        heading = node is not None and end - start <= HEADING_LIMIT and _is_bare_heading(text[start:end], node)
        if end - start <= LARGE:
            whole = next((around for around in outline.chain_at(start) if around.end - around.start <= LARGE), None)
            yield _Block(start, end, must, node is not None, heading, whole)
            continue
        for position, (piece_start, piece_end) in enumerate(_pieces(text, start, end)):
            yield _Block(piece_start, piece_end, must and position == 0, True, False, None)


def _is_outermost(node: Node, outline: Outline) -> bool:
    """Whether a section stands below nothing but the attachment it is in."""
    if node.parent is None:
        return True
    parent = outline.nodes[node.parent]
    return parent.parent is None and (not parent.label or parent.label.startswith("附"))


def _is_statute(node: Node) -> bool:
    return _STATUTE_LABEL.match(node.label) is not None


def _is_bare_heading(line: str, node: Node) -> bool:
    if not node.label:
        return len(line) <= len(node.heading) + 1
    is_article = "条" in node.label and node.label.startswith("第")
    return not is_article and not line.endswith(("。", "；", ";", "：", "，", "！", "？", "”"))


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Divide a long paragraph at sentence ends into pieces of about equal length near TARGET."""
    spans = [piece for span in sentences(text, start, end) for piece in _cut_long(text, *span)]
    count = ceil((end - start) / TARGET)
    share = (end - start) / count
    piece_start = start
    for position, (_, span_end) in enumerate(spans):
        last = position == len(spans) - 1
        next_end = end if last else spans[position + 1][1]
        over = next_end - piece_start
        if last or over > LARGE or span_end - piece_start >= share:
            yield piece_start, span_end
            piece_start = span_end


def _cut_long(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a sentence that is too long for a passage at semicolons, then at commas, then anywhere."""
    while end - start > LARGE:
        window = text[start : start + LARGE]
        cut = max(window.rfind(mark) for mark in "；;") + 1
        if cut < SMALL:
            cut = max(window.rfind(mark) for mark in "，,、：: ") + 1
        if cut < SMALL:
            cut = LARGE
        yield start, start + cut
        start += cut
    if end > start:
        yield start, end


def _groups(blocks: Sequence[_Block]) -> Iterator[list[_Block]]:
    """Gather blocks into passages; a heading goes with what follows it."""
    group: list[_Block] = []
    for block in blocks:
        if group and _begins(group, block):
            yield group
            group = []
        group.append(block)
    if group:
        yield group


def _begins(group: Sequence[_Block], block: _Block) -> bool:
    length = group[-1].end - group[0].start
    together = block.end - group[0].start
    if together > LIMIT:
        return True
    if all(earlier.is_heading for earlier in group):
        return False
    if block.must_begin:
        return True
    if block.whole is not None and block.whole is group[0].whole:
        return False
    if together > LARGE or (block.whole is not None and block.whole.end - group[0].start > LARGE):
        return True
    return length >= SMALL and (block.may_begin or block.is_heading or together > TARGET)


def _passage(document: Document, outline: Outline, group: Sequence[_Block]) -> Passage:
    start, end = group[0].start, group[-1].end
    body = next((block.start for block in group if not block.is_heading), start)
    chain = [node for node in outline.chain_at(body) if node.end >= end and (node.start <= start or body > start)]
    lead = _header(document, start) or _lead(document.text, chain, start)
    return Passage(
        document.info.id,
        start,
        end,
        document.text[start:end],
        tuple(path_part(node) for node in chain),
        document.page_at(start),
        lead,
    )


def _header(document: Document, start: int) -> str:
    """What a passage that begins inside a table is to be read with: the table's header, above all."""
    row = document.row_at(start)
    heads = [document.text[a:b] for a, b in row.heads if b <= start] if row else []
    return " ".join(heads)[:LARGE]


def _lead(text: str, chain: Sequence[Node], start: int) -> str:
    """The sentence that opens the innermost section that began in an earlier passage, such as a list's announcement.

    Empty where it is no whole sentence, too long or too short to say what follows, or in the path already.
    """
    inner = next((node for node in reversed(chain) if node.start < start), None)
    if inner is None:
        return ""
    line_end = text.find("\n", inner.start)
    # A sentence that goes on beyond the limit is too long wherever it ends.
    stop = min(start, line_end if line_end >= 0 else start, inner.start + _LEAD_LENGTH[1] + 1)
    first = next(sentences(text, inner.start, stop), None)
    if first is None or not _LEAD_LENGTH[0] <= first[1] - first[0] <= _LEAD_LENGTH[1]:
        return ""
    sentence = text[first[0] : first[1]].strip()
    return (
        sentence
        if sentence.endswith(("。", "：", "；", ":")) and not (inner.heading and inner.heading in sentence)
        else ""
    )
