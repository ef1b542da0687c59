"""Which documents a question names: by title, shortened title, year, region, or as a version of a rule.

Nothing is excluded: passages of named documents rank higher, those of superseded versions lower. A 《title》 or a
year that the library does not hold is reported, so that an answer can say so.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from index.copies import Copies
from index.titles import core, names_of, version_key
from index.validity import ENDED, NOT_YET
from ingest.chinese import fold, parse_number
from ingest.model import DocumentInfo

NAMED = 0.4
"""What is added to the scores of the passages of a document named by title."""
OF_YEAR = 0.2
OF_ANOTHER_YEAR = -0.1
"""For a document of a year the question gives, and for one of another year, unless a document is named."""
OF_REGION = 0.4
NO_LONGER_IN_FORCE = -0.2
MOST_IN_FOCUS = 12
"""When the question names more documents than these, it names none in particular."""

_TAG = re.compile(r"[(（]([一二三四五六七八九十]{1,3}大)[)）]")
_CONGRESS_IN_ENGLISH = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)\)?\s+(?:\w+\s+){0,2}congress", re.IGNORECASE)
_QUOTED_TITLE = re.compile(r"《([^《》]{2,80})》")
_RULE_WORD = r"(?:法|条例|办法|规定|细则|准则|规则|解释|章程|方案|意见|预案|指引|规程|通知|决定|批复|复函|报告)"
_SHORTENED = re.compile(rf"[一-鿿]{{1,24}}?{_RULE_WORD}(?!律|院|官|定|人|制|规|治|庭|案|学)")
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?![0-9])")
_SHORT_YEAR = re.compile(r"(?<![0-9第])([0-9]{2})年(?!代|来|以|内|后|前|期|度以)")
_CHINESE_YEAR = re.compile(
    r"([一二][〇零○一二三四五六七八九]{3}|[〇零○二七八九][〇零○一二三四五六七八九])年(?!代|来|以|内|后|前|期)"
)
_REPORT_OF = re.compile(
    r"[0-9〇零○一二三四五六七八九]{2,4}年[^，。？?0-9]{0,12}报告|\b(?:19|20)\d\d\b[^.?,]{0,30}\breport", re.IGNORECASE
)
_PLAIN_LENGTH = 4
_BEHIND_A_NAME = r"(?=第|的|里|中|对|规定|怎|关于|$|[,?])"
"""A shorter title (刑法) counts where what follows shows that it is a name."""
_OLD = re.compile(
    r"旧版|老版|上一版|最初|最早那?一?版|原来|以前的|修订前|修改前|修正前|历史版本|previous version|old version",
    re.IGNORECASE,
)
_ENGLISH_REGION = {
    "beijing": "北京", "shanghai": "上海", "tianjin": "天津", "chongqing": "重庆", "hebei": "河北", "shanxi": "山西",
    "shaanxi": "陕西", "liaoning": "辽宁", "jilin": "吉林", "heilongjiang": "黑龙江", "jiangsu": "江苏",
    "zhejiang": "浙江", "anhui": "安徽", "fujian": "福建", "jiangxi": "江西", "shandong": "山东", "henan": "河南",
    "hubei": "湖北", "hunan": "湖南", "guangdong": "广东", "guangxi": "广西", "hainan": "海南", "sichuan": "四川",
    "guizhou": "贵州", "yunnan": "云南", "tibet": "西藏", "xizang": "西藏", "gansu": "甘肃", "qinghai": "青海",
    "ningxia": "宁夏", "xinjiang": "新疆", "inner mongolia": "内蒙古",
}  # fmt: skip
"""Names of provinces: a closed list that a question in English needs."""


@dataclass(frozen=True, slots=True)
class Naming:
    """What a question says of documents: those it names, what it names in vain, and what speaks for each document."""

    named: tuple[DocumentInfo, ...]
    """Documents named by title, best first; of versions the one asked for, else the newest."""
    missing_titles: tuple[str, ...]
    years: tuple[int, ...]
    regions: tuple[str, ...]
    """Regions of documents, in short form (浙江)."""
    missing_years: tuple[int, ...]
    """Years of reports the question asks for that no report of the library has."""
    bonuses: dict[str, float]
    """Document id to what is added to the scores of its passages, for the documents where that is not 0."""
    focus: tuple[DocumentInfo, ...]
    """The few documents the question is about: those named, of a region named, or the reports of a year named."""


class Names:
    """The titles, regions and years of the documents of a library, ready to be recognised in questions."""

    def __init__(self, infos: Sequence[DocumentInfo], copies: Copies | None = None) -> None:
        self._infos = tuple(infos)
        self._by_key = {info.key: info for info in infos}
        self._copies = copies or Copies({}, ())
        self._aliases: dict[str, list[DocumentInfo]] = defaultdict(list)
        for info in infos:
            for alias in names_of(info):
                self._aliases[alias].append(info)
        self._versions: dict[tuple[str, str], list[DocumentInfo]] = defaultdict(list)
        for info in infos:
            self._versions[version_key(info)].append(info)
        self._tags: dict[str, list[DocumentInfo]] = defaultdict(list)
        for info in infos:
            for match in _TAG.finditer(info.title):
                self._tags[match[1]].append(info)
        self._regions = sorted({_short_region(info.region) for info in infos if info.region} - {""})

    def in_question(self, question: str) -> Naming:
        """Recognise what a question says of documents."""
        folded = fold(question)
        years = years_in(question)
        titled, missing = self._titled(question)
        if not titled and not missing:
            titled = self._shortened(folded) or self._tagged(question)
        asks_old = _OLD.search(question) is not None
        titled = self._copies.distinct(titled)
        named = self._with_attachments(self._versions_asked(titled, years, asks_old=asks_old))
        regions = self._regions_in(question, folded)
        bonuses: dict[str, float] = {}
        focus: list[DocumentInfo] = []
        for info in self._infos:
            of_region = bool(info.region) and _short_region(info.region) in regions
            of_year = info.year in years
            bonus = NAMED if info in named else 0.0
            if years and info.year is not None and not named:
                bonus += OF_YEAR if of_year else OF_ANOTHER_YEAR
            bonus += OF_REGION if of_region else 0.0
            is_asked = info in named or of_year or asks_old
            bonus += NO_LONGER_IN_FORCE if info.status in ENDED and not is_asked else 0.0
            if bonus:
                bonuses[info.id] = bonus
            if info in named or of_region:
                focus.append(info)
        focus = focus or self._reports_of(years)
        if len(focus) > MOST_IN_FOCUS:
            focus = []
        missing_years = self._missing_years(question, regions)
        return Naming(
            tuple(named),
            tuple(missing),
            years,
            tuple(sorted(regions)),
            missing_years,
            self._copies.shared(bonuses),
            tuple(focus),
        )

    def _with_attachments(self, named: Sequence[DocumentInfo]) -> list[DocumentInfo]:
        """The documents named, and what came with them: who names a notice asks for what it issues."""
        attached = [self._by_key[key] for info in named for key in info.attachments if key in self._by_key]
        return list(dict.fromkeys((*named, *attached)))

    def _reports_of(self, years: Sequence[int]) -> list[DocumentInfo]:
        """The reports of some years: the national ones where there are any, else those of every region."""
        reports = [info for info in self._infos if info.kind == "报告" and info.year in years]
        return [info for info in reports if not info.region] or reports

    def _titled(self, question: str) -> tuple[list[DocumentInfo], list[str]]:
        found: list[DocumentInfo] = []
        missing: list[str] = []
        for match in _QUOTED_TITLE.finditer(question):
            wanted = core(match[1])
            exact = self._aliases.get(wanted, [])
            near = [
                i
                for a, infos in sorted(self._aliases.items())
                if a.endswith(wanted) and len(wanted) >= 3
                for i in infos
            ]
            if exact or near:
                found.extend(exact or near)
            else:
                missing.append(match[1])
        return found, missing

    def _shortened(self, folded: str) -> list[DocumentInfo]:
        """Documents whose title, or an end or a contraction of it, stands in the question."""
        best: list[str] = []
        for alias in self._aliases:
            plain = len(alias) >= _PLAIN_LENGTH
            if alias in folded and (plain or re.search(re.escape(alias) + _BEHIND_A_NAME, folded)):
                best.append(alias)
        best = [alias for alias in best if not any(alias != other and alias in other for other in best)]
        if best:
            return [info for alias in sorted(best, key=lambda a: (-len(a), a)) for info in self._aliases[alias]]
        for match in _SHORTENED.finditer(folded):
            for start in range(match.start(), match.end() - 2):
                piece = folded[start : match.end()]
                ends = [alias for alias in self._aliases if alias.endswith(piece) and _telling(piece)]
                if ends:
                    return [info for alias in sorted(ends) for info in self._aliases[alias]]
            for start in range(match.start(), match.end() - 2):
                piece = folded[start : match.end()]
                contracted = [alias for alias in self._aliases if _telling(piece) and _contracts(piece, alias)]
                if contracted:
                    return [info for alias in sorted(contracted, key=len) for info in self._aliases[alias]][:4]
        return []

    def _tagged(self, question: str) -> list[DocumentInfo]:
        """Documents with a short name in brackets behind the title: …(十六大), in English 16th Party congress."""
        congresses = {f"{_chinese_number(int(match[1]))}大" for match in _CONGRESS_IN_ENGLISH.finditer(question)}
        return [
            info for tag, infos in sorted(self._tags.items()) if tag in question or tag in congresses for info in infos
        ]

    def _versions_asked(
        self, infos: Sequence[DocumentInfo], years: Sequence[int], *, asks_old: bool
    ) -> list[DocumentInfo]:
        """Of several versions of a rule those of the years asked for, else the one before the newest if an old one is
        asked for, else the newest in force; of reports of one title those of the years asked for."""
        of_years = [info for info in dict.fromkeys(infos) if info.year in years]
        kept: list[DocumentInfo] = []
        for info in dict.fromkeys(infos):
            held = self._copies.distinct(self._versions[version_key(info)], kept=info.id)
            versions = sorted(held, key=lambda version: (version.date, version.source))
            if len(versions) == 1:
                chosen = [info] if not of_years or info in of_years else []
            else:
                begun = [version for version in versions if version.status != NOT_YET] or versions
                current = begun[-2:-1] if asks_old else begun[-1:]
                chosen = [version for version in versions if version.year in years] or current
            kept.extend(version for version in chosen if version not in kept)
        return kept

    def _regions_in(self, question: str, folded: str) -> set[str]:
        lower = question.lower()
        english = {chinese for name, chinese in _ENGLISH_REGION.items() if name in lower}
        return {region for region in self._regions if region in folded or region in english}

    def _missing_years(self, question: str, regions: set[str]) -> tuple[int, ...]:
        """The years of reports asked for (2020年的政府工作报告) of which no report is held."""
        if regions:
            return ()
        asked = [year for match in _REPORT_OF.finditer(question) for year in years_in(match.group())]
        held = {info.year for info in self._infos if info.kind == "报告"}
        return tuple(dict.fromkeys(year for year in asked if year not in held))


def years_in(text: str) -> tuple[int, ...]:
    """The years a text names, in any of 2008年, 08年, 二〇〇八年, 八一年; two digits mean 1930 to 2029."""
    years = [int(match[1]) for match in _YEAR.finditer(text)]
    years.extend(_century(int(match[1])) for match in _SHORT_YEAR.finditer(text))
    for match in _CHINESE_YEAR.finditer(text):
        number = parse_number(match[1])
        if number is not None:
            years.append(number if number >= 1000 else _century(number))
    return tuple(dict.fromkeys(year for year in years if 1900 <= year <= 2100))


def _century(year: int) -> int:
    return 2000 + year if year < 30 else 1900 + year


def _chinese_number(number: int) -> str:
    """A number from 1 to 99 in Chinese numerals: 17 → 十七."""
    digits = " 一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return (digits[tens] if tens > 1 else "") + ("十" if tens else "") + (digits[ones] if ones else "")


@cache
def _short_region(region: str) -> str:
    return re.sub(r"(?:省|市|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)$", "", region)


def _telling(piece: str) -> bool:
    """Whether a shortened title says more than its kind."""
    word = re.search(_RULE_WORD + "$", piece)
    return word is not None and len(piece) - len(word.group()) >= 2


def _contracts(short: str, alias: str) -> bool:
    """Whether `short` is `alias` with characters left out: same end, its characters in order, not spread thin."""
    if short[-1] != alias[-1] or short[-2:] == alias[-2:] == "报告":
        return False
    position, first = len(alias), 0
    for character in reversed(short):
        position = alias.rfind(character, 0, position)
        if position < 0:
            return False
        first = position
    return first == 0 or len(alias) - first <= 2 * len(short)
