"""The nouns of the index: filters, hits, and what an ingestion did."""

from dataclasses import dataclass

from ingest.model import DocumentInfo, Passage


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The same words, but for misprints, in a copy of the document (`index.copies`): `text[start:end]` of it."""

    document: DocumentInfo
    start: int
    end: int
    page: int | None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a query; `score` is comparable within one result list only.

    `also_in` are the copies of the document that have it too; they are no hits of their own.
    """

    rank: int
    score: float
    passage: Passage
    document: DocumentInfo
    also_in: tuple[Elsewhere, ...] = ()


@dataclass(frozen=True, slots=True)
class Filters:
    """Which documents may be searched; empty admits all. Values of one field are alternatives, fields combine.

    `dates` is an inclusive pair of ISO dates of any precision, an empty string for an open end.
    `sources` matches a whole source, a key or a folder (`speeches/`); `issuers` matches any part of the issuer.
    """

    kinds: tuple[str, ...] = ()
    issuers: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    dates: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that was not ingested and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class CopyCounts:
    """How many groups of copies there are (`index.copies`), and how many documents are in them."""

    groups: int = 0
    documents: int = 0


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What one ingestion did. `documents` and `passages` count the whole index afterwards.

    Every file found is counted once: added, updated, unchanged, renamed, failed or left out. A renamed document is
    neither added nor removed.
    """

    documents: int
    passages: int
    added: int
    updated: int
    removed: int
    unchanged: int
    failed: tuple[Failure, ...]
    seconds: float
    passages_per_second: float
    renamed: tuple[tuple[str, str], ...] = ()
    """Old and new sources of documents whose files were moved or renamed."""
    corrected: tuple[str, ...] = ()
    """Documents whose corrections have changed though their files have not."""
    left_out: tuple[str, ...] = ()
    """Files found that a user has removed from the index."""
    notices: tuple[str, ...] = ()
    """What the user should know, such as two corrections of one field."""
    duplicates: CopyCounts = CopyCounts()
