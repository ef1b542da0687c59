"""Vectors kept by what they were made from, so that a second run over the same texts embeds nothing."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from index.embedding import EmbeddingQueue
from ingest.errors import BadRequest

if TYPE_CHECKING:
    from index.encoder import Embeddings, Encoder

_KEPT_AT_ONCE = 1024
"""Vectors written in one transaction: what an interrupted run has to embed again."""


class EmbeddingCache:
    """A file of vectors by encoder, role (query or passage) and text. Raises BadRequest where it cannot be used."""

    def __init__(self, path: Path, encoder: Encoder) -> None:
        self._path = path
        self._encoder = encoder
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(path)) as connection, connection:
                connection.execute(
                    "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID"
                )
        except (OSError, sqlite3.Error) as error:
            raise BadRequest(f"{path}: cannot keep vectors there ({error}); give another place with --cache") from error

    def passages(self, texts: Sequence[str], *, progress: Callable[[int, int], None] | None = None) -> Embeddings:
        """The vectors of passages, float32 of shape (len(texts), dimension); those not kept yet are made and kept.

        `progress` is told how many of those to be made are done, and how many they are.
        """
        import numpy as np

        keys = [_key(self._encoder.name, "passage", text) for text in texts]
        with closing(sqlite3.connect(self._path)) as connection:
            kept = {key for (key,) in connection.execute("SELECT key FROM vectors")}
            missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in kept}
            self._embed(connection, missing, progress)
            vectors = np.empty((len(texts), self._encoder.dimension), np.float32)
            for row, key in enumerate(keys):
                found = connection.execute("SELECT vector FROM vectors WHERE key = ?", (key,)).fetchone()
                vectors[row] = np.frombuffer(found[0], np.float32)
        return vectors

    def _embed(
        self, connection: sqlite3.Connection, missing: dict[bytes, str], progress: Callable[[int, int], None] | None
    ) -> None:
        keys = list(missing)
        waiting: list[tuple[bytes, bytes]] = []

        def write() -> None:
            with connection:
                connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", waiting)
            waiting.clear()
            if progress:
                progress(queue.done, len(keys))

        def keep(numbers: list[int], vectors: Embeddings) -> None:
            waiting.extend((keys[number], vector.tobytes()) for number, vector in zip(numbers, vectors, strict=True))
            if len(waiting) >= _KEPT_AT_ONCE:
                write()

        queue = EmbeddingQueue(lambda: self._encoder, keep)
        try:
            for number, key in enumerate(keys):
                queue.add(number, missing[key])
            queue.flush()
            while queue.take():
                pass
            write()
        finally:
            queue.close()


def _key(encoder: str, role: str, text: str) -> bytes:
    return hashlib.blake2b("\0".join((encoder, role, text)).encode("utf-8", "surrogatepass"), digest_size=16).digest()
