import io
import zipfile

import pytest

from ingest.errors import UnreadableFile
from ingest.readers.odt import read_odt

NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"),
                         ("draw", "drawing"), ("manifest", "manifest"), ("fo", "xsl-fo-compatible"))
)  # fmt: skip
LEVELS = (
    '<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="一, 二, 三, ..."'
    ' style:num-suffix="、"/><text:list-level-style-number text:level="2" style:num-format="一, 二, 三, ..."'
    ' style:num-prefix="（" style:num-suffix="）"/></text:list-style>'
)


def odt(body: str, styles: str = "", **more: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr(
            "content.xml",
            f"<office:document-content {NAMES}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:text>{body}</office:text></office:body></office:document-content>",
        )
        for name, content in more.items():
            package.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


def text_of(body: str, styles: str = "") -> str:
    return read_odt(odt(body, styles), "x.odt").text


def test_paragraphs_spaces_and_breaks() -> None:
    paragraph = '<text:p>甲<text:s text:c="2"/>乙<text:line-break/>丙\n  丁</text:p>'
    assert text_of(f'<text:h text:outline-level="1">总则</text:h>{paragraph}') == "总则\n甲  乙\n丙 丁"


def test_automatic_numbers() -> None:
    inner = "<text:list><text:list-item><text:p>子项</text:p></text:list-item></text:list>"
    item = f"<text:list-item><text:p>总则</text:p>{inner}{inner}</text:list-item>"
    items = f'<text:list text:style-name="L">{item}<text:list-item><text:p>附则</text:p></text:list-item></text:list>'
    goes_on = items.replace("<text:list text", '<text:list text:continue-numbering="true" text', 1)
    assert text_of(items, LEVELS) == "一、总则\n（一）子项\n（二）子项\n二、附则"
    assert text_of(items + goes_on, LEVELS).split("\n")[4] == "三、总则"
    assert text_of(items + items, LEVELS).split("\n")[4] == "一、总则"


def test_the_final_version_is_read() -> None:
    deletion = "<text:changed-region><text:deletion><text:p>旧</text:p></text:deletion></text:changed-region>"
    tracked = f"<text:tracked-changes>{deletion}</text:tracked-changes>"
    body = (
        f'{tracked}<text:p>自<text:change text:change-id="1"/><text:change-start/>2020年<text:change-end/>起。</text:p>'
    )
    assert text_of(body) == "自2020年起。"


def test_a_note_follows_the_paragraph_that_refers_to_it() -> None:
    body = "<text:note-body><text:p>见附件。</text:p></text:note-body>"
    note = f"<text:note><text:note-citation>1</text:note-citation>{body}</text:note>"
    assert text_of(f"<text:p>增长5%{note}左右。</text:p><text:p>乙。</text:p>") == "增长5%左右。\n[1] 见附件。\n乙。"


def test_tables_text_boxes_and_what_is_not_text() -> None:
    def row(*cells: str) -> str:
        inside = "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in cells)
        return f"<table:table-row>{inside}</table:table-row>"

    head = f"<table:table-header-rows>{row('项目', '标准')}</table:table-header-rows>"
    table = f"<table:table>{head}{row('住宿费', '500元')}</table:table>"
    box = "<draw:frame><draw:text-box><text:p>框内。</text:p></draw:text-box></draw:frame>"
    extra = "<office:annotation><text:p>批注</text:p></office:annotation>"
    hidden = '<style:style style:name="T"><style:text-properties text:display="none"/></style:style>'
    extract = read_odt(
        odt(f'<text:p>甲{box}{extra}<text:span text:style-name="T">藏</text:span></text:p>{table}', hidden), "x.odt"
    )
    assert extract.text == "甲\n框内。\n项目\t标准\n住宿费\t500元"
    assert [extract.text[a:b] for a, b in extract.rows[1].heads] == ["项目\t标准"]


def test_ruby_keeps_its_base() -> None:
    ruby = "<text:ruby><text:ruby-base>镕</text:ruby-base><text:ruby-text>róng</text:ruby-text></text:ruby>"
    assert text_of(f"<text:p>朱{ruby}基</text:p>") == "朱镕基"


@pytest.mark.parametrize(
    ("content", "stated"),
    [
        (b"no zip", "not an OpenDocument text, or truncated"),
        (odt("<text:p>甲</text:p>", META__INF="x")[:300], "not an OpenDocument text, or truncated"),
        (odt("<text:p>甲"), "damaged OpenDocument text"),
    ],
)
def test_what_cannot_be_read_is_stated(content: bytes, stated: str) -> None:
    with pytest.raises(UnreadableFile, match=stated):
        read_odt(content, "x.odt")


def test_an_encrypted_one_is_stated() -> None:
    out = io.BytesIO(odt(""))
    with zipfile.ZipFile(out, "a") as package:
        package.writestr(
            "META-INF/manifest.xml", f"<manifest:manifest {NAMES}><manifest:encryption-data/></manifest:manifest>"
        )
    with pytest.raises(UnreadableFile, match="password-protected"):
        read_odt(out.getvalue(), "x.odt")


def test_entities_are_not_followed() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr(
            "content.xml",
            f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><office:document-content {NAMES}><office:body>'
            "<office:text><text:p>甲&e;乙</text:p></office:text></office:body></office:document-content>",
        )
    assert read_odt(out.getvalue(), "x.odt").text == "甲乙"


def test_headings_and_bold_openings_are_marked() -> None:
    bold = '<style:style style:name="B"><style:text-properties fo:font-weight="bold"/></style:style>'
    body = (
        '<text:h text:outline-level="2">总则</text:h>'
        '<text:p><text:span text:style-name="B">提振消费</text:span>。扩大。</text:p>'
        '<text:p>正文<text:span text:style-name="B">不是</text:span></text:p>'
    )
    extract = read_odt(odt(body, bold), "x.odt")
    assert [(extract.text[m.start : m.end], m.depth) for m in extract.marks] == [("总则", 2), ("提振消费", 0)]
