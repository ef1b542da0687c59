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


# -- notes, hidden and generated text ------------------------------------------------------------------------


def body_of(xml: str, document: "docx.document.Document | None" = None) -> "docx.document.Document":
    """A document of paragraphs and tables given as XML."""
    document = document or docx.Document()
    for block in parse_xml(f"<w:body {W}>{xml}</w:body>"):
        document.element.body.insert(len(document.element.body) - 1, block)
    return document


def p(runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def with_part(document: "docx.document.Document", kind: str, xml: str, name: str = "") -> str:
    """Add a part that the document refers to; gives the id of the relation."""
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    package = document.part.package
    part = Part(
        PackURI(f"/word/{name or kind}.xml" if "." not in name else f"/word/{name}"), "text/xml", xml.encode(), package
    )
    return document.part.relate_to(part, f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}")


def test_a_note_follows_the_paragraph_or_table_that_refers_to_it() -> None:
    refer = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
    cell = f"<w:tc>{p(r('乙') + refer.format(2))}</w:tc><w:tc>{p(r('丙'))}</w:tc>"
    document = body_of(f"{p(r('房价') + refer.format(1) + r('上涨。'))}<w:tbl><w:tr>{cell}</w:tr></w:tbl>{p(r('丁'))}")
    notes = "".join(
        f'<w:footnote w:id="{n}">{p("<w:r><w:footnoteRef/></w:r>" + r(f" 见注{n}。"))}</w:footnote>' for n in (1, 2)
    )
    separator = f'<w:footnote w:id="0" w:type="separator">{p(r("——"))}</w:footnote>'
    with_part(document, "footnotes", f"<w:footnotes {W}>{separator}{notes}</w:footnotes>")
    assert text_of(document) == "房价上涨。\n[1] 见注1。\n乙\t丙\n[2] 见注2。\n丁"


def test_notes_have_the_marks_that_the_section_sets() -> None:
    document = body_of(p(r("甲。") + '<w:r><w:footnoteReference w:id="1"/></w:r>'))
    document.sections[0]._sectPr.append(
        parse_xml(f'<w:footnotePr {W}><w:numFmt w:val="decimalEnclosedCircleChinese"/></w:footnotePr>')
    )
    with_part(document, "footnotes", f'<w:footnotes {W}><w:footnote w:id="1">{p(r("注。"))}</w:footnote></w:footnotes>')
    assert text_of(document) == "甲。\n① 注。"


def test_a_paragraph_whose_end_was_deleted_goes_on_with_the_next() -> None:
    gone = '<w:rPr><w:del w:id="1" w:author="a"/></w:rPr>'
    deleted = '<w:del w:id="2" w:author="a"><w:r><w:delText>删去</w:delText></w:r></w:del>'
    moved = f'<w:moveFrom w:id="3" w:author="a">{r("移走")}</w:moveFrom>'
    xml = p(r("第一条　甲，"), gone) + p(r("乙。")) + p(deleted, gone) + p(moved + r("丙。"))
    assert text_of(body_of(xml)) == "第一条　甲，乙。\n丙。"


def test_deleted_rows_are_no_rows() -> None:
    row = "<w:tr>{}<w:tc>" + p(r("{}")) + "</w:tc><w:tc>" + p(r("1")) + "</w:tc></w:tr>"
    rows = row.format("", "留") + row.format('<w:trPr><w:del w:id="1" w:author="a"/></w:trPr>', "删")
    assert text_of(body_of(f"<w:tbl>{rows}</w:tbl>")) == "留\t1"


def test_hidden_text_is_no_text_by_itself_or_by_style() -> None:
    document = docx.Document()
    document.styles.element.append(
        parse_xml(f'<w:style {W} w:type="character" w:styleId="H"><w:rPr><w:vanish/></w:rPr></w:style>')
    )
    document.styles.element.append(
        parse_xml(f'<w:style {W} w:type="character" w:styleId="H2"><w:basedOn w:val="H"/></w:style>')
    )
    runs = r("甲") + r("藏", "<w:vanish/>") + r("藏", '<w:rStyle w:val="H2"/>') + r("乙", '<w:vanish w:val="0"/>')
    assert text_of(body_of(p(runs), document)) == "甲乙"


def test_a_generated_table_of_contents_is_no_text() -> None:
    document = docx.Document()
    document.styles.element.append(
        parse_xml(f'<w:style {W} w:type="paragraph" w:styleId="T1"><w:name w:val="toc 1"/></w:style>')
    )
    toc = p(r("第一章 总则") + "<w:r><w:tab/></w:r>" + r("1"), '<w:pStyle w:val="T1"/>')
    gallery = '<w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
    sdt = f"<w:sdt>{gallery}<w:sdtContent>{p(r('目录'))}</w:sdtContent></w:sdt>"
    assert text_of(body_of(sdt + toc + p(r("第一章 总则")), document)) == "第一章 总则"


def test_controls_fields_ruby_symbols_and_formulas() -> None:
    prompt = f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{r('单击此处输入')}</w:sdtContent></w:sdt>"
    control = f"<w:sdt><w:sdtContent>{r('甲')}</w:sdtContent></w:sdt>"
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> REF x </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{r("第五条")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    ruby = f"<w:r><w:ruby><w:rt>{r('róng')}</w:rt><w:rubyBase>{r('镕')}</w:rubyBase></w:ruby></w:r>"
    signs = '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:sym w:font="Symbol" w:char="F0A3"/></w:r>'
    names = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    math = f"<m:oMath {names}><m:r><m:t>x+1</m:t></m:r></m:oMath>"
    assert text_of(body_of(p(prompt + control + field + ruby + signs + math))) == "甲第五条镕☑≤x+1"


def test_an_embedded_document_is_read_or_stated() -> None:
    document = docx.Document()
    id = with_part(document, "aFChunk", "<html><p>第二条　乙。</p></html>", "chunk.html")
    chunk = f'<w:altChunk xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="{id}"/>'
    assert text_of(body_of(p(r("第一条　甲。")) + chunk, document)) == "第一条　甲。\n第二条　乙。"
    document = docx.Document()
    id = with_part(document, "aFChunk", "MIME-Version: 1.0", "chunk.mht")
    assert "embedded document of a kind that is not read (altChunk, .mht)" in reason(
        saved(body_of(chunk.replace(chunk.split('"')[-2], id), document))
    )


def test_rows_know_their_header_and_cells_over_several_rows() -> None:
    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(r(text) if text else '')}</w:tc>"

    begins, goes_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = (
        f"<w:tr><w:trPr><w:tblHeader/></w:trPr>{cell('责任')}{cell('任务')}</w:tr>"
        f"<w:tr>{cell('财政局', begins)}{cell('预算')}</w:tr><w:tr>{cell('', goes_on)}{cell('决算')}</w:tr>"
    )
    extract = read_docx(saved(body_of(f"<w:tbl>{rows}</w:tbl>{p('')}")), "x.docx")
    assert extract.text == "责任\t任务\n财政局\t预算\n决算"
    assert [[extract.text[a:b] for a, b in row.heads] for row in extract.rows] == [
        [],
        ["责任\t任务"],
        ["责任\t任务\n财政局"],
    ]


# -- more of automatic numbers -------------------------------------------------------------------------------


def listed(definitions: str, items: list[str], styles: str = "") -> str:
    """The text of paragraphs with properties as given, over definitions of numbering.xml."""
    document = docx.Document()
    for style in parse_xml(f"<w:styles {W}>{styles}</w:styles>"):
        document.styles.element.append(style)
    numbering = document.part.numbering_part.element
    for element in list(numbering):
        numbering.remove(element)
    for element in parse_xml(f"<w:numbering {W}>{definitions}</w:numbering>"):
        numbering.append(element)
    return text_of(body_of("".join(p(r("文"), item) for item in items), document))


def level(place: int, label: str, style: str = "decimal", more: str = "") -> str:
    form = f'<w:start w:val="1"/><w:numFmt w:val="{style}"/>{more}<w:lvlText w:val="{label}"/>'
    return f'<w:lvl w:ilvl="{place}">{form}</w:lvl>'


def in_list(number: int, place: int = 0) -> str:
    return f'<w:numPr><w:ilvl w:val="{place}"/><w:numId w:val="{number}"/></w:numPr>'


def abstract(levels: str, id: int = 1) -> str:
    return f'<w:abstractNum w:abstractNumId="{id}">{levels}</w:abstractNum>'


def num(id: int, more: str = "", of: int = 1) -> str:
    return f'<w:num w:numId="{id}"><w:abstractNumId w:val="{of}"/>{more}</w:num>'


def test_numbers_come_by_style_and_by_the_style_it_is_based_on() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="A"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="B"><w:basedOn w:val="A"/></w:style>'
    )
    # Style B is tied to the second level of the list by the level itself.
    tied = abstract(
        level(0, "%1、", "chineseCounting") + level(1, "（%2）", "chineseCounting", '<w:pStyle w:val="B"/>')
    )
    items = ['<w:pStyle w:val="A"/>', '<w:pStyle w:val="B"/>', '<w:pStyle w:val="B"/>', '<w:pStyle w:val="A"/>']
    assert listed(tied + num(1), items, styles) == "一、文\n（一）文\n（二）文\n二、文"
    none = '<w:pStyle w:val="A"/><w:numPr><w:numId w:val="0"/></w:numPr>'
    assert listed(tied + num(1), [items[0], none, items[0]], styles) == "一、文\n文\n二、文"


def test_a_list_that_is_started_anew() -> None:
    definitions = (
        abstract(level(0, "%1."))
        + num(1)
        + num(2, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>')
    )
    assert listed(definitions, [in_list(1), in_list(1), in_list(2), in_list(2)]) == "1.文\n2.文\n5.文\n6.文"


def test_lists_of_one_definition_count_on() -> None:
    definitions = abstract(level(0, "%1.")) + num(1) + num(2)
    assert listed(definitions, [in_list(1), in_list(2), in_list(1)]) == "1.文\n2.文\n3.文"


def test_articles_that_do_not_begin_again_under_the_next_chapter() -> None:
    levels = level(0, "第%1章", "chineseCounting") + level(1, "第%2条", "chineseCounting", '<w:lvlRestart w:val="0"/>')
    items = [in_list(1), in_list(1, 1), in_list(1, 1), in_list(1), in_list(1, 1)]
    assert listed(abstract(levels) + num(1), items) == "第一章 文\n第一条 文\n第二条 文\n第二章 文\n第三条 文"


def test_legal_numbering_prints_all_levels_in_digits() -> None:
    levels = level(0, "%1、", "chineseCounting") + level(1, "%1.%2", "decimal", "<w:isLgl/>")
    assert listed(abstract(levels) + num(1), [in_list(1), in_list(1, 1)]) == "一、文\n1.1 文"


def test_an_empty_paragraph_of_a_list_is_counted() -> None:
    document = numbered([("decimal", "%1.")], [(0, "甲"), (0, ""), (0, "乙")])
    assert text_of(document) == "1.甲\n3.乙"


@pytest.mark.parametrize(
    ("style", "labels"),
    [
        ("ideographTraditional", ["甲", "乙"]),
        ("decimalEnclosedCircle", ["①", "②"]),
        ("upperLetter", ["A", "B"]),
        ("lowerRoman", ["i", "ii"]),
        ("chineseLegalSimplified", ["壹", "贰"]),
        ("decimalFullWidth", ["１", "２"]),
        ("decimalZero", ["01", "02"]),
    ],
)
def test_number_formats(style: str, labels: list[str]) -> None:
    text = listed(abstract(level(0, "%1、", style)) + num(1), [in_list(1), in_list(1)])
    assert text == "\n".join(f"{label}、文" for label in labels)


def test_heading_styles_and_bold_openings_are_marked() -> None:
    document = docx.Document()
    document.add_heading("第一章 总则", 1)
    document.add_paragraph("正文").add_run("不是").bold = True
    document.add_table(1, 2).cell(0, 0).paragraphs[0].add_run("甲").bold = True
    extract = read_docx(saved(document), "x.docx")
    marks = [(extract.text[mark.start : mark.end], mark.depth) for mark in extract.marks]
    assert marks == [("第一章 总则", 1)]


def test_bold_words_with_quotation_marks_between_are_marked() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("　　")
    paragraph.add_run("提升“双招").bold = True
    paragraph.add_run("”")
    paragraph.add_run("质效").bold = True
    paragraph.add_run("。扩大补贴。")
    extract = read_docx(saved(document), "x.docx")
    assert [extract.text[mark.start : mark.end] for mark in extract.marks] == ["提升“双招”质效"]
