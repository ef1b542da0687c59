from pathlib import Path

import numpy as np
import pytest
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

from ingest.readers.fragments import Fragment
from ingest.readers.pdf_fonts import _is_unmapped
from ingest.readers.pdf_layer import Run
from ingest.readers.trust import FontTrust, Look
from tests.ingest.pages import DPI, page_picture


def run_of(text: str, y: float = 700, *, font: str = "甲", is_unmapped: bool = False) -> Run:
    return Run(Fragment(text, 90, 90 + 16 * len(text), y, 16), font, is_unmapped)


def look_at(*printed: str, is_scan: bool = False) -> Look:
    """A look at a page on which the lines are printed at 700, 670, 640 … points."""
    picture = page_picture([(90, 700 - 30 * n, 16, text) for n, text in enumerate(printed)])
    return Look(np.ascontiguousarray(np.asarray(picture)[:, :, ::-1]), DPI / 72, "x.pdf", is_scan=is_scan)


@pytest.mark.parametrize("text", ["\x04\x05\x06", "办法\ue001", "\ufffd", "哾㦓˖合同"])
def test_characters_that_nobody_uses_are_looked_at(text: str) -> None:
    broken = run_of(text)
    assert FontTrust(frozenset()).suspects([broken, run_of("机关公务用车办法", 670)], is_scan=False) == [broken]


def test_a_rare_name_is_not_suspect_and_a_run_that_its_font_does_not_map_is() -> None:
    name, unmapped = run_of("任命王燚为副市长"), run_of("机关", is_unmapped=True)
    assert FontTrust(frozenset()).suspects([name, unmapped], is_scan=False) == [unmapped]


def test_a_font_without_a_map_is_looked_at_until_it_was_right_twice() -> None:
    trust = FontTrust(frozenset({"乙"}))
    runs = [run_of("机关公务用车办法", font="乙"), run_of("统一编制统一标准", 670, font="乙")]
    for _ in range(2):
        suspects = trust.suspects(runs, is_scan=False)
        assert suspects == runs
        assert trust.misread(runs, suspects, look_at("机关公务用车办法", "统一编制统一标准")) == {}
    assert trust.suspects(runs, is_scan=False) == []


def test_the_few_runs_that_are_misread_are_mended_and_many_are_not() -> None:
    trust = FontTrust(frozenset())
    right = run_of("机关公务用车实行统一编制统一标准统一购置", 670)
    wrong = run_of("哾㦓签字")
    page = look_at("黎荣签字", right.placed.text)
    # 4 of 24 characters, less than a fifth.
    assert trust.misread([wrong, right], [wrong], page) == {wrong: "黎荣签字"}
    assert trust.misread([wrong], [wrong], page) is None


def test_a_font_that_was_wrong_in_the_sample_is_wrong_elsewhere() -> None:
    trust = FontTrust(frozenset({"乙"}))
    wrong, other = run_of("甲乙丙丁", font="乙"), run_of("戊己", 640, font="乙")
    right = run_of("机关公务用车实行统一编制统一标准统一购置经费和统一采购", 670)
    longer = run_of("任何单位和个人不得超编制超标准配备", 610)
    page = look_at("用车办法", right.placed.text, "附件", longer.placed.text)
    found = trust.misread([wrong, right, other, longer], [wrong], page)
    assert found == {wrong: "用车办法", other: "附件"}


def font(**entries: object) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{key}"): value for key, value in entries.items()})


def test_which_fonts_say_what_their_glyphs_are() -> None:
    file = font(FontDescriptor=font(FontFile2=DictionaryObject()))
    identity = {"Subtype": NameObject("/Type0"), "Encoding": NameObject("/Identity-H")}
    known = font(CIDSystemInfo=font(Ordering=TextStringObject("GB1")), FontDescriptor=file["/FontDescriptor"])
    numbered = ArrayObject([NumberObject(1), NameObject("/g12"), NameObject("/g13")])
    named = ArrayObject([NumberObject(1), NameObject("/quoteleft"), NameObject("/fi")])
    fonts = {
        "no map": (font(**identity, DescendantFonts=ArrayObject([file])), True),
        "a map": (font(**identity, DescendantFonts=ArrayObject([file]), ToUnicode=DictionaryObject()), False),
        "a known collection": (font(**identity, DescendantFonts=ArrayObject([known])), False),
        "not embedded": (font(**identity, DescendantFonts=ArrayObject([DictionaryObject()])), False),
        "a known encoding": (
            font(**{**identity, "Encoding": NameObject("/GBK-EUC-H")}, DescendantFonts=ArrayObject([file])),
            False,
        ),
        "numbered glyphs": (font(Subtype=NameObject("/Type3"), Encoding=font(Differences=numbered)), True),
        "named glyphs": (font(Subtype=NameObject("/Type1"), Encoding=font(Differences=named)), False),
    }
    assert {name: _is_unmapped(made) for name, (made, _) in fonts.items()} == {n: v for n, (_, v) in fonts.items()}


def test_reading_without_pictures_does_not_load_recognition() -> None:
    import subprocess
    import sys

    code = "import sys; from ingest.reading import read_document; print([m for m in sys.modules if m in "
    code += "('rapidocr', 'cv2', 'pypdfium2', 'ofdkit', 'PIL', 'numpy')])"
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True)
    assert done.stdout.strip() == "[]"
