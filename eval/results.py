"""A run as one JSON object: what `yinju eval questions --json` prints, reports are made of and runs are compared by."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.outcome import Outcome, outcome_from, outcome_object
from eval.store import WHOLE, Run
from eval.summary import (
    GROUPS,
    calibration,
    confusion,
    counted,
    grouped,
    intervals,
    latency,
    recall_curve,
    summary,
)
from ingest.errors import BadRequest

if TYPE_CHECKING:
    from eval.ledger import Ledger
    from eval.problems import Problem

JsonObject = dict[str, Any]
_OUTCOME_KEYS = frozenset(field.name for field in fields(Outcome))


def run_object(run: Run, problems: Sequence[Problem] = (), ledger: Ledger | None = None) -> JsonObject:
    """The whole run: what was run with what, every measure with its interval, and every question."""
    header, outcomes = run.header, run.outcomes
    groups = {group: grouped(outcomes, group) for group in GROUPS}
    return {
        "file": header.file,
        "set": {"sha256": header.sha256, "questions": header.questions, "split": header.split},
        "date": header.date,
        "commit": header.commit,
        "code": header.code,
        "index": {
            "fingerprint": header.index,
            "documents": header.documents,
            "passages": header.passages,
            "encoder": header.encoder,
        },
        "settings": header.settings,
        "digest": run.digest,
        "all": {**summary(outcomes), **_latency_in_words(run)},
        **{group: {name: summary(members) for name, members in found.items()} for group, found in groups.items()},
        "intervals": {
            "all": intervals(outcomes),
            **{group: {name: intervals(members) for name, members in found.items()} for group, found in groups.items()},
        },
        "counted": counted(outcomes),
        "recall_at": recall_curve(outcomes),
        "calibration": calibration(outcomes),
        "confusion": confusion(outcomes),
        "latency": latency(run.times),
        "problems": [asdict(problem) for problem in problems],
        "ledger": ledger and _ledger_object(ledger, header.sha256),
        "questions": [
            {
                **outcome_object(one),
                "verdict": one.verdict,
                "milliseconds": round(run.times[one.id].ask, 1) if one.id in run.times else None,
            }
            for one in outcomes
        ],
    }


@dataclass(frozen=True, slots=True)
class ReadRun:
    """A run read again: its name, the set it is of, its settings and its outcomes."""

    name: str
    sha256: str
    file: str
    code: str
    settings: JsonObject
    outcomes: tuple[Outcome, ...]


def read_run(path: Path) -> ReadRun:
    """Read a run: its folder, or a file of what --json printed. Raises BadRequest where it is none."""
    whole = path / WHOLE if path.is_dir() else path
    if path.is_dir() and not whole.exists():
        raise BadRequest(f"{path}: holds no finished run; go on with it: yinju eval questions FILE --out {path}")
    try:
        record = json.loads(whole.read_bytes())
        outcomes = tuple(
            outcome_from({key: value for key, value in one.items() if key in _OUTCOME_KEYS})
            for one in record["questions"]
        )
        return ReadRun(str(path), record["set"]["sha256"], record["file"], record["code"], record["settings"], outcomes)
    except OSError as error:
        raise BadRequest(f"{whole}: cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError) as error:
        raise BadRequest(
            f"{whole}: not a run ({error!r}); give a folder of `yinju eval questions --out` or what its --json printed"
        ) from error


def _latency_in_words(run: Run) -> dict[str, float]:
    spread = latency(run.times)["ask"]
    return {f"ask {name} ms": spread[name] for name in ("p50", "p95", "p99") if name in spread}


def _ledger_object(ledger: Ledger, sha256: str) -> JsonObject:
    from eval.ledger import OFTEN

    uses = ledger.uses_of(sha256)
    return {"file": ledger.path.name, "runs": uses, "used_often": uses >= OFTEN, "altered_at": ledger.altered_at}
