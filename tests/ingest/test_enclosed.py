import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest

from ingest.archives import Entry, list_members, read_member
from ingest.discover import SourceFile
from ingest.identity import document_id


def mail(subject: str = "关于报送材料的提醒") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = "办公室 <office@example.org>"
    message.set_content("请于3月15日前报送。\n")
    return message


def attach(message: EmailMessage, name: str, content: bytes) -> None:
    message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)


def listed(folder: Path, message: EmailMessage | bytes, name: str = "来信.eml") -> dict[str, Entry]:
    path = folder / name
    path.write_bytes(message if isinstance(message, bytes) else message.as_bytes())
    return {entry.source: entry for entry in list_members(SourceFile(path, str(folder), name))}


def content(folder: Path, entry: Entry, name: str = "来信.eml") -> bytes:
    return read_member(SourceFile(folder / name, str(folder), entry.source, archive=name, member=entry.member))


def test_a_mail_is_a_document_and_so_is_what_is_attached_to_it(tmp_path: Path) -> None:
    message = mail()
    attach(message, "报送要求.txt", "通知\n甲。".encode())
    attach(message, "签名.p7s", b"x")
    found = listed(tmp_path, message)
    assert list(found) == ["来信.eml", "来信.eml/报送要求.txt"]
    whole = (tmp_path / "来信.eml").read_bytes()
    assert found["来信.eml"] == Entry("来信.eml", (), document_id("来信.eml", [whole]))
    assert content(tmp_path, found["来信.eml/报送要求.txt"]) == "通知\n甲。".encode()


def test_names_are_kept_apart_and_lead_nowhere(tmp_path: Path) -> None:
    message = mail()
    for name in ("表.txt", "表.txt", "../../表.txt", "c:\\temp\\甲.txt"):
        attach(message, name, name.encode())
    found = listed(tmp_path, message)
    assert list(found)[1:] == [
        f"来信.eml/{name}" for name in ("表.txt", "表(2).txt", "表(3).txt", "甲.txt")
    ]  # fmt: skip
    assert content(tmp_path, found["来信.eml/表(3).txt"]) == "../../表.txt".encode()


def test_pictures_within_the_text_are_no_attachments(tmp_path: Path) -> None:
    message = mail()
    message.add_alternative("<p>请看</p><img src='cid:1'>", subtype="html")
    message.get_payload()[1].add_related(b"x", "image", "png", cid="<1>", filename="logo.png")  # type: ignore[index, union-attr]
    attach(message, "甲.txt", b"x")
    assert list(listed(tmp_path, message)) == ["来信.eml", "来信.eml/甲.txt"]


def test_a_mail_within_a_mail_and_an_archive_within_one(tmp_path: Path) -> None:
    inner = mail("转来的信")
    attach(inner, "乙.txt", "意见\n乙。".encode())
    deepest = mail("再转")
    attach(deepest, "丙.txt", "丙".encode())
    inner.add_attachment(deepest)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("一.txt", "通知\n一。")
    message = mail()
    message.add_attachment(inner)
    attach(message, "附件.zip", packed.getvalue())
    found = listed(tmp_path, message)
    assert {source: entry.reason for source, entry in found.items()} == {
        "来信.eml": "",
        "来信.eml/转来的信.eml": "",
        "来信.eml/转来的信.eml/乙.txt": "",
        "来信.eml/转来的信.eml/再转.eml": "",
        "来信.eml/转来的信.eml/再转.eml/丙.txt": "attached to an e-mail in an archive in an archive; unpack it",
        "来信.eml/附件.zip/一.txt": "",
    }
    assert content(tmp_path, found["来信.eml/转来的信.eml/乙.txt"]) == "意见\n乙。".encode()
    assert content(tmp_path, found["来信.eml/附件.zip/一.txt"]) == "通知\n一。".encode()


def test_a_bomb_attached_to_a_mail_is_not_opened(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("零.txt", b"0" * 30_000_000)
    message = mail()
    attach(message, "附件.zip", packed.getvalue())
    # 30 MB of zeros pack to some 30 KB: the mail of 40 KB may unpack to 200 times 50 KB.
    found = listed(tmp_path, message)
    assert list(found) == ["来信.eml", "来信.eml/附件"]
    assert "zip bomb" in found["来信.eml/附件"].reason


@pytest.mark.parametrize("damaged", [b"", b"\x00\xff" * 100, b"Content-Type: multipart/mixed; boundary=x\n\n--x\n"])
def test_what_is_wrong_with_a_mail_is_told_when_it_is_read(tmp_path: Path, damaged: bytes) -> None:
    assert list(listed(tmp_path, damaged)) == ["来信.eml"]
