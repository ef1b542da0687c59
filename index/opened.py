"""A snapshot with its three indexes open."""

from __future__ import annotations

import copy
import threading
import weakref
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Self

from index.catalogue import Catalogue
from index.lexical import LexicalIndex
from index.model import Filters
from index.naming import Names
from index.snapshot import CATALOGUE, LEXICAL, REBUILD, REPAIR, VECTORS, Snapshot, live_name, open_snapshot
from index.tokeniser import VERSION
from ingest.errors import IndexDamaged, IndexMismatch

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.vectors import Vectors

_CACHED_FILTERS = 32


class OpenSnapshot:
    """An open snapshot, read only; its vectors are read from disk when they are first needed."""

    def __init__(self, snapshot: Snapshot, live: str | None) -> None:
        if snapshot.manifest.tokeniser != VERSION:
            raise IndexMismatch(f"{snapshot.path}: its words were cut in another way; {REBUILD}")
        self.snapshot = snapshot
        self.live = live
        """The name of the snapshot that was live; another one's where that is damaged."""
        self.catalogue = Catalogue(snapshot.path / CATALOGUE)
        try:
            self.lexical = LexicalIndex(snapshot.path / LEXICAL)
            # Opened now and read later: by then newer snapshots may have taken this one's place on the disk.
            self._vector_file = (snapshot.path / VECTORS).open("rb") if VECTORS in snapshot.manifest.files else None
        except OSError as error:
            raise IndexDamaged(f"{error}; {REPAIR}") from error
        if self._vector_file:
            weakref.finalize(self, self._vector_file.close)
        self._loading = threading.Lock()
        self._vectors: Vectors | None = None
        self._names: Names | None = None
        self.passages_admitted = lru_cache(_CACHED_FILTERS)(self._passages_admitted)

    @property
    def vectors(self) -> Vectors | None:
        """The vectors of the passages, None where there are none. Raises IndexDamaged."""
        from index.vectors import load_vectors

        with self._loading:
            if self._vectors is None and self._vector_file:
                try:
                    with self._vector_file:
                        self._vectors = load_vectors(self._vector_file)
                except OSError as error:
                    raise IndexDamaged(f"{error}; {REPAIR}") from error
            return self._vectors

    def with_vectors(self, vectors: Vectors) -> Self:
        """The same snapshot with other vectors of its passages, under their numbers."""
        other = copy.copy(self)
        other._vectors = vectors
        return other

    @property
    def names(self) -> Names:
        """The documents' names, to be recognised in questions."""
        if self._names is None:
            self._names = Names(self.catalogue.infos(), self.catalogue.copies)
        return self._names

    def _passages_admitted(self, filters: Filters) -> NDArray[np.int64]:
        import numpy as np

        return np.array(self.catalogue.passage_numbers(filters), np.int64)


def open_live(directory: Path) -> OpenSnapshot:
    """Open the live snapshot, or the one before it where it is damaged.

    Raises IndexMissing, IndexMismatch, or IndexDamaged where none is whole.
    """
    while True:
        live = live_name(directory)
        try:
            return OpenSnapshot(open_snapshot(directory), live)
        except IndexDamaged:
            # A writer may have published twice meanwhile and so removed what was being opened.
            if live_name(directory) == live:
                raise
