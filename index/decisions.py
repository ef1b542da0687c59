"""What users have decided about documents: corrections, and which documents are to be left out.

It lies beside the snapshots, in `<index>/decisions.json`, so that it outlives them: going back to an earlier snapshot
and making the index anew leave it as it is. Every snapshot holds a copy, from which a damaged file is brought back.
"""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from index.durable import sync, write_durably
from ingest.corrections import Value, parse_value
from ingest.errors import BadRequest, IndexDamaged

NAME = "decisions.json"
_FORMAT = 1
_REMEDY = "bring it back with `yinju check --repair`, which keeps what is there as decisions.json.damaged"


@dataclass(frozen=True, slots=True)
class Corrected:
    """The corrections of a document, and the hash of its content, by which it is known under another name."""

    content: str
    fields: dict[str, Value]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A document that a user has removed: the folder its file is in, and the hash of its content."""

    root: str
    content: str


@dataclass(frozen=True, slots=True)
class Decisions:
    """All that users have decided, by the source of the document."""

    corrected: Mapping[str, Corrected] = field(default_factory=dict)
    left_out: Mapping[str, LeftOut] = field(default_factory=dict)

    def fields_of(self, source: str) -> Mapping[str, Value]:
        """The corrections of a document."""
        return self.corrected[source].fields if source in self.corrected else {}

    def with_fields(self, source: str, content: str, fields: dict[str, Value]) -> "Decisions":
        """The same with other corrections of a document, none where `fields` is empty."""
        others = {name: one for name, one in self.corrected.items() if name != source}
        return replace(self, corrected={**others, source: Corrected(content, fields)} if fields else others)

    def without(self, left_out: Mapping[str, LeftOut]) -> "Decisions":
        """The same with other documents left out."""
        return replace(self, left_out=dict(left_out))

    def followed(self, contents: Mapping[str, str], moved: Iterable[tuple[str, str]]) -> "Decisions":
        """The same for documents of other names and contents: `contents` by source, `moved` pairs of old and new name.

        Corrections stay with their source. They go to another one with their document: where it is moved and has the
        content they were made for, or where their source is gone and a document without any has that content. Of two
        that meet, those that come with the content are taken, and of the others the fields they don't name. What stands
        in a file with others, under a key such as FILE#附件1, goes where its file goes.
        """
        news = dict(moved)
        files, contents = contents, dict(contents)
        for key in self.corrected.keys() - files.keys():
            file, _, part = key.rpartition("#")
            if file in files:
                contents[key] = files[file]
            if news.get(file) in files:
                news[key] = f"{news[file]}#{part}"
                contents[news[key]] = files[news[file]]
        by_content: dict[str, str] = {}
        for source in sorted(files, reverse=True):
            if source not in self.corrected:
                by_content[contents[source]] = source
        stay: dict[str, Corrected] = {}
        come: dict[str, Corrected] = {}
        for source, one in sorted(self.corrected.items(), key=lambda item: (item[0] not in news, item[0])):
            new = news.get(source)
            comes_with = new is not None and contents.get(new) == one.content
            if source in contents and not comes_with:
                stay[source] = replace(one, content=contents[source])
                continue
            target = new if new in contents else by_content.get(one.content)
            if target is None or target in come:
                stay[source] = one
            else:
                come[target] = replace(one, content=contents[target])
        together = dict(stay)
        for source, one in come.items():
            others = stay[source].fields if source in stay else {}
            together[source] = Corrected(one.content, {**others, **one.fields})
        return replace(self, corrected=together)


NONE = Decisions()


def copy_of(decisions: Decisions) -> str:
    """What a snapshot keeps of decisions: what the file holds, the same for the same decisions; empty for none."""
    return "" if decisions == NONE else _dump(decisions)


def _dump(decisions: Decisions) -> str:
    content = {
        "format": _FORMAT,
        "corrected": {source: asdict(one) for source, one in sorted(decisions.corrected.items())},
        "left_out": {source: asdict(one) for source, one in sorted(decisions.left_out.items())},
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def load(directory: Path, copy: str = "") -> Decisions:
    """What has been decided; `copy` is that of the live snapshot. Raises IndexDamaged for a damaged or lost file."""
    path = directory / NAME
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        if copy:
            raise IndexDamaged(f"{path}: missing, and with it the corrections of users; {_REMEDY}") from None
        return NONE
    except OSError as error:
        raise IndexDamaged(f"{path}: cannot be read ({error.strerror}); check its permissions") from error
    try:
        return parse(content.decode("utf-8"))
    except (ValueError, TypeError, KeyError, AttributeError, BadRequest) as error:
        raise IndexDamaged(f"{path}: damaged ({error}); {_REMEDY}") from error


def parse(content: str) -> Decisions:
    """Read what `save` wrote. Raises ValueError and its like, or BadRequest, for anything else."""
    given = json.loads(content)
    if given["format"] != _FORMAT:
        raise ValueError(f"format {given['format']} instead of {_FORMAT}")
    corrected = {}
    for source, one in given["corrected"].items():
        fields = {name: parse_value(name, value) for name, value in one["fields"].items()}
        corrected[source] = Corrected(one["content"], fields)
    return Decisions(corrected, {source: LeftOut(**one) for source, one in given["left_out"].items()})


def save(directory: Path, decisions: Decisions) -> None:
    """Replace what has been decided, all of it or nothing; only for the holder of the write lock. Raises OSError."""
    path = directory / NAME
    replacement = directory / f"{NAME}.{os.getpid()}"
    try:
        write_durably(replacement, _dump(decisions))
        os.replace(replacement, path)
        sync(directory)
    finally:
        replacement.unlink(missing_ok=True)


def bring_back(directory: Path, copy: str) -> str:
    """Put the copy of a snapshot in the place of a damaged or lost file, and say so; empty where nothing is wrong."""
    try:
        load(directory, copy)
    except IndexDamaged:
        path = directory / NAME
        if path.exists():
            os.replace(path, path.with_name(f"{NAME}.damaged"))
        save(directory, parse(copy) if copy else NONE)
        return f"brought back {NAME}, the corrections and removals of users, from the live snapshot"
    return ""
