"""Questions with the passages that answer them, as files and data sets have them.

Four kinds of sources: lines of question and passage, folders in BEIR layout, question files of the evaluation, and the
documents of an index (`tuning.documents`).
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from eval.collection import Record, read_collection
from eval.questions import read_question_file, usable
from eval.records import read_records, text_of
from index.context import context_of
from ingest.errors import BadRequest

if TYPE_CHECKING:
    from eval.questions import Question
    from index import Searcher
    from index.catalogue import Catalogue

_QUERY_KEYS = ("query", "question")
_TRAINING_JUDGEMENTS = ("train.tsv", "dev.tsv")


@dataclass(frozen=True, slots=True)
class Pair:
    """A query and the records of a pool that answer it, by position; `origin` says what made it."""

    query: str
    answers: tuple[int, ...]
    origin: str
    text: str = ""
    """What stands for the answer while training, where the record itself would give the query away."""


@dataclass(frozen=True, slots=True)
class Source:
    """Pairs over one pool of records, among which negatives are looked for."""

    name: str
    records: tuple[Record, ...]
    pairs: tuple[Pair, ...]


def read_pair_file(path: Path) -> Source:
    """Lines of `{"query" or "question", "passage" or "passages"}` and optionally `title`, plain or gzipped.

    Raises BadRequest that names the file and the line.
    """
    places: dict[tuple[str, str], int] = {}
    pairs = []
    for number, line in read_records(path):
        place = f"{path}, line {number}"
        key = next((key for key in _QUERY_KEYS if key in line), "query")
        query, title = text_of(line, key, place), text_of({"title": "", **line}, "title", place)
        passages = line["passages"] if "passages" in line else [text_of(line, "passage", place)]
        if not isinstance(passages, list) or not all(isinstance(text, str) and text.strip() for text in passages):
            raise BadRequest(f"{place}: a passage is empty or no text")
        if not query.strip():
            raise BadRequest(f"{place}: the query is empty")
        answers = tuple(dict.fromkeys(places.setdefault((title, text), len(places)) for text in passages))
        pairs.append(Pair(query.strip(), answers, path.name))
    records = tuple(Record(str(number), title, text) for (title, text), number in places.items())
    return Source(path.name, records, tuple(pairs))


def read_beir_folder(folder: Path, *, queries: Path | None = None, qrels: Path | None = None) -> Source:
    """The judged queries of a folder in BEIR layout: of `qrels/train.tsv`, else `qrels/dev.tsv`, or of files given.

    A test half is not trained on by itself: `qrels/test.tsv` has to be named. Raises BadRequest.
    """
    if qrels is None:
        found = [folder / "qrels" / name for name in _TRAINING_JUDGEMENTS if (folder / "qrels" / name).exists()]
        if not found:
            raise BadRequest(
                f"{folder}: it has no qrels/train.tsv or qrels/dev.tsv; to train on other judgements name them "
                f"(`qrels` in a recipe), but never on what you measure with"
            )
        qrels = found[0]
    collection = read_collection(folder, queries=queries, qrels=qrels)
    places = {record.id: place for place, record in enumerate(collection.records)}
    pairs = []
    for query, text in collection.queries.items():
        judged = collection.qrels[query]
        answers = tuple(places[record] for record, grade in judged.items() if grade > 0 and record in places)
        if answers:
            pairs.append(Pair(text, answers, folder.name))
    return Source(folder.name, collection.records, tuple(pairs))


def read_question_pairs(path: Path, searcher: Searcher, pool: Pool) -> tuple[Pair, ...]:
    """The answerable questions of an evaluation file, each with the passages that its gold quotes stand in.

    Raises BadRequest for a file of held-out questions.
    """
    file = usable(read_question_file(path))
    if file.split == "held-out":
        raise BadRequest(f"{path}: held-out questions are never trained on; give questions of the dev split")
    pairs = [
        Pair(question.text, answers, path.name)
        for question in file.questions
        if question.answerable and (answers := pool.holding(searcher.catalogue, question))
    ]
    if not pairs:
        raise BadRequest(f"{path}: none of its gold quotes stands in the index; ingest the documents they are from")
    return tuple(pairs)


def read_place_pairs(path: Path, searcher: Searcher, pool: Pool) -> tuple[Pair, ...]:
    """Lines of `{"question", "source", "start", "end", "check"}`: where in a document a question is answered.

    `check` is the digest of that stretch (`check_of`); what stands elsewhere now, or is not held, is left out. Raises
    BadRequest that names the file and the line, or where nothing is left.
    """
    ids = {info.source: info.id for info in searcher.catalogue.infos() if not info.part}
    by_source: dict[str, list[str]] = {}
    for info in searcher.catalogue.infos():
        by_source.setdefault(info.source, []).append(info.id)
    pairs = []
    for number, line in read_records(path):
        place = f"{path}, line {number}"
        question, source = text_of(line, "question", place), text_of(line, "source", place)
        start, end = line.get("start"), line.get("end")
        if not isinstance(start, int) or not isinstance(end, int):
            raise BadRequest(f"{place}: start and end are no numbers")
        if source not in ids:
            continue
        text = searcher.catalogue.document(ids[source]).text
        if check_of(text[start:end]) != line.get("check"):
            continue
        answers = tuple(one for id in by_source[source] for one in pool.within(id, start, end))
        if answers:
            pairs.append(Pair(question, answers, path.name))
    if not pairs:
        raise BadRequest(f"{path}: none of its places stands in the index; ingest the documents they are from")
    return tuple(pairs)


def check_of(text: str) -> str:
    """Eight hexadecimal digits by which a stretch of text is known again."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()


class Pool:
    """The passages of an index as records: their context is the title, as it is when they are embedded."""

    def __init__(self, catalogue: Catalogue) -> None:
        infos = {info.id: info for info in catalogue.infos()}
        self.passages = [(number, passage) for number, _, passage in catalogue.all_passages()]
        self.places = {number: place for place, (number, _) in enumerate(self.passages)}
        self.records = tuple(
            Record(str(number), context_of(infos[passage.document_id], passage), passage.text)
            for number, passage in self.passages
        )
        self._of_document: dict[str, list[int]] = {}
        for place, (_, passage) in enumerate(self.passages):
            self._of_document.setdefault(passage.document_id, []).append(place)

    def within(self, document_id: str, start: int, end: int) -> tuple[int, ...]:
        """The records that have at least half of `text[start:end]`, or at least half of which it is."""
        found = []
        for place in self._of_document.get(document_id, ()):
            passage = self.passages[place][1]
            shared = min(end, passage.end) - max(start, passage.start)
            if shared > 0 and 2 * shared >= min(end - start, passage.end - passage.start):
                found.append(place)
        return tuple(found)

    def holding(self, catalogue: Catalogue, question: Question) -> tuple[int, ...]:
        """The records that hold a question's gold quotes."""
        from eval.gold import stretches_of

        ids = {info.source: info.id for info in catalogue.infos()}
        found: dict[int, None] = {}
        for stretch in filter(None, stretches_of(catalogue, question)):
            found |= dict.fromkeys(self.within(ids.get(stretch.source, ""), stretch.start, stretch.end))
        return tuple(found)
