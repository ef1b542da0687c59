"""`yinju eval questions`: asking a question file and measuring what comes back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from commands.evaluation.shared import (
    cache_option,
    header_of,
    prepared,
    record,
    set_option,
    setup_from,
    without_option,
)
from commands.options import index_option, json_option

if TYPE_CHECKING:
    from eval.ledger import Ledger
    from eval.problems import Problem

_COLUMNS = (
    ("questions", "n"),
    ("recall@1", "R@1"),
    ("recall@5", "R@5"),
    ("recall@10", "R@10"),
    ("MRR", "MRR"),
    ("answer evidence", "evidence"),
    ("complete lists", "lists"),
    ("item precision", "items P"),
    ("item F1", "items F1"),
    ("refusal precision", "refusal P"),
    ("refusal recall", "refusal R"),
    ("answerable refused", "refused"),
    ("verbatim", "verbatim"),
)
_GROUPS = (("by_type", "type"), ("by_language", "language"), ("by_document_kind", "document kind"))
_SHOWN_PROBLEMS = 10


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@index_option
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to keep the run in, with its report; an interrupted run goes on there.",
)
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write a report, one HTML file.")
@without_option
@set_option
@click.option(
    "--ledger",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where a run over held-out questions is recorded.  [default: FILE.ledger.jsonl beside FILE]",
)
@cache_option
@json_option
def questions(
    file: Path,
    directory: Path,
    out: Path | None,
    report: Path | None,
    without: tuple[str, ...],
    numbers: tuple[str, ...],
    ledger: Path | None,
    cache: Path | None,
    as_json: bool,
) -> None:
    """Ask the questions of FILE and print the measures, each with its 95 % bootstrap interval.

    FILE is a question file: JSON Lines, CSV or XLSX (see docs/guides/question-sets.md). A run over held-out questions
    is recorded in a ledger.
    """
    from commands.progress import track
    from eval.gold import find_problems, repeated
    from eval.questions import read_question_file, usable
    from eval.results import run_object
    from eval.store import RunFolder
    from index import Searcher

    asked = usable(read_question_file(file))
    setup = setup_from(without, numbers)
    searcher = Searcher.open(directory)
    problems = [*asked.problems, *find_problems(searcher.catalogue, asked.questions), *repeated(asked.questions)]
    _print_problems(file, problems)
    with TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        folder = RunFolder(out or Path(temporary), header_of(asked, searcher, setup))
        used = None
        if folder.done:
            click.echo(f"{folder.path}: {folder.done} of {len(asked.questions)} questions are asked already.", err=True)
        if folder.done < len(asked.questions):
            used = record(asked, folder.header, ledger)
            left = len(asked.questions) - folder.done
            for _ in track(folder.go_on(prepared(searcher, setup, cache), asked.questions, setup), "questions", left):
                pass
        _print_ledger(used, asked.sha256)
        run = run_object(folder.run(), problems, used)
        folder.finish(run)
        for path in {report, out and out / "report.html"} - {None}:
            _write_report(run, path)
    if as_json:
        click.echo(json.dumps(run, ensure_ascii=False))
        return
    _print_measures(run)
    for place in filter(None, (out, report)):
        click.echo(f"Kept in {place}", err=True)


def _write_report(run: dict[str, Any], path: Path | None) -> None:
    from eval.report import write_report

    if path is not None:
        write_report(run, path)


def _print_problems(file: Path, problems: Sequence[Problem]) -> None:
    errors = [problem for problem in problems if problem.level == "error"]
    for problem in errors[:_SHOWN_PROBLEMS]:
        click.echo(f"{file}: {problem}", err=True)
    if len(errors) > _SHOWN_PROBLEMS:
        click.echo(f"{file}: and {len(errors) - _SHOWN_PROBLEMS} more; `yinju eval check {file}` lists them", err=True)


def _print_ledger(ledger: Ledger | None, sha256: str) -> None:
    from eval.ledger import OFTEN

    if ledger is None:
        return
    uses = ledger.uses_of(sha256)
    click.echo(f"Recorded in {ledger.path}: {uses} different systems have been tried on this held-out set.", err=True)
    if uses >= OFTEN:
        click.echo("It has been used often: what is chosen by it is no longer held out. Make a new set.", err=True)
    if ledger.altered_at:
        click.echo(f"{ledger.path}: line {ledger.altered_at} or the one before it was changed or taken out.", err=True)


def _print_measures(run: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(width=150)
    for group, heading in _GROUPS:
        table = Table(heading, *(short for _, short in _COLUMNS))
        for column in table.columns[1:]:
            column.justify = "right"
        for name, measures in run[group].items():
            table.add_row(name, *(_shown(key, measures[key]) for key, _ in _COLUMNS))
        if group == "by_type":
            table.add_section()
            table.add_row("all", *(_shown(key, run["all"][key]) for key, _ in _COLUMNS), style="bold")
        console.print(table)
    over_all = Table("measure", "value", "95 % interval")
    for name, interval in run["intervals"]["all"].items():
        over_all.add_row(name, _shown(name, run["all"][name]), interval and f"{interval[0]:.3f} – {interval[1]:.3f}")
    error = run["calibration"]["error"]
    over_all.add_row("calibration error", _shown("", error), "")
    console.print(over_all)
    for what, spread in run["latency"].items():
        shown = ", ".join(f"{name} {value:.0f}" for name, value in spread.items())
        console.print(f"{what}: {shown} ms")


def _shown(key: str, value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.0f}" if key == "questions" else f"{value:.3f}"
