"""`yinju edit`, `remove` and `restore`, renames and corrections, as a user meets them."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from cli import main
from commands.editing import _FIELDS
from ingest.corrections import FIELDS
from tests.ingest.test_parts import NOTICE
from tests.ingest.test_parts import RULE as ISSUED
from tests.invoke import yinju
from web.strings import _WORDS

RULE = "差旅费管理办法\n第一条 出差坐二等座。\n第二条 本办法自2020年1月1日起施行。\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "文库").mkdir()
    (tmp_path / "文库/办法.txt").write_text(RULE, encoding="utf-8")
    (tmp_path / "文库/讲话.txt").write_text("在会议上的讲话\n同志们：\n大家辛苦了。\n", encoding="utf-8")
    run(tmp_path / "文库", "ingest", str(tmp_path / "文库"))
    return tmp_path / "文库"


def run(folder: Path, *arguments: str, status: int = 0) -> Result:
    result = yinju(*arguments, "--index", folder.with_name("索引"))
    assert result.exit_code == status, result.output
    return result


def found(folder: Path, *arguments: str) -> dict[str, Any]:
    parsed = json.loads(run(folder, *arguments, "--json").stdout)
    assert isinstance(parsed, dict)
    return parsed


def test_a_document_is_corrected_cleared_and_reset(folder: Path) -> None:
    shown = run(folder, "edit", "办法.txt").stdout.splitlines()
    assert shown[:2] == ["办法.txt", "  title: 差旅费管理办法"]
    assert len(shown) == 15
    edited = run(
        folder, "edit", "办法.txt", "--title", "《出差办法》", "--date", "2021年3月",
        "--repeals", "甲", "--repeals", "《乙》", "--clear", "effective",
    ).stdout  # fmt: skip
    assert "  title: 出差办法  (corrected; read: 差旅费管理办法)\n" in edited
    assert "  date: 2021-03  (corrected; read: 2020-01-01)\n" in edited
    assert "  effective: -  (corrected; read: 2020-01-01)\n" in edited
    assert "  repeals: 《甲》《乙》  (corrected; read: -)\n" in edited
    shown = run(folder, "show", "办法.txt").stdout.splitlines()
    assert shown[0] == "title: 出差办法（用户更正，原读作：差旅费管理办法）"
    assert found(folder, "show", "办法.txt")["corrections"][0] == {
        "field": "title", "value": "出差办法", "read": "差旅费管理办法", "by": "edit"}  # fmt: skip
    hits = found(folder, "search", "坐什么座", "--where", "date=2021-03", "-k", "1")["hits"]
    assert (hits[0]["title"], hits[0]["date"]) == ("出差办法", "2021-03")
    assert "(corrected" in run(folder, "edit", "办法.txt", "--reset", "title").stdout
    fields = found(folder, "edit", "办法.txt", "--reset")["fields"]
    assert all(
        field["edit"] is None and field["value"] == field["read"] for field in fields if field["name"] != "status"
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--date", "2024-02-30"], "date: 2024-02-30 is not a date; write 2024-03-29, 2024-03 or 2024"),
        (["--status", "有效"], "status: 有效 is none"),
        (["--title", " "], "title: a document cannot be without one"),
        (["--clear", "title"], "title: a document cannot be without one"),
        (["--clear", "colour"], "colour"),
        (["--issuer", "甲", "--clear", "issuer"], "issuer: is both given and cleared"),
        (["--issuer", "甲", "--reset", "issuer"], "issuer: is both given and reset"),
    ],
)
def test_wrong_usage_is_told(folder: Path, arguments: list[str], told: str) -> None:
    result = run(folder, "edit", "办法.txt", *arguments, status=2)
    assert told in result.stderr
    assert not (folder.with_name("索引") / "decisions.json").exists()


@pytest.mark.parametrize("command", [["edit", "--issuer", "甲"], ["edit"], ["remove"]])
def test_an_unknown_document_is_told_with_similar_ones(folder: Path, command: list[str]) -> None:
    result = run(folder, *command, "办法", status=1)
    assert "办法: no such document in the index; did you mean 办法.txt?" in result.stderr


@pytest.mark.parametrize("command", ["edit", "remove", "restore"])
def test_no_index_is_told(tmp_path: Path, command: str) -> None:
    result = yinju(command, "办法.txt", "--index", tmp_path / "无")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "make one with `yinju ingest" in result.stderr
    assert not (tmp_path / "无").exists()


def test_a_renamed_document(folder: Path) -> None:
    (folder / "办法.txt").rename(folder / "出差.txt")
    report = found(folder, "ingest", str(folder))
    assert (report["renamed"], report["added"], report["removed"], report["updated"], report["unchanged"]) == (
        [{"from": "办法.txt", "to": "出差.txt"}], 0, 0, 0, 1)  # fmt: skip
    shown = run(folder, "show", "办法.txt", "--text")
    assert (shown.stdout, shown.stderr) == (RULE.rstrip("\n"), "办法.txt is 出差.txt now.\n")
    assert found(folder, "edit", "办法.txt", "--issuer", "甲")["source"] == "出差.txt"
    (folder / "出差.txt").rename(folder / "办法.txt")
    printed = run(folder, "ingest", str(folder)).stdout.splitlines()
    assert printed[0] == "renamed: 出差.txt -> 办法.txt"
    # The title and two articles of the rule, and the speech.
    counts = "2 documents, 4 passages: 0 added, 0 updated, 0 removed, 1 unchanged, 1 renamed, 0 failed"
    assert printed[1].startswith(counts)


def test_removing_and_restoring(folder: Path) -> None:
    assert found(folder, "remove", "讲话.txt")["removed"] == ["讲话.txt"]
    printed = run(folder, "ingest", str(folder)).stdout.splitlines()
    assert printed[0] == "left out, as removed by the user: 讲话.txt"
    assert "1 unchanged, 1 left out, 0 failed" in printed[1]
    assert (
        "it was removed, bring it back with `yinju restore 讲话.txt`"
        in run(folder, "show", "讲话.txt", status=1).stderr
    )
    assert found(folder, "restore", "讲话.txt")["added"] == 1
    assert found(folder, "ingest", str(folder))["left_out"] == []


def test_what_a_notice_issues_is_named_by_its_key(folder: Path) -> None:
    (folder / "通知.txt").write_text(NOTICE + ISSUED, encoding="utf-8")
    run(folder, "ingest", str(folder))
    edited = run(folder, "edit", "通知.txt#附件", "--region", "某市")
    assert (edited.stdout.splitlines()[0], edited.stderr) == ("通知.txt#附件", "")
    (folder / "通知.txt").rename(folder / "印发.txt")
    run(folder, "ingest", str(folder))
    shown = run(folder, "show", "通知.txt#附件", "--json")
    assert json.loads(shown.stdout)["document"] == "印发.txt#附件"
    assert shown.stderr == "通知.txt#附件 is 印发.txt#附件 now.\n"
    run(folder, "remove", "印发.txt")
    assert "bring it back with `yinju restore 印发.txt`" in run(folder, "show", "印发.txt#附件", status=1).stderr


def test_a_sidecar(folder: Path) -> None:
    beside = folder / "办法.txt.yinju.toml"
    beside.write_text('titel = "出差办法"\n', encoding="utf-8")
    refused = run(folder, "ingest", str(folder), status=1)
    assert refused.stderr.startswith("failed: 办法.txt.yinju.toml: titel: no such field; the fields are title, kind,")
    beside.write_text('title = "出差办法"\n', encoding="utf-8")
    assert run(folder, "ingest", str(folder)).stdout.splitlines()[0] == "corrected: 办法.txt"
    assert (
        "title: 出差办法（由同名的 .yinju.toml 更正，原读作：差旅费管理办法）" in run(folder, "show", "办法.txt").stdout
    )
    shown = run(folder, "edit", "办法.txt", "--title", "差旅办法").stdout
    assert "the file beside it says 出差办法, which is not taken" in shown
    told = run(folder, "ingest", str(folder)).stderr
    assert told.startswith("notice: 办法.txt.yinju.toml: title: `yinju edit` says otherwise, which is taken")


def test_every_command_is_in_the_readme() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    for name in ("edit", "remove", "restore", "watch"):
        assert f"yinju {name}" in readme


def test_every_field_that_can_be_corrected_has_an_option_and_a_word_on_the_page() -> None:
    options = {parameter.name for parameter in main.commands["edit"].params}
    assert set(FIELDS) == set(_FIELDS) <= options
    assert {f"field_{field}" for field in FIELDS} <= _WORDS.keys()
