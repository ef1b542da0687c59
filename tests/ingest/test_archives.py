import io
import stat
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ingest import archives
from ingest.archives import Entry, is_archive, list_members, read_member
from ingest.discover import SourceFile
from ingest.errors import UnreadableFile
from ingest.identity import document_id

RULE = "办法\n第一条 甲。".encode()


def zipped(members: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return packed.getvalue()


def tarred(members: Mapping[str, bytes], mode: str = "w:gz", encoding: str = "utf-8") -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode, encoding=encoding, format=tarfile.GNU_FORMAT) as package:  # type: ignore[call-overload]
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            package.addfile(info, io.BytesIO(content))
    return packed.getvalue()


@pytest.fixture
def listed(tmp_path: Path) -> Callable[..., list[tuple[Entry, SourceFile]]]:
    """Lists an archive of some content, each entry with the file that it is read by."""

    def look(content: bytes, name: str = "附件.zip") -> list[tuple[Entry, SourceFile]]:
        path = tmp_path / name
        path.write_bytes(content)
        entries = list_members(SourceFile(path, str(tmp_path), name))
        return [(e, SourceFile(path, str(tmp_path), e.source, archive=name, member=e.member)) for e in entries]

    return look


Listed = Callable[..., list[tuple[Entry, SourceFile]]]


@pytest.mark.parametrize("name", ["a.zip", "A.ZIP", "a.tar", "a.tar.gz", "a.tgz"])
def test_what_is_an_archive(name: str) -> None:
    assert is_archive(name)


@pytest.mark.parametrize("name", ["a.docx", "a.gz", "a.rar", "a.7z", "zip"])
def test_what_is_none(name: str) -> None:
    assert not is_archive(name)


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("附件.zip", zipped),
        ("附件.tar.gz", tarred),
        ("附件.tar", lambda members: tarred(members, "w:")),
        ("附件.tgz", lambda members: tarred(members, encoding="gb18030")),
    ],
)
def test_members_are_named_and_read(listed: Listed, name: str, pack: Callable[[Mapping[str, bytes]], bytes]) -> None:
    found = listed(pack({"目录/办法.txt": RULE, "./意见.md": b"# \xe6\x84\x8f", "表.bin": b"x"}), name)
    assert [entry.source for entry, _ in found] == [f"{name}/目录/办法.txt", f"{name}/意见.md", f"{name}/表.bin"]
    assert [entry.reason for entry, _ in found] == ["", "", ""]
    assert found[0][0].id == document_id(f"{name}/目录/办法.txt", [RULE])
    assert [read_member(file) for _, file in found] == [RULE, b"# \xe6\x84\x8f", b"x"]


def test_names_in_gbk_without_the_flag(listed: Listed) -> None:
    # What Chinese Windows writes: GBK bytes, the flag for UTF-8 not set. A placeholder of as many bytes is replaced.
    content = zipped({"AAAA/BBBBBB.txt": RULE})
    content = content.replace(b"AAAA", "附件".encode("gbk")).replace(b"BBBBBB", "通知书".encode("gbk"))
    ((entry, file),) = listed(content)
    assert entry.source == "附件.zip/附件/通知书.txt"
    assert read_member(file) == RULE


def test_names_in_utf_8_without_the_flag_and_with_backslashes(listed: Listed) -> None:
    content = zipped({"AAAAAA_BBB.txt": RULE})
    content = content.replace(b"AAAAAA_", "附件".encode() + b"\\")
    assert [entry.source for entry, _ in listed(content)] == ["附件.zip/附件/BBB.txt"]


def test_hidden_files_readmes_and_folders_are_left_out(listed: Listed) -> None:
    names = ["__MACOSX/._办法.txt", ".DS_Store", "夹/.git/x.txt", "~$稿.docx", "README.md", "夹/readme.txt", "夹/空/"]
    found = listed(zipped({**dict.fromkeys(names, b""), "夹/办法.txt": RULE}))
    assert [entry.source for entry, _ in found] == ["附件.zip/夹/办法.txt"]


@pytest.mark.parametrize("name", ["../外.txt", "夹/../../外.txt", "/etc/外.txt", "C:\\外.txt", "..\\外.txt"])
@pytest.mark.parametrize("ending", ["zip", "tar"])
def test_paths_that_lead_out_are_refused(listed: Listed, name: str, ending: str) -> None:
    members = {name: RULE, "内.txt": RULE}
    found = listed(zipped(members) if ending == "zip" else tarred(members, "w:"), f"a.{ending}")
    assert [entry.reason for entry, _ in found] == ["its path leads out of the archive; unpack it by hand", ""]


def test_links_are_refused(listed: Listed, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        info = zipfile.ZipInfo("连接.txt")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        package.writestr(info, "/etc/passwd")
    assert [entry.reason for entry, _ in listed(packed.getvalue())] == ["a link, not a file; unpack the archive"]
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:") as tar:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE):
            link = tarfile.TarInfo(f"{kind!r}.txt")
            link.type, link.linkname = kind, "/etc/passwd"
            tar.addfile(link)
    assert {entry.reason for entry, _ in listed(packed.getvalue(), "a.tar")} == {
        "a link, not a file; unpack the archive"
    }


def test_an_encrypted_member_is_told_and_the_others_are_read(listed: Listed) -> None:
    content = bytearray(zipped({"密.txt": RULE, "明.txt": RULE}))
    for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(header) + flags] |= 1
    found = listed(bytes(content))
    assert [entry.reason for entry, _ in found] == ["encrypted with a password; unpack it", ""]
    assert read_member(found[1][1]) == RULE


def test_a_damaged_member_is_told_and_the_others_are_read(listed: Listed) -> None:
    content = bytearray(zipped({"坏.txt": RULE, "好.txt": RULE}))
    content[14] ^= 1  # the checksum in the first local header
    place = content.index(b"PK\x01\x02")
    content[place + 16] ^= 1  # and in the directory
    found = listed(bytes(content))
    assert [entry.reason[:30] for entry, _ in found] == ["cannot be opened (BadZipFile: ", ""]


def test_a_packing_that_is_not_known_is_told(listed: Listed) -> None:
    content = bytearray(zipped({"a.txt": RULE}))
    content[8] = 9  # deflate64
    content[content.index(b"PK\x01\x02") + 10] = 9
    ((entry, _),) = listed(bytes(content))
    assert "packed in a way that is not known" in entry.reason


def test_a_name_held_twice_is_told(listed: Listed) -> None:
    content = zipped({"甲.txt": RULE, "乙.txt": RULE}).replace("乙".encode(), "甲".encode())
    assert [entry.reason for entry, _ in listed(content)] == ["", "the archive holds this name twice; unpack it"]


def test_archives_in_archives_are_opened_two_deep(listed: Listed) -> None:
    third = zipped({"三.txt": RULE})
    second = tarred({"二.txt": RULE, "三.zip": third})
    found = listed(zipped({"一.txt": RULE, "夹/二.tar.gz": second}))
    assert {entry.source: entry.reason for entry, _ in found} == {
        "附件.zip/一.txt": "",
        "附件.zip/夹/二.tar.gz/二.txt": "",
        "附件.zip/夹/二.tar.gz/三.zip": "an archive in an archive in an archive; unpack it",
    }
    assert read_member(found[1][1]) == RULE


def test_too_many_members_are_refused(listed: Listed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_MEMBERS", 3)
    inner = zipped({"1.txt": RULE, "2.txt": RULE})
    assert len(listed(zipped({"1.txt": RULE, "2.txt": RULE, "3.txt": RULE}))) == 3
    with pytest.raises(UnreadableFile, match="more than 3 members; split it, or unpack it"):
        listed(zipped({"a.zip": inner, "b.zip": inner}))


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz"])
def test_a_bomb_is_not_opened(listed: Listed, name: str) -> None:
    # 60,000,000 zeros pack to some 58,000 bytes: a thousand to one; 200 times 58,000 bytes are allowed.
    members = {"一.txt": bytes(60_000_000), "二.txt": RULE}
    with pytest.raises(UnreadableFile, match=r"that unpack to more than 11,[0-9,]+ \(zip bomb\); not opened"):
        listed(zipped(members) if name == "a.zip" else tarred(members), name)


def test_a_bomb_within_an_archive_is_not_opened(listed: Listed) -> None:
    # Each of the inner archives is harmless alone: 9 MB.
    inner = zipped({"零.txt": bytes(9_000_000)})
    with pytest.raises(UnreadableFile, match="zip bomb"):
        listed(zipped({f"{n}.zip": inner for n in range(5)}))


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz"])
@pytest.mark.parametrize("content", [b"", b"plain words", b"PK\x03\x04 and no more", b"\x1f\x8b\x08 and no more"])
def test_what_is_no_archive_is_told(listed: Listed, name: str, content: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"cannot be opened \(.*get a fresh copy"):
        listed(content, name)


def test_an_archive_cut_off_is_told(listed: Listed) -> None:
    whole = tarred({"一.txt": RULE, "二.txt": bytes(range(256)) * 400})
    with pytest.raises(UnreadableFile, match="get a fresh copy"):
        listed(whole[: len(whole) // 2], "a.tar.gz")
