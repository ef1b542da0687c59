"""What users correct of a document: which fields, which values they can have, and what follows from them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from ingest.dates import date_alone
from ingest.errors import BadRequest
from ingest.model import Correction, DocumentInfo
from ingest.repeal import find_expiry

Value = str | tuple[str, ...]
Fields = Mapping[str, Value]
"""Names of fields and what they are to be; empty where a document is to have none."""
DATES = ("date", "adopted", "published", "effective", "expires")
FIELDS = (
    "title", "kind", "issuer", "number", *DATES, "speaker", "occasion", "region", "status", "repeals",
)  # fmt: skip
"""The fields that can be corrected."""
STATUSES = ("现行有效", "已修改", "已废止", "尚未生效", "不详")
BY_USER = "用户更正"
"""What a status that a user has given follows from."""
_LONGEST = 500
_EMPTY = {"kind": "其他", "status": "不详"}
"""What stands for none."""


def parse_value(field: str, given: object) -> Value:
    """A value as it is kept; `given` is text, for dates also a date or year, for `repeals` a list of texts.

    Raises BadRequest that names the field, the value and what it can be.
    """
    if field not in FIELDS:
        raise BadRequest(f"{field}: no such field; the fields are {', '.join(FIELDS)}")
    if field == "repeals":
        titles = [given] if isinstance(given, str) else given
        if not isinstance(titles, list | tuple) or not all(isinstance(title, str) for title in titles):
            raise BadRequest('repeals: write a list of titles, such as ["差旅费管理办法"]')
        return tuple(title for title in (_text(field, one).strip("《》") for one in titles) if title)
    if field in DATES:
        return _date(field, given)
    value = _text(field, given)
    if field == "title":
        value = value.removeprefix("《").removesuffix("》") if value.count("《") == 1 and value[0] == "《" else value
        if not value:
            raise BadRequest("title: a document cannot be without one; give another, or reset it to what was read")
    if field == "status" and value and value not in STATUSES:
        raise BadRequest(f"status: {value} is none; write one of {', '.join(STATUSES)}")
    return value


def _text(field: str, given: object) -> str:
    if not isinstance(given, str):
        raise BadRequest(f"{field}: {given!r} is not text; write it in quotation marks")
    value = " ".join(given.split())
    if len(value) > _LONGEST:
        raise BadRequest(f"{field}: longer than {_LONGEST} characters; shorten it")
    if not value.isprintable():
        raise BadRequest(f"{field}: {value!r} holds characters that cannot be printed; leave them out")
    return value


def _date(field: str, given: object) -> str:
    """A date of any precision as ISO 8601: 2024-03-29, 2024-03 or 2024, or as printed: 2024年3月29日."""
    if isinstance(given, int) and not isinstance(given, bool):
        given = str(given)
    value = given.isoformat() if isinstance(given, date) else _text(field, given)
    value = value[: len("2024-03-29")] if isinstance(given, date) else date_alone(value) or value
    if value and not _is_date(value):
        raise BadRequest(f"{field}: {given} is not a date; write 2024-03-29, 2024-03 or 2024")
    return value


def _is_date(value: str) -> bool:
    if len(value) not in (len("2024"), len("2024-03"), len("2024-03-29")):
        return False
    try:
        return date.fromisoformat(value + "0000-01-01"[len(value) :]).year >= 1000
    except ValueError:
        return False


def as_read(info: DocumentInfo) -> DocumentInfo:
    """What was read from the document, without corrections."""
    read = {correction.field: correction.read for correction in info.corrections}
    return replace(info, **read, corrections=()) if read else info  # type: ignore[arg-type]


def correct(read: DocumentInfo, text: Callable[[], str], *, sidecar: Fields, edit: Fields) -> DocumentInfo:
    """A document with the corrections of both kinds; where both name a field that of `yinju edit` is taken.

    Where it says for how many years it is in force and the day from which has been corrected, the last day follows
    from that (`text` gives what is to be searched for it).
    """
    named = [(field, value, "sidecar") for field, value in sidecar.items() if field not in edit]
    named += [(field, value, "edit") for field, value in edit.items()]
    effective = next((value for field, value, _ in named if field == "effective"), None)
    if isinstance(effective, str) and effective != read.effective and "expires" not in {**sidecar, **edit}:
        expires = find_expiry(text(), effective)
        if expires != read.expires:
            named.append(("expires", expires, "effective"))
    if not named:
        return read
    named.sort(key=lambda one: FIELDS.index(one[0]))
    corrections = tuple(Correction(field, value, getattr(read, field), by) for field, value, by in named)
    values = {field: value or _EMPTY.get(field, value) for field, value, _ in named}
    return replace(read, **values, corrections=corrections)  # type: ignore[arg-type]


def corrected_status(info: DocumentInfo) -> str | None:
    """The status that a user has given a document, empty where it is to have none of its own; else None."""
    given = next((correction.value for correction in info.corrections if correction.field == "status"), None)
    return given if given is None or isinstance(given, str) else ""
