"""HTML of references: links over a document's text, and the list of what refers to it."""

from collections.abc import Iterable
from html import escape
from itertools import groupby

from index.reference_versions import State
from index.references import Link, References
from index.validity import IN_FORCE, UNKNOWN
from ingest.titles import title_marks
from web.markup import Overlay, document_link, status_html
from web.strings import say

_SAID: dict[State, str] = {
    "other version": "reference_other_version",
    "ambiguous": "reference_ambiguous",
    "missing": "reference_missing",
    "unclear": "reference_unclear",
}
_MEANS: dict[State, str] = {"other version": "means_other_version", "ambiguous": "means_perhaps"}
"""Of references to a document that may mean another version of it."""


def overlays_of(links: Iterable[Link], language: str, *, in_place: bool = True) -> list[Overlay]:
    """The references of a document as links to their targets; those without one are marked and say why.

    With `in_place` a target in the document itself is a place on the same page.
    """
    overlays: list[Overlay] = []
    end = 0
    for link in sorted(links, key=lambda link: (link.start, -link.end)):
        whole_of_itself = link.is_own and link.targets[0].start is None
        if link.start >= end and not whole_of_itself:
            overlays.append(_overlay(link, language, in_place=in_place))
            end = link.end
    return overlays


def _overlay(link: Link, language: str, *, in_place: bool) -> Overlay:
    hint = escape(_hint(link))
    if not link.targets:
        return Overlay(link.start, link.end, f'<span class="yj-unheld" title="{hint}">', "</span>")
    target = link.targets[0]
    # A place of the same document is a place of the same page, where it is a paragraph that begins there.
    href = document_link(target.document.key, target.start or 0, target.end or 0, language)
    if link.is_own and in_place and target.start is not None:
        href = f"#at-{target.start}"
    css = "yj-ref" if link.state == "resolved" else "yj-ref yj-unsure"
    return Overlay(
        link.start, link.end, f'<a class="{css}" href="{escape(href)}" target="_self" title="{hint}">', "</a>"
    )


def _hint(link: Link) -> str:
    """What a reference means: its document, version, place, and whether that is still in force."""
    said = say(_SAID[link.state]) if link.state in _SAID else ""
    named = title_marks(link.title) if link.title and not link.targets else ""
    shown = []
    for target in link.targets[:5]:
        info = target.document
        status = "" if info.status in (IN_FORCE, UNKNOWN) else f"（{info.status}：{info.status_basis}）"
        dated = f"（{info.date}）" if info.date else ""
        shown.append(f"{link.place}" if link.is_own else f"{title_marks(info.title)}{dated}{link.place}{status}")
    return f"{said}{named}{'；'.join(shown)}"


def incoming_html(references: References, document_id: str, language: str) -> str:
    """Who refers to a document, a document a row with links to the places; empty where none does."""
    links = references.to(document_id)
    if not links:
        return ""
    rows = []
    for citing, group in groupby(links, key=lambda link: link.document):
        found = list(group)
        places = "".join(_place_html(link, language) for link in found)
        dated = f"<small>{escape(citing.date)}</small> " if citing.date else ""
        notes = {say(_MEANS[link.state]): None for link in found if link.state in _MEANS}
        note = f" <small>{escape('；'.join(notes))}</small>" if notes else ""
        rows.append(f"<li>{dated}{escape(citing.title)}{status_html(citing)}{note}<div>{places}</div></li>")
    count = f"{say('referred_by')} {len(rows)} {say('in_documents')}（{len(links)} {say('occurrences')}）"
    return f'<details class="yj-incoming"><summary>{escape(count)}</summary><ul>{"".join(rows)}</ul></details>'


def _place_html(link: Link, language: str) -> str:
    href = escape(document_link(link.document.key, link.start, link.end, language))
    return f'<a href="{href}" target="_self">{escape(link.place or say("whole"))}</a>'
