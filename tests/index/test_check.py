import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from index.builder import update_index
from index.check import check, repair
from index.searcher import Searcher
from index.snapshot import CATALOGUE, LEXICAL, VECTORS, live_name
from index.vectors import EXACT_UP_TO, empty_vectors, load_vectors
from ingest.errors import IndexMissing, YinjuError
from tests.fakes import FakeEncoder
from tests.index.test_history import quiet


@pytest.fixture
def two(folder: Path, directory: Path, encoder: FakeEncoder) -> tuple[Path, Path]:
    """The folders of two snapshots, of one document and of three, the second live; they share no file."""
    update_index([folder / "讲话"], directory, encoder=encoder)
    with (folder / "讲话/作风.txt").open("a", encoding="utf-8") as file:
        file.write("\n")  # else it would be the same document under another name, with the same words
    update_index([folder], directory, encoder=encoder)
    first, second = sorted((directory / "snapshots").iterdir())
    return first, second


def recorded(path: Path) -> None:
    """Write a snapshot's manifest anew, as if its files had been so from the beginning."""
    import hashlib

    manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    for name, file in manifest["files"].items():
        content = (path / name).read_bytes()
        file |= {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        manifest["files"][name] = file
    (path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def change(path: Path, sql: str) -> None:
    connection = sqlite3.connect(path / CATALOGUE)
    with connection:
        connection.execute(sql)
    connection.close()
    recorded(path)


def test_a_whole_index(directory: Path, two: tuple[Path, Path]) -> None:
    found = check(directory)
    assert found.is_sound
    assert (found.live.name, [one.name for one in found.earlier]) == (two[1].name, [two[0].name])


def test_no_index(directory: Path) -> None:
    for look in (check, lambda at: repair(at, wait=1, progress=quiet)):
        with pytest.raises(IndexMissing, match="yinju ingest"):
            look(directory)
    assert not directory.exists()


def test_an_empty_index_is_whole(tmp_path: Path, directory: Path) -> None:
    (tmp_path / "空").mkdir()
    update_index([tmp_path / "空"], directory)
    assert check(directory).is_sound


INCONSISTENT = {
    "a passage less": (
        "DELETE FROM passages WHERE number = 2",
        ["manifest says", "leave out text", "words", "vectors"],
    ),
    "an overlap": ("UPDATE passages SET start = 0 WHERE number = 3", ["leave out text"]),
    "a gap": ("UPDATE passages SET start = start + 1 WHERE number = 3", ["leave out text"]),
    "beyond the end": ('UPDATE passages SET "end" = 9999 WHERE number = 4', ["leave out text"]),
    "no document": (
        "DELETE FROM documents WHERE document = (SELECT min(document) FROM documents)",
        ["foreign_key", "manifest", "words", "vectors"],
    ),
}


@pytest.mark.parametrize("name", INCONSISTENT)
def test_what_does_not_fit_together_is_told(directory: Path, two: tuple[Path, Path], name: str) -> None:
    sql, expected = INCONSISTENT[name]
    change(two[1], sql)
    problems = check(directory).live.problems
    assert all(any(part in problem for problem in problems) for part in expected), problems


def test_missing_and_surplus_vectors_are_told(directory: Path, two: tuple[Path, Path]) -> None:
    with (two[1] / VECTORS).open("rb") as file:
        vectors = load_vectors(file)
    first = int(vectors.numbers()[0])
    vectors.add([77], vectors.of([first]))
    vectors.remove([first])
    vectors.save(two[1] / VECTORS)
    recorded(two[1])
    assert [problem.rpartition(": vectors ")[2] for problem in check(directory).live.problems] == [
        f"are missing for passages {first}",
        "are held for no passage: 77",
    ]


def test_words_of_another_state_are_told(directory: Path, two: tuple[Path, Path]) -> None:
    manifest = json.loads((two[1] / "manifest.json").read_text(encoding="utf-8"))
    shutil.rmtree(two[1] / LEXICAL)
    shutil.copytree(two[0] / LEXICAL, two[1] / LEXICAL)
    names = [f"{LEXICAL}/{path.name}" for path in (two[1] / LEXICAL).iterdir()]
    kept = {name: file for name, file in manifest["files"].items() if not name.startswith(LEXICAL)}
    manifest["files"] = kept | {key: {} for key in names}
    (two[1] / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    recorded(two[1])
    missing, surplus = check(directory).live.problems
    assert "words are missing for passages" in missing
    assert "words are held for no passage" in surplus


def test_numbers_of_compressed_vectors(encoder: FakeEncoder) -> None:
    vectors = empty_vectors(encoder.dimension, exact_up_to=40)
    texts = [f"第{number}条" for number in range(60)]
    vectors.add(list(range(100, 160)), encoder.encode_passages(texts))
    assert not vectors.is_exact
    assert EXACT_UP_TO > 60
    assert sorted(vectors.numbers()) == list(range(100, 160))


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x40
    path.write_bytes(content)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def removed(path: Path) -> None:
    path.unlink()


FILES = ["manifest.json", CATALOGUE, VECTORS, f"{LEXICAL}/meta.json", "words"]


def file_of(snapshot: Path, name: str) -> Path:
    return next((snapshot / LEXICAL).glob("*.idx")) if name == "words" else snapshot / name


@pytest.mark.parametrize("damage", [truncated, flipped, emptied, removed])
@pytest.mark.parametrize("name", FILES)
def test_damage_of_any_kind_to_any_file_is_survived_told_and_repaired(
    folder: Path,
    directory: Path,
    two: tuple[Path, Path],
    encoder: FakeEncoder,
    name: str,
    damage: Callable[[Path], None],
) -> None:
    damage(file_of(two[1], name))
    searcher = Searcher.open(directory, encoder=encoder)
    assert "yinju check --repair" in searcher.notice
    assert [hit.document.source for hit in searcher.search("五个更", k=1)] == ["作风.txt"]
    found = check(directory)
    assert len(found.live.problems) == 1
    assert found.earlier[0].problems == ()

    repaired = repair(directory, wait=1, progress=quiet)
    assert repaired.is_sound
    assert f"went back to {two[0].name}" in repaired.repaired[0]
    assert check(directory).is_sound
    assert live_name(directory) == two[0].name
    report = update_index([folder], directory, encoder=encoder)
    assert report.documents == 3
    assert Searcher.open(directory, encoder=encoder).notice == ""


@pytest.mark.parametrize("name", FILES)
def test_where_nothing_is_whole_it_is_said_what_to_do_and_nothing_is_removed(
    directory: Path, two: tuple[Path, Path], encoder: FakeEncoder, name: str
) -> None:
    for snapshot in two:
        flipped(file_of(snapshot, name))
    with pytest.raises(YinjuError, match="--rebuild"):
        Searcher.open(directory, encoder=encoder).search("五个更")
    found = repair(directory, wait=1, progress=quiet)
    assert (found.is_sound, found.repaired) == (False, ())
    assert sorted((directory / "snapshots").iterdir()) == list(two)


def test_leftovers_and_damaged_earlier_states_are_removed(directory: Path, two: tuple[Path, Path]) -> None:
    flipped(two[0] / CATALOGUE)
    (directory / "snapshots" / "building-1-1" / LEXICAL).mkdir(parents=True)
    done = repair(directory, wait=1, progress=quiet).repaired
    what = "which is damaged or was left by a run that died"
    assert done == (f"removed {two[0].name}, {what}", f"removed building-1-1, {what}")
    assert list((directory / "snapshots").iterdir()) == [two[1]]


@pytest.mark.parametrize("content", ["", "000009-ffffffffffff", "../..", "nonsense"])
def test_a_pointer_to_nothing_is_repaired(directory: Path, two: tuple[Path, Path], content: str) -> None:
    (directory / "CURRENT").write_text(content, encoding="utf-8")
    assert not check(directory).is_sound
    outside = directory.parent / "别处.txt"
    outside.write_text("甲", encoding="utf-8")
    assert repair(directory, wait=1, progress=quiet).is_sound
    assert live_name(directory) == two[1].name
    assert sorted((directory / "snapshots").iterdir()) == list(two)
    assert outside.exists()
