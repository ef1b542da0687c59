"""A child process that reads files, as its parent sees it: started, given a job, watched and ended."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection

from ingest.batches import size_of
from ingest.errors import YinjuError
from ingest.processes import memory_below
from ingest.worker import Alive, Job, Outcome, Setting, out_of_memory

_PROGRAM = "import sys; sys.path[:] = sys.argv[1:]; from ingest.worker import main; main()"
_STARTS_WITHIN = 120.0
_ENDS_WITHIN = 10.0
_POLL = 0.2
"""Seconds between two looks at a child that is at work."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may take, in seconds and in bytes of memory of the child and all that it starts.

    `quiet` is the time without progress; each megabyte of the file adds `per_megabyte` to it.
    """

    quiet: float = 120.0
    per_megabyte: float = 5.0
    total: float = 7200.0
    memory: int = 2_000_000_000


class Stopped(Exception):
    """The run is over, and nobody waits for the file any more."""


class Child:
    """A running child process; for one thread at a time. Raises YinjuError where it does not start."""

    def __init__(self, reader: str, limits: Limits, stopping: threading.Event) -> None:
        self._limits = limits
        self._stopping = stopping
        ours, theirs = socket.socketpair()
        with theirs:
            self._connection = Connection(ours.detach())
            try:
                self._process: subprocess.Popen[bytes] = subprocess.Popen(
                    [sys.executable, "-c", _PROGRAM, *(os.path.abspath(place) for place in sys.path)],
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    # The same text gives the same document in whichever process it is read.
                    env={**os.environ, "PYTHONHASHSEED": "0"},
                    # Ctrl-C at a terminal is for the parent alone, which then ends its children.
                    start_new_session=True,
                )
            except OSError as error:
                self._connection.close()
                raise _not_started(str(error)) from error
        try:
            self._begin(reader)
        except BaseException:
            self.end()
            raise

    def _begin(self, reader: str) -> None:
        try:
            self._connection.send(Setting(reader, self._limits.memory))
            answer = self._answer_within(time.monotonic() + _STARTS_WITHIN)
        except (EOFError, OSError):
            raise _not_started(f"it ended with status {self.end()}") from None
        if answer is None:
            raise _not_started(f"no sign of it after {_STARTS_WITHIN:.0f} s")
        if isinstance(answer, Outcome):
            raise _not_started(answer.reason)

    @property
    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def do(self, job: Job) -> Outcome:
        """Have a job done; where the child dies of it or overruns a limit, it is ended and the outcome is its last.

        Raises Stopped when the run is over.
        """
        allowed = self._limits.quiet + self._limits.per_megabyte * _megabytes(job)
        ends = time.monotonic() + self._limits.total
        try:
            self._connection.send(job)
            while True:
                answer = self._answer_within(min(ends, time.monotonic() + allowed))
                if isinstance(answer, Outcome):
                    return answer
                if answer is None:
                    return self._overrun(time.monotonic() >= ends, allowed)
        except _TooMuch:
            return Outcome(None, out_of_memory(self._limits.memory), last=True)
        except (EOFError, OSError):
            return Outcome(None, _crashed(self.end()), last=True)

    def end(self) -> int:
        """End it with all that it has started, and give its status."""
        self._connection.close()
        try:
            return self._process.wait(_ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            return self._process.wait()

    def _answer_within(self, deadline: float) -> Alive | Outcome | None:
        """The next thing that the child says, None if it says nothing until the deadline."""
        while not self._connection.poll(_POLL):
            if self._stopping.is_set():
                raise Stopped
            if memory_below(self._process.pid) > self._limits.memory:
                raise _TooMuch
            if time.monotonic() > deadline:
                return None
        answer: Alive | Outcome = self._connection.recv()
        return answer

    def _overrun(self, is_total: bool, allowed: float) -> Outcome:
        spent = f"not read within {self._limits.total:.0f} s" if is_total else f"no progress in {allowed:.0f} s"
        return Outcome(None, f"{spent} of reading; split it or save it in another format", last=True)


class _TooMuch(Exception):
    """The child holds more memory than it may."""


def _megabytes(job: Job) -> float:
    return sum(map(size_of, job.ahead or [job.file])) / 1e6


def _crashed(status: int) -> str:
    if status == 128 + signal.SIGKILL:
        return "the process reading it was killed (perhaps for want of memory); split it or save it in another format"
    how = signal.Signals(status - 128).name if status - 128 in list(signal.Signals) else f"status {status}"
    return f"its reader crashed ({how}); open it in the program that made it and save it again"


def _not_started(why: str) -> YinjuError:
    return YinjuError(f"the process that reads files does not start ({why}); check free memory and the installation")
