"""The files beside documents that correct them, against those known so far."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.catalogue import Sidecar
from ingest.archives import is_archive
from ingest.discover import SourceFile
from ingest.errors import UnreadableFile
from ingest.sidecar import ENDING, document_of, is_sidecar, read_sidecar


@dataclass(frozen=True, slots=True)
class Sidecars:
    """What has changed: those that are no longer there, and those that are new or say something else."""

    gone: tuple[Sidecar, ...] = ()
    found: tuple[Sidecar, ...] = ()
    problems: tuple[Sidecar, ...] = ()
    """Those found that are not in order, whether that is new or not."""


def beside(files: Iterable[SourceFile], given: Sequence[Path]) -> list[SourceFile]:
    """The sidecars of files that were given one by one, and so were not found in a folder."""
    alone = {str(path.absolute()) for path in given if not path.is_dir()}
    found = []
    for file in files:
        path = file.path.with_name(file.path.name + ENDING)
        if str(file.path.absolute()) in alone and not is_sidecar(file.path.name) and path.is_file():
            found.append(replace(file, path=path, source=file.source + ENDING))
    return found


def compare_sidecars(
    found: Iterable[SourceFile],
    known: Sequence[Sidecar],
    *,
    folders: frozenset[str],
    looked_at: set[tuple[str, str]],
    documents: set[tuple[str, str]],
    names: Mapping[str, str],
) -> Sidecars:
    """Read the sidecars found and compare them with those known.

    `folders` are mirrored, so what is not found there is gone; so is that of a file `looked_at` without one now.
    `documents` are the files that one may be of, all by root and source; `names` gives the names that documents have
    now for those they had before.
    """
    before = {(one.root, one.source): one for one in known}
    now = {}
    for file in found:
        key = (file.root, document_of(file.source))
        now[key] = _read(file, before.get(key), key in documents, names)
    gone = tuple(
        one
        for key, one in before.items()
        if key not in now and (key in looked_at or any(_is_in(one, folder) for folder in folders))
    )
    changed = tuple(one for key, one in now.items() if before.get(key) != one)
    return Sidecars(gone, changed, tuple(one for one in now.values() if one.problem))


def _read(file: SourceFile, before: Sidecar | None, has_document: bool, names: Mapping[str, str]) -> Sidecar:
    source = document_of(file.source)
    fields = before.fields if before else {}
    try:
        fields = read_sidecar(file.path, source=file.source)
    except UnreadableFile as error:
        return Sidecar(file.root, source, fields, error.reason)
    return Sidecar(file.root, source, fields, "" if has_document else _orphan(file, source, names))


def _orphan(file: SourceFile, source: str, names: Mapping[str, str]) -> str:
    if not source.rpartition("/")[2]:
        return f"no document is named; put its name before {ENDING}, as in 办法.docx{ENDING}"
    path = file.path.with_name(file.path.name[: -len(ENDING)])
    if is_archive(path.name) and os.path.lexists(path):
        return "an archive is no document; correct what it holds with `yinju edit`"
    if os.path.lexists(path):
        return f"{path.name} is not taken for a document, so there is nothing to correct; remove this file"
    if source in names:
        return f"the document is {names[source]} now; rename this file to {names[source]}{ENDING}"
    return f"there is no {path.name} beside it; name it after its document, or remove it"


def _is_in(one: Sidecar, folder: str) -> bool:
    path = str(Path(one.root, one.source))
    return path.startswith(folder.rstrip("/") + "/")
