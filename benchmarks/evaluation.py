"""How long a thousand questions take, and how large their report is.

    python -m benchmarks.evaluation --index DIR --questions FILE

Where FILE has fewer questions they come again, each time worded a little otherwise, so that nothing is cached.
"""

import argparse
import os
import sys
import tempfile
import time
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

from benchmarks.corpus import Row, memory_megabytes, print_rows
from eval.parts import Setup
from eval.questions import Question, read_question_file, usable
from eval.report import write_report
from eval.results import run_object
from eval.store import Header, RunFolder
from index import Searcher

HERE = Path(__file__).resolve().parent.parent
MANY = 1000


def many(questions: tuple[Question, ...], count: int) -> list[Question]:
    """As many questions, those that come again with more question marks and ids of their own."""
    rounds = ((question, number // len(questions)) for number, question in enumerate(islice(cycle(questions), count)))
    return [replace(one, id=f"{one.id}-{again}", text=one.text + "？" * again) for one, again in rounds]


def rows(index: Path, file: Path, count: int) -> list[Row]:
    """Ask the questions and write the report, as `yinju eval questions --out` does."""
    read = usable(read_question_file(file))
    asked = many(read.questions, count)
    header = Header(file.name, read.sha256, count, None, "", "", "", "", 0, 0, "", Setup().settings)
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        searcher = Searcher.open(index)
        run = RunFolder(Path(folder, "run"), header)
        for _ in run.go_on(searcher, asked, Setup()):
            pass
        answered = time.perf_counter()
        whole = run_object(run.run())
        run.finish(whole)
        measured = time.perf_counter()
        report = Path(folder, "report.html")
        write_report(whole, report)
        written = time.perf_counter()
        return [
            Row("questions", count),
            Row("opening, searching and answering", answered - begun, "s"),
            Row("measures and intervals", measured - answered, "s"),
            Row("report", written - measured, "s"),
            Row("all together", written - begun, "s", 180 * count / MANY),
            Row("size of the report", report.stat().st_size / 1e6, "MB", 5),
            Row("memory in the end", memory_megabytes("VmRSS"), "MB"),
        ]


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, required=True, help="an index")
    parser.add_argument("--questions", type=Path, default=HERE / "eval" / "sets" / "demo-dev.jsonl")
    parser.add_argument("-n", "--count", type=int, default=MANY)
    options = parser.parse_args()
    for path in (options.index, options.questions):
        if not path.exists():
            print(f"{path}: not here, nothing measured", file=sys.stderr)
            return
    if hasattr(os, "getloadavg"):
        print(f"Load of the machine at the start: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    print_rows(rows(options.index, options.questions, options.count))


if __name__ == "__main__":
    main()
