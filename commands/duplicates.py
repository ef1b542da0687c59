"""`yinju duplicates`: the documents that are copies of each other."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from commands.options import index_option, json_option, open_catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from index.catalogue import Catalogue
    from index.copies import Group
    from ingest.likeness import Difference

_SHOWN = 5
"""Differences of a copy that are printed."""
_NAMES = {"misprint": "误字", "wording": "字句", "title": "题名", "attachment": "附件", "addition": "多出或缺少"}


@click.command()
@index_option
@json_option
def duplicates(directory: Path, as_json: bool) -> None:
    """List the documents that are copies of each other.

    Of each group the first is the one that answers cite, with the reason why. Of the others it is told how like they
    are and what differs: misprints, title lines, attachments, what a web site adds.
    """
    from commands.objects import duplicates_object

    catalogue = open_catalogue(directory)
    if as_json:
        click.echo(json.dumps(duplicates_object(catalogue), ensure_ascii=False))
        return
    groups = catalogue.copies.groups()
    for position, group in enumerate(groups, start=1):
        _print_group(catalogue, position, group)
    click.echo(f"{len(groups)} groups, {sum(len(group.documents) for group in groups)} documents")


def _print_group(catalogue: Catalogue, position: int, group: Group) -> None:
    from phrasing.sources import source_line

    click.echo(f"{position}. {source_line(group.best)}\n   * {group.best.key}（{group.basis}）")
    for info in group.documents[1:]:
        similarity, differences = catalogue.likeness_of(group.best.id, info.id)
        click.echo(f"     {info.key}  {similarity:.1%}")
        for line in _lines(differences):
            click.echo(f"       {line}")
    click.echo()


def _lines(differences: Iterable[Difference]) -> list[str]:
    told = [
        f"{_NAMES[one.kind]}（{one.letters}字）：{one.one or '（无）'} → {one.other or '（无）'}" for one in differences
    ]
    return told if len(told) <= _SHOWN else [*told[:_SHOWN], f"…… 另有{len(told) - _SHOWN}处"]
