"""Question files: one JSON object a line, with the evidence that answers each question.

`{"id", "question", "lang", "type", "answerable", "any", "gold": [{"doc", "quote"}], "items": [..], "answer", "split"}`;
`id`, `question` and `answerable` must be there. `split` is `dev` or `held-out`, the same in the whole file; a file that
has none counts as dev.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from ingest.errors import BadRequest

Split = Literal["dev", "held-out"]
Level = Literal["fatal", "error", "note"]
SPLITS: tuple[Split, ...] = get_args(Split)
KEYS = (
    "id", "question", "lang", "type", "answerable", "any", "gold", "items", "answer", "split", "article", "mention",
    "place",
)  # fmt: skip
"""The keys of a record; `article`, `mention` and `place` are notes for people."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A gold quote and the source of the document it stands in."""

    source: str
    quote: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question with what a right answer rests on; `any_suffices`: one gold quote is enough."""

    id: str
    text: str
    language: str
    type: str
    answerable: bool
    any_suffices: bool
    gold: tuple[Evidence, ...]
    items: tuple[str, ...]
    answer: str = ""
    split: Split | None = None
    line: int = 0
    """Its line in the file, from 1."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a question or its line.

    With a `fatal` one the file cannot be run, with an `error` the question cannot be judged fairly, a `note` is worth
    a look. `line` is 0 and `id` empty where it concerns the whole file.
    """

    line: int
    id: str
    message: str
    level: Level

    def __str__(self) -> str:
        where = ", ".join(part for part in (f"line {self.line}" if self.line else "", self.id) if part)
        return f"{where}: {self.message}" if where else self.message


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """A question file as read: the questions whose lines could be read, and what is wrong with the rest."""

    path: Path
    sha256: str
    questions: tuple[Question, ...]
    problems: tuple[Problem, ...]

    @property
    def split(self) -> Split | None:
        """The split that the questions carry, None where they carry none."""
        return next((question.split for question in self.questions if question.split), None)


def read_questions(path: Path) -> list[Question]:
    """The questions of a file. Raises BadRequest that names the file and the lines where it cannot be run."""
    return list(usable(read_question_file(path)).questions)


def usable(file: QuestionFile) -> QuestionFile:
    """The file if it can be run; else raises BadRequest that names it and the first lines that are wrong."""
    fatal = [problem for problem in file.problems if problem.level == "fatal"]
    if fatal:
        shown = "; ".join(str(problem) for problem in fatal[:5])
        more = f"; and {len(fatal) - 5} more" if len(fatal) > 5 else ""
        raise BadRequest(f"{file.path}: {shown}{more}; `yinju eval check` lists all that is wrong")
    return file


def read_question_file(path: Path) -> QuestionFile:
    """Read a question file with all that is wrong with it. Raises BadRequest where it cannot be read at all."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadRequest(f"{path}: cannot be read ({error.strerror}); give a question file, JSON Lines") from error
    questions: list[Question] = []
    problems: list[Problem] = []
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if line.strip():
            question, wrong = _read_line(number, line)
            questions.extend([question] if question else [])
            problems.extend(wrong)
    problems.extend(_of_the_whole(questions))
    if not questions and not problems:
        problems.append(Problem(0, "", "no questions in this file", "fatal"))
    problems.sort(key=lambda problem: problem.line)
    return QuestionFile(path, hashlib.sha256(data).hexdigest(), tuple(questions), tuple(problems))


def record_of(question: Question) -> dict[str, object]:
    """A question as it stands in a file."""
    return {
        "id": question.id,
        "question": question.text,
        "lang": question.language,
        "type": question.type,
        "answerable": question.answerable,
        "any": question.any_suffices,
        "gold": [{"doc": one.source, "quote": one.quote} for one in question.gold],
        "items": list(question.items),
        "answer": question.answer,
        **({"split": question.split} if question.split else {}),
    }


def write_questions(path: Path, questions: Iterable[Question]) -> None:
    """Write a question file. Raises BadRequest where that cannot be written."""
    lines = [json.dumps(record_of(question), ensure_ascii=False) for question in questions]
    try:
        path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise BadRequest(f"{path}: cannot be written ({error.strerror}); give another place") from error


def question_from(record: object, line: int) -> tuple[Question | None, list[Problem]]:
    """The question of a record of a file, None where it cannot be run, and what is wrong with it."""
    if not isinstance(record, dict):
        return None, [Problem(line, "", "not a JSON object; write {…} with id, question and answerable", "fatal")]
    name = str(record.get("id") or "")
    wrong = [Problem(line, name, message, "fatal") for message in _malformed(record)]
    if wrong:
        return None, wrong
    unknown = [key for key in record if key not in KEYS]
    notes = [Problem(line, name, f"{key!r} is not a key of a question and is not read", "note") for key in unknown]
    return (
        Question(
            id=name,
            text=record["question"],
            language=record.get("lang") or "zh",
            type=record.get("type") or "",
            answerable=record["answerable"],
            any_suffices=bool(record.get("any")),
            gold=tuple(Evidence(one["doc"], one["quote"]) for one in record.get("gold") or ()),
            items=tuple(record.get("items") or ()),
            answer=record.get("answer") or "",
            split=record.get("split"),
            line=line,
        ),
        notes,
    )


def _read_line(number: int, line: bytes) -> tuple[Question | None, list[Problem]]:
    try:
        record = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return None, [Problem(number, "", "not UTF-8; save the file as UTF-8", "fatal")]
    except ValueError as error:
        return None, [Problem(number, "", f"not JSON ({error}); a record is one JSON object on one line", "fatal")]
    return question_from(record, number)


def _malformed(record: dict[str, object]) -> Iterator[str]:
    if not isinstance(record.get("id"), str | int) or not str(record["id"]).strip():
        yield "no id; give every question one of its own"
    for key, kind, expected in (
        ("question", str, "text"),
        ("lang", str, "text such as zh or en"),
        ("type", str, "text"),
        ("answer", str, "text"),
        ("answerable", bool, "true or false"),
        ("any", bool, "true or false"),
        ("gold", list, "a list"),
        ("items", list, "a list"),
    ):
        value = record.get(key)
        if value is not None and not isinstance(value, kind):
            yield f"{key} is {expected}, not {_shown(value)}"
    if not str(record.get("question") or "").strip():
        yield "the question is empty"
    if record.get("answerable") is None:
        yield "answerable is missing; say true or false"
    if record.get("split") not in (None, *SPLITS):
        yield f"split is dev or held-out, not {_shown(record['split'])}"
    for one in _listed(record, "gold"):
        if not (
            isinstance(one, dict) and all(isinstance(one.get(k), str) and one[k].strip() for k in ("doc", "quote"))
        ):
            yield f'a gold entry is {{"doc": source, "quote": text}}, not {_shown(one)}'
    for one in _listed(record, "items"):
        if not isinstance(one, str) or not one.strip():
            yield f"an item is text, not {_shown(one)}"


def _listed(record: dict[str, object], key: str) -> Sequence[object]:
    value = record.get(key)
    return value if isinstance(value, list) else []


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= 60 else text[:59] + "…"


def _of_the_whole(questions: Sequence[Question]) -> Iterator[Problem]:
    """Ids used twice, and questions of both splits in one file."""
    first: dict[str, int] = {}
    for question in questions:
        if question.id in first:
            message = f"this id stands on line {first[question.id]} already"
            yield Problem(question.line, question.id, message, "fatal")
        first.setdefault(question.id, question.line)
    begun = questions[0] if questions else None
    for question in questions:
        if begun is not None and question.split != begun.split:
            yield Problem(
                question.line,
                question.id,
                f"split is {question.split or 'not given'} here and {begun.split or 'not given'} on line {begun.line}; "
                "dev and held-out questions stand in files of their own",
                "fatal",
            )
            return
