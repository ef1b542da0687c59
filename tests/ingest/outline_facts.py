"""Outlines written down by hand, and how an outline that was found is held against one.

A fact names the paragraph at which a section begins by a digest of its first characters, so that no text is kept:
`at` and, where several paragraphs begin alike, `nth`.
"""

import json
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from ingest.divide import Divided
from ingest.model import Node

FACTS = Path(__file__).with_name("outlines.jsonl")
_OPENING = 20
"""Characters by which a paragraph is known."""
_SEPARATORS = "、.,:，：。 "


def read_facts() -> list[dict[str, Any]]:
    """The outlines that were written down, one of a document."""
    return [json.loads(line) for line in FACTS.read_text(encoding="utf-8").splitlines()]


def plain(text: str) -> str:
    """Text as paragraphs and labels are compared: one width, no spaces."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def digest(opening: str) -> str:
    """What stands for the first characters of a paragraph in a fact."""
    return sha256(plain(opening)[:_OPENING].encode()).hexdigest()[:8]


@dataclass
class Score:
    """How an outline agrees with the one written down; sums of several add up."""

    wanted: int = 0
    found: int = 0
    placed: int = 0
    """Found, and below the right section."""
    false: int = 0
    ends: int = 0
    ends_right: int = 0
    lists: int = 0
    lists_found: int = 0
    remarks: list[str] = field(default_factory=list)

    def __add__(self, other: "Score") -> "Score":
        return Score(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))

    @property
    def recall(self) -> float:
        """The share of sections that were found, below the right one."""
        return self.placed / self.wanted if self.wanted else 1.0

    @property
    def precision(self) -> float:
        """The share of sections found that are sections."""
        return self.found / (self.found + self.false) if self.found + self.false else 1.0

    @property
    def right(self) -> float:
        """The share of nodes, wanted or found, that are right."""
        return self.placed / (self.wanted + self.false) if self.wanted else 1.0


def compare(fact: dict[str, Any], divided: Divided) -> Score:
    """Hold the outline of a document against the one written down."""
    places = _places(divided.document.text)
    found = {node.start: (position, node) for position, node in enumerate(divided.outline.nodes)}
    wanted = fact["nodes"]
    starts = [places.get((node["at"], node.get("nth", 0)), (-1, -1))[0] for node in wanted]
    ours = [
        found[start][0] if start in found and _same(found[start][1], node["label"]) else None
        for start, node in zip(starts, wanted, strict=True)
    ]
    score = Score(remarks=[])
    known = {position: index for index, position in enumerate(ours) if position is not None}
    parents = {index: _known_above(divided.outline.nodes, known, wanted, position) for position, index in known.items()}
    for index, node in enumerate(wanted):
        if node.get("optional"):
            continue
        score.wanted += 1
        score.found += ours[index] is not None
        right = ours[index] is not None and parents[index] == _above(wanted, node["parent"])
        score.placed += right
        if not right:
            what = "missed" if ours[index] is None else "misplaced"
            score.remarks.append(f"{what} {node['label']}: {_line(divided, starts[index])}")
    optional = {start for start, node in zip(starts, wanted, strict=True) if node.get("optional")}
    for position, node in enumerate(divided.outline.nodes):
        if position not in known and node.start not in optional:
            score.false += 1
            score.remarks.append(f"false {node.label}: {_line(divided, node.start)}")
    _compare_ends(fact, divided, places, known, score)
    _compare_lists(fact, divided, places, score)
    return score


def _places(text: str) -> dict[tuple[str, int], tuple[int, int]]:
    places: dict[tuple[str, int], tuple[int, int]] = {}
    counts: Counter[str] = Counter()
    start = 0
    for line in text.split("\n"):
        key = digest(line)
        places[key, counts[key]] = (start, start + len(line))
        counts[key] += 1
        start += len(line) + 1
    return places


def _same(node: Node, label: str) -> bool:
    return plain(node.label).strip(_SEPARATORS) == plain(label).strip(_SEPARATORS)


def _above(wanted: Sequence[dict[str, Any]], index: int | None) -> int | None:
    """The nearest section from `index` upwards that is not optional."""
    while index is not None and wanted[index].get("optional"):
        index = wanted[index]["parent"]
    return index


def _known_above(
    nodes: Sequence[Node], known: dict[int, int], wanted: Sequence[dict[str, Any]], position: int
) -> int | None:
    """The nearest section above a node of ours that is written down and not optional; -1 where a false one is."""
    above = nodes[position].parent
    while above is not None and (above not in known or wanted[known[above]].get("optional")):
        if above not in known:
            return -1
        above = nodes[above].parent
    return known[above] if above is not None else None


def _compare_ends(
    fact: dict[str, Any],
    divided: Divided,
    places: dict[tuple[str, int], tuple[int, int]],
    known: dict[int, int],
    score: Score,
) -> None:
    for end in fact["ends"]:
        start = places.get((end["at"], end.get("nth", 0)), (-1, -1))[0]
        chain = [i for i, node in enumerate(divided.outline.nodes) if node.start <= start < node.end]
        inner = [known[i] for i in chain if i in known and not fact["nodes"][known[i]].get("optional")]
        right = (inner[-1] if inner else None) == _above(fact["nodes"], end["belongs_to"])
        score.ends += 1
        score.ends_right += right
        if not right:
            within = divided.outline.nodes[chain[-1]].label if chain else ""
            score.remarks.append(f"end: stands in {within!r}: {_line(divided, start)}")


def _compare_lists(
    fact: dict[str, Any], divided: Divided, places: dict[tuple[str, int], tuple[int, int]], score: Score
) -> None:
    text = divided.document.text
    for wanted in fact["lists"]:
        start, end = places.get((wanted["at"], wanted.get("nth", 0)), (-1, -1))
        right = any(
            set(wanted["members"])
            <= {digest(text[m.start : m.start + 6]) for m in list_.members if start <= m.start < end}
            for list_ in divided.enumerations
        )
        score.lists += 1
        score.lists_found += right
        if not right:
            score.remarks.append(f"list: {_line(divided, start)}")


def _line(divided: Divided, start: int) -> str:
    return divided.document.text[start:].split("\n", 1)[0][:30] if start >= 0 else "no such paragraph"


def by_genre(scores: dict[str, Score]) -> Iterator[tuple[str, Score]]:
    """The sums of scores by the folder of their documents."""
    genres = sorted({source.split("/")[0] for source in scores})
    for genre in genres:
        yield genre, sum((score for source, score in scores.items() if source.startswith(genre)), Score())
