"""What the commands of the evaluation share: the options that turn parts off, and the header and record of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from eval.comparison import Change, Comparison
    from eval.ledger import Ledger
    from eval.parts import Setup
    from eval.questions import QuestionFile
    from eval.store import Header
    from index import Searcher

SIGNIFICANT = 0.05
"""The corrected p-value below which a difference is told from chance."""

without_option = click.option(
    "--without",
    metavar="PART",
    multiple=True,
    help="Turn a part of retrieval or answering off; repeatable. `yinju eval ablate --parts` lists them.",
)
set_option = click.option(
    "--set",
    "numbers",
    metavar="NAME=NUMBER",
    multiple=True,
    help="Set a number that ranking or answering counts with, such as dense=0.6; repeatable.",
)
measure_option = click.option(
    "--measure", "measures", multiple=True, help="Compare this measure only; repeatable. Fewer are corrected for less."
)
cache_option = click.option(
    "--cache",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="YINJU_EVALUATION_CACHE",
    help="Folder of embeddings and indexes made for evaluations.  [default: in the user's cache folder]",
)


def cache_folder(given: Path | None) -> Path:
    """The folder given, else that of the user."""
    from index.encoders import default_cache

    return given or default_cache() / "evaluation"


def setup_from(without: tuple[str, ...], numbers: tuple[str, ...]) -> Setup:
    """The setup that the options ask for. Raises BadRequest."""
    from eval.parts import setup_without, with_numbers

    return with_numbers(setup_without(without), numbers)


def prepared(searcher: Searcher, setup: Setup, cache: Path | None) -> Searcher:
    """The searcher with the vectors that a setup wants."""
    if setup.prefix:
        return searcher
    from commands.progress import reporter
    from eval.embedded import EmbeddingCache
    from eval.run import without_context
    from index.encoders import load_encoder

    encoder = load_encoder(searcher.model or None)
    with reporter() as report:
        embedded = EmbeddingCache(cache_folder(cache) / "vectors.sqlite", encoder)
        return without_context(searcher, embedded, partial(report, "embedding") if report else None)


def header_of(file: QuestionFile, searcher: Searcher, setup: Setup) -> Header:
    """What a run of a question file is made with, now."""
    from eval.provenance import code_fingerprint, commit, index_fingerprint, now
    from eval.store import Header

    counts = searcher.catalogue.counts()
    return Header(
        file=file.path.name,
        sha256=file.sha256,
        questions=len(file.questions),
        split=file.split,
        date=now(),
        commit=commit(),
        code=code_fingerprint(),
        index=index_fingerprint(searcher),
        documents=counts.documents,
        passages=counts.passages,
        encoder=searcher.encoder_name,
        settings=setup.settings,
    )


def record(file: QuestionFile, header: Header, given: Path | None) -> Ledger | None:
    """Record a run over a held-out set in its ledger, and give that; None for other sets."""
    if file.split != "held-out":
        return None
    from platformdirs import user_state_path

    from eval.ledger import Entry, record_beside, record_run

    known = asdict(header)
    entry = Entry(**{name: known[name] for name in Entry.__dataclass_fields__})
    return record_run(given, entry) if given else record_beside(file.path, user_state_path("yinju"), entry)


def comparisons_object(
    baseline: str, comparisons: Sequence[Comparison], changed: Sequence[Sequence[Change]] = ()
) -> dict[str, object]:
    """Comparisons with a baseline as a JSON object; `changed` are the questions that came out otherwise, run by run."""
    return {
        "baseline": baseline,
        "comparisons": [
            {
                "run": one.run,
                "measures": {
                    difference.measure: {**asdict(difference), "difference": difference.difference}
                    for difference in one.differences
                },
                **({"changes": [asdict(change) for change in changed[position]]} if changed else {}),
            }
            for position, one in enumerate(comparisons)
        ],
    }


def shown(value: float | None) -> str:
    """A measure as a table shows it."""
    return "–" if value is None else f"{value:.3f}"


def signed(value: float | None) -> str:
    """A difference as a table shows it."""
    return "–" if value is None else "·" if value == 0 else f"{value:+.3f}"
