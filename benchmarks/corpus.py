"""Measures ingestion and answers over a folder of documents: speed, memory and room on disk.

    python -m benchmarks.corpus [--corpus DIR] [--questions FILE.jsonl] [--index DIR] [--repeats 1]

Each figure is taken in a process of its own, from a copy of the folder and an index in a temporary directory. The
encoder's raw speed is that over the very texts that the ingestion embedded, sent in the same chunks, in the same run.
What the encoder gains over the stock one is measured by `benchmarks.encoder`.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from statistics import median, quantiles
from typing import ParamSpec, TypeVar

from answer import ask
from eval.questions import read_questions
from index import Searcher, update_index
from index.catalogue import Catalogue
from index.changes import find_changes
from index.context import embedded_text
from index.embedding import CHUNK, WINDOW
from index.encoders import load_encoder
from index.snapshot import CATALOGUE, open_snapshot

HERE = Path(__file__).resolve().parent.parent
COLD_RUNS = 5
WARM_UP = "办法从什么时候起施行？"
ADDED = "补充：本文件由办公室负责解释，解释时间以这次测量为准。"

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Row:
    """A figure of the table and what is wanted of it: at most `target`, or at least where `is_least`."""

    name: str
    figure: float
    unit: str = ""
    target: float | None = None
    is_least: bool = False

    @property
    def verdict(self) -> str:
        """Whether the target is met; empty where there is none."""
        if self.target is None:
            return ""
        return "yes" if (self.figure >= self.target) is self.is_least or self.figure == self.target else "NO"


@dataclass(frozen=True, slots=True)
class Ingestion:
    """What making an index anew took: seconds, those of them all processors worked, and the peak of memory held."""

    documents: int
    failed: int
    passages: int
    seconds: float
    processor_seconds: float
    megabytes: float


def in_new_process(
    function: Callable[Parameters, Result], *arguments: Parameters.args, **options: Parameters.kwargs
) -> Result:
    """Call a function in a process of its own, so that memory and caches are its own too."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(function, *arguments, **options).result()


def memory_megabytes(field: str) -> float:
    """Resident memory of this process now (`VmRSS`) or at its peak (`VmHWM`); not a number where Linux does not say."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return float("nan")
    return next((int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith(f"{field}:")), float("nan"))


def ingestion(corpus: Path, index: Path) -> Ingestion:
    """Make the index anew with an encoder that is loaded and warm."""
    encoder = load_encoder()
    encoder.encode_passages([WARM_UP])
    begun = time.process_time()
    report = update_index([corpus], index, encoder=encoder, rebuild=True)
    worked = time.process_time() - begun
    return Ingestion(
        report.documents, len(report.failed), report.passages, report.seconds, worked, memory_megabytes("VmHWM")
    )


def texts_of(index: Path) -> list[str]:
    """The texts that were embedded for an index, each once, in the order in which they were queued."""
    catalogue = Catalogue(open_snapshot(index).path / CATALOGUE)
    infos = {info.id: info for info in catalogue.infos()}
    numbered = sorted(
        (number, embedded_text(infos[passage.document_id], passage)) for number, _, passage in catalogue.all_passages()
    )
    return list(dict.fromkeys(text for _, text in numbered))


def chunks_of(texts: Sequence[str]) -> Iterator[list[str]]:
    """The texts as the builder sends them to the encoder: windows sorted by length, in chunks."""
    for begin in range(0, len(texts), WINDOW):
        window = sorted(texts[begin : begin + WINDOW], key=len, reverse=True)
        yield from (window[start : start + CHUNK] for start in range(0, len(window), CHUNK))


def raw_encoding(index: Path) -> tuple[int, float, float]:
    """How many texts an index has embedded, the seconds the encoder alone takes for them, and its processor seconds."""
    encoder = load_encoder()
    encoder.encode_passages([WARM_UP])
    texts = texts_of(index)
    start, begun = time.perf_counter(), time.process_time()
    for chunk in chunks_of(texts):
        encoder.encode_passages(chunk)
    return len(texts), time.perf_counter() - start, time.process_time() - begun


def answers(index: Path, questions: Sequence[str]) -> tuple[list[float], float]:
    """The seconds each question takes an open, warm index, and the megabytes of memory held after all of them."""
    searcher = Searcher.open(index)
    ask(searcher, WARM_UP)
    seconds = []
    for question in questions:
        start = time.perf_counter()
        ask(searcher, question)
        seconds.append(time.perf_counter() - start)
    return seconds, memory_megabytes("VmRSS")


def shell_seconds(*arguments: str) -> float:
    """How long a `yinju` command takes from start to end; status 1, files that cannot be read, is no failure here."""
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", "from cli import main; main()", *arguments], capture_output=True)
    seconds = time.perf_counter() - start
    if done.returncode > 1 or (done.returncode == 1 and arguments[0] != "ingest"):
        raise SystemExit(f"yinju {' '.join(arguments)}: {done.stderr.decode(errors='replace')}")
    return seconds


def change_one_file(corpus: Path) -> bool:
    """Add a paragraph to the first file that takes one; False where the folder has only PDF."""
    for path in sorted(
        path for path in corpus.rglob("*") if path.is_file() and not path.name.lower().startswith("readme")
    ):
        if path.suffix in {".txt", ".md"}:
            path.write_bytes(path.read_bytes().rstrip() + f"\n\n{ADDED}\n".encode())
            return True
        if path.suffix == ".docx":
            import docx

            document = docx.Document(str(path))
            document.add_paragraph(ADDED)
            document.save(str(path))
            return True
    return False


def ingestion_rows(corpus: Path, index: Path, repeats: int) -> Iterator[Row]:
    """Measure ingestion of a folder, which is changed in the end, into an index, which is left up to date."""
    made, texts, raw, worked = in_new_process(ingestion, corpus, index), 0, float("inf"), float("inf")
    for repeat in range(repeats):
        # The two take turns, so that other work on the machine slows both alike.
        if repeat:
            made = min(made, in_new_process(ingestion, corpus, index), key=lambda one: one.seconds)
        texts, seconds, processor_seconds = in_new_process(raw_encoding, index)
        raw, worked = min(raw, seconds), min(worked, processor_seconds)
    yield Row("documents ingested", made.documents)
    yield Row("files that cannot be read", made.failed)
    yield Row("passages", made.passages)
    yield Row("texts embedded, repeats left out", texts)
    yield Row("ingestion", made.seconds, "s")
    yield Row("ingestion", made.passages / made.seconds, "passages/s")
    yield Row("its encoder alone, same texts", raw, "s")
    yield Row("its encoder alone, same texts", texts / raw, "texts/s")
    yield Row("share of the encoder's speed", 100 * raw / made.seconds, "%", 90, is_least=True)
    yield Row("its share of the processors' time", 100 * worked / made.processor_seconds, "%")
    yield Row("peak memory of ingestion", made.megabytes, "MB")
    again = ("ingest", str(corpus), "--index", str(index))
    yield Row("yinju ingest, nothing changed", shell_seconds(*again), "s", 3)
    if change_one_file(corpus):
        yield Row("yinju ingest, one file changed", shell_seconds(*again), "s", 3)


def answer_rows(index: Path, questions: Sequence[str]) -> Iterator[Row]:
    """Measure answering over an index."""
    seconds, megabytes = in_new_process(answers, index, questions)
    milliseconds = [1000 * one for one in seconds]
    shares = quantiles(milliseconds, n=100, method="inclusive") if len(milliseconds) > 1 else milliseconds * 99
    yield Row("questions asked", len(questions))
    yield Row("warm ask, p50", shares[49], "ms", 120)
    yield Row("warm ask, p95", shares[94], "ms", 250)
    yield Row("warm ask, longest", max(milliseconds), "ms")
    yield Row("memory after all questions", megabytes, "MB", 900)
    shell_seconds("ask", WARM_UP, "--index", str(index))  # the converted weights are in the cache from now on
    asked = [questions[run % len(questions)] for run in range(COLD_RUNS)]
    cold = [shell_seconds("ask", question, "--index", str(index)) for question in asked]
    yield Row(f"cold yinju ask, median of {COLD_RUNS}", median(cold), "s", 2.5)
    size = sum(file.size for file in open_snapshot(index).manifest.files.values())
    yield Row("index on disk", size / 1e6, "MB")


def is_up_to_date(index: Path, corpus: Path) -> bool:
    """Whether an index holds what a folder holds now."""
    catalogue = Catalogue(open_snapshot(index).path / CATALOGUE)
    return not find_changes([corpus], catalogue.known_files(), catalogue.folders()).is_some


def print_rows(rows: Sequence[Row]) -> None:
    """Print the table."""
    from rich.console import Console
    from rich.table import Table

    table = Table("measure", "figure", "unit", "target", "met")
    table.columns[1].justify = table.columns[3].justify = "right"
    for row in rows:
        target = "" if row.target is None else f"{'≥' if row.is_least else '≤'} {row.target:g}"
        shown = f"{row.figure:,d}" if isinstance(row.figure, int) else f"{row.figure:,.2f}"
        table.add_row(row.name, shown, row.unit, target, row.verdict)
    Console().print(table)


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=HERE / "corpus", help="folder of documents")
    parser.add_argument(
        "--questions", type=Path, default=HERE / "eval" / "sets" / "demo-dev.jsonl", help="question file"
    )
    parser.add_argument("--index", type=Path, help="an index made before: leaves out what is measured of ingestion")
    parser.add_argument("--repeats", type=int, default=1, help="ingestions, of which the fastest counts (default 1)")
    options = parser.parse_args()
    for path in filter(None, (options.corpus, options.questions, options.index)):
        if not path.exists():
            print(f"{path}: not here, nothing measured", file=sys.stderr)
            return
    if hasattr(os, "getloadavg"):
        print(f"Load of the machine at the start: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    questions = [question.text for question in read_questions(options.questions)]
    if options.index:
        if not is_up_to_date(options.index, options.corpus):
            print(f"{options.index}: not up to date with {options.corpus}; measured as it is", file=sys.stderr)
        print_rows(list(answer_rows(options.index, questions)))
        return
    with tempfile.TemporaryDirectory() as folder:
        corpus, index = Path(folder, "corpus"), Path(folder, "index")
        shutil.copytree(options.corpus, corpus)
        print_rows([*ingestion_rows(corpus, index, max(1, options.repeats)), *answer_rows(index, questions)])


if __name__ == "__main__":
    main()
