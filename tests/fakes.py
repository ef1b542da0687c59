"""Small stand-ins for the outside world."""

from collections.abc import Sequence
from zlib import crc32

import numpy as np

from index.encoder import Embeddings


class FakeEncoder:
    """Hashes character bigrams into a vector of unit length; counts the passages it was given."""

    dimension = 512

    def __init__(self, name: str = "fake-1") -> None:
        self.name = name
        self.encoded = 0

    def encode_queries(self, texts: Sequence[str]) -> Embeddings:
        return self._encode(texts)

    def encode_passages(self, texts: Sequence[str]) -> Embeddings:
        self.encoded += len(texts)
        return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> Embeddings:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            for i in range(len(text) - 1):
                vectors[row, crc32(text[i : i + 2].encode()) % self.dimension] += 1
            vectors[row, 0] += 1e-3
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors
