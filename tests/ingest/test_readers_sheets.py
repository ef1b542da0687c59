import io
from collections.abc import Sequence
from datetime import date, datetime

import openpyxl
import pytest

from ingest.errors import UnreadableFile
from ingest.readers import sheets
from ingest.readers.sheets import read_delimited, read_xls, read_xlsx
from ingest.readers.shown import shown


def workbook(*named: tuple[str, Sequence[Sequence[object]]]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in named:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    return book


def text_of(book: openpyxl.Workbook) -> str:
    out = io.BytesIO()
    book.save(out)
    return read_xlsx(out.getvalue(), "x.xlsx").text


STANDARDS = [("项目", "标准（元）"), ("住宿费", 500), ("伙食费", 100.5)]


def test_each_row_says_the_names_of_its_columns() -> None:
    assert text_of(workbook(("Sheet1", STANDARDS))) == "项目：住宿费；标准（元）：500\n项目：伙食费；标准（元）：100.5"


def test_titles_above_the_header_stay_and_sheets_are_headed_by_their_names() -> None:
    book = workbook(("差旅", [("差旅费标准表",), (None, None), *STANDARDS]), ("说明", [("自2024年起执行。",)]))
    book.create_sheet("草稿").append(["不看"])
    book["草稿"].sheet_state = "hidden"
    assert text_of(book) == (
        "差旅\n差旅费标准表\n项目：住宿费；标准（元）：500\n项目：伙食费；标准（元）：100.5\n说明\n自2024年起执行。"
    )


def test_a_header_of_two_rows_names_each_column_by_both() -> None:
    book = workbook(("Sheet1", [("地区", "住宿费标准", None), (None, "旺季", "淡季"), ("北京", 750, 500)]))
    book.worksheets[0].merge_cells("B1:C1")
    assert text_of(book) == "地区：北京；住宿费标准旺季：750；住宿费标准淡季：500"


def test_a_sheet_without_a_header_gives_its_rows() -> None:
    assert text_of(workbook(("Sheet1", [("北京", 12), ("上海", 9)]))) == "北京\t12\n上海\t9"


@pytest.mark.parametrize(
    ("value", "style", "display"),
    [
        (0.125, "0.0%", "12.5%"),
        (0.5, "0%", "50%"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (500, '0"元"', "500元"),
        (500, "[$¥-804]#,##0", "¥500"),
        (3, "General", "3"),
        (3.0, "General", "3"),
        (0.1 + 0.2, "General", "0.3"),
        (7, "000", "007"),
        (-5, "0.0", "-5.0"),
        (date(2024, 3, 1), "yyyy-mm-dd", "2024-03-01"),
        (datetime(2024, 3, 1), 'yyyy"年"m"月"d"日"', "2024年3月1日"),
        (datetime(2024, 3, 1), "yyyy/m/d", "2024/3/1"),
        (datetime(2024, 3, 1, 9, 30), "yyyy-mm-dd hh:mm", "2024-03-01 09:30"),
        (datetime(2024, 3, 1), 'yyyy"年"m"月"', "2024年3月"),
        (True, "General", "TRUE"),
        ("#N/A", "General", ""),
        (None, None, ""),
    ],
)
def test_values_are_shown_as_displayed(value: object, style: str | None, display: str) -> None:
    assert shown(value, style) == display


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_delimited_text_in_any_encoding(encoding: str, mark: str) -> None:
    rows = [["项目", "标准"], ["住宿费", "500元"], ["伙食费", "100元"]]
    content = "\r\n".join(mark.join(row) for row in rows).encode(encoding)
    assert read_delimited(content, "x.csv").text == "项目：住宿费；标准：500元\n项目：伙食费；标准：100元"


def test_a_quoted_cell_with_a_line_end_is_one_row() -> None:
    assert (
        read_delimited('项目,说明\n住宿费,"凭据,\n报销"\n'.encode(), "x.csv").text == "项目：住宿费；说明：凭据, 报销"
    )


def test_a_row_is_one_stretch_of_the_document() -> None:
    extract = read_delimited("事项,要求\n开会,简短。务实。\n".encode(), "x.csv")
    assert [extract.text[row.start : row.end] for row in extract.rows] == ["事项：开会；要求：简短。务实。"]


def test_limits_are_stated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    with pytest.raises(UnreadableFile, match="more than 3 rows"):
        read_delimited(b"a,b\n" * 5, "x.csv")
    with pytest.raises(UnreadableFile, match="more than 3 rows"):
        text_of(workbook(("a", STANDARDS), ("b", STANDARDS)))


def test_what_is_no_workbook_is_stated() -> None:
    out = io.BytesIO()
    workbook(("a", STANDARDS)).save(out)
    for read, content, reason in (
        (read_xlsx, b"no zip", "not a spreadsheet, or truncated"),
        (read_xlsx, out.getvalue()[:-200], "not a spreadsheet, or truncated"),
        (read_xls, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000), "damaged spreadsheet"),
        (read_xls, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password-protected"),
    ):
        with pytest.raises(UnreadableFile, match=reason):
            read(content, "x.xls")


def test_a_new_workbook_under_the_older_ending_is_read() -> None:
    out = io.BytesIO()
    workbook(("Sheet1", STANDARDS)).save(out)
    assert read_xls(out.getvalue(), "x.xls").text.startswith("项目：住宿费")


def test_a_web_page_under_the_ending_of_a_workbook_is_read() -> None:
    page = "<html><table><tr><td>项目</td><td>标准</td></tr><tr><td>住宿费</td><td>500元</td></tr></table></html>"
    assert read_xls(page.encode(), "x.xls").text == "项目\t标准\n住宿费\t500元"
