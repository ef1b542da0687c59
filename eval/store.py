"""A run on disk: a folder that is filled question by question, so that an interrupted run goes on where it ended.

`header.json` says what is run, `outcomes.jsonl` and `times.jsonl` have a line a question, `run.json` is the whole run
once it is finished. The bytes of `outcomes.jsonl` depend on the index, the questions, the code and the settings alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.outcome import Outcome, outcome_from, outcome_object
from eval.run import Times, run_questions
from ingest.errors import BadRequest

if TYPE_CHECKING:
    from eval.parts import Setup
    from eval.questions import Question
    from index import Searcher

FORMAT = 1
_HEADER, _OUTCOMES, _TIMES, WHOLE = "header.json", "outcomes.jsonl", "times.jsonl", "run.json"


@dataclass(frozen=True, slots=True)
class Header:
    """What a run is of and what it is made with; two runs of equal headers but for the dates give equal outcomes."""

    file: str
    sha256: str
    questions: int
    split: str | None
    date: str
    commit: str
    code: str
    index: str
    documents: int
    passages: int
    encoder: str
    settings: dict[str, object]
    format: int = FORMAT

    def differs_in(self, other: Header) -> list[str]:
        """The names of what is not the same in another run, its date and commit aside."""
        mine, theirs = asdict(self), asdict(other)
        return [name for name in mine if name not in ("date", "commit", "file") and mine[name] != theirs[name]]


@dataclass(frozen=True, slots=True)
class Run:
    """A run over a question file: outcomes in the order of the questions, times by question id."""

    header: Header
    outcomes: tuple[Outcome, ...]
    times: dict[str, Times]

    @property
    def digest(self) -> str:
        """A hash of all outcomes: equal for runs that gave the same to the bit."""
        return hashlib.sha256(b"".join(map(_outcome_line, self.outcomes))).hexdigest()


class RunFolder:
    """A folder that holds one run, finished or not.

    Raises BadRequest where it holds another run, or something else, or cannot be written.
    """

    def __init__(self, folder: Path, header: Header) -> None:
        self.path = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self.header = self._taken_up(header)
            self._outcomes, self._times = _kept(folder)
        except OSError as error:
            raise BadRequest(f"{folder}: cannot keep a run there ({error.strerror}); give another --out") from error

    @property
    def done(self) -> int:
        """How many questions have been asked already."""
        return len(self._outcomes)

    def go_on(self, searcher: Searcher, questions: Sequence[Question], setup: Setup) -> Iterator[int]:
        """Ask the questions that have not been asked, each kept as soon as it is judged; yields how many are done."""
        with (self.path / _OUTCOMES).open("ab") as outcomes, (self.path / _TIMES).open("ab") as times:
            for outcome, taken in run_questions(searcher, questions[self.done :], setup):
                times.write(_json_line({"id": outcome.id, **asdict(taken)}))
                times.flush()
                outcomes.write(_outcome_line(outcome))
                outcomes.flush()
                self._outcomes.append(outcome)
                self._times[outcome.id] = taken
                yield self.done

    def run(self) -> Run:
        """The run as far as it has come."""
        return Run(self.header, tuple(self._outcomes), dict(self._times))

    def finish(self, run: dict[str, object]) -> None:
        """Keep the whole run, as `eval.results` gives it, as `run.json`."""
        (self.path / WHOLE).write_bytes(_json_line(run))

    def _taken_up(self, header: Header) -> Header:
        path = self.path / _HEADER
        if not path.exists():
            if any(self.path.iterdir()):
                raise BadRequest(f"{self.path}: is not empty and holds no run; give --out a folder of its own")
            path.write_bytes(_json_line(asdict(header)))
            return header
        begun = _header(path)
        differing = begun.differs_in(header)
        if differing:
            raise BadRequest(
                f"{self.path}: holds a run begun {begun.date} with other {', '.join(differing)}; "
                "give another --out, or remove it"
            )
        return begun


def _header(path: Path) -> Header:
    try:
        return Header(**json.loads(path.read_bytes()))
    except (ValueError, TypeError) as error:
        raise BadRequest(f"{path}: not the header of a run ({error}); give another --out") from error


def _kept(folder: Path) -> tuple[list[Outcome], dict[str, Times]]:
    """The outcomes and times of a folder up to the first line that was not written whole, which is cut off."""
    outcomes, times = folder / _OUTCOMES, folder / _TIMES
    read = [outcome_from(record) for record in _whole_lines(outcomes)]
    taken = {record.pop("id"): Times(**record) for record in _whole_lines(times)}
    return read, {one.id: taken[one.id] for one in read if one.id in taken}


def _whole_lines(path: Path) -> list[dict[str, Any]]:
    data = path.read_bytes() if path.exists() else b""
    whole = data[: data.rfind(b"\n") + 1]
    if len(whole) < len(data):
        path.write_bytes(whole)
    try:
        return [json.loads(line) for line in whole.splitlines()]
    except ValueError as error:
        raise BadRequest(f"{path}: damaged ({error}); remove the folder to begin anew") from error


def _outcome_line(outcome: Outcome) -> bytes:
    return _json_line(outcome_object(outcome))


def _json_line(record: object) -> bytes:
    return json.dumps(record, ensure_ascii=False, sort_keys=True).encode("utf-8", "backslashreplace") + b"\n"
