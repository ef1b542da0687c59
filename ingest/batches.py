"""Which files are converted together: LibreOffice takes longer to start than to convert a file."""

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import PurePosixPath

from ingest.discover import SourceFile

CONVERTED = frozenset((".doc", ".dot", ".wps", ".wpt", ".rtf"))
"""Endings of files that LibreOffice converts."""
MOST_TOGETHER = 16
"""Files that are converted together."""
_LOOKED_AHEAD = 64
"""Files among which more to convert are looked for: those of a folder come mixed with others."""
_MOST_BYTES = 20_000_000


def batched(files: Iterable[SourceFile]) -> Iterator[tuple[SourceFile, tuple[SourceFile, ...]]]:
    """The files in their order, each with the files that are converted together from here on, itself the first.

    That is none for a file that is not converted, or was in an earlier batch, or would be alone.
    """
    coming = deque[SourceFile]()
    rest = iter(files)
    taken: set[tuple[str, str]] = set()
    while True:
        coming.extend(islice(rest, _LOOKED_AHEAD - len(coming)))
        if not coming:
            return
        batch: list[SourceFile] = []
        first = coming[0]
        if _is_converted(first) and _name(first) not in taken:
            batch = _batch([file for file in coming if _is_converted(file) and _name(file) not in taken])
            taken.update(map(_name, batch))
        yield coming.popleft(), tuple(batch) if len(batch) > 1 else ()


def _batch(files: list[SourceFile]) -> list[SourceFile]:
    batch: list[SourceFile] = []
    held = 0
    for file in files[:MOST_TOGETHER]:
        held += size_of(file)
        if batch and held > _MOST_BYTES:
            break
        batch.append(file)
    return batch


def _is_converted(file: SourceFile) -> bool:
    return PurePosixPath(file.source).suffix.lower() in CONVERTED


def _name(file: SourceFile) -> tuple[str, str]:
    return file.root, file.source


def size_of(file: SourceFile) -> int:
    """The bytes of a file, or of the archive that it is in; 0 where it is gone."""
    try:
        return file.path.stat().st_size
    except OSError:
        return 0
