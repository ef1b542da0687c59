"""Picking the few sentences of the best passages that answer a question."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from answer.figures import Figure, figure_asked, gives_figure
from answer.matching import Wording
from index.catalogue import Catalogue
from index.model import Hit
from index.query import Query
from ingest.chinese import fold, sentences
from ingest.model import Document

CONSIDERED_HITS = 5
CONSIDERED_SENTENCES = 12
"""As many sentences, the best by wording and rank, are compared with the question by meaning."""
MOST_SENTENCES = 3
CLOSE = 120
"""Stretches this many characters apart are given in the order of the text."""
MARGIN = 0.35
"""A sentence is given beside the best when its score is at most this much lower."""
_LIKENESS, _COVERAGE, _FIGURE = 0.08, 1.0, 0.4
"""What a cosine, the share of the question's wording and the figure asked for count against a passage's score."""

_BARE_NUMBER = re.compile(r"[\d,，.]+(?:[-—–~～至][\d,，.]+)?")

Likeness = Callable[[Sequence[str]], Sequence[float]]
"""How like the question some texts are, one number for each (`Searcher.likeness`)."""


@dataclass(frozen=True, slots=True)
class Extract:
    """A stretch of whole sentences of a document and its best sentence's score."""

    document: Document
    start: int
    end: int
    score: float


def extracts(
    catalogue: Catalogue,
    hits: Sequence[Hit],
    query: Query,
    wording: Wording,
    likeness: Likeness,
    *,
    most: int = MOST_SENTENCES,
) -> list[Extract]:
    """The stretches that answer best, best first: at most `most` sentences, neighbours joined."""
    considered = hits[:CONSIDERED_HITS]
    documents = {hit.document.id: catalogue.document(hit.document.id) for hit in considered}
    wordings = {id_: _sought(wording, document) for id_, document in documents.items()}
    found = [
        (hit, documents[hit.document.id], start, end)
        for hit in considered
        for start, end in _sentences(hit, documents[hit.document.id])
    ]
    cheap = [
        hit.score + wordings[hit.document.id].coverage(read_with_heads(document, start, end))
        for hit, document, start, end in found
    ]
    chosen = sorted(range(len(found)), key=lambda i: (-cheap[i], i))[:CONSIDERED_SENTENCES]
    texts = [read_with_heads(*found[i][1:]) for i in chosen]
    scored = [
        Extract(
            found[i][1],
            found[i][2],
            found[i][3],
            found[i][0].score + _score(text, alike, query, wordings[found[i][1].info.id]),
        )
        for i, text, alike in zip(chosen, texts, likeness(texts), strict=True)
    ]
    scored.sort(key=lambda one: (-one.score, one.document.info.source, one.start))
    return _joined(_worth_giving(scored[:most], wording))


def read_with_heads(document: Document, start: int, end: int) -> str:
    """A stretch of a document, before it what the row of a table that it begins in is to be read with."""
    row = document.row_at(start)
    heads = [document.text[a:b] for a, b in row.heads] if row else []
    return " ".join((*heads, document.text[start:end]))


def gives_figure_asked(extract: Extract, figure: Figure) -> bool:
    """Whether a stretch gives a figure of a kind: a number alone in a table's cell does, its unit is in the header."""
    if gives_figure(_text(extract), figure):
        return True
    rows = [row for row in extract.document.rows if extract.start <= row.start < extract.end and row.heads]
    cells = [cell for row in rows for cell in extract.document.text[row.start : row.end].split("\t")[1:]]
    return any(_BARE_NUMBER.fullmatch(cell) for cell in cells)


def _worth_giving(scored: Sequence[Extract], wording: Wording) -> list[Extract]:
    """The best and what adds to it: near it in score, not the same words again, from another document only with more
    of the question's wording."""
    kept: list[Extract] = []
    for one in scored:
        words = fold(_text(one))
        if kept and (one.score < kept[0].score - MARGIN or any(words in fold(_text(other)) for other in kept)):
            continue
        elsewhere = bool(kept) and one.document.info.id != kept[0].document.info.id
        if elsewhere and not wording.beyond(" ".join(_text(other) for other in kept)).found(words):
            continue
        kept.append(one)
    return kept


def _text(extract: Extract) -> str:
    return extract.document.text[extract.start : extract.end]


def _sought(wording: Wording, document: Document) -> Wording:
    """What a sentence of the document has yet to say: the question's wording but for what the document's name says."""
    info = document.info
    return wording.beyond(f"{info.title} {info.issuer} {info.region} {info.date[:4]} {info.date[:4]}年")


def _sentences(hit: Hit, document: Document) -> list[tuple[int, int]]:
    """The sentences of a passage with their offsets in the document, headings left out where anything else is there.

    A row of a table is one, but for a header: that is given with its rows.
    """
    passage = hit.passage
    spans = _with_whole_rows([(passage.start + a, passage.start + b) for a, b in sentences(passage.text)], document)
    full = [
        (a, b)
        for a, b in spans
        if _is_data(document, a) or not _is_heading(passage.text[a - passage.start : b - passage.start])
    ] or spans
    # A sentence that ends in a colon is nothing without what it announces.
    return [(a, passage.end) if passage.text[b - passage.start - 1] in "：:" else (a, b) for a, b in full]


def _with_whole_rows(spans: Sequence[tuple[int, int]], document: Document) -> list[tuple[int, int]]:
    """The spans, those of one row of a table as one."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        row = document.row_at(start)
        if joined and row is not None and row.start <= joined[-1][0]:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _is_data(document: Document, offset: int) -> bool:
    row = document.row_at(offset)
    return row is not None and bool(row.heads)


def _is_heading(sentence: str) -> bool:
    return len(sentence) <= 30 and not sentence.endswith(("。", "；", "！", "？", "”", "：", ";", "，"))


def _score(sentence: str, alike: float, query: Query, wording: Wording) -> float:
    figure = _FIGURE if query.wants_figures and gives_figure(sentence, figure_asked(query.text)) else 0.0
    return _LIKENESS * alike + _COVERAGE * wording.coverage(sentence) + figure


def _joined(found: Sequence[Extract]) -> list[Extract]:
    """Neighbouring sentences of one document as one stretch, in the place of the better one."""
    joined: list[Extract] = []
    for one in found:
        for position, other in enumerate(joined):
            if _gap(one, other) <= 1:
                start, end = min(one.start, other.start), max(one.end, other.end)
                joined[position] = Extract(other.document, start, end, other.score)
                break
        else:
            joined.append(one)
    return _in_reading_order(joined)


def _in_reading_order(found: Sequence[Extract]) -> list[Extract]:
    """Best first, but what stands close together in a document in its own order."""
    clusters: list[list[Extract]] = []
    for one in found:
        near = (cluster for cluster in clusters if any(_gap(one, other) <= CLOSE for other in cluster))
        cluster = next(near, None)
        if cluster is None:
            clusters.append([one])
        else:
            cluster.append(one)
    return [one for cluster in clusters for one in sorted(cluster, key=lambda one: one.start)]


def _gap(one: Extract, other: Extract) -> float:
    """The characters between two stretches; without end between documents."""
    if one.document.info.id != other.document.info.id:
        return math.inf
    return max(one.start, other.start) - min(one.end, other.end)
