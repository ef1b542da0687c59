"""Headings without a number, attachments, and where sections end."""

from ingest.model import Document, DocumentInfo, HeadingMark, Outline, path_part
from ingest.outline import find_outline

LONG = "有关部门要按照职责分工抓好落实，及时总结经验，确保各项任务按时完成。"
"""A paragraph as it stands below a heading, 34 characters."""


def found(text: str, marks: tuple[HeadingMark, ...] = (), title: str = "题") -> Outline:
    return find_outline(Document(DocumentInfo("d", "d.txt", title), text, marks=marks))


def tree(outline: Outline) -> list[tuple[int, str]]:
    return [(node.level, path_part(node)) for node in outline.nodes]


def text_of(outline: Outline, text: str, position: int) -> str:
    node = outline.nodes[position]
    return text[node.start : node.end].rstrip("\n")


def mark(text: str, words: str, depth: int = 0) -> HeadingMark:
    start = text.index(words)
    return HeadingMark(start, start + len(words), depth)


def test_lines_between_paragraphs_are_headings() -> None:
    text = f"{LONG}\n一、回顾\n农业稳步发展\n{LONG}\n工业较快增长\n{LONG}\n二、展望\n{LONG}"
    assert tree(found(text)) == [(1, "一、回顾"), (2, "农业稳步发展"), (2, "工业较快增长"), (1, "二、展望")]


def test_lines_before_the_first_number_stand_above_the_numbers() -> None:
    text = f"{LONG}\n改革方案\n{LONG}\n一、目标\n{LONG}\n二、任务\n{LONG}\n制定过程\n{LONG}"
    assert tree(found(text)) == [(1, "改革方案"), (2, "一、目标"), (2, "二、任务"), (1, "制定过程")]


def test_a_heading_below_which_numbers_begin_anew_stands_above_them() -> None:
    text = f"{LONG}\n一年回顾\n{LONG}\n一、农业\n二、工业\n今年任务\n{LONG}\n一、教育\n二、科技"
    assert [path for level, path in tree(found(text)) if level == 1] == ["一年回顾", "今年任务"]


def test_one_line_alone_is_no_heading_but_a_closing_word_is() -> None:
    text = f"一、回顾\n{LONG}\n农业稳步发展\n{LONG}\n二、展望\n{LONG}\n结束语\n各位代表！\n{LONG}"
    assert tree(found(text)) == [(1, "一、回顾"), (1, "二、展望"), (1, "结束语")]


def test_incomplete_lines_captions_and_cells_are_no_headings() -> None:
    lines = ["本作品来自以下机构的", "图1 号牌式样", "定量", "定量", "定量", "牵头单位：财政厅", "三要"]
    assert tree(found("\n".join(f"{LONG}\n{line}" for line in [*lines, LONG]))) == []


def test_short_sentences_that_name_tasks_are_headings() -> None:
    tasks = ["加强农业的基础地位。", "积极发展第三产业。", "进一步扩大对外开放。"]
    other = ["教育是国家的根本大计。", "要加快改革，扩大开放。"]
    text = "一、任务\n" + "\n".join(f"{line}\n{LONG}" for line in (*tasks, *other))
    assert tree(found(text)) == [(1, "一、任务"), *((2, task.rstrip("。")) for task in tasks)]


def test_bold_words_that_open_paragraphs_are_headings() -> None:
    text = f"（一）扩大内需\n大力提振消费。{LONG}\n提高投资效益。{LONG}\n（二）科技\n{LONG}"
    marks = (mark(text, "大力提振消费"), mark(text, "提高投资效益。"))
    outline = found(text, marks)
    assert tree(outline) == [(1, "（一）扩大内需"), (2, "大力提振消费"), (2, "提高投资效益"), (1, "（二）科技")]
    assert text_of(outline, text, 1) == f"大力提振消费。{LONG}"


def test_bold_sentences_and_bold_pieces_of_one_are_no_headings() -> None:
    text = f"{LONG}\n必须坚持党的领导，坚持人民至上。{LONG}\n必须守正创新，必须问题导向。{LONG}"
    assert tree(found(text, (mark(text, "必须坚持"), mark(text, f"必须守正创新，必须问题导向。{LONG}")))) == []


def test_marked_headings_nest_by_their_depth() -> None:
    text = f"题\n背景\n{LONG}\n国内\n{LONG}\n国外\n{LONG}\n一、数据\n{LONG}\n结论\n{LONG}"
    depths = {"背景": 2, "国内": 3, "国外": 3, "一、数据": 4, "结论": 2}
    marks = (HeadingMark(0, 1, 1), *(mark(text, words, depth) for words, depth in depths.items()))
    assert tree(found(text, marks)) == [(1, "背景"), (2, "国内"), (2, "国外"), (3, "一、数据"), (1, "结论")]


def test_decimal_numbers_are_sections_and_quantities_are_none() -> None:
    text = "1　总则\n1.1　目的\n1.5万人受益。\n1.2　依据\n1.2.1　法律\n1.2.2　法规\n2　职责\n2.1　机构\n3　附则"
    assert tree(found(text)) == [
        (1, "1 总则"), (2, "1.1 目的"), (2, "1.2 依据"), (3, "1.2.1 法律"), (3, "1.2.2 法规"),
        (1, "2 职责"), (2, "2.1 机构"), (1, "3 附则"),
    ]  # fmt: skip


def test_numbers_inside_a_section_of_the_same_numbers() -> None:
    text = "一、农业\n二、工业\n要做到：\n一、节约；\n二、高效；\n三、安全。\n三、商业\n四、外贸"
    assert [level for level, _ in tree(found(text))] == [1, 1, 2, 2, 2, 1, 1]


def test_a_table_of_contents_is_none_however_it_is_spaced() -> None:
    contents = "目　录\n一、回顾……1\n（一）农业(粮食)…2\n二、展望……9\n"
    text = f"{contents}一、回顾\n（一）农业（粮食）\n{LONG}\n二、展望\n{LONG}"
    outline = found(text)
    assert tree(outline) == [(1, "一、回顾"), (2, "（一）农业（粮食）"), (1, "二、展望")]
    assert outline.nodes[0].start == text.index("\n一、回顾\n") + 1


def test_chapter_headings_run_over_lines() -> None:
    text = "第一章\n总则\n第一条 甲。\n第二章 审查、批准预算，\n听取报告\n第二条 乙。\n第三章 村民\n委员会\n第三条 丙。"
    assert [path for level, path in tree(found(text)) if level == 1] == [
        "第一章 总则", "第二章 审查、批准预算，听取报告", "第三章 村民委员会",
    ]  # fmt: skip


NOTICE = """各区人民政府：
现将《澜川市节约用水管理办法》印发给你们，请认真贯彻执行，并将情况报市水务局。
附件：1.澜川市节约用水管理办法
2.澜川市用水定额表
澜川市人民政府
2021年3月1日
（此件公开发布）
"""


def test_the_list_of_attachments_and_the_signature_end_the_text_and_begin_nothing() -> None:
    text = f"一、目的\n{LONG}\n{NOTICE}附件1\n澜川市节约用水\n管理办法\n第一条 甲。\n附件2\n澜川市用水定额表\n{LONG}"
    outline = found(text)
    assert tree(outline) == [
        (1, "一、目的"), (1, "附件1 澜川市节约用水管理办法"), (2, "第一条"), (1, "附件2 澜川市用水定额表"),
    ]  # fmt: skip
    assert outline.path_at(text.index("附件：1")) == ()


def test_an_attachment_without_a_label_is_told_by_the_title_that_the_notice_names() -> None:
    notice = NOTICE.replace("附件：1.澜川市节约用水管理办法\n2.澜川市用水定额表\n", "")
    text = f"{notice}澜川市节约用水\n管理办法（2021年2月3日市政府常务会议通过）\n第一章 总则\n第一条 甲。"
    assert tree(found(text)) == [(1, "澜川市节约用水管理办法"), (2, "第一章 总则"), (3, "第一条")]


def test_a_rule_below_the_order_that_publishes_it_is_no_attachment() -> None:
    text = f"{LONG}\n市长 某某\n2021年3月1日\n澜川市节约用水管理办法\n第一条 甲。"
    assert tree(found(text, title="澜川市节约用水管理办法")) == [(1, "第一条")]


def test_an_address_ends_the_items_and_the_last_one_the_text() -> None:
    past = f"一、回顾\n（一）农业\n{LONG}\n{LONG}\n各位代表！\n成绩来之不易。\n"
    text = f"{past}二、任务\n（一）教育\n{LONG}\n各位代表！让我们团结奋斗。"
    outline = found(text)
    assert outline.path_at(text.index("成绩")) == ("一、回顾",)
    assert outline.path_at(text.index("让我们")) == ()


def test_an_address_amid_a_list_that_goes_on_ends_nothing_of_it() -> None:
    text = f"一、任务\n（一）教育\n1.小学\n{LONG}\n同志们！\n{LONG}\n2.中学\n{LONG}\n（二）科技\n{LONG}"
    outline = found(text)
    assert outline.path_at(text.index("2.")) == ("一、任务", "（一）教育", "2.中学")


def test_the_last_item_has_as_many_paragraphs_as_those_before_it() -> None:
    items = "".join(f"{label}是任务\n{LONG}\n" for label in "一二三")
    text = f"（一）农业\n{items}实践证明，这是对的。\n（二）工业\n{LONG}"
    assert found(text).path_at(text.index("实践")) == ("（一）农业",)


def test_closing_words_belong_to_no_section() -> None:
    items = f"（一）甲要求。{LONG}\n（二）乙要求。{LONG}\n"
    text = f"一、要求\n{items}二、步骤\n{items}各区要按照本意见抓好落实。\n市政府\n2021年3月1日"
    assert found(text).path_at(text.index("各区")) == ()
