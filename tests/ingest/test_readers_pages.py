"""Fragments of a page → lines: rows, columns and ruled cells."""

from ingest.readers.fragments import Fragment, lines_of
from ingest.readers.grid import Rule, with_ruled_rows


def fragment(text: str, x: float, y: float, size: float = 10) -> Fragment:
    return Fragment(text, x, x + size * len(text), y, size)


def texts(fragments: list[Fragment]) -> list[str]:
    return [line.text for line in lines_of(fragments)]


def test_fragments_in_any_order_become_rows_from_the_top_down() -> None:
    drawn = [fragment("第二行", 72, 680), fragment("一行", 92, 701), fragment("第", 72, 700), fragment("标题", 72, 740)]
    # 第 ends at 82, 一行 begins a letter further on: no more than a letter is no gap.
    assert texts(drawn) == ["标题", "第一行", "第二行"]


def test_what_is_far_apart_on_a_row_is_apart() -> None:
    assert texts([fragment("孙某", 72, 700), fragment("副部长", 140, 700)]) == ["孙某\t副部长"]


def test_latin_words_of_two_fragments_have_a_space_between() -> None:
    assert texts([fragment("GDP", 72, 700), fragment("2025", 105, 700), fragment("年", 145, 700)]) == ["GDP 2025年"]


def test_columns_of_text_are_read_one_after_the_other_between_what_spans_them() -> None:
    # Columns of 20 letters at 50 and at 300; the rows of the right one stand a little lower. A heading spans both.
    left = [fragment("左" * 20, 50, 700 - 20 * n) for n in range(6)]
    right = [fragment("右" * 20, 300, 693 - 20 * n) for n in range(6)]
    heading, end = fragment("通" * 45, 50, 760), fragment("末" * 45, 50, 500)
    mixed = [part for pair in zip(left, right, strict=True) for part in pair]
    assert texts([end, *mixed, heading]) == ["通" * 45, *["左" * 20] * 6, *["右" * 20] * 6, "末" * 45]
    assert [line.column for line in lines_of([end, *mixed, heading])][1::6] == [(50, 250), (300, 500), None]


def test_a_table_without_rules_is_no_columns_of_text() -> None:
    rows = [
        part for n in range(8) for part in (fragment("处室", 50, 700 - 20 * n), fragment("电话", 300, 700 - 20 * n))
    ]
    assert texts(rows) == ["处室\t电话"] * 8


def grid(xs: tuple[float, ...], ys: tuple[float, ...]) -> list[Rule]:
    level = [Rule(True, y, xs[0], xs[-1]) for y in ys]
    return level + [Rule(False, x, ys[0], ys[-1]) for x in xs]


def test_cells_of_several_lines_are_one_cell_of_their_row() -> None:
    # Columns 50–100 and 100–200; rows 600–650 and 650–700 upwards. 省级领导 fills its cell of five letters, 4 + 4 + 1.
    drawn = [
        fragment("省级领导", 52, 685),
        fragment("干部", 52, 670),
        fragment("800元", 110, 680),
        fragment("其他", 52, 620),
        fragment("500元", 110, 620),
        fragment("注：下同", 52, 580),
    ]
    rows, rest = with_ruled_rows(drawn, grid((50, 100, 200), (600, 650, 700)))
    assert [row.text for row in rows] == ["省级领导干部\t800元", "其他\t500元"]
    assert rest == [drawn[-1]]


def test_a_cell_over_two_rows_is_read_with_the_first() -> None:
    rules = [rule for rule in grid((50, 100, 200), (600, 650, 700)) if not (rule.is_level and rule.at == 650)]
    rules.append(Rule(True, 650, 100, 200))
    drawn = [fragment("北京", 60, 650), fragment("甲", 110, 670), fragment("乙", 110, 620)]
    rows, _ = with_ruled_rows(drawn, rules)
    assert [row.text for row in rows] == ["北京\t甲", "乙"]


def test_a_frame_around_the_text_is_no_table() -> None:
    drawn = [fragment("正文", 60, 690), fragment("正文", 60, 620)]
    assert with_ruled_rows(drawn, grid((50, 500), (600, 700))) == ([], drawn)


def test_a_page_full_of_rules_is_left_alone() -> None:
    rules = [Rule(True, float(n), 0.0, 100.0) for n in range(5000)]
    assert with_ruled_rows([fragment("甲", 1, 1)], rules) == ([], [fragment("甲", 1, 1)])
