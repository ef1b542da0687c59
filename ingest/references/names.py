"""Documents as texts name them: in marks, by 文号, by a short name that a text gives itself, by name alone."""

import re
from dataclasses import dataclass

from ingest.chinese import NUMERAL
from ingest.dates import DATE, parse_date

TITLE = re.compile(r"《((?:[^《》\n]|《[^《》\n]*》){1,120})》")
NUMBER_TAIL = r"[〔\[（(【［﹝]\s?(?:19|20)\d\d\s?[〕\])）】］﹞]\s?第?\s?[0-9０-９]{1,5}\s?号"
"""The year and the running number of a 文号."""
ORDER = rf"令\s?[（(]?第?\s?(?:{NUMERAL})\s?号[)）]?"
_CJK = "\u4e00-\u9fff"
_RUN = re.compile(rf"[{_CJK}]{{1,14}}\s?$")
_NOTES = re.compile(
    r"(?:\s?[（(\[](?:[^（()）\[\]\n]|[（(〔\[][^（()）〔〕\[\]\n]*[)）〕\]]){1,80}[)）\]]|\s?【[^【】\n]{1,40}】)+"
)
_NUMBER = re.compile(rf"[{_CJK}]{{1,14}}\s?{NUMBER_TAIL}|[{_CJK}]{{2,20}}{ORDER}")
_SHORT = re.compile(rf"以下(?:统|简|合)?称(?:为|作)?[：:]?\s?[“\"‘'「]?(?:《([^《》\n]{{1,30}})》|([{_CJK}]{{2,20}}))")
_VERSION_NOTE = re.compile(r"修[订正改]|版|印发|发布|公布|通过|制定")
_DATED_BEFORE = re.compile(
    rf"({DATE})[^，。；：《》\n]{{0,40}}?(?:发布|印发|公布|颁布|施行|实施|通过|制定|下发|修订)的?(?:通知)?$"
)
_KIND = (
    "(?:法典?|条例|规定|办法|细则|规则|准则|章程|党章|宪法|解释|意见|决定|修正案|标准|规程|指引|通知|方案|公约|协定|纲要|"
    "规范)"
)
NAME_BEFORE = re.compile(
    rf"([{_CJK}]{{0,38}}{_KIND}(?:[（(][一二三四五六七八九十]{{1,3}}[）)])?)((?:中?的|分则|总则|正文)?)$"
)
"""What may be the name of a document, at the end of a stretch of text, with what may stand behind it."""
BARE_NAME = (
    r"(?:法典?|条例|准则|章程|规则|细则)(?=的?(?:有关|相关|具体)?规定|的要求|等(?:法律|有关|相关|规定|党内)|"
    r"(?:、|和|以及|及|或者|与|，|；|。|》)|管理|处理|处罚|执行|追究)"
    r"|(?:(?<=根据)|(?<=依照)|(?<=按照)|(?<=违反)|(?<=遵守)|(?<=依据)|(?<=适用))(?:宪法|党章|刑法|民法典)(?!修|规|第|分则|总则)"
)
"""The end of a name that stands without marks and without an article."""
_BOUNDARY = re.compile(
    r"依照|按照|根据|依据|遵照|违反|适用|参照|比照|执行|触犯|构成|符合|履行|遵守|属于|具有|以及|或者|认真|严格|贯彻|落实|"
    r"学习|修改|所称|对于|关于|包括|其中|涉嫌|实施|认为|现行|我国|(?<!共)和|及|与|或|并|对|由|按|依|以|在|于|将|把|是|即|为|有|的|受|经|从|指|见|"
    r"据|照|等|犯|自|向|因|就|了|到|合|除|认定|没有|均|都"
)
_SHORT_LAWS = ("刑法", "宪法", "党章", "民法典")
"""Names so short and so common that they are told from what stands before them."""
_NO_NAME = re.compile(
    r"(?:本|该|同|此|其|这|上述|前述|有关|相关|其他|现行|国家|各|前款|原|新|所|下列|一般|法律|法规|规章|党内|司法|立法|执法)*"
    r"(?:法|条例|规定|办法|细则|规则|准则|章程|解释|意见|决定|标准|规程|指引|通知|方案|法律|法规|规范|方法|执法|司法|立法|"
    r"守法|普法|用法|合法|违法|依法|非法|枉法|看法|说法|做法|想法|刑罚|宪)"
)
_OWN_END = re.compile(rf"(?:本|该|上述|前述|有关|相关|其他){_KIND}$")
_ORDINARY = re.compile(
    r"(?:方|执|司|立|守|普|用|合|违|依|非|枉|看|说|做|想|书|手|宪|办|乘|加|无|学|懂|知|遵|信|释|犯)法$"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A document named in marks: its title, 文号 and date as far as they are given, and where the naming ends."""

    title: str
    number: str
    date: str
    end: int
    shorts: tuple[str, ...] = ()
    """Short names that are introduced for it."""
    is_joint: bool = False
    """Whether they are introduced for several documents at once (以下统称)."""


def named_in_marks(text: str, start: int) -> Named | None:
    """The document named by the 《…》 at an offset, with what stands in brackets behind it."""
    match = TITLE.match(text, start)
    if match is None:
        return None
    notes = _NOTES.match(text, match.end())
    behind = notes.group() if notes else ""
    number = _NUMBER.search(behind)
    shorts = tuple(short[1] or short[2] for short in _SHORT.finditer(behind))
    date = _version_date(match[1], behind) or _date_before(text, start)
    end = notes.end() if notes else match.end()
    return Named(match[1].strip(), tidy_number(number.group()) if number else "", date, end, shorts, "统称" in behind)


def number_at(text: str, start: int, end: int) -> tuple[int, str]:
    """Where the 文号 begins whose year and running number are `text[start:end]`, and the whole of it; ("") for none."""
    run = _RUN.search(text, max(0, start - 15), start)
    if run is None:
        return start, ""
    begin = run.start()
    addressed = re.search(r"[你我该本][院省市县区部局委署会行]|[日月年]", text[run.start() : start])
    if addressed and run.start() + addressed.end() < start:
        begin = run.start() + addressed.end()
    for match in _BOUNDARY.finditer(text, begin, start):
        # 依 and 发 stand in names of organs too; only what leaves a name is cut off.
        if match.end() < start and text[match.end() : start].strip():
            begin = match.end()
    number = tidy_number(text[begin:end])
    return (begin, number) if re.match(rf"[{_CJK}]{{1,14}}", number) else (start, "")


def tidy_number(number: str) -> str:
    """A 文号 with one kind of brackets and no spaces: 国发[2018] 1 号 → 国发〔2018〕1号."""
    tidy = "".join(number.split()).strip("（()）")
    return re.sub(r"[\[（(【［﹝](\d{4})[\])）】］﹞]第?", r"〔\1〕", tidy)


def names_before(text: str, offset: int) -> tuple[int, tuple[str, ...]]:
    """Where a name without marks that ends at an offset may begin, and what it may be, longest first; none is ()."""
    match = NAME_BEFORE.search(text, max(0, offset - 48), offset)
    if match is None:
        return offset, ()
    run = match[1]
    if _OWN_END.search(run):
        return offset, ()
    names = [name for begin in _beginnings(run) if not _NO_NAME.fullmatch(name := run[begin:]) and len(name) > 1]
    return (match.start() + len(run) - len(names[0]), tuple(names)) if names else (offset, ())


def bare_names(text: str, end: int) -> tuple[int, tuple[str, ...]]:
    """The same for a name that no article follows: only what begins where a sentence or a verb lets a name begin."""
    start, names = names_before(text, end)
    kept = tuple(name for name in names if name in _SHORT_LAWS or (len(name) >= 3 and not _ORDINARY.search(name)))
    return (start + len(names[0]) - len(kept[0]), kept) if kept else (end, ())


def _beginnings(run: str) -> list[int]:
    bounds = {0, *(match.end() for match in _BOUNDARY.finditer(run) if match.end() < len(run))}
    short = next((law for law in _SHORT_LAWS if run.endswith(law)), "")
    return sorted(bounds | {len(run) - len(short)}) if short else sorted(bounds)


def _version_date(title: str, notes: str) -> str:
    noted = re.search(r"[（(]((?:19|20)\d\d)年?(?:修[订正改]|版)?(?:本|稿)?[)）]$", title)
    if noted:
        return noted[1]
    return parse_date(notes) if _VERSION_NOTE.search(notes) and "以下" not in notes[:4] else ""


def _date_before(text: str, start: int) -> str:
    dated = _DATED_BEFORE.search(text, max(0, start - 70), start)
    return parse_date(dated[1]) if dated else ""
