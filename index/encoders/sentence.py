"""Any sentence-transformers model, by the name under which it was downloaded or by its folder."""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.encoder import Embeddings, Encoder
from ingest.errors import EncoderUnavailable

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_E5 = re.compile(r"\be5\b", re.IGNORECASE)
_QUERY_PROMPTS = ("query",)
_PASSAGE_PROMPTS = ("passage", "document", "corpus")


class SentenceEncoder:
    """A sentence-transformers model with the model's own prompts for questions and passages."""

    def __init__(self, name: str, model: "SentenceTransformer") -> None:
        self.model = model
        self._name = f"{name}-{_fingerprint(model)}"
        e5 = _E5.search(name) is not None
        self.query_prompt = _prompt(model, _QUERY_PROMPTS, "query: " if e5 else "")
        self.passage_prompt = _prompt(model, _PASSAGE_PROMPTS, "passage: " if e5 else "")

    @property
    def name(self) -> str:
        """The model's name and the fingerprint of its weights."""
        return self._name

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self.model.get_embedding_dimension() or 0)

    def encode_queries(self, texts: Sequence[str]) -> Embeddings:
        """Embed questions: float32 of shape (len(texts), dimension), rows of unit length."""
        return self._encode(self.query_prompt, texts)

    def encode_passages(self, texts: Sequence[str]) -> Embeddings:
        """Embed passages: float32 of shape (len(texts), dimension), rows of unit length."""
        return self._encode(self.passage_prompt, texts)

    def _encode(self, prompt: str, texts: Sequence[str]) -> Embeddings:
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        vectors = self.model.encode(
            list(texts), prompt=prompt, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
        )
        return np.asarray(vectors, np.float32)


def load_sentence_encoder(name: str) -> Encoder:
    """Load the sentence-transformers model `name`, a folder or a model downloaded before; nothing is downloaded.

    Raises EncoderUnavailable where the model or the library is not on this machine.
    """
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise EncoderUnavailable(
            f"{name}: sentence-transformers is not installed; install it: pip install sentence-transformers"
        ) from error
    try:
        model = SentenceTransformer(name, local_files_only=True)
    except (OSError, ValueError) as error:
        raise EncoderUnavailable(
            f"{name}: no such model on this machine; give the folder of a sentence-transformers model, "
            f"download it first (hf download {name}), or use the bundled one (e5-small)"
        ) from error
    # A folder moved elsewhere is still the same model.
    folder = Path(name)
    return SentenceEncoder(folder.resolve().name if folder.exists() else name, model)


def _prompt(model: "SentenceTransformer", names: tuple[str, ...], otherwise: str) -> str:
    """The first of the model's prompts of these names that says something; e5 models often name none."""
    own = (model.prompts.get(name) for name in names)
    return next((prompt for prompt in own if prompt), otherwise)


def _fingerprint(model: "SentenceTransformer") -> str:
    """Hash names, shapes and some 1,000 numbers of each tensor: enough to tell two sets of weights apart."""
    digest = hashlib.blake2b(digest_size=6)
    for name, tensor in sorted(model.state_dict().items()):
        sample = tensor.detach().flatten()[:: max(1, tensor.numel() // 1000)]
        digest.update(f"{name} {tuple(tensor.shape)}".encode())
        digest.update(sample.float().cpu().numpy().tobytes())
    return digest.hexdigest()
