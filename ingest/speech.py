"""When, where and by whom a speech or report was delivered, as printed above its salutation."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.dates import DATE, date_alone, parse_date

_MEETING = (
    r"(?:代表大会|大会|会议|座谈会|研讨会|推进会|动员会|部署会|交办会|报告会|表彰会|茶话会|论坛|全会|年会|例会|仪式|典礼|"
    r"开幕式|闭幕式|开幕会|闭幕会|会见|培训班|调度会|现场会|民主生活会|对接会|通报会|会)"
)
_OCCASION = re.compile(
    rf"在([^，。；：、]{{2,60}}?{_MEETING}(?:第[一二三四五六七八九十\d]+次(?:全体)?会议)?)上?的?(?:上|讲话|(?:政府)?(?:工作)?报告|发言|致辞|演讲|$)"
)
_BEFORE = re.compile(r"向(?:党的)?(第[^，。；：、]{2,30}?代表大会(?:第[一二三四五六七八九十]+次会议)?)(?:作|提出|报告)")
_PARTY = "中国共产党"
_CONGRESS = re.compile(r"中国共产党第[一二三四五六七八九十]+次全国代表大会")
_POST = r"(?:总理|省长|市长|县长|区长|州长|主席|书记|主任|院长|检察长|部长|厅长|局长|会长|校长)"
_NAME = r"[\u4e00-\u9fff](?:[·\u4e00-\u9fff]|[\s\u3000](?=[\u4e00-\u9fff](?:[\s\u3000]|$))){1,14}?"
_POST_NAME = re.compile(rf"{_POST}[\s\u3000]*(?![在作的向])({_NAME})(?=同志|在|作|向|[（(，。]|$)")
_NAME_POST = re.compile(rf"(?:日|——|^)\s*([\u4e00-\u9fff]{{2,4}})(?:代)?{_POST}(?=在|作)")
_SPREAD_NAME = re.compile(r"[\u4e00-\u9fff][\s\u3000]+[\u4e00-\u9fff](?:[\s\u3000]+[\u4e00-\u9fff])?")
_BRACKETS = "（()）[]"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery: ISO date, occasion without 在…上, name of the speaker; empty where it is not printed."""

    date: str = ""
    occasion: str = ""
    speaker: str = ""


def find_delivery(title: str, head: Sequence[str], text: str) -> Delivery:
    """Read the delivery off the title, the lines `head` above the text proper and the opening sentences."""
    above = [line for line in head if len(line) <= 120]
    return Delivery(_date(above), _occasion(title, above, text), _speaker(above))


def _date(above: Sequence[str]) -> str:
    for line in above:
        if date_alone(line):
            return date_alone(line)
        match = re.search(rf"(?:^|——|--|[（(])\s*({DATE}).{{0,60}}在", line)
        if match:
            return parse_date(match.group(1))
    return next((date_alone(line.strip(_BRACKETS)) for line in above if date_alone(line.strip(_BRACKETS))), "")


def _occasion(title: str, above: Sequence[str], text: str) -> str:
    for line in (*above, title):
        match = _OCCASION.search(line)
        if match:
            return "".join(match.group(1).split())
    opening = text[:1500]
    match = _BEFORE.search(opening)
    occasion = match.group(1) if match else ""
    if match is None and re.search("中央委员会，?向大会", opening):
        congress = _CONGRESS.search(opening)
        occasion = congress.group() if congress else ""
    return _PARTY + occasion if _CONGRESS.match(_PARTY + occasion) else occasion


def _speaker(above: Sequence[str]) -> str:
    for position, line in enumerate(above):
        match = _POST_NAME.search(line) or _NAME_POST.search(line)
        if match:
            return "".join(match.group(1).split())
        if _SPREAD_NAME.fullmatch(line):
            return "".join(line.split())
        after = above[position + 1] if position + 1 < len(above) else ""
        if re.search(_POST + "$", line) and re.fullmatch(r"[\u4e00-\u9fff·\s\u3000]{2,12}", after):
            return "".join(after.split())
    # Where no name is printed the post stands for it: 中共某市委书记.
    return next((line for line in above if re.fullmatch(rf"[\u4e00-\u9fff（）、]{{2,30}}{_POST}", line)), "")
