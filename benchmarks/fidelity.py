"""How faithfully files are read: character errors against true texts, hard files, page numbers, and speed.

    python -m benchmarks.fidelity [--data ../shared/data] [--truth-only] [--json]

Character error rate: Levenshtein distance to the true text divided by its length, after NFKC without white space.
A sentence is sampled every 200 characters of a text with pages, and found on the page that it is said to be on
where PDFium shows it there.
"""

import argparse
import json
import re
import time
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from ingest.archives import is_archive, list_members
from ingest.discover import SourceFile
from ingest.errors import UnreadableFile
from ingest.model import Document
from ingest.reading import SUFFIXES, read_document

_SENTENCE = 14
"""Characters of a sampled sentence."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of one file: its text and pages, or the reason why there are none; time in seconds."""

    source: str
    kind: str
    size: int
    seconds: float
    document: Document | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: figures of the files of one kind with a true text, None where there is nothing to count."""

    kind: str
    files: int
    error_rate: float | None
    worst: float | None
    pages_right: str
    pages_per_second: float | None
    megabytes_per_second: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared" / "data")
    parser.add_argument("--truth-only", action="store_true", help="leave the hard files out")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if not (options.data / "truth" / "manifest.json").exists():
        print(f"no data at {options.data}; nothing measured")
        return
    rows = [_row(kind, pairs) for kind, pairs in sorted(_by_kind(options.data).items())]
    hard = [] if options.truth_only else list(_hard(options.data / "formats"))
    if options.json:
        print(json.dumps({"truth": [asdict(row) for row in rows], "hard": hard}, ensure_ascii=False))
    else:
        _print(rows, hard)


def error_rate(text: str, truth: str) -> float:
    """Levenshtein distance over the length of the truth, after folding both."""
    found, true = _codes(text), _codes(truth)
    before = np.arange(len(true) + 1)
    steps = np.arange(len(true) + 1)
    for number, code in enumerate(found, 1):
        row = np.empty_like(before)
        row[0] = number
        np.minimum(before[1:] + 1, before[:-1] + (true != code), out=row[1:])
        # Insertions: the least of what is to the left, each one further away dearer by one.
        before = np.minimum.accumulate(row - steps) + steps
    return float(before[-1]) / max(1, len(true))


def _codes(text: str) -> np.ndarray:
    return np.array([ord(character) for character in folded(text)], dtype=np.int64)


def folded(text: str) -> str:
    """The text after NFKC, without white space."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def _read(path: Path, kind: str) -> Reading:
    size, start = path.stat().st_size, time.perf_counter()
    try:
        document = read_document(path, source=path.name)
    except UnreadableFile as error:
        return Reading(path.name, kind, size, time.perf_counter() - start, None, error.reason)
    return Reading(path.name, kind, size, time.perf_counter() - start, document)


def _by_kind(data: Path) -> dict[str, list[tuple[Reading, str, Path]]]:
    kinds: dict[str, list[tuple[Reading, str, Path]]] = defaultdict(list)
    listed = json.loads((data / "truth" / "manifest.json").read_text(encoding="utf-8"))
    if listed:
        _read(data / "real" / listed[-1]["source"], "warm up")
    for entry in listed:
        path = data / "real" / entry["source"]
        truth = (data / "truth" / entry["truth"]).read_text(encoding="utf-8")
        kinds[entry["kind"]].append((_read(path, entry["kind"]), truth, path))
    return kinds


def _row(kind: str, pairs: Sequence[tuple[Reading, str, Path]]) -> Row:
    read = [(reading, truth) for reading, truth, _ in pairs if reading.document is not None]
    rates = [error_rate(reading.document.text, truth) for reading, truth in read if reading.document is not None]
    lengths = [len(folded(truth)) for _, truth in read]
    seconds = sum(reading.seconds for reading, _, _ in pairs)
    pages = sum(len(reading.document.pages) for reading, _ in read if reading.document is not None)
    checks = [right for reading, _, path in pairs for right in _pages_right(reading, path)]
    whole = sum(rate * length for rate, length in zip(rates, lengths, strict=True)) / max(1, sum(lengths))
    return Row(
        kind=kind,
        files=len(pairs),
        error_rate=whole if len(read) == len(pairs) else None,
        worst=max(rates, default=None),
        pages_right=f"{sum(checks)}/{len(checks)}" if checks else "",
        pages_per_second=pages / seconds if pages else None,
        megabytes_per_second=sum(reading.size for reading, _, _ in pairs) / seconds / 1e6,
    )


def _pages_right(reading: Reading, path: Path) -> Iterator[bool]:
    """For sentences of a PDF's text layer whether they begin on the page that they are said to be on."""
    document = reading.document
    if document is None or path.suffix.lower() != ".pdf":
        return
    shown = _pages_shown(path)
    if not any(shown):
        return
    for start in range(0, len(document.text) - _SENTENCE, 200):
        sentence = folded(document.text[start : start + _SENTENCE].split("\n")[0])
        page = document.page_at(start)
        if len(sentence) >= 6 and page is not None:
            yield sentence in shown[page - 1] or _runs_over(sentence, shown[page - 1], *shown[page : page + 1])


def _runs_over(sentence: str, page: str, after: str = "") -> bool:
    """Whether a sentence begins at the end of a page and goes on below the header of the next."""
    return any(sentence[:cut] in page[-40:] and sentence[cut:] in after[:80] for cut in range(1, len(sentence)))


def _pages_shown(path: Path) -> list[str]:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        return [folded(page.get_textpage().get_text_range()) for page in document]


def _hard(formats: Path) -> Iterator[dict[str, object]]:
    """For each hard file whether the sentence that a correct reader finds was found, or why there is no text."""
    for line in (formats / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        path = formats / entry["source"]
        result: dict[str, object] = {
            "source": entry["source"],
            "kind": entry["kind"],
            "expected": entry["expected_text"],
        }
        if is_archive(path.name):
            names, reason = _names_in(path)
            found = bool(entry["expected_text"]) and entry["expected_text"] in names
            yield {**result, "found": found, "reason": reason, "seconds": 0}
            continue
        if path.suffix.lower() not in SUFFIXES:
            yield {**result, "found": False, "reason": f"format {path.suffix} is not read"}
            continue
        reading = _read(path, entry["kind"])
        text = folded(reading.document.text) if reading.document else ""
        found = bool(entry["expected_text"]) and folded(entry["expected_text"]) in text
        yield {**result, "found": found, "reason": reading.reason, "seconds": round(reading.seconds, 2)}


def _names_in(path: Path) -> tuple[str, str]:
    """The names of an archive's members, a line each, or why there are none."""
    try:
        members = list_members(SourceFile(path, str(path.parent), path.name))
    except UnreadableFile as error:
        return "", error.reason
    return "\n".join(member.source for member in members), ""


def _print(rows: Sequence[Row], hard: Sequence[dict[str, object]]) -> None:
    print(f"{'kind':<8}{'files':>6}{'CER':>9}{'worst':>9}{'pages right':>13}{'pages/s':>9}{'MB/s':>7}")
    for row in rows:
        rate, worst = (f"{100 * v:.3f}%" if v is not None else "-" for v in (row.error_rate, row.worst))
        speed = f"{row.pages_per_second:.1f}" if row.pages_per_second else "-"
        print(
            f"{row.kind:<8}{row.files:>6}{rate:>9}{worst:>9}{row.pages_right or '-':>13}{speed:>9}"
            f"{row.megabytes_per_second:>7.1f}"
        )
    wanted = [entry for entry in hard if entry["expected"]]
    if wanted:
        print(f"\nsentences found: {sum(bool(entry['found']) for entry in wanted)} of {len(wanted)}")
    for entry in wanted:
        if not entry["found"]:
            print(f"  not found: {entry['source']}: {entry['reason'] or 'read, but without ' + str(entry['expected'])}")
    for entry in hard:
        if not entry["expected"]:
            print(f"  {entry['source']}: {entry['reason'] or 'read'} ({entry.get('seconds', 0)} s)")


if __name__ == "__main__":
    main()
