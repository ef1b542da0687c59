"""The parts of retrieval and answering that can be turned off one by one, to see what each brings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, fields, replace
from difflib import get_close_matches

from answer.method import METHOD, Method, WayName
from index.lexical import FieldWeights
from index.scoring import RankingWeights
from ingest.errors import BadRequest


@dataclass(frozen=True, slots=True)
class Setup:
    """What is measured: how questions are answered, and whether passages were embedded with their context."""

    method: Method = METHOD
    prefix: bool = True
    without: tuple[str, ...] = ()
    """The names of the parts turned off, in the order of `PARTS`, in which they are turned off."""

    @property
    def settings(self) -> dict[str, object]:
        """What differs from the product, and every number that counts, as a JSON object."""
        method = asdict(self.method)
        return {"without": list(self.without), **method, "ways": list(self.method.ways), "prefix": self.prefix}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the product that can be turned off, and whether search alone shows what it brings."""

    name: str
    meaning: str
    is_of_search: bool
    remove: Callable[[Setup], Setup]


def _weights(setup: Setup, **changes: object) -> Setup:
    weights = replace(setup.method.weights, **changes)  # type: ignore[arg-type]
    return replace(setup, method=replace(setup.method, weights=weights))


def _field(name: str, meaning: str, field: str) -> Part:
    return Part(
        name,
        meaning,
        True,
        lambda setup: _weights(setup, fields=replace(setup.method.weights.fields, **{field: 0.0})),
    )


def _weight(name: str, meaning: str, *weights: str) -> Part:
    return Part(name, meaning, True, lambda setup: _weights(setup, **dict.fromkeys(weights, 0.0)))


def _ways(name: str, meaning: str, *ways: WayName) -> Part:
    def remove(setup: Setup) -> Setup:
        left = tuple(way for way in setup.method.ways if way not in ways)
        return replace(setup, method=replace(setup.method, ways=left))

    return Part(name, meaning, False, remove)


def _only_best_sentences(setup: Setup) -> Setup:
    blind = _weights(setup, documents=0.0, phrase=0.0, article=0.0, list=0.0, figures=0.0)
    return replace(blind, method=replace(blind.method, ways=("extract",)))


_ALL = (
    _field("words", "jieba words of the passage (lexical)", "words"),
    _field("bigrams", "character bigrams of the passage (lexical)", "bigrams"),
    _field("entities", "文号, articles, years, 五个更 and other names (lexical)", "entities"),
    _field("context", "title, headings and lead-in as words (lexical)", "context"),
    Part(
        "prefix", "title, headings and lead-in in the embedded text", True, lambda setup: replace(setup, prefix=False)
    ),
    Part(
        "convex",
        "convex fusion of normalised scores (reciprocal ranks take its place)",
        True,
        lambda setup: _weights(setup, fusion="reciprocal ranks"),
    ),
    Part(
        "fusion-weights",
        "the weights of both searches (equal ones take their place)",
        True,
        lambda setup: _weights(setup, lexical=0.5, dense=0.5, lexical_foreign=0.5),
    ),
    _weight("lexical", "search by words altogether", "lexical"),
    _weight("dense", "search by meaning altogether", "dense"),
    _weight("documents", "documents, years, regions and versions that the question names", "documents"),
    _weight("phrase", "quoted phrases found in a passage", "phrase"),
    _weight("article-cue", "the passage of the article asked for", "article"),
    _weight("list-cue", "passages with members of a list where one is wanted", "list"),
    _weight("figure-cue", "passages with figures where some are wanted", "figures"),
    _weight("scraps", "fewer points for passages of few words and for publishers' notices", "scrap", "notice"),
    _ways("missing", "refusal of documents and years that the library does not hold", "missing"),
    _ways("article", "answering by an article's number", "article"),
    _ways("wording", "answering how and when something was worded", "wording", "first use"),
    _ways("term", "answering what a term means", "term"),
    _ways("facets", "a quotation for each year or region compared", "facets"),
    _ways("list", "answering with a list and its members", "list"),
    Part(
        "sentence-meaning",
        "comparing sentences and lists with the question by meaning",
        False,
        lambda setup: replace(setup, method=replace(setup.method, by_meaning=False)),
    ),
    Part(
        "refusal",
        "refusing below a confidence",
        False,
        lambda setup: replace(setup, method=replace(setup.method, refuse_below=0.0)),
    ),
    Part(
        "understanding",
        "everything read off the question: documents named, cues, and all ways of answering but the best sentences",
        False,
        _only_best_sentences,
    ),
)
PARTS: dict[str, Part] = {part.name: part for part in _ALL}
"""Every part by name."""


def setup_without(names: Iterable[str]) -> Setup:
    """The product without some parts; BadRequest names a part that there is not."""
    wanted = set(names)
    for name in sorted(wanted - set(PARTS)):
        raise BadRequest(f"no part is called {name!r}{_near(name, PARTS)}; parts are {', '.join(PARTS)}")
    setup = Setup(without=tuple(name for name in PARTS if name in wanted))
    for name in setup.without:
        setup = PARTS[name].remove(setup)
    return setup


def with_numbers(setup: Setup, assignments: Iterable[str]) -> Setup:
    """The setup with numbers set, each `NAME=NUMBER`; BadRequest names what is no number and what is not known.

    Names are those of `index.scoring.RankingWeights`, of `index.lexical.FieldWeights` (as `fields.words`), and
    `refuse_below`.
    """
    for assignment in assignments:
        name, _, value = assignment.partition("=")
        try:
            number = float(value)
        except ValueError as error:
            raise BadRequest(f"--set {assignment}: give a number, as in --set dense=0.6") from error
        if name not in NUMBERS:
            raise BadRequest(f"--set {assignment}: no number is called {name!r}; there are {', '.join(NUMBERS)}")
        if name == "refuse_below":
            setup = replace(setup, method=replace(setup.method, refuse_below=number))
        elif name.startswith("fields."):
            setup = _weights(
                setup, fields=replace(setup.method.weights.fields, **{name.removeprefix("fields."): number})
            )
        else:
            setup = _weights(setup, **{name: number})
    return setup


NUMBERS = (
    *(field.name for field in fields(RankingWeights) if isinstance(field.default, float)),
    *(f"fields.{field.name}" for field in fields(FieldWeights)),
    "refuse_below",
)
"""The numbers that can be set."""


def _near(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), n=1)
    return f" (do you mean {near[0]}?)" if near else ""
