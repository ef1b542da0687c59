"""Corrections in a file beside a document: `办法.docx.yinju.toml` holds fields of 办法.docx, as TOML.

title = "差旅费管理办法"
effective = 2024-05-01
issuer = ""                      # it has none, whatever was read
repeals = ["差旅费管理暂行办法"]
"""

import tomllib
from pathlib import Path

from ingest.corrections import FIELDS, Value, parse_value
from ingest.errors import BadRequest, UnreadableFile

ENDING = ".yinju.toml"
_MOST_BYTES = 100_000


def is_sidecar(name: str) -> bool:
    """Whether a file of this name holds corrections of another and is no document."""
    return name.lower().endswith(ENDING)


def document_of(source: str) -> str:
    """The source of the document that a sidecar is of."""
    return source[: -len(ENDING)]


def read_sidecar(path: Path, *, source: str) -> dict[str, Value]:
    """The fields that a sidecar corrects. Raises UnreadableFile that names all that is wrong with it."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(source, f"cannot be read ({error.strerror}); check its permissions") from error
    if len(content) > _MOST_BYTES:
        raise UnreadableFile(source, f"larger than {_MOST_BYTES:,} bytes; it holds no more than a document's fields")
    try:
        given = tomllib.loads(content.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as error:
        raise UnreadableFile(source, "not UTF-8; save it in that encoding") from error
    except tomllib.TOMLDecodeError as error:
        raise UnreadableFile(
            source, f'not TOML ({error}); write lines such as title = "…" or date = 2024-03-29'
        ) from error
    fields: dict[str, Value] = {}
    problems: list[str] = []
    for field, value in given.items():
        try:
            fields[field] = parse_value(field, value)
        except BadRequest as error:
            problems.append(str(error))
    if problems:
        raise UnreadableFile(source, f"{'; '.join(problems)}. Nothing of it is taken until it is mended")
    return {field: fields[field] for field in FIELDS if field in fields}
