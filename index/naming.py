"""Which documents a question names: by title, shortened title, year, region, or as a version of a rule.

Nothing is excluded: named documents rank higher and superseded versions lower. An explicit 《title》 or year that
the library does not hold is reported, so that an answer can say so.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.chinese import fold, parse_number
from ingest.model import DocumentInfo

NAMED_FACTOR = 2.0
"""For a document named by title; the other factors likewise multiply the fused score of its passages."""
SHORTENED_FACTOR = 1.6
YEAR_FACTOR = 1.5
OTHER_YEAR_FACTOR = 0.8
REGION_FACTOR = 1.6
SUPERSEDED_FACTOR = 0.6

_VERSIONED_KINDS = ("法律", "条例", "规定", "办法", "细则", "规则", "准则", "章程", "解释", "法规")
_QUOTED_TITLE = re.compile(r"《([^《》]{2,80})》")
_RULE_WORD = r"(?:法|条例|办法|规定|细则|准则|规则|解释|章程|方案|意见|预案|指引|规程|通知|决定|批复|复函|报告)"
_SHORTENED = re.compile(rf"[一-鿿]{{1,24}}?{_RULE_WORD}(?!律|院|官|定|人|制|规|治|庭|案|学)")
_ISSUED = re.compile(r"关于印发(?:发)?[《<]?(.{3,60}?)[》>]?的(?:通知|函)$")
_ABOUT = re.compile(r"^.{0,30}?关于(.{3,60}?)的(通知|意见|决定|批复|复函|函|指导意见|若干意见|实施意见|规定|解释|通报)$")
_VERSION_TAIL = re.compile(r"[(（\[].*?[)）\]]|[_\s]|(?<=[一-鿿])(?:19|20)\d\d(?:年)?(?:版|修订|修正)?$")
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?![0-9])")
_SHORT_YEAR = re.compile(r"(?<![0-9第])([0-9]{2})年(?!代|来|以|内|后|前|期|度以)")
_CHINESE_YEAR = re.compile(
    r"([一二][〇零○一二三四五六七八九]{3}|[〇零○二七八九][〇零○一二三四五六七八九])年(?!代|来|以|内|后|前|期)"
)
_OLD = re.compile(r"旧版|原来|以前的|修订前|修改前|修正前|历史版本|previous version|old version", re.IGNORECASE)
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
    """What a question says of documents: those it names, what it names in vain, and a factor for each document."""

    named: tuple[DocumentInfo, ...]
    """Documents named by title, best first; of versions the one asked for, else the newest."""
    missing_titles: tuple[str, ...]
    years: tuple[int, ...]
    missing_years: tuple[int, ...]
    """Years of reports the question asks for that no report of the library has."""
    factors: dict[str, float]
    """Document id to factor, for the documents whose factor is not 1."""


class Names:
    """The titles, regions and years of the documents of a library, ready to be recognised in questions."""

    def __init__(self, infos: Sequence[DocumentInfo]) -> None:
        self._infos = tuple(infos)
        self._aliases: dict[str, list[DocumentInfo]] = defaultdict(list)
        for info in infos:
            for alias in _aliases(info.title):
                self._aliases[alias].append(info)
        self._versions: dict[str, list[DocumentInfo]] = defaultdict(list)
        for info in infos:
            self._versions[_version_key(info)].append(info)
        self._regions = sorted({_short_region(info.region) for info in infos if info.region} - {""})

    def in_question(self, question: str) -> Naming:
        """Recognise what a question says of documents."""
        folded = fold(question)
        years = years_in(question)
        factors: dict[str, float] = {}
        titled, missing = self._titled(question)
        shortened = self._shortened(folded) if not titled else []
        named = self._versions_asked(titled or shortened, years)
        for info in named:
            factors[info.id] = NAMED_FACTOR if titled else SHORTENED_FACTOR
        regions = self._regions_in(question, folded)
        asks_old = _OLD.search(question) is not None
        for info in self._infos:
            factor = factors.get(info.id, 1.0)
            if regions and info.region:
                factor *= REGION_FACTOR if _short_region(info.region) in regions else 1.0
            if years and info.year is not None:
                factor *= YEAR_FACTOR if info.year in years else OTHER_YEAR_FACTOR
            if self._is_superseded(info) and info.year not in years and not asks_old:
                factor *= SUPERSEDED_FACTOR
            if factor != 1.0:
                factors[info.id] = factor
        return Naming(tuple(named), tuple(missing), years, self._missing_years(question, years, regions), factors)

    def _titled(self, question: str) -> tuple[list[DocumentInfo], list[str]]:
        found: list[DocumentInfo] = []
        missing: list[str] = []
        for match in _QUOTED_TITLE.finditer(question):
            wanted = _core(match[1])
            exact = self._aliases.get(wanted, [])
            near = [i for a, infos in sorted(self._aliases.items()) if a.endswith(wanted) and len(wanted) >= 3 for i in infos]
            if exact or near:
                found.extend(exact or near)
            else:
                missing.append(match[1])
        return found, missing

    def _shortened(self, folded: str) -> list[DocumentInfo]:
        """Documents whose title, or an end or a contraction of it, stands in the question."""
        best: list[str] = []
        for alias in self._aliases:
            if len(alias) >= 4 and alias in folded:
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

    def _versions_asked(self, infos: Sequence[DocumentInfo], years: Sequence[int]) -> list[DocumentInfo]:
        """Of several versions of one rule keep those of the years asked for, else the newest."""
        kept: list[DocumentInfo] = []
        for info in dict.fromkeys(infos):
            versions = self._versions[_version_key(info)]
            of_years = [version for version in versions if version.year in years]
            chosen = of_years or [max(versions, key=lambda version: (version.date, version.source))]
            kept.extend(version for version in chosen if version not in kept)
        return kept

    def _is_superseded(self, info: DocumentInfo) -> bool:
        versions = self._versions[_version_key(info)]
        return bool(info.date) and any(other.date > info.date for other in versions)

    def _regions_in(self, question: str, folded: str) -> set[str]:
        lower = question.lower()
        english = {chinese for name, chinese in _ENGLISH_REGION.items() if name in lower}
        return {region for region in self._regions if region in folded or region in english}

    def _missing_years(self, question: str, years: Sequence[int], regions: set[str]) -> tuple[int, ...]:
        if not re.search(r"报告|\breport", question, re.IGNORECASE) or regions:
            return ()
        held = {info.year for info in self._infos if info.kind == "报告"}
        return tuple(year for year in years if year not in held)


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


def _core(title: str) -> str:
    """A title as it is compared: folded, without 中华人民共和国, brackets and the year of a version."""
    bare = _VERSION_TAIL.sub("", fold(title)) or fold(title)
    return bare.removeprefix("中华人民共和国").strip('"《》<>')


def _version_key(info: DocumentInfo) -> str:
    """The same for all versions of a rule; reports and speeches of one title are no versions of each other."""
    return _core(info.title) if info.kind in _VERSIONED_KINDS else info.id


def _aliases(title: str) -> set[str]:
    core = _core(title)
    aliases = {core}
    for bracketed in re.findall(r"[(（]([一-鿿]{2,6}大)[)）]", title):
        aliases.add(bracketed + "报告")
    for pattern in (_ISSUED, _ABOUT):
        match = pattern.search(core)
        if match:
            aliases.add(_core("".join(match.groups())))
    return {alias for alias in aliases if len(alias) >= 3}


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
