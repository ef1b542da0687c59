"""The trainable network computes what the encoder computes."""

import numpy as np
import pytest
import torch

from index.encoders import load_encoder
from index.encoders.bundled import bundled_weights_path
from index.encoders.weights import read_weights
from tuning.network import BundledNetwork

TEXTS = ["出差可以坐一等座吗？", "第十一条　出差人员乘坐火车，可以坐软席。" * 4, "", "Who pays?"]


@pytest.fixture(scope="module")
def network() -> BundledNetwork:
    return BundledNetwork(read_weights(bundled_weights_path()), rank=4)


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
