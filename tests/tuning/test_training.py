"""The training loop over a small network: it learns, it goes on after an interruption, it keeps the best."""

import resource
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from index.encoders.bundled import processors
from index.vectors import empty_vectors
from ingest.errors import BadRequest
from tuning.negatives import Example
from tuning.training import Settings, _Run, contrastive_loss, train

WORDS = [f"词{number}" for number in range(12)]
SETTINGS = Settings(epochs=4, batch=4, negatives=1, learning_rate=0.2, checks=4, patience=4, share=1)


class Table(nn.Module):
    """A vector for each word of query and passage, all apart at first."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(1)
        self.vectors = nn.Embedding(2 * len(WORDS), 8)
        self.start = self.vectors.weight.detach().clone()

    def embed_queries(self, texts: Sequence[str]) -> Tensor:
        return self._embed([WORDS.index(text) for text in texts])

    def embed_passages(self, texts: Sequence[str]) -> Tensor:
        return self._embed([len(WORDS) + WORDS.index(text) for text in texts])

    def moved_back(self, share: float) -> dict[str, Tensor]:
        return {name: torch.lerp(self.start, value, share) for name, value in self.state_dict().items()}

    def _embed(self, places: list[int]) -> Tensor:
        return nn.functional.normalize(self.vectors(torch.tensor(places)), dim=1)


def examples() -> list[Example]:
    """Each word is answered by itself and not by the next one."""
    return [Example(word, (word,), (WORDS[(place + 1) % len(WORDS)],), "test") for place, word in enumerate(WORDS)]


def right(network: Table) -> float:
    """The share of words whose own passage is the nearest."""
    with torch.no_grad():
        nearest = (network.embed_queries(WORDS) @ network.embed_passages(WORDS).T).argmax(1)
    return float((nearest == torch.arange(len(WORDS))).float().mean())


def test_the_loss_is_the_cross_entropy_of_the_answer() -> None:
    class Fixed(Table):
        def embed_queries(self, texts: Sequence[str]) -> Tensor:
            return torch.tensor([[1.0, 0.0], [0.0, 1.0]])[: len(texts)]

        def embed_passages(self, texts: Sequence[str]) -> Tensor:
            return torch.tensor([[1.0, 0.0], [0.0, 1.0]])[: len(texts)]

    import random

    batch = [Example("甲", ("子",), (), "t"), Example("乙", ("丑",), (), "t")]
    loss = contrastive_loss(Fixed(), batch, random.Random(0), replace(SETTINGS, temperature=1.0))
    # Each query scores 1 for its answer and 0 for the other: -log(e / (e + 1)) = log(1 + 1/e) = 0.3133.
    assert float(loss) == pytest.approx(0.3133, abs=0.001)


def test_another_query_s_text_that_answers_too_is_no_negative() -> None:
    class Fixed(Table):
        def embed_queries(self, texts: Sequence[str]) -> Tensor:
            return torch.tensor([[1.0, 0.0]] * len(texts))

        def embed_passages(self, texts: Sequence[str]) -> Tensor:
            return torch.tensor([[1.0, 0.0]] * len(texts))

    import random

    batch = [Example("甲", ("子",), (), "t"), Example("乙", ("子",), (), "t")]
    # The other answer is left out, so that the only one that remains is right for certain: -log 1 = 0.
    assert float(contrastive_loss(Fixed(), batch, random.Random(0), SETTINGS)) == pytest.approx(0.0, abs=1e-6)


def test_it_learns_and_says_how_good_it_is() -> None:
    network = Table()
    before = right(network)
    result = train(network, examples(), replace(SETTINGS, epochs=20), lambda: right(network))
    assert before < 0.5 < 0.9 < result
    assert result == right(network)


def test_the_best_state_is_kept() -> None:
    network = Table()
    start = network.vectors.weight.detach().clone()
    results = iter([0.9, 0.5, 0.4, 0.3, 0.2])  # it gets worse at once
    assert train(network, examples(), SETTINGS, lambda: next(results)) == 0.9
    assert torch.equal(network.vectors.weight, start)


def test_only_a_share_of_what_is_learnt_is_validated_and_kept() -> None:
    learnt, kept = Table(), Table()
    seen: list[Tensor] = []

    def better() -> float:
        seen.append(kept.vectors.weight.detach().clone())
        return float(len(seen))

    count = iter(range(9))
    train(learnt, examples(), SETTINGS, lambda: float(next(count)))
    train(kept, examples(), replace(SETTINGS, share=0.25), better)
    expected = kept.start + 0.25 * (learnt.vectors.weight - kept.start)
    torch.testing.assert_close(kept.vectors.weight, expected)
    assert torch.equal(seen[0], kept.start)
    assert torch.equal(seen[-1], kept.vectors.weight)


def test_it_ends_early_where_nothing_gets_better() -> None:
    network = Table()
    checks: list[float] = []

    def worse() -> float:
        checks.append(-float(len(checks)))
        return checks[-1]

    train(network, examples(), replace(SETTINGS, patience=2), worse)
    assert len(checks) == 3  # before the first step, and two that are no better


def test_an_interrupted_run_goes_on_as_if_it_had_not_been(tmp_path: Path) -> None:
    whole, begun, resumed = Table(), Table(), Table()
    train(whole, examples(), SETTINGS, lambda: right(whole))
    calls = 0

    def interrupted() -> float:
        nonlocal calls
        calls += 1
        if calls == 4:
            raise KeyboardInterrupt
        return right(begun)

    checkpoint = tmp_path / "checkpoint.pt"
    with pytest.raises(KeyboardInterrupt):
        train(begun, examples(), SETTINGS, interrupted, checkpoint=checkpoint)
    steps: list[int] = []
    train(
        resumed,
        examples(),
        SETTINGS,
        lambda: right(resumed),
        checkpoint=checkpoint,
        told=lambda at, _, __: steps.append(at),
    )
    # 3 batches an epoch, 12 steps, checked every 3: two checks were kept, so that it goes on behind step 6.
    assert steps == [10, 12]
    assert torch.equal(resumed.vectors.weight, whole.vectors.weight)


def test_a_checkpoint_of_another_run_is_refused(tmp_path: Path) -> None:
    checkpoint = tmp_path / "checkpoint.pt"
    network = Table()
    train(network, examples(), SETTINGS, lambda: right(network), checkpoint=checkpoint)
    with pytest.raises(BadRequest, match="of other pairs or settings; remove it to begin anew"):
        train(network, examples(), replace(SETTINGS, seed=1), lambda: 0.0, checkpoint=checkpoint)
    checkpoint.write_bytes(b"PK broken")
    with pytest.raises(BadRequest, match="the checkpoint cannot be read"):
        train(network, examples(), SETTINGS, lambda: 0.0, checkpoint=checkpoint)


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pt"
    train(Table(), examples(), SETTINGS, lambda: 0.0, checkpoint=path)
    kept, limits = path.read_bytes(), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            _Run(Table(), examples(), SETTINGS, "").save(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes() == kept
    assert [file.name for file in tmp_path.iterdir()] == ["checkpoint.pt"]


def test_too_few_pairs() -> None:
    with pytest.raises(BadRequest, match="3 pairs do not fill a batch of 4; give more pairs"):
        train(Table(), examples()[:3], SETTINGS, lambda: 0.0)


def test_all_processors_train_after_a_search() -> None:
    vectors = empty_vectors(2)
    vectors.add([1], np.ones((1, 2), np.float32))
    vectors.search(np.ones(2, np.float32), 1)
    train(Table(), examples(), SETTINGS, lambda: 0.0)
    assert torch.get_num_threads() == processors()
