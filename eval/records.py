"""JSON Lines, plain or gzipped, as data sets for evaluation come in."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.errors import BadRequest


def read_records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each line's number, from 1, and its JSON object; blank lines are left out.

    Raises BadRequest that names the file, and the line where one is no JSON object in UTF-8.
    """
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield number, _record(path, number, line)
    except (OSError, EOFError) as error:
        raise BadRequest(f"{path}: cannot be read ({error})") from error


def text_of(record: dict[str, Any], key: str, place: str) -> str:
    """The text under a key; BadRequest that names `place` (a file and line) where there is none."""
    value = record.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise BadRequest(f"{place}: no text under {key!r}")
    return value


def _record(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line.removeprefix(b"\xef\xbb\xbf").decode("utf-8"))
    except ValueError as error:
        raise BadRequest(f"{path}, line {number}: not JSON in UTF-8 ({error})") from error
    if not isinstance(record, dict):
        raise BadRequest(f"{path}, line {number}: not a JSON object")
    return record
