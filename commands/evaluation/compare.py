"""`yinju eval compare`: whether runs over the same questions differ."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.evaluation.shared import SIGNIFICANT, comparisons_object, measure_option, shown, signed
from commands.options import json_option
from ingest.errors import BadRequest

if TYPE_CHECKING:
    from eval.comparison import Change, Comparison, Sample
    from eval.outcome import Outcome

_SHOWN_CHANGES = 20


@click.command()
@click.argument("runs", metavar="RUN RUN…", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@measure_option
@click.option(
    "--qrels",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Relevance judgements for TREC run files.  [default: qrels.trec beside the first run]",
)
@json_option
def compare(runs: tuple[Path, ...], measures: tuple[str, ...], qrels: Path | None, as_json: bool) -> None:
    """Compare runs over the same questions: each RUN with the first.

    A RUN is a folder of `yinju eval questions --out`, what its --json printed, or a TREC run file (.trec). Differences
    are tested by paired randomisation and corrected for their number (Holm); questions that got worse come first.
    """
    from eval.comparison import changes
    from eval.comparison import compare as compared

    if len(runs) < 2:
        raise click.UsageError("Give two runs or more: the first is what the others are compared with.")
    outcomes: list[Sequence[Outcome]] = []
    if any(_is_trec(path) for path in runs):
        samples = _trec_samples(runs, measures, qrels or runs[0].with_name("qrels.trec"))
    else:
        samples, outcomes = _samples(runs, measures)
    comparisons = compared(samples[0], samples[1:])
    changed = [changes(outcomes[0], others) for others in outcomes[1:]]
    if as_json:
        click.echo(json.dumps(comparisons_object(samples[0].name, comparisons, changed), ensure_ascii=False))
        return
    for comparison, found in zip(comparisons, changed or [[]] * len(comparisons), strict=True):
        _print_comparison(samples[0].name, comparison)
        _print_changes(found)


def _samples(runs: Sequence[Path], measures: Sequence[str]) -> tuple[list[Sample], list[Sequence[Outcome]]]:
    from eval.comparison import COMPARED, sample_of
    from eval.results import read_run

    read = [read_run(path) for path in runs]
    for other in read[1:]:
        if other.sha256 != read[0].sha256:
            raise BadRequest(
                f"{read[0].name} ({read[0].file}) and {other.name} ({other.file}): runs over different question files; "
                "run both over the same"
            )
    samples = [sample_of(run.name, run.outcomes, measures or COMPARED) for run in read]
    return samples, [run.outcomes for run in read]


def _is_trec(path: Path) -> bool:
    return path.name.removesuffix(".gz").endswith(".trec")


def _trec_samples(runs: Sequence[Path], measures: Sequence[str], qrels: Path) -> list[Sample]:
    from eval.beir import MEASURES, SystemRun, measure
    from eval.comparison import Sample
    from eval.trec import read_qrels, read_run

    unknown = [name for name in measures if name not in MEASURES]
    if unknown:
        raise BadRequest(f"no measure of retrieval is called {unknown[0]!r}; there are {', '.join(MEASURES)}")
    judged: dict[str, dict[str, int]] = {}
    for one in read_qrels(qrels):
        judged.setdefault(one.query, {})[one.record] = one.score
    scored = measure(judged, [SystemRun(str(path), read_run(path)) for path in runs])
    return [
        Sample(
            name,
            tuple(judged),
            {one: (list(scores.per_query[one].values()), [1.0] * len(judged)) for one in measures or MEASURES},
        )
        for name, scores in scored.items()
    ]


def _print_comparison(baseline: str, comparison: Comparison) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(
        "measure",
        baseline,
        comparison.run,
        "difference",
        "95 % interval",
        "p",
        "p corrected",
        "better",
        "worse",
        "same",
    )
    for column in table.columns[1:]:
        column.justify = "right"
    for one in comparison.differences:
        interval = f"{one.interval[0]:+.3f} – {one.interval[1]:+.3f}" if one.interval else "–"
        table.add_row(
            one.measure, shown(one.baseline), shown(one.value), signed(one.difference), interval, f"{one.p:.4f}",
            f"{one.corrected:.4f}", str(one.wins), str(one.losses), str(one.ties),
            style="bold" if one.corrected < SIGNIFICANT else None,
        )  # fmt: skip
    Console(width=160).print(table)


def _print_changes(changes: Sequence[Change]) -> None:
    worse = [change for change in changes if change.gain < 0]
    better = [change for change in reversed(changes) if change.gain > 0]
    for heading, found in (("Worse", worse), ("Better", better)):
        if found:
            click.echo(f"{heading}: {len(found)} questions")
        for one in found[:_SHOWN_CHANGES]:
            verdict = one.after if one.before == one.after else f"{one.before} → {one.after}"
            click.echo(f"  {one.gain:+.2f}  {one.id}  [{one.type}] {one.question}  ({verdict})")
        if len(found) > _SHOWN_CHANGES:
            click.echo(f"  and {len(found) - _SHOWN_CHANGES} more; --json lists all")
