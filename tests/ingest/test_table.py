from collections.abc import Sequence

from ingest.readers.table import Cell, assembled, names_columns, table_lines


def read(*rows: Sequence[Cell | str]) -> list[tuple[str, list[str]]]:
    """Each row of the table as text, with the texts that it is to be read with."""
    cells = [[cell if isinstance(cell, Cell) else Cell((cell,)) for cell in row] for row in rows]
    extract = assembled(["表前。", *table_lines(cells), "表后。"])
    assert extract.text.startswith("表前。\n")
    assert extract.text.endswith("\n表后。")
    return [(extract.text[row.start : row.end], [extract.text[a:b] for a, b in row.heads]) for row in extract.rows]


def test_a_row_is_read_with_the_header_that_names_its_columns() -> None:
    assert read(["项目", "标准"], ["住宿费", "500元"], ["伙食费", "100元"]) == [
        ("项目\t标准", []),
        ("住宿费\t500元", ["项目\t标准"]),
        ("伙食费\t100元", ["项目\t标准"]),
    ]


def test_a_cell_over_several_rows_is_printed_once_and_read_with_each() -> None:
    rows = read(["地区", "级别", "标准"], [Cell(("北京",), height=2), "部级", "1100"], ["司局级", "650"])
    # The header ends where the cell 北京 does not begin: they are parted by a line end only.
    assert rows[1] == ("北京\t部级\t1100", ["地区\t级别\t标准"])
    assert rows[2] == ("司局级\t650", ["地区\t级别\t标准\n北京"])


def test_a_title_over_the_whole_width_names_the_rows_below_it() -> None:
    rows = read(
        ["指标", "数量"], [Cell(("一、医疗",), width=2)], ["床位", "12"], [Cell(("二、教学",), width=2)], ["学生", "9"]
    )
    assert rows[2][1] == ["指标\t数量\n一、医疗"]
    assert rows[4][1] == ["指标\t数量", "二、教学"]


def test_an_empty_first_cell_goes_on_with_the_one_above() -> None:
    rows = read(["类别", "对象", "面积"], ["中央机关", "部级", "54"], ["", "处级", "12"])
    assert rows[2] == ("处级\t12", ["类别\t对象\t面积\n中央机关"])


def test_empty_cells_between_others_are_kept_so_that_columns_can_be_told() -> None:
    assert read(["项目", "上限", "备注"], ["住宿费", "", "凭据"])[1][0] == "住宿费\t\t凭据"


def test_a_header_of_two_rows_is_read_as_both() -> None:
    head = [Cell(("地区",), height=2), Cell(("住宿费标准",), width=2)]
    rows = read(head, ["旺季", "淡季"], ["北京", "750", "500"])
    assert rows[2] == ("北京\t750\t500", ["地区\t住宿费标准\n旺季\t淡季"])


def test_a_form_has_no_header() -> None:
    rows = read(["姓名", "某某", "性别", "男"], ["单位", "某局", "职务", "科长"])
    assert all(heads == [] for _, heads in rows)


def test_the_table_above_an_official_document_has_no_header() -> None:
    rows = read(
        ["索引号", "000014349/2019-00001", "主题分类", "卫生"], ["发文机关", "某厅", "成文日期", "2019年1月16日"]
    )
    assert all(heads == [] for _, heads in rows)


def test_a_table_of_one_column_gives_its_paragraphs() -> None:
    cells = [[Cell(("第一段。", "第二段。"))], [Cell(("第三段。",))]]
    assert table_lines(cells) == ["第一段。", "第二段。", "第三段。"]


def test_a_page_laid_out_as_a_table_gives_its_paragraphs() -> None:
    long = "各单位要把责任落实到人。" * 30
    assert table_lines([[Cell(("导航",)), Cell((long, "乙。", long))]]) == ["导航", long, "乙。", long]


def test_what_names_columns() -> None:
    assert names_columns(["地区", "人数"], [["北京", "12"], ["上海", "9"]])
    assert not names_columns(["北京", "12"], [["上海", "9"], ["天津", "7"]])
    assert not names_columns(["本条例自公布之日起施行。", "依法处理。"], [["甲", "乙"]])
