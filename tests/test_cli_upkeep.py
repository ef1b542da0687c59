"""`yinju check`, `snapshots` and `rollback`, and archives, as a user meets them."""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cli import main

RULE = "公务用车管理规定\n第一条 公务用车不得私用。\n"


def yinju(*arguments: str, index: Path) -> Result:
    result = CliRunner().invoke(main, [*arguments, "--index", str(index)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def found(*arguments: str, index: Path) -> dict[str, Any]:
    parsed = json.loads(yinju(*arguments, "--json", index=index).stdout)
    assert isinstance(parsed, dict)
    return parsed


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of two states: one document, and then with an archive of one."""
    folder, index = tmp_path_factory.mktemp("文库"), tmp_path_factory.mktemp("索引")
    (folder / "规定.txt").write_text(RULE, encoding="utf-8")
    assert yinju("ingest", str(folder), index=index).exit_code == 0
    with zipfile.ZipFile(folder / "附件.zip", "w") as package:
        package.writestr("夹/通知.txt", "关于年检的通知\n各单位应当在六月底前完成年检。\n")
        package.writestr("图.xyz", "?")
    assert yinju("ingest", str(folder), index=index).exit_code == 1
    return index


@pytest.fixture
def index(made: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    return shutil.copytree(made, tmp_path / "索引")


def test_a_member_of_an_archive_is_found_and_shown(made: Path) -> None:
    source = "附件.zip/夹/通知.txt"
    assert found("search", "什么时候完成年检", "-k", "1", index=made)["hits"][0]["source"] == source
    assert "六月底前" in yinju("show", source, "--text", index=made).stdout
    status = found("status", index=made)
    assert [failure["source"] for failure in status["failed"]] == ["附件.zip/图.xyz"]


def test_states_are_listed(made: Path) -> None:
    listed = found("snapshots", index=made)
    assert [(one["live"], one["documents"], one["damage"]) for one in listed["snapshots"]] == [
        (True, 2, ""),
        (False, 1, ""),
    ]
    lines = yinju("snapshots", index=made).stdout.splitlines()
    assert lines[0].startswith("* 000002-")
    assert "2 documents" in lines[0]
    assert lines[1].startswith("  000001-")
    assert lines[2].startswith("2 kept, ")


def test_going_back_and_forth(index: Path) -> None:
    back = yinju("rollback", index=index)
    assert back.exit_code == 0
    assert "is live: 1 documents, 2 passages, as in 000001-" in back.stdout
    assert found("status", index=index)["documents"] == 1
    assert found("rollback", "2", index=index)["documents"] == 2
    refused = yinju("rollback", "99", index=index)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "99: no such earlier snapshot" in refused.stderr


def test_as_many_states_are_kept_as_the_user_says(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YINJU_KEEP", "1")
    yinju("rollback", index=index)
    assert len(found("snapshots", index=index)["snapshots"]) == 1
    assert yinju("rollback", "--keep", "0", index=index).exit_code == 2


def test_a_whole_index_is_said_to_be_so(made: Path) -> None:
    checked = yinju("check", index=made)
    assert checked.exit_code == 0
    assert [line.partition(" ")[2] for line in checked.stdout.splitlines()] == ["(live): whole", "(earlier): whole"]
    assert found("check", index=made)["sound"]


def test_damage_is_told_and_repaired(index: Path) -> None:
    live = (index / "CURRENT").read_text(encoding="utf-8").strip()
    catalogue = index / "snapshots" / live / "catalogue.sqlite"
    catalogue.write_bytes(catalogue.read_bytes()[:-1] + b"\xff")
    checked = yinju("check", index=index)
    assert checked.exit_code == 1
    assert f"{live} (live): " in checked.stdout
    assert "`yinju check --repair` goes back" in checked.stdout
    asked = yinju("phrases", "公务用车", index=index)
    assert (asked.exit_code, "Until then the state before it is used" in asked.stderr) == (0, True)
    repaired = yinju("check", "--repair", index=index)
    assert repaired.exit_code == 0
    assert "repaired: went back to 000001-" in repaired.stdout
    assert yinju("phrases", "公务用车", index=index).stderr == ""


def test_where_nothing_is_whole_it_is_said_to_make_it_anew(index: Path) -> None:
    for catalogue in index.glob("snapshots/*/catalogue.sqlite"):
        catalogue.write_bytes(b"")
    repaired = yinju("check", "--repair", index=index)
    assert repaired.exit_code == 1
    assert "make it anew with `yinju ingest --rebuild FOLDER`" in repaired.stdout
    assert found("check", index=index)["sound"] is False


@pytest.mark.parametrize("command", ["check", "snapshots", "rollback"])
def test_no_index_is_said_with_how_to_make_one(tmp_path: Path, command: str) -> None:
    refused = yinju(command, index=tmp_path / "无")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "make one with `yinju ingest" in refused.stderr
    assert not (tmp_path / "无").exists()


def test_listing_states_loads_no_search_engine(made: Path) -> None:
    program = """
import sys
from cli import main
main(["snapshots", "--json", "--index", sys.argv[1]], standalone_mode=False)
print(sorted({"numpy", "jieba", "faiss", "tantivy", "streamlit", "torch", "openvino"} & sys.modules.keys()))
"""
    done = subprocess.run([sys.executable, "-c", program, str(made)], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
