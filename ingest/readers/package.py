"""Office files that are zip packages (.docx, .xlsx, .odt): checked before anything in them is unpacked."""

import io
import zipfile
from collections.abc import Sequence

from ingest.errors import UnreadableFile

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How the older office formats begin, and encrypted newer ones."""
LOCKED = "password-protected; save it without a password"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
MOST_BYTES = 200_000_000
"""The most bytes that a package may unpack to."""
_MOST_RATIO = 200
_LEAST_PACKED = 50_000
"""Below so many bytes a package may well unpack to more than the ratio allows."""
_MOST_MEMBERS = 20_000


def is_locked(content: bytes) -> bool:
    """Whether this is an Office Open XML file that was encrypted with a password."""
    return content.startswith(OLE) and _ENCRYPTED_STREAM in content


def check_package(content: bytes, source: str, kind: str, suffix: str) -> None:
    """Raise UnreadableFile for what is encrypted, no zip package or a zip bomb; `kind` and `suffix` name the format."""
    if content.startswith(OLE[:4]):
        reason = f"password-protected, or an older format under a new name; save it as {suffix} without a password"
        raise UnreadableFile(source, LOCKED if is_locked(content) else reason)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        reason = f"not {kind}, or truncated; get a fresh copy or save it again as {suffix}"
        raise UnreadableFile(source, reason) from error
    if bomb := bomb_in(members, most_members=_MOST_MEMBERS):
        raise UnreadableFile(source, f"{bomb}; not opened, split the document if it is genuine")
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableFile(source, LOCKED)


def bomb_in(
    members: Sequence[zipfile.ZipInfo], *, most_bytes: int = MOST_BYTES, most_members: int | None = None
) -> str:
    """What is wrong with a zip package that unpacks to too much, judged by its directory; empty where nothing is."""
    size = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    too_many = most_members is not None and len(members) > most_members
    if size <= most_bytes and size <= _MOST_RATIO * max(packed, _LEAST_PACKED) and not too_many:
        return ""
    return f"unpacks to {size:,} bytes from {packed:,} (zip bomb)"
