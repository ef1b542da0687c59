"""What belongs together: a notice, order or e-mail, and the documents that came with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.joined import join_outlines
from ingest.model import DocumentInfo, Outline

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
    return join_outlines(catalogue.document(info.id), own, [(one, catalogue.outline(one.info.id)) for one in others])
