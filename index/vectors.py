"""Vectors under passage numbers, by FAISS: exact for small corpora, compressed above a size."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from index.encoder import Embeddings

EXACT_UP_TO = 200_000
"""Vectors that are kept as they are; more are clustered (IVF) and stored with 8 bits a component (SQ8)."""
_READ_AT_ONCE = 1 << 24
_PROBES = 64
"""Clusters that a search looks into."""


class Vectors:
    """Vectors of unit length under int64 numbers; a search ranks by inner product, that is cosine similarity."""

    def __init__(self, index: Any, *, exact_up_to: int = EXACT_UP_TO) -> None:
        self._index = index
        self._exact_up_to = exact_up_to

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._index.d)

    @property
    def is_exact(self) -> bool:
        """Whether vectors are kept as they are."""
        return _ivf(self._index) is None

    def add(self, numbers: Sequence[int], vectors: Embeddings) -> None:
        """Add vectors, shape (n, dimension), under n numbers that are not in use."""
        if len(numbers):
            self._index.add_with_ids(np.ascontiguousarray(vectors, np.float32), np.asarray(numbers, np.int64))
        if self.is_exact and len(self) > self._exact_up_to:
            self._index = _compressed(self._index)

    def remove(self, numbers: Sequence[int]) -> None:
        """Remove the vectors of some numbers."""
        if len(numbers):
            faiss = _faiss()

            self._index.remove_ids(faiss.IDSelectorArray(np.asarray(numbers, np.int64)))

    def of(self, numbers: Sequence[int]) -> Embeddings:
        """The vectors of some numbers, shape (len(numbers), dimension). Raises KeyError for an unknown number."""
        vectors = np.empty((len(numbers), self._index.d), np.float32)
        for row, number in enumerate(numbers):
            try:
                self._index.reconstruct(int(number), vectors[row])
            except RuntimeError as error:
                raise KeyError(number) from error
        return vectors

    def numbers(self) -> NDArray[np.int64]:
        """The numbers that have a vector, in no fixed order."""
        faiss = _faiss()

        ivf = _ivf(self._index)
        if ivf is None:
            return np.array(faiss.vector_to_array(self._index.id_map), np.int64)
        lists = ivf.invlists
        held = [faiss.rev_swig_ptr(lists.get_ids(one), lists.list_size(one)) for one in range(lists.nlist)]
        return np.concatenate([np.array(ids, np.int64) for ids in held])

    def search(
        self, vector: NDArray[np.float32], depth: int, *, among: NDArray[np.int64] | None = None
    ) -> list[tuple[int, float]]:
        """The numbers and similarities of the `depth` nearest vectors, nearest first, of the numbers given only."""
        faiss = _faiss()

        selector = None if among is None else faiss.IDSelectorBatch(among)
        if self.is_exact:
            options = faiss.SearchParameters(sel=selector)
        else:
            options = faiss.SearchParametersIVF(sel=selector, nprobe=_PROBES)
        # One query is answered in a millisecond by one thread; several wait for each other on a busy machine.
        with _threads(1):
            similarities, numbers = self._index.search(vector.reshape(1, -1), min(depth, len(self)), params=options)
        return [(int(n), float(s)) for n, s in zip(numbers[0], similarities[0], strict=True) if n >= 0]

    def save(self, path: Path) -> None:
        """Write to a file, which is replaced: another snapshot may hold a link to it. Raises OSError."""
        faiss = _faiss()

        path.unlink(missing_ok=True)
        with _disk_errors():
            faiss.write_index(self._index, str(path))


def empty_vectors(dimension: int, *, exact_up_to: int = EXACT_UP_TO) -> Vectors:
    """No vectors yet, of a length."""
    faiss = _faiss()

    return Vectors(faiss.IndexIDMap2(faiss.IndexFlatIP(dimension)), exact_up_to=exact_up_to)


def load_vectors(file: BinaryIO) -> Vectors:
    """Read from an open file. Raises OSError where it cannot be read."""
    faiss = _faiss()

    with _disk_errors():
        return Vectors(faiss.read_index(faiss.PyCallbackIOReader(file.read, _READ_AT_ONCE)))


@contextmanager
def _disk_errors() -> Iterator[None]:
    """FAISS reports whatever the disk refuses as a RuntimeError."""
    try:
        yield
    except RuntimeError as error:
        raise OSError(f"vectors: {error}") from error


def _compressed(exact: Any) -> Any:
    faiss = _faiss()

    numbers = faiss.vector_to_array(exact.id_map)
    flat = faiss.downcast_index(exact.index)
    clusters = max(1, int(4 * len(numbers) ** 0.5))
    quantiser = faiss.IndexFlatIP(flat.d)
    kind = faiss.ScalarQuantizer.QT_8bit
    index = faiss.IndexIVFScalarQuantizer(quantiser, flat.d, clusters, kind, faiss.METRIC_INNER_PRODUCT)
    vectors = flat.reconstruct_n(0, flat.ntotal)
    with _threads(os.cpu_count() or 1):
        index.train(vectors)
        # To find a vector by its number, and to remove it without reading all.
        index.set_direct_map_type(faiss.DirectMap.Hashtable)
        index.add_with_ids(vectors, numbers)
    return index


@contextmanager
def _threads(count: int) -> Iterator[None]:
    """Let FAISS work with so many threads, and leave the number as it was: torch goes by the same one."""
    faiss = _faiss()

    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(count)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)


def _ivf(index: Any) -> Any:
    faiss = _faiss()

    return faiss.try_extract_index_ivf(index)


def _faiss() -> Any:
    """The module, loaded where it is first used; its type stubs name arguments that it does not have."""
    import faiss

    return faiss
