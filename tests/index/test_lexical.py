from pathlib import Path

import pytest

from index.lexical import FieldWeights, LexicalIndex, LexicalWriter, terms_of_passage

ONLY_WORDS = FieldWeights(words=1.0, bigrams=0.0, entities=0.0, context=0.0)
TEXTS = {
    1: ("出差人员乘坐火车。", "差旅费办法"),
    2: ("出差人员住宿。", "差旅费办法"),
    3: ("住宿住宿住宿。", "接待办法"),
    4: ("做到“五个更”。", "讲话"),
}
"""Passages by number; passage n belongs to document 10 n."""


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    writer = LexicalWriter(tmp_path / "lexical")
    for number, (text, context) in TEXTS.items():
        writer.add(number, 10 * number, terms_of_passage(text, context))
    writer.commit()
    return tmp_path / "lexical"


def numbers(index: LexicalIndex, query: str, **options: object) -> list[int]:
    return [number for number, _ in index.search(query, 10, **options)]  # type: ignore[arg-type]


def test_the_rarer_word_counts_for_more(directory: Path) -> None:
    # 出差 is in two passages, 火车 in one: passage 1 has both.
    assert numbers(LexicalIndex(directory), "出差 火车", weights=ONLY_WORDS) == [1, 2]


def test_a_word_that_is_repeated_counts_for_more(directory: Path) -> None:
    assert numbers(LexicalIndex(directory), "住宿", weights=ONLY_WORDS) == [3, 2]


def test_each_field_can_be_turned_off(directory: Path) -> None:
    index = LexicalIndex(directory)
    # 接待 is in the context of passage 3 alone, 五个更 is an entity of passage 4, and 员乘 a bigram of passage 1.
    for query, field, number in (("接待", "context", 3), ("五个更", "entities", 4), ("员乘", "bigrams", 1)):
        none = {"words": 0.0, "bigrams": 0.0, "entities": 0.0, "context": 0.0}
        assert numbers(index, query, weights=FieldWeights(**none)) == []
        assert numbers(index, query, weights=FieldWeights(**{**none, field: 1.0})) == [number]


def test_only_the_documents_given_are_searched_and_scores_stay(directory: Path) -> None:
    index = LexicalIndex(directory)
    everywhere = dict(index.search("出差住宿", 10))
    among = index.search("出差住宿", 10, documents=frozenset({20, 30, 77}))
    assert [number for number, _ in among] == [2, 3]
    assert [score for _, score in among] == pytest.approx([everywhere[2], everywhere[3]])
    assert index.search("出差", 10, documents=frozenset()) == []


def test_removed_documents_are_not_found(directory: Path) -> None:
    writer = LexicalWriter(directory)
    writer.remove_documents([10, 30])
    writer.add(5, 50, terms_of_passage("出差报销。", ""))
    writer.commit()
    assert sorted(numbers(LexicalIndex(directory), "出差住宿")) == [2, 5]


@pytest.mark.parametrize(("term", "frequency"), [("出差", 2), ("出差人员", 2), ("五个更", 1), ("无", 0), ("，", 0)])
def test_frequency_counts_passages(directory: Path, term: str, frequency: int) -> None:
    assert LexicalIndex(directory).frequency(term) == frequency


def test_a_very_long_query_is_matched_by_its_rarest_terms(directory: Path) -> None:
    # 火车 is among the rarest terms that the index has at all, wherever it stands.
    filler = "".join(chr(0x4E00 + i % 3000) for i in range(10_000))
    assert numbers(LexicalIndex(directory), filler + "火车")[0] == 1


@pytest.mark.parametrize("query", ["", "？！", '"(AND) OR: ~^+-', "\x00\x01", "zzzz"])
def test_a_query_without_known_terms_finds_nothing(directory: Path, query: str) -> None:
    assert numbers(LexicalIndex(directory), query) == []


def test_a_directory_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        LexicalIndex(tmp_path / "nowhere")
