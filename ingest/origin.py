"""Where a document comes from: the organ that issued it, its number (文号), its signature and its region."""

import re
from collections.abc import Iterator, Sequence

from ingest.dates import DATE, parse_date

_ORGAN_END = (
    r"(?:国务院|办公厅|办公室|委员会|常委会|人民政府|政府|党委|党组|纪委|监委|省委|市委|县委|区委|州委|工委|教委|国资委|卫健委|"
    r"发展改革委|法院|检察院|中央|部|厅|局|署|总局|总署|银行|司令部|小组|联席会议|总工会|协会|联合会|两高|院)"
)
_TITLE_ISSUER = re.compile(
    rf"^((?:(?!关于|印发|转发|批转)[\u4e00-\u9fff（）、，\s]){{2,70}}?{_ORGAN_END})\s*(?:关于|印发|转发|批转|对|公告|贯彻|实施)"
)
_ORGAN = re.compile(rf"[\u4e00-\u9fff（）]{{1,30}}{_ORGAN_END}|国务院|[\u4e00-\u9fff]{{2,6}}[委部厅局]")
_NUMBER = re.compile(
    r"[\u4e00-\u9fff]{1,14}\s*[〔\[（(【［﹝]\s*(?:19|20)\d\d\s*[〕\])）】］﹞]\s*第?\s*[0-9０-９]{1,5}\s*号"
)
_ORDER_NUMBER = re.compile(
    r"([\u4e00-\u9fff]{2,20}令)\s*[（(]?\s*(第\s*[0-9０-９〇零一二三四五六七八九十百]{1,5}\s*号)"
)
_NUMBERED_ORDER = re.compile(r"([\u4e00-\u9fff]{2,12})(第\s*[0-9０-９]{1,5}\s*号)令")
_LISTED = re.compile(r"^[^\t]*(?:\t[^\t]*){3}|^[^：；]{1,12}：[^：；]*；[^：；]{1,12}：")
"""A row of a list, cells apart or each behind its column's name: the number in it is that of a document listed."""
_ENDS_LIKE_DATE = re.compile(r"[日月年\d]$")
_SIGNED = re.compile(rf"^(.*?)\s*({DATE})$")
_CONGRESS = re.compile(r"第[一二三四五六七八九十]+届(全国人民代表大会(?:常务委员会)?)(?=第)")
_LOCAL_CONGRESS = re.compile(
    r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff]{1,8}?[省市州县区])第[一二三四五六七八九十]+届(人民代表大会(?:常务委员会)?)(?=第)"
)
_MADE_BY = re.compile(
    r"(中国共产党(?:第[一二三四五六七八九十]+届)?中央委员会|中国共产党第[一二三四五六七八九十]+次全国代表大会|中共中央办公厅|中共中央(?:、国务院)?|国务院(?:办公厅)?|最高人民法院|最高人民检察院|国家监察委员会|[\u4e00-\u9fff]{1,10}?人民政府(?:办公[厅室])?|[\u4e00-\u9fff]{2,12}[部委局署])"
    r"(?:常务会议|政治局|审判委员会|检察委员会|全体会议|部长办公会议|第.{1,12}会议|令|[^，。；）)]{0,20}?(?:部分修改|发布|印发|公布|批准|通过|决定))"
)
_WITH_DATE = re.compile(DATE)
_RUN_TOGETHER = re.compile(r"(?<=[院部厅局会署])(?=最高人民|国务院|中华人民共和国)")
_ON_BEHALF = re.compile(r"我(?:受|代表)([^，。；：]{2,24}?)(?:的?委托|，|,|向|作|就)")
_REPORT_OF = re.compile(r"(?:(?:19|20)\d\d年)?(?:中华人民共和国)?(国务院|最高人民(?:法院|检察院))(?:政府)?工作报告")
_PROVINCE = re.compile(
    r"(?:北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|"
    r"陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门)(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)?"
)
_FULL_NAMES = {
    "内蒙古": "内蒙古自治区",
    "广西": "广西壮族自治区",
    "西藏": "西藏自治区",
    "宁夏": "宁夏回族自治区",
    "新疆": "新疆维吾尔自治区",
    "香港": "香港特别行政区",
    "澳门": "澳门特别行政区",
    **dict.fromkeys(("北京", "天津", "上海", "重庆"), "市"),
}
_PLACE = re.compile(
    r"^(?:中共|\d{4}年)?([\u4e00-\u9fff]{2,7}?(?:市|县|自治州|自治县|盟)|[\u4e00-\u9fff]{2,4}区(?=人民政府|委|人大|党))"
)
_NO_PLACE = re.compile(r"^(?:在|关于|全|各|本|城|中央|国家|党|超大|省)|城市$|都市$|直辖市$")
_NATIONAL = re.compile(r"^(?:中华人民共和国|国务院|中共中央|全国|最高人民|国家|中央|中国)|(?:部|总局|总署)$")


def find_number(head: Sequence[str]) -> str:
    """The 文号 among the lines above the text proper (国办发〔2018〕128号, 国务院令第379号), else empty."""
    for position, printed in enumerate(head):
        line = "" if _LISTED.search(printed) else _WITH_DATE.sub(" ", printed)
        match = _NUMBER.search(line)
        # In 《…》（国发〔2018〕1号） it is another document's.
        if match and len(line) < 120 and "》" not in line[: match.start()] and "根据" not in line[: match.start()]:
            return "".join(match.group().split())
        follows = head[position + 1] if position + 1 < len(head) else ""
        if line.endswith("令") and len(line) < 40 and re.fullmatch(r"[（(]?第\s*\S{1,6}\s*号[)）]?", follows):
            return "".join((line + follows.strip("（()）")).split())
    orders = [match for line in head for match in _ORDER_NUMBER.finditer(_WITH_DATE.sub(" ", line))]
    if orders:
        return "".join(orders[-1].expand(r"\1\2").split())
    numbered = [match for line in head for match in _NUMBERED_ORDER.finditer(line)]
    return "".join(numbered[0].expand(r"\1令\2").split()) if numbered else ""


def find_signature(text: str) -> tuple[str, str]:
    """The organs and the ISO date of the first signature: a line of organs over a date, or both on one line.

    A date alone on a line after a sentence counts when no organ is named: its seal is not text.
    """
    lines = text.split("\n")
    unsigned = ""
    for position, line in enumerate(lines):
        match = _SIGNED.fullmatch(line) if len(line) < 90 and _ENDS_LIKE_DATE.search(line) else None
        if match is None:
            continue
        if match.group(1).strip():
            organs = list(_organs(match.group(1)))
        else:
            organs = []
            for above in reversed(lines[max(0, position - 4) : position]):
                found = list(_organs(above))
                if not found:
                    break
                organs = found + organs
        if organs:
            return "、".join(organs), parse_date(match.group(2))
        if not match.group(1).strip() and position and lines[position - 1].endswith(("。", "！")):
            unsigned = unsigned or parse_date(match.group(2))
    return "", unsigned


def _organs(line: str) -> Iterator[str]:
    """The organs a line is made of, nothing unless it is made of organs alone."""
    if len(line) > 80 or re.search(r"[。；，：:《》]", line):
        return
    # Organs stand apart by spaces; a short name may be spread by single ones (财　政　部).
    for parts in (re.split(r"[\s、]+", line), [re.sub(r"\s", "", part) for part in re.split(r"\s{2,}|、", line)]):
        organs = [part for part in parts if part]
        if organs and all(_ORGAN.fullmatch(organ) for organ in organs):
            yield from organs
            return


def find_issuer(title: str, head: Sequence[str], text: str, *, speaks: bool) -> str:
    """The organ that issued a document, or for whom a report `speaks`; several are joined with 、; else empty."""
    if speaks:
        return _on_behalf(title, text)
    match = _TITLE_ISSUER.match(title)
    if match and "两高" not in match.group(1):
        return join_organs(match.group(1))
    signed = find_signature(text)[0]
    announced = next((found.group(1) for line in head[:12] if (found := _TITLE_ISSUER.match(line))), "")
    return join_organs(signed or announced) or _in_full(_maker(head), title)


def join_organs(printed: str) -> str:
    """Organs as printed, with 、 between them whatever stood there."""
    apart = _RUN_TOGETHER.sub("、", printed.strip())
    return "、".join(part for part in re.split(r"[\s、,，;；]+", apart) if part)


def _on_behalf(title: str, text: str) -> str:
    match = _ON_BEHALF.search(text[:2000])
    if match is None:
        reported = _REPORT_OF.match(title)
        return reported[1] if reported else ""
    organ = match.group(1).removesuffix("的")
    if re.match(r"省|市(?!场)|自治区", organ):
        return _in_full(organ, title)
    return "中国共产党" + organ if re.match(r"第?[一二三四五六七八九十]+届中央委员会", organ) else organ


def _in_full(organ: str, title: str) -> str:
    """An organ with the name of the place that the title gives it: 市人民政府 → 澜川市人民政府."""
    level = re.match(r"省|市(?!场)|自治区", organ)
    region = find_region(title, "", "") if level else ""
    return region + organ[level.end() :] if level and region else organ


def _maker(head: Sequence[str]) -> str:
    """The organ that adopted or published a rule, by the lines under its title; the congress before the others."""
    made = _WITH_DATE.sub(" ", "\n".join(head))
    congress = _CONGRESS.findall(made)
    if congress:
        return str(congress[-1])
    local = _LOCAL_CONGRESS.findall(made)
    if local:
        return "".join(local[-1])
    ordered = re.match(r"(?:中华人民共和国)?(.+)令第", find_number(head))
    if ordered and not ordered.group(1).endswith("主席"):
        return join_organs(ordered.group(1))
    makers = [match.group(1) for match in _MADE_BY.finditer(made)]
    unique = list(dict.fromkeys(makers))
    return "、".join(unique[-2:]) if unique and unique[-1].startswith("最高") else (unique[-1] if unique else "")


def find_region(title: str, issuer: str, occasion: str, speaker: str = "") -> str:
    """The province or city a document is of, by its issuer, occasion, speaker's office or title; empty for national
    organs."""
    for named in (issuer, occasion, speaker):
        place = _place(named)
        if place:
            return place
    if _NATIONAL.search(issuer.split("、")[0]):
        return ""
    return _place(title)


def _place(name: str) -> str:
    start = re.sub(r"^(?:中共|\d{4}年|中国共产党)", "", name)
    province = _PROVINCE.match(start)
    if province:
        short = re.sub(r"(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)$", "", province.group())
        known = _FULL_NAMES.get(short, "省")
        return short + known if len(known) == 1 else known
    place = _PLACE.match(name)
    return place.group(1) if place and not _NO_PLACE.search(place.group(1)) else ""
