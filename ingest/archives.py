"""Archives: each member is a document of its own, `附件.zip/目录/文件.docx`, and nothing is unpacked to disk.

An e-mail is a document and an archive of what is attached to it, `来信.eml/报名通知.docx`.
"""

from __future__ import annotations

import io
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO

from ingest.discover import is_left_out
from ingest.errors import UnreadableFile
from ingest.identity import content_hash, document_id
from ingest.sidecar import is_sidecar

if TYPE_CHECKING:
    from ingest.discover import SourceFile
    from ingest.packed import Container, Packed

MOST_MEMBERS = 10_000
"""Members of an archive, those of archives within it included."""
MOST_UNPACKED = 2_000_000_000
"""Bytes that all of them may have unpacked."""
MOST_RATIO = 200
"""How many times its packed size an archive may unpack to."""
_SMALL = 50_000
"""Packed bytes up to which a high ratio is harmless."""
_DEEPEST = 2
_CHUNK = 1 << 20
_MAIL = ".eml"
_ENDINGS = (".zip", ".tar", ".tar.gz", ".tgz", _MAIL)


@dataclass(frozen=True, slots=True)
class Entry:
    """A member of an archive, or the archive itself (an e-mail, or one that cannot be
    opened), under the name that its document has or would have.

    `member` is its position in the archive, and for archives within archives in each of them, outermost first.
    `reason` says why it is not read, empty where it may be.
    """

    source: str
    member: tuple[int, ...]
    id: str
    reason: str = ""
    content: str = ""
    """The hash of what it holds (`ingest.identity.content_hash`), empty where it is not read."""


def is_archive(name: str) -> bool:
    """Whether a file of this name is an archive that is looked into."""
    return name.lower().endswith(_ENDINGS)


def is_mail(name: str) -> bool:
    """Whether a file of this name is an e-mail: a document besides what is attached to it."""
    return name.lower().endswith(_MAIL)


def mail_of(source: str) -> str:
    """The source of the e-mail that a member is attached to (mail.eml/附件.docx), empty for any other member."""
    return next((str(above) for above in PurePosixPath(source).parents if is_mail(above.name)), "")


def refusal(source: str, reason: str, member: tuple[int, ...] = ()) -> Entry:
    """The entry of what cannot be read, for a reason; its id is that of source and reason."""
    return Entry(source, member, document_id(source, [reason.encode("utf-8", "surrogatepass")]), reason)


def list_members(file: SourceFile) -> tuple[Entry, ...]:
    """What an archive holds, in its order; each document's content is unpacked once to tell its id.

    Hidden files and READMEs are left out, as in a folder. Raises UnreadableFile for an archive that is damaged, or
    whose members are too many or too large.
    """
    try:
        with file.path.open("rb") as content:
            size = content.seek(0, io.SEEK_END)
            content.seek(0)
            if is_mail(file.source):
                return tuple(_Listing(file.source, size).mail(content, file.source, ()))
            return tuple(_Listing(file.source, size).entries(_open(file.source, content), file.source, ()))
    except OSError as error:
        raise UnreadableFile(file.source, _unopened(error)) from error


def read_member(file: SourceFile) -> bytes:
    """The content of an archive's member. Raises UnreadableFile."""
    try:
        status = file.path.stat()
        container = _opened(file.path, file.member[:-1], (status.st_size, status.st_mtime_ns))
        return container.read(file.member[-1])
    except OSError as error:
        raise UnreadableFile(file.source, _unopened(error)) from error


@lru_cache(2)
def _opened(path: Path, within: tuple[int, ...], stamp: tuple[int, int]) -> Container:
    """The archive, or the one within it, ready to read one member after another."""
    if within:
        outer = _opened(path, within[:-1], stamp)
        return _open(outer.name_of(within[-1]), io.BytesIO(outer.read(within[-1])))
    content = path.open("rb")
    try:
        container = _open(path.name, content)
    except OSError:
        content.close()
        raise
    weakref.finalize(container, content.close)
    return container


def _open(name: str, content: BinaryIO) -> Container:
    from ingest.packed import open_container

    return open_container(name, content)


class _Listing:
    """The walk through an archive, which counts what all of it would unpack to."""

    def __init__(self, source: str, size: int) -> None:
        self._source = source
        self._most = min(MOST_UNPACKED, MOST_RATIO * max(size, _SMALL))
        self._size = size
        self._members = 0
        self._unpacked = 0

    def entries(self, container: Container, prefix: str, above: tuple[int, ...]) -> Iterator[Entry]:
        from ingest.reading import MOST_BYTES

        seen: set[str] = set()
        for packed in self._counted(container):
            if is_left_out(packed.name):
                continue
            source, member = f"{prefix}/{packed.name}", (*above, packed.position)
            problem = packed.problem or ("the archive holds this name twice; unpack it" if source in seen else "")
            seen.add(source)
            if problem:
                yield refusal(source, problem, member)
            elif is_mail(packed.name) and packed.size <= MOST_BYTES:
                yield from self._mail(container, packed, source, member)
            elif is_archive(packed.name) and not is_mail(packed.name):
                yield from self._archive(container, packed, source, member)
            else:
                yield _document(container, packed, source, member)

    def _counted(self, container: Container) -> Iterator[Packed]:
        for packed in container.members():
            self._members += 1
            self._unpacked += packed.size
            if self._members > MOST_MEMBERS:
                raise UnreadableFile(self._source, f"more than {MOST_MEMBERS:,} members; split it, or unpack it")
            if self._unpacked > self._most:
                raise UnreadableFile(
                    self._source,
                    f"{self._size:,} bytes that unpack to more than {self._most:,} (zip bomb); "
                    "not opened, unpack it if it is genuine",
                )
            yield packed

    def mail(self, content: BinaryIO, source: str, member: tuple[int, ...]) -> Iterator[Entry]:
        """An e-mail, then what is attached to it; what is wrong with it is told when it is read itself."""
        digested = iter(lambda: content.read(_CHUNK), b"")
        yield Entry(source, member, document_id(source, digested))
        content.seek(0)
        try:
            container = _open(source, content)
        except OSError:
            return
        if len(member) < _DEEPEST:
            try:
                yield from self.entries(container, source, member)
            except UnreadableFile as error:  # the mail itself can be read all the same
                yield refusal(f"{source}/附件", error.reason)
            return
        for packed in container.members():
            yield refusal(f"{source}/{packed.name}", "attached to an e-mail in an archive in an archive; unpack it")

    def _mail(self, container: Container, packed: Packed, source: str, member: tuple[int, ...]) -> Sequence[Entry]:
        try:
            return list(self.mail(io.BytesIO(container.read(packed.position)), source, member))
        except OSError as error:
            return [refusal(source, _unopened(error), member)]

    def _archive(self, container: Container, packed: Packed, source: str, member: tuple[int, ...]) -> Sequence[Entry]:
        if len(member) >= _DEEPEST:
            return [refusal(source, "an archive in an archive in an archive; unpack it", member)]
        try:
            inner = _open(packed.name, io.BytesIO(container.read(packed.position)))
            return list(self.entries(inner, source, member))
        except OSError as error:
            return [refusal(source, _unopened(error), member)]


def _document(container: Container, packed: Packed, source: str, member: tuple[int, ...]) -> Entry:
    from ingest.reading import MOST_BYTES, SUFFIXES

    if is_sidecar(packed.name):
        return refusal(source, "corrections within an archive are not read; make them with `yinju edit`", member)
    if PurePosixPath(packed.name).suffix.lower() not in SUFFIXES:
        return Entry(source, member, document_id(source, []))  # the reader says so, without its content
    if packed.size > MOST_BYTES:
        return refusal(source, f"larger than {MOST_BYTES:,} bytes; split it", member)
    try:
        content = container.read(packed.position)
        return Entry(source, member, document_id(source, [content]), content=content_hash([content]))
    except OSError as error:
        return refusal(source, _unopened(error), member)


def _unopened(error: OSError) -> str:
    return f"cannot be opened ({error.strerror or error}); get a fresh copy, or unpack it and ingest what it holds"
