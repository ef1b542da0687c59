"""The record of every run over held-out questions: append-only, each line chained to the one before it.

A held-out set says less each time a choice is made after looking at it, so its uses are counted.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from ingest.errors import BadRequest

OFTEN = 10
"""Runs of different code or settings after which a held-out set counts as used often."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One run over a held-out set. `commit` and `code` say what ran, `settings` what differed from the product."""

    date: str
    file: str
    sha256: str
    questions: int
    commit: str
    code: str
    index: str
    settings: dict[str, object]


@dataclass(frozen=True, slots=True)
class Ledger:
    """The runs recorded in a file, oldest first; `altered_at` is the first line that was changed or taken out, or 0."""

    path: Path
    entries: tuple[Entry, ...]
    altered_at: int

    def uses_of(self, sha256: str) -> int:
        """How many different systems were tried on a set: the same code with the same settings counts once."""
        tried = {(one.code, json.dumps(one.settings, sort_keys=True)) for one in self.entries if one.sha256 == sha256}
        return len(tried)


def read_ledger(path: Path) -> Ledger:
    """Read a ledger; one that is not there is empty. Raises BadRequest where it cannot be read."""
    try:
        lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
    except OSError as error:
        raise BadRequest(f"{path}: the ledger cannot be read ({error.strerror}); give another with --ledger") from error
    entries: list[Entry] = []
    altered_at, previous = 0, ""
    for number, line in enumerate(lines, start=1):
        try:
            record = json.loads(line)
            chained = record.pop("previous") == previous
            entries.append(Entry(**record))
        except (ValueError, KeyError, TypeError, AttributeError):
            chained = False
        if not (chained or altered_at):
            altered_at = number
        previous = _digest(line)
    return Ledger(path, tuple(entries), altered_at)


def record_run(path: Path, entry: Entry) -> Ledger:
    """Add a run to a ledger and give the ledger with it. Raises BadRequest where it cannot be written."""
    from filelock import FileLock

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{path}.lock"), path.open("ab+") as stream:
            stream.seek(0)
            lines = stream.read().splitlines(keepends=True)
            record = {**asdict(entry), "previous": _digest(lines[-1]) if lines else ""}
            # A last line without its end would swallow this one.
            gap = b"\n" if lines and not lines[-1].endswith(b"\n") else b""
            stream.write(gap + json.dumps(record, ensure_ascii=False).encode() + b"\n")
    except OSError as error:
        raise BadRequest(
            f"{path}: the run over held-out questions cannot be recorded ({error.strerror}); give another ledger with "
            "--ledger"
        ) from error
    return read_ledger(path)


def record_beside(questions: Path, state: Path, entry: Entry) -> Ledger:
    """Add a run to the ledger beside a question file, or where that cannot be written to one in the folder `state`."""
    try:
        return record_run(questions.with_name(f"{questions.stem}.ledger.jsonl"), entry)
    except BadRequest:
        identity = hashlib.sha256(str(questions.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:8]
        return record_run(state / f"{questions.stem}-{identity}.ledger.jsonl", entry)


def _digest(line: bytes) -> str:
    return hashlib.sha256(line.rstrip(b"\r\n")).hexdigest()
