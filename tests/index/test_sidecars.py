"""Corrections in a file beside a document."""

from pathlib import Path

import pytest

from index.builder import update_index
from index.catalogue import Catalogue
from index.check import check
from index.editing import correct_document, fields_of
from index.model import Failure, IngestReport
from index.snapshot import CATALOGUE, live_name, open_snapshot
from ingest.errors import UnreadableFile
from ingest.model import DocumentInfo
from ingest.sidecar import read_sidecar
from tests.fakes import FakeEncoder

RULE = "办法/差旅.txt"
BESIDE = "办法/差旅.txt.yinju.toml"


def info(directory: Path, source: str = RULE) -> DocumentInfo:
    return Catalogue(open_snapshot(directory).path / CATALOGUE).by_source(source).info


def problems(report: IngestReport) -> list[tuple[str, str]]:
    return [(failure.source, failure.reason) for failure in report.failed]


@pytest.fixture
def index(folder: Path, directory: Path, encoder: FakeEncoder) -> Path:
    (folder / BESIDE).write_text('title = "住宿管理办法"\neffective = 2020-05-01\n', encoding="utf-8")
    report = update_index([folder], directory, encoder=encoder)
    assert (report.added, report.failed) == (3, ())
    encoder.encoded = 0
    return directory


def test_it_corrects_its_document_and_is_none_itself(folder: Path, index: Path, encoder: FakeEncoder) -> None:
    assert (info(index).title, info(index).effective, info(index).status) == ("住宿管理办法", "2020-05-01", "现行有效")
    assert [one.by for one in info(index).corrections] == ["sidecar", "sidecar"]
    before = live_name(index)
    assert update_index([folder], index, encoder=encoder).unchanged == 3
    assert live_name(index) == before


def test_a_change_of_it_alone_is_taken_in_and_its_end_too(folder: Path, index: Path, encoder: FakeEncoder) -> None:
    (folder / BESIDE).write_text('title = "住宿管理办法"\nissuer = "财政部"\n', encoding="utf-8")
    report = update_index([folder], index, encoder=encoder)
    assert (report.corrected, report.unchanged, encoder.encoded) == ((RULE,), 3, 0)
    assert (info(index).issuer, info(index).effective) == ("财政部", "")
    (folder / BESIDE).unlink()
    report = update_index([folder], index, encoder=encoder)
    # Its three passages are found by another title.
    assert (report.corrected, encoder.encoded) == ((RULE,), 3)
    assert (info(index).title, info(index).corrections) == ("差旅费管理办法", ())
    assert check(index).is_sound


def test_what_is_wrong_with_it_is_told_and_what_it_said_before_holds(
    folder: Path, index: Path, encoder: FakeEncoder
) -> None:
    (folder / BESIDE).write_text('titel = "x"\ndate = "2024-02-30"\nstatus = "有效"\nissuer = 5\n', encoding="utf-8")
    for _ in range(2):
        ((source, reason),) = problems(update_index([folder], index, encoder=encoder))
        assert source == BESIDE
        for part in ("titel: no such field; the fields are title", "date: 2024-02-30 is not a date; write 2024-03-29",
                     "status: 有效 is none; write one of 现行有效", "issuer: 5 is not text"):  # fmt: skip
            assert part in reason
        assert info(index).title == "住宿管理办法"
    held = Catalogue(open_snapshot(index).path / CATALOGUE)
    assert held.failures() == [Failure(BESIDE, reason)]
    (folder / BESIDE).write_text("", encoding="utf-8")
    assert problems(update_index([folder], index, encoder=encoder)) == []
    assert info(index).title == "差旅费管理办法"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("无.txt.yinju.toml", "there is no 无.txt beside it; name it after its document, or remove it"),
        ("readme.txt.yinju.toml", "readme.txt is not taken for a document"),
        ("包.zip.yinju.toml", "an archive is no document; correct what it holds with `yinju edit`"),
    ],
)
def test_one_without_a_document_is_told(
    folder: Path, index: Path, encoder: FakeEncoder, name: str, reason: str
) -> None:
    (folder / name).write_text('title = "x"\n', encoding="utf-8")
    (folder / "readme.txt").write_text("说明", encoding="utf-8")
    (folder / "包.zip").write_bytes(b"PK\5\6" + bytes(18))
    ((source, told),) = problems(update_index([folder], index, encoder=encoder))
    assert source == name
    assert reason in told


def test_a_document_renamed_without_it_keeps_its_corrections_and_says_so(
    folder: Path, index: Path, encoder: FakeEncoder
) -> None:
    (folder / RULE).rename(folder / "差旅费.txt")
    for renamed in (((RULE, "差旅费.txt"),), ()):
        report = update_index([folder], index, encoder=encoder)
        assert report.renamed == renamed
        assert problems(report) == [
            (BESIDE, "the document is 差旅费.txt now; rename this file to 差旅费.txt.yinju.toml")
        ]
        assert info(index, "差旅费.txt").title == "住宿管理办法"
    (folder / BESIDE).rename(folder / "差旅费.txt.yinju.toml")
    report = update_index([folder], index, encoder=encoder)
    assert (report.failed, report.corrected, encoder.encoded) == ((), (), 0)
    assert info(index, "差旅费.txt").title == "住宿管理办法"


def test_of_two_corrections_of_one_field_the_edit_is_taken_and_that_is_said(
    folder: Path, index: Path, encoder: FakeEncoder
) -> None:
    correct_document(RULE, index, values={"title": "出差办法"}, encoder=encoder)
    assert (info(index).title, info(index).effective) == ("出差办法", "2020-05-01")
    (notice,) = update_index([folder], index, encoder=encoder).notices
    assert notice.startswith(
        f"{BESIDE}: title: `yinju edit` says otherwise, which is taken; `yinju edit {RULE} --reset"
    )
    title = fields_of(index, RULE).fields[0]
    assert (title.value, title.read, title.sidecar, title.edit, title.by) == (
        "出差办法", "差旅费管理办法", "住宿管理办法", "出差办法", "edit")  # fmt: skip
    correct_document(RULE, index, values={}, reset=["title"], encoder=encoder)
    assert info(index).title == "住宿管理办法"


def test_it_is_found_beside_a_file_that_is_given_itself(folder: Path, index: Path, encoder: FakeEncoder) -> None:
    (folder / BESIDE).write_text('issuer = "财政部"\n', encoding="utf-8")
    assert update_index([folder / RULE], index, encoder=encoder).corrected == (RULE,)
    assert info(index).issuer == "财政部"
    (folder / BESIDE).write_text('issuer = "教育部"\n', encoding="utf-8")
    report = update_index([folder / BESIDE], index, encoder=encoder)
    assert (report.corrected, report.failed, report.documents) == ((RULE,), (), 3)


def test_values_in_all_their_forms(tmp_path: Path) -> None:
    path = tmp_path / "x.yinju.toml"
    path.write_text(
        'title = "《办法》"\r\ndate = 2024\r\nadopted = "2024年3月5日"\r\npublished = 2024-03-06T10:00:00\r\n'
        'expires = "2025-01"\r\nissuer = ""\r\nrepeals = ["《甲》", "乙"]\r\n',
        encoding="utf-8-sig",
        newline="",
    )
    assert read_sidecar(path, source="x.yinju.toml") == {
        "title": "办法", "issuer": "", "date": "2024", "adopted": "2024-03-05", "published": "2024-03-06",
        "expires": "2025-01", "repeals": ("甲", "乙"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"title = \xff", "not UTF-8; save it in that encoding"),
        ("标题 = 一".encode(), "not TOML"),
        (b'title = ""', "title: a document cannot be without one"),
        (b"repeals = [1]", "repeals: write a list of titles"),
        (b"date = true", "date: True is not text"),
        (b'kind = "' + b"x" * 600 + b'"', "kind: longer than 500 characters"),
        (b"#" * 200_000, "larger than 100,000 bytes"),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(UnreadableFile, match=r"x\.yinju\.toml") as told:
        read_sidecar(tmp_path / "x", source="x.yinju.toml")
    assert reason in told.value.reason
