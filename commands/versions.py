"""`yinju diff`: two versions of a rule, article by article."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from commands.options import index_option, json_option, open_catalogue

if TYPE_CHECKING:
    from pathlib import Path

    from phrasing.versions import Change, Comparison

_COLOURS = {"in": "green", "out": "red"}
_BRACKETS = {"same": ("", ""), "in": ("{+", "+}"), "out": ("[-", "-]")}


@click.command()
@click.argument("sources", metavar="[OLD] NEW", nargs=-1, required=True)
@click.option("--all", "shows_all", is_flag=True, help="Show the articles that are the same, too.")
@index_option
@json_option
def diff(sources: tuple[str, ...], shows_all: bool, directory: Path, as_json: bool) -> None:
    """Compare two documents article by article.

    OLD and NEW are paths relative to the folder that was ingested, FILE#附件1 for what is attached to a notice; NEW
    alone is compared with the version before it.
    Articles are matched by what they say, whatever their numbers. Off a terminal what was taken out stands in [-…-] and
    what was put in in {+…+}.
    """
    from phrasing.versions import compare_versions, version_before

    if len(sources) > 2:
        raise click.UsageError("Give two documents, or one to be compared with the version before it.")
    catalogue = open_catalogue(directory)
    infos = [catalogue.by_source(source).info for source in sources]
    old, new = infos if len(infos) == 2 else (version_before(catalogue, infos[0]), infos[0])
    comparison = compare_versions(catalogue, old, new)
    if as_json:
        from commands.objects import comparison_object

        click.echo(json.dumps(comparison_object(comparison), ensure_ascii=False))
    else:
        _print(comparison, shows_all=shows_all)


def _print(comparison: Comparison, *, shows_all: bool) -> None:
    from phrasing.sources import source_line

    for mark, info in (("-", comparison.old), ("+", comparison.new)):
        click.echo(f"{mark} {source_line(info)}  {info.key}")
    counts = (f"{comparison.count(kind)} {kind}" for kind in ("same", "changed", "added", "dropped"))
    click.echo(f"{', '.join(counts)}\n")
    for change in comparison.changes:
        if shows_all or change.kind != "same":
            click.echo(f"{_heading(change)}\n{_body(change)}\n")


def _heading(change: Change) -> str:
    old, new = (unit.label if unit else "" for unit in (change.old, change.new))
    label = old if change.kind == "dropped" else new
    was = f", was {old}" if old and new and old != new else ""
    moved = ", moved" if change.is_moved else ""
    return f"{label or '·'} ({change.kind}{was}{moved})"


def _body(change: Change) -> str:
    if sys.stdout.isatty():
        return "".join(
            click.style(text, fg=_COLOURS.get(mark), strikethrough=True if mark == "out" else None)
            for mark, text in change.pieces
        )
    return "".join(f"{_BRACKETS[mark][0]}{text}{_BRACKETS[mark][1]}" for mark, text in change.pieces)
