import pytest

from ingest.errors import UnreadableFile
from ingest.readers.ofd import read_ofd
from tests.ingest.pages import as_file, ofd_of, page_picture, text_object

# 30 characters of 5 mm fill a line from x = 30 to 180 mm.
FIRST = "机关公务用车实行统一编制、统一标准、统一购置经费、统一采"
SECOND = "购配备管理，任何单位和个人不得超编制、超标准配备公务用车，"
LAST = "不得擅自扩大用车范围。"


def lines_of(texts: list[str], top: float = 60) -> str:
    return "".join(
        text_object(30 + 10 * text.startswith("　　"), top + 9 * n, 5, text.strip("　")) for n, text in enumerate(texts)
    )


def reason(content: bytes) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_ofd(content, "某.ofd")
    return caught.value.reason


def test_lines_become_paragraphs_that_cross_pages() -> None:
    extract = read_ofd(ofd_of([lines_of(["　　" + FIRST, SECOND]), lines_of([LAST, "　　第二段。"])]), "x.ofd")
    assert extract.text == f"{FIRST}{SECOND}{LAST}\n第二段。"
    # Page 2 begins after the 28 and 29 characters of two lines.
    assert extract.pages == (0, 57)
    assert extract.recognised == ()


def test_text_of_templates_and_composite_objects_is_read_where_it_stands() -> None:
    content = f"<ofd:Content>{text_object(30, 20, 5, '复合对象。')}</ofd:Content>"
    unit = f'<ofd:CompositeGraphicUnit ID="7" Width="210" Height="297">{content}</ofd:CompositeGraphicUnit>'
    units = f"<ofd:CompositeGraphicUnits>{unit}</ofd:CompositeGraphicUnits>"
    placed = '<ofd:CompositeObject ID="8" ResourceID="7" Boundary="0 100 210 297"/>'
    package = ofd_of([placed + lines_of(["页面正文。"])], templates=[lines_of(["模板标题"], top=30)], resources=units)
    # Heights: the template's line at 30 mm, the page's at 60, the object's at 100 + 20.
    assert read_ofd(package, "x.ofd").text == "模板标题\n页面正文。\n复合对象。"


def test_running_headers_and_page_numbers_go() -> None:
    pages = [
        text_object(30, 20, 4, "某市公务用车管理办法")
        + lines_of([f"　　{text}"])
        + text_object(100, 285, 4, f"— {n} —")
        for n, text in enumerate(("第一条　甲。", "第二条　乙。", "第三条　丙。"), 1)
    ]
    assert read_ofd(ofd_of(pages), "x.ofd").text == "第一条　甲。\n第二条　乙。\n第三条　丙。"


def test_the_matrix_of_an_object_places_it() -> None:
    # CTM: twice as large, moved by 10 mm: x = 30 + 10, and the baseline 2 × 5 below the boundary's top at 95.
    moved = text_object(30, 100, 5, "放大移位。", CTM="2 0 0 2 10 0")
    assert read_ofd(ofd_of([moved + lines_of(["在前。"])]), "x.ofd").text == "在前。\n放大移位。"


def test_text_drawn_twice_to_look_bold_is_there_once() -> None:
    assert read_ofd(ofd_of([lines_of(["关于用车的通知"]) * 2]), "x.ofd").text == "关于用车的通知"


def test_a_watermark_strewn_over_the_page_goes() -> None:
    strewn = "".join(text_object(20 + 30 * (n % 4), 40 + 45 * n, 6, "内部资料") for n in range(6))
    assert read_ofd(ofd_of([strewn + lines_of([FIRST, LAST])]), "x.ofd").text == FIRST + LAST


def test_a_page_that_stands_on_itself_is_read_once() -> None:
    content = ofd_of([lines_of(["循环模板"])], page_head='<ofd:Template TemplateID="10"/>')
    assert read_ofd(content, "x.ofd").text == "循环模板"


def test_entities_and_bombs_are_refused() -> None:
    entities = '<!DOCTYPE a [<!ENTITY a "甲甲甲甲"><!ENTITY b "&a;&a;&a;&a;">]>'
    assert reason(ofd_of([lines_of(["&b;"])], prolog=entities)).startswith("unpacks to too much, or has entities")
    assert "zip bomb" in reason(ofd_of([lines_of([LAST]) + " " * 30_000_000]))


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"not an OFD", ofd_of([lines_of([LAST])])[:300]])
def test_what_is_not_an_ofd_is_stated(content: bytes) -> None:
    assert reason(content) == "not an OFD, or truncated; get a fresh copy"


def test_a_missing_part_is_stated() -> None:
    assert reason(ofd_of([lines_of([LAST])]).replace(b"OFD.xml", b"OFX.xml")).startswith("damaged OFD")


def test_characters_without_a_map_are_refused() -> None:
    assert reason(ofd_of([lines_of(["\ue001\ue002\ue003\ue004"])])).startswith("its characters are illegible")


def test_a_page_that_is_a_picture_is_recognised() -> None:
    picture = as_file([page_picture([(90, 700, 16, "关于公务用车的通知"), (90, 600, 16, "请遵照执行。")])], "PNG")
    image = '<ofd:ImageObject ID="3" Boundary="0 0 210 297" CTM="210 0 0 297 0 0" ResourceID="5"/>'
    file = '<ofd:MultiMedia ID="5" Type="Image"><ofd:MediaFile>p.png</ofd:MediaFile></ofd:MultiMedia>'
    media = f"<ofd:MultiMedias>{file}</ofd:MultiMedias>"
    content = ofd_of([lines_of(["第一页。"]), image], resources=media, files={"Doc_0/Res/p.png": picture})
    extract = read_ofd(content, "x.ofd")
    assert extract.text == "第一页。\n关于公务用车的通知\n请遵照执行。"
    assert extract.recognised == (2,)
