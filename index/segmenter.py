"""Words by jieba, its dictionary kept where a short question need not read all of it.

jieba reads its half a million words into memory before the first one is cut, which takes a second. Here they lie
in an SQLite file of the cache folder (the environment variable YINJU_CACHE, else the user's): a question looks up
the few it needs, and only long work reads all.
"""

import logging
import os
import sqlite3
import threading
import warnings
from functools import lru_cache
from pathlib import Path
from typing import Any

_READ_ALL_AFTER = 5000
"""Look-ups after which reading the whole dictionary is the faster way."""


def segment(text: str) -> list[str]:
    """Cut a text into words, long ones preceded by the shorter words they hold (jieba's search mode)."""
    return list(_jieba().cut_for_search(text, HMM=False))


class Frequencies:
    """How often each word occurs in jieba's corpus; the beginning of a word that is itself none has 0.

    It is what jieba needs of a mapping, and hands jieba the whole dictionary once many words were looked up.
    """

    def __init__(self, cutter: Any, connection: sqlite3.Connection) -> None:
        self._cutter = cutter
        self._connection = connection
        self._lock = threading.Lock()
        self._seen: dict[str, int | None] = {}

    def get(self, fragment: str) -> int | None:
        """The frequency of a word or of a word's beginning, None for anything else."""
        if fragment not in self._seen:
            self._look_up(fragment)
        return self._seen.get(fragment)

    def __contains__(self, fragment: str) -> bool:
        return self.get(fragment) is not None

    def __getitem__(self, fragment: str) -> int | None:
        return self.get(fragment)

    def _look_up(self, fragment: str) -> None:
        with self._lock:
            if len(self._seen) == _READ_ALL_AFTER:
                self._cutter.FREQ = dict(self._connection.execute("SELECT fragment, frequency FROM words"))
            row = self._connection.execute("SELECT frequency FROM words WHERE fragment = ?", (fragment,)).fetchone()
            self._seen[fragment] = row[0] if row else None


_opening = threading.Lock()


def _jieba() -> Any:
    with _opening:
        return _open_jieba()


@lru_cache(1)
def _open_jieba() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # old escapes in its source, seen when it is first compiled
        import jieba  # type: ignore[import-untyped]
    jieba.setLogLevel(logging.WARNING)
    cutter = jieba.Tokenizer()
    connection = _dictionary(cutter, jieba.__version__)
    cutter.FREQ = Frequencies(cutter, connection)
    (cutter.total,) = connection.execute("SELECT total FROM summary").fetchone()
    cutter.initialized = True
    return cutter


def _dictionary(cutter: Any, jieba_version: str) -> sqlite3.Connection:
    """Open the dictionary, made first where it is missing; in memory where it cannot be kept."""
    import platformdirs

    cache = Path(os.environ.get("YINJU_CACHE") or platformdirs.user_cache_dir("yinju"))
    path = cache / f"words-jieba-{jieba_version}.sqlite"
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_suffix(f".{os.getpid()}")
            unfinished.unlink(missing_ok=True)
            _write_dictionary(cutter, str(unfinished)).close()
            os.replace(unfinished, path)
        return _open_dictionary(path)
    except (OSError, sqlite3.Error):
        return _write_dictionary(cutter, ":memory:")


def _open_dictionary(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    connection.execute("SELECT total FROM summary").fetchone()
    return connection


def _write_dictionary(cutter: Any, path: str) -> sqlite3.Connection:
    frequencies, total = cutter.gen_pfdict(cutter.get_dict_file())
    connection = sqlite3.connect(path, check_same_thread=False)
    with connection:
        connection.execute("CREATE TABLE words (fragment TEXT PRIMARY KEY, frequency INTEGER) WITHOUT ROWID")
        connection.execute("CREATE TABLE summary (total INTEGER)")
        connection.executemany("INSERT INTO words VALUES (?, ?)", sorted(frequencies.items()))
        connection.execute("INSERT INTO summary VALUES (?)", (total,))
    return connection
