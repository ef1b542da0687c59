"""Measures reading without embedding, and the memory of a run over many files.

    python -m benchmarks.reading [--corpus DIR] [--files 10000] [--small 2000]

Text formats are read and divided in this process, in one child process and in as many as an ingestion starts. Then an
index is made of generated files, with the bundled encoder; its memory is that of the command and all its children.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import chain, repeat
from pathlib import Path

from ingest.discover import SourceFile, discover
from ingest.divide import divide
from ingest.errors import UnreadableFile
from ingest.isolation import ReaderPool
from ingest.processes import memory_below
from ingest.reading import read_document

HERE = Path(__file__).resolve().parent.parent
TEXT_FORMATS = {".txt", ".md", ".html"}
ENOUGH = 10_000_000
"""Bytes of text formats that are read: those of the folder over and over."""


def generated(folder: Path, count: int) -> list[SourceFile]:
    """Small text files, each unlike the others."""
    files = []
    for number in range(count):
        name = f"{number // 500:03}/{number:05}.txt"
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"关于第{number}号事项的通知\n第一条 第{number}号事项由办公室办理。\n", encoding="utf-8")
        files.append(SourceFile(path, str(folder), name))
    return files


def text_files(corpus: Path) -> list[SourceFile]:
    """The files of text formats of a folder, repeated up to a size."""
    found = [f for f in discover([corpus]) if isinstance(f, SourceFile) and f.path.suffix in TEXT_FORMATS]
    chosen, size = [], 0
    for file in chain.from_iterable(repeat(found)):
        chosen.append(file)
        size += file.path.stat().st_size
        if size >= ENOUGH:
            return chosen
    return chosen


def here(files: Sequence[SourceFile]) -> None:
    """Read and divide in this process."""
    for file in files:
        with suppress(UnreadableFile):
            divide(read_document(file.path, source=file.source))


def in_children(files: Sequence[SourceFile], children: int | None = None) -> None:
    """Read and divide in child processes, their start included."""
    with ReaderPool(children=children) as pool:
        for _ in pool.read(files):
            pass


def seconds(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measured_ingestion(folder: Path, index: Path) -> tuple[float, int, str]:
    """The seconds of `yinju ingest`, the peak of the memory it and its children held in bytes, and what it printed."""
    command = [sys.executable, "-c", "from cli import main; main()", "ingest", str(folder), "--index", str(index)]
    start, peak = time.perf_counter(), 0
    run = subprocess.Popen(command, cwd=HERE, stdout=subprocess.PIPE, text=True)
    while run.poll() is None:
        peak = max(peak, memory_below(run.pid))
        time.sleep(0.1)
    assert run.stdout is not None
    return time.perf_counter() - start, peak, run.stdout.read().strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=HERE / "corpus")
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--small", type=int, default=2_000)
    options = parser.parse_args()
    ways: dict[str, Callable[[Sequence[SourceFile]], None]] = {
        "in this process": here,
        "in one child": lambda files: in_children(files, 1),
        "in children": in_children,
    }
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        texts = text_files(options.corpus)
        size = sum(file.path.stat().st_size for file in texts) / 1e6
        small = generated(place / "small", options.small)
        here(texts[:20])
        for name, way in ways.items():
            print(f"text formats, {name}: {size / seconds(lambda way=way: way(texts)):.1f} MB/s")  # type: ignore[misc]
        for name, way in ways.items():
            print(f"{len(small)} small files, {name}: {seconds(lambda way=way: way(small)):.2f} s")  # type: ignore[misc]
        if options.files:
            generated(place / "many", options.files)
            spent, peak, said = measured_ingestion(place / "many", place / "index")
            print(f"yinju ingest, {options.files} files: {spent:.0f} s, at most {peak / 1e6:.0f} MB in all; {said}")


if __name__ == "__main__":
    main()
