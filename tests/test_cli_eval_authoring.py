import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.invoke import yinju

RULE = """接待管理办法
第一条 接待对象应当提供派出单位的公函。
第二条 有下列情形之一的，不予接待：
（一）没有派出单位公函的；
（二）超出规定范围和标准的。
第三条 接待费报销凭证应当保存十五年。
"""
GOOD = (
    '{"id": "a", "question": "报销凭证留多久？", "answerable": true, '
    '"gold": [{"doc": "接待.txt", "quote": "应当保存十五年"}]}\n'
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, index = tmp_path_factory.mktemp("文库"), tmp_path_factory.mktemp("索引")
    (folder / "接待.txt").write_text(RULE, encoding="utf-8")
    assert yinju("ingest", folder, "--index", index).exit_code == 0
    return index


def written(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path


def test_a_question_file_is_begun_written_checked_and_asked(index: Path, tmp_path: Path) -> None:
    path = tmp_path / "题.xlsx"
    begun = yinju("eval", "new", path, "--index", index, "-n", "5")
    assert (begun.exit_code, begun.stdout) == (0, f"{path}: 4 drafts, quoting 1 documents\n")
    assert "The index has no more than 4 of the 5 asked for." in begun.stderr
    assert f"then: yinju eval check {path}" in begun.stderr

    unwritten = yinju("eval", "questions", path, "--index", index)
    assert (unwritten.exit_code, unwritten.stderr.count("\n")) == (1, 1)
    assert "4 of 4 questions are yet to be written (rows " in unwritten.stderr

    book = load_workbook(path)
    sheet = book.worksheets[0]
    for row in range(2, sheet.max_row + 1):
        if sheet.cell(row, 4).value:  # on the first row of each question
            sheet.cell(row, 2).value = f"第{row}题怎么规定？{'甲乙丙丁戊己庚辛'[row - 2] * 6}"
    book.save(path)
    checked = yinju("eval", "check", path, "--index", index)
    assert (checked.exit_code, checked.stdout.splitlines()[-1]) == (0, "Nothing is wrong.")
    asked = yinju("eval", "questions", path, "--index", index, "--json")
    assert asked.exit_code == 0, asked.stderr
    assert json.loads(asked.stdout)["set"]["questions"] == 4


def test_a_file_that_is_there_is_not_overwritten(index: Path, tmp_path: Path) -> None:
    path = written(tmp_path / "q.csv", "mine")
    refused = yinju("eval", "new", path, "--index", index)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert f"{path}: stands there already and is not overwritten; give another name" in refused.stderr
    assert path.read_text(encoding="utf-8") == "mine"


def test_new_needs_an_index_documents_and_a_format(index: Path, tmp_path: Path) -> None:
    assert "no index here" in yinju("eval", "new", tmp_path / "q.csv", "--index", tmp_path).stderr
    none = yinju("eval", "new", tmp_path / "q.csv", "--index", index, "--where", "kind=法律")
    assert (none.exit_code, "the index has no documents that match" in none.stderr) == (1, True)
    assert "question files are written as .jsonl" in yinju("eval", "new", tmp_path / "q.doc", "--index", index).stderr
    assert not list(tmp_path.iterdir())
    assert yinju("eval", "new", tmp_path / "q.csv", "-n", "0").exit_code == 2


def test_what_is_wrong_is_listed_worst_first_and_ends_with_status_1(index: Path, tmp_path: Path) -> None:
    path = written(
        tmp_path / "q.csv",
        "编号,问题,有答案,文件,原文,难度\n"
        "a,报销凭证留多久？,是,接待.txt,应当保存十五年,高\n"
        "b,要带什么？,是,接待.txt,应当提供介绍信,低\n"
        "c,谁批？,也许,,,低\n",
    )
    checked = yinju("eval", "check", path, "--index", index)
    lines = checked.stdout.splitlines()
    assert checked.exit_code == 1
    assert lines[0] == f'fatal  {path}: row 4, c: answerable is true or false, not "也许"'
    assert lines[1].startswith(
        f"error  {path}: row 3, b: not word for word in 接待.txt: '应当提供介绍信'; it agrees up to"
    )
    assert lines[2:] == [
        f"note   {path}: row 1: the column '难度' is none of a question file and is not read",
        f"{path}: 2 questions (2 answerable, 0 not); dev 2; zh 2; other 2",
        "1 fatal, 1 errors, 1 notes",
    ]


def test_what_many_lines_have_is_told_once(tmp_path: Path) -> None:
    rows = "".join(f"{number},问题{chr(0x4E00 + number) * 4}？,\n" for number in range(2, 7))
    path = written(tmp_path / "q.csv", f"编号,问题,有答案\n{rows}")
    checked = yinju("eval", "check", path, "--index", tmp_path)
    assert checked.stdout.splitlines()[0] == f"fatal  {path}: rows 2–6: answerable is missing; say true or false"
    assert checked.stdout.splitlines()[-1] == "5 fatal, 0 errors, 0 notes"


def test_notes_alone_are_no_failure(index: Path, tmp_path: Path) -> None:
    path = written(tmp_path / "q.jsonl", GOOD.replace('"id"', '"难度": "高", "id"'))
    checked = yinju("eval", "check", path, "--index", index)
    assert (checked.exit_code, checked.stdout.splitlines()[-1]) == (0, "0 fatal, 0 errors, 1 notes")


def test_check_prints_one_object_for_programs(index: Path, tmp_path: Path) -> None:
    good = written(tmp_path / "good.jsonl", GOOD + '{"id": "b", "answerable": false}\n')
    bad = written(tmp_path / "bad.jsonl", "[]\n")
    checked = yinju("eval", "check", good, bad, "--index", index, "--json")
    found = json.loads(checked.stdout)
    assert (checked.exit_code, set(found)) == (1, {"files", "counts", "quotes_checked", "problems"})
    assert found["quotes_checked"] is True
    (first, second) = found["files"]
    assert (first["file"], first["questions"], first["unwritten"], second["questions"]) == (str(good), 1, 1, 0)
    counted = {"questions": 1, "answerable": 1, "unanswerable": 0, "fatal": 2, "error": 0, "note": 0}
    assert {name: found["counts"][name] for name in counted} == counted
    message = "1 of 2 questions are yet to be written (line 2); write them or take them out"
    assert found["problems"] == [
        {"file": str(good), "line": 0, "id": "", "message": message, "level": "fatal", "unit": "line"},
        {
            "file": str(bad), "line": 1, "id": "", "level": "fatal", "unit": "line",
            "message": "not a JSON object; write {…} with id, question and answerable",
        },
    ]  # fmt: skip


def test_without_an_index_it_is_said_that_quotes_were_not_checked(tmp_path: Path) -> None:
    path = written(tmp_path / "q.jsonl", GOOD)
    checked = yinju("eval", "check", path, "--index", tmp_path / "none")
    assert (checked.exit_code, checked.stdout.splitlines()[-1]) == (0, "Nothing is wrong.")
    assert f"No index in {tmp_path / 'none'}: gold quotes were not checked" in checked.stderr
    as_json = yinju("eval", "check", path, "--index", tmp_path / "none", "--json")
    assert json.loads(as_json.stdout)["quotes_checked"] is False


def test_files_are_converted_and_nothing_is_lost(tmp_path: Path) -> None:
    notes = '"split": "dev", "article": "第三条", "mention": "见", "place": "接待管理办法", "note": "待复核"'
    source = written(
        tmp_path / "q.jsonl",
        GOOD.replace("}]}", "}], " + notes + "}") + '{"id": "b", "answerable": false, "split": "dev"}\n',
    )
    path = source
    for name in ("q.csv", "q.xlsx", "q.tsv", "back.jsonl"):
        converted = yinju("eval", "convert", path, tmp_path / name)
        assert (converted.exit_code, converted.stdout) == (0, f"{tmp_path / name}: 2 questions\n"), converted.stderr
        path = tmp_path / name
    first, second = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    assert first == {
        "id": "a", "question": "报销凭证留多久？", "lang": "zh", "type": "", "answerable": True, "any": False,
        "gold": [{"doc": "接待.txt", "quote": "应当保存十五年"}], "items": [], "answer": "", "split": "dev",
        "article": "第三条", "mention": "见", "place": "接待管理办法", "note": "待复核",
    }  # fmt: skip
    assert (second["id"], second["question"]) == ("b", "")


def test_converting_overwrites_nothing_loses_nothing_unsaid_and_refuses_what_cannot_be_read(tmp_path: Path) -> None:
    source = written(tmp_path / "q.jsonl", GOOD.replace('"id"', '"难度": "高", "id"'))
    assert "stands there already" in yinju("eval", "convert", source, source).stderr
    assert "line 1, a: '难度' is not a key" in yinju("eval", "convert", source, tmp_path / "q.csv").stderr
    bad = written(tmp_path / "bad.jsonl", GOOD + GOOD)
    refused = yinju("eval", "convert", bad, tmp_path / "bad.csv")
    assert (refused.exit_code, "line 2, a: this id stands on line 1 already" in refused.stderr) == (1, True)
    assert not (tmp_path / "bad.csv").exists()


@pytest.mark.parametrize("command", ["questions", "ablate"])
def test_every_command_takes_sheets(index: Path, tmp_path: Path, command: str) -> None:
    path = tmp_path / "q.csv"
    path.write_bytes("编号;问题;有答案\na;养犬要不要办证？;否\n".encode("gb18030"))
    part = ("--part", "missing") if command == "ablate" else ()
    asked = yinju("eval", command, path, "--index", index, "--json", *part)
    assert asked.exit_code == 0, asked.stderr
