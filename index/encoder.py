"""The seam to embedding models: what the index needs of an encoder."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Embeddings = NDArray[np.float32]


class Encoder(Protocol):
    """Turns texts into vectors whose inner product is cosine similarity."""

    @property
    def name(self) -> str:
        """Name and fingerprint of the weights; vectors of encoders of different names never mix."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def encode_queries(self, texts: Sequence[str]) -> Embeddings:
        """Embed questions: float32 of shape (len(texts), dimension), rows of unit length."""

    def encode_passages(self, texts: Sequence[str]) -> Embeddings:
        """Embed passages: float32 of shape (len(texts), dimension), rows of unit length."""
