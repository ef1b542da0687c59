"""Our search beside plain systems: over retrieval data sets, or over the passages of an index.

    python -m benchmarks.retrieval [--data DIR] [--set NAME]… [--encoder NAME] [--markdown] [--out DIR]
    python -m benchmarks.retrieval --index INDEX --questions FILE [--markdown]

The first prints a table for each measure, of all systems of `yinju eval beir` over the data sets that are there. The
second prints evidence recall: the product's search, and plain systems over "document title + passage text" of the same
passages, judged by the same gold quotes.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from commands.evaluation.shared import cache_folder
from commands.progress import reporter
from eval.beir import MEASURES, begin_out, evaluation_object, finish_out, measure, run_systems
from eval.collection import Record, read_collection
from eval.engines import Engines
from eval.gold import stretches_of
from eval.measures import Stretch, evidence
from eval.questions import Question, read_questions
from eval.retrieval import SYSTEMS, search_all
from eval.statistics import interval
from index import Searcher
from index.encoders import load_encoder
from index.ranking import Mode
from ingest.model import Passage

HERE = Path(__file__).resolve().parent.parent
DATA = HERE.parent / "shared" / "data" / "bench"
SETS = {"stard": "stard", "stard-mini": "stard-mini", "lawbench": "stard", "xquad-en-zh": "xquad-en-zh", "cmrc": "cmrc"}
"""Data sets, each with the folder whose records it is over."""
OURS: tuple[Mode, ...] = ("lexical", "dense", "hybrid")
PLAIN = ("bm25-words", "bm25-bigrams", "encoder", "rrf")
RECALL_AT = (1, 5, 10)
TIME = "milliseconds a query"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of figures: rows of systems under columns."""

    title: str
    columns: tuple[str, ...]
    rows: Mapping[str, Sequence[float]]
    decimals: int = 3
    is_less_better: bool = False
    intervals: Mapping[str, str] | None = None
    """A last column, of the 95 % interval of the column in the middle."""

    def cells(self) -> list[tuple[str, list[tuple[str, bool]]]]:
        """Each row's name, and its figures as shown, with whether each is the best shown in its column."""
        choose = min if self.is_less_better else max
        best = [f"{choose(column):.{self.decimals}f}" for column in zip(*self.rows.values(), strict=True)]
        shown = {name: [f"{figure:.{self.decimals}f}" for figure in figures] for name, figures in self.rows.items()}
        cells = {
            name: [(figure, figure == best[place]) for place, figure in enumerate(figures)]
            for name, figures in shown.items()
        }
        for name, bounds in (self.intervals or {}).items():
            cells[name].append((bounds, False))
        return list(cells.items())


def data_set_grids(data: Path, names: Sequence[str], encoder: str | None, cache: Path, out: Path | None) -> list[Grid]:
    """A grid for each measure over the data sets that are there, and one of times."""
    found = {name: evaluated for name in names if (evaluated := evaluation_of(data, name, encoder, cache, out))}
    if not found:
        return []
    columns = tuple(f"{name} ({one['records']:,}/{one['queries']})" for name, one in found.items())
    grids = [
        Grid(
            name,
            columns,
            {system: [one["systems"][system]["measures"][name] for one in found.values()] for system in SYSTEMS},
        )
        for name in MEASURES
    ]
    times = {system: [one["systems"][system]["milliseconds"]["mean"] for one in found.values()] for system in SYSTEMS}
    return [*grids, Grid(TIME, columns, times, 1, True)]


def evaluation_of(data: Path, name: str, encoder: str | None, cache: Path, out: Path | None) -> dict[str, Any] | None:
    """The evaluation of one data set; None, with a line that says so, where it is not there."""
    corpus, own = data / SETS[name], data / name
    queries, qrels = own / "queries.jsonl", own / "qrels" / "test.tsv"
    if not (corpus.is_dir() and queries.exists() and qrels.exists()):
        print(f"{name}: not in {data}, left out", file=sys.stderr)
        return None
    collection = read_collection(corpus, queries=queries, qrels=qrels)
    if out:
        begin_out(out / name, collection)
    with reporter() as report:
        engines = Engines(collection.records, cache, lambda: load_encoder(encoder), report=report)
        runs = run_systems(collection, engines, tuple(SYSTEMS), report)
    evaluation = evaluation_object(collection, engines, runs, measure(collection.qrels, runs))
    if out:
        finish_out(out / name, runs, evaluation)
    return evaluation


def index_grid(index: Path, file: Path, cache: Path) -> Grid:
    """Evidence recall of the product's search and of plain systems over the passages of an index."""
    searcher = Searcher.open(index)
    asked = [question for question in read_questions(file) if question.answerable]
    passages = [(number, passage) for number, _, passage in searcher.catalogue.all_passages()]
    values: dict[str, list[list[float]]] = {}
    for mode in OURS:
        for question in asked:
            ranking = searcher.ranked(question.text, max(RECALL_AT), mode=mode)
            found = searcher.catalogue.passages_of([number for number, _ in ranking])
            hits = [found[number] for number, _ in ranking]
            values.setdefault(mode, []).append(recalls(searcher, question, hits))
    titles = {info.id: info.title for info in searcher.catalogue.infos()}
    records = [Record(str(number), titles[one.document_id], one.text) for number, one in passages]
    questions = {str(place): question.text for place, question in enumerate(asked)}
    with reporter() as report:
        engines = Engines(records, cache, lambda: load_encoder(searcher.model or None), report=report)
        for one in search_all(engines, questions, PLAIN):
            hits = [passages[number][1] for number, _ in one.ranking[: max(RECALL_AT)]]
            values.setdefault(one.system, []).append(recalls(searcher, asked[int(one.query)], hits))
    columns = tuple(f"evidence recall@{k}" for k in RECALL_AT)
    rows = {name: [fmean(depth) for depth in zip(*recalled, strict=True)] for name, recalled in values.items()}
    intervals = {name: interval_of([one[1] for one in recalled]) for name, recalled in values.items()}
    title = f"{len(records):,} passages, {len(asked)} questions with an answer"
    return Grid(title, (*columns, f"95 % interval of recall@{RECALL_AT[1]}"), rows, intervals=intervals)


def recalls(searcher: Searcher, question: Question, hits: Sequence[Passage]) -> list[float]:
    """The evidence recall of a question at each depth."""
    gold = stretches_of(searcher.catalogue, question)
    found = [Stretch(searcher.catalogue.document(one.document_id).info.source, one.start, one.end) for one in hits]
    return [evidence(question, gold, found[:k]) for k in RECALL_AT]


def interval_of(values: Sequence[float]) -> str:
    """The 95 % interval of a mean as a table shows it."""
    bounds = interval(values, [1.0] * len(values))
    return f"{bounds[0]:.3f} – {bounds[1]:.3f}" if bounds else "–"


def print_grid(grid: Grid, *, markdown: bool) -> None:
    """Print a table, the best of each column bold."""
    if markdown:
        print(f"\n{grid.title}\n\n| system | {' | '.join(grid.columns)} |\n|---|{'---:|' * len(grid.columns)}")
        for name, cells in grid.cells():
            print(f"| {name} | {' | '.join(f'**{figure}**' if is_best else figure for figure, is_best in cells)} |")
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("system", *grid.columns, title=grid.title, title_justify="left")
    for column in table.columns[1:]:
        column.justify = "right"
    for name, cells in grid.cells():
        table.add_row(name, *(Text(figure, style="bold" if is_best else "") for figure, is_best in cells))
    Console(width=130).print(table)


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of data sets in BEIR layout")
    parser.add_argument("--set", action="append", choices=SETS, dest="sets", help="only this data set; repeatable")
    parser.add_argument("--encoder", help="search the data sets with this encoder (default: the default one)")
    parser.add_argument("--index", type=Path, help="an index, to search its passages instead")
    parser.add_argument("--questions", type=Path, help="the question file to ask of it")
    parser.add_argument("--cache", type=Path, help="folder of embeddings and indexes made before")
    parser.add_argument("--out", type=Path, help="folder to write the runs over the data sets to")
    parser.add_argument("--markdown", action="store_true", help="print tables for a Markdown file")
    options = parser.parse_args()
    if (options.index is None) != (options.questions is None):
        parser.error("give --index and --questions together")
    for path in filter(None, (options.index, options.questions)):
        if not path.exists():
            print(f"{path}: not here, nothing measured", file=sys.stderr)
            return
    cache = cache_folder(options.cache)
    if options.index:
        grids = [index_grid(options.index, options.questions, cache)]
    else:
        grids = data_set_grids(options.data, options.sets or tuple(SETS), options.encoder, cache, options.out)
    for grid in grids:
        print_grid(grid, markdown=options.markdown)


if __name__ == "__main__":
    main()
