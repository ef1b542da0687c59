"""Question files: records with the evidence that answers each question, one JSON object a line or a row of a sheet.

`{"id", "question", "lang", "type", "answerable", "any", "gold": [{"doc", "quote"}], "items": [..], "answer", "split"}`;
`id`, `question` and `answerable` must be there. `split` is `dev` or `held-out`, the same in the whole file; a file that
has none counts as dev. A record without a question is a draft, its question yet to be written. `eval.sheets` tells how
records stand in CSV and XLSX files.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from eval.problems import Problem, Unit, lines_named
from eval.sheets import SHEETS, read_sheet, write_sheet
from ingest.errors import BadRequest

Split = Literal["dev", "held-out"]
SPLITS: tuple[Split, ...] = get_args(Split)
KEYS = (
    "id", "question", "lang", "type", "answerable", "any", "gold", "items", "answer", "split", "article", "mention",
    "place", "note",
)  # fmt: skip
"""The keys of a record; from `article` on they are notes for people."""
FORMATS = (".jsonl", *SHEETS)
"""The endings of the files that are written; any other that is read is taken for JSON Lines."""
_ZIP = b"PK\x03\x04"
_NOTES = ("article", "mention", "place", "note")
_OTHER_SHEETS = (".xls", ".xlsm", ".xlsb", ".ods", ".numbers", ".et")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A gold quote and the source of the document it stands in."""

    source: str
    quote: str
    line: int = field(default=0, compare=False)
    """Its row in a sheet, where it has one of its own; else 0."""


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
    unit: Unit = "line"
    article: str = ""
    mention: str = ""
    place: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """A question file as read: the questions whose lines could be read, and what is wrong with the rest."""

    path: Path
    sha256: str
    questions: tuple[Question, ...]
    problems: tuple[Problem, ...]
    drafts: tuple[Question, ...] = ()
    """Records whose question is yet to be written."""

    @property
    def split(self) -> Split | None:
        """The split that the questions carry, None where they carry none."""
        return next((question.split for question in self.questions if question.split), None)


def read_questions(path: Path) -> list[Question]:
    """The questions of a file. Raises BadRequest that names the file and the lines where it cannot be run."""
    return list(usable(read_question_file(path)).questions)


def usable(file: QuestionFile) -> QuestionFile:
    """The file if it can be run; else raises BadRequest that names it and the first lines that are wrong."""
    empty = unwritten(file)
    if empty and not any(problem.level == "fatal" for problem in file.problems):
        raise BadRequest(f"{file.path}: {empty}, then check the file with `yinju eval check`")
    return well_formed(file)


def well_formed(file: QuestionFile) -> QuestionFile:
    """The file if all its records can be read, be they drafts; else raises BadRequest as `usable` does."""
    fatal = [problem for problem in file.problems if problem.level == "fatal"]
    if fatal:
        shown = "; ".join(str(problem) for problem in fatal[:5])
        more = f"; and {len(fatal) - 5} more" if len(fatal) > 5 else ""
        raise BadRequest(f"{file.path}: {shown}{more}; `yinju eval check` lists all that is wrong")
    return file


def in_order(file: QuestionFile) -> list[Question]:
    """The questions and drafts of a file as they stand in it."""
    return sorted((*file.questions, *file.drafts), key=lambda question: question.line)


def unwritten(file: QuestionFile) -> Problem | None:
    """What is to be said of the drafts of a file, in one: it cannot be run with them. None where there are none."""
    if not file.drafts:
        return None
    unit = file.drafts[0].unit
    places = lines_named((draft.line for draft in file.drafts), unit)
    count = len(file.drafts)
    all_of_them = count + len(file.questions)
    message = f"{count} of {all_of_them} questions are yet to be written ({places}); write them or take them out"
    return Problem(0, "", message, "fatal", unit)


def read_question_file(path: Path) -> QuestionFile:
    """Read a question file with all that is wrong with it. Raises BadRequest where it cannot be read at all."""
    if path.suffix.lower() in _OTHER_SHEETS:
        raise BadRequest(f"{path}: {path.suffix} files are not read; save it as .xlsx or .csv")
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = f"cannot be read ({error.strerror}); give a question file: {', '.join(FORMATS)}"
        raise BadRequest(f"{path}: {reason}") from error
    if data.startswith(_ZIP) and path.suffix.lower() != ".xlsx":
        raise BadRequest(f"{path}: not text but a workbook or another package; name it .xlsx if it is one")
    read = _read_rows(path, data) if path.suffix.lower() in SHEETS else _read_lines(data)
    found = [question for question, _ in read if question]
    problems = [problem for _, wrong in read for problem in wrong]
    problems.extend(_of_the_whole(found))
    if not found and not any(problem.level == "fatal" for problem in problems):
        problems.append(Problem(0, "", "no questions in this file", "fatal"))
    problems.sort(key=lambda problem: problem.line)
    return QuestionFile(
        path,
        hashlib.sha256(data).hexdigest(),
        tuple(question for question in found if question.text),
        tuple(problems),
        tuple(question for question in found if not question.text),
    )


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
        **{key: note for key in _NOTES if (note := getattr(question, key))},
    }


def write_questions(path: Path, questions: Iterable[Question]) -> None:
    """Write a new question file, in the format that its ending names.

    Raises BadRequest where there is such a file already, it cannot be written, or its format cannot hold a question.
    """
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise BadRequest(f"{path}: question files are written as {', '.join(FORMATS)}; give it one of these endings")
    if path.exists():
        raise BadRequest(f"{path}: stands there already and is not overwritten; give another name")
    records = [record_of(question) for question in questions]
    try:
        data = write_sheet(path, records) if suffix in SHEETS else _lines_of(records)
        with path.open("xb") as file:
            file.write(data)
    except UnicodeEncodeError as error:
        unfit = error.object[error.start : error.end]
        raise BadRequest(f"{path}: {unfit!r} is half a character and cannot be written; take it out") from error
    except OSError as error:
        raise BadRequest(f"{path}: cannot be written ({error.strerror}); give another place") from error


def question_from(
    record: object, line: int, unit: Unit = "line", gold_lines: Sequence[int] = ()
) -> tuple[Question | None, list[Problem]]:
    """The question of a record of a file, None where it cannot be read, and what is wrong with it.

    `gold_lines` are the rows of its gold quotes, where they have rows.
    """
    if not isinstance(record, dict):
        return None, [Problem(line, "", "not a JSON object; write {…} with id, question and answerable", "fatal")]
    name = "" if record.get("id") is None else str(record["id"])
    wrong = [Problem(line, name, message, "fatal", unit) for message in _malformed(record)]
    if wrong:
        return None, wrong
    unknown = [key for key in record if key not in KEYS]
    notes = [
        Problem(line, name, f"{key!r} is not a key of a question and is not read", "note", unit) for key in unknown
    ]
    text = record.get("question") or ""
    gold = record.get("gold") or ()
    rows = gold_lines or [0] * len(gold)
    return (
        Question(
            id=name,
            text=text if text.strip() else "",
            language=record.get("lang") or "zh",
            type=record.get("type") or "",
            answerable=record["answerable"],
            any_suffices=bool(record.get("any")),
            gold=tuple(Evidence(one["doc"], one["quote"], row) for one, row in zip(gold, rows, strict=True)),
            items=tuple(record.get("items") or ()),
            answer=record.get("answer") or "",
            split=record.get("split"),
            line=line,
            unit=unit,
            **{key: _as_text(record.get(key)) for key in _NOTES},
        ),
        notes,
    )


_Read = tuple[Question | None, list[Problem]]


def _read_lines(data: bytes) -> list[_Read]:
    lines = enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1)
    return [_read_line(number, line) for number, line in lines if line.strip()]


def _read_rows(path: Path, data: bytes) -> list[_Read]:
    sheet = read_sheet(path, data)
    read = [question_from(one.fields, one.row, "row", one.gold_rows) for one in sheet.records]
    return [(None, list(sheet.problems)), *read] if sheet.problems else read


def _lines_of(records: Iterable[dict[str, object]]) -> bytes:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode("utf-8")


def _as_text(note: object) -> str:
    return note if isinstance(note, str) else "" if note is None else json.dumps(note, ensure_ascii=False)


def _read_line(number: int, line: bytes) -> _Read:
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
    for one in questions:
        if one.id in first:
            message = f"this id stands on {one.unit} {first[one.id]} already"
            yield Problem(one.line, one.id, message, "fatal", one.unit)
        first.setdefault(one.id, one.line)
    begun = questions[0] if questions else None
    for one in questions:
        if begun is not None and one.split != begun.split:
            message = (
                f"split is {one.split or 'not given'} here and {begun.split or 'not given'} on {one.unit} "
                f"{begun.line}; dev and held-out questions stand in files of their own"
            )
            yield Problem(one.line, one.id, message, "fatal", one.unit)
            return
