"""Many questions in one run: read from JSON Lines, written as JSON Lines in the same order."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from commands.objects import JsonObject
from commands.progress import track
from ingest.errors import BadRequest, YinjuError

_TEXT_KEYS = ("question", "query", "phrase")


@dataclass(frozen=True, slots=True)
class Request:
    """One line of a batch file: its id, any JSON value, and what is asked."""

    id: object
    text: str


def read_requests(path: Path) -> list[Request]:
    """Read a batch file, blank lines left out; raises `BadRequest` that names the first malformed line."""
    requests = []
    for number, line in enumerate(path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if line.strip():
            try:
                requests.append(_parse_request(line))
            except ValueError as error:
                raise BadRequest(f"{path}: line {number}: {error}") from error
    return requests


def _parse_request(line: bytes) -> Request:
    try:
        values = json.loads(line.decode("utf-8"))
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON ({error})") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 (byte {error.start + 1}); save the file as UTF-8") from error
    if not isinstance(values, dict):
        raise ValueError("not a JSON object")
    if "id" not in values:
        raise ValueError('no "id"')
    text = next((values[key] for key in _TEXT_KEYS if key in values), None)
    if not isinstance(text, str):
        raise ValueError('no string under "question", "query" or "phrase"')
    return Request(values["id"], text)


def run_batch(requests: Sequence[Request], work: Callable[[str], JsonObject], out: Path) -> int:
    """Write `work` of each request to `out`, which is replaced only when all are done; return how many failed.

    A request that fails becomes `{"id", "error"}` and the run goes on.
    """
    target = out.resolve()
    partial = target.with_name(f".{target.name}.partial")
    failed = 0
    try:
        # A lone surrogate, which UTF-8 has no bytes for, becomes the escape that JSON has for it.
        with partial.open("w", encoding="utf-8", errors="backslashreplace") as stream:
            for request in track(requests, "batch"):
                result = _attempt(work, request.text)
                failed += "error" in result
                stream.write(json.dumps({"id": request.id, **result}, ensure_ascii=False) + "\n")
        partial.replace(target)
    except OSError as error:
        raise BadRequest(f"{out}: cannot be written: {error.strerror}") from error
    finally:
        partial.unlink(missing_ok=True)
    if failed:
        click.echo(f'{failed} of {len(requests)} lines failed; their results hold "error".', err=True)
    return failed


def _attempt(work: Callable[[str], JsonObject], text: str) -> JsonObject:
    try:
        return work(text)
    except YinjuError as error:
        return {"error": str(error)}
    except Exception as error:  # a defect met on one line of thousands must not lose the others' results
        return {"error": f"{type(error).__name__}: {error}"}
