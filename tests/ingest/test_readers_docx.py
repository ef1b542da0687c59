import io
import zipfile

import docx
import pytest
from docx.oxml import parse_xml

from ingest.errors import UnreadableFile
from ingest.readers.docx import read_docx
from ingest.readers.numerals import chinese_numeral

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def saved(document: "docx.document.Document") -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def text_of(document: "docx.document.Document") -> str:
    return read_docx(saved(document), "x.docx").text


def reason(content: bytes) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_docx(content, "x.docx")
    return caught.value.reason


def test_paragraphs_and_tables_come_in_reading_order() -> None:
    document = docx.Document()
    document.add_heading("用车办法", 0)
    document.add_paragraph("　　第一条　甲。")
    table = document.add_table(2, 2)
    for cell, text in zip(
        [cell for row in table.rows for cell in row.cells], ["级别", "飞机", "部级", "头\n等舱"], strict=True
    ):
        cell.text = text
    document.add_paragraph("第二条　乙。")
    document.sections[0].header.paragraphs[0].text = "页眉"
    assert text_of(document) == "用车办法\n第一条　甲。\n级别\t飞机\n部级\t头 等舱\n第二条　乙。"


def test_a_merged_cell_is_printed_once() -> None:
    document = docx.Document()
    table = document.add_table(2, 2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "单位：元"
    table.cell(1, 0).text, table.cell(1, 1).text = "甲", "乙"
    assert text_of(document) == "单位：元\n甲\t乙"


def test_deleted_text_goes_and_inserted_text_stays() -> None:
    document = docx.Document()
    document.add_paragraph("自")._p.append(parse_xml(f"<w:del {W}><w:r><w:delText>2019年</w:delText></w:r></w:del>"))
    document.paragraphs[0]._p.append(parse_xml(f"<w:ins {W}><w:r><w:t>2020年</w:t></w:r></w:ins>"))
    assert text_of(document) == "自2020年"


def numbered(levels: list[tuple[str, str]], items: list[tuple[int, str]]) -> "docx.document.Document":
    """A document with one list; `levels` are format and label, `items` level and text."""
    document = docx.Document()
    numbering = document.part.numbering_part.element
    definition = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:lvlText w:val="{label}"/></w:lvl>'
        for n, (style, label) in enumerate(levels)
    )
    numbering.insert(0, parse_xml(f'<w:abstractNum {W} w:abstractNumId="90">{definition}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {W} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    for level, text in items:
        properties = document.add_paragraph(text)._p.get_or_add_pPr()
        properties.append(parse_xml(f'<w:numPr {W}><w:ilvl w:val="{level}"/><w:numId w:val="90"/></w:numPr>'))
    return document


def test_automatic_numbers_are_printed() -> None:
    levels = [("chineseCounting", "%1、"), ("chineseCountingThousand", "（%2）"), ("decimal", "%3．")]
    items = [(0, "总则"), (1, "甲"), (1, "乙"), (2, "丙"), (0, "附则"), (1, "丁")]
    # A number begins again under the next number of the level above.
    assert text_of(numbered(levels, items)) == "一、总则\n（一）甲\n（二）乙\n1．丙\n二、附则\n（一）丁"


def test_articles_numbered_by_word_stand_apart_from_their_text() -> None:
    document = numbered([("chineseCountingThousand", "第%1条")], [(0, f"第{n}款") for n in range(1, 12)])
    assert text_of(document).split("\n")[10] == "第十一条 第11款"


@pytest.mark.parametrize(
    ("number", "numeral"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (101, "一百零一"),
        (110, "一百一十"),
        (1005, "一千零五"),
        (2000, "二千"),
    ],
)
def test_chinese_numerals(number: int, numeral: str) -> None:
    assert chinese_numeral(number) == numeral


def test_what_is_not_a_word_document_is_stated() -> None:
    assert reason(b"plain text").startswith("not a Word document, or truncated")
    assert reason(saved(docx.Document())[:2000]).startswith("not a Word document, or truncated")
    assert reason(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)).startswith("password-protected")


def test_a_zip_without_a_document_is_stated() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("a.txt", "甲")
    assert reason(out.getvalue()).startswith("damaged Word document")


def test_a_zip_bomb_is_not_opened() -> None:
    out = io.BytesIO(saved(docx.Document()))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/media/zeros.bin", bytes(30_000_000))
    # 30 MB of zeros pack to about 30 kB: a thousand to one.
    assert "zip bomb" in reason(out.getvalue())
