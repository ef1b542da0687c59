"""Where the gold quotes of questions stand in the documents of an index, and what is wrong with them."""

from collections.abc import Iterator, Mapping, Sequence

from eval.measures import Stretch, locate
from eval.problems import Level, Problem
from eval.questions import Evidence, Question
from index.catalogue import Catalogue
from ingest.chinese import fold
from ingest.errors import BadRequest
from ingest.model import Document, Passage

SHORTEST_QUOTE = 4
"""Quotes of fewer characters prove nothing."""
ALIKE = 0.8
"""Questions that share so much of their character bigrams (Jaccard) are nearly the same."""
HALF = 0.5
"""The share of a quote that a returned passage must cover for the quote to count as found."""
_SHOWN = 24


def stretches_of(catalogue: Catalogue, question: Question) -> list[Stretch | None]:
    """Where each gold quote of a question stands, in order; None where the index has no such document or words."""
    return [_stretch(one, document) for one in question.gold for document in [document_of(catalogue, one.source)]]


def find_problems(catalogue: Catalogue | None, questions: Sequence[Question]) -> list[Problem]:
    """All that is wrong with the evidence of some questions, by line; without a catalogue what shows without it."""
    unread = {failure.source: failure.reason for failure in catalogue.failures()} if catalogue else {}
    problems: list[Problem] = []
    for question in questions:
        wrong = list(_wrong_with_evidence(question))
        if catalogue:
            wrong += _wrong_in_documents(catalogue, question, unread)
        # Quotes of one document share what is wrong with it.
        first: dict[tuple[str, Level], int] = {}
        for line, message, level in wrong:
            first.setdefault((message, level), line or question.line)
        problems += [
            Problem(line, question.id, message, level, question.unit) for (message, level), line in first.items()
        ]
    return sorted(problems, key=lambda problem: problem.line)


_Wrong = tuple[int, str, Level]
"""What is wrong: the line, 0 for that of the question, the message, and how bad it is."""


def _wrong_with_evidence(question: Question) -> Iterator[_Wrong]:
    if question.answerable and not question.gold:
        yield 0, "answerable, but no gold quote says where the answer stands", "error"
    if not question.answerable and (question.gold or question.items):
        yield 0, "not answerable, but it has gold quotes or items", "error"
    for one in question.gold:
        if len(one.quote) < SHORTEST_QUOTE:
            yield one.line, f"{one.quote!r} is too short to prove an answer", "note"


def _wrong_in_documents(catalogue: Catalogue, question: Question, unread: Mapping[str, str]) -> Iterator[_Wrong]:
    for one in question.gold:
        if one.source in unread:
            yield one.line, f"{one.source}: could not be read into this index: {unread[one.source]}", "error"
        else:
            for message, level in _wrong_with_quote(catalogue, one):
                yield one.line, message, level
    documents = [document for one in question.gold if (document := document_of(catalogue, one.source))]
    for item in question.items:
        if documents and not any(_plain(item) in _plain(document.text) for document in documents):
            yield 0, f"the item {_shown(item)!r} stands in none of the documents quoted", "note"


def _wrong_with_quote(catalogue: Catalogue, one: Evidence) -> Iterator[tuple[str, Level]]:
    try:
        document = catalogue.by_source(one.source)
    except BadRequest as error:
        yield str(error), "error"
        return
    stretch = _stretch(one, document)
    if stretch is None:
        yield f"not word for word in {one.source}: {_shown(one.quote)!r}; {_parting(one, document)}", "error"
        return
    held_in_file = catalogue.documents_of_file(document.info.source)
    shares = _shares([one for held in held_in_file for one in catalogue.passages(held.info.id)], stretch)
    held = " + ".join(f"{share:.0%}" for share in shares)
    if len(shares) > 1 and max(shares) >= HALF:
        yield f"{_shown(one.quote)!r} spans a passage border: {held} of it stand in {len(shares)} passages", "note"
    if shares and max(shares) < HALF:
        yield (
            f"{_shown(one.quote)!r} spans passage borders and no passage holds half of it ({held}), so that search "
            "cannot find it; quote a shorter stretch",
            "error",
        )
    times = document.text.count(one.quote)
    if times > 1:
        yield f"{_shown(one.quote)!r} stands {times} times in {one.source}; the first counts", "note"


def document_of(catalogue: Catalogue, source: str) -> Document | None:
    """The document of a source, None where the index has none."""
    try:
        return catalogue.by_source(source)
    except BadRequest:
        return None


def _stretch(one: Evidence, document: Document | None) -> Stretch | None:
    span = locate(one.quote, document.text) if document else None
    return Stretch(document.info.source, *span) if document and span else None


def _shares(passages: Sequence[Passage], stretch: Stretch) -> list[float]:
    """How much of a stretch each passage that touches it holds, in order."""
    overlaps = (min(stretch.end, passage.end) - max(stretch.start, passage.start) for passage in passages)
    return [overlap / (stretch.end - stretch.start) for overlap in overlaps if overlap > 0]


def repeated(questions: Sequence[Question], others: Mapping[str, Sequence[Question]] | None = None) -> list[Problem]:
    """Questions that are nearly the same as an earlier one, or as one of other files, given by their names.

    It is an error where one of the two is held out and the other is not.
    """
    seen = [(one, name, _bigrams(one.text)) for name, known in (others or {}).items() for one in known]
    problems: list[Problem] = []
    for question in questions:
        grams = _bigrams(question.text)
        for other, name, known in seen:
            if grams and len(grams & known) >= ALIKE * len(grams | known) and question.language == other.language:
                place = ", ".join(part for part in (name, f"{other.unit} {other.line}") if part)
                leaks = (question.split == "held-out") != (other.split == "held-out")
                message = f"asks nearly the same as {other.id} ({place}): {_shown(other.text)!r}"
                message += "; what stands among dev questions is not held out" if leaks else ""
                level: Level = "error" if leaks else "note"
                problems.append(Problem(question.line, question.id, message, level, question.unit))
                break
        seen.append((question, "", grams))
    return problems


def _parting(one: Evidence, document: Document) -> str:
    """Up to where a quote agrees with its document."""
    text, wanted = fold(document.text), fold(one.quote)
    low, high = 0, len(wanted)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if wanted[:middle] in text else (low, middle - 1)
    if low < SHORTEST_QUOTE:
        return "nothing in it begins so"
    parting = text.find(wanted[:low]) + low
    last, theirs, ours = wanted[max(0, low - _SHOWN) : low], text[parting : parting + 12], wanted[low : low + 12]
    return f"it agrees up to {last!r}, then the document has {theirs!r} and the quote {ours!r}"


def _bigrams(text: str) -> frozenset[str]:
    plain = _plain(text)
    return frozenset(plain[i : i + 2] for i in range(len(plain) - 1))


def _plain(text: str) -> str:
    return "".join(character for character in fold(text) if character.isalnum())


def _shown(text: str) -> str:
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
