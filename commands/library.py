"""`yinju ingest`, `yinju show` and `yinju status`: what the index is made of."""

import json
from pathlib import Path

import click

from commands.options import index_option, json_option, keep_option, open_catalogue


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@index_option
@click.option(
    "--encoder",
    "model",
    metavar="MODEL",
    help="Another encoder than the bundled one: a sentence-transformers model on this machine, by name or folder. "
    "The index remembers it; to change it use --rebuild.",
)
@click.option("--rebuild", is_flag=True, help="Make the index anew instead of bringing it up to date.")
@click.option("--retry", is_flag=True, help="Read again the files that could not be read before.")
@keep_option
@json_option
def ingest(
    paths: tuple[Path, ...],
    directory: Path,
    model: str | None,
    rebuild: bool,
    retry: bool,
    keep: int,
    as_json: bool,
) -> None:
    """Bring the index up to date with PATHS.

    A folder is mirrored: documents whose files are gone from it are removed, those of other folders are left alone.
    Files that cannot be read are listed with the reason, the rest is ingested, and the exit status is 1.
    """
    from commands.objects import report_object
    from commands.printing import print_failures, print_report
    from commands.progress import reporter
    from index.builder import update_index

    with reporter() as progress:
        report = update_index(paths, directory, model=model, progress=progress, rebuild=rebuild, retry=retry, keep=keep)
    print_failures(report)
    if as_json:
        click.echo(json.dumps(report_object(report), ensure_ascii=False))
    else:
        print_report(report)
    if report.failed:
        raise SystemExit(1)


@click.command()
@click.argument("source")
@index_option
@click.option("--text", "part", flag_value="text", help="Print the text alone, as start and end of citations count it.")
@click.option("--outline", "part", flag_value="outline", help="Print the headings alone, with their pages.")
@json_option
def show(source: str, directory: Path, part: str | None, as_json: bool) -> None:
    """Show a document as the index holds it.

    SOURCE is its path relative to the folder that was ingested; a member of an archive is archive.zip/path/in/it.
    """
    from commands.objects import document_object
    from commands.printing import print_document, print_outline

    catalogue = open_catalogue(directory)
    document = catalogue.by_source(source)
    outline = catalogue.outline(document.info.id)
    if as_json:
        click.echo(json.dumps(document_object(document, outline), ensure_ascii=False))
    elif part == "text":
        click.echo(document.text.encode("utf-8", "surrogatepass"), nl=False)
    elif part == "outline":
        print_outline(document, outline)
    else:
        print_document(document)


@click.command()
@index_option
@json_option
def status(directory: Path, as_json: bool) -> None:
    """Say what the index holds."""
    from commands.objects import status_object
    from commands.printing import print_status
    from index.catalogue import Catalogue
    from index.snapshot import CATALOGUE, open_snapshot

    snapshot = open_snapshot(directory)
    held = status_object(directory, snapshot, Catalogue(snapshot.path / CATALOGUE))
    if as_json:
        click.echo(json.dumps(held, ensure_ascii=False))
    else:
        print_status(held)
