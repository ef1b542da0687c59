"""`yinju ask`, `yinju search` and `yinju phrases`: one question, or a batch of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Literal, TypeVar

import click

from commands.options import Batch, batch_options, index_option, json_option, one_or_batch, where_option

if TYPE_CHECKING:
    from commands.objects import JsonObject
    from index.model import Filters
    from index.searcher import Searcher

Result = TypeVar("Result")
Mode = Literal["hybrid", "lexical", "dense"]
_LINES_PRINTED = 20


@click.command()
@click.argument("question", required=False)
@index_option
@where_option
@batch_options
@json_option
def ask(
    question: str | None, directory: Path, filters: Filters, batch: Path | None, out: Path | None, as_json: bool
) -> None:
    """Answer QUESTION in the documents' own words.

    The answer is made of numbered quotations, word for word, with their sources; what the documents do not say is
    not answered.
    """
    from answer import ask as answer_question
    from commands.objects import answer_object
    from commands.printing import print_answer

    asked = one_or_batch("QUESTION", question, batch, out)
    _run(
        asked,
        directory,
        lambda searcher, text: answer_question(searcher, text, filters=filters),
        answer_object,
        None if as_json else print_answer,
    )


@click.command()
@click.argument("query", required=False)
@click.option("-k", type=click.IntRange(min=1), default=10, show_default=True, help="How many passages.")
@click.option(
    "--mode",
    type=click.Choice(["hybrid", "lexical", "dense"]),
    default="hybrid",
    show_default=True,
    help="By words, by meaning, or both.",
)
@index_option
@where_option
@batch_options
@json_option
def search(
    query: str | None,
    k: int,
    mode: Mode,
    directory: Path,
    filters: Filters,
    batch: Path | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Find the passages nearest to QUERY."""
    from commands.objects import hits_object
    from commands.printing import print_hits

    asked = one_or_batch("QUERY", query, batch, out)
    _run(
        asked,
        directory,
        lambda searcher, text: (text, searcher.search(text, k=k, mode=mode, filters=filters)),
        lambda found: hits_object(*found),
        None if as_json else lambda found: print_hits(found[1]),
    )


@click.command()
@click.argument("phrase", required=False)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    help=f"Show at most this many occurrences.  [default: {_LINES_PRINTED}; all with --json and --batch]",
)
@click.option(
    "--context", type=click.IntRange(0, 10_000), default=30, show_default=True, help="Characters kept on either side."
)
@click.option("--similar", is_flag=True, help="Also list near wordings, one stretch of the phrase put otherwise.")
@index_option
@where_option
@batch_options
@json_option
def phrases(
    phrase: str | None,
    similar: bool,
    limit: int | None,
    context: int,
    directory: Path,
    filters: Filters,
    batch: Path | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Show where and when PHRASE was used.

    Every occurrence exactly as written is found, oldest document first.
    Counts by year leave out documents whose date is not known; the total has them.
    """
    from commands.objects import concordance_object
    from commands.printing import print_concordance, print_variants
    from phrasing import Concordance, Variant, concordance, variants

    def look_up(searcher: Searcher, text: str) -> tuple[Concordance, tuple[Variant, ...] | None]:
        found = concordance(searcher.catalogue, text, filters=filters, context=context, limit=limit)
        return found, variants(searcher.catalogue, text, filters=filters) if similar else None

    def show(found: tuple[Concordance, tuple[Variant, ...] | None]) -> None:
        print_concordance(found[0], width=2 * context)
        if found[1] is not None:
            click.echo("\nNear wordings:")
            print_variants(found[1])

    asked = one_or_batch("PHRASE", phrase, batch, out)
    if limit is None and batch is None and not as_json:
        limit = _LINES_PRINTED
    _run(
        asked,
        directory,
        look_up,
        lambda found: concordance_object(*found),
        None if as_json else show,
    )


def _run(
    asked: str | Batch,
    directory: Path,
    find: Callable[[Searcher, str], Result],
    to_object: Callable[[Result], JsonObject],
    show: Callable[[Result], None] | None,
) -> None:
    """Do `find` for one text and print it, with `show` or as JSON; or for each line of a batch file."""
    from commands.batch import read_requests, run_batch
    from commands.references import with_references
    from index.searcher import Searcher

    requests = read_requests(asked.source) if isinstance(asked, Batch) else []
    searcher = Searcher.open(directory)
    if searcher.notice:
        click.echo(searcher.notice, err=True)

    def timed(text: str) -> tuple[Result, JsonObject]:
        begun = perf_counter()
        found = find(searcher, text)
        result = to_object(found)
        if show is None:
            with_references(result, searcher.catalogue)
        milliseconds = round((perf_counter() - begun) * 1000, 1)
        return found, {**result, "milliseconds": milliseconds}

    if isinstance(asked, Batch):
        run_batch(requests, lambda text: timed(text)[1], asked.out)
        return
    found, result = timed(asked)
    if show:
        show(found)
    else:
        click.echo(json.dumps(result, ensure_ascii=False))
