from pathlib import Path

import pytest

from eval.gold import repeated
from eval.questions import Question, read_question_file
from ingest.reading import read_document

ROOT = Path(__file__).parents[2]
SETS = {name: read_question_file(ROOT / "eval" / "sets" / f"demo-{name}.jsonl") for name in ("dev", "held-out")}
TYPES = {
    "enumeration", "definition", "factoid", "passage", "rule", "version", "citation", "phrasing", "english",
    "unanswerable",
}  # fmt: skip


@pytest.mark.parametrize("name", SETS)
def test_a_demo_set_has_eighty_questions_or_more_of_all_types_and_one_split(name: str) -> None:
    questions = SETS[name].questions
    assert len(questions) >= 80
    assert {one.type for one in questions} == TYPES
    assert {one.language for one in questions} == {"zh", "en"}
    assert {one.split for one in questions} == {name}
    assert SETS[name].problems == ()


def test_no_question_of_one_set_is_in_another() -> None:
    dev, held_out = SETS["dev"].questions, SETS["held-out"].questions
    assert not {one.id for one in dev} & {one.id for one in held_out}
    assert repeated(held_out, {"demo-dev.jsonl": dev}) == []


@pytest.mark.parametrize(
    "question", [one for file in SETS.values() for one in file.questions], ids=lambda question: question.id
)
def test_the_evidence_of_a_demo_question_stands_word_for_word_in_its_document(question: Question) -> None:
    assert bool(question.gold) == question.answerable
    for evidence in question.gold:
        text = read_document(ROOT / "corpus" / evidence.source, source=evidence.source).text
        assert evidence.quote in text
    assert all(any(item in evidence.quote for evidence in question.gold) for item in question.items)
