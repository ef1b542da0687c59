"""Embedding in the background, while the next documents are read."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from index.encoder import Embeddings, Encoder

WINDOW = 256
"""Passages that are sorted by length before they are embedded: texts of like length need little padding."""
CHUNK = 32
"""Passages that are embedded at a time: a run that is interrupted ends after these."""
_AHEAD = 3 * WINDOW // CHUNK
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
        if len(self._waiting) == WINDOW:
            self.flush()
            while len(self._under_way) > _AHEAD:
                self.take()

    def flush(self) -> None:
        """Send off the passages that wait for a full window, so that nothing is left to do but `take`."""
        waiting = sorted(self._waiting, key=lambda passage: len(passage[1]), reverse=True)
        self._waiting = []
        for begin in range(0, len(waiting), CHUNK):
            self._send(waiting[begin : begin + CHUNK])

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

    def _send(self, chunk: list[tuple[int, str]]) -> None:
        texts = [text for _, text in chunk]
        future = self._thread.submit(lambda: self._encoder().encode_passages(texts))
        self._under_way.append(([number for number, _ in chunk], future))
