"""`yinju ingest`, `yinju show` and `yinju status`: what the index is made of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.options import index_option, json_option, keep_option, open_catalogue

if TYPE_CHECKING:
    from index.catalogue import Catalogue
    from ingest.model import DocumentInfo


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

    A folder is mirrored: documents whose files are gone from it are removed, those of other folders are left alone. A
    file that was moved or renamed keeps its document. A file NAME.yinju.toml beside a document corrects what is known
    of it (`yinju edit`).
    Files that cannot be read are listed with the reason, the rest is ingested, and the exit status is 1.
    """
    from commands.editing import finish
    from commands.progress import reporter
    from index.builder import update_index

    with reporter() as progress:
        report = update_index(paths, directory, model=model, progress=progress, rebuild=rebuild, retry=retry, keep=keep)
    finish(report, as_json=as_json)


@click.command()
@click.argument("source")
@index_option
@click.option("--text", "part", flag_value="text", help="Print the text alone, as start and end of citations count it.")
@click.option("--outline", "part", flag_value="outline", help="Print the headings alone, with their pages.")
@click.option(
    "--references", "part", flag_value="references", help="Print what it refers to, and what refers to it, with places."
)
@json_option
def show(source: str, directory: Path, part: str | None, as_json: bool) -> None:
    """Show a document as the index holds it.

    SOURCE is its path relative to the folder that was ingested; a member of an archive is archive.zip/path/in/it, what
    is attached to an e-mail mail.eml/name. Of a file that holds a notice and what it issues all is shown; SOURCE#附件1
    shows that attachment alone. start and end count in the text of the whole file.
    """
    from commands.objects import document_object
    from commands.printing import print_document, print_outline
    from index.family import outline_of_file, relatives

    catalogue = open_catalogue(directory)
    document = catalogue.by_source(source)
    if document.info.key == catalogue.present_name(source) != source:
        click.echo(f"{source} is {document.info.key} now.", err=True)
    if part == "references":
        _show_references(document.info, catalogue, as_json=as_json)
        return
    outline = outline_of_file(catalogue, document.info)
    text = document.own_text if document.info.part else document.text
    parent, attachments = relatives(catalogue, document.info)
    group = catalogue.copies.of(document.info.id)
    if as_json:
        click.echo(json.dumps(document_object(document, outline, parent, attachments, group), ensure_ascii=False))
    elif part == "text":
        click.echo(text.encode("utf-8", "surrogatepass"), nl=False)
    elif part == "outline":
        print_outline(document, outline)
    else:
        print_document(document, text, attachments, group)


def _show_references(document: DocumentInfo, catalogue: Catalogue, *, as_json: bool) -> None:
    from commands.references import print_references, references_object
    from index.references import References

    if as_json:
        found = references_object(document, References(catalogue), catalogue)
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        print_references(document, References(catalogue), catalogue)


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
