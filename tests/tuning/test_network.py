"""The trainable network computes what the encoder computes."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from index.encoders import load_encoder
from index.encoders.adapter import Adapter, adapted
from index.encoders.bundled import bundled_weights
from tuning.network import BundledNetwork

TEXTS = ["出差可以坐一等座吗？", "第十一条　出差人员乘坐火车，可以坐软席。" * 4, "", "Who pays?"]


@pytest.fixture(scope="module")
def network() -> BundledNetwork:
    return BundledNetwork(bundled_weights(), rank=4)


def test_before_training_its_vectors_are_those_of_the_encoder(network: BundledNetwork) -> None:
    encoder = load_encoder("e5-small")
    with torch.no_grad():
        queries, passages = network.embed_queries(TEXTS).numpy(), network.embed_passages(TEXTS).numpy()
    assert np.sum(queries * encoder.encode_queries(TEXTS), axis=1).min() > 0.999
    assert np.sum(passages * encoder.encode_passages(TEXTS), axis=1).min() > 0.999


def test_only_updates_and_vectors_are_trained(network: BundledNetwork) -> None:
    names = [name for name, one in network.named_parameters() if one.requires_grad]
    # Of each of 12 layers six matrices with down, up and bias, two norms with gain and shift; the first norm.
    assert len(names) == 12 * (6 * 3 + 2 * 2) + 2
    loss = network.embed_queries(TEXTS[:2]).sum()
    loss.backward()  # type: ignore[no-untyped-call]
    assert all(one.grad is not None for one in network.parameters())


def test_half_of_what_was_learnt() -> None:
    plain = bundled_weights()
    network = BundledNetwork(plain, rank=4)
    with torch.no_grad():
        for one in network.parameters():
            one.add_(0.25)
    learnt = network.adapter({})
    network.load_state_dict(network.moved_back(0.5))
    kept = network.adapter({})
    down, up = kept.updates["l3.q"]
    assert np.allclose(up @ down, 0.5 * learnt.updates["l3.q"][1] @ learnt.updates["l3.q"][0], atol=1e-6)
    assert np.allclose(kept.vectors["l3.q.b"], plain.vectors["l3.q.b"] + 0.125, atol=1e-6)


def test_weights_that_were_tuned_are_tuned_further() -> None:
    plain = bundled_weights()
    chance = np.random.default_rng(0)
    down, up = (chance.normal(size=shape).astype(np.float32) for shape in ((2, 384), (384, 2)))
    earlier = Adapter(plain.fingerprint, {"l3.q": (down, up)}, {}, fingerprint="f")
    network = BundledNetwork(adapted(plain, earlier, "a"), rank=4)
    with torch.no_grad():
        for name, one in network.named_parameters():
            if name.endswith("up"):
                one.fill_(0.5)
    both = network.adapter({})
    assert both.base == plain.fingerprint
    assert [one.shape for one in both.updates["l3.q"]] == [(6, 384), (384, 6)]
    added = 0.5 * both.updates["l3.q"][0][2:].sum(0)
    tuned = adapted(plain, replace(both, fingerprint="g"), "b")
    assert np.allclose(tuned.matrix("l3.q"), plain.matrix("l3.q") + up @ down + added, atol=1e-4)
