"""Retrieval data sets in BEIR layout: records to be found, queries, and which records are relevant to which.

`corpus.jsonl[.gz]` has `{"_id", "title", "text"}` a line, `queries.jsonl[.gz]` `{"_id", "text"}`, `qrels/test.tsv` the
judgements (`eval.trec`). One record is one passage, never cut. Thakur et al., "BEIR: A Heterogenous Benchmark for
Zero-shot Evaluation of Information Retrieval Models" (NeurIPS 2021, datasets and benchmarks).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from eval.records import read_records, text_of
from eval.trec import Judgement, Qrels, read_qrels
from ingest.errors import BadRequest


@dataclass(frozen=True, slots=True)
class Record:
    """What is searched for; the title may be empty."""

    id: str
    title: str
    text: str

    @property
    def in_lines(self) -> str:
        """The title on the first line and the text below it; the text alone where there is no title."""
        return f"{self.title}\n{self.text}" if self.title else self.text

    @property
    def in_one_line(self) -> str:
        """The title, a space and the text; the text alone where there is no title."""
        return f"{self.title} {self.text}" if self.title else self.text


@dataclass(frozen=True, slots=True)
class Collection:
    """A data set: the records by id, and the queries that have a relevant record, in the order of their file."""

    name: str
    records: tuple[Record, ...]
    queries: dict[str, str]
    """Query id to text."""
    qrels: Qrels
    """The judgements of these queries; records that are not in the collection stay, as what cannot be found."""
    not_judged: int
    """Queries of the file that are left out since nothing is relevant to them."""
    notes: tuple[str, ...]
    """What is odd about the judgements."""


def read_collection(folder: Path, *, queries: Path | None = None, qrels: Path | None = None) -> Collection:
    """Read the data set of a folder; queries and judgements come from other files where they are given.

    Raises BadRequest that names the file, and the line, of what is missing or wrong.
    """
    corpus = _find(folder, ("corpus.jsonl", "corpus.jsonl.gz"), "the records")
    queries = queries or _find(folder, ("queries.jsonl", "queries.jsonl.gz"), "the queries", "--queries")
    qrels = qrels or _find(folder, ("qrels/test.tsv",), "the relevance judgements", "--qrels")
    records = tuple(sorted(read_corpus(corpus), key=lambda record: record.id))
    asked = _read_queries(queries)
    judgements = list(read_qrels(qrels))
    if not judgements:
        raise BadRequest(f"{qrels}: no judgements in this file")
    judged = _judged(qrels, judgements, asked)
    found = {query: text for query, text in asked.items() if any(score > 0 for score in judged[query].values())}
    if not found:
        raise BadRequest(f"{qrels}: none of the {len(asked)} queries of {queries} has a relevant record here")
    return Collection(
        name=folder.resolve().name,
        records=records,
        queries=found,
        qrels={query: judged[query] for query in found},
        not_judged=len(asked) - len(found),
        notes=tuple(_notes(qrels, judgements, asked, {record.id for record in records})),
    )


def read_corpus(path: Path) -> Iterator[Record]:
    """The records of a file in its order. Raises BadRequest that names the file and line of what is wrong."""
    lines: dict[str, int] = {}
    for number, record in read_records(path):
        place = f"{path}, line {number}"
        title = record.get("title") or ""
        if not isinstance(title, str):
            raise BadRequest(f"{place}: the title is no text; leave it out or give a text")
        id = _new_id(text_of(record, "_id", place), place, lines, number)
        yield Record(id, _encodable(title).strip(), _encodable(text_of(record, "text", place)))
    if not lines:
        raise BadRequest(f"{path}: no records in this file")


def _read_queries(path: Path) -> dict[str, str]:
    lines: dict[str, int] = {}
    found: dict[str, str] = {}
    for number, record in read_records(path):
        place = f"{path}, line {number}"
        id = _new_id(text_of(record, "_id", place), place, lines, number)
        found[id] = _encodable(text_of(record, "text", place))
        if not found[id].strip():
            raise BadRequest(f"{place}: the query {id!r} is empty")
    if not found:
        raise BadRequest(f"{path}: no queries in this file")
    return found


def _judged(path: Path, judgements: list[Judgement], asked: Mapping[str, str]) -> Qrels:
    judged: Qrels = {query: {} for query in asked}
    for one in judgements:
        known = judged.get(one.query, {})
        if known.setdefault(one.record, one.score) != one.score:
            raise BadRequest(
                f"{path}, line {one.line}: {one.record!r} has the score {known[one.record]} for {one.query!r} on an "
                f"earlier line and {one.score} here; keep one"
            )
    return judged


def _notes(path: Path, judgements: list[Judgement], asked: Mapping[str, str], records: set[str]) -> Iterator[str]:
    strangers = [one for one in judgements if one.query not in asked]
    if strangers:
        yield (
            f"{path}: {len(strangers)} judgements are of queries that there are not, the first on line "
            f"{strangers[0].line}: {strangers[0].query!r}; they are left out"
        )
    lost = [one for one in judgements if one.query in asked and one.record not in records]
    if lost:
        yield (
            f"{path}: {len(lost)} judgements are of records that there are not, the first on line {lost[0].line}: "
            f"{lost[0].record!r}; they count as not found"
        )


def _find(folder: Path, names: tuple[str, ...], what: str, option: str = "") -> Path:
    for name in names:
        if (folder / name).is_file():
            return folder / name
    remedy = f", or give a file by {option}" if option else "; give a folder in BEIR layout"
    raise BadRequest(f"{folder}: {what} are not there; looked for {' and '.join(names)}{remedy}")


def _new_id(id: str, place: str, lines: dict[str, int], number: int) -> str:
    id = _encodable(id)
    if not id.strip():
        raise BadRequest(f"{place}: the '_id' is empty")
    if id in lines:
        raise BadRequest(f"{place}: the id {id!r} stands on line {lines[id]} already; give each its own")
    lines[id] = number
    return id


def _encodable(text: str) -> str:
    """A text as UTF-8 can hold it: JSON may carry halves of characters, which become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")
