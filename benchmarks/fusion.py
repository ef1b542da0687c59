"""What words should count beside meaning: one weight for all data sets, chosen by cross-validation.

    python -m benchmarks.fusion [--data DIR] [--set NAME]… [--encoder NAME] [--index INDEX --questions FILE…]

The weight of words runs from 0 to 1 in steps of 0.05, meaning has the rest. It is chosen for queries in Chinese and for
those that are hardly Chinese apart, by the mean over the data sets of nDCG@10, and of evidence recall@5 over an index.
The queries fall into five folds: each is judged by the weight that is best on the other four. The tables show the
measure with the product's weight, with the weights so chosen and the 95 % interval of the difference, and with the best
weight in hindsight of each set alone, which nothing could know.
"""

import argparse
import hashlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from benchmarks.retrieval import DATA, SETS, recalls
from commands.evaluation.shared import cache_folder
from commands.progress import reporter
from eval.collection import read_collection
from eval.engines import Engines
from eval.questions import read_questions
from eval.retrieval import Asked
from eval.statistics import difference_interval
from index import Searcher
from index.encoders import load_encoder
from index.naming import Names
from index.query import read_query
from index.scoring import RANKING, RankingWeights, combine
from tuning.validation import DEPTH, ndcg

STEPS = [round(0.05 * step, 2) for step in range(21)]
FOLDS = 5
_NO_DOCUMENTS = Names(())


@dataclass(frozen=True, slots=True)
class Measured:
    """A query of a data set: its fold, whether it is hardly Chinese, and its measure at each weight of `STEPS`."""

    origin: str
    fold: int
    is_foreign: bool
    at: tuple[float, ...]


def weights_of(words: float, is_foreign: bool) -> RankingWeights:
    """The product's weights with another one for words."""
    if is_foreign:
        return replace(RANKING, lexical_foreign=words, lexical=max(words, RANKING.lexical), dense=1 - words)
    return replace(RANKING, lexical=words, dense=1 - words)


def of_data_set(data: Path, name: str, encoder: str | None, cache: Path) -> Iterator[Measured]:
    """The queries of a data set, measured by nDCG@10; none, with a line that says so, where it is not there."""
    queries, qrels = data / name / "queries.jsonl", data / name / "qrels" / "test.tsv"
    if not ((data / SETS[name]).is_dir() and queries.exists() and qrels.exists()):
        print(f"{name}: not in {data}, left out", file=sys.stderr)
        return
    collection = read_collection(data / SETS[name], queries=queries, qrels=qrels)
    ids = {record.id: number for number, record in enumerate(collection.records)}
    with reporter() as report:
        engines = Engines(collection.records, cache, lambda: load_encoder(encoder), report=report)
        for query, text in collection.queries.items():
            asked = Asked(engines, text)
            lexical, dense = dict(asked.lexical()), dict(asked.nearest(engines.vectors))
            answers = {ids[record] for record, grade in collection.qrels[query].items() if grade > 0}
            is_foreign = asked.query().is_foreign

            def measure(words: float) -> float:
                weights = weights_of(words, is_foreign)  # noqa: B023 - called before the next query
                scores = combine(lexical, dense, asked.query(), weights)  # noqa: B023
                ranking = sorted(scores, key=lambda number: (-scores[number], number))
                return ndcg(ranking[:DEPTH], answers)  # noqa: B023

            yield Measured(name, fold_of(text), is_foreign, tuple(map(measure, STEPS)))


def of_index(index: Path, file: Path) -> Iterator[Measured]:
    """The answerable questions of a file, measured by evidence recall@5 over an index."""
    searcher = Searcher.open(index)
    for question in read_questions(file):
        if question.answerable:
            is_foreign = read_query(question.text, _NO_DOCUMENTS.in_question(question.text)).is_foreign
            at = []
            for words in STEPS:
                ranking = searcher.ranked(question.text, 5, weights=weights_of(words, is_foreign))
                found = searcher.catalogue.passages_of([number for number, _ in ranking])
                at.append(recalls(searcher, question, [found[number] for number, _ in ranking])[1])
            yield Measured(file.stem, fold_of(question.text), is_foreign, tuple(at))


def fold_of(text: str) -> int:
    """The fold of a query, by its text alone."""
    return hashlib.blake2b(text.encode(), digest_size=4).digest()[0] % FOLDS


def means(queries: Sequence[Measured]) -> NDArray[np.float64]:
    """The mean measure over the data sets at each weight, every set counted alike."""
    origins = {one.origin for one in queries}
    each = [np.mean([one.at for one in queries if one.origin == origin], axis=0) for origin in origins]
    return np.asarray(np.mean(each, axis=0), np.float64)


def chosen(queries: Sequence[Measured]) -> list[int]:
    """For each fold the place in `STEPS` of the weight that is best on the others."""
    return [int(np.argmax(means([one for one in queries if one.fold != fold]))) for fold in range(FOLDS)]


def rows(queries: Sequence[Measured], standing: float) -> Iterator[tuple[str, ...]]:
    """A row for each data set: its figures with the product's weight, with the chosen ones, and in hindsight."""
    places, now = chosen(queries), STEPS.index(standing)
    by_origin: dict[str, list[Measured]] = {}
    for one in queries:
        by_origin.setdefault(one.origin, []).append(one)
    for origin, members in by_origin.items():
        before, after = [one.at[now] for one in members], [one.at[places[one.fold]] for one in members]
        ones = [1.0] * len(members)
        low, high = difference_interval((before, ones), (after, ones)) or (0.0, 0.0)
        each = np.mean([one.at for one in members], axis=0)
        best = int(np.argmax(each))
        difference = f"{fmean(after) - fmean(before):+.3f} ({low:+.3f} to {high:+.3f})"
        hindsight = f"{each[best]:.3f} at {STEPS[best]}"
        yield origin, str(len(members)), f"{fmean(before):.3f}", f"{fmean(after):.3f}", difference, hindsight


def print_tables(queries: Sequence[Measured]) -> None:
    """The tables for queries in Chinese and for others, in Markdown."""
    kinds: Mapping[str, Callable[[Measured], bool]] = {
        "in Chinese": lambda one: not one.is_foreign,
        "hardly Chinese": lambda one: one.is_foreign,
    }
    for kind, admits in kinds.items():
        members = [one for one in queries if admits(one)]
        if not members:
            continue
        standing = RANKING.lexical if kind == "in Chinese" else RANKING.lexical_foreign
        places = ", ".join(str(STEPS[place]) for place in chosen(members))
        print(f"\nQueries {kind}: words count {standing} now; chosen on the other folds: {places}\n")
        print(f"| set | queries | at {standing} | chosen | difference | in hindsight |\n|---|---:|---:|---:|---:|---:|")
        for row in rows(members, standing):
            print(f"| {' | '.join(row)} |")
        curve = means(members)
        print(f"\nMean over sets: {', '.join(f'{STEPS[place]} {curve[place]:.3f}' for place in range(0, 21, 2))}")


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of data sets in BEIR layout")
    parser.add_argument("--set", action="append", choices=SETS, dest="sets", help="only this data set; repeatable")
    parser.add_argument("--encoder", help="search the data sets with this encoder (default: the default one)")
    parser.add_argument("--index", type=Path, help="an index to ask questions of as well")
    parser.add_argument("--questions", type=Path, action="append", help="a question file to ask of it; repeatable")
    parser.add_argument("--cache", type=Path, help="folder of embeddings and indexes made before")
    options = parser.parse_args()
    cache = cache_folder(options.cache)
    queries: list[Measured] = []
    for name in options.sets or ("stard-mini", "lawbench", "xquad-en-zh", "cmrc"):
        queries += of_data_set(options.data, name, options.encoder, cache)
    for file in options.questions or ():
        if options.index and options.index.exists() and file.exists():
            queries += of_index(options.index, file)
    print_tables(queries)


if __name__ == "__main__":
    main()
