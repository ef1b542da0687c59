"""Files that are moved and renamed keep their documents."""

import shutil
import zipfile
from pathlib import Path

import pytest

from index.builder import restore_documents, update_index
from index.catalogue import Catalogue
from index.check import check
from index.editing import remove_documents
from index.model import IngestReport
from index.searcher import Searcher
from index.snapshot import CATALOGUE, open_snapshot
from ingest.errors import BadRequest
from ingest.isolation import ReaderPool
from tests.fakes import FakeEncoder
from tests.index.test_builder import counts

RULE, SPEECH, REPORT = "办法/差旅.txt", "讲话/作风.txt", "报告/2008年报告.txt"


def catalogue(directory: Path) -> Catalogue:
    return Catalogue(open_snapshot(directory).path / CATALOGUE)


@pytest.fixture
def index(folder: Path, directory: Path, encoder: FakeEncoder) -> Path:
    update_index([folder], directory, encoder=encoder)
    encoder.encoded = 0
    return directory


class NoReaders(ReaderPool):
    """Reads nothing, since nothing is to be read."""

    def read(self, files):  # type: ignore[no-untyped-def]
        assert list(files) == []
        return iter(())


def moved(folder: Path, directory: Path, encoder: FakeEncoder) -> IngestReport:
    """A run that reads and embeds nothing."""
    report = update_index([folder], directory, encoder=encoder, readers=NoReaders())
    assert encoder.encoded == 0
    assert check(directory).is_sound
    return report


def test_a_folder_that_is_reorganised(folder: Path, index: Path, encoder: FakeEncoder) -> None:
    (folder / "2020/制度").mkdir(parents=True)
    (folder / RULE).rename(folder / "2020/制度/差旅.txt")
    (folder / SPEECH).rename(folder / "2020/作风讲话.txt")
    report = moved(folder, index, encoder)
    assert report.renamed == ((RULE, "2020/制度/差旅.txt"), (SPEECH, "2020/作风讲话.txt"))
    assert counts(report) == (3, 0, 0, 0, 1)
    assert catalogue(index).by_source(RULE).info.source == "2020/制度/差旅.txt"
    found = Searcher.open(index, encoder=encoder).search("五个更", k=1)
    assert found[0].document.source == "2020/作风讲话.txt"


def test_the_same_input_gives_the_same_documents(folder: Path, index: Path, encoder: FakeEncoder) -> None:
    (folder / REPORT).rename(folder / "2010年报告.txt")
    (folder / RULE).rename(folder / "差旅(2019-05-01).txt")
    update_index([folder], index, encoder=encoder)
    update_index([folder], index.with_name("新"), encoder=encoder)
    # The date of the rule is that in its file's name.
    assert catalogue(index).by_source(RULE).info.date == "2019-05-01"
    assert catalogue(index).infos() == catalogue(index.with_name("新")).infos()


def test_a_title_that_is_the_name_of_the_file_changes_with_it(directory: Path, tmp_path: Path) -> None:
    encoder, folder = FakeEncoder(), tmp_path / "表"
    folder.mkdir()
    (folder / "甲.csv").write_text("项目,标准\n住宿,500\n", encoding="utf-8")
    (folder / "别.txt").write_text("关于年检的通知\n按时年检。\n", encoding="utf-8")
    update_index([folder], directory, encoder=encoder)
    encoder.encoded = 0
    (folder / "甲.csv").rename(folder / "乙.csv")
    report = update_index([folder], directory, encoder=encoder, readers=NoReaders())
    assert (report.renamed, encoder.encoded) == ((("甲.csv", "乙.csv"),), 1)
    assert catalogue(directory).by_source("甲.csv").info.title == "乙"
    assert check(directory).is_sound


def test_a_copy_is_a_new_document(folder: Path, index: Path, encoder: FakeEncoder) -> None:
    shutil.copy(folder / RULE, folder / "副本.txt")
    report = update_index([folder], index, encoder=encoder)
    assert (report.renamed, counts(report)) == ((), (4, 1, 0, 0, 3))


def test_two_files_of_one_content_both_moved(folder: Path, index: Path, encoder: FakeEncoder) -> None:
    shutil.copy(folder / RULE, folder / "副本.txt")
    update_index([folder], index, encoder=encoder)
    (folder / "新").mkdir()
    (folder / "副本.txt").rename(folder / "新/副本.txt")
    (folder / RULE).rename(folder / "新/甲.txt")
    assert moved(folder, index, encoder).renamed == (("副本.txt", "新/副本.txt"), (RULE, "新/甲.txt"))


def test_one_name_after_another(folder: Path, index: Path, encoder: FakeEncoder) -> None:
    (folder / RULE).rename(folder / "x")
    (folder / SPEECH).rename(folder / RULE)
    (folder / "x").rename(folder / "新.txt")
    assert moved(folder, index, encoder).renamed == ((RULE, "新.txt"), (SPEECH, RULE))
    (folder / "新.txt").rename(folder / "更新.txt")
    moved(folder, index, encoder)
    held = catalogue(index)
    # Of a name that is another document's now nothing is said; the others lead to the latest name.
    assert held.renames() == {SPEECH: RULE, "新.txt": "更新.txt"}
    assert held.by_source(SPEECH).info.source == RULE
    assert "出差人员" in held.by_source("新.txt").text


def test_a_file_moved_over_another(folder: Path, index: Path, encoder: FakeEncoder) -> None:
    (folder / SPEECH).replace(folder / RULE)
    report = moved(folder, index, encoder)
    assert (report.renamed, counts(report)) == (((SPEECH, RULE),), (2, 0, 0, 1, 1))
    assert "五个更" in catalogue(index).by_source(RULE).text


def test_a_file_moved_and_another_put_in_its_place(folder: Path, index: Path, encoder: FakeEncoder) -> None:
    (folder / RULE).rename(folder / "旧差旅.txt")
    (folder / RULE).write_text("差旅费管理办法\n第一条 全部改过了。\n", encoding="utf-8")
    report = update_index([folder], index, encoder=encoder)
    assert (report.renamed, counts(report)) == (((RULE, "旧差旅.txt"),), (4, 1, 0, 0, 2))
    assert "全部改过了" in catalogue(index).by_source(RULE).text
    assert check(index).is_sound


def test_the_whole_folder_moved(folder: Path, index: Path, encoder: FakeEncoder) -> None:
    new = folder.rename(folder.with_name("新文库"))
    report = moved(new, index, encoder)
    assert (report.renamed, counts(report)) == ((), (3, 0, 0, 0, 3))
    assert {known.root for known in catalogue(index).known_files()} == {str(new)}
    assert counts(moved(new, index, encoder)) == (3, 0, 0, 0, 3)


def test_a_file_moved_from_a_folder_that_is_not_looked_at(folder: Path, directory: Path, encoder: FakeEncoder) -> None:
    update_index([folder / "办法", folder / "讲话"], directory, encoder=encoder)
    encoder.encoded = 0
    (folder / RULE).rename(folder / "讲话/差旅.txt")
    report = update_index([folder / "讲话"], directory, encoder=encoder, readers=NoReaders())
    # Its name is relative to its folder, and so the same as before.
    assert (report.renamed, counts(report), encoder.encoded) == ((), (2, 0, 0, 0, 2), 0)
    (folder / "办法").rmdir()  # a drive that is not there, perhaps: nothing can be told
    assert counts(update_index([folder / "讲话"], directory, encoder=encoder)) == (2, 0, 0, 0, 2)


def test_an_archive_renamed_and_one_unpacked(folder: Path, index: Path, encoder: FakeEncoder) -> None:
    with zipfile.ZipFile(folder / "甲.zip", "w") as package:
        package.writestr("通知.txt", "关于年检的通知\n按时年检。\n")
    update_index([folder], index, encoder=encoder)
    encoder.encoded = 0
    (folder / "甲.zip").rename(folder / "乙.zip")
    assert moved(folder, index, encoder).renamed == (("甲.zip/通知.txt", "乙.zip/通知.txt"),)
    with zipfile.ZipFile(folder / "乙.zip") as package:
        package.extractall(folder / "乙")
    (folder / "乙.zip").unlink()
    assert moved(folder, index, encoder).renamed == (("乙.zip/通知.txt", "乙/通知.txt"),)
    assert catalogue(index).by_source("甲.zip/通知.txt").info.source == "乙/通知.txt"


def test_a_name_of_a_document_that_is_gone_leads_nowhere(folder: Path, index: Path, encoder: FakeEncoder) -> None:
    (folder / RULE).rename(folder / "新.txt")
    moved(folder, index, encoder)
    (folder / "新.txt").unlink()
    moved(folder, index, encoder)
    with pytest.raises(BadRequest, match="no such document"):
        catalogue(index).by_source(RULE)


def test_the_name_before_holds_for_a_document_that_was_removed_and_restored(
    folder: Path, index: Path, encoder: FakeEncoder
) -> None:
    (folder / RULE).rename(folder / "新.txt")
    moved(folder, index, encoder)
    remove_documents(["新.txt"], index, encoder=encoder)
    with pytest.raises(BadRequest, match="no such document"):
        catalogue(index).by_source(RULE)
    restore_documents(["新.txt"], index, encoder=encoder)
    assert catalogue(index).by_source(RULE).info.source == "新.txt"
