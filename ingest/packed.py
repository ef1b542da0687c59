"""The kinds of archives behind one face: members in order, with names as they were meant, and their content."""

import stat
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, Protocol

_ENCRYPTED = 0x1
_UTF_8 = 0x800
_LEADS_OUT = "its path leads out of the archive; unpack it by hand"
_LINK = "a link, not a file; unpack the archive"


@dataclass(frozen=True, slots=True)
class Packed:
    """A member: its position, its path with `/` between parts, its size unpacked, and why it cannot be read."""

    position: int
    name: str
    size: int
    problem: str = ""


class Container(Protocol):
    """An open archive; its methods raise OSError for whatever is wrong with it."""

    def members(self) -> Iterator[Packed]:
        """The members that are no folders, in order."""

    def name_of(self, position: int) -> str:
        """The path of a member."""

    def read(self, position: int) -> bytes:
        """The content of a member."""


def open_container(name: str, content: BinaryIO) -> Container:
    """Open an archive, of the kind that its name's ending says. Raises OSError."""
    from ingest.enclosed import Mail

    with damage():
        if name.lower().endswith(".eml"):
            return Mail(content)
        return _Zip(content) if name.lower().endswith(".zip") else _Tar(content)


class _Zip:
    def __init__(self, content: BinaryIO) -> None:
        self._package = zipfile.ZipFile(content)
        self._infos = self._package.infolist()

    def members(self) -> Iterator[Packed]:
        for position, info in enumerate(self._infos):
            if not info.is_dir() and not info.filename.endswith("\\"):
                name = self.name_of(position)
                problem = _path_problem(name)
                if stat.S_ISLNK(info.external_attr >> 16):
                    problem = _LINK
                if info.flag_bits & _ENCRYPTED:
                    problem = "encrypted with a password; unpack it"
                yield Packed(position, _tidy(name), info.file_size, problem)

    def name_of(self, position: int) -> str:
        info = self._infos[position]
        if info.flag_bits & _UTF_8:
            return info.filename
        # Where the flag is not set the standard says code page 437, and Chinese programs write GBK.
        return decoded(info.filename.encode("cp437", "replace"))

    def read(self, position: int) -> bytes:
        with damage():
            return self._package.read(self._infos[position])


class _Tar:
    def __init__(self, content: BinaryIO) -> None:
        self._package = tarfile.TarFile.open(fileobj=content, encoding="utf-8", errors="surrogateescape")
        self._infos: list[tarfile.TarInfo] = []

    def members(self) -> Iterator[Packed]:
        position = 0
        while info := self._next(position):
            if not info.isdir():
                name = self.name_of(position)
                problem = _path_problem(name) if info.isreg() else _LINK
                yield Packed(position, _tidy(name), info.size, problem)
            position += 1

    def name_of(self, position: int) -> str:
        info = self._next(position)
        return decoded(info.name.encode("utf-8", "surrogateescape")) if info else ""

    def read(self, position: int) -> bytes:
        with damage():
            info = self._next(position)
            content = self._package.extractfile(info) if info else None
            if content is None:
                raise OSError("no such member")
            return content.read()

    def _next(self, position: int) -> tarfile.TarInfo | None:
        """The member at a position; those before it are passed over once."""
        with damage():
            while len(self._infos) <= position:
                info = self._package.next()
                if info is None:
                    return None
                self._infos.append(info)
            return self._infos[position]


def decoded(name: bytes) -> str:
    """A name in whichever of the usual encodings it is written."""
    for encoding in ("utf-8", "gb18030", "big5hkscs"):
        try:
            return name.decode(encoding)
        except UnicodeDecodeError:
            pass
    return name.decode("utf-8", "backslashreplace")


def _path_problem(name: str) -> str:
    path = name.replace("\\", "/")
    leads_out = path.startswith("/") or path[1:2] == ":" or ".." in path.split("/") or not _tidy(name)
    return _LEADS_OUT if leads_out else ""


def _tidy(name: str) -> str:
    return "/".join(part for part in name.replace("\\", "/").split("/") if part not in ("", "."))


@contextmanager
def damage() -> Iterator[None]:
    """Raise OSError for what is wrong: a damaged archive surfaces as nearly any exception from inside the libraries."""
    try:
        yield
    except (OSError, MemoryError):
        raise
    except NotImplementedError as error:
        raise OSError(f"packed in a way that is not known: {error}") from error
    except Exception as error:
        what = str(error).partition("\n")[0].rstrip(":")
        raise OSError(f"{type(error).__name__}: {what}") from error
