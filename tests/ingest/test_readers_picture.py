import io

import pytest
from PIL import Image

from ingest.errors import UnreadableFile
from ingest.readers.picture import read_picture
from ingest.readers.punctuation import with_wide_punctuation
from tests.ingest.minimal_pdf import Line
from tests.ingest.pages import as_file, page_picture

# 26 characters of 16 points fill a line of 416 points, from x = 90 to 506.
FIRST = "机关公务用车实行统一编制、统一标准、统一购置经费"
SECOND = "和统一采购配备管理，任何单位和个人不得超编制配备公务用"
LAST = "车，不得擅自扩大用车范围。"
PAGE: list[Line] = [(122.0, 700.0, 16.0, FIRST), (90.0, 672.0, 16.0, SECOND), (90.0, 644.0, 16.0, LAST)]


def reason(content: bytes) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_picture(content, "某.png")
    return caught.value.reason


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "GIF"])
def test_the_lines_of_a_picture_become_paragraphs(kind: str) -> None:
    extract = read_picture(as_file([page_picture([*PAGE, (122, 616, 16, "特此通知。")])], kind), "x.png")
    assert extract.text == f"{FIRST}{SECOND}{LAST}\n特此通知。"
    assert (extract.pages, extract.recognised) == ((0,), (1,))


def test_a_tilted_page_keeps_its_lines_and_its_paragraphs() -> None:
    extract = read_picture(as_file([page_picture([*PAGE, (122, 616, 16, "特此通知。")], tilt=1.5)], "PNG"), "x.png")
    assert extract.text == f"{FIRST}{SECOND}{LAST}\n特此通知。"


def test_a_fax_of_several_pages_has_pages_and_no_page_numbers() -> None:
    other: list[Line] = [(x, y, size, text.replace("公务", "执法")) for x, y, size, text in PAGE]
    pages = [[*lines, (280.0, 50.0, 12.0, f"— {n} —")] for n, lines in enumerate((PAGE, other), 1)]
    faxed = [page_picture(page).resize((1654, 2338)).convert("1") for page in pages]
    extract = read_picture(as_file(faxed, "TIFF", compression="group4"), "x.tif")
    whole = FIRST + SECOND + LAST
    assert extract.text == whole + "\n" + whole.replace("公务", "执法")
    # Page 2 begins after the characters of page 1 and a line end.
    assert (extract.pages, extract.recognised) == ((0, len(whole) + 1), (1, 2))


def test_a_picture_without_text_is_stated() -> None:
    pytest.importorskip("rapidocr")
    assert reason(as_file([Image.new("RGB", (300, 300), "white")], "PNG")).startswith("no text recognised")


def test_a_damaged_picture_is_stated() -> None:
    whole = as_file([Image.new("RGB", (300, 300), "white")], "PNG")
    for content in (b"\x89PNG\r\n\x1a\n", b"no picture", whole[:60]):
        assert reason(content).startswith("damaged or unknown picture")


def test_a_huge_picture_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    Image.new("1", (40_000, 40_000)).save(out, "PNG")
    assert reason(out.getvalue()).startswith("more than 150,000,000 pixels")


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("车辆,经费;编制:如下!", "车辆，经费；编制：如下！"),
        ("（一)从1996年起", "（一）从1996年起"),
        ("休假(以下简称年休假)。", "休假（以下简称年休假）。"),
        ("国办函〔1994]69号", "国办函〔1994〕69号"),
        ("f(x), 3,000 at 10:30", "f(x), 3,000 at 10:30"),
    ],
)
def test_punctuation_is_as_wide_as_the_characters_around_it(seen: str, meant: str) -> None:
    assert with_wide_punctuation(seen) == meant
    assert len(seen) == len(meant)
