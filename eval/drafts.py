"""Drafts of questions: what an index holds, sampled over its documents, for people to write questions about."""

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import blake2b

from eval.candidates import (
    Candidate,
    Order,
    Span,
    articles_of,
    divided,
    lists_of,
    passage_of,
    sentences_of,
    terms_of,
    unexplained_in,
)
from eval.questions import Evidence, Question, Split
from index.catalogue import Catalogue
from index.model import Filters
from ingest.chinese import sentence_at
from ingest.divide import Divided
from ingest.errors import BadRequest
from ingest.model import DocumentInfo

_LISTS, _TERMS, _ARTICLES, _UNANSWERABLE = 0.2, 0.1, 0.1, 0.2
"""Shares of the drafts; the rest are sentences. Of the unanswerable half are of terms that are only used."""
_UNASKED = Question("", "", "zh", "unanswerable", False, False, (), (), note="写一个像是有答案、文库里却没有的问题")
_PREFIXES = {None: "Q", "dev": "D", "held-out": "H"}
_HEADING = 24
"""Characters of a heading that name a place."""

_Kind = Callable[[Divided, Order], Iterator[Candidate]]


@dataclass(frozen=True, slots=True)
class _Drawn:
    held: Divided
    candidate: Candidate


def draft_questions(
    catalogue: Catalogue, count: int, *, seed: int = 0, split: Split | None = None, filters: Filters | None = None
) -> list[Question]:
    """Drafts of so many questions, or of as many as there are, their questions empty; the last are unanswerable.

    The same index, count, seed and filters give the same drafts; those of the two splits begin in different passages.
    Raises BadRequest where there is nothing to ask about.
    """
    infos = catalogue.infos(filters)
    drawing = _Drawing(catalogue, infos, seed, split)
    unanswerable = _share(count, _UNANSWERABLE)
    drawn = [
        *drawing.take(lists_of, _share(count, _LISTS)),
        *drawing.take(terms_of, _share(count, _TERMS)),
        *drawing.take(articles_of, _share(count, _ARTICLES)),
    ]
    used = drawing.take(unexplained_in(catalogue), unanswerable // 2)
    for kind in (sentences_of, lists_of, articles_of, terms_of):
        drawn += drawing.take(kind, count - unanswerable - len(drawn))
    if not drawn and not used:
        where = "no documents that match" if not infos else "no sentence of 12 to 120 characters to quote"
        raise BadRequest(
            f"nothing to write questions about: the index has {where}; ingest documents, or ask for others"
        )
    places = {info.id: place for place, info in enumerate(infos)}
    for some in (drawn, used):
        some.sort(key=lambda one: (places[one.held.document.info.id], one.candidate.start))
    drafts = [_draft(one) for one in (*drawn, *used)]
    drafts += [_UNASKED] * (unanswerable - len(used))
    width = max(2, len(str(len(drafts))))
    ids = (f"{_PREFIXES[split]}{number:0{width}}" for number in range(1, len(drafts) + 1))
    return [replace(draft, id=id, split=split) for id, draft in zip(ids, drafts, strict=True)]


class _Drawing:
    """Draws candidates from the documents that have given fewest so far, no stretch of text twice."""

    def __init__(self, catalogue: Catalogue, infos: Sequence[DocumentInfo], seed: int, split: Split | None) -> None:
        self._catalogue = catalogue
        self._seed = seed
        self._split = split
        self._waiting = [(0, place, info) for place, info in enumerate(_mixed(infos, seed))]
        self._held: dict[str, Divided] = {}
        self._offers: dict[tuple[_Kind, str], Iterator[Candidate]] = {}
        self._taken: dict[str, list[Span]] = {}

    def take(self, kind: _Kind, wanted: int) -> list[_Drawn]:
        """Candidates of a kind, as many as wanted or as there are."""
        drawn: list[_Drawn] = []
        barren: list[tuple[int, int, DocumentInfo]] = []
        while self._waiting and len(drawn) < wanted:
            given, place, info = heapq.heappop(self._waiting)
            one = self._next(kind, info)
            if one is None:
                barren.append((given, place, info))
            else:
                drawn.append(one)
                heapq.heappush(self._waiting, (given + 1, place, info))
        for waiting in barren:
            heapq.heappush(self._waiting, waiting)
        return drawn

    def _next(self, kind: _Kind, info: DocumentInfo) -> _Drawn | None:
        if info.id not in self._held:
            self._held[info.id] = divided(self._catalogue, info)
        held = self._held[info.id]
        if (kind, info.id) not in self._offers:
            self._offers[kind, info.id] = kind(held, partial(_lot, self._seed, info.source))
        taken = self._taken.setdefault(info.id, [])
        for candidate in self._offers[kind, info.id]:
            spans = candidate.quotes or ((candidate.start, candidate.start + 1),)
            overlaps = any(start < other_end and other < end for start, end in spans for other, other_end in taken)
            if not overlaps and self._is_of_split(held, spans[0]):
                taken.extend(spans)
                return _Drawn(held, candidate)
        return None

    def _is_of_split(self, held: Divided, span: Span) -> bool:
        """Whether a stretch may be drawn: every passage is of one split, whatever the seed."""
        passage = passage_of(held, *span)
        if self._split is None or passage is None:
            return True
        return (_lot("split", held.document.info.source, passage.start)[0] % 2 == 1) == (self._split == "held-out")


def _mixed(infos: Sequence[DocumentInfo], seed: int) -> list[DocumentInfo]:
    """The documents in drawn order, those of each kind spread over it."""
    drawn = sorted(infos, key=lambda info: _lot(seed, info.source, 0))
    ranks: dict[str, int] = {}
    places: dict[str, tuple[int, str]] = {}
    for info in drawn:
        ranks[info.kind] = ranks.get(info.kind, 0) + 1
        places[info.id] = (ranks[info.kind], info.kind)
    return sorted(drawn, key=lambda info: places[info.id])


def _lot(seed: int | str, source: str, place: int) -> bytes:
    return blake2b(f"{seed}\0{source}\0{place}".encode("utf-8", "surrogatepass"), digest_size=8).digest()


def _share(count: int, share: float) -> int:
    return int(count * share + 0.5)


def _draft(drawn: _Drawn) -> Question:
    held, candidate = drawn.held, drawn.candidate
    text = held.document.text
    page = held.document.page_at(candidate.start)
    path = [held.document.info.title, *map(_cut, held.outline.path_at(candidate.start))]
    place = [*path, f"第{page}页"] if page else path
    return replace(
        _UNASKED,
        type=candidate.type,
        answerable=not candidate.term,
        gold=tuple(Evidence(held.document.info.source, text[start:end]) for start, end in candidate.quotes),
        items=candidate.items,
        article=candidate.article,
        mention=text[slice(*sentence_at(text, candidate.start))].strip() if candidate.term else "",
        place=" › ".join(place),
        note=f"“{candidate.term}”：文库里用到，没有找到解释" if candidate.term else "",
    )


def _cut(heading: str) -> str:
    return heading if len(heading) <= _HEADING else heading[: _HEADING - 1] + "…"
