"""References of real documents, judged by reading: offsets and targets; what is resolved is held against them."""

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from index.catalogue import Catalogue
from index.catalogue_writer import CatalogueWriter
from index.references import References
from ingest.divide import divide
from ingest.reading import read_document

REAL = Path(__file__).parents[3] / "shared" / "data" / "real"
FACTS = Path(__file__).with_name("reference_facts.jsonl")
LEAST = 0.95


def library(folder: Path) -> Catalogue:
    """A catalogue of the rules that are Markdown files."""
    writer = CatalogueWriter(folder / "c.sqlite")
    for path in sorted(path for name in ("laws", "party-rules") for path in REAL.joinpath(name).glob("*.md")):
        divided = divide(read_document(path, source=path.relative_to(REAL).as_posix()))
        number = writer.add_document(divided.document, root="/", stamp="", outline=divided.outline, enumerations=())
        writer.add_references(number, divided.references)
    writer.commit()
    writer.close()
    return Catalogue(folder / "c.sqlite")


@pytest.mark.skipif(not REAL.is_dir(), reason="the real documents are not here")
def test_the_references_of_real_documents_are_resolved_right() -> None:
    facts = [json.loads(line) for line in FACTS.read_text(encoding="utf-8").splitlines()]
    with TemporaryDirectory() as folder:
        catalogue = library(Path(folder))
        references = References(catalogue)
        links = cache(lambda source: references.of(catalogue.by_source(source).info.id))
        wrong = []
        for known in facts:
            found = [
                {
                    **{"source": known["source"], "start": link.start, "end": link.end, "state": link.state},
                    "targets": [[target.document.source, target.start, target.end] for target in link.targets],
                }
                for link in links(known["source"])
                if link.start == known["start"]
            ]
            wrong += [known] if found != [known] else []
        catalogue.close()
    assert len(facts) >= 80
    assert len({known["source"] for known in facts}) >= 30
    assert len(wrong) <= (1 - LEAST) * len(facts), wrong
