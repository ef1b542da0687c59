"""Word (.docx) → text, as a reader of the final version sees it."""

import io
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from ingest.errors import UnreadableFile
from ingest.readers.extract import Extract
from ingest.readers.html import read_html
from ingest.readers.numbering import Numbering
from ingest.readers.package import check_package
from ingest.readers.plain import decode
from ingest.readers.styles import Styles, W
from ingest.readers.table import assembled
from ingest.readers.wordml import Body

_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_USUAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_EMBEDDED = (
    "has an embedded document of a kind that is not read (altChunk, {}); "
    "open it in a word processor, save it again as .docx"
)


def read_docx(content: bytes, source: str, *, depth: int = 0) -> Extract:
    """Read a Word document; raises UnreadableFile for what is not one, is encrypted, damaged or a zip bomb."""
    from docx.package import Package

    check_package(content, source, "a Word document", ".docx")
    try:
        main = _related(Package.open(io.BytesIO(content)), "/officeDocument")
        if main is None:
            raise ValueError("no main part")
        root = _root(main)
        styles = Styles(_root(_related(main, "/styles")))
        body = Body(
            styles,
            Numbering(_root(_related(main, "/numbering")), styles),
            {**_notes(main, "footnote"), **_notes(main, "endnote")},
            {kind: _note_format(root, main, kind) for kind in ("footnote", "endnote")},
            lambda id: _embedded(main, id, source, depth),
        )
        lines = list(body.lines(root.find(W + "body")))
    except UnreadableFile:
        raise
    except Exception as error:
        # A damaged package surfaces as nearly any exception from inside the libraries.
        reason = f"damaged Word document ({type(error).__name__}); open it in a word processor and save it again"
        raise UnreadableFile(source, reason) from error
    return assembled(lines)


def _related(part: Any, kind: str) -> Any | None:
    """The part that a part, or the package, refers to in a relation of a kind."""
    relations = part.rels.values()
    return next((r.target_part for r in relations if r.reltype.endswith(kind) and not r.is_external), None)


def _root(part: Any | None) -> Any:
    from docx.oxml import parse_xml

    if part is None:
        return None
    # The strict variant of the format differs in its names alone.
    return parse_xml(part.blob.replace(_STRICT, _USUAL)) if not hasattr(part, "element") else _usual(part)


def _usual(part: Any) -> Any:
    from docx.oxml import parse_xml

    element = part.element
    return parse_xml(part.blob.replace(_STRICT, _USUAL)) if _STRICT.decode() in element.nsmap.values() else element


def _notes(main: Any, kind: str) -> dict[tuple[str, str], Any]:
    root = _root(_related(main, f"/{kind}s"))
    notes = [] if root is None else root.findall(W + kind)
    return {(kind, note.get(W + "id", "")): note for note in notes if note.get(W + "type", "normal") == "normal"}


def _note_format(root: Any, main: Any, kind: str) -> str:
    """The number format of notes, which the first section or else the whole document may set."""
    settings = _root(_related(main, "/settings"))
    places = [next(root.iter(W + "sectPr"), None), settings]
    for place in places:
        found = None if place is None else place.find(f"{W}{kind}Pr/{W}numFmt")
        if found is not None:
            return str(found.get(W + "val", "decimal"))
    return "decimal" if kind == "footnote" else "lowerRoman"


def _embedded(main: Any, id: str, source: str, depth: int) -> Sequence[str]:
    """The lines of a document that is embedded whole, to be merged when a word processor opens it."""
    relation = main.rels.get(id)
    if relation is None or relation.is_external:
        raise UnreadableFile(source, _EMBEDDED.format("missing"))
    part = relation.target_part
    suffix = PurePosixPath(str(part.partname)).suffix.lower()
    if suffix in (".htm", ".html", ".xhtml"):
        return read_html(part.blob, source).text.split("\n")
    if suffix == ".docx" and depth < 3:
        return read_docx(part.blob, source, depth=depth + 1).text.split("\n")
    if suffix == ".txt":
        return decode(part.blob, source).split("\n")
    raise UnreadableFile(source, _EMBEDDED.format(suffix or "unnamed"))
