"""Question files: one JSON object a line, with the evidence that answers each question."""

import json
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import BadRequest


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


def read_questions(path: Path) -> list[Question]:
    """Read a question file; BadRequest names the file and line of the first malformed record."""
    questions: list[Question] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            question = _question(json.loads(line.decode("utf-8")))
        except UnicodeDecodeError as error:
            raise BadRequest(f"{path}, line {number}: not UTF-8; save the file as UTF-8") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadRequest(f"{path}, line {number}: not a question record ({error!r})") from error
        if question.id in seen:
            raise BadRequest(f"{path}, line {number}: id {question.id!r} stands on line {seen[question.id]} already")
        seen[question.id] = number
        questions.append(question)
    if not questions:
        raise BadRequest(f"{path}: no questions in this file")
    return questions


def _question(record: dict[str, object]) -> Question:
    gold = record.get("gold") or []
    items = record.get("items") or []
    if not isinstance(gold, list) or not isinstance(items, list):
        raise TypeError("gold and items are lists")
    return Question(
        id=str(record["id"]),
        text=str(record["question"]),
        language=str(record.get("lang", "zh")),
        type=str(record.get("type", "")),
        answerable=bool(record["answerable"]),
        any_suffices=bool(record.get("any", False)),
        gold=tuple(Evidence(str(one["doc"]), str(one["quote"])) for one in gold),
        items=tuple(str(item) for item in items),
    )
