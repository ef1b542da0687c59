"""`yinju eval reading`: quoting the answer from a passage that is known."""

from __future__ import annotations

import json
from pathlib import Path

import click

from commands.evaluation.shared import cache_folder, cache_option, set_option, setup_from, without_option
from commands.options import json_option
from commands.progress import track


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@without_option
@set_option
@cache_option
@json_option
def reading(
    folder: Path, without: tuple[str, ...], numbers: tuple[str, ...], cache: Path | None, as_json: bool
) -> None:
    """Ask questions of the one passage that answers each, and judge the quotations.

    DIR holds answers.jsonl and corpus.jsonl or corpus.jsonl.gz. Printed are: whether a quotation contains an answer,
    and exact match (EM) and F1 of the shortest quotation.
    """
    from eval.reading import READING_MEASURES, open_passages, quote_answers, read_dataset
    from eval.statistics import interval, ratio
    from eval.summary import spread

    method = setup_from(without, numbers).method
    dataset = read_dataset(folder)
    searcher = open_passages(dataset, cache_folder(cache))
    asked = track(quote_answers(searcher, dataset, method), "questions", len(dataset.questions))
    quoted = list(asked)
    shares = {name: [share(one) for one in quoted] for name, share in READING_MEASURES.items()}
    columns = {name: tuple(zip(*pairs, strict=True)) for name, pairs in shares.items()}
    measures = {name: ratio(*column) for name, column in columns.items()}
    intervals = {name: interval(*column) for name, column in columns.items()}
    milliseconds = spread([one.milliseconds for one in quoted])
    if as_json:
        result = {
            "dataset": folder.name,
            "questions": len(quoted),
            "measures": measures,
            "intervals": intervals,
            "milliseconds": milliseconds,
            "quotes": [{"id": one.id, "quotes": one.quotes, "contains": one.contains, "F1": one.f1} for one in quoted],
        }
        click.echo(json.dumps(result, ensure_ascii=False))
        return
    click.echo(f"{len(quoted)} questions")
    for name, value in measures.items():
        bounds = intervals[name]
        shown = "–" if value is None or bounds is None else f"{value:8.3f}  ({bounds[0]:.3f} – {bounds[1]:.3f})"
        click.echo(f"{name:26}{shown}")
    click.echo("ask: " + ", ".join(f"{name} {value:.0f}" for name, value in milliseconds.items()) + " ms")
