import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from ingest.errors import UnreadableFile
from ingest.model import Document, DocumentInfo
from ingest.readers.extract import Extract
from ingest.readers.numerals import chinese_numeral
from ingest.readers.pdf import read_pdf
from tests.ingest.minimal_pdf import Line, pdf_of
from tests.ingest.pages import as_file, page_picture

# 28 characters of 16 points fill a line of 448 points, from x = 72 to 520.
FIRST = "　　机关公务用车实行统一编制、统一标准、统一购置经费、统"
SECOND = "一采购配备管理，任何单位和个人不得超编制、超标准配备公务"
LAST = "用车，不得擅自扩大用车范围。"


def lines_of(texts: list[str], top: float = 740, gap: float = 28, x: float = 72) -> list[Line]:
    return [(x + 32 * text.startswith("　　"), top - gap * n, 16, text.strip()) for n, text in enumerate(texts)]


def framed(number: int, texts: list[str]) -> list[Line]:
    """A page with a running header and a page number."""
    return [(72, 800, 10, "某市公务用车管理办法"), *lines_of(texts), (280, 40, 10, f"— {number} —")]


def document(extract: Extract) -> Document:
    return Document(DocumentInfo(id="", source="x.pdf", title=""), extract.text, extract.pages)


def reason(content: bytes) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_pdf(content, "某.pdf")
    return caught.value.reason


def test_a_paragraph_that_runs_over_lines_and_pages_is_one_line_of_text() -> None:
    head = framed(1, ["　　甲" + FIRST[3:], SECOND, FIRST])
    extract = read_pdf(pdf_of([head, framed(2, [SECOND, LAST]), framed(3, ["　　乙" + FIRST[3:], LAST])]), "x.pdf")
    first, second, third = "甲" + FIRST[3:] + SECOND, FIRST[2:] + SECOND + LAST, "乙" + FIRST[3:] + LAST
    assert extract.text == f"{first}\n{second}\n{third}"
    # Page 2 begins where the second paragraph goes on, after 26 + 28 characters, a line end and 26 more: 81.
    # Page 3 begins with the third paragraph, after 28 + 14 more and a line end: 81 + 43 = 124.
    assert extract.pages == (0, 81, 124)


def test_page_at_gives_the_page_a_character_is_printed_on() -> None:
    read = document(read_pdf(pdf_of([framed(1, [FIRST]), framed(2, [SECOND]), framed(3, [LAST])]), "x.pdf"))
    assert [read.page_at(read.text.index(word)) for word in ("机关", "一采购", "用车，不得")] == [1, 2, 3]
    assert read.page_at(len(read.text) - 1) == 3


def test_running_headers_and_page_numbers_go_and_a_title_that_repeats_the_header_stays() -> None:
    title: Line = (200, 770, 22, "某市公务用车管理办法")
    pages = [[framed(1, [])[0], title, *framed(1, [FIRST, LAST])[1:]], framed(2, [FIRST, LAST]), framed(3, [LAST])]
    text = read_pdf(pdf_of(pages), "x.pdf").text
    assert text.count("某市公务用车管理办法") == 1
    assert text.startswith("某市公务用车管理办法\n机关公务用车")
    assert "—" not in text


def test_a_number_in_a_table_is_not_taken_for_a_page_number() -> None:
    text = read_pdf(pdf_of([lines_of(["住宿费标准", "340"]), lines_of([LAST])]), "x.pdf").text
    assert "340" in text


def test_a_wider_gap_begins_a_paragraph_even_after_a_full_line() -> None:
    upper = lines_of([SECOND, SECOND, SECOND[:-1] + "。"])
    lower = lines_of([SECOND, SECOND, LAST], top=740 - 28 * 3 - 14)
    text = read_pdf(pdf_of([[*upper, *lower]]), "x.pdf").text
    assert text == f"{SECOND * 2}{SECOND[:-1]}。\n{SECOND * 2}{LAST}"


def test_gaps_of_typesetting_beside_numbers_are_no_spaces() -> None:
    page = lines_of(["财行〔2013〕531 号", "2013 年 12 月 31 日", "第一章 总则"])
    assert read_pdf(pdf_of([page]), "x.pdf").text == "财行〔2013〕531号\n2013年12月31日\n第一章 总则"


def test_the_columns_of_a_table_stay_apart() -> None:
    # Columns at 72, 300 and 400 points; each row is a line of its own.
    rows = [("省外地区", "650", "500"), ("本省其他设区的市", "470", "360")]
    page = [
        (x, 700 - 28 * n, 16, cell) for n, row in enumerate(rows) for x, cell in zip((72, 300, 400), row, strict=True)
    ]
    assert read_pdf(pdf_of([page]), "x.pdf").text == "省外地区\t650\t500\n本省其他设区的市\t470\t360"


def test_a_row_whose_cells_have_several_lines_is_one_line() -> None:
    # Drawn cell by cell: the first and third stand at the middle of the second, which has three lines.
    row = [(72, 680, 10, "处级"), (200, 695, 10, "硬席，高"), (195, 680, 10, "铁二等"), (205, 665, 10, "座")]
    page = [*lines_of(["交通工具等级表"]), *row, (320, 680, 10, "三等舱"), *lines_of([FIRST, LAST], top=600)]
    text = read_pdf(pdf_of([page]), "x.pdf").text
    assert text == f"交通工具等级表\n处级\t硬席，高铁二等座\t三等舱\n{FIRST.strip()}{LAST}"


def test_pages_without_text_still_count() -> None:
    extract = read_pdf(pdf_of([lines_of([FIRST, LAST]), [], lines_of([SECOND, LAST])]), "x.pdf")
    # 26 + 14 characters and a line end on page 1; page 2 has none, so page 3 begins at the same offset.
    assert extract.pages == (0, 41, 41)
    assert document(extract).page_at(41) == 3


def test_blank_pages_alone_have_no_text() -> None:
    assert read_pdf(pdf_of([[], []]), "x.pdf") == Extract("", (0, 0))


def merged(*files: bytes) -> bytes:
    writer = PdfWriter()
    for file in files:
        for page in PdfReader(io.BytesIO(file)).pages:
            writer.add_page(page)
    return written(writer)


def written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_scanned_page_among_others_is_recognised() -> None:
    scan = as_file([page_picture(lines_of(["　　" + FIRST.strip(), SECOND, LAST]))], "PDF")
    extract = read_pdf(merged(pdf_of([lines_of(["　　甲。"])]), scan, pdf_of([lines_of(["　　乙。"])])), "x.pdf")
    assert extract.text == f"甲。\n{FIRST.strip()}{SECOND}{LAST}\n乙。"
    # 2 characters and a line end; then 26 + 28 + 14 and a line end.
    assert (extract.pages, extract.recognised) == ((0, 3, 72), (2,))


def scan_with_layer(printed: list[str], layer: list[str]) -> bytes:
    """A scan over a text layer, as other OCR makes them."""
    writer = PdfWriter(PdfReader(io.BytesIO(pdf_of([lines_of(layer)]))))
    scan = PdfReader(io.BytesIO(as_file([page_picture(lines_of(printed))], "PDF"))).pages[0]
    writer.pages[0].merge_page(scan)
    return written(writer)


def test_the_layer_of_a_scan_is_kept_where_it_is_right_and_recognised_anew_where_not() -> None:
    printed = ["　　" + FIRST.strip(), SECOND, SECOND, SECOND, LAST]
    whole = FIRST.strip() + SECOND * 3 + LAST
    assert read_pdf(scan_with_layer(printed, printed), "x.pdf") == Extract(whole, (0,))
    wrong = [line.replace("务", "劳").replace("编", "偏").replace("配", "酉").replace("任", "仕") for line in printed]
    assert read_pdf(scan_with_layer(printed, wrong), "x.pdf") == Extract(whole, (0,), (1,))


def test_slanted_text_is_a_watermark() -> None:
    turned = pdf_of([lines_of([LAST])]).replace(
        b"BT\n", b"BT\n.7 .7 -.7 .7 99 99 Tm /F1 40 Tf <" + "机密".encode("utf-16-be").hex().encode() + b"> Tj\n"
    )
    assert read_pdf(turned, "x.pdf").text == LAST


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_pages_are_read_as_they_are_upright(turn: int) -> None:
    writer = PdfWriter(PdfReader(io.BytesIO(pdf_of([lines_of([FIRST, SECOND, LAST])]))))
    writer.pages[0].rotate(turn)
    assert read_pdf(written(writer), "x.pdf").text == FIRST.strip() + SECOND + LAST
    writer.pages[0].transfer_rotation_to_content()
    assert read_pdf(written(writer), "x.pdf").text == FIRST.strip() + SECOND + LAST


def test_two_columns_are_read_one_after_the_other() -> None:
    # Drawn row by row: 14 characters of 14 points a column, at 72 and at 300.
    left = [f"第{chinese_numeral(n)}条甲方应当按照约定" for n in range(1, 9)]
    right = [f"第{chinese_numeral(n)}条乙方应当按照约定" for n in range(11, 19)]
    page = [
        (x, 740 - 24 * n, 14, text)
        for n, row in enumerate(zip(left, right, strict=True))
        for x, text in zip((72, 300), row, strict=True)
    ]
    text = read_pdf(pdf_of([page]), "x.pdf").text
    assert text.replace("\n", "") == "".join([*left, *right])


def test_a_ruled_table_is_read_row_by_row() -> None:
    # Two columns and two rows; the first cell has two lines, drawn after all others.
    cells = [
        (210, 680, 12, "标准"),
        (80, 650, 12, "司局级"),
        (210, 650, 12, "500元"),
        (80, 690, 12, "职务或者"),
        (80, 674, 12, "级别"),
    ]
    rules = "".join(f"{x} 640 m {x} 705 l S\n" for x in (72, 140, 300)) + "".join(
        f"72 {y} m 300 {y} l S\n" for y in (640, 668, 705)
    )
    content = pdf_of([[(72, 740, 12, "标准如下"), *cells]])
    writer = PdfWriter(PdfReader(io.BytesIO(content)))
    stream = writer.pages[0].get_contents()
    assert stream is not None
    stream.set_data(rules.encode() + stream.get_data())
    writer.pages[0].replace_contents(stream)
    assert read_pdf(written(writer), "x.pdf").text == "标准如下\n职务或者级别\t标准\n司局级\t500元"


def test_an_illegible_text_layer_is_refused() -> None:
    # 办法 as GB 2312 bytes read as Latin-1, and characters of the private use area.
    for garbage in ("°ì·¨µÚÒ»Ìõ×ÜÔò¹«Îñ", "\ue001\ue002\ue003\ue004\ue005"):
        assert reason(pdf_of([lines_of([garbage * 4] * 3)])).startswith("the text layer is illegible")


def encrypted(password: str) -> bytes:
    writer = PdfWriter(PdfReader(io.BytesIO(pdf_of([lines_of([LAST])]))))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_password_is_asked_for_only_where_there_is_one() -> None:
    assert reason(encrypted("口令")) == "encrypted with a password; save a copy without it"
    assert read_pdf(encrypted(""), "x.pdf").text == LAST


@pytest.mark.parametrize("content", [b"%PDF-1.4\n", b"not a PDF", pdf_of([lines_of([LAST])])[:300]])
def test_damaged_and_truncated_files_are_stated(content: bytes) -> None:
    assert reason(content).startswith(("damaged or truncated PDF", "no text layer"))


PARAGRAPH = st.text(alphabet="统一编制标准购置经费采购配备管理任何单位个人不得超，", min_size=5, max_size=150).map(
    lambda text: "机" + text.strip("，") + "。"
)


@settings(max_examples=30)
@given(st.lists(PARAGRAPH, min_size=1, max_size=12), st.integers(4, 20))
def test_every_character_maps_to_the_page_it_is_printed_on(paragraphs: list[str], per_page: int) -> None:
    # Numbered, for lines that recur at the edge of most pages are running headers.
    lines = [line for n, text in enumerate(paragraphs) for line in broken(f"　　{chinese_numeral(n + 1)}、{text}")]
    pages = [lines[start : start + per_page] for start in range(0, len(lines), per_page)]
    read = document(read_pdf(pdf_of([lines_of(page) for page in pages]), "x.pdf"))
    assert list(read.pages) == sorted(read.pages)
    assert len(read.pages) == len(pages)
    printed = [
        (character, number) for number, page in enumerate(pages, 1) for line in page for character in line.strip()
    ]
    mapped = [(c, read.page_at(offset)) for offset, c in enumerate(read.text) if c != "\n"]
    assert mapped == printed


def broken(text: str) -> list[str]:
    return [text[start : start + 28] for start in range(0, len(text), 28)]
