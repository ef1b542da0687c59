"""The training itself: a contrastive loss, steps that can be interrupted, and the best state kept.

The loss is InfoNCE over the other answers of a batch and hard negatives: van den Oord, Li and Vinyals, "Representation
Learning with Contrastive Predictive Coding" (2018); Karpukhin et al., "Dense Passage Retrieval for Open-Domain Question
Answering" (EMNLP 2020). What is kept lies between the weights before and after, which costs little of what was learnt
and saves most of what was known: Wortsman et al., "Robust Fine-Tuning of Zero-Shot Models" (CVPR 2022).
"""

from __future__ import annotations

import io
import math
import os
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import torch
from torch import Tensor
from torch.nn import functional

from index.encoders.bundled import processors
from ingest.errors import BadRequest

if TYPE_CHECKING:
    from tuning.negatives import Example

Validate = Callable[[], float]
"""How good the network is now; more is better."""
Told = Callable[[int, int, float], None]
"""Is told the step, how many there are, and the mean loss since it was told last."""


class Network(Protocol):
    """What is trained: texts to vectors of unit length, with gradients."""

    def embed_queries(self, texts: Sequence[str]) -> Tensor:
        """Vectors of questions, shape (len(texts), dimension)."""

    def embed_passages(self, texts: Sequence[str]) -> Tensor:
        """Vectors of passages, shape (len(texts), dimension)."""

    def parameters(self) -> Iterator[torch.nn.Parameter]:
        """What may be trained, with `requires_grad` where it is."""

    def state_dict(self) -> dict[str, Any]:
        """The parameters by name."""

    def load_state_dict(self, state: dict[str, Any]) -> object:
        """Take the parameters back."""

    def train(self, mode: bool = True) -> object:
        """Turn to training, or away from it."""

    def moved_back(self, share: float) -> dict[str, Any]:
        """The parameters by name, copied, with only `share` of what training has changed in them."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How to train. `negatives` are hard ones of each query in a step; `temperature` divides the cosines.

    `share` is how much is kept of what training changes, from 0 to 1: it is what validation judges and what comes out.
    """

    epochs: int = 2
    batch: int = 32
    negatives: int = 1
    learning_rate: float = 3e-4
    warm_up: float = 0.1
    temperature: float = 0.05
    share: float = 0.8
    weight_decay: float = 0.01
    seed: int = 0
    checks: int = 6
    """How often the network is validated on the way, at even distances and at the end."""
    patience: int = 3
    """Checks in a row without a better result after which training ends."""


def train(
    network: Network,
    examples: Sequence[Example],
    settings: Settings,
    validate: Validate,
    *,
    checkpoint: Path | None = None,
    identity: str = "",
    told: Told | None = None,
) -> float:
    """Train on examples, and leave the network in the state that validated best; gives that state's result.

    The state it comes in counts too, so that the result is never worse than before. With a `checkpoint` file a run that
    was interrupted goes on where it was, if it was of the same `identity`. Raises BadRequest where the examples do not
    fill a batch, or the checkpoint is of another run, and OSError where it cannot be written.
    """
    use_all_processors()
    if len(examples) < settings.batch:
        raise BadRequest(f"{len(examples)} pairs do not fill a batch of {settings.batch}; give more pairs")
    run = _Run(network, examples, settings, identity)
    if checkpoint is not None and checkpoint.exists():
        run.resume(checkpoint)
    else:
        run.check(validate)
    every = max(1, run.steps // settings.checks)
    loss, since = 0.0, 0
    while run.step < run.steps and run.without_better < settings.patience:
        loss, since = loss + run.advance(), since + 1
        if told and (run.step % _TOLD_EVERY == 0 or run.step == run.steps):
            told(run.step, run.steps, loss / since)
            loss, since = 0.0, 0
        if run.step % every == 0 or run.step == run.steps:
            run.check(validate)
            if checkpoint is not None:
                run.save(checkpoint)
    network.load_state_dict(run.best_state)
    network.train(False)
    return run.best


_TOLD_EVERY = 10


def use_all_processors() -> None:
    """Let torch use every processor, however many others in this process have left it."""
    torch.set_num_threads(processors())


class _Run:
    """Where a training is: step, optimiser, best state so far."""

    def __init__(self, network: Network, examples: Sequence[Example], settings: Settings, identity: str) -> None:
        torch.manual_seed(settings.seed)
        self.network, self.examples, self.settings = network, examples, settings
        self.identity = f"{identity} {asdict(settings)} {len(examples)}"
        self.parameters = [one for one in network.parameters() if one.requires_grad]
        matrices = [one for one in self.parameters if one.dim() > 1]
        vectors = [one for one in self.parameters if one.dim() <= 1]
        groups = [
            {"params": matrices, "weight_decay": settings.weight_decay},
            {"params": vectors, "weight_decay": 0.0},
        ]
        self.optimiser = torch.optim.AdamW(groups, lr=settings.learning_rate, betas=(0.9, 0.98))
        self.in_epoch = len(examples) // settings.batch
        self.steps = settings.epochs * self.in_epoch
        self.step = 0
        self.best = -math.inf
        self.best_state: dict[str, Any] = {}
        self.without_better = 0

    def check(self, validate: Validate) -> None:
        """Validate what would be kept now, and remember it if it is the best so far."""
        trained = {name: value.clone() for name, value in self.network.state_dict().items()}
        kept = self.network.moved_back(self.settings.share)
        self.network.load_state_dict(kept)
        result = validate()
        self.network.load_state_dict(trained)
        if result > self.best:
            self.best, self.without_better, self.best_state = result, 0, kept
        else:
            self.without_better += 1

    def advance(self) -> float:
        """One step; gives its loss."""
        self.network.train()
        rate = self.settings.learning_rate * self._schedule()
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        loss = contrastive_loss(self.network, *self._batch(), self.settings)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimiser.step()
        self.optimiser.zero_grad()
        self.step += 1
        return float(loss.detach())

    def save(self, path: Path) -> None:
        """Keep all that is needed to go on from here; the file is replaced whole or not at all. Raises OSError."""
        state = {
            "identity": self.identity,
            "step": self.step,
            "network": self.network.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "best": self.best,
            "best_state": self.best_state,
            "without_better": self.without_better,
        }
        # Torch writing to a file by itself tells of a full disk in words of its own.
        whole = io.BytesIO()
        torch.save(state, whole)
        temporary = path.with_name(f".{path.name}")
        try:
            temporary.write_bytes(whole.getbuffer())
            os.replace(temporary, path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise

    def resume(self, path: Path) -> None:
        """Go on from a state kept. Raises BadRequest where it is of another run or damaged."""
        try:
            state = torch.load(path, weights_only=True)
        except Exception as error:  # a damaged file surfaces as nearly anything
            reason = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
            raise BadRequest(f"{path}: the checkpoint cannot be read ({reason}); remove it to begin anew") from error
        if state["identity"] != self.identity:
            raise BadRequest(f"{path}: the checkpoint is of other pairs or settings; remove it to begin anew")
        self.network.load_state_dict(state["network"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.step, self.best, self.best_state = state["step"], state["best"], state["best_state"]
        self.without_better = state["without_better"]

    def _schedule(self) -> float:
        """The share of the learning rate: up in a straight line, then down along a cosine."""
        done = self.step / max(1, self.steps)
        return (
            min(1.0, (self.step + 1) / (self.settings.warm_up * self.steps + 1)) * 0.5 * (1 + math.cos(math.pi * done))
        )

    def _batch(self) -> tuple[list[Example], random.Random]:
        """The examples of this step: each epoch goes through all of them in an order of its own."""
        epoch, place = divmod(self.step, self.in_epoch)
        order = list(range(len(self.examples)))
        random.Random(f"{self.settings.seed} {epoch}").shuffle(order)
        size = self.settings.batch
        chosen = order[place * size : (place + 1) * size]
        return [self.examples[one] for one in chosen], random.Random(f"{self.settings.seed} step {self.step}")


def contrastive_loss(network: Network, batch: Sequence[Example], chance: random.Random, settings: Settings) -> Tensor:
    """The mean of the cross entropies of each query's answer among the batch's answers and hard negatives."""
    texts = [chance.choice(one.answers) for one in batch]
    for one in batch:
        texts.extend(chance.sample(one.negatives, min(settings.negatives, len(one.negatives))))
    with torch.autocast("cpu", torch.bfloat16):
        queries, passages = network.embed_queries([one.query for one in batch]), network.embed_passages(texts)
    cosines = queries.float() @ passages.float().T
    for row, one in enumerate(batch):
        also = [column for column, text in enumerate(texts) if column != row and text in one.answers]
        cosines[row, also] = -torch.inf
    return functional.cross_entropy(cosines / settings.temperature, torch.arange(len(batch)))
