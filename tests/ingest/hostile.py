"""Readers that go wrong in every way, told by the name of the file which; loaded in the child process that reads."""

import ctypes
import os
import subprocess
import sys
import time
from pathlib import Path

from ingest.model import Document
from ingest.progress import still_reading
from ingest.reading import read_document

READER = "tests.ingest.hostile:read"


def read(path: Path, *, source: str, content: bytes | None = None) -> Document:
    """Do what the name of the file says, and read it where that is nothing."""
    wrong = _WAYS.get(path.stem)
    if wrong is not None:
        wrong()
    return read_document(path, source=source, content=content)


def _hang() -> None:
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
    time.sleep(600)


def _hang_in_c() -> None:
    (b"a" * 40).decode() and __import__("re").fullmatch("(a+)+b", "a" * 40)


def _eat() -> None:
    eaten = []
    while True:
        eaten.append(b"x" * 10_000_000)
        time.sleep(0.001)


def _eat_at_once() -> None:
    bytearray(100_000_000_000)


def _read_slowly() -> None:
    for _ in range(30):
        time.sleep(0.1)
        still_reading()


def _print() -> None:
    os.write(1, b"noise" * 100_000)
    print("noise", file=sys.stderr)


def _raise() -> None:
    raise KeyError("surprise")


_WAYS = {
    "hangs": _hang,
    "hangs in C": _hang_in_c,
    "eats": _eat,
    "eats at once": _eat_at_once,
    "crashes": lambda: ctypes.string_at(0),
    "exits": lambda: os._exit(3),
    "leaves": lambda: sys.exit(4),
    "is killed": lambda: os.kill(os.getpid(), 9),
    "is slow": _read_slowly,
    "prints": _print,
    "raises": _raise,
}
