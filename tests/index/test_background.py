"""How like a question a text is, whatever the encoder that says so."""

import numpy as np
import pytest

from index.background import TEXTS, Background
from tests.fakes import FakeEncoder


@pytest.mark.parametrize(("share", "shift"), [(1.0, 0.0), (0.1, 0.0), (0.1, 0.9)])
def test_an_encoder_that_holds_all_texts_alike_says_the_same(share: float, shift: float) -> None:
    # Vectors one component longer and the others shorter: all cosines are c * share + shift.
    def embed(texts: tuple[str, ...] | list[str]) -> np.ndarray:
        vectors = FakeEncoder().encode_passages(texts)
        return np.hstack([vectors * share**0.5, np.full((len(texts), 1), shift**0.5)])

    asked, others = "怎么报销差旅费", ["差旅费怎么报销", "今天下雨"]
    query, vectors = embed([asked])[0], embed(others)
    told = Background(embed).standardised(query, vectors @ query)  # type: ignore[arg-type]
    plain_query, plain_vectors = FakeEncoder().encode_passages([asked])[0], FakeEncoder().encode_passages(others)
    plain = Background(FakeEncoder().encode_passages).standardised(plain_query, plain_vectors @ plain_query)
    assert told == pytest.approx(plain, abs=1e-3)
    assert told[0] > told[1]


def test_texts_at_random_are_no_likeness() -> None:
    embed = FakeEncoder().encode_passages
    query = embed(["怎么报销差旅费"])[0]
    told = Background(embed).standardised(query, embed(TEXTS) @ query)
    assert (told.mean(), told.std()) == pytest.approx((0, 1), abs=1e-4)


def test_an_encoder_that_tells_nothing_apart_finds_nothing_alike() -> None:
    background = Background(lambda texts: np.ones((len(texts), 1), np.float32))
    assert background.standardised(np.ones(1, np.float32), np.ones(3, np.float32)).tolist() == [0, 0, 0]
