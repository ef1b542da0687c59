"""A document's outline as HTML: links to its sections, those within others folded away."""

from collections.abc import Sequence
from html import escape

from ingest.model import Document, Node, Outline, caption, shortened

_SHOWN = 36
"""Characters of a heading; the whole is shown when the pointer rests on it."""
_OPEN = 30
"""Sections of the outermost level and the next, up to which the outermost are unfolded from the beginning."""


def contents_html(document: Document, outline: Outline) -> str:
    """The outline as a tree of links to `at-<offset>`, with pages where the document has them."""
    children: dict[int | None, list[int]] = {}
    for position, node in enumerate(outline.nodes):
        children.setdefault(node.parent, []).append(position)
    top = children.get(None, [])
    shown = len(top) + sum(len(children.get(position, ())) for position in top)
    branches = "".join(_branch(document, outline.nodes, children, position, shown <= _OPEN) for position in top)
    return f'<nav class="yj-outline">{branches}</nav>'


def _branch(
    document: Document, nodes: Sequence[Node], children: dict[int | None, list[int]], position: int, is_open: bool
) -> str:
    link = _link(document, nodes[position])
    within = children.get(position)
    if not within:
        return link
    inner = "".join(_branch(document, nodes, children, child, False) for child in within)
    return f"<details{' open' if is_open else ''}><summary>{link}</summary>{inner}</details>"


def _link(document: Document, node: Node) -> str:
    name, page = caption(document.text, node), document.page_at(node.start)
    number = f"<small>{page}</small>" if page else ""
    return f'<a href="#at-{node.start}" title="{escape(name)}">{escape(shortened(name, _SHOWN))}{number}</a>'
