"""What users decide about documents: corrections, removals, and that they hold whatever happens to files and index."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from index.builder import restore_documents, update_index
from index.catalogue import Catalogue
from index.check import check, repair
from index.decisions import NAME, Corrected, Decisions, LeftOut
from index.editing import correct_document, fields_of, remove_documents
from index.encoder import Embeddings
from index.filters import parse_filters
from index.history import roll_back
from index.searcher import Searcher
from index.snapshot import CATALOGUE, live_name, open_snapshot, verify
from ingest.errors import BadRequest, EncoderUnavailable, IndexDamaged, IndexMissing
from ingest.model import Correction, DocumentInfo
from tests.fakes import FakeEncoder
from tests.index.test_faults import mounted
from tests.index.test_history import quiet

RULE = "办法/差旅.txt"
SPEECH = "讲话/作风.txt"


def info(directory: Path, source: str) -> DocumentInfo:
    return Catalogue(open_snapshot(directory).path / CATALOGUE).by_source(source).info


def sources(directory: Path) -> list[str]:
    return sorted(one.source for one in Catalogue(open_snapshot(directory).path / CATALOGUE).infos())


@pytest.fixture
def index(folder: Path, directory: Path, encoder: FakeEncoder) -> Path:
    update_index([folder], directory, encoder=encoder)
    encoder.encoded = 0
    return directory


def test_a_corrected_title_acts_at_once_and_embeds_that_document_alone(index: Path, encoder: FakeEncoder) -> None:
    edited = correct_document(RULE, index, values={"title": "住宿管理办法"}, encoder=encoder)
    title = next(field for field in edited.fields if field.name == "title")
    assert (title.value, title.read, title.edit, title.by) == ("住宿管理办法", "差旅费管理办法", "住宿管理办法", "edit")
    # The title is in the context of its three passages: the head and two articles.
    assert encoder.encoded == 3
    searcher = Searcher.open(index, encoder=encoder)
    assert [named.source for named in searcher.names.in_question("《住宿管理办法》第二条").named] == [RULE]
    assert searcher.search("住宿", k=1, mode="lexical")[0].document.title == "住宿管理办法"
    assert info(index, RULE).corrections == (Correction("title", "住宿管理办法", "差旅费管理办法", "edit"),)
    assert check(index).is_sound


def test_other_fields_embed_nothing_and_act_in_filters_and_on_other_documents(
    folder: Path, index: Path, encoder: FakeEncoder
) -> None:
    (folder / "办法/旧差旅.txt").write_text("差旅费暂行办法\n第一条 坐硬座。\n", encoding="utf-8")
    update_index([folder], index, encoder=encoder)
    encoder.encoded = 0
    correct_document("办法/旧差旅.txt", index, values={"date": "2010"}, encoder=encoder)
    assert info(index, "办法/旧差旅.txt").status == "不详"
    values: dict[str, str | tuple[str, ...]] = {
        "date": "2020-05-01",
        "issuer": "财政部",
        "repeals": ("差旅费暂行办法",),
    }
    correct_document(RULE, index, values=values, encoder=encoder)
    assert encoder.encoded == 0
    old = info(index, "办法/旧差旅.txt")
    assert (old.status, old.replaced_by) == ("已废止", RULE)
    catalogue = Catalogue(open_snapshot(index).path / CATALOGUE)
    found = catalogue.infos(parse_filters(["issuer=财政部", "year=2020"]))
    assert [one.source for one in found] == [RULE]


@pytest.mark.parametrize(("given", "status", "basis"), [("已废止", "已废止", "用户更正"), ("不详", "不详", "用户更正")])
def test_a_status_given_by_a_user_stands(index: Path, given: str, status: str, basis: str) -> None:
    correct_document(RULE, index, values={"effective": "2020-01-01"})
    assert info(index, RULE).status == "现行有效"
    correct_document(RULE, index, values={"status": given})
    assert (info(index, RULE).status, info(index, RULE).status_basis) == (status, basis)
    correct_document(RULE, index, values={"status": ""})  # it has none of its own, so it is judged
    assert info(index, RULE).status == "现行有效"


def test_the_last_day_follows_from_a_corrected_first_day(folder: Path, index: Path, encoder: FakeEncoder) -> None:
    text = "食堂管理办法\n第一条 本办法自2020年1月1日起施行，有效期3年。\n"
    (folder / "食堂.txt").write_text(text, encoding="utf-8")
    update_index([folder], index, encoder=encoder)
    assert info(index, "食堂.txt").expires == "2022-12-31"
    correct_document("食堂.txt", index, values={"effective": "2090-01-01"}, encoder=encoder)
    assert info(index, "食堂.txt").expires == "2092-12-31"
    correct_document("食堂.txt", index, values={}, reset=["effective"], encoder=encoder)
    assert (info(index, "食堂.txt").expires, info(index, "食堂.txt").corrections) == ("2022-12-31", ())


def test_a_correction_survives_changes_renames_rebuilding_and_going_back(
    folder: Path, index: Path, encoder: FakeEncoder
) -> None:
    correct_document(RULE, index, values={"issuer": "财政部"}, encoder=encoder)
    with (folder / RULE).open("a", encoding="utf-8") as file:
        file.write("第三条 另行规定。\n")
    update_index([folder], index, encoder=encoder)
    assert info(index, RULE).issuer == "财政部"
    (folder / RULE).rename(folder / "出差.txt")
    assert update_index([folder], index, encoder=encoder).renamed == ((RULE, "出差.txt"),)
    assert info(index, "出差.txt").issuer == "财政部"
    update_index([folder], index, encoder=encoder, rebuild=True)
    assert info(index, "出差.txt").issuer == "财政部"
    # Renamed and made anew at once: it is known by its content.
    (folder / "出差.txt").rename(folder / "差旅费.txt")
    update_index([folder], index, encoder=encoder, rebuild=True)
    assert info(index, "差旅费.txt").issuer == "财政部"
    roll_back(index, wait=1, progress=quiet, encoder=encoder)
    assert info(index, "出差.txt").issuer == "财政部"
    update_index([folder], index, encoder=encoder)
    assert info(index, "差旅费.txt").issuer == "财政部"
    assert check(index).is_sound


def test_going_back_to_before_a_correction_keeps_it(index: Path, encoder: FakeEncoder) -> None:
    correct_document(RULE, index, values={"title": "住宿管理办法"}, encoder=encoder)
    roll_back(index, wait=1, progress=quiet, encoder=encoder)
    assert info(index, RULE).title == "住宿管理办法"
    found = Searcher.open(index, encoder=encoder).search("住宿", k=1, mode="lexical")
    assert found[0].document.source == RULE
    assert check(index).is_sound


def test_two_files_that_change_places_take_their_corrections_along(
    folder: Path, index: Path, encoder: FakeEncoder
) -> None:
    correct_document(RULE, index, values={"issuer": "甲"}, encoder=encoder)
    correct_document(SPEECH, index, values={"issuer": "乙"}, encoder=encoder)
    encoder.encoded = 0
    (folder / RULE).rename(folder / "x")
    (folder / SPEECH).rename(folder / RULE)
    (folder / "x").rename(folder / SPEECH)
    for renamed in (((RULE, SPEECH), (SPEECH, RULE)), ()):
        assert update_index([folder], index, encoder=encoder).renamed == renamed
        assert info(index, SPEECH).title == "差旅费管理办法"
        assert [info(index, one).issuer for one in (SPEECH, RULE)] == ["甲", "乙"]
    assert encoder.encoded == 0


def test_an_edit_of_an_unknown_document_names_similar_ones_and_changes_nothing(index: Path, tmp_path: Path) -> None:
    before = live_name(index)
    with pytest.raises(BadRequest, match=r"did you mean 办法/差旅\.txt"):
        correct_document("差旅.txt", index, values={"issuer": "甲"})
    assert (live_name(index), (index / NAME).exists()) == (before, False)
    with pytest.raises(IndexMissing):
        fields_of(tmp_path / "无", RULE)
    assert not (tmp_path / "无").exists()


def test_an_edit_that_fails_leaves_everything_as_it_was(index: Path) -> None:
    class Failing(FakeEncoder):
        def encode_passages(self, texts: Sequence[str]) -> Embeddings:
            raise EncoderUnavailable("no weights")

    before = live_name(index)
    with pytest.raises(EncoderUnavailable):
        correct_document(RULE, index, values={"title": "别的办法"}, encoder=Failing())
    assert (live_name(index), (index / NAME).exists()) == (before, False)
    assert info(index, RULE).title == "差旅费管理办法"


@pytest.mark.parametrize("damage", ["", "{", '{"format": 9}', '{"format": 1, "corrected": {"a": 1}, "left_out": {}}'])
def test_damaged_decisions_are_told_and_brought_back(
    folder: Path, index: Path, encoder: FakeEncoder, damage: str
) -> None:
    correct_document(RULE, index, values={"issuer": "财政部"}, encoder=encoder)
    remove_documents([SPEECH], index, encoder=encoder)
    held = (index / NAME).read_text(encoding="utf-8")
    (index / NAME).write_text(damage, encoding="utf-8")
    for change in (
        lambda: update_index([folder], index, encoder=encoder),
        lambda: update_index([folder], index, encoder=encoder, rebuild=True),
        lambda: correct_document(RULE, index, values={"issuer": "甲"}, encoder=encoder),
        lambda: roll_back(index, wait=1, progress=quiet, encoder=encoder),
    ):
        with pytest.raises(IndexDamaged, match=r"decisions.json: damaged.*check --repair"):
            change()
    assert info(index, RULE).issuer == "财政部"
    assert check(index).beside
    assert repair(index, wait=1, progress=quiet).repaired
    assert (index / NAME).read_text(encoding="utf-8") == held
    assert (index / f"{NAME}.damaged").read_text(encoding="utf-8") == damage
    assert check(index).is_sound
    assert update_index([folder], index, encoder=encoder).left_out == (SPEECH,)


def test_lost_decisions_are_told_and_brought_back(folder: Path, index: Path, encoder: FakeEncoder) -> None:
    correct_document(RULE, index, values={"issuer": "财政部"}, encoder=encoder)
    (index / NAME).unlink()
    with pytest.raises(IndexDamaged, match="missing, and with it the corrections"):
        update_index([folder], index, encoder=encoder)
    repair(index, wait=1, progress=quiet)
    assert update_index([folder], index, encoder=encoder).unchanged == 3
    assert info(index, RULE).issuer == "财政部"


EDIT = """
import os, signal, sys
from pathlib import Path
import index.writing
from index.editing import correct_document
from index.snapshot_writer import SnapshotWriter
from tests.fakes import FakeEncoder
moment = sys.argv[2]
def die(*arguments, **options):
    os.kill(os.getpid(), signal.SIGKILL)
if moment == "before":
    index.writing.save = die
else:
    SnapshotWriter.publish = die
correct_document("办法/差旅.txt", Path(sys.argv[1]), values={"title": "住宿管理办法"}, encoder=FakeEncoder())
"""


@pytest.mark.parametrize(("moment", "title"), [("before", "差旅费管理办法"), ("between", "住宿管理办法")])
def test_an_edit_that_is_killed_happens_wholly_or_not_at_all(
    folder: Path, index: Path, encoder: FakeEncoder, moment: str, title: str
) -> None:
    command = [sys.executable, "-c", EDIT, str(index), moment]
    assert subprocess.run(command, cwd=Path(__file__).parents[2]).returncode == -9
    verify(index)
    assert info(index, RULE).title == "差旅费管理办法"
    # What was decided is on the disk before the snapshot is, and the next run makes that.
    report = update_index([folder], index, encoder=encoder)
    assert report.corrected == ((RULE,) if moment == "between" else ())
    assert info(index, RULE).title == title
    assert check(index).is_sound


def test_an_index_that_cannot_be_written_is_not_edited_and_says_so(index: Path) -> None:
    script = """
        mount --bind "$1" "$1" || exit 77
        mount -o remount,ro,bind "$1" || exit 77
        "$2" -c "from cli import main; main()" edit 办法/差旅.txt --issuer 甲 --index "$1" 2>&1 || true
    """
    done = mounted(script, index, sys.executable)
    assert "the index could not be written" in done.stdout
    assert "and try again. The index is as it was before" in done.stdout
    assert info(index, RULE).issuer == ""


def test_a_removed_document_stays_out_until_it_is_restored(folder: Path, index: Path, encoder: FakeEncoder) -> None:
    removed = remove_documents([SPEECH], index, encoder=encoder)
    assert (removed.sources, removed.documents) == ((SPEECH,), 2)
    for rebuild in (False, True):
        report = update_index([folder], index, encoder=encoder, rebuild=rebuild)
        assert (report.documents, report.left_out) == (2, (SPEECH,))
    assert Searcher.open(index, encoder=encoder).search("五个更", k=9, mode="lexical") == []
    with pytest.raises(BadRequest, match="was removed from the index; bring it back"):
        remove_documents([SPEECH], index, encoder=encoder)
    report = restore_documents([SPEECH], index, encoder=encoder)
    assert (report.added, report.documents, report.left_out) == (1, 3, ())
    assert sources(index) == [RULE, "报告/2008年报告.txt", SPEECH]
    with pytest.raises(BadRequest, match="was not removed by `yinju remove`; none was"):
        restore_documents([SPEECH], index, encoder=encoder)
    assert check(index).is_sound


def test_going_back_does_not_bring_back_what_was_removed(folder: Path, index: Path, encoder: FakeEncoder) -> None:
    remove_documents([SPEECH], index, encoder=encoder)
    roll_back(index, wait=1, progress=quiet, encoder=encoder)
    assert SPEECH not in sources(index)
    (folder / SPEECH).rename(folder / "作风.txt")
    assert update_index([folder], index, encoder=encoder).left_out == ("作风.txt",)
    restore_documents(["作风.txt"], index, encoder=encoder)
    assert "作风.txt" in sources(index)


def test_a_removed_document_whose_file_is_gone_is_not_restored(folder: Path, index: Path, encoder: FakeEncoder) -> None:
    remove_documents([SPEECH], index, encoder=encoder)
    (folder / SPEECH).unlink()
    with pytest.raises(BadRequest, match="its file is gone"):
        restore_documents([SPEECH], index, encoder=encoder)


def test_a_member_of_an_archive_is_removed_and_restored(folder: Path, index: Path, encoder: FakeEncoder) -> None:
    shutil.make_archive(str(folder / "包"), "zip", folder / "办法")
    update_index([folder], index, encoder=encoder)
    member = "包.zip/差旅.txt"
    remove_documents([member], index, encoder=encoder)
    for _ in range(2):
        assert update_index([folder], index, encoder=encoder).left_out == (member,)
    assert restore_documents([member], index, encoder=encoder).added == 1
    os.utime(folder / "包.zip")
    assert update_index([folder], index, encoder=encoder).unchanged == 4


def test_following_documents_to_other_names() -> None:
    held = Decisions(
        {"a": Corrected("1", {"issuer": "甲"}), "b": Corrected("2", {"issuer": "乙"})}, {"z": LeftOut("/", "9")}
    )
    # a and b have changed places; a second time nothing happens.
    swapped = held.followed({"a": "2", "b": "1"}, [("a", "b"), ("b", "a")])
    assert swapped.corrected == {"b": Corrected("1", {"issuer": "甲"}), "a": Corrected("2", {"issuer": "乙"})}
    assert swapped.followed({"a": "2", "b": "1"}, [("a", "b"), ("b", "a")]) == swapped
    # a was moved over b: of a field that both correct a's is taken.
    assert held.followed({"b": "1"}, [("a", "b")]).corrected == {"b": Corrected("1", {"issuer": "甲"})}
    # Both are gone, and a document of a's content is there.
    followed = held.followed({"c": "1"}, []).corrected
    assert followed == {"c": Corrected("1", {"issuer": "甲"}), "b": Corrected("2", {"issuer": "乙"})}
