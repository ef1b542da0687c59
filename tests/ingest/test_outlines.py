"""Outlines of 31 real documents, written down by people who saw none of ours: what is found is held against them."""

from dataclasses import replace
from pathlib import Path

import pytest

from ingest.divide import divide
from ingest.errors import UnreadableFile
from ingest.joined import whole_outline
from ingest.reading import read_document
from tests.ingest.outline_facts import Score, by_genre, compare, digest, read_facts

REAL = Path(__file__).parents[3] / "shared" / "data" / "real"
LEAST = 0.95
LEAST_OF_GENRE = 0.9
LEAST_ENDS = 0.85


def scores() -> dict[str, Score]:
    found: dict[str, Score] = {}
    for fact in read_facts():
        try:
            document = read_document(REAL / fact["source"], source=fact["source"])
        except UnreadableFile:
            continue
        divided = divide(document)
        found[fact["source"]] = compare(fact, replace(divided, outline=whole_outline(divided)))
    return found


def test_facts_are_of_thirty_documents_of_all_kinds() -> None:
    facts = read_facts()
    assert len({fact["source"] for fact in facts}) == len(facts) == 31
    assert len({fact["source"].split("/")[0] for fact in facts}) == 7
    assert sum(not node.get("optional") for fact in facts for node in fact["nodes"]) == 1536
    assert all(len(node["at"]) == len(digest("")) for fact in facts for node in fact["nodes"])


@pytest.mark.skipif(not REAL.is_dir(), reason="the real documents are not here")
def test_the_outlines_of_real_documents_are_right() -> None:
    found = scores()
    assert len(found) >= 28
    total = sum(found.values(), Score())
    assert total.right >= LEAST, total.remarks
    assert total.ends_right >= LEAST_ENDS * total.ends, total.remarks
    for genre, score in by_genre(found):
        assert score.right >= LEAST_OF_GENRE, (genre, score.remarks)
