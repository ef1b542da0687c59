"""The indexes that the systems compared search, made of the records once and kept.

A record is a passage of no document; its title is what it is indexed with as its context.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from eval.baselines import Bm25, Progress, build_bm25, character_bigrams, jieba_words, kept, open_bm25
from eval.embedded import EmbeddingCache
from eval.parts import Setup
from index.lexical import LexicalIndex, LexicalWriter, terms_of_passage
from ingest.errors import BadRequest

if TYPE_CHECKING:
    from eval.collection import Record
    from index.encoder import Encoder
    from index.vectors import Vectors

Report = Callable[[str, int, int], None]
"""Is told the stage, how many are done, and how many there are."""
_HOME = Path(__file__).parents[1]
_TERMS = ("ingest/chinese.py", "index/segmenter.py", "index/tokeniser.py", "index/lexical.py")
_PLAIN_TERMS = ("eval/baselines.py",)
"""The code that a lexical index is made by, and a plain one: where it changes, the index is made anew."""
_TOLD_EVERY = 500


class Engines:
    """The indexes of some records, whose order decides between ties; each is made, or opened, when it is first used.

    Raises BadRequest where nothing can be kept in the folder `cache`, and what loading the encoder raises.
    """

    def __init__(
        self,
        records: Sequence[Record],
        cache: Path,
        encoder: Callable[[], Encoder],
        setup: Setup | None = None,
        report: Report | None = None,
    ) -> None:
        self.records = records
        self.setup = setup or Setup()
        self._cache = cache
        self._load_encoder = encoder
        self._report = report

    @cached_property
    def encoder(self) -> Encoder:
        """The encoder of queries and records."""
        return self._load_encoder()

    @property
    def encoder_name(self) -> str | None:
        """The name of the encoder, None where it was not needed so far."""
        return self.encoder.name if "encoder" in self.__dict__ else None

    @cached_property
    def lexical(self) -> LexicalIndex:
        """The records' terms in the product's fields; the title is the context."""
        texts = ((record.title, record.text) for record in self.records)
        folder = kept(self._place("lexical", texts, _TERMS, "tantivy", "jieba"), self._write_lexical)
        try:
            return LexicalIndex(folder)
        except OSError as error:
            raise BadRequest(f"{folder}: damaged ({error}); remove it, and it is made anew") from error

    @cached_property
    def words(self) -> Bm25:
        """BM25 over jieba's words."""
        return self._bm25("bm25-words", jieba_words)

    @cached_property
    def bigrams(self) -> Bm25:
        """BM25 over bigrams of characters."""
        return self._bm25("bm25-bigrams", character_bigrams)

    @cached_property
    def vectors(self) -> Vectors:
        """The records' vectors as the product makes them."""
        return self._embedded(self._embedded_texts)

    @cached_property
    def plain_vectors(self) -> Vectors:
        """The vectors of title and text in one line; the product's own where the encoder takes both alike."""
        alike = _takes_lines_as_spaces(self.encoder)
        texts = [record.in_lines if alike else record.in_one_line for record in self.records]
        return self.vectors if texts == self._embedded_texts else self._embedded(texts)

    @cached_property
    def _embedded_texts(self) -> list[str]:
        return [record.in_lines if self.setup.prefix else record.text for record in self.records]

    def _place(self, name: str, texts: Iterable[object], code: Sequence[str], *packages: str) -> Path:
        """Where an index of these texts lies that is made by this code and these packages."""
        digest = hashlib.sha256()
        for text in texts:
            digest.update(repr(text).encode())
        for path in code:
            digest.update((_HOME / path).read_bytes())
        for package in packages:
            digest.update(f"{package} {version(package)}".encode())
        return self._cache / f"{name}-{digest.hexdigest()[:16]}"

    def _bm25(self, name: str, tokenise: Callable[[str], list[str]]) -> Bm25:
        texts = [record.in_one_line for record in self.records]
        place = self._place(name, texts, _PLAIN_TERMS, "bm25s", "jieba")
        progress = self._stage(f"indexing for {name}")
        kept(place, lambda folder: build_bm25(folder, texts, tokenise, progress))
        return open_bm25(place, tokenise)

    def _write_lexical(self, folder: Path) -> None:
        writer, progress = LexicalWriter(folder), self._stage("indexing words")
        for number, record in enumerate(self.records):
            writer.add(number, number, terms_of_passage(record.text, record.title))
            if progress and number % _TOLD_EVERY == 0:
                progress(number, len(self.records))
        writer.commit()

    def _embedded(self, texts: Sequence[str]) -> Vectors:
        from index.vectors import empty_vectors

        cache = EmbeddingCache(self._cache / "vectors.sqlite", self.encoder)
        embedded = cache.passages(texts, progress=self._stage("embedding"))
        vectors = empty_vectors(embedded.shape[1], exact_up_to=len(texts))
        vectors.add(range(len(texts)), embedded)
        return vectors

    def _stage(self, name: str) -> Progress | None:
        return partial(self._report, name) if self._report else None


def _takes_lines_as_spaces(encoder: Encoder) -> bool:
    """Whether a line break is to an encoder what a space is: most tokenizers see white space only."""
    in_lines, in_one = encoder.encode_passages(["题目\n正文"]), encoder.encode_passages(["题目 正文"])
    return bool((in_lines == in_one).all())
