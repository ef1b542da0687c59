import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import UnreadableFile
from ingest.reading import MOST_TEXT_BYTES, SUFFIXES, read_document


def reason(path: Path) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_document(path, source=path.name)
    assert caught.value.source == path.name
    return caught.value.reason


def test_a_document_has_its_text_its_source_and_an_id_of_both() -> None:
    content = "用车办法\n\n　　第一条　甲。\n".encode()
    read = read_document(Path("用车办法.txt"), source="制度/用车办法.txt", content=content)
    assert (read.text, read.pages, read.info.source) == ("用车办法\n第一条　甲。", (), "制度/用车办法.txt")
    assert read.info.id == hashlib.sha256("制度/用车办法.txt".encode() + b"\0" + content).hexdigest()[:32]


def test_the_same_content_elsewhere_is_another_document() -> None:
    one, other = (read_document(Path("a.txt"), source=source, content=b"a") for source in ("a.txt", "b/a.txt"))
    assert one.info.id != other.info.id


def test_endings_count_whatever_their_case(tmp_path: Path) -> None:
    path = tmp_path / "甲.TXT"
    path.write_text("正文。", encoding="utf-8")
    assert read_document(path, source="甲.TXT").text == "正文。"
    pictures = {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".gif"}
    office = {".docx", ".doc", ".wps", ".rtf", ".odt", ".xlsx", ".csv", ".eml"}
    assert {".txt", ".text", ".md", ".markdown", ".html", ".htm", ".pdf", ".ofd"} | office | pictures <= SUFFIXES


@pytest.mark.parametrize(
    ("name", "stated"),
    [
        ("a.pptx", "format .pptx not supported; save it as .pdf"),
        ("a.zip", "format .zip not supported; unpack it"),
        ("a.rar", "format .rar not supported; unpack it"),
        ("a.7z", "format .7z not supported; unpack it"),
        ("a.xyz", "format .xyz not supported; save it as .docx, .pdf or .txt"),
        ("a", "no file ending to tell the format by; add .txt, .md, .html, .docx or .pdf"),
    ],
)
def test_other_formats_are_stated_with_what_to_do(name: str, stated: str) -> None:
    assert reason(Path(name)) == stated


@pytest.mark.parametrize("content", [b"", b" \n\t\r\n"])
def test_an_empty_file_is_stated(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "空.txt"
    path.write_bytes(content)
    assert reason(path).startswith("the file is empty")


def test_a_file_of_nothing_but_marks_is_stated(tmp_path: Path) -> None:
    path = tmp_path / "空.md"
    path.write_text("---\n\n<!-- 注 -->\n", encoding="utf-8")
    assert reason(path).startswith("no text in the file")


def test_a_file_that_is_gone_or_a_folder_is_stated(tmp_path: Path) -> None:
    assert reason(tmp_path / "无.txt").startswith("cannot be read (No such file")
    (tmp_path / "夹.txt").mkdir()
    assert reason(tmp_path / "夹.txt").startswith("cannot be read (Is a directory)")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_stated(tmp_path: Path) -> None:
    path = tmp_path / "锁.txt"
    path.write_text("甲")
    path.chmod(0)
    assert reason(path).startswith("cannot be read (Permission denied)")


def test_the_limit_on_text_is_stated(tmp_path: Path) -> None:
    path = tmp_path / "大.txt"
    path.write_bytes("汉".encode() * (50_000_000 // 3))
    assert reason(path) == f"{50_000_000 // 3 * 3:,} bytes, more than the {MOST_TEXT_BYTES:,} that are read; split it"


def test_text_just_below_the_limit_is_read() -> None:
    content = ("第一条　机关公务用车实行统一管理。" * 4 + "\n").encode() * (MOST_TEXT_BYTES // 205)
    assert len(read_document(Path("大.txt"), source="大.txt", content=content).text) > 6_000_000


def is_normal_or_refused(content: bytes, suffix: str) -> bool:
    try:
        read = read_document(Path("a" + suffix), source="a" + suffix, content=content)
    except UnreadableFile as error:
        return bool(error.reason)
    return bool(read.text) and all(line and line == line.strip() for line in read.text.split("\n"))


@settings(max_examples=60, deadline=None)  # what may be a .doc is given to LibreOffice
@given(st.binary(max_size=400), st.sampled_from(sorted(SUFFIXES)))
def test_any_bytes_are_read_in_normal_form_or_refused_with_a_reason(content: bytes, suffix: str) -> None:
    assert is_normal_or_refused(content, suffix)


@settings(max_examples=60)
@given(st.text(), st.sampled_from([".txt", ".md", ".html"]))
def test_any_text_is_read_in_normal_form_or_refused_with_a_reason(text: str, suffix: str) -> None:
    assert is_normal_or_refused(text.encode("utf-8", "replace"), suffix)


def test_a_title_that_a_row_far_below_does_not_begin_with_is_the_documents_own(tmp_path: Path) -> None:
    path = tmp_path / "文件甲.md"
    path.write_text(
        "# 甲市停车办法\n\n第一条 收费见附表。\n\n| 类别 | 元 |\n|---|---|\n| 小型 | 5 |\n", encoding="utf-8"
    )
    assert read_document(path, source="文件甲.md").info.title == "甲市停车办法"
