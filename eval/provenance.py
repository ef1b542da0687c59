"""What a run was made with: the code, the index and the time, by which runs are told apart."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from index.recipe import recipe

if TYPE_CHECKING:
    from index import Searcher

_HOME = Path(__file__).parents[1]
_PACKAGES = ("ingest", "index", "answer", "eval")
_LONGEST_WAIT = 10


def now() -> str:
    """The time in UTC, ISO 8601, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@cache
def code_fingerprint() -> str:
    """A hash of the code that finds, answers and measures: 16 hexadecimal digits."""
    digest = sha256()
    for package in _PACKAGES:
        for path in sorted((_HOME / package).rglob("*.py")):
            digest.update(path.relative_to(_HOME).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def commit() -> str:
    """The commit of the checkout that runs, with `+changes` where tracked files differ from it; else the version."""
    head = _git("rev-parse", "--short=12", "HEAD")
    if head:
        return head + ("+changes" if _git("status", "--porcelain", "--untracked-files=no") else "")
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"yinju {version('yinju')}"
    except PackageNotFoundError:
        return "unknown"


def index_fingerprint(searcher: Searcher) -> str:
    """A hash of what an index holds and how it was made: the same for the same documents, code and encoder."""
    documents = sorted(info.id for info in searcher.catalogue.infos())
    parts = [searcher.encoder_name, recipe(), *documents]
    return sha256("\n".join(parts).encode()).hexdigest()[:16]


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(_HOME), *arguments], capture_output=True, timeout=_LONGEST_WAIT, check=True, text=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
