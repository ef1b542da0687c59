"""Older office formats (.doc, .wps, .rtf): LibreOffice makes them .docx, where it is installed.

It runs without a window, in a folder and with a profile of its own: macros off, no links followed, no network proxy
that answers, and no longer than it is given.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from ingest.errors import UnreadableFile
from ingest.readers.docx import read_docx
from ingest.readers.extract import Extract
from ingest.readers.html import read_html
from ingest.readers.legible import common_share
from ingest.readers.mail import read_mht
from ingest.readers.package import LOCKED, OLE, is_locked
from ingest.readers.plain import read_plain
from ingest.readers.rtf import with_numbers

SECONDS = 90.0
"""How long one conversion may take; each further file of a batch may take a tenth of it."""
_SECONDS_AHEAD = 60.0, 2.0
"""How long files may be converted together: so long, and so much for each; less than is waited for a sign of life."""
PROGRAM = "YINJU_SOFFICE"
"""The environment variable that names LibreOffice's program where it is not in the PATH."""
_GET = (
    "needs LibreOffice, which was not found: install it (Debian, Ubuntu: apt install libreoffice-writer; "
    "elsewhere from libreoffice.org), or save the file as .docx"
)
_PLACES = ("/usr/lib/libreoffice/program/soffice", "/opt/libreoffice/program/soffice",
           "/Applications/LibreOffice.app/Contents/MacOS/soffice")  # fmt: skip
_BEGINNINGS = (b"{\\rtf", b"\x01\xfe\x32\x00", b"\xdb\xa5\x2d\x00", b"\x9b\xa5\x21\x00", b"\x31\xbe\x00\x00",
               b"\x32\xbe\x00\x00", b"\xfe\x37\x00")  # fmt: skip
"""How files of rich text, Works, Word 1 and 2, Word for DOS and Write begin."""
_WORKS = "may be of Microsoft Works, which has the same ending as WPS; "
_SAVE = "save it as .docx in the program that it was made with"
_LEGIBLE = 0.5
"""The share of characters in daily use from which on a text is one."""
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse">
<value>3</value></prop><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse">
<value>0</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetProxyType" oor:op="fuse"><value>2</value></prop>
<prop oor:name="ooInetHTTPProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPProxyPort" oor:op="fuse"><value>9</value></prop>
<prop oor:name="ooInetHTTPSProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPSProxyPort" oor:op="fuse"><value>9</value></prop></item>
</oor:items>
"""


_ahead: dict[bytes, bytes] = {}
"""What `convert_ahead` has made, by what it was made of."""


class ConversionFailed(Exception):
    """Why LibreOffice made nothing of a file, and what to do."""


def read_office(content: bytes, source: str) -> Extract:
    """Read an older office document; raises UnreadableFile where it or LibreOffice is not there, locked or damaged.

    Files that have the ending alone are read as what they are: .docx, web pages.
    """
    suffix = Path(source).suffix.lower() or ".doc"
    other = _read_in_disguise(content)
    if other is not None:
        return other(content, source)
    if _has_password(content):
        raise UnreadableFile(source, LOCKED)
    made = _ahead.get(_key(content, suffix)) or converted([content], suffix)[0]
    if isinstance(made, ConversionFailed):
        raise UnreadableFile(source, str(made))
    extract = read_docx(made, source)
    # What LibreOffice does not know it takes for text.
    if common_share(extract.text) < _LEGIBLE:
        raise UnreadableFile(source, f"what LibreOffice makes of it is illegible; {_works(suffix)}{_SAVE}")
    return extract


def convert_ahead(contents: Sequence[tuple[bytes, str]]) -> None:
    """Convert contents of the formats of some endings in one run, for `read_office` to find them done.

    It keeps what came of it until it is called again. What did not come of it is converted alone when it is read, so
    that a file that LibreOffice cannot read has a reason of its own and takes no other one with it.
    """
    _ahead.clear()
    fit = [one for one in contents if _read_in_disguise(one[0]) is None and not _has_password(one[0])]
    if len(fit) < 2 or find_program() is None:
        return
    suffixes = [suffix for _, suffix in fit]
    made = _converted([content for content, _ in fit], suffixes, _SECONDS_AHEAD[0] + _SECONDS_AHEAD[1] * len(fit))
    _ahead.update((_key(*one), done) for one, done in zip(fit, made, strict=True) if isinstance(done, bytes))


def _key(content: bytes, suffix: str) -> bytes:
    return sha256(suffix.encode() + b"\0" + content).digest()


def _has_password(content: bytes) -> bool:
    return is_locked(content) or _is_locked_word(content)


def find_program() -> str | None:
    """The path of LibreOffice's program, None where it is not installed."""
    named = os.environ.get(PROGRAM)
    if named is not None:
        return shutil.which(named)
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in _PLACES if os.access(place, os.X_OK)), None)


def converted(contents: Sequence[bytes], suffix: str, *, seconds: float = SECONDS) -> list[bytes | ConversionFailed]:
    """Each content of a format as .docx, or why it could not be made so; all in one run, as a start takes longest."""
    seconds += seconds / 10 * (len(contents) - 1)
    return _converted(contents, [suffix] * len(contents), seconds)


def _converted(contents: Sequence[bytes], suffixes: Sequence[str], seconds: float) -> list[bytes | ConversionFailed]:
    program = find_program()
    if program is None:
        return [ConversionFailed(f"format {suffix} {_GET}") for suffix in suffixes]
    with tempfile.TemporaryDirectory(prefix="yinju-office-") as name:
        folder = Path(name)
        (folder / "out").mkdir()
        files = [folder / f"{position}{suffix}" for position, suffix in enumerate(suffixes)]
        for file, content in zip(files, contents, strict=True):
            file.write_bytes(with_numbers(content) if content.startswith(b"{\\rtf") else content)
        said = _run(program, folder, files, seconds)
        return [_made(folder / "out" / f"{file.stem}.docx", file.suffix, said) for file in files]


def _made(path: Path, suffix: str, said: str) -> bytes | ConversionFailed:
    if path.is_file() and path.stat().st_size:
        return path.read_bytes()
    return ConversionFailed(f"{said}; {_works(suffix)}{_SAVE}")


def _works(suffix: str) -> str:
    return _WORKS if suffix in (".wps", ".wpt") else ""


def _run(program: str, folder: Path, files: Sequence[Path], seconds: float) -> str:
    """Let LibreOffice convert the files, and say what to say where it did not."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
    command = [program, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nologo",
               "--nodefault", "--nolockcheck", "--convert-to", "docx:MS Word 2007 XML", "--outdir",
               str(folder / "out"), *map(str, files)]  # fmt: skip
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=_environment(folder, os.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        return f"LibreOffice could not be started ({error.strerror})"
    try:
        status = process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return f"LibreOffice was not done after {seconds:.0f} seconds"
    finally:
        _end(process)
    if status < 0:
        return "LibreOffice crashed on it"
    return "LibreOffice cannot read it (damaged, or of another format than its ending says)"


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End the program with all that it started: the one that was started is but its launcher."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _environment(folder: Path, outer: Mapping[str, str]) -> dict[str, str]:
    kept = {name: outer[name] for name in ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH") if name in outer}
    return {**kept, "HOME": str(folder), "TMPDIR": str(folder), "SAL_USE_VCLPLUGIN": "svp"}


def _read_in_disguise(content: bytes) -> Callable[[bytes, str], Extract] | None:
    """The reader of what has the ending of an older format but is another: offices name exports so."""
    if content.startswith(b"PK\x03\x04"):
        return read_docx
    head = content[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html")):
        return read_html
    if b"mime-version:" in head and b"content-type:" in head:
        return read_mht
    # LibreOffice takes anything else for text in some encoding; we are more careful.
    is_office = content.startswith((OLE, *_BEGINNINGS)) or b"worddocument" in head
    return None if is_office else read_plain


def _is_locked_word(content: bytes) -> bool:
    """Whether this is a Word 97 file with a password: flag fEncrypted of its FIB (MS-DOC 2.5.2), at a sector."""
    if not content.startswith(OLE):
        return False
    place = content.find(b"\xec\xa5")
    while place >= 0:
        if place % 512 == 0:
            return bool(content[place + 11 : place + 12] and content[place + 11] & 0x01)
        place = content.find(b"\xec\xa5", place + 1)
    return False
