"""What a careless or hostile user may hand to the `yinju` command, from end to end."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pypdf import PdfWriter

from cli import main
from ingest.reading import MOST_TEXT_BYTES

RULE = "公务用车管理规定\n第一条 公务用车不得私用。\n第二条 封存车辆须经批准启用。\n"
ODD_NAME = "通知 “年检” it's\n第2行.txt"
NOTICE = "各单位应当在六月底前完成车辆年检。"


def yinju(*arguments: str, index: Path | str) -> Result:
    """Run a command as a user would, and see that it does not fall over."""
    result = CliRunner().invoke(main, [*arguments, "--index", str(index)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def found(*arguments: str, index: Path | str) -> dict[str, Any]:
    result = yinju(*arguments, "--json", index=index)
    assert result.exit_code == 0, result.stderr
    parsed = json.loads(result.stdout)
    assert isinstance(parsed, dict)
    return parsed


def refused(*arguments: str, index: Path | str, status: int = 1) -> str:
    """What a command says that prints no result."""
    result = yinju(*arguments, index=index)
    assert (result.exit_code, result.stdout) == (status, "")
    return result.stderr


def encrypted_pdf(path: Path) -> None:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("密码", algorithm="AES-256")
    writer.write(path)


def zip_bomb(path: Path) -> None:
    # 60,000,000 zeros pack to some 58,000 bytes: a thousand to one.
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"0" * 60_000_000)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two good documents among all kinds of bad ones."""
    folder = tmp_path_factory.mktemp("文库")
    (folder / "规定.txt").write_text(RULE, encoding="utf-8")
    (folder / ODD_NAME).write_text(NOTICE, encoding="utf-8")
    (folder / "空.txt").write_bytes(b"")
    (folder / "程序.txt").write_bytes(bytes(range(256)) * 20)
    (folder / "不是压缩包.docx").write_bytes(b"plain words")
    (folder / "大.txt").write_bytes(b"0" * 50_000_000)
    zip_bomb(folder / "炸弹.docx")
    encrypted_pdf(folder / "加密.pdf")
    (folder / "截断.pdf").write_bytes((folder / "加密.pdf").read_bytes()[:150])
    (folder / "套").mkdir()
    (folder / "套" / "回到上层").symlink_to(folder)
    (folder / "指向自己.txt").symlink_to(folder / "指向自己.txt")
    return folder


@pytest.fixture(scope="module")
def ingested(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """The index of the folder, and what making it printed."""
    index = tmp_path_factory.mktemp("索引")
    return index, yinju("ingest", str(folder), "--json", index=index)


@pytest.fixture
def index(ingested: tuple[Path, Result], tmp_path: Path) -> Path:
    """A copy of the index, to be damaged."""
    return shutil.copytree(ingested[0], tmp_path / "索引")


def test_bad_files_are_stated_and_the_good_ones_ingested(ingested: tuple[Path, Result]) -> None:
    result = ingested[1]
    report = json.loads(result.stdout)
    assert (result.exit_code, report["documents"], report["added"]) == (1, 2, 2)
    reasons = {failure["source"]: failure["reason"] for failure in report["failed"]}
    expected = {
        "空.txt": "the file is empty",
        "程序.txt": "binary content, not text",
        "不是压缩包.docx": "not a Word document",
        "大.txt": f"50,000,000 bytes, more than the {MOST_TEXT_BYTES:,} that are read; split it",
        "炸弹.docx": "zip bomb",
        "加密.pdf": "encrypted with a password",
        "截断.pdf": "damaged or truncated PDF",
        "指向自己.txt": "cannot be opened",
    }
    assert reasons.keys() == expected.keys()
    for source, reason in expected.items():
        assert reason in reasons[source]
        assert f"failed: {source}: " in result.stderr


def test_bad_files_are_stated_again_and_nothing_is_written(folder: Path, ingested: tuple[Path, Result]) -> None:
    live = (ingested[0] / "CURRENT").read_text(encoding="utf-8")
    result = yinju("ingest", str(folder), "--json", index=ingested[0])
    report = json.loads(result.stdout)
    assert (result.exit_code, report["added"], report["unchanged"], len(report["failed"])) == (1, 0, 2, 8)
    assert (ingested[0] / "CURRENT").read_text(encoding="utf-8") == live


def test_a_file_of_an_odd_name_is_found_and_shown_by_it(ingested: tuple[Path, Result]) -> None:
    hit = found("search", "车辆年检", "-k", "1", index=ingested[0])["hits"][0]
    assert (hit["source"], hit["text"]) == (ODD_NAME, NOTICE)
    assert yinju("show", ODD_NAME, "--text", index=ingested[0]).stdout == NOTICE


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_keeps_its_last_good_state(tmp_path: Path) -> None:
    (tmp_path / "文库").mkdir()
    (tmp_path / "文库" / "规定.txt").write_text(RULE, encoding="utf-8")
    assert yinju("ingest", str(tmp_path / "文库"), index=tmp_path / "索引").exit_code == 0
    (tmp_path / "文库" / "规定.txt").chmod(0)
    result = yinju("ingest", str(tmp_path / "文库"), index=tmp_path / "索引")
    assert result.exit_code == 1
    assert "permission denied" in result.stderr
    assert found("status", index=tmp_path / "索引")["documents"] == 1


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize(
    "question",
    [
        "公务用车可以私用吗？" * 1_000,  # 10,000 characters
        "公务用车\x00\x07\x1b[2J可以\u202e私用吗\r\n？",
        "公务用车可以私用吗\ud800？",
        '"(公务用车) OR *:* AND text:私用^9 \\',
        "第99999999999999999999条讲公务用车什么？",
    ],
    ids=["long", "control characters", "lone surrogate", "query syntax", "huge number"],
)
def test_any_question_is_answered_with_the_documents_own_words(
    ingested: tuple[Path, Result], tmp_path: Path, command: str, question: str
) -> None:
    (tmp_path / "in.jsonl").write_text(json.dumps({"id": 1, "question": question}), encoding="utf-8")
    batch = ["--batch", str(tmp_path / "in.jsonl"), "--out", str(tmp_path / "out.jsonl")]
    assert yinju(command, *batch, index=ingested[0]).exit_code == 0
    result = json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8"))
    assert "error" not in result
    assert command == "ask" or result["hits"]
    for quoted in result["citations"] if command == "ask" else result["hits"]:
        text = yinju("show", quoted["source"], "--text", index=ingested[0]).stdout
        assert text[quoted["start"] : quoted["end"]] == quoted["quote" if command == "ask" else "text"]


@pytest.mark.parametrize("question", ["", " \t\n", "？！……", "\x00\x07", "\u200b\ufeff"])
def test_a_question_without_words_is_refused(ingested: tuple[Path, Result], question: str) -> None:
    for command in ("ask", "search"):
        assert "empty; write what to look for" in refused(command, question, index=ingested[0])


def test_an_empty_phrase_is_refused(ingested: tuple[Path, Result]) -> None:
    assert "the phrase is empty" in refused("phrases", "", index=ingested[0])


def test_more_hits_than_there_are_passages(ingested: tuple[Path, Result]) -> None:
    # Two articles of the rule with its title, and the notice.
    for mode in ("hybrid", "lexical", "dense"):
        hits = found("search", "车辆", "--mode", mode, "-k", "9" * 30, index=ingested[0])["hits"]
        assert {hit["source"] for hit in hits} == {"规定.txt", ODD_NAME}


def test_an_argument_that_is_not_text(ingested: tuple[Path, Result]) -> None:
    """Bytes that are no UTF-8 reach a command as they are; only a real process gets them."""
    program = "from cli import main; main()"
    for command, status in (("show", 1), ("phrases", 0)):
        arguments: list[str | bytes] = [
            sys.executable,
            "-c",
            program,
            command,
            b"\xff\xfe",
            "--index",
            str(ingested[0]),
        ]
        done = subprocess.run(arguments, capture_output=True)
        assert (done.returncode, b"Traceback" in done.stderr) == (status, False)


def test_an_index_made_with_another_encoder(index: Path, tmp_path: Path) -> None:
    (manifest,) = index.glob("snapshots/*/manifest.json")
    held = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps({**held, "encoder": "another-1"}), encoding="utf-8")
    (tmp_path / "新.txt").write_text("新的规定。", encoding="utf-8")
    for arguments in (["ask", "公务用车"], ["search", "公务用车"], ["ingest", str(tmp_path / "新.txt")]):
        message = refused(*arguments, index=index)
        assert "another-1" in message
        assert "--rebuild" in message
    # What needs no encoder goes on, and nothing is lost: the rule's title and its first article name the cars.
    assert found("search", "公务用车", "--mode", "lexical", index=index)["hits"]
    assert found("phrases", "公务用车", index=index)["count"] == 2
    rebuilt = yinju("ingest", str(tmp_path / "新.txt"), "--rebuild", index=index)
    assert (rebuilt.exit_code, found("status", index=index)["documents"]) == (0, 1)


def test_an_index_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "规定.txt").write_text(RULE, encoding="utf-8")
    for arguments in (["ask", "问"], ["status"], ["serve"], ["ingest", str(tmp_path)]):
        assert "is a file" in refused(*arguments, index=tmp_path / "规定.txt", status=2)
    below = tmp_path / "规定.txt" / "索引"
    assert "no index here" in refused("ask", "问", index=below)
    assert "could not be written" in refused("ingest", str(tmp_path), index=below)
    assert (tmp_path / "规定.txt").read_text(encoding="utf-8") == RULE


@pytest.mark.parametrize("content", [b"", b"\0\0", b"\xff\xfe", b"000009-ffffffffffff\n", b"../../elsewhere\n"])
def test_a_corrupted_pointer_loses_nothing(folder: Path, index: Path, content: bytes) -> None:
    (index / "CURRENT").write_bytes(content)
    asked = yinju("phrases", "公务用车", index=index)
    assert asked.exit_code == 0
    assert "Until then the state before it is used" in asked.stderr
    report = json.loads(yinju("ingest", str(folder), "--json", index=index).stdout)
    assert (report["documents"], report["added"]) == (2, 0)
    assert found("phrases", "公务用车", index=index)["count"] == 2


def test_a_pointer_that_is_a_folder(index: Path) -> None:
    (index / "CURRENT").unlink()
    (index / "CURRENT").mkdir()
    assert "CURRENT: cannot be read" in refused("ask", "公务用车", index=index)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no questions in this file"),
        (b"\xff\xfe\x00\n", "line 1: not UTF-8"),
        (b"[]\n", "line 1: not a JSON object"),
        (b'\n{"id": 1, "question": "\xe9\x97\xae"}\n', "line 2, 1: answerable is missing"),
    ],
)
def test_a_bad_question_file_is_named(
    ingested: tuple[Path, Result], tmp_path: Path, content: bytes, reason: str
) -> None:
    (tmp_path / "questions.jsonl").write_bytes(content)
    assert reason in refused("eval", "questions", str(tmp_path / "questions.jsonl"), index=ingested[0])
