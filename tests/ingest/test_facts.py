"""Facts of forty real documents, read off them by hand: what the readers say is held against them."""

import json
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index.titles import core
from index.validity import with_validity
from ingest.errors import UnreadableFile
from ingest.model import DocumentInfo
from ingest.reading import read_document

REAL = Path(__file__).parents[3] / "shared" / "data" / "real"
FACTS = [json.loads(line) for line in Path(__file__).with_name("facts.jsonl").read_text(encoding="utf-8").splitlines()]
FIELDS = (
    "title", "kind", "number", "date", "adopted", "published", "effective", "speaker", "occasion", "region", "status",
)  # fmt: skip
DAY = "2026-11-24"
"""The day on which the statuses were written down."""
LEAST = 0.95


def plain(value: str) -> str:
    return "".join(unicodedata.normalize("NFKC", value).split()).translate(str.maketrans("〔〕", "[]", "《》"))


def read_all() -> Iterator[DocumentInfo]:
    for path in sorted(REAL.rglob("*")):
        if path.is_file():
            source = path.relative_to(REAL).as_posix()
            try:
                yield read_document(path, source=source).info
            except UnreadableFile:
                continue


def wrong_in(known: dict[str, Any], info: DocumentInfo) -> Iterator[str]:
    """The fields that are not as they were read off the document; a list has the wordings that are right."""
    for name in FIELDS:
        wanted = known[name] if isinstance(known[name], list) else [known[name]]
        if plain(getattr(info, name)) not in map(plain, wanted):
            yield name
    if {organ(one) for one in known["issuers"]} != {organ(one) for one in info.issuer.split("、") if one}:
        yield "issuer"
    if {core(one) for one in known["repeals"]} != {core(one) for one in info.repeals}:
        yield "repeals"


def organ(name: str) -> str:
    return plain(name).removeprefix("中华人民共和国")


def test_facts_are_of_forty_documents_of_all_kinds() -> None:
    assert len({known["source"] for known in FACTS}) == 40
    assert len({known["source"].split("/")[0] for known in FACTS}) == 7


@pytest.mark.skipif(not REAL.is_dir(), reason="the real documents are not here")
def test_the_facts_of_real_documents_are_read_right() -> None:
    infos = {info.source: info for info in with_validity(list(read_all()), DAY)}
    held = [known for known in FACTS if known["source"] in infos]
    wrong = Counter(name for known in held for name in wrong_in(known, infos[known["source"]]))
    assert len(held) >= 36
    assert sum(wrong.values()) <= (1 - LEAST) * len(held) * (len(FIELDS) + 2), wrong
    assert all(count <= (1 - LEAST) * len(held) for count in wrong.values()), wrong
