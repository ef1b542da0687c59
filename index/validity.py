"""What is in force: the status of each document as all documents of a library together tell it.

A status that a document prints itself stands. Else it is repealed where another document that is in force says so or
where its own term is over, superseded where the library has a newer version in force, not yet in force before its day,
and in force from then on. 不详 is what none of this tells of.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.titles import core, names_of, version_key
from ingest.corrections import BY_USER, corrected_status
from ingest.model import DocumentInfo
from ingest.titles import RULE_KINDS, title_marks

UNKNOWN, IN_FORCE, SUPERSEDED, REPEALED, NOT_YET = "不详", "现行有效", "已修改", "已废止", "尚未生效"
ENDED = (SUPERSEDED, REPEALED)
"""Of what is no longer in force."""


def with_validity(infos: Sequence[DocumentInfo], today: str) -> list[DocumentInfo]:
    """The documents with their status, what it follows from, and what took their place, on a day (ISO)."""
    repealing = _repealing(infos, today)
    newest = _newest_in_force(infos, today)
    return [_judged(info, repealing.get(info.id), newest.get(version_key(info)), today) for info in infos]


def begins(info: DocumentInfo) -> str:
    """The day from which a document has effect: that printed, else that of issue; empty where neither is known."""
    return info.effective or info.date


def _judged(
    info: DocumentInfo, repealing: DocumentInfo | None, newest: DocumentInfo | None, today: str
) -> DocumentInfo:
    corrected = corrected_status(info)
    if corrected is not None:
        info = replace(info, status_basis=BY_USER if corrected else "")
    if corrected:
        return info
    if info.status != UNKNOWN:
        return info
    if repealing is not None:
        basis = f"{title_marks(repealing.title)}{_from(begins(repealing))}载明废止"
        return replace(info, status=REPEALED, status_basis=basis, replaced_by=repealing.key)
    if info.expires and info.expires < today:
        return replace(info, status=REPEALED, status_basis=f"有效期至{info.expires}，已满")
    if newest is not None and info.date and _is_later(newest.date, info.date):
        basis = f"文库里有{newest.date}的版本：{newest.key}"
        return replace(info, status=SUPERSEDED, status_basis=basis, replaced_by=newest.key)
    if info.kind not in RULE_KINDS or not info.effective:
        return info
    if info.effective > today:
        return replace(info, status=NOT_YET, status_basis=f"自{info.effective}起施行")
    basis = f"自{info.effective}起施行，文库里没有更新的版本，也没有废止它的文件"
    return replace(info, status=IN_FORCE, status_basis=basis)


def _is_later(one: str, other: str) -> bool:
    """Whether a date is later than another; 2018-12 may be the day that 2018 leaves open."""
    return one > other and not one.startswith(other)


def _from(day: str) -> str:
    return f"（{day}起）" if day else ""


def _newest_in_force(infos: Sequence[DocumentInfo], today: str) -> dict[tuple[str, str], DocumentInfo]:
    """Of each rule that has several versions the newest that has taken effect."""
    newest: dict[tuple[str, str], DocumentInfo] = {}
    for info in infos:
        if info.date and begins(info) <= today and info.status != NOT_YET:
            key = version_key(info)
            other = newest.get(key)
            if other is None or (info.date, info.source) > (other.date, other.source):
                newest[key] = info
    return newest


def _repealing(infos: Sequence[DocumentInfo], today: str) -> dict[str, DocumentInfo]:
    """Document id to the document that repealed it, the first one where several say so."""
    called: dict[str, list[DocumentInfo]] = defaultdict(list)
    for info in infos:
        for alias in names_of(info):
            called[alias].append(info)
    found: dict[str, DocumentInfo] = {}
    ending = [info for info in infos if info.repeals and info.status != NOT_YET and begins(info) <= today]
    for info in sorted(ending, key=lambda one: (begins(one), one.source)):
        for target in _ended_by(info, called):
            found.setdefault(target.id, info)
    return found


def _ended_by(info: DocumentInfo, called: dict[str, list[DocumentInfo]]) -> Iterator[DocumentInfo]:
    """The documents that `info` repeals: those called so that are older than it and are not the same text again."""
    for title in info.repeals:
        for target in called.get(core(title), ()):
            if target.id != info.id and target.date and _is_later(info.date, target.date):
                yield target
