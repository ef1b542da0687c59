"""Runs and relevance judgements (qrels) as files, in the formats of TREC and BEIR.

A run has a line a result, `query Q0 record rank score tag`; judgements are `query 0 record score` in TREC's format and,
in BEIR's, `query<TAB>record<TAB>score` below a header line. Evaluation tools order a query's results by score, so that
scores that tie leave the order to the tool; those written here never do.
"""

from __future__ import annotations

import gzip
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from ingest.errors import BadRequest

if TYPE_CHECKING:
    import numpy as np

Run = dict[str, dict[str, float]]
"""Query id to record ids with their scores, best first."""
Qrels = dict[str, dict[str, int]]
"""Query id to record ids with how relevant each is; 0 and below mean not at all."""
_BEIR_HEADER = ["query-id", "corpus-id", "score"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """How relevant a record is to a query, and the line that says so."""

    line: int
    query: str
    record: str
    score: int


def descending(scores: Sequence[float]) -> list[float]:
    """Scores of results, best first, as 32-bit numbers of which each is below the one before it.

    trec_eval, for one, holds scores in 32 bits; one that ties there is lowered to the next number below.
    """
    import numpy as np

    lowered: list[np.float32] = []
    for score in scores:
        one = np.float32(score)
        if lowered and not one < lowered[-1]:
            one = np.nextafter(lowered[-1], np.float32(-np.inf))
        lowered.append(one)
    return [float(one) for one in lowered]


def check_ids(ids: Iterable[str]) -> None:
    """Raise BadRequest for an id that TREC's formats cannot hold: their columns are separated by white space."""
    for id in ids:
        if id.split() != [id]:
            raise BadRequest(
                f"the id {id!r} has white space, which a TREC file cannot hold; rename it, or leave --out out"
            )


def write_run(path: Path, run: Run, tag: str) -> None:
    """Write a run whose scores descend (`descending`) and whose ids are of one word (`check_ids`). Raises OSError."""
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        for query, results in run.items():
            for rank, (record, score) in enumerate(results.items(), start=1):
                # Nine digits tell any two 32-bit numbers apart.
                stream.write(f"{query} Q0 {record} {rank} {score:.9g} {tag}\n")


def write_qrels(path: Path, qrels: Mapping[str, Mapping[str, int]]) -> None:
    """Write judgements in TREC's format; ids are of one word (`check_ids`). Raises OSError."""
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        for query, judged in qrels.items():
            for record, score in judged.items():
                stream.write(f"{query} 0 {record} {score}\n")


def read_run(path: Path) -> Run:
    """Read a run, best first as its scores say; raises BadRequest that names the file and line of what is wrong."""
    found: Run = {}
    for number, line in _lines(path):
        place = f"{path}, line {number}"
        columns = line.split()
        if len(columns) != 6:
            raise BadRequest(
                f"{place}: {len(columns)} columns; a run has six, as in `q1 Q0 d7 1 12.5 name`, and no spaces in an id"
            )
        query, _, record, _, score, _ = columns
        results = found.setdefault(query, {})
        if record in results:
            raise BadRequest(f"{place}: {record!r} is a result of {query!r} already; give each once")
        results[record] = _number(score, place)
    if not found:
        raise BadRequest(f"{path}: no results in this file; give a TREC run file")
    return {query: dict(sorted(results.items(), key=lambda one: -one[1])) for query, results in found.items()}


def read_qrels(path: Path) -> Iterator[Judgement]:
    """Read judgements in BEIR's format or TREC's; raises BadRequest that names the file and line of what is wrong."""
    columns_wanted = 0
    for number, line in _lines(path):
        place = f"{path}, line {number}"
        columns = line.rstrip("\r\n").split("\t") if "\t" in line else line.split()
        if not columns_wanted:
            columns_wanted = len(columns)
            if columns == _BEIR_HEADER:
                continue
        if len(columns) != columns_wanted or columns_wanted not in (3, 4):
            raise BadRequest(
                f"{place}: {len(columns)} columns; judgements have three, query-id, corpus-id and score, separated by "
                "tabs below a line that names them, or TREC's four, all lines alike"
            )
        query, record, score = columns[0], columns[-2], columns[-1]
        if not query.strip() or not record.strip():
            raise BadRequest(f"{place}: an id is empty")
        try:
            yield Judgement(number, query, record, int(score))
        except ValueError as error:
            raise BadRequest(f"{place}: the score {score!r} is no whole number") from error


def _number(score: str, place: str) -> float:
    try:
        value = float(score)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise BadRequest(f"{place}: the score {score!r} is no number")
    return value


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a text file, plain or gzipped, that are not blank, by number from 1."""
    number = 0
    try:
        with _opened(path) as stream:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    yield number, line
    except (OSError, EOFError) as error:
        raise BadRequest(f"{path}: cannot be read ({error})") from error
    except UnicodeDecodeError as error:
        raise BadRequest(f"{path}, after line {number}: not UTF-8 ({error.reason}); save it as UTF-8") from error


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig")
    return path.open(encoding="utf-8-sig")
