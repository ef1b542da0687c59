import io
import os
import time
from pathlib import Path

import docx
import pytest

from ingest.errors import UnreadableFile
from ingest.readers import office
from ingest.readers.office import converted, find_program, read_office
from ingest.readers.package import OLE

INSTALLED = find_program() is not None
RTF = (
    rb"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fcharset134 SimSun;}}"
    rb"{\*\listtable{\list\listtemplateid1{\listlevel\levelnfc39\levelstartat1{\leveltext\'03\u31532 ?\'00\u26465 ?;}"
    rb"{\levelnumbers\'02;}}\listid1}}{\*\listoverridetable{\listoverride\listid1\listoverridecount0\ls1}}"
    rb"\pard{\listtext\pard\plain \'b5\'da\'d2\'bb\'cc\'f5\tab}\ls1\ilvl0\f0 \u30002 ?\'a1\'a3\par"
    rb"\pard\plain\f0 {\deleted \u20057 ?}\u20857 ?\'a1\'a3\par}"
)


def fake(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a program in the place of LibreOffice; in its script $out is the folder to write to, $in the last file."""
    program = folder / "soffice"
    head = '#!/bin/sh\nwhile [ $# -gt 1 ]; do [ "$1" = --outdir ] && out=$2; shift; done\nin=$1\n'
    program.write_text(head + script)
    program.chmod(0o755)
    monkeypatch.setenv(office.PROGRAM, str(program))


def reason(content: bytes = OLE + bytes(600), name: str = "旧.doc") -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_office(content, name)
    assert caught.value.source == name
    return caught.value.reason


def new_document() -> bytes:
    out = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("第一条　甲。")
    document.save(out)
    return out.getvalue()


def test_without_libreoffice_the_reason_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(office.PROGRAM, str(tmp_path / "none"))
    assert reason().startswith("format .doc needs LibreOffice, which was not found: install it")
    assert "apt install libreoffice-writer" in reason()


def test_what_it_makes_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "made.docx").write_bytes(new_document())
    fake(tmp_path, monkeypatch, f'for n in 0 1; do cp "{tmp_path}/made.docx" "$out/$n.docx"; done\n')
    assert read_office(OLE + bytes(600), "旧.doc").text == "第一条　甲。"
    made = (tmp_path / "made.docx").read_bytes()
    assert converted([OLE, OLE], ".doc") == [made, made]


def test_a_program_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fake(tmp_path, monkeypatch, f"sleep 60 & echo $! > {tmp_path}/child\nwait\n")
    started = time.monotonic()
    assert "was not done after 1 seconds" in str(converted([OLE], ".doc", seconds=1)[0])
    assert time.monotonic() - started < 20
    child = int((tmp_path / "child").read_text())
    for _ in range(100):
        state = Path(f"/proc/{child}/stat")
        if not state.exists() or state.read_text().split()[2] == "Z":
            break
        time.sleep(0.05)
    else:
        pytest.fail("what the program started goes on")


@pytest.mark.parametrize(
    ("script", "stated"),
    [
        ("kill -SEGV $$\n", "LibreOffice crashed on it"),
        ("exit 0\n", "LibreOffice cannot read it"),
        (': > "$out/0.docx"\n', "LibreOffice cannot read it"),
        ("exit 81\n", "LibreOffice cannot read it"),
    ],
)
def test_a_program_that_gives_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str, stated: str
) -> None:
    fake(tmp_path, monkeypatch, script)
    assert reason().startswith(stated)
    assert "Microsoft Works" in reason(name="旧.wps")


def test_a_program_that_cannot_be_started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "soffice").write_bytes(b"\x7fELF no program")
    (tmp_path / "soffice").chmod(0o755)
    monkeypatch.setenv(office.PROGRAM, str(tmp_path / "soffice"))
    assert reason().startswith("LibreOffice could not be started")


def test_what_has_the_ending_alone_is_read_as_what_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(office.PROGRAM, str(tmp_path / "none"))
    assert read_office(new_document(), "新.doc").text == "第一条　甲。"
    assert read_office("第一条　甲。".encode("gb18030"), "文.doc").text == "第一条　甲。"
    assert read_office("<html><p>第一条　甲。</p></html>".encode(), "页.doc").text == "第一条　甲。"


def test_password_protected_files_are_stated() -> None:
    # MS-DOC 2.5.2: the FIB begins with 0xA5EC; bit 8 of its flags at offset 10 is fEncrypted.
    fib = b"\xec\xa5\xc1\x00" + bytes(6) + b"\x00\x01"
    assert reason(OLE + bytes(504) + fib + bytes(500)) == "password-protected; save it without a password"


@pytest.mark.skipif(not INSTALLED, reason="LibreOffice is not installed")
def test_rich_text_keeps_its_printed_numbers_and_loses_what_was_deleted() -> None:
    assert read_office(RTF, "x.rtf").text == "第一条 甲。\n兹。"


@pytest.mark.skipif(not INSTALLED, reason="LibreOffice is not installed")
def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    read_office(RTF, "x.rtf")
    assert os.listdir(tmp_path) == []
