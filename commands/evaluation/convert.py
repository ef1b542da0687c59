"""`yinju eval convert`: a question file in another format."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def convert(source: Path, target: Path) -> None:
    """Write the questions of SOURCE to TARGET, in the format that its ending names: .jsonl, .csv, .tsv or .xlsx.

    Nothing is lost: all that a question may have is kept, the notes for people too. TARGET must not be there yet.
    """
    from eval.questions import in_order, read_question_file, well_formed, write_questions

    file = well_formed(read_question_file(source))
    for problem in file.problems:
        click.echo(f"{source}: {problem}", err=True)
    write_questions(target, in_order(file))
    click.echo(f"{target}: {len(in_order(file))} questions")
