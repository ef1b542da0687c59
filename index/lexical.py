"""BM25 over words, character bigrams, entities and context words, by tantivy."""

import json
import os
import tempfile
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from index.tokeniser import bigrams, entities, words
from ingest.chinese import fold

if TYPE_CHECKING:
    import tantivy

MOST_TERMS = 64
"""Terms of a field that a query is matched by; of a longer one, the rarest."""
_HEAP = 64_000_000


@dataclass(frozen=True, slots=True)
class FieldWeights:
    """How much each field counts in a score; a field of weight 0 is not searched."""

    words: float = 1.0
    bigrams: float = 0.5
    entities: float = 1.0
    context: float = 1.0


WEIGHTS = FieldWeights()


@dataclass(frozen=True, slots=True)
class Terms:
    """What a text is matched by, field by field."""

    words: list[str]
    bigrams: list[str]
    entities: list[str]
    context: list[str]


def terms_of_passage(text: str, context: str) -> Terms:
    """The terms of a passage and of its context (`index.context`)."""
    return Terms(words(text), bigrams(text), entities(text), list(_terms_of_context(context)))


@lru_cache(1024)
def _terms_of_context(context: str) -> tuple[str, ...]:
    return (*words(context), *entities(context))


def terms_of_query(query: str) -> Terms:
    """The terms of a query: its words and entities are looked for in the context as well."""
    in_words, in_entities = words(query), entities(query)
    return Terms(in_words, bigrams(query), in_entities, [*in_words, *in_entities])


_FIELDS = tuple(Terms.__dataclass_fields__)


class LexicalIndex:
    """An open lexical index, read only; its methods may be called from any thread.

    Raises OSError where the files cannot be opened.
    """

    def __init__(self, directory: Path) -> None:
        import tantivy

        with _disk_errors():
            index = tantivy.Index.open(str(self._lockable(directory)))
            index.config_reader("manual")
            self._searcher = index.searcher()
        self._schema = index.schema

    def _lockable(self, directory: Path) -> Path:
        """The directory, or where it cannot be written one of links to its files: tantivy locks what it reads."""
        if os.access(directory, os.W_OK):
            return directory
        links = tempfile.TemporaryDirectory(prefix="yinju-lexical-")
        weakref.finalize(self, links.cleanup)
        for path in directory.iterdir():
            if path.suffix != ".lock":
                Path(links.name, path.name).symlink_to(path.resolve())
        return Path(links.name)

    def search(
        self, query: str, depth: int, *, documents: frozenset[int] | None = None, weights: FieldWeights = WEIGHTS
    ) -> list[tuple[int, float]]:
        """The numbers and scores of the `depth` best passages, best first, of the given documents only.

        The score is the weighted sum of the BM25 scores of the fields.
        """
        import tantivy

        terms = self._weighted_terms(query, weights)
        if not terms or (documents is not None and not documents):
            return []
        matching = tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])
        if documents is not None:
            among = tantivy.Query.term_set_query(self._schema, "document", sorted(documents))
            unscored = tantivy.Query.const_score_query(among, 0.0)
            matching = tantivy.Query.boolean_query([(tantivy.Occur.Must, unscored), (tantivy.Occur.Must, matching)])
        # tantivy makes room for as many as it is asked for.
        limit = max(1, min(depth, self._searcher.num_docs))
        hits = self._searcher.search(matching, limit=limit, count=False).hits
        numbers = self._searcher.fast_field_values("number", [address for _, address in hits])
        return [(int(number or 0), float(score)) for number, (score, _) in zip(numbers, hits, strict=True)]

    def numbers(self) -> list[int]:
        """The numbers of all passages, in no fixed order."""
        import tantivy

        with _disk_errors():
            limit = max(1, self._searcher.num_docs)
            hits = self._searcher.search(tantivy.Query.all_query(), limit=limit, count=False).hits
            found = self._searcher.fast_field_values("number", [address for _, address in hits])
        return [int(number or 0) for number in found]

    def frequency(self, term: str) -> int:
        """In how many passages a word, abbreviation or phrase occurs (by its bigrams: exact up to two characters)."""
        import tantivy

        grams = [self._term("bigrams", gram) for gram in sorted(set(bigrams(term)))]
        if not grams:
            return 0
        together = tantivy.Query.boolean_query([(tantivy.Occur.Must, gram) for gram in grams])
        found: int = self._searcher.search(together, limit=1).count  # type: ignore[attr-defined]
        return max(found, self._searcher.doc_freq("entities", fold(term)))

    def _weighted_terms(self, query: str, weights: FieldWeights) -> list["tantivy.Query"]:
        import tantivy

        queries: list[tantivy.Query] = []
        terms = terms_of_query(query)
        for field, weight in zip(_FIELDS, astuple(weights), strict=True):
            if weight:
                for term in self._rarest(field, getattr(terms, field)):
                    queries.append(tantivy.Query.boost_query(self._term(field, term), weight))
        return queries

    def _rarest(self, field: str, terms: Sequence[str]) -> list[str]:
        frequencies = {term: self._searcher.doc_freq(field, term) for term in terms}
        present = sorted((frequency, term) for term, frequency in frequencies.items() if frequency)
        return [term for _, term in present[:MOST_TERMS]]

    def _term(self, field: str, term: str) -> "tantivy.Query":
        import tantivy

        return tantivy.Query.term_query(self._schema, field, term, "freq")


def share_removed(directory: Path) -> float:
    """How much of a lexical index is removed passages, which still take room and count as if they were there."""
    segments = json.loads((directory / "meta.json").read_text(encoding="utf-8"))["segments"]
    removed: int = sum(segment["deletes"]["num_deleted_docs"] for segment in segments if segment["deletes"])
    total: int = sum(segment["max_doc"] for segment in segments)
    return removed / max(1, total)


class LexicalWriter:
    """A lexical index being changed; nothing is kept before `commit`. Raises OSError where the disk refuses."""

    def __init__(self, directory: Path) -> None:
        import tantivy

        self._tantivy = tantivy
        directory.mkdir(exist_ok=True)
        with _disk_errors():
            self._index = tantivy.Index(_schema(), path=str(directory))
            # One thread, so that the same passages always give the same segments.
            self._writer = self._index.writer(heap_size=_HEAP, num_threads=1)

    def add(self, number: int, document: int, terms: Terms) -> None:
        """Add a passage under its number, of the document of a number."""
        entry = self._tantivy.Document()
        for field in _FIELDS:
            entry.add_text(field, " ".join(getattr(terms, field)))
        entry.add_unsigned("number", number)
        entry.add_unsigned("document", document)
        with _disk_errors():
            self._writer.add_document(entry)

    def remove_documents(self, documents: Sequence[int]) -> None:
        """Remove all passages of the documents of some numbers."""
        # The query, not the term: deletion by a term takes the number for a signed one and finds nothing.
        among = self._tantivy.Query.term_set_query(self._index.schema, "document", list(documents))
        with _disk_errors():
            self._writer.delete_documents_by_query(among)

    def commit(self) -> None:
        """Write everything to disk and end."""
        with _disk_errors():
            self._writer.commit()
            self._writer.wait_merging_threads()

    def abandon(self) -> None:
        """End without keeping anything; no thread writes into the directory afterwards."""
        with _disk_errors():
            self._writer.rollback()
            self._writer.wait_merging_threads()


@contextmanager
def _disk_errors() -> Iterator[None]:
    """tantivy reports whatever the disk refuses as a ValueError, and damage in its files by a panic."""
    try:
        yield
    except ValueError as error:
        raise OSError(f"lexical index: {error}") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of PyO3; no module gives its class
            raise
        raise OSError(f"lexical index: damaged ({error})") from error


def _schema() -> "tantivy.Schema":
    import tantivy

    builder = tantivy.SchemaBuilder()
    for field in _FIELDS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    builder.add_unsigned_field("number", fast=True)
    builder.add_unsigned_field("document", indexed=True)
    return builder.build()
