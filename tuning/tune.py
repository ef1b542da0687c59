"""Tuning an encoder from beginning to end: gather, train, compare, and keep the result only if it is better."""

from __future__ import annotations

import hashlib
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import BadRequest
from tuning.materials import FEWEST, Gatherer
from tuning.negatives import tally
from tuning.trained import Trained, open_trained
from tuning.validation import Measured, Part, part_of, set_aside

if TYPE_CHECKING:
    from index.encoder import Encoder
    from tuning.negatives import Example
    from tuning.recipe import Recipe

TOLERANCE = 0.01
"""How much worse (nDCG@10) a tuned encoder may be at what it is only measured at."""
_PROBED = 3
_CHECKPOINT = "checkpoint.pt"


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run will take, measured by a few of its steps."""

    pairs: Mapping[str, int]
    steps: int
    seconds: float
    megabytes: float


@dataclass(frozen=True, slots=True)
class Tuned:
    """What came of it: nDCG@10 by origin before and after, of validation and of guards, and where the result is.

    `path` is None where the result was not accepted, and `reason` says why.
    """

    validation: tuple[Measured, Measured]
    guards: tuple[Measured, Measured]
    seconds: float
    path: Path | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Tell:
    """What is told on the way; each may be left out."""

    stage: Callable[[str, int, int], None] | None = None
    estimate: Callable[[Estimate], None] | None = None
    step: Callable[[int, int, float], None] | None = None
    check: Callable[[float], None] | None = None


def tune(recipe: Recipe, out: Path, *, model: str | None = None, cache: Path, tell: Tell | None = None) -> Tuned:
    """Tune the bundled encoder, or the sentence-transformers model `model`, and keep the result in the folder `out`.

    A run that was interrupted goes on from its last check when it is called again with the same recipe and folder.
    Raises BadRequest for materials that cannot be learnt from, EncoderUnavailable for a model that cannot be tuned;
    the encoder in use is not touched.
    """
    tell = tell or Tell()
    begun = time.perf_counter()
    _writable(out)
    trained = open_trained(model, recipe.rank, recipe.settings.seed)
    gatherer = Gatherer(trained.before, cache, seed=recipe.settings.seed, report=tell.stage)
    gathered, guarded = gatherer.gather(recipe.sources), gatherer.gather(recipe.guards)
    examples, held = set_aside(gathered.examples, seed=recipe.settings.seed)
    _check(examples, recipe)
    part = part_of(held, gathered.texts, seed=recipe.settings.seed)
    guard = part_of(guarded.examples, guarded.texts, seed=recipe.settings.seed)
    before = _measured(trained.before, part), _measured(trained.before, guard)
    _estimate(trained, examples, part, recipe, tell)
    with _written_to(out):
        _train(trained, examples, part, recipe, out, tell)
        after_training = trained.finished(out, _card(recipe, examples))
    after = _measured(after_training.encoder, part), _measured(after_training.encoder, guard)
    reason = _why_not(before, after)
    seconds = time.perf_counter() - begun
    pairs = (before[0], after[0]), (before[1], after[1])
    if reason:
        after_training.discard()
        return Tuned(*pairs, seconds, None, reason)
    with _written_to(out):
        kept = after_training.keep(_figures(*pairs))
    (out / _CHECKPOINT).unlink(missing_ok=True)
    return Tuned(*pairs, seconds, kept)


@contextmanager
def _written_to(out: Path) -> Iterator[None]:
    """Tell what to do where a file cannot be written; what the last checkpoint holds is not lost."""
    from safetensors import SafetensorError

    try:
        yield
    except (OSError, SafetensorError) as error:
        raise BadRequest(
            f"{out}: cannot be written ({error}); make room; the same command then goes on from its last check"
        ) from error


def _writable(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        probe = out / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise BadRequest(f"{out}: cannot be written ({error.strerror}); give another folder with --out") from error


def _check(examples: Sequence[Example], recipe: Recipe) -> None:
    fewest = max(FEWEST, recipe.settings.batch)
    if len(examples) < fewest:
        raise BadRequest(
            f"{len(examples)} pairs are left to train on, too few to learn from; give at least {fewest} "
            "(more documents, question files or pair files)"
        )
    if len({one.query for one in examples}) < len(examples) / 10:
        raise BadRequest("nearly all queries are the same; a pair needs a question of its own")


def _measured(encoder: Encoder, part: Part) -> Measured:
    return part.measure(encoder.encode_queries, encoder.encode_passages) if part.examples else Measured({})


def _train(trained: Trained, examples: Sequence[Example], part: Part, recipe: Recipe, out: Path, tell: Tell) -> None:
    from tuning.training import train

    def validate() -> float:
        result = _of_network(trained, part).mean
        if tell.check:
            tell.check(result)
        return result

    train(
        trained.network,
        examples,
        recipe.settings,
        validate,
        checkpoint=out / _CHECKPOINT,
        identity=_identity(trained.before.name, recipe.rank, examples),
        told=tell.step,
    )


def _of_network(trained: Trained, part: Part) -> Measured:
    import numpy as np
    import torch
    from numpy.typing import NDArray

    def embedded(embed: Callable[[Sequence[str]], torch.Tensor], texts: Sequence[str]) -> NDArray[np.float32]:
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            groups = [embed(texts[begin : begin + _GROUP]).float() for begin in range(0, len(texts), _GROUP)]
        return np.asarray(torch.cat(groups).numpy(), np.float32)

    trained.network.train(False)
    return part.measure(
        lambda texts: embedded(trained.network.embed_queries, texts),
        lambda texts: embedded(trained.network.embed_passages, texts),
    )


_GROUP = 256


def _estimate(trained: Trained, examples: Sequence[Example], part: Part, recipe: Recipe, tell: Tell) -> None:
    """Time a few steps, without taking them, and one part of a check."""
    import random

    from tuning.training import contrastive_loss, use_all_processors

    use_all_processors()
    settings = recipe.settings
    chance = random.Random(settings.seed)
    begun = time.perf_counter()
    for number in range(_PROBED):
        if number == 1:
            begun = time.perf_counter()  # the first is slower, and not counted
        contrastive_loss(trained.network, chance.sample(examples, settings.batch), chance, settings).backward()  # type: ignore[no-untyped-call]
    for parameter in trained.network.parameters():
        parameter.grad = None
    a_step = (time.perf_counter() - begun) / (_PROBED - 1)
    steps = settings.epochs * (len(examples) // settings.batch)
    # A text takes a third as long in a check: nothing is propagated back.
    texts_in_step = settings.batch * (1 + settings.negatives)
    a_check = a_step / 3 * len(part.candidates) / texts_in_step
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    if tell.estimate:
        tell.estimate(
            Estimate(tally(examples), steps, steps * a_step + (settings.checks + 1) * a_check, peak * _GROWTH)
        )


_GROWTH = 1.3
"""What the longest texts of a run take above those of its first steps, and the optimiser's memory."""


def _why_not(before: tuple[Measured, Measured], after: tuple[Measured, Measured]) -> str:
    """Why a result is not accepted; empty where it is."""
    if after[0].mean <= before[0].mean:
        return f"it is not better on validation (nDCG@10 {before[0].mean:.3f} before, {after[0].mean:.3f} after)"
    was, now = before[1].means(), after[1].means()
    worse = [
        f"{origin} {was[origin]:.3f} → {now[origin]:.3f}" for origin in was if now[origin] < was[origin] - TOLERANCE
    ]
    return f"it is worse where it must not be (nDCG@10): {', '.join(worse)}" if worse else ""


def _identity(encoder: str, rank: int, examples: Sequence[Example]) -> str:
    """What tells runs apart beside their settings: updates of one encoder, or of one rank, are none of another's."""
    digest = hashlib.blake2b(f"{encoder} {rank}".encode(), digest_size=8)
    for one in examples:
        digest.update(repr(one).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _card(recipe: Recipe, examples: Sequence[Example]) -> dict[str, str]:
    settings = {**asdict(recipe.settings), "rank": recipe.rank}
    return {"pairs": json.dumps(tally(examples), ensure_ascii=False), "settings": json.dumps(settings)}


def _figures(validation: tuple[Measured, Measured], guards: tuple[Measured, Measured]) -> dict[str, str]:
    def rounded(measured: Measured) -> dict[str, float]:
        return {origin: round(value, 3) for origin, value in measured.means().items()}

    shown = {
        "validation": {"before": rounded(validation[0]), "after": rounded(validation[1])},
        "guards": {"before": rounded(guards[0]), "after": rounded(guards[1])},
    }
    return {"nDCG@10": json.dumps(shown, ensure_ascii=False)}
