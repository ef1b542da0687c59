"""`yinju eval questions`: asking a question file and measuring what comes back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.options import index_option, json_option

if TYPE_CHECKING:
    from eval.run import Result

_COLUMNS = (
    ("questions", "n"),
    ("recall@1", "R@1"),
    ("recall@5", "R@5"),
    ("recall@10", "R@10"),
    ("answer evidence", "evidence"),
    ("complete lists", "lists"),
    ("item precision", "items P"),
    ("refusal precision", "refusal P"),
    ("refusal recall", "refusal R"),
    ("answerable refused", "refused"),
    ("verbatim", "verbatim"),
    ("ask p50 ms", "p50 ms"),
    ("ask p95 ms", "p95 ms"),
)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@index_option
@json_option
def questions(file: Path, directory: Path, as_json: bool) -> None:
    """Ask the questions of FILE (JSON Lines) and print the measures, by type and over all."""
    from eval.questions import read_questions
    from eval.run import by_type, run_questions, summary
    from index import Searcher

    asked = read_questions(file)
    results = run_questions(Searcher.open(directory), asked)
    if as_json:
        listed = [_result_object(result) for result in results]
        report = {"file": file.name, "all": summary(results), "by_type": by_type(results), "questions": listed}
        click.echo(json.dumps(report, ensure_ascii=False))
        return
    _print_table({**by_type(results), "all": summary(results)})


def _print_table(rows: dict[str, dict[str, float | None]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("type", *(heading for _, heading in _COLUMNS))
    for name, measures in rows.items():
        table.add_row(name, *(_shown(key, measures[key]) for key, _ in _COLUMNS))
    Console(width=140).print(table)


def _shown(key: str, value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.0f}" if key == "questions" or key.endswith("ms") else f"{value:.3f}"


def _result_object(result: Result) -> dict[str, object]:
    return {
        "id": result.question.id,
        "type": result.question.type,
        "kind": result.answer.kind,
        "confidence": result.answer.confidence,
        "recall": result.recall and {str(k): value for k, value in result.recall.items()},
        "answer_evidence": result.answer_evidence,
        "item_recall": result.item_recall,
        "item_precision": result.item_precision,
        "answer": result.answer.text,
        "citations": [[one.document.source, one.start, one.end] for one in result.answer.citations],
        "milliseconds": round(result.ask_seconds * 1000, 1),
    }
