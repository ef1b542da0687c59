"""`yinju eval new`: a question file begun from an index."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.options import index_option, open_catalogue, where_option

if TYPE_CHECKING:
    from eval.questions import Split
    from index.model import Filters


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@index_option
@click.option("-n", "count", type=click.IntRange(1, 10_000), default=40, show_default=True, help="How many questions.")
@click.option("--seed", type=int, default=0, show_default=True, help="Another number draws other passages.")
@click.option(
    "--split",
    type=click.Choice(["dev", "held-out"]),
    help="What the questions are for; drafts of the two splits begin in different passages.",
)
@where_option
def new(file: Path, directory: Path, count: int, seed: int, split: Split | None, filters: Filters) -> None:
    """Begin a question file: sentences, lists, terms and articles of the index, for people to write questions about.

    FILE is made in the format that its ending names: .xlsx, .csv, .tsv or .jsonl. Every draft has the words that prove
    its answer and the place where they stand; its question is empty. A fifth are to be questions without an answer.
    """
    from eval.drafts import draft_questions
    from eval.questions import write_questions

    drafts = draft_questions(open_catalogue(directory), count, seed=seed, split=split, filters=filters)
    write_questions(file, drafts)
    documents = {one.source for draft in drafts for one in draft.gold}
    click.echo(f"{file}: {len(drafts)} drafts, quoting {len(documents)} documents")
    if len(drafts) < count:
        click.echo(f"The index has no more than {len(drafts)} of the {count} asked for.", err=True)
    click.echo(
        f"Write the questions, correct what was suggested, take out what is no use; then: yinju eval check {file}",
        err=True,
    )
