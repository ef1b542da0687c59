"""`yinju tune`: teach the encoder an office's own language."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.evaluation.shared import cache_folder, cache_option
from commands.options import json_option
from commands.progress import reporter

if TYPE_CHECKING:
    from tuning.recipe import Recipe
    from tuning.tune import Estimate, Tuned


@click.command()
@click.argument("recipe", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--index",
    "directory",
    type=click.Path(file_okay=False, path_type=Path),
    help="Without a recipe: the index whose documents are learnt from.",
)
@click.option(
    "--questions",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Without a recipe: a file of dev questions over the index; repeatable.",
)
@click.option(
    "--pairs",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Without a recipe: lines of {question, passage}; repeatable.",
)
@click.option("--model", help="A sentence-transformers model to tune.  [default: the bundled e5-small]")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".yinju/encoder"),
    show_default=True,
    help="Folder for the result, and for what a run needs to go on after an interruption.",
)
@cache_option
@json_option
def tune(
    recipe: Path | None,
    directory: Path | None,
    questions: tuple[Path, ...],
    pairs: tuple[Path, ...],
    model: str | None,
    out: Path,
    cache: Path | None,
    as_json: bool,
) -> None:
    """Tune the encoder on your own documents and questions.

    RECIPE is a TOML file that names what to learn from, what must not get worse, and how; `--index`, `--questions` and
    `--pairs` do without one. Training takes minutes to hours on this machine's processors; how long is said before it
    begins. The result is kept only where it is better at queries set aside and no worse at what the recipe guards. Use
    it with `yinju ingest FOLDER --encoder .yinju/encoder/adapter.safetensors --rebuild`.
    """
    from tuning.tune import Tell
    from tuning.tune import tune as run

    chosen = _recipe(recipe, directory, questions, pairs)
    with reporter() as report:
        tell = Tell(
            stage=report,
            estimate=_print_estimate,
            step=lambda step, steps, loss: click.echo(f"step {step} of {steps}, loss {loss:.3f}", err=True),
            check=lambda result: click.echo(f"validation nDCG@10 {result:.4f}", err=True),
        )
        tuned = run(chosen, out, model=model, cache=cache_folder(cache), tell=tell)
    if as_json:
        click.echo(json.dumps(_object(tuned), ensure_ascii=False))
    else:
        _print(tuned)
    if tuned.path is None:
        raise SystemExit(1)


def _recipe(path: Path | None, directory: Path | None, questions: tuple[Path, ...], pairs: tuple[Path, ...]) -> Recipe:
    from tuning.recipe import Material, Recipe, read_recipe

    if path is not None:
        if directory or questions or pairs:
            raise click.UsageError("a recipe names its sources itself; leave out --index, --questions and --pairs")
        return read_recipe(path)
    if directory is None and not pairs:
        raise click.UsageError("give a RECIPE, or --index or --pairs")
    if questions and directory is None:
        raise click.UsageError("--questions needs the --index that their documents are in")
    sources = [Material(pairs=one) for one in pairs]
    if directory is not None:
        sources += [Material(questions=one, index=directory) for one in questions]
        sources.append(Material(documents=True, index=directory))
    return Recipe(tuple(sources))


def _print_estimate(estimate: Estimate) -> None:
    counts = ", ".join(f"{count} of {origin}" for origin, count in estimate.pairs.items())
    click.echo(f"{sum(estimate.pairs.values())} pairs: {counts}", err=True)
    minutes = max(1, round(estimate.seconds / 60))
    click.echo(f"{estimate.steps} steps, about {minutes} minutes and {estimate.megabytes / 1000:.1f} GB", err=True)


def _object(tuned: Tuned) -> dict[str, object]:
    def both(measured: tuple) -> dict[str, object]:  # type: ignore[type-arg]
        return {"before": measured[0].means(), "after": measured[1].means()}

    return {
        "accepted": tuned.path is not None,
        "encoder": str(tuned.path) if tuned.path else None,
        "reason": tuned.reason or None,
        "validation": both(tuned.validation),
        "guards": both(tuned.guards),
        "seconds": round(tuned.seconds, 1),
    }


def _print(tuned: Tuned) -> None:
    for name, (before, after) in (("validation", tuned.validation), ("guards", tuned.guards)):
        was, now = before.means(), after.means()
        for origin in was:
            count = len(before.of_origin[origin])
            click.echo(f"{name:10}  {origin:24}  {count:4} queries  nDCG@10 {was[origin]:.3f} → {now[origin]:.3f}")
    if tuned.path is None:
        click.echo(f"Not kept: {tuned.reason}. The encoder in use is as it was.")
    else:
        click.echo(f"{tuned.path}: use it with `yinju ingest FOLDER --encoder {tuned.path} --rebuild`")
