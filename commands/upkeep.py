"""`yinju check`, `yinju snapshots` and `yinju rollback`: the index itself, and its earlier states."""

import json
from pathlib import Path

import click

from commands.options import index_option, json_option, keep_option

_WAIT = 600.0


@click.command()
@index_option
@click.option(
    "--repair", is_flag=True, help="Go back to the last whole state, and remove damaged ones and what dead runs left."
)
@json_option
def check(directory: Path, repair: bool, as_json: bool) -> None:
    """Verify that the index is whole.

    All files are read and compared with their checksums, and texts, words and vectors with each other. The exit status
    is 1 where something is wrong.
    """
    from commands.objects import findings_object
    from commands.printing import print_findings
    from commands.progress import reporter
    from index import check as checking

    if repair:
        with reporter() as progress:
            findings = checking.repair(directory, wait=_WAIT, progress=progress or _ignore)
    else:
        findings = checking.check(directory)
    if as_json:
        click.echo(json.dumps(findings_object(directory, findings), ensure_ascii=False))
    else:
        print_findings(findings)
    if not findings.is_sound:
        raise SystemExit(1)


@click.command()
@index_option
@json_option
def snapshots(directory: Path, as_json: bool) -> None:
    """List the states that the index keeps, newest first; the live one is marked."""
    from commands.objects import snapshots_object
    from commands.printing import print_snapshots
    from index.history import bytes_on_disk, list_snapshots

    kept, size = list_snapshots(directory), bytes_on_disk(directory)
    if as_json:
        click.echo(json.dumps(snapshots_object(directory, kept, size), ensure_ascii=False))
    else:
        print_snapshots(kept, size)


@click.command()
@click.argument("name", required=False)
@index_option
@keep_option
@json_option
def rollback(name: str | None, directory: Path, keep: int, as_json: bool) -> None:
    """Make an earlier state of the index live again.

    NAME is a snapshot's name or number as `yinju snapshots` lists them; without it, the one before the live one. Going
    back again undoes it. The next `yinju ingest` takes up the files as they are then.
    """
    from commands.progress import reporter
    from index.history import roll_back

    with reporter() as progress:
        snapshot, of = roll_back(directory, name, keep=keep, wait=_WAIT, progress=progress or _ignore)
    documents, passages = snapshot.manifest.documents, snapshot.manifest.passages
    if as_json:
        result = {"snapshot": snapshot.path.name, "of": of, "documents": documents, "passages": passages}
        click.echo(json.dumps(result, ensure_ascii=False))
    else:
        click.echo(f"{snapshot.path.name} is live: {documents} documents, {passages} passages, as in {of}")


def _ignore(stage: str, done: int, total: int) -> None:
    """No one wants to know."""
