"""A file → a Document, whatever its format."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from ingest.errors import UnreadableFile
from ingest.metadata import describe
from ingest.model import Document, DocumentInfo, Row
from ingest.readers.docx import read_docx
from ingest.readers.extract import Extract
from ingest.readers.html import read_html
from ingest.readers.mail import read_mail, read_mht
from ingest.readers.markdown import read_markdown
from ingest.readers.odt import read_odt
from ingest.readers.ofd import read_ofd
from ingest.readers.office import read_office
from ingest.readers.pdf import read_pdf
from ingest.readers.picture import read_picture
from ingest.readers.plain import read_plain
from ingest.readers.sheets import read_delimited, read_xls, read_xlsx

_READERS: dict[str, Callable[[bytes, str], Extract]] = {
    ".txt": read_plain,
    ".text": read_plain,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".docx": read_docx,
    ".docm": read_docx,
    ".dotx": read_docx,
    ".doc": read_office,
    ".dot": read_office,
    ".wps": read_office,
    ".wpt": read_office,
    ".rtf": read_office,
    ".odt": read_odt,
    ".ott": read_odt,
    ".xlsx": read_xlsx,
    ".xlsm": read_xlsx,
    ".xls": read_xls,
    ".et": read_xls,
    ".csv": read_delimited,
    ".tsv": read_delimited,
    ".eml": read_mail,
    ".mht": read_mht,
    ".mhtml": read_mht,
    ".pdf": read_pdf,
    ".ofd": read_ofd,
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".gif"), read_picture),
}
SUFFIXES = frozenset(_READERS)
"""The endings of files that can be read, in lower case with their dot."""
MOST_TEXT_BYTES = 20_000_000
"""The largest text, Markdown or HTML file that is read."""
MOST_BYTES = 200_000_000
"""The largest file of any format that is read."""
_INSTEAD = {
    ".ods": ".xlsx",
    ".ppt": ".pdf",
    ".pptx": ".pdf",
}
_ARCHIVES = frozenset((".zip", ".rar", ".7z", ".tar", ".gz", ".bz2", ".xz"))
_SHEETS = (read_xlsx, read_xls, read_delimited)
"""Readers of formats that are tables; what stands above these are names of sheets and columns."""
_TEXTS = (read_plain, read_markdown, read_html, read_delimited)
"""Readers of formats that are text, so that a large file is a large text."""


def read_document(path: Path, *, source: str, content: bytes | None = None) -> Document:
    """Read the file at `path`, or `content` under its name, as the document known as `source`.

    Raises UnreadableFile, with the reason and what to do, for a file that is not a legible document.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise UnreadableFile(source, _unsupported(path.suffix.lower()))
    content = _bytes_of(path, source) if content is None else content
    _check_size(content, reader not in _TEXTS, source)
    extract = reader(content, source)
    if not extract.text:
        raise UnreadableFile(source, "no text in the file; check that it is the right one")
    digest = hashlib.sha256(source.encode("utf-8", "surrogatepass") + b"\0" + content).hexdigest()
    info = describe_as(extract.text, extract.rows, source=source, id=digest[:32])
    return Document(info, extract.text, extract.pages, extract.recognised, extract.rows, marks=extract.marks)


def describe_as(text: str, rows: Sequence[Row], *, source: str, id: str) -> DocumentInfo:
    """What a document of this text and these rows of tables is under a name."""
    info = describe(text, source=source, file_title=PurePosixPath(source).stem, id=id)
    is_sheet = _READERS.get(PurePosixPath(source).suffix.lower()) in _SHEETS
    if is_sheet or (rows and text.startswith(info.title, rows[0].start)):
        info = replace(info, title=PurePosixPath(source).stem)  # a list without a title of its own
    return info


def _unsupported(suffix: str) -> str:
    if not suffix:
        return "no file ending to tell the format by; add .txt, .md, .html, .docx or .pdf"
    if suffix in _ARCHIVES:
        return f"format {suffix} not supported; unpack it"
    return f"format {suffix} not supported; save it as {_INSTEAD.get(suffix, '.docx, .pdf or .txt')}"


def _bytes_of(path: Path, source: str) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UnreadableFile(source, f"larger than {MOST_BYTES:,} bytes; split it")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(
            source, f"cannot be read ({error.strerror}); check the path and its permissions"
        ) from error


def _check_size(content: bytes, is_packed: bool, source: str) -> None:
    if not content.strip():
        raise UnreadableFile(source, "the file is empty; check that it was saved or copied completely")
    most = MOST_BYTES if is_packed else MOST_TEXT_BYTES
    if len(content) > most:
        raise UnreadableFile(source, f"{len(content):,} bytes, more than the {most:,} that are read; split it")
