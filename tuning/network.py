"""The bundled encoder as a trainable network: the same arithmetic as `index.encoders.graph`, in torch.

Only low-rank updates of the matrices, biases and normalisations are trained. Word embeddings stay as they are, and
outside: they are nine tenths of the weights, and most words of a language are in no training data.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from index.encoders.adapter import Adapter
from index.encoders.tokenizer import UnigramTokenizer
from index.encoders.weights import Weights, dequantise

_Array = NDArray[np.float32]
_MATRICES = ("q", "k", "v", "ao", "fi", "fo")
_MASKED = -1e4
_TOKENS_AT_ONCE = 2048
"""Tokens of a group that runs through the network at a time, padding included."""


class BundledNetwork(nn.Module):
    """multilingual-e5-small with trainable low-rank updates; texts to vectors of unit length.

    Weights that have updates already are trained further: the new ones are added to them.
    `most_tokens` cuts texts off while training: the length of a step is that of its longest text.
    """

    def __init__(self, weights: Weights, *, rank: int, most_tokens: int = 256) -> None:
        super().__init__()
        self._weights = weights
        self._tokenizer = UnigramTokenizer(weights.vocabulary, weights.max_tokens)
        self._most_tokens = most_tokens
        self._words = weights.matrices["emb.word"].reshape(-1, weights.width // 32)
        positions = weights.vectors["emb.pos"].reshape(-1, weights.width) + weights.vectors["emb.type"][: weights.width]
        self._positions = torch.from_numpy(positions)
        self._norm = _Norm(weights, "emb.ln")
        self._layers = nn.ModuleList(_Layer(weights, layer, rank) for layer in range(weights.layers))
        self._tokens: dict[str, list[int]] = {}
        self._start = _copied(self.state_dict())

    def embed_queries(self, texts: Sequence[str]) -> Tensor:
        """Vectors of questions, shape (len(texts), width)."""
        return self._embed([f"query: {text}" for text in texts])

    def embed_passages(self, texts: Sequence[str]) -> Tensor:
        """Vectors of passages, shape (len(texts), width)."""
        return self._embed([f"passage: {text}" for text in texts])

    def adapter(self, card: dict[str, str]) -> Adapter:
        """What has been learnt, to be kept in a file."""
        updates, vectors = {}, {}
        for module in self.modules():
            if isinstance(module, _Linear):
                updates[module.name] = self._with_earlier(module.name, _array(module.down), _array(module.up))
                vectors[f"{module.name}.b"] = _array(module.bias)
            elif isinstance(module, _Norm):
                vectors[f"{module.name}.w"], vectors[f"{module.name}.b"] = _array(module.gain), _array(module.shift)
        return Adapter(self._weights.base, updates, vectors, card)

    def moved_back(self, share: float) -> dict[str, Tensor]:
        """The parameters by name, copied, with only `share` of what training has changed in the weights.

        An update is the product of its two matrices, so that only one of them is moved.
        """
        state = _copied(self.state_dict())
        for name, start in self._start.items():
            if not name.endswith(".down"):
                state[name] = torch.lerp(start, state[name], share)
        return state

    def _with_earlier(self, name: str, down: _Array, up: _Array) -> tuple[_Array, _Array]:
        """An update and the one that the weights came with, as one of the ranks of both together."""
        if name not in self._weights.updates:
            return down, up
        earlier_down, earlier_up = self._weights.updates[name]
        return np.concatenate([earlier_down, down]), np.concatenate([earlier_up, up], axis=1)

    def _embed(self, texts: Sequence[str]) -> Tensor:
        tokens = [self._tokenised(text) for text in texts]
        order = sorted(range(len(tokens)), key=lambda place: -len(tokens[place]))
        vectors, begin = [], 0
        while begin < len(order):
            longest = len(tokens[order[begin]])
            group = order[begin : begin + max(1, _TOKENS_AT_ONCE // longest)]
            vectors.append(self._states([tokens[place] for place in group], longest))
            begin += len(group)
        places = torch.empty(len(order), dtype=torch.long)
        places[torch.tensor(order)] = torch.arange(len(order))
        return torch.cat(vectors)[places]

    def _tokenised(self, text: str) -> list[int]:
        if text not in self._tokens:
            tokens = self._tokenizer.encode(text)
            if len(tokens) > self._most_tokens:
                tokens = [*tokens[: self._most_tokens - 1], tokens[-1]]
            self._tokens[text] = tokens
        return self._tokens[text]

    def _states(self, batch: list[list[int]], length: int) -> Tensor:
        width = self._weights.width
        ids = np.full((len(batch), length), self._weights.vocabulary.padding)
        mask = torch.zeros(len(batch), length)
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        words = torch.from_numpy(dequantise(self._words[ids], width).reshape(*ids.shape, width))
        states = self._norm(words + self._positions[:length])
        bias = ((1 - mask) * _MASKED)[:, None, None, :]
        if torch.is_autocast_enabled("cpu"):
            bias = bias.to(torch.get_autocast_dtype("cpu"))
        for layer in self._layers:
            states = layer(states, bias)
        return functional.normalize((states.float() * mask[:, :, None]).sum(1), dim=1)


class _Linear(nn.Module):
    def __init__(self, weights: Weights, name: str, rank: int) -> None:
        super().__init__()
        self.name = name
        outputs, inputs = weights.shape_of(name)
        self._matrix = torch.from_numpy(weights.matrix(name))
        self.bias = nn.Parameter(torch.from_numpy(weights.vectors[f"{name}.b"].copy()))
        # The update begins at zero, as `up` does.
        self.down = nn.Parameter(torch.randn(rank, inputs) / inputs**0.5)
        self.up = nn.Parameter(torch.zeros(outputs, rank))

    def forward(self, states: Tensor) -> Tensor:
        update = functional.linear(functional.linear(states, self.down), self.up)
        return functional.linear(states, self._matrix, self.bias) + update


class _Norm(nn.Module):
    def __init__(self, weights: Weights, name: str) -> None:
        super().__init__()
        self.name = name
        self._epsilon = weights.epsilon
        self.gain = nn.Parameter(torch.from_numpy(weights.vectors[f"{name}.w"].copy()))
        self.shift = nn.Parameter(torch.from_numpy(weights.vectors[f"{name}.b"].copy()))

    def forward(self, states: Tensor) -> Tensor:
        return functional.layer_norm(states, self.gain.shape, self.gain, self.shift, self._epsilon)


class _Layer(nn.Module):
    def __init__(self, weights: Weights, layer: int, rank: int) -> None:
        super().__init__()
        self._heads = weights.heads
        self._linear = nn.ModuleDict({name: _Linear(weights, f"l{layer}.{name}", rank) for name in _MATRICES})
        self._attended, self._output = _Norm(weights, f"l{layer}.aln"), _Norm(weights, f"l{layer}.oln")

    def forward(self, states: Tensor, bias: Tensor) -> Tensor:
        count, length, width = states.shape
        query, key, value = (
            self._linear[name](states).view(count, length, self._heads, -1).transpose(1, 2) for name in ("q", "k", "v")
        )
        # Written out: on processors torch's own attention takes three times as long to propagate back.
        scores = query @ key.transpose(2, 3) * query.shape[-1] ** -0.5 + bias
        context = scores.softmax(-1).to(value.dtype) @ value
        context = context.transpose(1, 2).reshape(count, length, width)
        states = self._attended(states + self._linear["ao"](context))
        inner = functional.gelu(self._linear["fi"](states))
        output: Tensor = self._output(states + self._linear["fo"](inner))
        return output


def _copied(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name: value.detach().clone() for name, value in state.items()}


def _array(parameter: Tensor) -> _Array:
    return np.asarray(parameter.detach().float().numpy().copy(), np.float32)
