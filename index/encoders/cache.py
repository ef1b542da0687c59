"""One file that keeps a converted graph: checksum, lengths, weights, description, identity.

It is replaced whole, so that a reader sees the old one or the new one, and is believed only when its checksum and
identity are right; whatever else is found there counts as missing.
"""

import hashlib
import os
import struct
import tempfile
from dataclasses import dataclass
from pathlib import Path

_HEAD = struct.Struct("<32sQQQ8x")  # 64 bytes: the weights that follow must begin at a multiple of 64


@dataclass(frozen=True, slots=True)
class ConvertedGraph:
    """A graph in OpenVINO's two parts: `description` is XML, `weights` the constants it refers to."""

    description: bytes
    weights: memoryview


def read_converted(path: Path, identity: str) -> ConvertedGraph | None:
    """The graph kept in `path`, None where there is none, it is damaged, or it was converted from something else."""
    try:
        data = memoryview(path.read_bytes())
    except OSError:
        return None
    if len(data) < _HEAD.size:
        return None
    digest, *lengths = _HEAD.unpack(data[: _HEAD.size])
    if _HEAD.size + sum(lengths) != len(data) or _digest(data[32:]) != digest:
        return None
    weights_end = _HEAD.size + lengths[0]
    description_end = weights_end + lengths[1]
    if bytes(data[description_end:]) != identity.encode():
        return None
    return ConvertedGraph(bytes(data[weights_end:description_end]), data[_HEAD.size : weights_end])


def write_converted(path: Path, identity: str, graph: ConvertedGraph) -> None:
    """Put the graph in `path`, whole or not at all; raises OSError where that cannot be written."""
    lengths = (len(graph.weights), len(graph.description), len(identity.encode()))
    body = b"".join([_HEAD.pack(b"", *lengths)[32:], graph.weights, graph.description, identity.encode()])
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(_digest(body) + body)
        os.replace(name, path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _digest(body: bytes | memoryview) -> bytes:
    return hashlib.blake2b(body, digest_size=32).digest()
