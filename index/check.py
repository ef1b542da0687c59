"""Checking that an index is whole, and going back to the last state that is."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from index.catalogue import Catalogue
from index.decisions import bring_back, load
from index.lexical import LexicalIndex
from index.lock import Progress, write_lock
from index.snapshot import (
    CATALOGUE,
    LEXICAL,
    VECTORS,
    Manifest,
    clean,
    compare_content,
    discard,
    earlier,
    live_name,
    point_to,
    read_manifest,
)
from index.vectors import load_vectors
from ingest.errors import IndexDamaged, IndexMissing, YinjuError

_NAMED = 5
"""Passages or documents that a problem names; of more it says how many."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A snapshot and what is wrong with it."""

    name: str
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """The condition of an index: its live snapshot's, those of the earlier ones, and what has been repaired."""

    live: Condition
    earlier: tuple[Condition, ...]
    repaired: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    """What is wrong with what users have decided, which lies beside the snapshots (`index.decisions`)."""

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.beside and not any(condition.problems for condition in (self.live, *self.earlier))


def check(directory: Path) -> Findings:
    """Read all that an index holds and compare: files with their checksums, and the parts with each other.

    Raises IndexMissing, and IndexDamaged where the pointer to the live snapshot cannot be read.
    """
    while True:
        live = live_name(directory)
        if live is None:
            raise IndexMissing(f"{directory}: no index here; make one with `yinju ingest FOLDER --index {directory}`")
        found = [Condition(name, tuple(_problems(directory, name))) for name in (live, *earlier(directory, live))]
        # A writer may have published meanwhile, and removed what was being read.
        if live_name(directory) == live:
            return Findings(found[0], tuple(found[1:]), beside=_decisions_problem(directory, found))


def repair(directory: Path, *, wait: float, progress: Progress) -> Findings:
    """Go back to the newest snapshot that is whole, and remove damaged ones and what dead runs left.

    Nothing is removed where none is whole. Raises IndexMissing, IndexBusy, and YinjuError where the disk refuses.
    """
    if live_name(directory) is None:
        raise IndexMissing(f"{directory}: no index here; make one with `yinju ingest FOLDER --index {directory}`")
    try:
        with write_lock(directory, wait=wait, progress=progress):
            return _repair(directory)
    except OSError as error:
        raise YinjuError(f"{directory}: not repaired ({error}); check the free space and permissions there") from error


def _repair(directory: Path) -> Findings:
    found = check(directory)
    sound = [condition for condition in (found.live, *found.earlier) if not condition.problems]
    if not sound:
        return found
    done: list[str] = []
    if found.live.problems:
        point_to(directory, sound[0].name)
        done.append(f"went back to {sound[0].name}; ingest again to take up what has changed since")
    # Of snapshots only what lies there is removed: a damaged pointer may name anything, even a folder elsewhere.
    done += filter(None, [bring_back(directory, _copy(directory, sound[0].name))])
    damaged = [condition.name for condition in found.earlier if condition.problems]
    for name in damaged:
        discard(directory / "snapshots" / name)
    before = {path.name for path in (directory / "snapshots").iterdir()}
    clean(directory, keep=len(sound))
    leftovers = sorted(before - {path.name for path in (directory / "snapshots").iterdir()})
    done += [f"removed {name}, which is damaged or was left by a run that died" for name in (*damaged, *leftovers)]
    return Findings(sound[0], tuple(sound[1:]), tuple(done))


def _decisions_problem(directory: Path, found: Sequence[Condition]) -> tuple[str, ...]:
    sound = next((condition.name for condition in found if not condition.problems), "")
    try:
        load(directory, _copy(directory, sound) if sound else "")
    except IndexDamaged as damage:
        return (str(damage),)
    return ()


def _copy(directory: Path, name: str) -> str:
    """What a snapshot has of the decisions of users."""
    return Catalogue(directory / "snapshots" / name / CATALOGUE).decisions()


def _problems(directory: Path, name: str) -> Iterator[str]:
    path = directory / "snapshots" / name
    try:
        manifest = read_manifest(path)
        compare_content(path, manifest)
        yield from _inconsistencies(path, manifest)
    except YinjuError as error:
        yield str(error)
    except (OSError, sqlite3.Error) as error:
        yield f"{path}: {error}"


def _inconsistencies(path: Path, manifest: Manifest) -> Iterator[str]:
    """What does not fit together in files that are as they were written."""
    yield from _in_database(path / CATALOGUE)
    catalogue = Catalogue(path / CATALOGUE)
    counts = catalogue.counts()
    if (counts.documents, counts.passages) != (manifest.documents, manifest.passages):
        yield f"{path}: has {counts.documents} documents and {counts.passages} passages, not as its manifest says"
    numbers: set[int] = set()
    uncovered: list[str] = []
    for info in catalogue.infos():
        numbers |= set(catalogue.numbers_of_passages(info.id))
        if not _is_covered(catalogue, info.id):
            uncovered.append(info.key)
    if uncovered:
        yield f"{path}: passages leave out text of {_some(uncovered)}"
    yield from _differences(f"{path / LEXICAL}: words", numbers, LexicalIndex(path / LEXICAL).numbers())
    yield from _differences(f"{path / VECTORS}: vectors", numbers, _numbers_of_vectors(path / VECTORS))


def _in_database(path: Path) -> Iterator[str]:
    connection = sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1", uri=True)
    try:
        for pragma in ("integrity_check", "foreign_key_check"):
            for row in connection.execute(f"PRAGMA {pragma}"):
                if row != ("ok",):
                    yield f"{path}: {pragma}: {' '.join(map(str, row))}"
    finally:
        connection.close()


def _is_covered(catalogue: Catalogue, document: str) -> bool:
    """Whether the passages hold every character of a document once, but for white space between them."""
    held = catalogue.document(document)
    passages = list(catalogue.passages(document))
    for at, end in held.own:
        while passages and passages[0].start < end:
            passage = passages.pop(0)
            if passage.start < at or passage.end > end or held.text[at : passage.start].strip():
                return False
            at = passage.end
        if held.text[at:end].strip():
            return False
    return not passages


def _numbers_of_vectors(path: Path) -> list[int]:
    if not path.exists():
        return []
    with path.open("rb") as file:
        return [int(number) for number in load_vectors(file).numbers()]


def _differences(what: str, passages: set[int], found: list[int]) -> Iterator[str]:
    held = set(found)
    if missing := passages - held:
        yield f"{what} are missing for passages {_some(sorted(missing))}"
    if surplus := held - passages:
        yield f"{what} are held for no passage: {_some(sorted(surplus))}"
    if len(held) < len(found):
        yield f"{what} are held twice for {len(found) - len(held)} passages"


def _some(names: Iterable[object]) -> str:
    all_of_them = list(map(str, names))
    more = f" and {len(all_of_them) - _NAMED} more" if len(all_of_them) > _NAMED else ""
    return ", ".join(all_of_them[:_NAMED]) + more
