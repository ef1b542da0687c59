"""Two versions of a rule, article by article: what was kept, changed, added and dropped.

Articles are matched by what they say, not by their numbers, which shift: the alignment of greatest total similarity
that keeps their order (Needleman and Wunsch, 1970), then those that moved. Within an article the differences are
cleaned up to whole stretches that a reader can follow (`diff_match_patch`), and numbers are never cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from index.titles import version_key
from ingest.chinese import NUMERAL
from ingest.errors import BadRequest
from ingest.markers import paragraphs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.catalogue import Catalogue
    from ingest.model import Document, DocumentInfo, Outline

Kind = Literal["same", "changed", "added", "dropped"]
Mark = Literal["same", "in", "out"]
ALIKE = 0.4
"""The similarity (Indel, 0 to 1) from which two articles may be versions of one."""
MOVED = 0.7
"""The similarity from which an article out of its order counts as moved."""
_WORD = re.compile(r"[0-9]+(?:[.,][0-9]+)*%?|[A-Za-z]+")
_PRIVATE_USE = 0xF0000
_ARTICLE = re.compile(rf"第{NUMERAL}条(?:之{NUMERAL})?")


@dataclass(frozen=True, slots=True)
class Unit:
    """An article, or a paragraph of a document without articles: `document.text[start:end]` without its label."""

    label: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """What became of an article; `pieces` are its texts as one, each stretch the same, put in or taken out."""

    kind: Kind
    old: Unit | None
    new: Unit | None
    pieces: tuple[tuple[Mark, str], ...]
    is_moved: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two documents compared: the changes in the order of the new one, what was dropped where it stood."""

    old: DocumentInfo
    new: DocumentInfo
    changes: tuple[Change, ...]

    def count(self, kind: Kind) -> int:
        """How many articles are of a kind."""
        return sum(change.kind == kind for change in self.changes)


def versions_of(catalogue: Catalogue, info: DocumentInfo) -> list[DocumentInfo]:
    """The versions of a rule that the library has, `info` among them, oldest first; of copies one."""
    key = version_key(info)
    found = [other for other in catalogue.infos() if version_key(other) == key]
    found = catalogue.copies.distinct(found, kept=info.id)
    return sorted(found, key=lambda other: (other.date, other.key))


def version_before(catalogue: Catalogue, info: DocumentInfo) -> DocumentInfo:
    """The version before one. Raises BadRequest where the library has none."""
    versions = versions_of(catalogue, info)
    place = [other.id for other in versions].index(info.id)
    if place == 0:
        raise BadRequest(f"{info.key}: the library has no version before it; name what to compare it with")
    return versions[place - 1]


def compare_versions(catalogue: Catalogue, old: DocumentInfo, new: DocumentInfo) -> Comparison:
    """Compare two documents of a library article by article."""
    before, after = _units(catalogue, old), _units(catalogue, new)
    return Comparison(old, new, tuple(_changes(before, after)))


def _units(catalogue: Catalogue, info: DocumentInfo) -> list[Unit]:
    document, outline = catalogue.document(info.id), catalogue.outline(info.id)
    return _articles(document, outline) or _paragraphs(document, outline)


def _articles(document: Document, outline: Outline) -> list[Unit]:
    nodes = [node for node in outline.nodes if _ARTICLE.fullmatch(node.label.strip())]
    if not nodes:
        return []
    head = _unit(document, "", document.own[0][0], nodes[0].start)
    units = [_unit(document, node.label.strip(), node.start, node.end) for node in nodes]
    return [head, *units] if head.text else units


def _paragraphs(document: Document, outline: Outline) -> list[Unit]:
    labels = {node.start: node.label.strip() for node in outline.nodes}
    return [_unit(document, labels.get(start, ""), start, end) for start, end in _paragraphs_of(document)]


def _paragraphs_of(document: Document) -> Iterator[tuple[int, int]]:
    for first, last in document.own:
        for start, end in paragraphs(document.text[first:last]):
            yield first + start, first + end


def _unit(document: Document, label: str, start: int, end: int) -> Unit:
    text = document.text[start:end]
    return Unit(label, start, end, text[len(label) :].strip() if text.startswith(label) else text.strip())


def _changes(before: Sequence[Unit], after: Sequence[Unit]) -> list[Change]:
    similar = _similarity(before, after)
    pairs = _aligned(similar)
    moved = _moved(similar, pairs)
    partner = {new: old for old, new in (*pairs, *moved)}
    taken = {old for old, _ in (*pairs, *moved)}
    out_of_order = {new for _, new in moved}
    changes: list[Change] = []
    old = 0
    for new, unit in enumerate(after):
        if new in partner and new not in out_of_order:
            changes += [_dropped(before[one]) for one in range(old, partner[new]) if one not in taken]
            old = partner[new] + 1
        if new in partner:
            changes.append(_kept(before[partner[new]], unit, is_moved=new in out_of_order))
        else:
            changes.append(Change("added", None, unit, (("in", unit.text),)))
    return changes + [_dropped(before[one]) for one in range(old, len(before)) if one not in taken]


def _similarity(before: Sequence[Unit], after: Sequence[Unit]) -> NDArray[np.float32]:
    from rapidfuzz.distance import Indel
    from rapidfuzz.process import cdist

    texts = [[unit.text for unit in units] for units in (before, after)]
    return cdist(*texts, scorer=Indel.normalized_similarity, score_cutoff=ALIKE)


def _aligned(similar: NDArray[np.float32]) -> list[tuple[int, int]]:
    """The pairs of the alignment that keeps the order and has the greatest sum of similarities above ALIKE."""
    import numpy as np

    rows, columns = similar.shape
    gain = np.where(similar >= ALIKE, similar - ALIKE, -1.0)
    best = np.zeros((rows + 1, columns + 1))
    for row in range(1, rows + 1):
        matched = best[row - 1, :-1] + gain[row - 1]
        line = np.maximum(matched, best[row - 1, 1:])
        best[row, 1:] = np.maximum.accumulate(line)
    pairs: list[tuple[int, int]] = []
    row, column = rows, columns
    while row and column:
        if best[row, column] == best[row - 1, column]:
            row -= 1
        elif best[row, column] == best[row, column - 1]:
            column -= 1
        else:
            row, column = row - 1, column - 1
            pairs.append((row, column))
    return pairs[::-1]


def _moved(similar: NDArray[np.float32], pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pairs of what the alignment left, the most similar first."""
    import numpy as np

    old, new = {one for one, _ in pairs}, {one for _, one in pairs}
    places = zip(*np.nonzero(similar >= MOVED), strict=True)
    left = [(int(one), int(other)) for one, other in places if int(one) not in old and int(other) not in new]
    moved: list[tuple[int, int]] = []
    for one, other in sorted(left, key=lambda pair: (-similar[pair], pair)):
        if one not in old and other not in new:
            moved.append((one, other))
            old.add(one)
            new.add(other)
    return moved


def _dropped(unit: Unit) -> Change:
    return Change("dropped", unit, None, (("out", unit.text),))


def _kept(old: Unit, new: Unit, *, is_moved: bool) -> Change:
    if old.text == new.text:
        return Change("same", old, new, (("same", new.text),), is_moved)
    return Change("changed", old, new, _differences(old.text, new.text), is_moved)


def _differences(old: str, new: str) -> tuple[tuple[Mark, str], ...]:
    from diff_match_patch import diff_match_patch  # type: ignore[import-untyped]

    words: dict[str, str] = {}
    differ = diff_match_patch()
    differ.Diff_Timeout = 0.0  # the same texts always give the same differences
    found = differ.diff_main(_as_letters(old, words), _as_letters(new, words), checklines=False)
    differ.diff_cleanupSemantic(found)
    marks: dict[int, Mark] = {-1: "out", 0: "same", 1: "in"}
    back = str.maketrans({letter: word for word, letter in words.items()})
    return tuple((marks[sign], text.translate(back)) for sign, text in found)


def _as_letters(text: str, words: dict[str, str]) -> str:
    """The text with a letter of its own, from the private use area, for each number and Latin word."""
    return _WORD.sub(lambda match: words.setdefault(match.group(), chr(_PRIVATE_USE + len(words))), text)
