"""What a document ends: the documents that it repeals, and until when it is itself in force, in its own words."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from ingest.chinese import NUMERAL, parse_number
from ingest.dates import DATE, parse_date

_SENTENCE = re.compile(r"[^。；;\n]+")
_TITLE = re.compile(r"《((?:[^《》]|《[^《》]*》)+)》")
_MARK = re.compile(r"\x00(\d+)\x00")
_NUMBER_BEHIND = r"(?:\s*[（(][^（）()]*[)）])*"
_ENDS = r"(?:废止|停止执行|停止施行|不再执行|失效)"
_ENDED = re.compile(
    rf"(?:同时|即行|一并|一律|相应|均?予以|自(?:{DATE}|[^，。]{{2,12}}之日)起)[，\s]*{_ENDS}|(?<=[\x00）)]){_ENDS}"
)
_ENDS_WHAT_FOLLOWS = re.compile(r"(?:同时|予以|决定)?废止(?=[^，\x00]{0,30}\x00)")
_NOT_REPEALED = re.compile(
    rf"^{_NUMBER_BEHIND}(?:第{NUMERAL}[条款项章]|(?:自[^，]{{0,20}})?(?:施行|实施|生效|颁布|公布)|的?规定)"
)
"""Behind a title: it is repealed in part, or says when something begins."""
_ONLY_NAMED = re.compile(r"(?:根据|依据|按照|依照|与|违反|适用|列入)[^，\x00]{0,12}$")
_OWN = r"本(?:办法|规定|条例|细则|规则|意见|通知|方案|决定|标准|规程|指引|准则|预案|行动方案|实施意见|实施细则)"
_UNTIL = re.compile(rf"有效期(?:限)?(?:截?至|到)\s*({DATE})")
_FOR_YEARS = re.compile(rf"(?:有效期(?:限)?[为是]?|试行期?[为是]?)\s*({NUMERAL}|[0-9０-９]{{1,2}})\s*年")
_QUOTED = re.compile(r"“[^”\n]*(?:”|$)", re.MULTILINE)
"""What another document is to say, a paragraph that its mark opens and a later one closes included."""
_LIST = re.compile(r"(?:废止|失效)[^，。；：:]{0,20}[:：]$|(?:废止|失效)[:：]$")
_ITEM = re.compile(r"(?:[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,3})[)）、.．]?\s*)?《")
_AS_A_WHOLE = re.compile(rf"{_NUMBER_BEHIND}\s*(?:[；;。，,、]|$)")
_LONGEST_HEAD = 120
_LONGEST = 30
"""Years; more is a misreading."""


def find_repeals(text: str) -> tuple[str, ...]:
    """The titles of the documents that a text repeals as a whole, in order: …发布的《…办法》同时废止.

    Documents of which it repeals some articles only, and those that it merely names, are left out.
    """
    found: list[str] = []
    for sentence in _SENTENCE.findall(text):
        if not re.search(_ENDS, sentence) or "《" not in sentence.replace("〈", "《"):
            continue
        titles: list[str] = []

        def keep(match: re.Match[str], titles: list[str] = titles) -> str:
            titles.append(match[1].strip())
            return f"\x00{len(titles) - 1}\x00"

        # With its titles masked, a 废止 inside a title repeals nothing.
        masked = _TITLE.sub(keep, sentence)
        found.extend(titles[number] for number in _repealed(masked))
    found.extend(_listed(text))
    return tuple(dict.fromkeys(found))


def _listed(text: str) -> Iterator[str]:
    """The titles in lists that a line announces: 决定废止下列文件：, and below it a title a line."""
    is_open = False
    for line in text.split("\n"):
        if not is_open or not _ITEM.match(line):
            is_open = len(line) <= _LONGEST_HEAD and _LIST.search(line) is not None
            continue
        title = _TITLE.search(line)
        if title and _AS_A_WHOLE.match(line[title.end() :]):
            yield title[1].strip()


def _repealed(masked: str) -> list[int]:
    """The numbers of the masked titles that a sentence repeals."""
    ended = _ENDED.search(masked)
    follows = _ENDS_WHAT_FOLLOWS.search(masked)
    numbers: list[int] = []
    for mark in _MARK.finditer(masked):
        is_ended = (ended is not None and mark.end() <= ended.start()) or (
            follows is not None and mark.start() >= follows.end()
        )
        if (
            is_ended
            and not _NOT_REPEALED.match(masked[mark.end() :])
            and not _ONLY_NAMED.search(masked[: mark.start()])
        ):
            numbers.append(int(mark[1]))
    return numbers


def find_expiry(text: str, effective: str) -> str:
    """The last day on which a document says that it is in force itself, as an ISO date; empty where it says none.

    有效期5年 counts from the day `effective` (ISO) on which it takes effect.
    """
    for sentence in _SENTENCE.findall(_QUOTED.sub("", text)):
        if not re.search(_OWN, sentence) or "最长" in sentence:
            continue
        until = _UNTIL.search(sentence)
        if until:
            return parse_date(until[1])
        years = _FOR_YEARS.search(sentence)
        number = parse_number(years[1]) if years else None
        if number and number <= _LONGEST and len(effective) == len("2020-01-01"):
            return _day_before(effective, number)
    return ""


def _day_before(begin: str, years: int) -> str:
    first = date.fromisoformat(begin)
    # The 29th of February has its anniversary on the 1st of March.
    month, day = (3, 1) if (first.month, first.day) == (2, 29) else (first.month, first.day)
    return (date(first.year + years, month, day) - timedelta(days=1)).isoformat()
