"""Retrieval over a data set in BEIR layout: runs of the systems, the measures of each, and all of it on disk."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from eval.engines import Engines, Report
from eval.parts import PARTS, Setup, setup_without
from eval.retrieval import PLAIN_DEPTH, RESULTS, search_all
from eval.statistics import interval
from eval.summary import spread
from eval.trec import Qrels, Run, check_ids, descending, read_run, write_qrels, write_run
from index.ranking import CONSIDERED, DEPTH
from ingest.errors import BadRequest

if TYPE_CHECKING:
    from eval.collection import Collection

MEASURES = ("nDCG@10", "R@1", "R@10", "R@100", "RR@10")
"""The measures by the names that `ir_measures` gives them."""


@dataclass(frozen=True, slots=True)
class SystemRun:
    """What a system found for every query and, where it was run here, the milliseconds of each."""

    name: str
    run: Run
    milliseconds: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Scores:
    """The measures of a run: over all queries, their 95 % intervals, and query by query."""

    measures: dict[str, float]
    intervals: dict[str, tuple[float, float]]
    per_query: dict[str, dict[str, float]]
    """Measure to query id to value."""


def run_systems(
    collection: Collection, engines: Engines, systems: Sequence[str], report: Report | None = None
) -> list[SystemRun]:
    """Run systems (`eval.retrieval.SYSTEMS`) over the queries of a collection whose records the engines hold.

    Scores in the runs descend strictly, as they are written. Raises BadRequest.
    """
    runs: dict[str, Run] = {name: {} for name in systems}
    times: dict[str, list[float]] = {name: [] for name in systems}
    for found in search_all(engines, collection.queries, systems):
        ids = [collection.records[number].id for number, _ in found.ranking]
        scores = descending([score for _, score in found.ranking])
        runs[found.system][found.query] = dict(zip(ids, scores, strict=True))
        times[found.system].append(found.milliseconds)
        if report:
            report("queries", len(times[found.system]), len(collection.queries))
    return [SystemRun(name, runs[name], tuple(times[name])) for name in systems]


def read_runs(paths: Sequence[Path], taken: Sequence[str] = ()) -> list[SystemRun]:
    """Runs of other tools, each named by its file. Raises BadRequest, also where a name is taken already."""
    runs: list[SystemRun] = []
    for path in paths:
        name = path.name.removesuffix(".gz").removesuffix(".trec")
        if name in taken or name in (run.name for run in runs):
            raise BadRequest(f"{path}: another run is called {name!r} already; rename the file")
        runs.append(SystemRun(name, read_run(path)))
    return runs


def measure(qrels: Qrels, runs: Sequence[SystemRun]) -> dict[str, Scores]:
    """The measures of runs by name. Queries that a run has no results for count 0; those not judged do not count."""
    import ir_measures
    from ir_measures import RR, R, nDCG

    evaluator = ir_measures.evaluator([nDCG @ 10, R @ 1, R @ 10, R @ 100, RR @ 10], qrels)
    scored: dict[str, Scores] = {}
    for one in runs:
        calculated = evaluator.calc({query: results for query, results in one.run.items() if query in qrels})
        per_query: dict[str, dict[str, float]] = {name: dict.fromkeys(qrels, 0.0) for name in MEASURES}
        for value in calculated.per_query:
            per_query[str(value.measure)][value.query_id] = float(value.value)
        means = {str(name): value for name, value in cast(dict[Any, float], calculated.aggregated).items()}
        intervals = {name: interval(list(per_query[name].values()), [1.0] * len(qrels)) for name in MEASURES}
        scored[one.name] = Scores(
            {name: means[name] for name in MEASURES},
            {name: bounds for name, bounds in intervals.items() if bounds},
            per_query,
        )
    return scored


def setup_of(without: Sequence[str]) -> Setup:
    """The product without some parts. Raises BadRequest for one whose absence search does not notice."""
    setup = setup_without(without)
    for name in setup.without:
        alone = PARTS[name].remove(Setup())
        if (alone.method.weights, alone.prefix) == (Setup().method.weights, True):
            raise BadRequest(f"--without {name}: is a part of answering, and nothing is answered here")
    return setup


def evaluation_object(
    collection: Collection, engines: Engines, runs: Sequence[SystemRun], scores: Mapping[str, Scores]
) -> dict[str, Any]:
    """The whole evaluation as a JSON object."""
    weights = asdict(engines.setup.method.weights)
    return {
        "dataset": collection.name,
        "records": len(collection.records),
        "queries": len(collection.queries),
        "queries_not_judged": collection.not_judged,
        "notes": list(collection.notes),
        "encoder": engines.encoder_name,
        "settings": {
            "without": list(engines.setup.without),
            "weights": weights,
            "prefix": engines.setup.prefix,
            "depth": DEPTH,
            "considered": CONSIDERED,
            "results": RESULTS,
            "rrf_depth": PLAIN_DEPTH,
            "bm25s": version("bm25s"),
        },
        "systems": {
            run.name: {
                "measures": scores[run.name].measures,
                "intervals": {name: list(bounds) for name, bounds in scores[run.name].intervals.items()},
                "milliseconds": milliseconds_of(run),
                "per_query": scores[run.name].per_query,
            }
            for run in runs
        },
    }


def milliseconds_of(run: SystemRun) -> dict[str, float] | None:
    """Mean and 95th percentile of the time of a query, None for a run that was read from a file."""
    times = spread(run.milliseconds)
    return {"mean": times["mean"], "p95": times["p95"]} if times else None


def begin_out(folder: Path, collection: Collection) -> None:
    """Make the folder for results and write `qrels.trec`. Raises BadRequest where what comes cannot be written there.

    Called before the systems are run, so that nobody waits for results that cannot be kept.
    """
    check_ids(chain((record.id for record in collection.records), collection.queries, *collection.qrels.values()))
    with _kept_in(folder):
        folder.mkdir(parents=True, exist_ok=True)
        write_qrels(folder / "qrels.trec", collection.qrels)


def finish_out(folder: Path, runs: Sequence[SystemRun], evaluation: Mapping[str, Any]) -> None:
    """Write `run.json`, and `<system>.trec` for every system run here. Raises BadRequest."""
    with _kept_in(folder):
        for run in runs:
            if run.milliseconds:
                write_run(folder / f"{run.name}.trec", run.run, run.name)
        text = json.dumps(evaluation, ensure_ascii=False, indent=1)
        (folder / "run.json").write_text(text + "\n", encoding="utf-8")


@contextmanager
def _kept_in(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BadRequest(f"{folder}: cannot be written ({error.strerror}); give another --out") from error
