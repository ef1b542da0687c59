from pathlib import Path

import pytest

from eval.questions import Question, read_questions
from ingest.reading import read_document

ROOT = Path(__file__).parents[2]
QUESTIONS = read_questions(ROOT / "eval" / "sets" / "demo-dev.jsonl")


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_the_evidence_of_a_demo_question_stands_word_for_word_in_its_document(question: Question) -> None:
    assert bool(question.gold) == question.answerable
    for evidence in question.gold:
        text = read_document(ROOT / "corpus" / evidence.source, source=evidence.source).text
        assert evidence.quote in text
    assert all(any(item in evidence.quote for evidence in question.gold) for item in question.items)
