"""Which version of a document a reference means: the one in force when the citing document was made."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal

from index.attachments import Attachments
from index.catalogue import Catalogue
from index.stored_references import number_key
from index.titles import core, version_key
from index.validity import begins
from ingest.dates import find_dates
from ingest.model import DocumentInfo
from ingest.references.model import Reference
from ingest.titles import RULE_KINDS

State = Literal["resolved", "other version", "ambiguous", "missing", "unclear"]
"""Of references: its target is known; only other versions are held; several may be meant; the library does not hold
the document; the text does not say which is meant."""
_HEAD = 2000
"""Characters in which a rule tells its history."""
_BODY = re.compile(r"\n第一[章编条]")
_REVISED = re.compile(r"修[订正改]")
_MADE = re.compile(r"修[订正改]|发布|公布|印发")
_SAME_VERSION = 3
"""Months within which two dates are of one version: adopted and published, say."""
_CACHED = 64


class Versions:
    """The versions of the documents of a catalogue."""

    def __init__(self, catalogue: Catalogue, attachments: Attachments) -> None:
        self._catalogue = catalogue
        self._attachments = attachments
        self._versions: dict[tuple[str, str], list[DocumentInfo]] = defaultdict(list)
        for info in catalogue.infos():
            self._versions[version_key(info)].append(info)
        self._told = lru_cache(_CACHED)(self._told_by)

    def of(
        self, citing: DocumentInfo, reference: Reference, documents: Sequence[DocumentInfo]
    ) -> tuple[State, list[DocumentInfo], list[DocumentInfo]]:
        """The version in force when the citing document was made, or the one that it gives the date of."""
        repeals = any(core(title) in {core(one) for one in citing.repeals} for title in reference.titles)
        if citing in documents and not repeals and not reference.date:
            return "resolved", [citing], []
        issued = [info for info in documents if info in self._attachments.family(citing)]
        if issued and citing.kind != "决定" and not repeals and not reference.date:
            return "resolved", issued[:1], []
        versions = self.all_of(documents)
        if reference.titles and versions[0].kind == "报告" and core(versions[0].title) != core(reference.titles[0]):
            return "ambiguous", versions, []
        if reference.number and all(number_key(info.number) == number_key(reference.number) for info in documents):
            return _newest(documents)
        elif len({(core(info.title), info.region) for info in versions}) > 1 or not _are_versions(versions):
            versions = _of_region(versions, citing.region)
            if len(versions) > 1 and (not _are_versions(versions) or len({version_key(one) for one in versions}) > 1):
                return "ambiguous", versions, []
        versions = [info for info in versions if info.id != citing.id]
        if reference.date:
            dated = [info for info in versions if _same_day(reference.date, info)]
            return _newest(dated) if dated else ("other version", versions, [])
        if not citing.date or not any(info.date for info in versions):
            is_only = len({info.date for info in versions}) == 1 and not self._revised(versions)
            return _newest(versions) if is_only else ("ambiguous", versions, [])
        day = citing.date if len(citing.date) == len("2020-01-01") else citing.date + "~"
        then = [one for one in versions if _in_effect_from(one) <= day and not (repeals and one.date >= day)]
        if not then or self._is_followed(max(one.date for one in then), day, versions):
            return "other version", versions, []
        return _newest(then)

    def _is_followed(self, date: str, day: str, versions: Sequence[DocumentInfo]) -> bool:
        """Whether the versions tell of another one, which the library lacks, between that of a date and a day."""
        return any(_months(date) + _SAME_VERSION < _months(told) and told <= day for told in self._revised(versions))

    def _revised(self, versions: Sequence[DocumentInfo]) -> tuple[str, ...]:
        """The days on which the heads of the versions of a rule say that it was revised or published."""
        return tuple(day for info in versions if info.kind in RULE_KINDS for day in self._told(info.id))

    def _told_by(self, document_id: str) -> tuple[str, ...]:
        head = _BODY.split(self._catalogue.document(document_id).own_text[:_HEAD], maxsplit=1)[0]
        found = [(day, clause) for line in head.split("\n") for day, clause in find_dates(line)]
        revised = any(_REVISED.search(clause) for _, clause in found)
        return tuple(day for day, clause in found if revised and _MADE.search(clause))

    def all_of(self, documents: Sequence[DocumentInfo]) -> list[DocumentInfo]:
        """All versions of some documents, oldest first."""
        found = dict.fromkeys(documents)
        for info in documents:
            found.update(dict.fromkeys(self._versions[version_key(info)]))
        return sorted(found, key=lambda one: (one.date, one.source))


def _newest(versions: Iterable[DocumentInfo]) -> tuple[State, list[DocumentInfo], list[DocumentInfo]]:
    """The newest version, and the other documents that hold the same one."""
    last = max(info.date for info in versions) if versions else ""
    same = sorted((info for info in versions if info.date == last), key=lambda info: info.source)
    return "resolved", same[:1], same[1:]


def _in_effect_from(info: DocumentInfo) -> str:
    """The day from which a version has effect: a revised rule often goes on printing the day of the first one."""
    return max(begins(info), info.date)


def _months(date: str) -> int:
    """Months since the year 0; of a year alone its last."""
    year, month = date[:4], date[5:7]
    return int(year or 0) * 12 + (int(month) if month else 12)


def _are_versions(infos: Sequence[DocumentInfo]) -> bool:
    """Whether documents of one title are versions of each other; reports and speeches are not."""
    return len(infos) == 1 or all(info.kind in RULE_KINDS or version_key(info)[0] != info.id for info in infos)


def _of_region(infos: Sequence[DocumentInfo], region: str) -> list[DocumentInfo]:
    near = [info for info in infos if info.region == region]
    return near or [info for info in infos if not info.region] or list(infos)


def _same_day(date: str, info: DocumentInfo) -> bool:
    """Whether a date of any precision is that of a version or of its publication."""
    return any(day and (day.startswith(date) or date.startswith(day)) for day in (info.date, info.published))
