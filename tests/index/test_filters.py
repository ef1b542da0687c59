import pytest

from index.filters import admits, parse_filters
from index.model import Filters
from ingest.errors import BadRequest
from ingest.model import DocumentInfo

INFO = DocumentInfo(
    id="1", source="办法/差旅.txt", title="办法", kind="办法", issuer="财政部 教育部", date="2019-06", region="浙江省"
)


def test_conditions_of_one_field_are_alternatives() -> None:
    filters = parse_filters(["kind=意见", "kind=办法", "year=2008..2010", "year=2009", "source=办法/", "region=浙江"])
    assert filters == Filters(kinds=("意见", "办法"), years=(2008, 2009, 2010), sources=("办法/",), regions=("浙江",))


@pytest.mark.parametrize(
    ("condition", "dates"),
    [
        ("date=2019-01-01..2020", ("2019-01-01", "2020")),
        ("date=2019-05", ("2019-05", "2019-05")),
        ("date=..2020", ("", "2020")),
        ("date=2019..", ("2019", "")),
        (" date = 2019-05 .. 2019 ", ("2019-05", "2019")),
    ],
)
def test_dates_are_single_or_a_range(condition: str, dates: tuple[str, str]) -> None:
    assert parse_filters([condition.replace(" .. ", "..")]) == Filters(dates=dates)


@pytest.mark.parametrize(
    ("condition", "allowed"),
    [
        ("colour=red", "kind, issuer, region, status, source, year, date"),
        ("kind", "FIELD=VALUE"),
        ("kind=", "FIELD=VALUE"),
        ("status=好", "现行有效, 已修改, 已废止, 尚未生效, 不详"),
        ("year=08", "2008..2012"),
        ("year=2012..2008", "2008..2012"),
        ("date=2019-13", "2019-05-01"),
        ("date=2019-02-30", "2019-05-01"),
        ("date=..", "2019-05-01"),
        ("date=2020..2019", "2019-05-01"),
    ],
)
def test_a_bad_condition_is_answered_with_what_is_allowed(condition: str, allowed: str) -> None:
    with pytest.raises(BadRequest, match=allowed.replace(".", r"\.")):
        parse_filters([condition])


def test_only_one_range_of_dates() -> None:
    with pytest.raises(BadRequest, match="date=2021: only one"):
        parse_filters(["date=2019", "date=2021"])


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("kind=办法", True),
        ("kind=意见", False),
        ("issuer=教育部", True),
        ("issuer=公安部", False),
        ("region=浙江", True),
        ("region=江苏", False),
        ("status=不详", True),
        ("source=办法", True),
        ("source=办法/", True),
        ("source=办法/差旅.txt", True),
        ("source=办", False),
        ("year=2019", True),
        ("year=2018", False),
        # 2019-06 is somewhere in June, so it may be the 15th, but not in May.
        ("date=2019-06-15", True),
        ("date=2019-05", False),
        ("date=2019", True),
        ("date=2019-07..", False),
        ("date=..2019-06-01", True),
    ],
)
def test_a_document_is_admitted(condition: str, expected: bool) -> None:
    assert admits(parse_filters([condition]), INFO) is expected


def test_an_undated_document_satisfies_no_date() -> None:
    undated = DocumentInfo(id="1", source="a", title="a")
    assert admits(Filters(), undated)
    assert not admits(Filters(years=(2019,)), undated)
    assert not admits(Filters(dates=("", "2019")), undated)
