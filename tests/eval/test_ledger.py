import json
from dataclasses import replace
from pathlib import Path

import pytest

from eval.ledger import Entry, read_ledger, record_beside, record_run
from ingest.errors import BadRequest

ENTRY = Entry("2026-01-02T03:04:05Z", "held.jsonl", "5ha", 80, "abc", "c0de", "1dx", {"without": []})


def test_runs_are_added_and_never_taken_out(tmp_path: Path) -> None:
    path = tmp_path / "held.ledger.jsonl"
    record_run(path, ENTRY)
    first = path.read_bytes()
    ledger = record_run(path, replace(ENTRY, date="2026-01-03T00:00:00Z"))
    assert path.read_bytes().startswith(first)
    assert [entry.date for entry in ledger.entries] == ["2026-01-02T03:04:05Z", "2026-01-03T00:00:00Z"]
    assert ledger.altered_at == 0


def test_the_same_code_with_the_same_settings_is_one_use(tmp_path: Path) -> None:
    path = tmp_path / "held.ledger.jsonl"
    for entry in (
        ENTRY,
        ENTRY,
        replace(ENTRY, code="new"),
        replace(ENTRY, settings={"without": ["words"]}),
        replace(ENTRY, sha256="another set", code="newer"),
    ):
        ledger = record_run(path, entry)
    assert ledger.uses_of("5ha") == 3
    assert ledger.uses_of("none") == 0


@pytest.mark.parametrize("altered", [1, 2])
def test_a_line_that_was_changed_or_taken_out_shows(tmp_path: Path, altered: int) -> None:
    path = tmp_path / "held.ledger.jsonl"
    for day in (1, 2, 3):
        record_run(path, replace(ENTRY, date=f"2026-01-0{day}T00:00:00Z"))
    lines = path.read_bytes().splitlines(keepends=True)
    changed = [line.replace(b"5ha", b"xxx") if number == altered else line for number, line in enumerate(lines, 1)]
    path.write_bytes(b"".join(changed))
    # Each line holds a hash of the one before it, so the line behind the changed one does not fit any more.
    assert read_ledger(path).altered_at == altered + 1
    path.write_bytes(b"".join(lines[:altered] + lines[altered + 1 :]))
    assert read_ledger(path).altered_at == (altered + 1 if altered < 2 else 0)


def test_a_last_line_cut_short_swallows_nothing(tmp_path: Path) -> None:
    path = tmp_path / "held.ledger.jsonl"
    record_run(path, ENTRY)
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    assert len(record_run(path, ENTRY).entries) == 2


def test_the_ledger_lies_beside_the_questions_or_in_the_users_folder(tmp_path: Path) -> None:
    beside = record_beside(tmp_path / "held.jsonl", tmp_path / "state", ENTRY)
    assert beside.path == tmp_path / "held.ledger.jsonl"
    (tmp_path / "file").write_text("", encoding="utf-8")
    elsewhere = record_beside(tmp_path / "file" / "held.jsonl", tmp_path / "state", ENTRY)
    assert elsewhere.path.parent == tmp_path / "state"
    assert elsewhere.path.name.startswith("held-")
    assert len(elsewhere.entries) == 1


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(BadRequest, match=r"cannot be recorded .*--ledger"):
        record_run(tmp_path / "file" / "held.ledger.jsonl", ENTRY)


def test_a_ledger_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert read_ledger(tmp_path / "none.jsonl").entries == ()


def test_lines_are_plain_json(tmp_path: Path) -> None:
    record_run(tmp_path / "l.jsonl", ENTRY)
    assert json.loads((tmp_path / "l.jsonl").read_text(encoding="utf-8"))["commit"] == "abc"
