"""`yinju eval beir`: search measured on a retrieval data set, beside plain systems."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands.evaluation.shared import cache_folder, cache_option, shown, without_option
from commands.options import json_option
from commands.progress import reporter

if TYPE_CHECKING:
    from eval.collection import Collection

_file = click.Path(exists=True, dir_okay=False, path_type=Path)


def _parse_systems(context: click.Context, parameter: click.Parameter, names: tuple[str, ...]) -> tuple[str, ...]:
    from eval.retrieval import SYSTEMS

    for name in names:
        if name not in SYSTEMS:
            raise click.BadParameter(
                f"no system is called {name!r}; there are {', '.join(SYSTEMS)}", context, parameter
            )
    return tuple(dict.fromkeys(names)) or tuple(SYSTEMS)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--queries", type=_file, help="Queries.  [default: queries.jsonl or queries.jsonl.gz in DIR]")
@click.option("--qrels", type=_file, help="Judgements, in BEIR's or TREC's format.  [default: qrels/test.tsv in DIR]")
@click.option(
    "--system", "systems", metavar="NAME", multiple=True, callback=_parse_systems,
    help="Run this system only; repeatable.  [default: all]",
)  # fmt: skip
@click.option(
    "--run", "runs", metavar="FILE.trec", type=_file, multiple=True, help="A run of another tool; repeatable."
)
@without_option
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write run.json, qrels.trec and a TREC run file for each system to.",
)  # fmt: skip
@cache_option
@json_option
def beir(
    folder: Path,
    queries: Path | None,
    qrels: Path | None,
    systems: tuple[str, ...],
    runs: tuple[Path, ...],
    without: tuple[str, ...],
    out: Path | None,
    cache: Path | None,
    as_json: bool,
) -> None:
    """Run systems over a data set in BEIR layout and print the measures of each.

    DIR holds corpus.jsonl or corpus.jsonl.gz, queries.jsonl and qrels/test.tsv. A record is one passage, its title the
    context. The product's systems are lexical (by words), dense (by meaning), hybrid (both) and cues (and what speaks
    for each record itself). The plain ones are bm25-words and bm25-bigrams, encoder (the same encoder alone) and rrf
    (reciprocal rank fusion of bm25-words and encoder). Vectors and indexes are kept for the next run.
    """
    from eval.beir import begin_out, evaluation_object, finish_out, measure, read_runs, run_systems, setup_of
    from eval.collection import read_collection
    from eval.engines import Engines
    from index.encoders import load_encoder

    setup = setup_of(without)
    read = read_runs(runs, systems)
    collection = read_collection(folder, queries=queries, qrels=qrels)
    _print_notes(collection)
    if out:
        begin_out(out, collection)
    with reporter() as report:
        engines = Engines(collection.records, cache_folder(cache), load_encoder, setup, report)
        made = [*run_systems(collection, engines, systems, report), *read]
    evaluation = evaluation_object(collection, engines, made, measure(collection.qrels, made))
    if out:
        finish_out(out, made, evaluation)
        click.echo(f"Kept in {out}", err=True)
    if as_json:
        click.echo(json.dumps(_without_queries(evaluation), ensure_ascii=False))
        return
    _print_table(evaluation)


def _print_notes(collection: Collection) -> None:
    for note in collection.notes:
        click.echo(note, err=True)
    if collection.not_judged:
        click.echo(f"{collection.not_judged} queries have no relevant record and are left out.", err=True)


def _without_queries(evaluation: Mapping[str, Any]) -> dict[str, Any]:
    """The evaluation without the values of single queries."""
    systems = {
        name: {key: value for key, value in system.items() if key != "per_query"}
        for name, system in evaluation["systems"].items()
    }
    return {**evaluation, "systems": systems}


def _print_table(evaluation: Mapping[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from eval.beir import MEASURES

    systems = evaluation["systems"]
    best = {name: shown(max(system["measures"][name] for system in systems.values())) for name in MEASURES}
    table = Table(
        "system", MEASURES[0], "95 % interval", *MEASURES[1:], "ms/query", "p95",
        title=f"{evaluation['dataset']}: {evaluation['records']} records, {evaluation['queries']} queries",
        title_justify="left",
    )  # fmt: skip
    for column in table.columns[1:]:
        column.justify = "right"
    for name, system in systems.items():
        values = [
            Text(shown(value), style="bold" if shown(value) == best[measure] else "")
            for measure, value in system["measures"].items()
        ]
        low, high = system["intervals"][MEASURES[0]]
        times = system["milliseconds"]
        spent = [f"{times['mean']:.1f}", f"{times['p95']:.1f}"] if times else ["–", "–"]
        table.add_row(name, values[0], f"{low:.3f} – {high:.3f}", *values[1:], *spent)
    Console(width=110).print(table)
