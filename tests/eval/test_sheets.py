import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from eval.questions import (
    Evidence,
    Question,
    QuestionFile,
    in_order,
    question_from,
    read_question_file,
    record_of,
    usable,
    write_questions,
)
from eval.sheets import read_sheet, write_sheet
from ingest.errors import BadRequest

Rows = list[list[Any]]
HEADINGS = "编号,问题,有答案,文件,原文,条目"
FULL = Question(
    "a", "哪些情形\n不予接待？", "zh", "enumeration", True, True,
    (Evidence("接待.txt", "（一）无公函的；"), Evidence("接待.txt", "（二）超范围的。")),
    ("无公函的", "超范围的"), "无公函、超范围。", "dev",
    article="第二条", mention="见第二条", place="接待管理办法 › 第二条", note="待复核",
)  # fmt: skip


def read(path: Path, content: str | bytes) -> QuestionFile:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_question_file(path)


def told(file: QuestionFile) -> list[str]:
    return [str(problem) for problem in file.problems]


def saved(rows: Rows, change: Callable[[Any], object] | None = None) -> bytes:
    """A workbook of some rows, as a spreadsheet program would save it."""
    book, written = Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    if change:
        change(book.worksheets[0])
    book.save(written)
    return written.getvalue()


# Reading: columns and rows


def test_rows_are_questions_and_those_below_them_give_more_quotes_and_items(tmp_path: Path) -> None:
    file = read(
        tmp_path / "q.csv",
        f"{HEADINGS}\n"
        'a,哪些情形不予接待？,是,接待.txt,（一）无公函的；,"无公函的\n 超范围的 \n"\n'
        ",,,,（二）超范围的。,\n"  # of the same document
        "\n"
        "b,谁批准？,否,,,\n"
        "c,批什么？,是,甲.txt,批准用车,用车\n"
        "c,,,乙.txt,批准出差,出差\n",
    )
    assert told(file) == []
    assert [(one.id, one.line, one.answerable, one.items) for one in file.questions] == [
        ("a", 2, True, ("无公函的", "超范围的")),
        ("b", 5, False, ()),
        ("c", 6, True, ("用车", "出差")),
    ]
    assert [(one.source, one.quote, one.line) for question in file.questions for one in question.gold] == [
        ("接待.txt", "（一）无公函的；", 2),
        ("接待.txt", "（二）超范围的。", 3),
        ("甲.txt", "批准用车", 6),
        ("乙.txt", "批准出差", 7),
    ]


def test_columns_have_chinese_names_or_keys_in_any_order_case_and_width(tmp_path: Path) -> None:
    file = read(
        tmp_path / "q.csv",
        "ＡＮＳＷＥＲＡＢＬＥ, Question ,题 号,Split,语言,任一即可,备注,Answer,article\n"
        "yes,要不要公函？,7,保留,英文,有,待复核,要。,第一条\n",
    )
    (question,) = file.questions
    assert told(file) == []
    assert record_of(question) == {
        "id": "7", "question": "要不要公函？", "lang": "en", "type": "", "answerable": True, "any": True, "gold": [],
        "items": [], "answer": "要。", "split": "held-out", "article": "第一条", "note": "待复核",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        *((cell, True) for cell in ("TRUE", "true", "1", "是", "有", "Yes", "√", " Ｙ ")),
        *((cell, False) for cell in ("FALSE", "false", "0", "否", "无", "没有", "no", "×")),
    ],
)
def test_truth_is_read_as_people_write_it(tmp_path: Path, cell: str, value: bool) -> None:
    (question,) = read(tmp_path / "q.csv", f"id,question,answerable\na,问？,{cell}\n").questions
    assert question.answerable is value


def test_a_title_above_the_heading_and_rows_filled_in_below_are_passed_over(tmp_path: Path) -> None:
    file = read(tmp_path / "q.csv", "测评题库,,\n\n编号,问题,有答案\na,问？,否\n,,否\n,,否\n")
    assert (told(file), [(one.id, one.line) for one in file.questions]) == ([], [("a", 4)])


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("编号,问题\na,问？\n", ["row 1: no column 有答案 (answerable); name the columns in the first row"]),
        (
            "甲,乙\na,问？\n",
            [
                "row 1: the column '甲' is none of a question file and is not read",
                "row 1: the column '乙' is none of a question file and is not read",
                "row 1: no column 编号 (id) and no column 问题 (question) and no column 有答案 (answerable); "
                "name the columns in the first row",
            ],
        ),
        (
            "编号,问题,有答案,原文\na,问？,是,公函\n",
            ["row 1: no column 文件 (doc); name the columns in the first row"],
        ),
        ("编号,问题,有答案,ID\na,问？,是,b\n", ["row 1: the columns A and D are both 编号 (id); keep one"]),
        (
            "编号,问题,有答案,难度\na,问？,否,高\n",
            ["row 1: the column '难度' is none of a question file and is not read"],
        ),
        ("编号,问题,有答案,\na,问？,否,高\n", ["row 1: column D has no heading and is not read"]),
        ("编号,问题,有答案\na,问？,也许\n", ['row 2, a: answerable is true or false, not "也许"']),
        ("编号,问题,有答案\na,问？,\n", ["row 2, a: answerable is missing; say true or false"]),
        ("编号,问题,有答案\n,问？,是\n", ["row 2: no id; give every question one of its own"]),
        ("编号,问题,有答案,分组\na,问？,否,测试\n", ['row 2, a: split is dev or held-out, not "测试"']),
        (
            f"{HEADINGS}\na,问？,是,接待.txt,,\n",
            ['row 2, a: a gold entry is {"doc": source, "quote": text}, not {"doc": "接待.txt", "quote": ""}'],
        ),
        (
            f"{HEADINGS},答案\na,问？,是,接待.txt,公函,,要。\n,,,接待.txt,接待,,不要。\n",
            ["row 3, a: 答案 (answer) is not read here: the row goes on with the question of row 2"],
        ),
        (
            '编号,问题,有答案\na,"问\n？",否\n\na,又问？,否\n',
            # The question's line break and the blank line count as a spreadsheet counts: row 2, row 3.
            ["row 4, a: this id stands on row 2 already"],
        ),
        ("编号,问题,有答案\n", ["no questions in this file"]),
        (
            "编号,问题,有答案,难度\n",
            ["no questions in this file", "row 1: the column '难度' is none of a question file and is not read"],
        ),
        ("", ["no questions in this file"]),
    ],
)
def test_what_is_wrong_is_named_with_its_row(tmp_path: Path, content: str, expected: list[str]) -> None:
    assert told(read(tmp_path / "q.csv", content)) == expected


def test_questions_yet_to_be_written_are_named_together(tmp_path: Path) -> None:
    rows = "".join(f"{number},{'问？' if number == 5 else ''},否\n" for number in range(2, 9))
    file = read(tmp_path / "q.csv", f"编号,问题,有答案\n{rows}")
    assert [draft.id for draft in file.drafts] == ["2", "3", "4", "6", "7", "8"]
    assert (file.problems, [one.id for one in file.questions]) == ((), ["5"])
    with pytest.raises(BadRequest, match=r"q\.csv: 6 of 7 questions are yet to be written \(rows 2–4, 6–8\)"):
        usable(file)


# CSV


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_in_the_encodings_and_with_the_delimiters_of_office_programs(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    rows = ["编号,问题,有答案,文件,原文", 'a,"接待对象，要不要“公函”？",是,接待.txt,"接待对象应当\n提供公函"']
    content = "\r\n".join(row.replace(",", delimiter) for row in rows).encode(encoding)
    (question,) = read(tmp_path / "q.csv", content).questions
    assert (question.text, question.gold[0].quote) == ("接待对象，要不要“公函”？", "接待对象应当\n提供公函")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (f'{HEADINGS}\na,"五个更"是什么？,否,,,\n', r"q\.csv: row 2: not CSV .* quotation mark at its start"),
        (f'{HEADINGS}\na,问？,否,,,\nb,"问？,否,,,\n', r"q\.csv: row 3: not CSV \(unexpected end of data\)"),
        (b"\x00\x01\x02\x03" * 50, r"q\.csv: binary content, not text"),
    ],
)
def test_what_is_no_csv_is_named(tmp_path: Path, content: str | bytes, expected: str) -> None:
    with pytest.raises(BadRequest, match=expected):
        read(tmp_path / "q.csv", content)


# XLSX


def test_cells_of_a_workbook_are_read_as_they_are_shown(tmp_path: Path) -> None:
    def show(sheet: Any) -> None:
        for place, shown in (("E2", "0%"), ("E3", "#,##0.00"), ("E4", "0.0%")):
            sheet[place].number_format = shown

    head = ["编号", "问题", "有答案", "任一即可", "答案"]
    rows: Rows = [head, [1.0, "一？", True, 0, 0.06], ["2", "二？", False, "", 1200], [3, "三？", 1, None, 0.0625]]
    rows += [[4, "四？", "否", None, datetime(2024, 1, 8)], [5, "五？", "否", None, 2.5]]
    file = read(tmp_path / "q.xlsx", saved(rows, show))
    assert told(file) == []
    assert [(one.id, one.answerable, one.any_suffices, one.answer) for one in file.questions] == [
        ("1", True, False, "6%"),
        ("2", False, False, "1,200.00"),
        ("3", True, False, "6.2%"),  # 6.25 rounds to even
        ("4", False, False, "2024-01-08"),
        ("5", False, False, "2.5"),
    ]


def test_cells_merged_over_rows_and_rows_left_out_keep_their_numbers(tmp_path: Path) -> None:
    rows: Rows = [
        ["编号", "问题", "有答案", "文件", "原文"],
        ["a", "问？", True, "甲.txt", "甲说"],
        [None] * 4 + ["乙说"],
    ]

    def merge(sheet: Any) -> None:
        for column in "ABCD":
            sheet.merge_cells(f"{column}2:{column}3")
        sheet["A6"], sheet["B6"], sheet["C6"] = "b", "又问？", "不知道"

    file = read(tmp_path / "q.xlsx", saved(rows, merge))
    assert [(one.source, one.quote, one.line) for one in file.questions[0].gold] == [
        ("甲.txt", "甲说", 2),
        ("甲.txt", "乙说", 3),
    ]
    assert told(file) == ['row 6, b: answerable is true or false, not "不知道"']


def test_rows_whose_first_was_taken_out_do_not_become_part_of_the_question_above(tmp_path: Path) -> None:
    write_questions(tmp_path / "q.csv", [Question("z", "问？", "zh", "", False, False, (), ()), FULL])
    lines = (tmp_path / "q.csv").read_text(encoding="utf-8-sig").splitlines()
    # The heading, z, then a on two rows; the question of a and its items have a line break each.
    kept = [*lines[:2], lines[-1]]
    assert lines[-1].startswith("a,,,,接待.txt,（二）超范围的。,")
    file = read(tmp_path / "less.csv", "\n".join(kept))
    assert (file.questions[0].gold, told(file)) == ((), ["row 3, a: answerable is missing; say true or false"])


def test_only_the_first_sheet_is_read(tmp_path: Path) -> None:
    data = saved([], lambda sheet: sheet.parent.create_sheet("题").append(["编号", "问题", "有答案"]))
    assert told(read(tmp_path / "q.xlsx", data)) == ["no questions in this file"]


def bomb() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b"0" * 60_000_000)
    return written.getvalue()


def without(member: str) -> bytes:
    """A workbook that lacks a part."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved([["编号"]]))) as whole, zipfile.ZipFile(written, "w") as part:
        for name in whole.namelist():
            if name != member:
                part.writestr(name, whole.read(name))
    return written.getvalue()


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda: "编号,问题\n".encode(), r"q\.xlsx: not an XLSX workbook, or truncated; .*name it by its format"),
        (lambda: b"", r"q\.xlsx: not an XLSX workbook"),
        (lambda: saved([["编号"]])[:-40], r"q\.xlsx: not an XLSX workbook, or truncated"),
        (lambda: b"\xd0\xcf\x11\xe0" + b"0" * 600, r"q\.xlsx: password-protected, or an old \.xls"),
        (
            lambda: without("xl/workbook.xml"),
            r"q\.xlsx: damaged workbook \(KeyError\); open it in a spreadsheet program",
        ),
        (lambda: without("xl/worksheets/sheet1.xml"), r"q\.xlsx: damaged workbook"),
        (bomb, r"q\.xlsx: unpacks to 60,000,000 bytes from 58,\d+ \(zip bomb\)"),
    ],
    ids=["csv", "empty", "truncated", "old", "no book", "no sheet", "bomb"],
)
def test_what_is_no_workbook_is_named_with_the_remedy(tmp_path: Path, make: Callable[[], bytes], expected: str) -> None:
    with pytest.raises(BadRequest, match=expected):
        read(tmp_path / "q.xlsx", make())


@pytest.mark.parametrize("name", ["q.csv", "q.jsonl"])
def test_a_workbook_under_another_name_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadRequest, match=rf"{name}: not text but a workbook .* name it \.xlsx"):
        read(tmp_path / name, saved([["编号"]]))


@pytest.mark.parametrize("suffix", [".xls", ".ods", ".numbers", ".et"])
def test_other_spreadsheets_are_refused_with_the_remedy(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(BadRequest, match=rf"{suffix} files are not read; save it as \.xlsx or \.csv"):
        read(tmp_path / f"q{suffix}", "x")


def test_a_workbook_is_laid_out_for_people(tmp_path: Path) -> None:
    write_questions(tmp_path / "q.xlsx", [FULL])
    sheet = load_workbook(tmp_path / "q.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[1]][:6] == ["编号", "问题", "题型", "有答案", "文件", "原文"]
    assert [cell.value for cell in sheet[3]][:6] == ["a", None, None, None, "接待.txt", "（二）超范围的。"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("C2", "A1:O3")
    assert sheet["B2"].alignment.wrap_text
    assert sheet.column_dimensions["F"].width == 50
    offered = {str(one.sqref): (one.formula1, one.showErrorMessage) for one in sheet.data_validations.dataValidation}
    assert offered["D2:D1003"] == ('"是,否"', True)
    assert offered["C2:C1003"][1] is False
    assert offered["K2:K1003"] == ('"dev,held-out"', True)


@pytest.mark.parametrize("text", ["=1+1", "+86 10", "-5度", "@某人", '=HYPERLINK("http://x")', "#REF!", "007", "TRUE"])
def test_what_looks_like_a_formula_or_a_number_stays_text_in_a_workbook(tmp_path: Path, text: str) -> None:
    question = Question("1", text, "zh", "", False, False, (), (), answer=text)
    write_questions(tmp_path / "q.xlsx", [question])
    cell = load_workbook(tmp_path / "q.xlsx").worksheets[0]["B2"]
    assert (cell.value, cell.data_type, cell.number_format) == (text, "s", "@")
    assert [record_of(one) for one in read_question_file(tmp_path / "q.xlsx").questions] == [record_of(question)]


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".tsv", ".xlsx"])
def test_the_same_questions_give_the_same_bytes_and_all_is_kept(tmp_path: Path, suffix: str) -> None:
    first, second = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
    draft = Question("b", "", "en", "passage", False, False, (), ())
    write_questions(first, [FULL, draft])
    write_questions(second, [FULL, draft])
    assert first.read_bytes() == second.read_bytes()
    assert [record_of(one) for one in in_order(read_question_file(first))] == [record_of(FULL), record_of(draft)]


@pytest.mark.parametrize(
    ("name", "change", "expected"),
    [
        ("q.xls", {}, r"q\.xls: question files are written as \.jsonl, \.csv, \.tsv, \.xlsx"),
        ("there.csv", {}, r"there\.csv: stands there already and is not overwritten"),
        ("gone/q.csv", {}, r"q\.csv: cannot be written \(No such file or directory\)"),
        ("q.csv", {"items": ("一\n二",)}, r"q\.csv: a: a sheet would not give this question back as it is"),
        ("q.csv", {"type": " rule"}, r"q\.csv: a: a sheet would not give this question back as it is"),
        ("q.csv", {"text": "问\ud800"}, r"q\.csv: '\\ud800' is half a character"),
        ("q.jsonl", {"text": "问\ud800"}, r"q\.jsonl: '\\ud800' is half a character"),
        ("q.xlsx", {"text": "问\x07"}, r"q\.xlsx: cell B2: a workbook cannot hold '\\x07'"),
        ("q.xlsx", {"text": "问" * 32_768}, r"q\.xlsx: cell B2: 32,768 characters, more than a workbook holds"),
    ],
)
def test_what_cannot_be_written_is_named(tmp_path: Path, name: str, change: dict[str, Any], expected: str) -> None:
    (tmp_path / "there.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(BadRequest, match=expected):
        write_questions(tmp_path / name, [replace(FULL, **change)])
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["mine"]


# Round trips

_names = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=6)
_texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12) | st.sampled_from(
    ["=1+1", '"', '"五个更"', "一\r\n二", "a,b;c\td", "'", " 前后 ", "\ufeff题"]
)
_printable = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff_")
_in_cells = st.text(_printable | st.sampled_from("\n\r\t"), max_size=12) | st.sampled_from(["=1+1", "-5", " 前后 "])
_items = st.lists(_names, max_size=3).map(tuple)


def _questions(texts: st.SearchStrategy[str]) -> st.SearchStrategy[list[Question]]:
    filled = texts.filter(lambda text: bool(text.strip()))
    notes = texts.map(lambda text: text if text.strip() else "")
    one = st.builds(
        Question,
        id=_names,
        text=filled | st.just(""),
        language=st.sampled_from(["zh", "en", "fr"]),
        type=st.just("") | _names,
        answerable=st.booleans(),
        any_suffices=st.booleans(),
        gold=st.lists(st.builds(Evidence, _names, filled), max_size=3).map(tuple),
        items=_items,
        answer=notes,
        split=st.sampled_from([None, "dev", "held-out"]),
        line=st.just(0),
        unit=st.just("line"),
        article=notes,
        mention=notes,
        place=notes,
        note=notes,
    )
    return st.lists(one, min_size=1, max_size=4, unique_by=lambda question: question.id)


def assert_given_back(path: Path, questions: list[Question]) -> None:
    given = read_sheet(path, write_sheet(path, [record_of(one) for one in questions]))
    read = [question_from(one.fields, one.row)[0] for one in given.records]
    assert [one and record_of(one) for one in read] == [record_of(one) for one in questions]
    assert given.problems == ()


@given(_questions(_texts), st.sampled_from(["q.csv", "q.tsv"]))
def test_csv_gives_back_what_was_written(questions: list[Question], name: str) -> None:
    assert_given_back(Path(name), questions)


@given(_questions(_in_cells))
@settings(max_examples=50)
def test_a_workbook_gives_back_what_was_written(questions: list[Question]) -> None:
    assert_given_back(Path("q.xlsx"), questions)


def test_a_workbook_whose_directory_asks_for_a_later_zip_is_told(tmp_path: Path) -> None:
    path = tmp_path / "q.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("a.xml", "<a/>")
    content = bytearray(path.read_bytes())
    # The version needed to extract stands 6 bytes behind the mark of a directory entry.
    content[content.index(b"PK\x01\x02") + 6] = 0xFF
    path.write_bytes(content)
    with pytest.raises(BadRequest, match=r"q\.xlsx: not an XLSX workbook, or truncated; get a fresh copy"):
        read_question_file(path)
