"""Adapters: what is added to the bundled encoder's weights, in a file."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.encoders import load_encoder
from index.encoders.adapter import Adapter, adapted, read_adapter, write_adapter
from index.encoders.bundled import bundled_weights_path
from index.encoders.weights import Weights, read_weights
from ingest.errors import EncoderUnavailable

TEXTS = ["出差可以坐一等座吗？", "第十一条　出差人员乘坐火车，可以坐软席。"]


@pytest.fixture(scope="module")
def weights() -> Weights:
    return read_weights(bundled_weights_path())


def made(weights: Weights, size: float) -> Adapter:
    """An update of rank 2 of one layer's query matrix, and of its bias."""
    chance = np.random.default_rng(0)
    down = chance.normal(size=(2, weights.width)).astype(np.float16).astype(np.float32)
    up = np.full((weights.width, 2), size, np.float32)
    return Adapter(weights.fingerprint, {"l3.q": (down, up)}, {"l3.q.b": weights.vectors["l3.q.b"] + 1}, {"note": "试"})


def test_what_is_written_is_read(tmp_path: Path, weights: Weights) -> None:
    path = tmp_path / "a.safetensors"
    write_adapter(path, made(weights, 0.5))
    read = read_adapter(path)
    assert (read.base, dict(read.card)) == (weights.fingerprint, {"note": "试"})
    down, up = read.updates["l3.q"]
    assert np.array_equal(down, made(weights, 0.5).updates["l3.q"][0])
    assert (up == 0.5).all()
    # The card may change, and it is the same adapter; what it adds may not.
    write_adapter(path, replace(read, card={"note": "二"}))
    assert read_adapter(path).fingerprint == read.fingerprint
    write_adapter(path, made(weights, 0.25))
    assert read_adapter(path).fingerprint != read.fingerprint


def test_the_matrix_is_the_old_one_and_the_update(weights: Weights) -> None:
    adapter = replace(made(weights, 0.5), fingerprint="f")
    changed = adapted(weights, adapter, "a")
    down, _ = adapter.updates["l3.q"]
    # Each of the outputs has 0.5 times both rows of `down` added.
    assert np.allclose(changed.matrix("l3.q") - weights.matrix("l3.q"), 0.5 * (down[0] + down[1]), atol=1e-5)
    assert np.array_equal(changed.matrix("l3.k"), weights.matrix("l3.k"))
    assert np.array_equal(changed.vectors["l3.q.b"], weights.vectors["l3.q.b"] + 1)
    assert changed.fingerprint == f"{weights.fingerprint}-f"


def test_an_encoder_with_an_adapter_is_another_one(tmp_path: Path, weights: Weights) -> None:
    path = tmp_path / "a.safetensors"
    write_adapter(path, made(weights, 0.0))
    plain, same = load_encoder("e5-small", cache=tmp_path), load_encoder(str(path), cache=tmp_path)
    write_adapter(path, made(weights, 0.05))
    other = load_encoder(str(path), cache=tmp_path)
    assert len({plain.name, same.name, other.name}) == 3
    cosines = np.sum(plain.encode_passages(TEXTS) * other.encode_passages(TEXTS), axis=1)
    assert (cosines < 0.9999).all()
    # Each has its converted graph, so that they can take turns.
    assert len(list(tmp_path.glob("e5-small-*.openvino"))) == 3


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"base": "000000000000"}, "made for the weights 000000000000, and those installed are .*tune it anew"),
        ({"updates": {"l3.q": (np.ones((2, 9), np.float32), np.ones((384, 2), np.float32))}}, "l3.q does not fit"),
        ({"updates": {"l99.q": (np.ones((2, 384), np.float32), np.ones((384, 2), np.float32))}}, "l99.q does not fit"),
        ({"vectors": {"l3.q.b": np.ones(9, np.float32)}}, "its l3.q.b does not fit the weights"),
    ],
)
def test_an_adapter_of_other_weights(tmp_path: Path, weights: Weights, change: dict[str, object], message: str) -> None:
    path = tmp_path / "a.safetensors"
    write_adapter(path, replace(made(weights, 0.5), **change))  # type: ignore[arg-type]
    with pytest.raises(EncoderUnavailable, match=message):
        load_encoder(str(path), cache=tmp_path)


def test_a_file_that_is_none(tmp_path: Path, weights: Weights) -> None:
    path = tmp_path / "a.safetensors"
    with pytest.raises(EncoderUnavailable, match=r"a\.safetensors: the adapter cannot be read"):
        load_encoder(str(path), cache=tmp_path)
    path.write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(EncoderUnavailable, match=r"the adapter cannot be read .*; get a fresh copy, or use the plain"):
        load_encoder(str(path), cache=tmp_path)
    from safetensors.numpy import save_file

    save_file({"a": np.ones(3, np.float32)}, path)
    with pytest.raises(EncoderUnavailable, match="not an adapter of the bundled encoder; `yinju tune` makes one"):
        load_encoder(str(path), cache=tmp_path)
