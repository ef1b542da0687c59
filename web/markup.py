"""HTML of answers, quotations, concordances and documents.

Whatever comes from a document or a reader is escaped, and goes to the page as HTML, never as Markdown: a `$` or
`**` in a text is shown as it stands.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby, pairwise
from urllib.parse import urlencode

from answer.model import Answer, Citation
from index.model import Elsewhere, Hit
from index.validity import IN_FORCE, UNKNOWN
from ingest.model import Document, DocumentInfo, Node, Outline
from phrasing import Comparison, Line, Variant, source_parts
from phrasing.versions import Change, Kind, Mark

_MARKER = re.compile(r"\[(\d+)\]")
_RECOGNISED_HINT = "从扫描的页面识别，请对照原件"
_HEADING_LENGTH = 40
"""Characters of a paragraph that may still be a heading on its own line."""


@dataclass(frozen=True, slots=True)
class Overlay:
    """Tags to be put around `text[start:end]` of a document; the text itself stays as it is."""

    start: int
    end: int
    before: str
    after: str


def answer_html(answer: Answer) -> str:
    """The answer's text, its markers [1] linked to the quotations below it."""
    numbers = {str(citation.n) for citation in answer.citations}

    def link(marker: re.Match[str]) -> str:
        n = marker[1]
        return f'<a class="yj-marker" href="#quote-{n}">{n}</a>' if n in numbers else marker[0]

    return f'<div class="yj-answer">{_MARKER.sub(link, escape(answer.text))}</div>'


def refusal_html(answer: Answer) -> str:
    """Why there is no answer."""
    return f'<div class="yj-refusal">{escape(answer.text)}</div>'


def citation_html(citation: Citation, overlays: Sequence[Overlay] = (), language: str = "") -> str:
    """A numbered quotation with its source, and the copies that have it too, linked.

    `overlays` count as its document does.
    """
    source = _source_html(citation.document, citation.path, citation.page, is_recognised=citation.is_recognised)
    bounds = [citation.start, citation.end, *(place for one in overlays for place in (one.start, one.end))]
    pieces = (
        _overlaid(escape(citation.quote[left - citation.start : right - citation.start]), left, overlays)
        for left, right in pairwise(sorted({place for place in bounds if citation.start <= place <= citation.end}))
    )
    quote = f"<blockquote>{''.join(pieces)}</blockquote>"
    also = also_in_html(citation.also_in, language)
    return f'<div class="yj-quote" id="quote-{citation.n}"><b>{citation.n}</b>{quote}{source}{also}</div>'


def hit_html(hit: Hit, language: str = "") -> str:
    """A passage that is near to a question."""
    source = _source_html(hit.document, hit.passage.path, hit.passage.page)
    also = also_in_html(hit.also_in, language)
    return f'<div class="yj-quote yj-near"><blockquote>{escape(hit.passage.text)}</blockquote>{source}{also}</div>'


def also_in_html(places: Iterable[Elsewhere], language: str) -> str:
    """The copies that have the same words, each linked to its place; nothing where there are none."""
    links = [
        f'<a href="{escape(document_link(one.document.key, one.start, one.end, language))}" target="_self">'
        f"{escape(one.document.key)}</a>"
        for one in places
    ]
    return f'<small class="yj-also">另见 {"、".join(links)}</small>' if links else ""


def _source_html(document: DocumentInfo, path: Sequence[str], page: int | None, *, is_recognised: bool = False) -> str:
    parts = " ".join(f"<span>{escape(part)}</span>" for part in source_parts(document, path, page))
    recognised = f' <span class="yj-ocr" title="{_RECOGNISED_HINT}">文字识别</span>' if is_recognised else ""
    return f"<cite>{parts}{status_html(document)}{recognised}</cite>"


def status_html(document: DocumentInfo) -> str:
    """A label for a document that is no longer, or not yet, in force; nothing for others."""
    if document.status in (IN_FORCE, UNKNOWN, ""):
        return ""
    return f' <span class="yj-status" title="{escape(document.status_basis)}">{escape(document.status)}</span>'


def document_link(source: str, start: int, end: int, language: str) -> str:
    """The address of a place in a document, relative to the app."""
    return f"document?{urlencode({'source': source, 'start': start, 'end': end, 'lang': language})}"


def documents_html(documents: Iterable[DocumentInfo], language: str, undated: str) -> str:
    """A list of documents, each linked to its text."""
    rows = (
        f'<a href="{escape(document_link(document.key, 0, 0, language))}" target="_self">'
        f"<small>{escape(document.date or undated)}</small><span>{escape(document.title)}"
        f"{status_html(document)} <small>{escape(document.number if document.number != document.title else '')}"
        "</small></span></a>"
        for document in documents
    )
    return f'<nav class="yj-library">{"".join(rows)}</nav>'


def concordance_html(lines: Iterable[Line], counts: Mapping[str, int], language: str, undated: str) -> str:
    """Occurrences aligned on the words looked for, under a row for each document; a line links to its place."""
    rows: list[str] = []
    source = None
    for line in lines:
        document = line.document
        if document.key != source:
            source = document.key
            title = f"<b>{escape(document.date or undated)}</b> {escape(document.title)}{status_html(document)}"
            rows.append(f'<div class="yj-in">{title} <small>×{counts[source]}</small></div>')
        href = escape(document_link(source, line.start, line.start + len(line.match), language))
        parts = (f"<span>{escape(part)}</span>" for part in (line.left, line.match, line.right))
        rows.append(f'<a class="yj-line" href="{href}" target="_self">{"".join(parts)}</a>')
    return f'<div class="yj-kwic">{"".join(rows)}</div>'


def variants_html(variants: Iterable[Variant], language: str) -> str:
    """Near wordings with their counts, each linked to its own look-up."""
    links = (
        f'<a href="phrases?{escape(urlencode({"phrase": variant.wording, "lang": language}))}" target="_self">'
        f"{escape(variant.wording)}<small>×{variant.count}</small></a>"
        for variant in variants
    )
    return f'<div class="yj-variants">{"".join(links)}</div>'


def count_html(counts: Iterable[tuple[int, str]], dates: Iterable[tuple[str, str]]) -> str:
    """Counts and dates of a wording in a line."""
    numbers = " ".join(f"<b>{count}</b>{escape(what)}" for count, what in counts)
    return (
        f'<div class="yj-count">{numbers}　{" · ".join(f"{escape(name)} {escape(date)}" for name, date in dates)}</div>'
    )


def document_html(
    document: Document, outline: Outline, start: int = 0, end: int = 0, overlays: Sequence[Overlay] = ()
) -> str:
    """The text, a paragraph a line, headings set off, pages numbered, and `text[start:end]` marked.

    Of what is attached to another document in its file its own text, else all of the file. `overlays` are put around
    what they span, and do not overlap each other. Element `quote` is where the mark begins, `at-<offset>` each
    paragraph.
    """
    nodes = {node.start: node for node in reversed(outline.nodes)}
    paragraphs: list[str] = []
    ordered = sorted(overlays, key=lambda one: one.start)
    starts = [one.start for one in ordered]
    for begin, line in _lines(document):
        node = nodes.get(begin)
        css = "yj-heading" if _is_heading(line, node) else "yj-title" if line == document.info.title else ""
        label_end = begin + len(node.label) if node and line.startswith(node.label) else begin
        here = ordered[bisect_left(starts, begin) : bisect_left(starts, begin + len(line))]
        inner = _paragraph_html(document, (begin, begin + len(line)), label_end, (start, end), here)
        paragraphs.append(f'<p id="at-{begin}" class="{css}">{inner}</p>')
    return f'<article class="yj-text">{"".join(paragraphs)}</article>'


def _lines(document: Document) -> Iterator[tuple[int, str]]:
    for first, last in document.own if document.info.part else ((0, len(document.text)),):
        begin = first
        for line in document.text[first:last].split("\n"):
            yield begin, line
            begin += len(line) + 1


def _is_heading(line: str, node: Node | None) -> bool:
    return bool(node and node.heading and len(line) <= _HEADING_LENGTH and line.endswith(node.heading))


def _paragraph_html(
    document: Document,
    span: tuple[int, int],
    label_end: int,
    mark: tuple[int, int],
    overlays: Sequence[Overlay],
) -> str:
    """A paragraph cut wherever its look changes: at the ends of its label, the mark and overlays, and at new pages."""
    begin, stop = span
    pages = {offset: number for number, offset in enumerate(document.pages, start=1) if begin <= offset < stop}
    ends = [place for one in overlays for place in (one.start, one.end)]
    cuts = sorted({begin, stop, *pages, *(cut for cut in (label_end, *mark, *ends) if begin < cut < stop)})
    parts: list[str] = []
    for left, right in pairwise(cuts):
        text = escape(document.text[left:right])
        if right <= label_end:
            text = f"<strong>{text}</strong>"
        text = _overlaid(text, left, overlays)
        if mark[0] <= left < mark[1]:
            text = f'<mark id="quote">{text}</mark>' if left == mark[0] else f"<mark>{text}</mark>"
        page = f'<span class="yj-page">{pages[left]}</span>' if left in pages else ""
        parts.append(page + text)
    return "".join(parts)


def _overlaid(html: str, offset: int, overlays: Iterable[Overlay]) -> str:
    """The piece of a text that begins at an offset, within the tags of the overlay that it lies in."""
    around = next((one for one in overlays if one.start <= offset < one.end), None)
    return f"{around.before}{html}{around.after}" if around and html else html


def comparison_html(comparison: Comparison, say_kind: Callable[[str], str], language: str) -> str:
    """Two versions article by article, each linked to its place in the new one; those alike are named in a line."""
    names = [
        f"<{tag}>{escape(info.date)}</{tag}> {escape(info.key)}"
        for tag, info in (("del", comparison.old), ("ins", comparison.new))
    ]
    kinds: tuple[Kind, ...] = ("same", "changed", "added", "dropped")
    counts = " · ".join(f"{say_kind(kind)} {comparison.count(kind)}" for kind in kinds)
    rows = [f'<p class="yj-versions">{" → ".join(names)}<br><small>{escape(counts)}</small></p>']
    for kind, changes in groupby(comparison.changes, key=lambda change: change.kind):
        if kind == "same":
            labels = "、".join(change.new.label or "·" for change in changes if change.new)
            rows.append(f'<p class="yj-alike">{escape(say_kind("same"))}：{escape(labels)}</p>')
        else:
            rows += [_change_html(change, comparison, say_kind, language) for change in changes]
    return f'<article class="yj-text yj-diff">{"".join(rows)}</article>'


def _change_html(change: Change, comparison: Comparison, say_kind: Callable[[str], str], language: str) -> str:
    unit, info = (change.new, comparison.new) if change.new else (change.old, comparison.old)
    label = unit.label if unit else ""
    was = change.old.label if change.old and change.new and change.old.label != label else ""
    href = escape(document_link(info.key, unit.start, unit.end, language)) if unit else ""
    tags: dict[Mark, str] = {"in": "ins", "out": "del", "same": "span"}
    text = "".join(f"<{tags[mark]}>{escape(piece)}</{tags[mark]}>" for mark, piece in change.pieces)
    heading = f'<a href="{href}" target="_self">{escape(label or "·")}</a>'
    became = escape(say_kind(change.kind)) + (f"（{escape(was)}）" if was else "")
    return f'<p class="yj-change"><strong>{heading}</strong> <small>{became}</small><br>{text}</p>'


def facts_html(facts: Iterable[tuple[str, str]]) -> str:
    """What is known of a document, a name and a value a row; empty values are left out."""
    rows = (f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts if value)
    return f'<dl class="yj-facts">{"".join(rows)}</dl>'
