"""What our search is measured against: plain BM25, by the library `bm25s` with its default parameters.

The terms are made here and nowhere else, so that no change to our own terms changes what they are held against.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.errors import BadRequest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Ranking = list[tuple[int, float]]
"""Numbers and scores, best first."""
Tokenise = Callable[[str], list[str]]
Progress = Callable[[int, int], None]
"""Is told how many are done, and how many there are."""
_RUN = re.compile(r"[一-鿿]+|[^\W一-鿿_]+")
_TOLD_EVERY = 500


def jieba_words(text: str) -> list[str]:
    """The words that jieba cuts a text into, in lower case, without punctuation."""
    return [word for word in _jieba().lcut(text.lower()) if any(map(str.isalnum, word))]


def character_bigrams(text: str) -> list[str]:
    """Each two neighbouring Chinese characters, and foreign words and numbers whole, in lower case."""
    terms: list[str] = []
    for run in _RUN.findall(text.lower()):
        if "一" <= run[0] <= "鿿" and len(run) > 1:
            terms.extend(run[i : i + 2] for i in range(len(run) - 1))
        else:
            terms.append(run)
    return terms


@dataclass(frozen=True, slots=True)
class Bm25:
    """BM25 over texts, under their numbers from 0."""

    index: Any
    tokenise: Tokenise

    def search(self, query: str, depth: int) -> Ranking:
        """The `depth` best texts that share a term with a query, best first; ties stand by number."""
        terms = self.index.get_tokens_ids(self.tokenise(query))
        return best(self.index.get_scores_from_ids(terms), depth) if terms else []


def build_bm25(folder: Path, texts: Sequence[str], tokenise: Tokenise, progress: Progress | None = None) -> None:
    """Index texts and keep the index in a folder."""
    import bm25s  # type: ignore[import-untyped]

    # Terms become numbers as they come: as lists of words a large collection would not fit into memory.
    vocabulary: dict[str, int] = {"": 0}
    numbered: list[list[int]] = []
    for done, text in enumerate(texts, start=1):
        numbered.append([vocabulary.setdefault(term, len(vocabulary)) for term in tokenise(text)])
        if progress and done % _TOLD_EVERY == 0:
            progress(done, len(texts))
    index = bm25s.BM25()
    index.index((numbered, vocabulary), show_progress=False)
    index.save(folder, show_progress=False)


def open_bm25(folder: Path, tokenise: Tokenise) -> Bm25:
    """Open an index that was kept. Raises BadRequest where it cannot be read."""
    import bm25s

    try:
        return Bm25(bm25s.BM25.load(folder, show_progress=False), tokenise)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadRequest(f"{folder}: damaged ({error}); remove it, and it is made anew") from error


def best(scores: NDArray[np.float32], depth: int) -> Ranking:
    """The numbers and scores of the `depth` highest scores above 0, best first; ties stand by number."""
    import numpy as np

    above = scores > 0
    if int(np.count_nonzero(above)) > depth:
        # All that tie with the last one wanted come along, and the sort below decides by number.
        above &= scores >= np.partition(scores, len(scores) - depth)[len(scores) - depth]
    numbers = np.flatnonzero(above)
    order = numbers[np.lexsort((numbers, -scores[numbers]))][:depth]
    return [(int(number), float(scores[number])) for number in order]


def kept(folder: Path, make: Callable[[Path], None]) -> Path:
    """The folder, which `make` fills first where it is not there: a crash leaves none that is half made.

    Raises BadRequest where it cannot be written.
    """
    if folder.exists():
        return folder
    unfinished = folder.with_name(f"{folder.name}.{os.getpid()}")
    try:
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        make(unfinished)
        os.replace(unfinished, folder)
    except OSError as error:
        if not folder.exists():  # else another process was faster
            raise BadRequest(f"{folder}: cannot be made ({error}); give another place with --cache") from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return folder


@lru_cache(1)
def _jieba() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # old escapes in its source, seen when it is first compiled
        import jieba  # type: ignore[import-untyped]
    jieba.setLogLevel(logging.WARNING)
    return jieba.Tokenizer()
