"""`yinju edit`, `yinju remove` and `yinju restore`: what users decide about documents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.options import index_option, json_option, keep_option
from ingest.errors import BadRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.editing import Edited
    from index.model import IngestReport
    from ingest.corrections import Value

_FIELDS = {
    "title": "The title.",
    "kind": "讲话, 报告, 法律, 条例, 规定, 办法, 意见, 通知, 决定, 批复, 函 and so on.",
    "issuer": "Who issued it; several with a space between.",
    "number": "文号, such as 国办发〔2018〕128号.",
    "date": "Its date: of the version of a rule, else of issue or delivery.",
    "adopted": "When it was adopted.",
    "published": "When it was published.",
    "effective": "From when it is in force.",
    "expires": "The last day on which it is in force.",
    "speaker": "Who delivers the speech or report.",
    "occasion": "The meeting at which it is delivered.",
    "region": "The province, city or county that it is of.",
    "status": "现行有效, 已修改, 已废止, 尚未生效 or 不详.",
    "repeals": "The title of a document that it repeals; repeatable.",
}
_EVERY = "every field"
_WAIT = 600.0


def _field_options(command: Callable[..., None]) -> Callable[..., None]:
    for name, help in reversed(_FIELDS.items()):
        metavar = "DATE" if name in ("date", "adopted", "published", "effective", "expires") else "TEXT"
        option = click.option(f"--{name}", metavar=metavar, multiple=name == "repeals", help=help)
        command = option(command)
    return command


@click.command()
@click.argument("source")
@_field_options
@click.option(
    "--clear", metavar="FIELD", multiple=True, type=click.Choice([*_FIELDS]), help="Say that it has none. Repeatable."
)
@click.option(
    "--reset",
    metavar="[FIELD]",
    multiple=True,
    is_flag=False,
    flag_value=_EVERY,
    type=click.Choice([*_FIELDS, _EVERY]),
    help="Go back to what was read from the document; every field where none is named. Repeatable.",
)
@index_option
@keep_option
@json_option
def edit(
    source: str,
    clear: tuple[str, ...],
    reset: tuple[str, ...],
    directory: Path,
    keep: int,
    as_json: bool,
    **given: str | tuple[str, ...] | None,
) -> None:
    """Correct what is known of a document; without options, show it.

    SOURCE is the document's path as `yinju show` takes it. Corrections hold whatever becomes of the file: when it is
    changed, renamed or read anew, and in every state of the index. Dates are written 2024-03-29, 2024-03 or 2024.

    A file SOURCE.yinju.toml beside the document can say the same (title = "…"), and is taken in by `yinju ingest`.
    Where both name a field, `yinju edit` is taken.
    """
    from commands.progress import reporter
    from index.editing import correct_document, fields_of

    values = _values({name: value for name, value in given.items() if value not in (None, ())}, clear)
    fields = list(_FIELDS) if _EVERY in reset else list(reset)
    if twice := sorted(values.keys() & fields):
        raise click.UsageError(f"{', '.join(twice)}: is both given and reset.")
    if not values and not fields:
        edited = fields_of(directory, source)
    else:
        with reporter() as progress:
            edited = correct_document(
                source, directory, values=values, reset=fields, progress=progress, keep=keep, wait=_WAIT
            )
    if edited.info.key != source:
        click.echo(f"{source} is {edited.info.key} now.", err=True)
    if as_json:
        click.echo(json.dumps(_object(edited), ensure_ascii=False))
    else:
        _print(edited)


def _values(given: dict[str, str | tuple[str, ...] | None], clear: tuple[str, ...]) -> dict[str, Value]:
    from ingest.corrections import parse_value

    if twice := sorted(given.keys() & set(clear)):
        raise click.UsageError(f"{', '.join(twice)}: is both given and cleared.")
    try:
        values = {name: parse_value(name, value) for name, value in given.items()}
        return {**values, **{name: parse_value(name, () if name == "repeals" else "") for name in clear}}
    except BadRequest as error:
        raise click.UsageError(str(error)) from error


def _object(edited: Edited) -> dict[str, object]:
    from dataclasses import asdict

    return {
        "source": edited.info.source,
        "document": edited.info.key,
        "fields": [asdict(field) for field in edited.fields],
    }


def _print(edited: Edited) -> None:
    click.echo(edited.info.key)
    for field in edited.fields:
        by = {"edit": "corrected", "sidecar": "corrected by the file beside it", "effective": "follows"}.get(field.by)
        notes = [f"{by}; read: {_shown(field.read)}"] if by else []
        if field.edit is not None and field.sidecar not in (None, field.edit):
            notes.append(f"the file beside it says {_shown(field.sidecar)}, which is not taken")
        note = f"  ({'; '.join(notes)})" if notes else ""
        click.echo(f"  {field.name}: {_shown(field.value)}{note}")


def _shown(value: Value | None) -> str:
    if isinstance(value, tuple):
        return "".join(f"《{title}》" for title in value) or "-"
    return value or "-"


@click.command()
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)
@index_option
@keep_option
@json_option
def remove(sources: tuple[str, ...], directory: Path, keep: int, as_json: bool) -> None:
    """Take documents out of the index and keep them out, though their files stay.

    Later runs of `yinju ingest` leave them out and say so, until `yinju restore` brings them back.
    """
    from commands.progress import reporter
    from index.editing import remove_documents

    with reporter() as progress:
        removed = remove_documents(sources, directory, progress=progress, keep=keep, wait=_WAIT)
    if as_json:
        result = {"removed": removed.sources, "documents": removed.documents, "passages": removed.passages}
        click.echo(json.dumps(result, ensure_ascii=False))
    else:
        for source in removed.sources:
            click.echo(f"removed: {source}")
        click.echo(f"{removed.documents} documents, {removed.passages} passages")


@click.command()
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)
@index_option
@keep_option
@json_option
def restore(sources: tuple[str, ...], directory: Path, keep: int, as_json: bool) -> None:
    """Bring back documents that `yinju remove` has taken out, as their files are now."""
    from commands.progress import reporter
    from index.builder import restore_documents

    with reporter() as progress:
        report = restore_documents(sources, directory, progress=progress, keep=keep, wait=_WAIT)
    finish(report, as_json=as_json)


def finish(report: IngestReport, *, as_json: bool) -> None:
    """Print what a run did; the exit status is 1 where a file could not be read."""
    from commands.objects import report_object
    from commands.printing import print_failures, print_report

    print_failures(report)
    if as_json:
        click.echo(json.dumps(report_object(report), ensure_ascii=False))
    else:
        print_report(report)
    if report.failed:
        raise SystemExit(1)
