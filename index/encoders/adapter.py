"""A low-rank update of the bundled encoder's weights, kept apart from them in a small file.

Each matrix W of the encoder becomes W + B A with A of shape (rank, inputs) and B of shape (outputs, rank): Hu et al.,
"LoRA: Low-Rank Adaptation of Large Language Models" (ICLR 2022). Biases and normalisations are replaced whole. The
file is in the safetensors format, its metadata name the weights that it is for and say what it was made from.
"""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoders.weights import Weights
from ingest.errors import EncoderUnavailable

_FORMAT = "yinju-adapter-1"
_DOWN, _UP = ".down", ".up"


@dataclass(frozen=True, slots=True)
class Adapter:
    """What is added to weights of the fingerprint `base`.

    `updates` gives for a matrix its (down, up): float32 of shapes (rank, inputs) and (outputs, rank); `vectors` holds
    the biases and normalisations that take the place of the old ones.
    """

    base: str
    updates: Mapping[str, tuple[NDArray[np.float32], NDArray[np.float32]]]
    vectors: Mapping[str, NDArray[np.float32]]
    card: Mapping[str, str] = field(default_factory=dict)
    """What it was made from and what it measures, in words."""
    fingerprint: str = ""
    """Hash of what is added, as it was read; empty where it was not read from a file."""


def read_adapter(path: Path) -> Adapter:
    """Read an adapter; raises EncoderUnavailable where the file is missing, damaged or something else."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "numpy") as file:
            card = dict(file.metadata() or {})
            tensors = {name: np.asarray(file.get_tensor(name), np.float32) for name in sorted(file.keys())}
    except (OSError, SafetensorError) as error:
        raise EncoderUnavailable(
            f"{path}: the adapter cannot be read ({error}); get a fresh copy, or use the plain encoder (e5-small)"
        ) from error
    if card.pop("format", "") != _FORMAT or "base" not in card:
        raise EncoderUnavailable(f"{path}: not an adapter of the bundled encoder; `yinju tune` makes one")
    ups = {name.removesuffix(_UP): tensor for name, tensor in tensors.items() if name.endswith(_UP)}
    downs = {name.removesuffix(_DOWN): tensor for name, tensor in tensors.items() if name.endswith(_DOWN)}
    if ups.keys() != downs.keys():
        raise EncoderUnavailable(f"{path}: the adapter is not whole; get a fresh copy")
    return Adapter(
        base=card.pop("base"),
        updates={name: (downs[name], ups[name]) for name in sorted(ups)},
        vectors={name: tensor for name, tensor in tensors.items() if not name.endswith((_UP, _DOWN))},
        card=card,
        fingerprint=_fingerprint(tensors),
    )


def write_adapter(path: Path, adapter: Adapter) -> None:
    """Write an adapter, matrices in 16 bits and vectors in 32; the file is replaced whole or not at all.

    Raises OSError.
    """
    from safetensors.numpy import save

    tensors: dict[str, NDArray[np.floating]] = dict(adapter.vectors)
    for name, (down, up) in adapter.updates.items():
        tensors |= {name + _DOWN: down.astype(np.float16), name + _UP: up.astype(np.float16)}
    ordered = {name: np.ascontiguousarray(tensors[name]) for name in sorted(tensors)}
    data = save(ordered, {"format": _FORMAT, "base": adapter.base, **adapter.card})
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise


def adapted(weights: Weights, adapter: Adapter, name: str) -> Weights:
    """The weights with an adapter applied; `name` is what messages call it.

    Raises EncoderUnavailable for an adapter of other weights.
    """
    if adapter.base != weights.fingerprint:
        raise EncoderUnavailable(
            f"{name}: made for the weights {adapter.base}, and those installed are {weights.fingerprint}; "
            "tune it anew with `yinju tune`, or use the plain encoder (e5-small)"
        )
    for tensor, (down, up) in adapter.updates.items():
        expected = weights.shape_of(tensor) if tensor + ".w" in weights.matrices else None
        if expected != (up.shape[0], down.shape[1]) or up.shape[1] != down.shape[0]:
            raise EncoderUnavailable(f"{name}: its update of {tensor} does not fit the weights; get a fresh copy")
    for tensor, values in adapter.vectors.items():
        if tensor not in weights.vectors or weights.vectors[tensor].size != values.size:
            raise EncoderUnavailable(f"{name}: its {tensor} does not fit the weights; get a fresh copy")
    return replace(
        weights,
        fingerprint=f"{weights.fingerprint}-{adapter.fingerprint}",
        vectors={**weights.vectors, **adapter.vectors},
        updates=adapter.updates,
    )


def _fingerprint(tensors: Mapping[str, NDArray[np.float32]]) -> str:
    digest = hashlib.blake2b(digest_size=6)
    for name, tensor in tensors.items():
        digest.update(f"{name} {tensor.shape}".encode())
        digest.update(tensor.tobytes())
    return digest.hexdigest()
