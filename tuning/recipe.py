"""A recipe: what an encoder is tuned on, what it must not get worse at, and how; a TOML file.

    [[source]]                          # any number; what to learn from
    beir = "stard"                      # a folder in BEIR layout, or one of:
    # pairs = "pairs.jsonl"             # lines of question and passage
    # questions = "dev.jsonl"           # a question file of the evaluation, over the documents of `index`
    # places = "places.jsonl"           # lines of a question and where in the documents of `index` it is answered
    # documents = true                  # pairs made of the documents of `index`
    queries = "more/queries.jsonl"      # with `beir`: in place of the folder's own
    qrels = "more/train.tsv"
    index = ".yinju/index"              # with `questions`, `places` and `documents`
    most = 1000                         # pairs drawn where there are more; with `documents` of each kind, else 400

    [[guard]]                           # what is only measured, before and after; the same keys

    [training]                          # any of the settings of `tuning.training.Settings`, and the rank
    rank = 32

Paths are relative to the recipe.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from ingest.errors import BadRequest
from tuning.training import Settings

_KINDS = ("beir", "pairs", "questions", "places", "documents")
_OF_INDEX = ("questions", "places", "documents")
_PATHS = ("beir", "pairs", "questions", "places", "queries", "qrels", "index")
RANK = 32
_MOST_RANK = 384


@dataclass(frozen=True, slots=True)
class Material:
    """A source of pairs: exactly one of `beir`, `pairs`, `questions`, `places` and `documents`."""

    beir: Path | None = None
    pairs: Path | None = None
    questions: Path | None = None
    places: Path | None = None
    documents: bool = False
    queries: Path | None = None
    qrels: Path | None = None
    index: Path | None = None
    most: int = 0
    """Pairs drawn where there are more; 0 draws all, or with `documents` 400 of each kind."""

    @property
    def name(self) -> str:
        """What messages and cards call it."""
        named = self.queries or self.beir or self.pairs or self.questions or self.places
        if named is None:
            return "documents"
        return (
            named.name if named.suffix and named.stem != "queries" else (named if named.is_dir() else named.parent).name
        )


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to tune on and how; `rank` is that of the updates of the bundled encoder's matrices."""

    sources: tuple[Material, ...]
    guards: tuple[Material, ...] = ()
    settings: Settings = field(default_factory=Settings)
    rank: int = RANK


def read_recipe(path: Path) -> Recipe:
    """Read a recipe. Raises BadRequest that names the file and what is wrong in it, unknown keys included."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadRequest(f"{path}: the recipe cannot be read ({error})") from error
    _refuse_unknown(table, ("source", "guard", "training"), str(path))
    materials = {
        key: tuple(
            _material(one, path, f"{path}, {key} {place}") for place, one in enumerate(_list(table, key, path), 1)
        )
        for key in ("source", "guard")
    }
    if not materials["source"]:
        raise BadRequest(f"{path}: no [[source]] says what to tune on")
    training = dict(table.get("training", {}))
    rank = training.pop("rank", RANK)
    _refuse_unknown(training, tuple(one.name for one in fields(Settings)), f"{path}, training")
    settings = _settings(training, path)
    if not isinstance(rank, int) or not 1 <= rank <= _MOST_RANK:
        raise BadRequest(f"{path}, training: rank = {rank!r} is no number from 1 to {_MOST_RANK}")
    return Recipe(materials["source"], materials["guard"], settings, rank)


def _list(table: Mapping[str, Any], key: str, path: Path) -> list[Any]:
    found = table.get(key, [])
    if not isinstance(found, list):
        raise BadRequest(f"{path}: write [[{key}]], in double brackets")
    return found


def _material(table: Any, path: Path, place: str) -> Material:
    if not isinstance(table, dict):
        raise BadRequest(f"{place}: not a table")
    _refuse_unknown(table, tuple(one.name for one in fields(Material)), place)
    kinds = [key for key in _KINDS if table.get(key)]
    if len(kinds) != 1:
        raise BadRequest(f"{place}: give exactly one of {', '.join(_KINDS)}")
    if kinds[0] in _OF_INDEX and "index" not in table:
        raise BadRequest(f"{place}: `index` has to say where the documents are")
    for key, value in table.items():
        wanted = str if key in _PATHS else bool if key == "documents" else int
        if type(value) is not wanted or (isinstance(value, int) and value < 0):
            raise BadRequest(f"{place}: {key} = {value!r} is no {_WORDS[wanted]}")
    values = {key: path.parent / value if key in _PATHS else value for key, value in table.items()}
    return Material(**values)


_WORDS = {str: "path in quotation marks", bool: "true or false", int: "number from 0"}


def _settings(training: Mapping[str, Any], path: Path) -> Settings:
    for key, value in training.items():
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        whole = isinstance(getattr(Settings(), key), int)
        if not number or value < 0 or (whole and not isinstance(value, int)):
            raise BadRequest(f"{path}, training: {key} = {value!r} is no {'whole ' if whole else ''}number from 0")
    settings = replace(Settings(), **training)
    if min(settings.epochs, settings.batch, settings.checks, settings.patience) < 1 or settings.temperature <= 0:
        raise BadRequest(f"{path}, training: epochs, batch, checks, patience and temperature must be above 0")
    if not 0 < settings.share <= 1:
        raise BadRequest(f"{path}, training: share = {settings.share} is no number above 0 and up to 1")
    return settings


def _refuse_unknown(table: Mapping[str, Any], known: tuple[str, ...], place: str) -> None:
    for key in table:
        if key not in known:
            raise BadRequest(f"{place}: {key!r} is not known; there are {', '.join(known)}")
