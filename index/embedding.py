"""Embedding in the background, while the next documents are read."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from index.encoder import Embeddings, Encoder

CHUNK = 256
"""Passages that are embedded together, the longest first: texts of like length need little padding."""
_AHEAD = 2
"""Chunks that wait while one is embedded; reading pauses when there are more, so that memory stays flat."""


class EmbeddingQueue:
    """Passages on their way to their vectors; one thread embeds, and the caller's thread hands the vectors on.

    `keep` receives passage numbers and their vectors, shape (len(numbers), dimension), in no fixed order.
    """

    def __init__(self, encoder: Callable[[], Encoder], keep: Callable[[list[int], Embeddings], None]) -> None:
        self._encoder = encoder
        self._keep = keep
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="embedding")
        self._waiting: list[tuple[int, str]] = []
        self._under_way: deque[tuple[list[int], Future[Embeddings]]] = deque()
        self.added = 0
        self.done = 0

    def add(self, number: int, text: str) -> None:
        """Have a passage embedded; raises what the embedding of earlier ones raised."""
        self.added += 1
        self._waiting.append((number, text))
        if len(self._waiting) == CHUNK:
            self._send()
            while len(self._under_way) > _AHEAD:
                self.take()

    def flush(self) -> None:
        """Send off the last passages, so that nothing is left to do but `take`."""
        if self._waiting:
            self._send()

    def take(self) -> bool:
        """Wait for the oldest chunk and keep its vectors; False where none is under way."""
        if not self._under_way:
            return False
        numbers, future = self._under_way.popleft()
        self._keep(numbers, future.result())
        self.done += len(numbers)
        return True

    def close(self) -> None:
        """End the thread; chunks that it has not begun are dropped."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _send(self) -> None:
        chunk = sorted(self._waiting, key=lambda waiting: len(waiting[1]), reverse=True)
        self._waiting = []
        texts = [text for _, text in chunk]
        future = self._thread.submit(lambda: self._encoder().encode_passages(texts))
        self._under_way.append(([number for number, _ in chunk], future))
