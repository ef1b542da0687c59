"""What belongs together: a notice, order or e-mail, and the documents that came with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.model import DocumentInfo, Node, Outline

if TYPE_CHECKING:
    from index.catalogue import Catalogue


def with_family(infos: Sequence[DocumentInfo]) -> list[DocumentInfo]:
    """The documents, each with the title of the one that it came with and the keys of those that came with it."""
    titles = {info.key: info.title for info in infos}
    came: dict[str, list[str]] = defaultdict(list)
    for info in sorted(infos, key=lambda one: (one.source, _number(one.part), one.part)):
        if info.parent in titles:
            came[info.parent].append(info.key)
    return [
        replace(
            info,
            parent=info.parent if info.parent in titles else "",
            parent_title=titles.get(info.parent, ""),
            attachments=tuple(came.get(info.key, ())),
        )
        if info.parent or info.key in came
        else info
        for info in infos
    ]


def _number(part: str) -> int:
    digits = "".join(character for character in part if character.isdigit())
    return int(digits) if digits else 0


def relatives(catalogue: Catalogue, info: DocumentInfo) -> tuple[DocumentInfo | None, list[DocumentInfo]]:
    """The document that one came with, None where it came with none, and those that came with it."""
    by_key = {other.key: other for other in catalogue.infos()}
    return by_key.get(info.parent), [by_key[key] for key in info.attachments if key in by_key]


def outline_of_file(catalogue: Catalogue, info: DocumentInfo) -> Outline:
    """The outline of a document, of one that its file is named by with those of the others, each below its title."""
    own = catalogue.outline(info.id)
    others = [] if info.part else [one for one in catalogue.documents_of_file(info.source) if one.info.part]
    if not others:
        return own
    trees = _trees(own.nodes)
    for document in others:
        start, end = document.own[0][0], document.own[-1][1]
        label = document.info.part if document.info.part.startswith("附件") else ""
        title = Node(label, document.info.title, 1, start, end, None)
        below = catalogue.outline(document.info.id).nodes
        parents = (0 if node.parent is None else node.parent + 1 for node in below)
        trees.append([title, *(replace(n, level=n.level + 1, parent=up) for n, up in zip(below, parents, strict=True))])
    nodes: list[Node] = []
    for tree in sorted(trees, key=lambda one: one[0].start):
        before = len(nodes)
        nodes += [node if node.parent is None else replace(node, parent=node.parent + before) for node in tree]
    return Outline(tuple(nodes))


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
