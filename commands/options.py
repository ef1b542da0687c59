"""The options several commands share, and what is read from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from ingest.errors import BadRequest

if TYPE_CHECKING:
    from index.catalogue import Catalogue
    from index.model import Filters

Command = TypeVar("Command", bound=Callable[..., object])

index_option = click.option(
    "--index",
    "directory",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".yinju/index"),
    envvar="YINJU_INDEX",
    show_default=True,
    show_envvar=True,
    help="Directory of the index.",
)
keep_option = click.option(
    "--keep",
    type=click.IntRange(min=1),
    default=3,
    envvar="YINJU_KEEP",
    show_default=True,
    show_envvar=True,
    metavar="N",
    help="How many states of the index are kept, to go back to with `yinju rollback`.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for programs.")


def _parse_where(context: click.Context, parameter: click.Parameter, conditions: tuple[str, ...]) -> Filters:
    from index.filters import parse_filters

    try:
        return parse_filters(conditions)
    except BadRequest as error:
        raise click.BadParameter(str(error), context, parameter) from error


where_option = click.option(
    "--where",
    "filters",
    metavar="FIELD=VALUE",
    multiple=True,
    callback=_parse_where,
    help="Only documents that match, such as kind=讲话, issuer=国务院, year=2018, status=现行有效 or source=讲话/. "
    "Repeatable: one field's values are alternatives, fields combine.",
)


def batch_options(command: Command) -> Command:
    """Add --batch and --out, which are given together or not at all."""
    batch = click.option(
        "--batch",
        metavar="FILE.jsonl",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help='Take many at once: a line is an object with "id" and one of "question", "query", "phrase".',
    )
    out = click.option(
        "--out",
        metavar="FILE.jsonl",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Where --batch writes its results: a JSON object a line, in the same order.",
    )
    return batch(out(command))


@dataclass(frozen=True, slots=True)
class Batch:
    """A file of requests and the file that their results go to."""

    source: Path
    out: Path


def one_or_batch(name: str, text: str | None, source: Path | None, out: Path | None) -> str | Batch:
    """Take either one text alone, or --batch with --out alone; raises `click.UsageError`."""
    if text is not None and source is None and out is None:
        return text
    if text is not None or source is None or out is None:
        raise click.UsageError(f"Give either {name} or --batch FILE.jsonl --out FILE.jsonl.")
    if out.exists() and not out.is_file():
        raise click.UsageError(f"--out {out} is not a file that can be replaced.")
    return Batch(source, out)


def open_catalogue(directory: Path) -> Catalogue:
    """The documents of an index, without what searches them. Raises IndexMissing and its like."""
    from index.catalogue import Catalogue
    from index.snapshot import CATALOGUE, open_snapshot

    snapshot = open_snapshot(directory)
    if snapshot.notice:
        click.echo(snapshot.notice, err=True)
    return Catalogue(snapshot.path / CATALOGUE)
