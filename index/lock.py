"""One writer at a time: the lock of an index directory."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.errors import IndexBusy

Progress = Callable[[str, int, int], None]
"""Called with what is being done, and how much of it is done of how much: ("reading", 12, 322)."""
_POLL = 0.5


@contextmanager
def write_lock(directory: Path, *, wait: float, progress: Progress) -> Iterator[None]:
    """Hold the index's write lock, made with its directory; the system frees it when the process dies.

    While another process holds it, `progress` is told ("waiting", seconds waited, `wait`) every half second.
    Raises IndexBusy after `wait` seconds, OSError where the directory cannot be made.
    """
    from filelock import FileLock, Timeout

    directory.mkdir(parents=True, exist_ok=True)
    lock = FileLock(directory / "write.lock")
    started = time.monotonic()
    while True:
        waited = time.monotonic() - started
        try:
            lock.acquire(timeout=min(_POLL, max(0.0, wait - waited)))
            break
        except Timeout:
            if time.monotonic() - started >= wait:
                reason = f"another ingestion is writing this index (waited {wait:.0f} s)"
                raise IndexBusy(f"{directory}: {reason}; try again when it is done") from None
            progress("waiting", int(waited), int(wait))
    try:
        yield
    finally:
        lock.release()
