"""The two kinds of encoders that can be tuned behind one face: the bundled one and sentence-transformers models."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from index.encoders import DEFAULT_NAME, SUFFIX, adapter_of, is_bundled, load_encoder
from index.encoders.adapter import read_adapter, write_adapter
from index.encoders.bundled import bundled_weights
from ingest.errors import BadRequest
from tuning.network import BundledNetwork

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from index.encoder import Encoder
    from index.encoders.sentence import SentenceEncoder
    from tuning.training import Network

Card = Mapping[str, str]
_CARD = "card.json"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A tuned encoder as it will be used, not accepted yet: `keep` puts it in its place and says where that is."""

    encoder: Encoder
    keep: Callable[[Card], Path]
    discard: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Trained:
    """A network to train, the encoder it is before, and what makes a candidate of it in a folder."""

    network: Network
    before: Encoder
    finished: Callable[[Path, Card], Candidate]


def open_trained(model: str | None, rank: int, seed: int) -> Trained:
    """The default encoder for None; `e5-small` and adapters train the bundled weights, other names are models of
    sentence-transformers. Raises EncoderUnavailable."""
    torch.manual_seed(seed)
    name = model or DEFAULT_NAME
    return _bundled(name, rank) if is_bundled(name) else _sentence(name)


def _bundled(name: str, rank: int) -> Trained:
    network = BundledNetwork(bundled_weights(adapter_of(name)), rank=rank)

    def finished(out: Path, card: Card) -> Candidate:
        path, waiting = out / f"adapter{SUFFIX}", out / f".adapter{SUFFIX}"
        write_adapter(waiting, network.adapter(dict(card)))

        def keep(more: Card) -> Path:
            adapter = read_adapter(waiting)
            write_adapter(path, replace(adapter, card={**adapter.card, **more}))
            waiting.unlink()
            return path

        return Candidate(load_encoder(str(waiting)), keep, lambda: waiting.unlink(missing_ok=True))

    return Trained(network, load_encoder(name), finished)


def _sentence(name: str) -> Trained:
    from index.encoders.sentence import SentenceEncoder, load_sentence_encoder

    encoder = load_sentence_encoder(name)
    assert isinstance(encoder, SentenceEncoder)
    network = _SentenceNetwork(encoder)

    def finished(out: Path, card: Card) -> Candidate:
        path, waiting = out / "model", out / ".model"
        shutil.rmtree(waiting, ignore_errors=True)
        encoder.model.save(str(waiting))

        def keep(more: Card) -> Path:
            (waiting / _CARD).write_text(json.dumps({**card, **more}, ensure_ascii=False, indent=1), "utf-8")
            shutil.rmtree(path, ignore_errors=True)
            os.replace(waiting, path)
            return path

        return Candidate(load_sentence_encoder(str(waiting)), keep, lambda: shutil.rmtree(waiting, ignore_errors=True))

    return Trained(network, encoder, finished)


class _SentenceNetwork:
    """All weights of a sentence-transformers model, with its own prompts for questions and passages."""

    def __init__(self, encoder: SentenceEncoder) -> None:
        self._encoder = encoder
        self._model: SentenceTransformer = encoder.model
        self.parameters = self._model.parameters
        self.state_dict = self._model.state_dict
        self.load_state_dict = self._model.load_state_dict
        self.train = self._model.train
        for name, parameter in self._model.named_parameters():
            # Most words of a vocabulary are in no training data; what is learnt of the others would tear them apart.
            parameter.requires_grad = "word_embeddings" not in name and "embed_tokens" not in name
        if not any(parameter.requires_grad for parameter in self._model.parameters()):
            raise BadRequest(f"{encoder.name}: it has no weights that can be tuned; give a transformer model")
        self._start = {
            name: parameter.detach().clone()
            for name, parameter in self._model.named_parameters()
            if parameter.requires_grad
        }

    def embed_queries(self, texts: Sequence[str]) -> Tensor:
        return self._embed(self._encoder.query_prompt, texts)

    def embed_passages(self, texts: Sequence[str]) -> Tensor:
        return self._embed(self._encoder.passage_prompt, texts)

    def moved_back(self, share: float) -> dict[str, Tensor]:
        state = {name: value.detach().clone() for name, value in self.state_dict().items()}
        return state | {name: torch.lerp(start, state[name], share) for name, start in self._start.items()}

    def _embed(self, prompt: str, texts: Sequence[str]) -> Tensor:
        features: dict[str, Any] = self._model.preprocess([prompt + text for text in texts])
        vectors = self._model(features)["sentence_embedding"]
        return torch.nn.functional.normalize(vectors.float(), dim=1)
