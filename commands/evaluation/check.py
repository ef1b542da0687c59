"""`yinju eval check`: what is wrong with question files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands.options import index_option, json_option, open_catalogue
from ingest.errors import IndexMissing

if TYPE_CHECKING:
    from eval.checking import Checked
    from eval.problems import Level, Problem
    from eval.questions import QuestionFile
    from index.catalogue import Catalogue

_LEVELS: tuple[Level, ...] = ("fatal", "error", "note")

_MOST_TOLD_SINGLY = 3


@click.command()
@click.argument(
    "files", metavar="FILE…", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@index_option
@json_option
def check(files: tuple[Path, ...], directory: Path, as_json: bool) -> None:
    """Check question files, alone and against each other, and name all that is wrong with them, line by line.

    Gold quotes are looked up in the documents of the index, where there is one. With a fatal problem a file cannot be
    run, with an error a question is not judged fairly, and the exit status is 1; a note is worth a look.
    """
    from eval.checking import check_files

    catalogue = _catalogue(directory)
    checked = check_files(files, catalogue)
    if as_json:
        click.echo(json.dumps(_object(checked, catalogue is not None), ensure_ascii=False))
    else:
        _print(checked)
    if catalogue is None:
        click.echo(f"No index in {directory}: gold quotes were not checked; --index DIR names one.", err=True)
    if any(problem.level != "note" for one in checked for problem in one.problems):
        raise SystemExit(1)


def _catalogue(directory: Path) -> Catalogue | None:
    try:
        return open_catalogue(directory)
    except IndexMissing:
        return None


def _object(checked: Sequence[Checked], quotes_checked: bool) -> dict[str, object]:
    from eval.checking import count

    files = [
        {
            "file": str(one.path),
            "sha256": one.file.sha256 if one.file else None,
            "unwritten": len(one.file.drafts) if one.file else 0,
            **asdict(count(one.file.questions if one.file else ())),
        }
        for one in checked
    ]
    problems = [{"file": str(one.path), **asdict(problem)} for one in checked for problem in one.problems]
    together = count([question for one in checked if one.file for question in one.file.questions])
    levels: dict[str, int] = {level: sum(problem["level"] == level for problem in problems) for level in _LEVELS}
    return {
        "files": files,
        "counts": {**asdict(together), **levels},
        "quotes_checked": quotes_checked,
        "problems": problems,
    }


def _print(checked: Sequence[Checked]) -> None:
    for one in checked:
        for level in _LEVELS:
            for line in _told([problem for problem in one.problems if problem.level == level]):
                click.echo(f"{level:7}{one.path}: {line}")
    for one in checked:
        if one.file:
            _print_counts(one.path, one.file)
    found = [problem.level for one in checked for problem in one.problems]
    named = (f"{found.count(level)} {name}" for level, name in zip(_LEVELS, ("fatal", "errors", "notes"), strict=True))
    click.echo(", ".join(named) if found else "Nothing is wrong.")


def _told(problems: Sequence[Problem]) -> Iterator[str]:
    """Problems in words; one that many lines have is told once."""
    from eval.problems import lines_named

    lines: dict[str, list[int]] = {}
    for problem in problems:
        lines.setdefault(problem.message, []).append(problem.line)
    for problem in problems:
        same = lines[problem.message]
        if len(same) <= _MOST_TOLD_SINGLY:
            yield str(problem)
        elif problem.line == same[0]:
            yield f"{lines_named(same, problem.unit)}: {problem.message}"


def _print_counts(path: Path, file: QuestionFile) -> None:
    from eval.checking import count

    counted = count(file.questions)
    tallies = (counted.by_split, counted.by_language, counted.by_type)
    shown = ["".join(f" {name} {number}," for name, number in tally.items()).strip(" ,") for tally in tallies]
    total = f"{counted.questions} questions ({counted.answerable} answerable, {counted.unanswerable} not)"
    click.echo("; ".join(part for part in (f"{path}: {total}", *shown) if part))
