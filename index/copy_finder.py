"""Finding the documents that are copies of each other, while a snapshot is being made.

Texts with the same words are copies. Of the others those are compared (`ingest.likeness`) whose sketches say that one
holds much of the other. What came of it is kept by the texts' hashes, so that only new texts are compared, and the
same documents give the same groups in whatever order they came.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import astuple
from functools import lru_cache

from ingest.likeness import Likeness, likeness
from ingest.signature import SKETCH, words_of
from ingest.units import Unit, units_of

CONTAINED = 0.4
"""The share of the shorter text that sketches must say the other one holds, for the two to be compared."""
_LEAST_IN_COMMON = 3
MOST_COMPARED = 200
"""Texts that a new text is compared with, those that hold most of it first."""
_KEPT_UNITS = 1024
_NONE = 2**64 - 1


def find_copies(connection: sqlite3.Connection) -> None:
    """Compare what has been added since, forget what is gone, and group the documents anew."""
    gone = "NOT IN (SELECT words FROM signatures)"
    connection.execute(f"DELETE FROM compared WHERE words {gone}")
    connection.execute(f"DELETE FROM likenesses WHERE one {gone} OR other {gone}")
    for one, other, found in _compared(connection):
        row = (one, other, found.similarity, found.is_touched, found.is_reworded, _as_json(found))
        connection.execute("INSERT INTO likenesses VALUES (?, ?, ?, ?, ?, ?)", row)
    connection.execute("INSERT OR IGNORE INTO compared SELECT words FROM signatures")
    connection.execute("DELETE FROM copies")
    connection.executemany("INSERT INTO copies VALUES (?, ?)", _grouped(connection))


def _as_json(found: Likeness) -> str:
    return json.dumps([astuple(difference) for difference in found.differences], ensure_ascii=False)


def _compared(connection: sqlite3.Connection) -> Iterator[tuple[bytes, bytes, Likeness]]:
    """The new texts with the texts that are like them, each pair once, the smaller hash first."""
    new = [row[0] for row in connection.execute(
        "SELECT DISTINCT words FROM signatures WHERE words NOT IN (SELECT words FROM compared) ORDER BY words"
    )]  # fmt: skip
    if not new:
        return
    texts = connection.execute("SELECT words, min(document), sketch FROM signatures GROUP BY words ORDER BY words")
    sketches = _Sketches([(words, document, sketch) for words, document, sketch in texts])

    @lru_cache(_KEPT_UNITS)
    def units(place: int) -> list[Unit]:
        return units_of(_text(connection, sketches.documents[place]))

    done: set[tuple[int, int]] = set()
    for words in new:
        place = sketches.places[words]
        for other in sketches.like(place):
            pair = min(place, other), max(place, other)
            if pair not in done:
                done.add(pair)
                found = likeness(units(pair[0]), units(pair[1]))
                if found is not None:
                    yield sketches.words[pair[0]], sketches.words[pair[1]], found


def _text(connection: sqlite3.Connection, document: int) -> str:
    """The text of a document; of one in a file of several, its own stretches of the file's."""
    sql = """SELECT coalesce(file.text, one.text), one.spans FROM documents AS one
        LEFT JOIN documents AS file ON file.document = one."file" WHERE one.document = ?"""
    text, spans = connection.execute(sql, (document,)).fetchone()
    whole = text.decode("utf-8", "surrogatepass")
    stretches = json.loads(spans)
    return "\n".join(whole[start:end] for start, end in stretches) if stretches else whole


class _Sketches:
    """The sketches of all texts, to be asked which hold much of one of them."""

    def __init__(self, texts: Sequence[tuple[bytes, int, bytes]]) -> None:
        import numpy as np

        self.words = [words for words, _, _ in texts]
        self.documents = [document for _, document, _ in texts]
        self.places = {words: place for place, words in enumerate(self.words)}
        sketches = [np.frombuffer(sketch, "<u8") for _, _, sketch in texts]
        self._sizes = np.array([len(sketch) for sketch in sketches])
        self._table = np.full((len(texts), SKETCH), _NONE, np.uint64)
        for row, sketch in zip(self._table, sketches, strict=True):
            row[: len(sketch)] = sketch
        # A short text's sketch has all its hashes, so that it reaches as far as any.
        self._reach = self._table[:, -1]
        hashes = np.concatenate(sketches)
        order = np.argsort(hashes)
        self._hashes = hashes[order]
        self._owners = np.repeat(np.arange(len(texts)), self._sizes)[order]

    def like(self, place: int) -> list[int]:
        """The texts that hold much of one or that it holds much of, most first; ties in the order of the texts."""
        import numpy as np

        sketch = self._table[place, : self._sizes[place]]
        if not len(sketch):
            return []
        begin, end = (np.searchsorted(self._hashes, sketch, side) for side in ("left", "right"))
        owners = np.concatenate([self._owners[a:b] for a, b in zip(begin, end, strict=True)])
        common = np.bincount(owners, minlength=len(self.words))
        common[place] = 0
        others = np.flatnonzero(common >= min(_LEAST_IN_COMMON, len(sketch)))
        # Of two sketches that part is compared that both reach: it has all of either text's hashes up to there.
        reach = np.minimum(self._reach[others], self._reach[place])
        own = np.minimum(np.searchsorted(sketch, reach, "right"), len(sketch))
        theirs = np.minimum((self._table[others] <= reach[:, None]).sum(1), self._sizes[others])
        shares = common[others] / np.minimum(own, theirs)
        ranked = sorted(zip(-shares, others.tolist(), strict=True))
        return [other for share, other in ranked if -share >= CONTAINED][:MOST_COMPARED]


def _grouped(connection: sqlite3.Connection) -> list[tuple[int, int]]:
    """Of the documents that have copies the number, and the number of the first document of their group.

    The most alike are put together first, and two groups only where each text of the one is a copy of each of the
    other: a copy that lacks a date does not make one document of two with different dates.
    """
    documents: dict[bytes, list[tuple[int, str, str]]] = defaultdict(list)
    # A text too short for a single shingle says too little to be a copy.
    tables = "signatures JOIN documents USING (document) WHERE length(sketch) > 0"
    sql = f"SELECT words, document, number, date FROM {tables} ORDER BY document"
    for words, *known in connection.execute(sql):
        documents[words].append((known[0], words_of(known[1]), known[2][:4]))
    alike: set[frozenset[bytes]] = set()
    ranked: list[tuple[bytes, bytes]] = []
    rows = "SELECT one, other, touched, reworded FROM likenesses ORDER BY similarity DESC, one, other"
    for one, other, is_touched, is_reworded in connection.execute(rows):
        if _may_be_one(documents[one], documents[other], is_touched=is_touched, is_reworded=is_reworded):
            alike.add(frozenset((one, other)))
            ranked.append((one, other))
    groups = {words: [words] for words in documents}
    for one, other in ranked:
        first, second = groups[one], groups[other]
        if first is not second and all(frozenset((a, b)) in alike for a in first for b in second):
            first += second
            groups.update(dict.fromkeys(second, first))
    found: list[tuple[int, int]] = []
    for group in {id(group): group for group in groups.values()}.values():
        members = sorted(number for words in group for number, _, _ in documents[words])
        if len(members) > 1:
            found += [(number, members[0]) for number in members]
    return found


def _may_be_one(
    one: Sequence[tuple[int, str, str]], other: Sequence[tuple[int, str, str]], *, is_touched: bool, is_reworded: bool
) -> bool:
    """Whether what is known of two texts lets them be copies: the same 文号, and the same year if they differ."""
    numbers, years = ([{each[field] for each in side} - {""} for side in (one, other)] for field in (1, 2))
    if all(numbers) and not numbers[0] & numbers[1]:
        return False
    if is_touched and all(years) and not years[0] & years[1]:
        return False
    return not is_reworded or bool(numbers[0] & numbers[1])
