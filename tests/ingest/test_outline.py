from hypothesis import given
from hypothesis import strategies as st

from ingest.model import Document, DocumentInfo
from ingest.outline import find_outline


def outline(text: str) -> list[tuple[int, str, str]]:
    return [(node.level, node.label, node.heading) for node in find_outline(document(text)).nodes]


def document(text: str) -> Document:
    return Document(DocumentInfo("d", "d.txt", "题"), text)


def test_chapters_articles_and_items_nest() -> None:
    text = "\n".join(
        [
            "澜川市公务用车管理办法",
            "第一章 总则",
            "第一条 为了规范用车，制定本办法。",
            "第二条 有下列情形之一的，可以派车：",
            "（一）抢险救灾的；",
            "（二）机要通信的。",
            "前款规定的用车应当登记。",
            "第二章 附则",
            "第三条 本办法自发布之日起施行。",
        ]
    )
    assert outline(text) == [
        (1, "第一章", "总则"),
        (2, "第一条", ""),
        (2, "第二条", ""),
        (3, "（一）", "抢险救灾的"),
        (3, "（二）", "机要通信的"),
        (1, "第二章", "附则"),
        (2, "第三条", ""),
    ]


def test_the_last_item_ends_with_its_paragraph_when_the_others_are_single_paragraphs() -> None:
    text = "第一条 可以派车：\n（一）抢险的；\n（二）机要的。\n前款用车应当登记。"
    last = find_outline(document(text)).nodes[-1]
    assert text[last.start : last.end] == "（二）机要的。"


def test_an_article_inserted_later_keeps_its_label() -> None:
    assert outline("第三条 甲。\n第三条之一 乙。\n第四条 丙。") == [
        (1, "第三条", ""),
        (1, "第三条之一", ""),
        (1, "第四条", ""),
    ]


def test_bracketed_numerals_stand_above_plain_ones_where_the_document_has_it_so() -> None:
    text = "（一）形势\n说明。\n（二）方针\n一、发展农业\n内容。\n二、发展工业\n内容。\n（三）前景\n内容。"
    assert [(level, label) for level, label, _ in outline(text)] == [
        (1, "（一）"),
        (1, "（二）"),
        (2, "一、"),
        (2, "二、"),
        (1, "（三）"),
    ]


def test_a_list_that_does_not_run_on_is_no_outline() -> None:
    # 七 does not follow one to four, and 三 begins nothing.
    assert outline("七、八月份雨水多。\n三、四级风。") == []


def test_the_table_of_contents_is_no_outline() -> None:
    text = "目录\n第一章 总则\n第二章 附则\n第一章 总则\n第一条 甲。\n第二章 附则\n第二条 乙。"
    assert [label for _, label, _ in outline(text)] == ["第一章", "第一条", "第二章", "第二条"]


def test_things_announced_by_number_are_sections_of_a_speech() -> None:
    text = "讲两件事。\n第一件事，就是要抓落实。要一抓到底。\n第二件事，就是要守纪律。要知敬畏。\n同志们，谢谢大家！"
    assert outline(text) == [(1, "第一件事", "就是要抓落实"), (1, "第二件事", "就是要守纪律")]


def test_attachments_are_numbered_apart() -> None:
    text = "一、要求\n内容。\n二、步骤\n内容。\n附件\n一、目标\n内容。"
    assert [(level, label) for level, label, _ in outline(text)] == [
        (1, "一、"),
        (1, "二、"),
        (1, "附件"),
        (2, "一、"),
    ]


@given(
    st.lists(
        st.sampled_from(["第一章 总则", "第一条 甲。", "第二条 乙。", "（一）丙；", "一、丁", "1.戊", "己。", "附件"]),
        max_size=12,
    )
)
def test_children_lie_inside_their_parents_and_siblings_do_not_overlap(lines: list[str]) -> None:
    nodes = find_outline(document("\n".join(lines))).nodes
    for node in nodes:
        assert node.start < node.end
        if node.parent is not None:
            parent = nodes[node.parent]
            assert parent.start <= node.start
            assert node.end <= parent.end
            assert node.level == parent.level + 1
    for one in nodes:
        for other in nodes:
            if one.parent == other.parent and one.start < other.start:
                assert one.end <= other.start
