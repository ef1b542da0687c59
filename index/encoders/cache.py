"""One file that keeps a converted graph: checksum, lengths, weights, description, identity.

It is replaced whole, so that a reader sees the old one or the new one, and is believed only when its checksum and
identity are right; whatever else is found there counts as missing.
"""

import hashlib
import os
import struct
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_DIGEST_SIZE = 32
_HEAD = struct.Struct(f"<{_DIGEST_SIZE}sQQQ8x")  # 64 bytes: the weights that follow must begin at a multiple of 64


@dataclass(frozen=True, slots=True)
class ConvertedGraph:
    """A graph in OpenVINO's two parts: `description` is XML, `weights` the constants it refers to."""

    description: bytes
    weights: memoryview


def keep_converted(path: Path, identity: str, convert: Callable[[], ConvertedGraph]) -> ConvertedGraph:
    """The graph kept in `path` if it is whole and was made from `identity`, else `convert()`, which is then kept.

    Where `path` cannot be written nothing is kept, and the next call converts again.
    """
    kept = _read(path, identity)
    if kept is not None:
        return kept
    graph = convert()
    with suppress(OSError):
        _write(path, identity, graph)
    return graph


def _read(path: Path, identity: str) -> ConvertedGraph | None:
    try:
        data = memoryview(path.read_bytes())
    except OSError:
        return None
    if len(data) < _HEAD.size:
        return None
    digest, *lengths = _HEAD.unpack(data[: _HEAD.size])
    if _HEAD.size + sum(lengths) != len(data) or _digest(data[len(digest) :]) != digest:
        return None
    weights_end = _HEAD.size + lengths[0]
    description_end = weights_end + lengths[1]
    if bytes(data[description_end:]) != identity.encode():
        return None
    return ConvertedGraph(bytes(data[weights_end:description_end]), data[_HEAD.size : weights_end])


def _write(path: Path, identity: str, graph: ConvertedGraph) -> None:
    source = identity.encode()
    lengths = _HEAD.pack(b"", len(graph.weights), len(graph.description), len(source))[_DIGEST_SIZE:]
    body = b"".join([lengths, graph.weights, graph.description, source])
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
    return hashlib.blake2b(body, digest_size=_DIGEST_SIZE).digest()
