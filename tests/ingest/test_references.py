from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.divide import divide
from ingest.model import Document, DocumentInfo
from ingest.references.find import find_references
from ingest.references.model import Reference, numeral

RULE = """公务用车管理办法
第一章 总则
第一条 根据《机关事务管理条例》（国务院令第621号，以下简称《条例》）和公务员法第三十条第二款，制定本办法。
第二条 本办法所称公务用车分为下列两类：
（一）机要用车；
（二）应急用车。
前款第（一）项、第二项的用车，依照《条例》第二章的规定编号。
前两款的用车，由第三条至第五条规定的部门管理。
第三条 违反第二条第一款、第三款规定的，依照本条第二款处理。
依照《条例》和该条例第七条，以及国办发〔2018〕12号文件和附件1执行。
第二章 附则
第四条 本章自公布之日起施行。前条规定和本办法第九条除外。
第五条 第三条战线的用车，另行规定。《关于改进用车的通知》同时废止。
附件1
用车编制表"""


def found_in(text: str, **info: Any) -> list[Reference]:
    document = Document(DocumentInfo(id="1", source="a", **({"title": "公务用车管理办法"} | info)), text)
    return list(divide(document).references)


def shown(text: str) -> dict[str, tuple[str, str]]:
    """What each reference says → the place as articles are numbered, and the first characters of it."""
    return {
        text[one.start : one.end]: ("".join(map(str, one.place)), text[slice(*one.found)][:9] if one.found else "")
        for one in found_in(text)
        if one.is_own
    }


def test_places_of_the_document_itself() -> None:
    assert shown(RULE) == {
        "下列": ("", "（一）机要用车；\n"),
        "前款第（一）项": ("第二条第一款第一项", "（一）机要用车；"),
        "第二项": ("第二条第一款第二项", "（二）应急用车。"),
        "前两款": ("第二条第一款至第二款", "第二条 本办法所称"),
        "第三条至第五条": ("第三条至第五条", "第三条 违反第二条"),
        "第二条第一款": ("第二条第一款", "第二条 本办法所称"),
        "第三款": ("第二条第三款", "前两款的用车，由第"),
        "本条第二款": ("第三条第二款", "依照《条例》和该条"),
        "附件1": ("附件1", "附件1\n用车编制表"),
        "本章": ("", "第二章 附则\n第四"),
        "前条": ("第三条", "第三条 违反第二条"),
        "本办法第九条": ("第九条", ""),
    }


def test_other_documents() -> None:
    others = [
        (RULE[one.start : one.end], one.titles[-1:], one.number, "".join(map(str, one.place)))
        for one in found_in(RULE)
        if not one.is_own
    ]
    assert others == [
        ("《机关事务管理条例》", ("机关事务管理条例",), "国务院令第621号", ""),
        ("《条例》", ("机关事务管理条例",), "", ""),
        # What may be the name, longest first: 和公务员法, 公务员法.
        ("和公务员法第三十条第二款", ("公务员法",), "", "第三十条第二款"),
        ("《条例》第二章", ("机关事务管理条例",), "", "第二章"),
        ("《条例》", ("机关事务管理条例",), "", ""),
        ("该条例第七条", ("机关事务管理条例",), "", "第七条"),
        ("国办发〔2018〕12号", (), "国办发〔2018〕12号", ""),
        ("《关于改进用车的通知》", ("关于改进用车的通知",), "", ""),
    ]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("依照《甲法》第三条、第七条和第九条", ["第三条", "第七条", "第九条"]),
        ("依照《甲法》第二十条第一、三款", ["第二十条第一款", "第二十条第三款"]),
        ("依照《甲法》第二十条第（一）至（三）项", ["第二十条第一项至第三项"]),
        ("依照《甲法》第一百三十四条之一第二项", ["第一百三十四条之一第二项"]),
        ("依照《甲法》第二章第三节", ["第二章第三节"]),
        ("依照《甲法》第十二条第二款第（三）项第1目", ["第十二条第二款第三项第一目"]),
        ("《甲法》第三条例会", [""]),
    ],
)
def test_places_in_another_document(text: str, places: list[str]) -> None:
    found = found_in(text, title="通知")
    assert ["".join(map(str, one.place)) for one in found] == places
    assert {one.titles for one in found} == {("甲法",)}


def test_the_date_of_the_version_meant() -> None:
    text = (
        "2009年8月19日市政府印发的《甲办法》同时废止。适用《乙办法》（2018年修订）。\n"
        "见《丙条例（2020年修正）》和《丁规划（2023—2025年）》。"
    )
    dates = [one.date for one in found_in(text, title="通知")]
    assert dates == ["2009-08-19", "2018", "2020", ""]


def test_a_number_that_no_article_of_its_own_has_is_one_of_the_only_document_the_paragraph_names() -> None:
    text = "第一条 犯刑法第一百六十三条规定之罪，或者第二百七十一条规定之罪。\n第二条 犯第三百条规定之罪的，从重。"
    found = [(one.titles[-1:], "".join(map(str, one.place)), one.found) for one in found_in(text, title="解释")]
    assert found == [(("刑法",), "第一百六十三条", None), (("刑法",), "第二百七十一条", None), ((), "第三百条", None)]


def test_what_is_no_reference() -> None:
    text = "第一条 建成第三条输电通道，完成第一项任务，提前条件成熟。\n第二条 一人以下罚款，以下简称“平台”。"
    assert found_in(text) == []


def test_the_own_number_and_title_are_no_references() -> None:
    text = "关于印发《甲办法》的通知\n市发〔2020〕3号\n各县：\n请遵照执行。"
    assert found_in(text, title="关于印发《甲办法》的通知", number="市发〔2020〕3号") == []


@given(st.text(alphabet="第一二三条款项前本法《》（）、和至以下列附件规定\n：1 〔2018〕号甲", max_size=80))
def test_any_text_gives_ordered_spans_within_it(text: str) -> None:
    document = Document(DocumentInfo(id="1", source="a", title="甲"), text)
    found = find_references(document, divide(document).outline)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(0 <= one.found[0] <= one.found[1] <= len(text) for one in found if one.found)
    assert [one.start for one in found] == sorted(one.start for one in found)


@pytest.mark.parametrize(
    ("number", "printed"),
    [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (110, "一百一十"), (305, "三百零五"), (1010, "一千零一十")],
)
def test_numerals(number: int, printed: str) -> None:
    assert numeral(number) == printed
