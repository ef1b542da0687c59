"""Reading: questions whose passage is known, so that only the quoting is judged.

`answers.jsonl` has `{"_id", "question", "passage", "answers": [..]}`, `corpus.jsonl[.gz]` the passages as `{"_id",
"title", "text"}`. Each passage becomes a document of an index of its own, and the question is asked of it alone.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import TYPE_CHECKING

from answer import ask
from answer.method import METHOD, Method
from eval.records import read_records, text_of
from index import Searcher, update_index
from index.model import Filters
from ingest.chinese import fold
from ingest.errors import BadRequest

if TYPE_CHECKING:
    from index.encoder import Encoder


@dataclass(frozen=True, slots=True)
class ReadingQuestion:
    """A question, the id of the passage that answers it, and the wordings of its answer."""

    id: str
    text: str
    passage: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dataset:
    """Passages by id, each with its title before its text, and the questions on them."""

    passages: dict[str, str]
    questions: tuple[ReadingQuestion, ...]

    @property
    def fingerprint(self) -> str:
        """A hash of the passages."""
        return hashlib.sha256(repr(sorted(self.passages.items())).encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Quoted:
    """What was quoted for a question, and how near it comes to an answer.

    `exact` and `f1` are those of the shortest quotation, for the answer that it comes nearest to.
    """

    id: str
    quotes: tuple[str, ...]
    contains: float
    """1 where a quotation contains an answer."""
    first_contains: float
    """1 where the first quotation does."""
    exact: float
    f1: float
    milliseconds: float

    @property
    def is_refused(self) -> bool:
        """Whether nothing was quoted."""
        return not self.quotes


READING_MEASURES: dict[str, Callable[[Quoted], tuple[float, float]]] = {
    "answer quoted": lambda one: (one.contains, 1.0),
    "answer in the first quote": lambda one: (one.first_contains, 1.0),
    "EM": lambda one: (one.exact, 1.0),
    "F1": lambda one: (one.f1, 1.0),
    "refused": lambda one: (float(one.is_refused), 1.0),
    "characters quoted": lambda one: (float(sum(map(len, one.quotes))), float(not one.is_refused)),
}
"""What a question adds above and below the line of each measure."""


def read_dataset(folder: Path) -> Dataset:
    """Read a reading data set. Raises BadRequest that names the file and line of what is wrong."""
    corpus = next((path for name in ("corpus.jsonl", "corpus.jsonl.gz") if (path := folder / name).exists()), None)
    answers = folder / "answers.jsonl"
    if corpus is None or not answers.exists():
        missing = "corpus.jsonl or corpus.jsonl.gz" if corpus is None else "answers.jsonl"
        raise BadRequest(f"{folder}: no {missing} there; give a folder that has the passages and the answers")
    passages = dict(_passages(corpus))
    questions = tuple(_questions(answers, passages))
    if not questions:
        raise BadRequest(f"{answers}: no questions in this file")
    return Dataset(passages, questions)


def open_passages(dataset: Dataset, cache: Path, *, encoder: Encoder | None = None) -> Searcher:
    """An index of the passages, each a document of its own, kept in the folder `cache`.

    One that is there already is brought up to date with the code. Raises BadRequest where nothing can be kept there.
    """
    folder = cache / f"reading-{dataset.fingerprint}"
    passages = folder / "passages"
    try:
        passages.mkdir(parents=True, exist_ok=True)
        for name, text in dataset.passages.items():
            path = passages / source_of(name)
            if not path.exists():
                path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadRequest(f"{folder}: cannot be written ({error.strerror}); give another place with --cache") from error
    update_index([passages], folder / "index", encoder=encoder)
    return Searcher.open(folder / "index", encoder=encoder)


def source_of(passage: str) -> str:
    """The source of a passage's document: its id, where that can be a file's name."""
    if passage.replace("_", "").replace("-", "").isalnum() and len(passage) < 100:
        return f"{passage}.txt"
    return f"{hashlib.sha256(passage.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}.txt"


def quote_answers(searcher: Searcher, dataset: Dataset, method: Method = METHOD) -> Iterator[Quoted]:
    """Ask each question of its passage alone, and judge what is quoted."""
    for question in dataset.questions:
        begun = time.perf_counter()
        only = Filters(sources=(source_of(question.passage),))
        answer = ask(searcher, question.text, filters=only, method=method)
        seconds = time.perf_counter() - begun
        quotes = tuple(citation.quote for citation in answer.citations) if answer.answerable else ()
        yield judged(question, quotes, 1000 * seconds)


def judged(question: ReadingQuestion, quotes: Sequence[str], milliseconds: float) -> Quoted:
    """How near quotations come to the answers of a question."""
    wanted = [_plain(answer) for answer in question.answers]
    given = [_plain(quote) for quote in quotes]
    contained = [any(answer in quote for answer in wanted) for quote in given]
    shortest = min(given, key=len, default="")
    return Quoted(
        question.id,
        tuple(quotes),
        float(any(contained)),
        float(contained[:1] == [True]),
        float(bool(shortest) and shortest in wanted),
        max(overlap_f1(shortest, answer) for answer in wanted),
        milliseconds,
    )


def overlap_f1(given: str, wanted: str) -> float:
    """The harmonic mean of the shares of two texts that their longest common stretch makes up, 0 to 1.

    As CMRC 2018 scores answers, by characters: Cui et al., "A Span-Extraction Dataset for Chinese Machine Reading
    Comprehension" (EMNLP-IJCNLP 2019).
    """
    common = SequenceMatcher(None, given, wanted, autojunk=False).find_longest_match().size
    return 2 * common / (len(given) + len(wanted)) if common else 0.0


def _plain(text: str) -> str:
    """A text as it is compared: folded, without punctuation and white space."""
    return "".join(character for character in fold(text) if character.isalnum())


def _passages(path: Path) -> Iterator[tuple[str, str]]:
    seen: dict[str, int] = {}
    for number, record in read_records(path):
        place = f"{path}, line {number}"
        name = text_of(record, "_id", place)
        if name in seen:
            raise BadRequest(f"{place}: passage {name!r} stands on line {seen[name]} already")
        seen[name] = number
        title = str(record.get("title") or "")
        text = text_of(record, "text", place)
        yield name, f"{title}\n{text}" if title else text


def _questions(path: Path, passages: dict[str, str]) -> Iterator[ReadingQuestion]:
    for number, record in read_records(path):
        place = f"{path}, line {number}"
        answers = record.get("answers")
        if not isinstance(answers, list) or not any(isinstance(one, str) and _plain(one) for one in answers):
            raise BadRequest(f"{place}: answers is a list of texts, at least one")
        passage = text_of(record, "passage", place)
        if passage not in passages:
            raise BadRequest(f"{place}: no passage {passage!r} in the corpus")
        worded = tuple(one for one in answers if isinstance(one, str) and _plain(one))
        yield ReadingQuestion(text_of(record, "_id", place), text_of(record, "question", place), passage, worded)
