"""Documents made up for tests, and a catalogue of them."""

from pathlib import Path
from typing import Any

from index.catalogue import Catalogue
from index.catalogue_writer import CatalogueWriter, hash_of_embedded
from ingest.model import Document, DocumentInfo, Enumeration, Outline, Passage


def document(source: str, text: str, **info: Any) -> Document:
    return Document(info=DocumentInfo(id=f"id of {source}", source=source, title=source, **info), text=text)


def passage(document: Document, start: int, end: int) -> Passage:
    return Passage(document.info.id, start, end, document.text[start:end])


def add(
    writer: CatalogueWriter,
    document: Document,
    passages: list[Passage],
    *,
    outline: Outline = Outline(()),  # noqa: B008
    enumerations: tuple[Enumeration, ...] = (),
) -> list[int]:
    number = writer.add_document(document, root="/", stamp="", outline=outline, enumerations=enumerations)
    return [writer.add_passage(number, passage, embedded=hash_of_embedded(passage.text)) for passage in passages]


def catalogue_of(path: Path, *documents: Document) -> Catalogue:
    """A catalogue of documents that are one passage each."""
    writer = CatalogueWriter(path)
    for each in documents:
        add(writer, each, [passage(each, 0, len(each.text))])
    writer.commit()
    writer.close()
    return Catalogue(path)
