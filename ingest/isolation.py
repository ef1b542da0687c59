"""Reading in child processes: a file that hangs, eats memory or crashes its reader costs that file and no other."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import TYPE_CHECKING, Self, cast

from ingest.batches import batched, size_of
from ingest.child import Child, Limits, Stopped
from ingest.errors import UnreadableFile
from ingest.worker import Job, Outcome

if TYPE_CHECKING:
    from ingest.archives import Entry
    from ingest.discover import SourceFile
    from ingest.divide import Divided

READER = "ingest.reading:read_document"
_MOST_CHILDREN = 4
_FILES_AHEAD = 8
"""Files of a child that are read before their turn has come."""
_BYTES_AHEAD = 50_000_000
"""The size of all files read before their turn, above which no more are begun; so memory stays flat."""


class ReaderPool:
    """A few child processes that read files; they are started when they are needed, and end with the pool.

    `reader` is the function that reads a file, as `module:name`, to be found in the children.
    """

    def __init__(self, *, limits: Limits | None = None, reader: str = READER, children: int | None = None) -> None:
        self._limits = limits or limits_here()
        self._reader = reader
        self._most = children or min(_MOST_CHILDREN, os.cpu_count() or 1)
        self._threads = ThreadPoolExecutor(self._most, thread_name_prefix="reading")
        self._idle: deque[Child] = deque()
        self._stopping = threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def read(self, files: Iterable[SourceFile]) -> Iterator[Divided | UnreadableFile]:
        """Read and divide files, and give them in their order: each a document, or why it is none.

        Raises YinjuError where no child process can be started.
        """
        ahead: deque[tuple[SourceFile, int, Future[Outcome]]] = deque()
        held = 0
        shared: dict[tuple[str, str], Future[Outcome]] = {}
        for file, batch in batched(files):
            if batch:
                shared |= self._submit_batch(batch)
            size = size_of(file)
            while ahead and (len(ahead) >= _FILES_AHEAD * self._most or held + size > _BYTES_AHEAD):
                held -= ahead[0][1]
                yield _read(*ahead.popleft())
            future = shared.pop((file.root, file.source), None) or self._threads.submit(self._do, Job(file))
            ahead.append((file, size, future))
            held += size
        while ahead:
            yield _read(*ahead.popleft())

    def list_archive(self, file: SourceFile) -> tuple[Entry, ...]:
        """The members of an archive. Raises UnreadableFile for one that cannot be opened or is beyond the limits."""
        outcome = self._threads.submit(self._do, Job(file, is_archive=True)).result()
        if outcome.reason:
            raise UnreadableFile(file.source, outcome.reason)
        return cast("tuple[Entry, ...]", outcome.result)

    def close(self) -> None:
        """End all children, and what they have started."""
        self._stopping.set()
        self._threads.shutdown(wait=True, cancel_futures=True)
        while self._idle:
            self._idle.pop().end()

    def _do(self, job: Job) -> Outcome:
        outcome, child = self._done(job, self._take())
        if child is not None:
            self._idle.append(child)
        return outcome

    def _done(self, job: Job, child: Child) -> tuple[Outcome, Child | None]:
        """What a child makes of a job, and the child if it can do more."""
        try:
            outcome = child.do(job)
        except BaseException:
            child.end()
            raise
        if outcome.last or self._stopping.is_set():
            child.end()
            return outcome, None
        return outcome, child

    def _submit_batch(self, batch: Sequence[SourceFile]) -> dict[tuple[str, str], Future[Outcome]]:
        """Have files converted together and then read one by one; the outcome of each, by root and source."""
        futures: list[Future[Outcome]] = [Future() for _ in batch]

        def pass_on(done: Future[None]) -> None:
            error = Stopped() if done.cancelled() else done.exception()
            for future in futures:
                if error is not None and not future.done():
                    future.set_exception(error)

        self._threads.submit(self._do_batch, batch, futures).add_done_callback(pass_on)
        return {(file.root, file.source): future for file, future in zip(batch, futures, strict=True)}

    def _do_batch(self, batch: Sequence[SourceFile], futures: Sequence[Future[Outcome]]) -> None:
        """Read the files by the child that has converted them; should it end, each is converted when it is read."""
        _, child = self._done(Job(batch[0], ahead=tuple(batch)), self._take())
        for file, future in zip(batch, futures, strict=True):
            outcome, child = self._done(Job(file), child or self._take())
            future.set_result(outcome)
        if child is not None:
            self._idle.append(child)

    def _take(self) -> Child:
        while not self._stopping.is_set():
            try:
                child = self._idle.pop()
            except IndexError:
                return Child(self._reader, self._limits, self._stopping)
            if child.is_alive:
                return child
            child.end()
        raise Stopped


def limits_here() -> Limits:
    """The usual limits, and on a small machine a quarter of its memory."""
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (OSError, ValueError):
        return Limits()
    return Limits(memory=min(Limits().memory, max(500_000_000, memory // 4)))


def _read(file: SourceFile, size: int, future: Future[Outcome]) -> Divided | UnreadableFile:
    outcome = future.result()
    if outcome.reason:
        return UnreadableFile(file.source, outcome.reason)
    return cast("Divided", outcome.result)
