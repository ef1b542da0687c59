"""`yinju eval ablate`: what each part of the product brings."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.evaluation.shared import (
    SIGNIFICANT,
    cache_option,
    comparisons_object,
    measure_option,
    prepared,
    setup_from,
    shown,
    signed,
)
from commands.options import index_option, json_option
from commands.progress import track
from ingest.errors import BadRequest

if TYPE_CHECKING:
    from eval.comparison import Comparison, Sample


@click.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@index_option
@click.option("--part", "parts", multiple=True, help="Turn only this part off; repeatable.  [default: each in turn]")
@click.option("--parts", "list_parts", is_flag=True, help="List the parts that can be turned off, and end.")
@measure_option
@cache_option
@json_option
def ablate(
    file: Path | None,
    directory: Path,
    parts: tuple[str, ...],
    list_parts: bool,
    measures: tuple[str, ...],
    cache: Path | None,
    as_json: bool,
) -> None:
    """Ask the questions of FILE with each part of the product turned off in turn, and print what each part brings.

    A negative difference is what is lost without the part. Held-out questions are refused: what is chosen by them is no
    longer held out.
    """
    from eval.parts import PARTS

    if list_parts:
        for part in PARTS.values():
            click.echo(f"{part.name:18}{part.meaning}")
        return
    if file is None:
        raise click.UsageError("Give a question file, or --parts to list the parts.")
    setup_from(parts, ())
    samples = _ablated(file, directory, parts or tuple(PARTS), measures, cache)
    from eval.comparison import compare as compared

    comparisons = compared(samples[0], samples[1:])
    if as_json:
        click.echo(json.dumps(comparisons_object(samples[0].name, comparisons), ensure_ascii=False))
        return
    _print_table(comparisons)


def _ablated(
    file: Path, directory: Path, parts: Sequence[str], measures: Sequence[str], cache: Path | None
) -> list[Sample]:
    from eval.comparison import COMPARED, sample_of
    from eval.questions import read_question_file, usable
    from eval.run import run_questions
    from index import Searcher

    asked = usable(read_question_file(file))
    if asked.split == "held-out":
        raise BadRequest(f"{file}: held-out questions are not for choosing parts by; ablate on dev questions")
    searcher = Searcher.open(directory)
    samples: list[Sample] = []
    for names in ((), *((part,) for part in parts)):
        setup = setup_from(names, ())
        label = f"without {names[0]}" if names else "all parts"
        ready = prepared(searcher, setup, cache)
        done = list(track(run_questions(ready, asked.questions, setup), label, len(asked.questions)))
        samples.append(sample_of(label, [outcome for outcome, _ in done], measures or COMPARED))
    return samples


def _print_table(comparisons: Sequence[Comparison]) -> None:
    from rich.console import Console
    from rich.table import Table

    measures = [one.measure for one in comparisons[0].differences]
    table = Table("", *measures)
    for column in table.columns[1:]:
        column.justify = "right"
    table.add_row("all parts", *(shown(one.baseline) for one in comparisons[0].differences), end_section=True)
    for comparison in comparisons:
        cells = (
            signed(one.difference) + ("*" if one.corrected < SIGNIFICANT else "") for one in comparison.differences
        )
        table.add_row(comparison.run, *cells)
    console = Console(width=40 + 14 * len(measures))
    console.print(table)
    console.print(f"* differs at {SIGNIFICANT:.0%} after correction for all differences of the table")
