"""Dates as Chinese documents print them → ISO 8601, and what happened on them: adopted, published, revised."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.chinese import NUMERAL, parse_number

_ZEROS = str.maketrans("○OoОοＯ０Ｏ", "〇〇〇〇〇〇〇〇")
_YEAR = "[12１２一二][0-9０-９〇零○OoОοＯ一二三四五六七八九]{3}"
_SMALL = "[0-9０-９〇零○一二三四五六七八九十]{1,3}"
DATE = (
    rf"(?:{_YEAR}\s?年(?:\s?{_SMALL}\s?月(?:\s?{_SMALL}\s?日)?)?"
    r"|(?<!\d)(?:19|20)\d\d(?:[.\-/]\d{1,2}[.\-/]\d{1,2})(?!\d))"
)
"""A pattern for one date, without groups: 2018年12月24日, 二〇〇四年四月, 1998年, 2003.11.13."""
_DATE = re.compile(DATE)
_CHINESE_PARTS = re.compile(rf"({_YEAR})\s?年(?:\s?({_SMALL})\s?月(?:\s?({_SMALL})\s?日)?)?")
_PLAIN_PARTS = re.compile(r"(\d{4})[.\-/](\d{1,2})[.\-/](\d{1,2})")
_ONLY_DATE = re.compile(rf"[（(\[]?\s*({DATE})\s*[日印发]{{0,3}}\s*[)）\]]?")
_IN_FILE_NAME = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?:(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])|[-_.年](1[0-2]|0?[1-9])[-_.月]([12]\d|3[01]|0?[1-9])日?)?(?!\d)"
)

_EFFECTIVE = re.compile(rf"自\s*({DATE})\s*起(?:正式)?(?:开始)?(?:施行|实施|生效|执行|试行)")
_ITSELF = re.compile(r"(?:本|该)[^，。；\n]{0,12}$")
_EFFECTIVE_AT_ONCE = re.compile(r"自(?:公布|发布|印发|颁布|下发|公告)之日起(?:正式)?(?:施行|实施|生效|执行|试行)")
_REVISED = re.compile(r"修订|修正|修改")
_ADOPTED = re.compile(r"通过|批准|会议决定")
_PUBLISHED = re.compile(r"公布|发布|印发|颁布|令第|第.{1,6}号令")
_IN_FORCE = re.compile(r"施行|实施|生效|试行")


@dataclass(frozen=True, slots=True)
class History:
    """What a document says happened to it, as ISO dates in the order printed; empty where it says nothing."""

    adopted: str = ""
    published: str = ""
    effective: str = ""
    revisions: tuple[str, ...] = field(default=())


def parse_date(printed: str) -> str:
    """The first date in `printed` as ISO 8601 of the precision given, empty where there is none or it is no date."""
    match = _CHINESE_PARTS.search(printed)
    if match is None:
        match = _PLAIN_PARTS.search(printed)
    if match is None:
        return ""
    year, month, day = (parse_number(part.translate(_ZEROS)) if part else None for part in match.groups())
    if year is None or not 1900 <= year <= 2100:
        return ""
    if month is None or not 1 <= month <= 12:
        return f"{year}"
    return f"{year}-{month:02}-{day:02}" if day is not None and 1 <= day <= 31 else f"{year}-{month:02}"


def find_dates(line: str) -> Iterator[tuple[str, str]]:
    """Yield each date in a line with what is printed between it and the next one."""
    matches = list(_DATE.finditer(line))
    for position, match in enumerate(matches):
        end = matches[position + 1].start() if position + 1 < len(matches) else len(line)
        if parse_date(match.group()):
            yield parse_date(match.group()), line[match.end() : end]


def date_alone(line: str) -> str:
    """The ISO date when a line is nothing but a date, in brackets or not; else empty."""
    match = _ONLY_DATE.fullmatch(line.strip())
    return parse_date(match.group(1)) if match else ""


def file_name_date(stem: str) -> str:
    """The last date or year in a file name: 条例(2024-11-08) → 2024-11-08, 处分条例2015 → 2015."""
    matches = list(_IN_FILE_NAME.finditer(stem))
    if not matches:
        return ""
    year, *rest = matches[-1].groups()
    parts = [int(part) for part in rest if part]
    return f"{year}-{parts[0]:02}-{parts[1]:02}" if parts else year


def read_history(lines: Sequence[str]) -> History:
    """What the lines between a rule's title and its first article say of its making.

    2018年3月20日…通过, 2010年4月29日…修订, 2014年3月1日 施行, 国务院令第646号公布, and such lines in brackets.
    """
    adopted = published = effective = ""
    revisions: list[str] = []
    for line in lines:
        for date, clause in find_dates(line):
            if re.match(r"\s*(?:以前|以后|之前|之后)", clause):
                continue
            if re.match(r"\s*起", clause) or (_IN_FORCE.match(clause.strip()) and not _PUBLISHED.search(clause)):
                effective = date
            elif _REVISED.search(clause):
                revisions.append(date)
            elif _PUBLISHED.search(clause) and not _ADOPTED.search(clause.split("，")[0]):
                published = date
            elif _ADOPTED.search(clause.strip()):
                adopted = adopted or date
    return History(adopted, published, effective, tuple(revisions))


def effective_date(text: str, published: str) -> str:
    """When a rule says it takes effect: 本条例自2019年1月1日起施行; `published` for 自公布之日起施行; else empty."""
    tail = text[-max(3000, min(20_000, len(text) // 10)) :]
    own = [
        match for match in _EFFECTIVE.finditer(tail) if _ITSELF.search(tail[max(0, match.start() - 16) : match.start()])
    ]
    if own:
        return parse_date(own[-1].group(1))
    return published if _EFFECTIVE_AT_ONCE.search(tail) else ""


_CONGRESS_YEARS = (1921, 1922, 1923, 1925, 1927, 1928, 1945, 1956, 1969, 1973, 1977, 1982, 1987, 1992, 1997, 2002,
                   2007, 2012, 2017, 2022)  # fmt: skip
_CONGRESS = re.compile(rf"中国共产党第({NUMERAL})次全国代表大会|[（(]({NUMERAL})大[)）]")


def congress_year(title: str) -> str:
    """The year of the Party's national congress that a title names, as it is public; empty where it names none."""
    match = _CONGRESS.search(title)
    number = parse_number(match[1] or match[2]) if match else None
    return str(_CONGRESS_YEARS[number - 1]) if number and number <= len(_CONGRESS_YEARS) else ""
