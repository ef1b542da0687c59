"""The Bert encoder as an OpenVINO graph with 8-bit weights, and its compilation for the processor at hand."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.encoders.weights import Weights

if TYPE_CHECKING:
    import openvino  # type: ignore[import-untyped]

GRAPH_VERSION = 1
"""To be raised with every change that makes other vectors of the same weights."""

_MASKED = np.float32(1e9)


def build_graph(weights: Weights) -> "openvino.Model":
    """Build the encoder: `embeddings` (n, t, width) and `mask` (n, t) of ones and zeros to states (n, t, width).

    Embeddings are the sums of word, position and type before their normalisation, so that the vocabulary stays
    outside of the graph.
    """
    import openvino
    from openvino import opset13 as ops

    embeddings = ops.parameter([-1, -1, weights.width], np.float32, name="embeddings")
    mask = ops.parameter([-1, -1], np.float32, name="mask")
    embeddings.output(0).set_names({"embeddings"})
    mask.output(0).set_names({"mask"})
    bias = ops.multiply(ops.subtract(mask, _constant(np.float32(1))), _constant(_MASKED))
    bias = ops.unsqueeze(bias, _constant(np.array([1, 2])))
    states = _normalise(embeddings, weights, "emb.ln")
    for layer in range(weights.layers):
        attended = _attend(states, bias, weights, f"l{layer}.")
        states = _normalise(ops.add(states, attended), weights, f"l{layer}.aln")
        inner = ops.gelu(_linear(states, weights, [f"l{layer}.fi"]), "ERF")
        states = _normalise(ops.add(states, _linear(inner, weights, [f"l{layer}.fo"])), weights, f"l{layer}.oln")
    return openvino.Model([ops.result(states)], [embeddings, mask], "encoder")


def compile_graph(graph: "openvino.Model", threads: int) -> "openvino.InferRequest":
    """Compile for `threads` threads: activations in 8 bits by groups of 64, the rest in bfloat16 where it is native.

    Where the processor has no instructions for that, everything is computed in 32 bits. Raises RuntimeError.
    """
    import openvino

    core = openvino.Core()
    native = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    settings = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_NUM_THREADS": threads,
        "INFERENCE_PRECISION_HINT": "bf16" if native else "f32",
        # Each token has scales of its own, so that a text's vector does not depend on the others of its batch.
        "DYNAMIC_QUANTIZATION_GROUP_SIZE": "64",
        # Several processes pinned to the same cores would wait for each other.
        "ENABLE_CPU_PINNING": False,
    }
    try:
        return _tried(core.compile_model(graph, "CPU", settings))
    except RuntimeError:
        settings |= {"INFERENCE_PRECISION_HINT": "f32", "DYNAMIC_QUANTIZATION_GROUP_SIZE": "0"}
        return _tried(core.compile_model(graph, "CPU", settings))


def _tried(network: "openvino.CompiledModel") -> "openvino.InferRequest":
    """A request that has run once: only then is it known that the processor can, and the weights are laid out."""
    request = network.create_infer_request()
    width = network.input("embeddings").get_partial_shape()[2].get_length()
    request.infer({"embeddings": np.ones((1, 8, width), np.float32), "mask": np.ones((1, 8), np.float32)})
    return request


def _attend(states: Any, bias: Any, weights: Weights, layer: str) -> Any:
    from openvino import opset13 as ops

    heads = _constant(np.array([0, 0, weights.heads, weights.width // weights.heads]))
    swap = _constant(np.array([0, 2, 1, 3]))
    projected = _linear(states, weights, [f"{layer}q", f"{layer}k", f"{layer}v"])
    parts = ops.split(projected, _constant(np.int64(2)), 3)
    query, key, value = (ops.transpose(ops.reshape(parts.output(i), heads, True), swap) for i in range(3))
    context = ops.transpose(ops.scaled_dot_product_attention(query, key, value, bias), swap)
    context = ops.reshape(context, _constant(np.array([0, 0, weights.width])), True)
    return _linear(context, weights, [f"{layer}ao"])


def _linear(states: Any, weights: Weights, names: list[str]) -> Any:
    """One or several layers over the same states, their outputs side by side; weights in 8 bits, a scale a row."""
    from openvino import opset13 as ops

    matrix = np.concatenate([weights.matrix(name) for name in names])
    bias = np.concatenate([weights.vectors[f"{name}.b"] for name in names])
    scales = np.maximum(np.abs(matrix).max(axis=1, keepdims=True) / 127, np.finfo(np.float32).tiny)
    levels = _constant(np.rint(matrix / scales).astype(np.int8))
    rescaled = ops.multiply(ops.convert(levels, np.float32), _constant(scales))
    return ops.add(ops.matmul(states, rescaled, False, True), _constant(bias.reshape(1, 1, -1)))


def _normalise(states: Any, weights: Weights, name: str) -> Any:
    from openvino import opset13 as ops

    normal = ops.mvn(states, _constant(np.array([-1])), True, weights.epsilon, "INSIDE_SQRT")
    gain, shift = (weights.vectors[f"{name}.{part}"].reshape(1, 1, -1) for part in "wb")
    return ops.add(ops.multiply(normal, _constant(gain)), _constant(shift))


def _constant(values: NDArray[Any] | np.generic) -> Any:
    from openvino import opset13 as ops

    return ops.constant(np.array(values))
