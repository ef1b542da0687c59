"""The outline of a file that holds several documents: one tree, what is attached below its own title."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.markers import ATTACHMENT, Paragraph, marker_at
from ingest.model import Document, Node, Outline

if TYPE_CHECKING:
    from ingest.divide import Divided


def whole_outline(divided: Divided) -> Outline:
    """The outline of all that was read from a file."""
    others = [(other.document, other.outline) for other in divided.others]
    return join_outlines(divided.document, divided.outline, others)


def join_outlines(main: Document, outline: Outline, others: Iterable[tuple[Document, Outline]]) -> Outline:
    """The outline of the document that a file is named by with those of the others, in reading order.

    What is attached is a section, named by its label, if it is printed with one, and its title. What stands above the
    main document, such as the order that issues it, is none.
    """
    trees = _trees(outline.nodes)
    for document, own in others:
        if document.own[0][0] < main.own[0][0]:
            trees += _trees(own.nodes)
        else:
            trees.append(_below_title(document, own.nodes))
    nodes: list[Node] = []
    for tree in sorted(trees, key=lambda one: one[0].start):
        before = len(nodes)
        nodes += [node if node.parent is None else replace(node, parent=node.parent + before) for node in tree]
    return Outline(tuple(nodes))


def _below_title(document: Document, nodes: Sequence[Node]) -> list[Node]:
    start, end = document.own[0][0], document.own[-1][1]
    line = document.text[start : document.text.find("\n", start)]
    marker = marker_at(Paragraph(start, start + len(line), line))
    label = document.text[start : marker.label_end].rstrip() if marker and marker.kind == ATTACHMENT else ""
    above = [Node(label, document.info.title, 1, start, end, None)]
    for node in nodes:
        above.append(replace(node, level=node.level + 1, parent=0 if node.parent is None else node.parent + 1))
    return above


def _trees(nodes: Sequence[Node]) -> list[list[Node]]:
    """Each outermost section with all below it, parents counted from it."""
    trees: list[list[Node]] = []
    first = 0
    for position, node in enumerate(nodes):
        if node.parent is None:
            first = position
            trees.append([node])
        else:
            trees[-1].append(replace(node, parent=node.parent - first))
    return trees
