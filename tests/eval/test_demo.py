from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from eval.gold import repeated
from eval.questions import Question, read_question_file
from ingest.archives import is_archive, list_members, read_member
from ingest.discover import SourceFile
from ingest.reading import read_document

ROOT = Path(__file__).parents[2]
SETS = {name: read_question_file(ROOT / "eval" / "sets" / f"demo-{name}.jsonl") for name in ("dev", "held-out")}
SECOND = read_question_file(ROOT / "eval" / "sets" / "demo-dev-2.jsonl")
"""Over the documents that came later."""
TYPES = {
    "enumeration", "definition", "factoid", "passage", "rule", "version", "citation", "phrasing", "english",
    "unanswerable",
}  # fmt: skip


@cache
def text_of(source: str) -> str:
    """The text of a demo document; that of a member of an archive too."""
    path = ROOT / "corpus" / source
    if path.exists():
        return read_document(path, source=source).text
    archive = next(one for one in path.parents if is_archive(one.name))
    packed = SourceFile(archive, str(ROOT / "corpus"), archive.relative_to(ROOT / "corpus").as_posix())
    place = next(entry.member for entry in list_members(packed) if entry.source == source)
    return read_document(path, source=source, content=read_member(replace(packed, source=source, member=place))).text


@pytest.mark.parametrize("name", SETS)
def test_a_demo_set_has_eighty_questions_or_more_of_all_types_and_one_split(name: str) -> None:
    questions = SETS[name].questions
    assert len(questions) >= 80
    assert {one.type for one in questions} == TYPES
    assert {one.language for one in questions} == {"zh", "en"}
    assert {one.split for one in questions} == {name}
    assert SETS[name].problems == ()


def test_the_second_set_is_of_all_types() -> None:
    assert len(SECOND.questions) == 40
    assert {one.type for one in SECOND.questions} == TYPES
    assert {one.split for one in SECOND.questions} == {"dev"}
    assert SECOND.problems == ()


def test_no_question_of_one_set_is_in_another() -> None:
    dev, second, held_out = SETS["dev"].questions, SECOND.questions, SETS["held-out"].questions
    assert len({one.id for one in (*dev, *second, *held_out)}) == len(dev) + len(second) + len(held_out)
    assert repeated(held_out, {"demo-dev.jsonl": dev, "demo-dev-2.jsonl": second}) == []
    assert repeated(second, {"demo-dev.jsonl": dev}) == []


@pytest.mark.parametrize(
    "question", [one for file in (*SETS.values(), SECOND) for one in file.questions], ids=lambda question: question.id
)
def test_the_evidence_of_a_demo_question_stands_word_for_word_in_its_document(question: Question) -> None:
    assert bool(question.gold) == question.answerable
    for evidence in question.gold:
        assert evidence.quote in text_of(evidence.source)
    assert all(any(item in evidence.quote for evidence in question.gold) for item in question.items)
