"""Conditions on documents: parsed from `FIELD=VALUE` and tested against what a document is."""

import re
from collections.abc import Sequence
from datetime import date

from index.model import Filters
from ingest.errors import BadRequest
from ingest.model import DocumentInfo

FIELDS = ("kind", "issuer", "region", "status", "source", "year", "date")
STATUSES = ("现行有效", "已修改", "已废止", "尚未生效", "不详")
LAST = "\uffff"
"""Sorts after every character of a date: "2019" + LAST is the end of 2019."""
_YEAR = re.compile(r"(\d{4})(?:\.\.(\d{4}))?$")
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?$")


def parse_filters(conditions: Sequence[str]) -> Filters:
    """Read conditions such as `kind=意见`, `year=2008..2012`, `date=2019-01-01..2020`, `source=speeches/`.

    Conditions of one field are alternatives; of different fields, all must hold.
    Raises BadRequest for an unknown field or a value that the field cannot have.
    """
    values: dict[str, list[str]] = {field: [] for field in FIELDS}
    for condition in conditions:
        field, equals, value = (part.strip() for part in condition.partition("="))
        if not equals or not value or field not in values:
            raise BadRequest(f"{condition!r} is not a condition: write FIELD=VALUE, FIELD being {', '.join(FIELDS)}")
        values[field].append(value)
    for status in values["status"]:
        if status not in STATUSES:
            raise BadRequest(f"status={status}: a status is one of {', '.join(STATUSES)}")
    return Filters(
        kinds=tuple(values["kind"]),
        issuers=tuple(values["issuer"]),
        regions=tuple(values["region"]),
        statuses=tuple(values["status"]),
        sources=tuple(values["source"]),
        years=tuple(sorted({year for value in values["year"] for year in _parse_years(value)})),
        dates=_parse_dates(values["date"]),
    )


def _parse_years(value: str) -> range:
    match = _YEAR.match(value)
    if match is None or int(match[2] or match[1]) < int(match[1]):
        raise BadRequest(f"year={value}: write a year (2008) or a range of years (2008..2012)")
    return range(int(match[1]), int(match[2] or match[1]) + 1)


def _parse_dates(values: list[str]) -> tuple[str, str]:
    if not values:
        return "", ""
    if len(values) > 1:
        raise BadRequest(f"date={values[1]}: only one date condition is possible; write a range (2019-01-01..2020-06)")
    first, dots, last = values[0].partition("..")
    last = last if dots else first
    known = [bound for bound in (first, last) if bound]
    if not known or not all(_is_date(bound) for bound in known) or (last and first > last + LAST):
        raise BadRequest(f"date={values[0]}: write 2019, 2019-05, 2019-05-01 or a range of these (2019-01-01..2020)")
    return first, last


def _is_date(text: str) -> bool:
    if not _DATE.match(text):
        return False
    try:
        date.fromisoformat(text + "0000-01-01"[len(text) :])
    except ValueError:
        return False
    return True


def admits(filters: Filters, info: DocumentInfo) -> bool:
    """Whether a document satisfies the filters.

    A date that is cut short (2019) satisfies a range that it may lie in; a document without a date satisfies none.
    A region is also satisfied by its longer name (浙江 by 浙江省).
    """
    first, last = filters.dates
    if (first or last) and not (info.date and info.date + LAST >= first and (not last or info.date <= last + LAST)):
        return False
    if filters.years and info.year not in filters.years:
        return False
    return (
        (not filters.kinds or info.kind in filters.kinds)
        and (not filters.statuses or info.status in filters.statuses)
        and (not filters.issuers or any(issuer in info.issuer for issuer in filters.issuers))
        and (not filters.regions or any(info.region.startswith(region) for region in filters.regions))
        and (not filters.sources or any(_is_inside(info.key, source) for source in filters.sources))
    )


def _is_inside(source: str, wanted: str) -> bool:
    # A file is met by all documents in it (…#附件1), one of them by that one alone.
    return source == wanted or source.startswith((wanted.rstrip("/") + "/", f"{wanted}#"))
