import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cli import main
from commands.printing import print_outline
from ingest.model import Document, DocumentInfo, Node, Outline
from tests.invoke import yinju

SPEECH = """在全市机关作风建设会议上的讲话
（2021年3月1日）
同志们：
会议提出“三个实”的要求，也就是谋事要实、创业要实、做人要实。
<script>alert("$x$")</script>和**着重**都是原文。
"""
RULE = """差旅费管理办法
第一条 为了规范差旅费管理，制定本办法。
第二条 出差人员乘坐高速列车二等座，凭据报销。
第三条 本办法自2022年1月1日起施行。
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("文库")
    (folder / "讲话.txt").write_text(SPEECH, encoding="utf-8")
    (folder / "办法.txt").write_text(RULE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def index(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An index of the folder, made by the command with the default encoder."""
    index = str(tmp_path_factory.mktemp("索引"))
    result = yinju("ingest", str(folder), "--index", index, "--json")
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert (report["documents"], report["added"], report["failed"]) == (2, 2, [])
    return index


def found(*arguments: str) -> dict[str, Any]:
    result = yinju(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    parsed = json.loads(result.stdout)
    assert isinstance(parsed, dict)
    return parsed


@pytest.mark.parametrize("name", [*sorted(main.commands)])
def test_every_command_and_option_has_help(name: str) -> None:
    command = main.commands[name]
    assert command.help
    assert command.get_short_help_str()
    for parameter in command.params:
        if parameter.param_type_name == "option":
            assert parameter.help, f"{name} {parameter.name}"


def test_help_loads_nothing_heavy() -> None:
    program = """
import sys
from cli import main
from tests.invoke import yinju
main(["--help"], standalone_mode=False)
heavy = {"numpy", "jieba", "faiss", "tantivy", "streamlit", "torch", "pandas", "openvino", "rich", "sqlite3"}
print(sorted(heavy & sys.modules.keys()))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_status_loads_no_search_engine(index: str) -> None:
    program = """
import sys
from cli import main
from tests.invoke import yinju
main(["status", "--json", "--index", sys.argv[1]], standalone_mode=False)
print(sorted({"numpy", "jieba", "faiss", "tantivy", "streamlit", "torch", "openvino"} & sys.modules.keys()))
"""
    done = subprocess.run([sys.executable, "-c", program, index], capture_output=True, text=True, check=True)
    held, loaded = done.stdout.splitlines()
    assert loaded == "[]"
    assert json.loads(held)["documents"] == 2


def test_search(index: str) -> None:
    result = found("search", "出差坐什么座位", "-k", "1", "--index", index)
    assert result["query"] == "出差坐什么座位"
    (hit,) = result["hits"]
    where = {"source", "document", "parent", "title", "number", "date", "path", "page", "start", "end"}
    assert set(hit) == {"rank", "score", "text", "also_in", "references", *where}
    assert (hit["rank"], hit["source"], hit["path"]) == (1, "办法.txt", ["第二条"])
    # 差旅费管理办法 and its newline are 8 characters, the first article's line 21.
    assert (hit["start"], hit["text"]) == (29, "第二条 出差人员乘坐高速列车二等座，凭据报销。")
    assert hit["end"] == 29 + len(hit["text"])


def test_search_where(index: str) -> None:
    hits = found("search", "要求", "--where", "source=讲话.txt", "--index", index)["hits"]
    assert {hit["source"] for hit in hits} == {"讲话.txt"}


def test_phrases(index: str) -> None:
    result = found("phrases", "要实", "--context", "4", "--index", index)
    line_starts = [line["start"] for line in result["lines"]]
    text = yinju("show", "讲话.txt", "--text", "--index", index).stdout
    assert line_starts == [match.start() for match in re.finditer("要实", text)]
    assert (result["count"], result["first"], result["last"], result["by_year"]) == (
        3, "2021-03-01", "2021-03-01", {"2021": 3})  # fmt: skip
    assert result["documents"] == [
        {
            "source": "讲话.txt",
            "document": "讲话.txt",
            "title": "在全市机关作风建设会议上的讲话",
            "date": "2021-03-01",
            "count": 3,
            "copy_of": None,
        }
    ]


def test_phrases_for_people(index: str) -> None:
    printed = yinju("phrases", "要实", "--limit", "2", "--index", index).stdout
    assert "“要实”: 3 in 1 documents" in printed
    assert printed.count("【要实】") == 2
    assert "1 more" in printed


def test_similar_phrases(index: str) -> None:
    assert "similar" not in found("phrases", "乘坐列车", "--index", index)
    result = found("phrases", "乘坐列车", "--similar", "--where", "source=办法.txt", "--index", index)
    (near,) = result["similar"]
    assert (result["count"], near["phrase"], near["count"], near["documents"]) == (0, "乘坐高速列车", 1, 1)
    assert "1 in 1  乘坐高速列车" in yinju("phrases", "乘坐列车", "--similar", "--index", index).stdout


def test_ask(index: str) -> None:
    result = found("ask", "“三个实”是什么？", "--index", index)
    assert set(result) == {
        "question", "kind", "answerable", "answer", "items", "citations", "confidence", "nearest", "milliseconds",
    }  # fmt: skip
    text = yinju("show", "讲话.txt", "--text", "--index", index).stdout
    assert result["citations"]
    for citation in result["citations"]:
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_ask_for_people(index: str) -> None:
    printed = yinju("ask", "“三个实”是什么？", "--index", index).stdout
    assert "[1] 《在全市机关作风建设会议上的讲话》 2021-03-01" in printed
    assert "谋事要实、创业要实、做人要实" in printed


def test_show_text_is_the_text_alone(index: str) -> None:
    # As written, less the newline at the end of the file: a document's text does not end in one.
    assert yinju("show", "讲话.txt", "--text", "--index", index).stdout_bytes == SPEECH.rstrip("\n").encode()


def test_show_outline(index: str) -> None:
    assert yinju("show", "办法.txt", "--outline", "--index", index).stdout.splitlines() == [
        "第一条",
        "第二条",
        "第三条",
    ]


def test_show_outline_indents_shortens_and_gives_pages(capsys: pytest.CaptureFixture[str]) -> None:
    outline = Outline((Node("一、", "总则", 1, 0, 50, None), Node("（一）", "甲" * 50, 2, 5, 50, 0)))
    document = Document(DocumentInfo("1", "a.pdf", "题"), "一、总则\n（一）" + "甲" * 42, pages=(0, 5))
    print_outline(document, outline)
    # 40 characters are shown: the label's three, 36 of the heading and the ellipsis.
    assert capsys.readouterr().out.splitlines() == ["一、总则  (p. 1)", f"  （一）{'甲' * 36}…  (p. 2)"]


def test_show_json(index: str) -> None:
    shown = found("show", "办法.txt", "--index", index)
    assert (shown["title"], shown["text"]) == ("差旅费管理办法", RULE.rstrip("\n"))
    assert [node["label"] for node in shown["outline"]] == ["第一条", "第二条", "第三条"]


def test_show_references(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "通知.txt").write_text(
        "关于出差的通知\n依照《差旅费管理办法》第二条和《无此办法》办理。\n2023年1月1日\n", "utf-8"
    )
    (tmp_path / "办法.txt").write_text(RULE, encoding="utf-8")
    index = str(tmp_path / "i")
    assert yinju("ingest", str(tmp_path), "--index", index).exit_code == 0
    shown = found("show", "通知.txt", "--references", "--index", index)
    first, second = shown["outgoing"]
    # Behind the title's line of 8 and 依照; 第二条 begins after lines of 9 and 21 characters.
    assert (first["start"], first["end"], first["text"]) == (10, 22, "《差旅费管理办法》第二条")
    assert (first["state"], first["target"]["source"]) == ("resolved", "办法.txt")
    assert RULE[first["target"]["start"] : first["target"]["end"]] == "第二条 出差人员乘坐高速列车二等座，凭据报销。"
    assert (first["target"]["article"], first["place"]) == ("第二条", "第二条")
    assert (second["state"], second["title"], second["target"], second["candidates"]) == (
        "missing",
        "无此办法",
        None,
        [],
    )
    (incoming,) = found("show", "办法.txt", "--references", "--index", index)["incoming"]
    assert (incoming["source"], incoming["start"], incoming["article"]) == ("通知.txt", 10, "第二条")
    printed = yinju("show", "办法.txt", "--references", "--index", index).stdout
    assert "《关于出差的通知》 通知.txt" in printed
    assert "《无此办法》 → 不在文库里" in yinju("show", "通知.txt", "--references", "--index", index).stdout
    (hit,) = [hit for hit in found("search", "出差", "--index", index)["hits"] if hit["source"] == "通知.txt"]
    assert [one["text"] for one in hit["references"]] == ["《差旅费管理办法》第二条", "《无此办法》"]


def test_show_names_similar_documents(index: str) -> None:
    result = yinju("show", "讲话", "--index", index)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "讲话.txt" in result.stderr


def test_status(index: str) -> None:
    held = found("status", "--index", index)
    assert (held["documents"], held["failed"], held["notice"]) == (2, [], "")
    assert sum(held["kinds"].values()) == 2


def test_a_failed_file_is_listed_and_the_rest_ingested(tmp_path: Path) -> None:
    (tmp_path / "文库").mkdir()
    (tmp_path / "文库" / "坏.pdf").write_bytes(b"%PDF-1.7 broken")
    (tmp_path / "文库" / "好.txt").write_text("好的文件。", encoding="utf-8")
    result = yinju("ingest", str(tmp_path / "文库"), "--index", str(tmp_path / "索引"), "--json")
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert (report["documents"], [failure["source"] for failure in report["failed"]]) == (1, ["坏.pdf"])
    assert "failed: 坏.pdf: " in result.stderr


def test_a_missing_index_is_a_stated_failure(tmp_path: Path) -> None:
    for arguments in (["search", "问"], ["status"], ["show", "a.txt"], ["serve"]):
        result = yinju(*arguments, "--index", str(tmp_path))
        assert (result.exit_code, result.stdout) == (1, "")
        assert "no index here" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["search"],
        ["ask", "问题", "--batch", __file__, "--out", "x.jsonl"],
        ["phrases", "--batch", __file__],
        ["search", "问", "--where", "colour=red"],
        ["search", "问", "--mode", "psychic"],
        ["search", "问", "-k", "0"],
        ["ingest"],
        ["ingest", "/no/such/folder"],
        ["unknown"],
    ],
)
def test_wrong_usage(arguments: list[str]) -> None:
    assert yinju(*arguments).exit_code == 2


def test_output_is_utf8_whatever_the_locale(index: str) -> None:
    program = "from cli import main; main()"
    plain = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-c", program, "phrases", "实", "--index", index]
    done = subprocess.run(command, env=plain, capture_output=True, check=True)
    # 三个实, 谋事要实, 创业要实, 做人要实.
    assert done.stdout.decode().startswith("“实”: 4 in 1 documents")


def test_a_name_that_is_not_utf8_is_shown_as_given(index: str) -> None:
    command: list[str | bytes] = [
        sys.executable,
        "-c",
        "from cli import main; main()",
        "show",
        b"\xca\xb5.txt",
        "--index",
        index,
    ]
    done = subprocess.run(command, capture_output=True)
    assert done.returncode == 1
    assert b"Error: \xca\xb5.txt: no such document in the index" in done.stderr


def test_an_empty_question_is_a_stated_failure(index: str) -> None:
    result = yinju("search", " ", "--index", index)
    assert result.exit_code == 1
    assert "empty" in result.stderr


def test_a_closed_pipe_ends_quietly(index: str) -> None:
    program = "from cli import main; main()"
    command = [sys.executable, "-c", program, "phrases", "实", "--index", index]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
