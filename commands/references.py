"""References as the commands print them: what a document refers to, and who refers to it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import click

from index.validity import IN_FORCE, UNKNOWN
from ingest.model import path_part
from ingest.titles import title_marks

if TYPE_CHECKING:
    from commands.objects import JsonObject
    from index.catalogue import Catalogue
    from index.references import Link, References, Target
    from ingest.model import DocumentInfo

_SAYS = {
    "resolved": "",
    "other version": "文库里没有当时的版本，现有：",
    "ambiguous": "可能是：",
    "missing": "不在文库里",
    "unclear": "未指明是哪份文件或哪一处",
}


def references_object(document: DocumentInfo, references: References, catalogue: Catalogue) -> JsonObject:
    """What a document refers to (`outgoing`) and what refers to it (`incoming`)."""
    return {
        "source": document.source,
        "document": document.key,
        "title": document.title,
        "outgoing": [link_object(link, catalogue) for link in references.of(document.id)],
        "incoming": [_incoming_object(link, document, catalogue) for link in references.to(document.id)],
    }


def link_object(link: Link, catalogue: Catalogue) -> JsonObject:
    """A reference and its target; `target` is null unless it is certain, and then `candidates` may be some.

    `start` and `end` are where it is printed. Those of a target are the place meant, null where it is the whole.
    """
    targets = [_target_object(target, catalogue) for target in link.targets]
    is_certain = link.state == "resolved" and bool(targets)
    return {
        "start": link.start,
        "end": link.end,
        "text": link.text,
        "state": link.state,
        "title": link.title or (link.targets[0].document.title if link.targets else ""),
        "number": link.reference.number,
        "place": link.place,
        "target": targets[0] if is_certain else None,
        "candidates": [] if is_certain else targets,
        "also": [info.key for info in link.also],
    }


def _target_object(target: Target, catalogue: Catalogue) -> JsonObject:
    info = target.document
    return {
        "source": info.source,
        "document": info.key,
        "title": info.title,
        "number": info.number,
        "date": info.date,
        "status": info.status,
        "status_basis": info.status_basis,
        "replaced_by": info.replaced_by,
        "article": _article_at(target, catalogue),
        "start": target.start,
        "end": target.end,
        "exact": target.is_exact,
    }


def _incoming_object(link: Link, document: DocumentInfo, catalogue: Catalogue) -> JsonObject:
    """A reference in another document to this one."""
    aimed = next(target for target in link.targets if target.document.id == document.id)
    chain = catalogue.outline(link.document.id).chain_at(link.start)
    return {
        "source": link.document.source,
        "document": link.document.key,
        "title": link.document.title,
        "date": link.document.date,
        "path": [path_part(node) for node in chain],
        "start": link.start,
        "end": link.end,
        "text": link.text,
        "state": link.state,
        "place": link.place,
        "article": _article_at(aimed, catalogue),
        "target_start": aimed.start,
        "target_end": aimed.end,
    }


def _article_at(target: Target, catalogue: Catalogue) -> str:
    """The label of the innermost section or article of the outline in which a target lies."""
    if target.start is None:
        return ""
    chain = catalogue.outline(target.document.id).chain_at(target.start)
    articles = [node.label for node in chain if "条" in node.label and node.label.startswith("第")]
    return (articles or [node.label for node in chain] or [""])[-1].strip()


def with_references(result: JsonObject, catalogue: Catalogue) -> JsonObject:
    """An answer or a list of hits with the `references` inside of each quotation and each passage."""
    from index.references import References

    references = References(catalogue)
    for name in ("citations", "hits", "nearest"):
        quoted = result.get(name)
        for one in quoted if isinstance(quoted, list) else ():
            document = catalogue.by_source(one["document"]).info
            links = references.of(document.id, one["start"], one["end"])
            one["references"] = [link_object(link, catalogue) for link in links]
    return result


def print_references(document: DocumentInfo, references: References, catalogue: Catalogue) -> None:
    """A line for each reference and its target, then who refers to the document."""
    outgoing = references.of(document.id)
    click.echo(f"{document.title}: {len(outgoing)} references")
    for link in outgoing:
        click.echo(f"  {link.start}-{link.end} {link.text} → {target_line(link, catalogue)}")
    incoming = references.to(document.id)
    click.echo(f"\nreferred to {len(incoming)} times by others")
    for citing, links in groupby(incoming, key=lambda link: link.document):
        click.echo(f"  {citing.date} {title_marks(citing.title)} {citing.key}")
        for link in links:
            path = "".join(f"{part[:20]}: " for part in catalogue.outline(citing.id).path_at(link.start)[-1:])
            note = f"（{_SAYS[link.state].rstrip('：')}）" if link.state != "resolved" else ""
            click.echo(f"    {link.start}-{link.end} {path}{link.text} → {link.place or '全文'}{note}")


def target_line(link: Link, catalogue: Catalogue) -> str:
    """What a reference means, in a line."""
    shown = [_shown(link, target, catalogue) for target in link.targets]
    more = f" …{len(shown)}" if len(shown) > 3 else ""
    return _SAYS[link.state] + "；".join(shown[:3]) + more


def _shown(link: Link, target: Target, catalogue: Catalogue) -> str:
    info = target.document
    span = "" if target.start is None else f" {target.start}-{target.end}"
    inexact = "" if target.is_exact else "（只到这一条）" if span else "（没有找到这一处）"
    if info.id == link.document.id:
        return f"本文{_article_at(target, catalogue)}{span}{inexact}"
    status = "" if info.status in (IN_FORCE, UNKNOWN) else f"（{info.status}：{info.status_basis}）"
    dated = f"（{info.date}）" if info.date else ""
    return f"{title_marks(info.title)}{dated}{link.place}{status} {info.key}{span}{inexact}"
