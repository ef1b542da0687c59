"""Checking question files, one or several together, for all that is wrong with them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.gold import find_problems, repeated
from eval.problems import Problem
from eval.questions import Question, QuestionFile, in_order, read_question_file, unwritten
from index.catalogue import Catalogue
from ingest.errors import BadRequest


@dataclass(frozen=True, slots=True)
class Checked:
    """A question file with all that is wrong with it, by line; `file` is None where it cannot be read."""

    path: Path
    file: QuestionFile | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many questions there are, can be answered and cannot, and are of each type, language and split."""

    questions: int
    answerable: int
    unanswerable: int
    by_type: dict[str, int]
    by_language: dict[str, int]
    by_split: dict[str, int]


def check_files(paths: Iterable[Path], catalogue: Catalogue | None) -> list[Checked]:
    """Check question files against each other and, with a catalogue, against the documents of its index."""
    checked: list[Checked] = []
    for path in dict.fromkeys(paths):
        try:
            file = read_question_file(path)
        except BadRequest as error:
            reason = str(error).removeprefix(f"{path}: ")
            checked.append(Checked(path, None, (Problem(0, "", reason, "fatal"),)))
            continue
        before = {str(one.path): one.file for one in checked if one.file}
        empty = unwritten(file)
        problems = [
            *([empty] if empty else []),
            *file.problems,
            *find_problems(catalogue, in_order(file)),
            *repeated(file.questions, {name: other.questions for name, other in before.items()}),
            *_ids_used_before(file, before.values()),
        ]
        problems.sort(key=lambda problem: problem.line)
        checked.append(Checked(path, file, tuple(problems)))
    return checked


def count(questions: Sequence[Question]) -> Counts:
    """Count questions; one without a type counts as other, one without a split as dev."""
    answerable = sum(question.answerable for question in questions)
    return Counts(
        questions=len(questions),
        answerable=answerable,
        unanswerable=len(questions) - answerable,
        by_type=_tally(question.type or "other" for question in questions),
        by_language=_tally(question.language for question in questions),
        by_split=_tally(question.split or "dev" for question in questions),
    )


def _tally(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def _ids_used_before(file: QuestionFile, others: Iterable[QuestionFile]) -> list[Problem]:
    used = {one.id: (other.path, one) for other in others for one in in_order(other)}
    return [
        Problem(one.line, one.id, f"this id stands in {path} too ({other.unit} {other.line})", "note", one.unit)
        for one in in_order(file)
        if one.id in used
        for path, other in [used[one.id]]
    ]
