"""The terms by which passages and queries are matched: words, character bigrams, and entities that words tear apart.

All work on folded text (`ingest.chinese.fold`), the same for passages and queries.
"""

import re
from collections.abc import Iterator

from index.segmenter import segment
from ingest.chinese import NUMERAL, fold, parse_number

VERSION = "1"
"""Changes whenever the terms of any text change: an index made with another version is made anew."""

STOP_WORDS = frozenset("的了和是在与及或等也就都而着吗呢吧啊么")
_HAN = "〇\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_RUN = re.compile(rf"[{_HAN}]+|[^\W{_HAN}_]+")
_CHINESE = re.compile(f"[{_HAN}]")
# Folding drops white space, which in Chinese means nothing but keeps foreign words and lines apart.
_BREAK = re.compile(r"(?<=[A-Za-z0-9])[^\S\n]+(?=[A-Za-z0-9])|\s*\n\s*")

_SERIAL = re.compile(rf"([{_HAN}]{{0,4}})[\[(]([12]\d{{3}})[\])]第?(\d+)号")
_ORDER = re.compile(rf"第?({NUMERAL})号令|令第({NUMERAL})号")
_ORDINAL = re.compile(rf"第({NUMERAL})([条章节款项编])")
_YEAR = re.compile(r"((?:19|20)\d\d|[一二][九〇零○][〇零○一二三四五六七八九]{2})年")
_AMOUNT = re.compile(r"\d+(?:\.\d+)?(?:%|‰|个百分点|[万亿]?[元人户亩吨斤件]|亿|万)|\d+\.\d+")
_PERCENT = re.compile(rf"百分之({NUMERAL})")
_QUOTED = re.compile(r"\"([^\"]{2,20})\"|'([^']{2,20})'|《([^《》]{2,60})》")
_THING = rf"(?!{NUMERAL})[{_HAN}]"
_MEASURE = "个项大种条件重股类"
_COUNT = "一二两三四五六七八九十"
# 三严三实, 四不两直, 三重一大: two pairs of a numeral and a character.
_PAIRS = re.compile(rf"(?=([{_COUNT}]{_THING}[{_COUNT}]{_THING}))")
# 五个更, 八项规定: where such a name ends is not marked, so each of its first characters ends one.
_COUNTED = re.compile(rf"(?<![第{_COUNT}])(?=([{_COUNT}]{{1,2}}[{_MEASURE}][{_HAN}]{{1,2}}))")
_COUNTRY = "中华人民共和国"


def words(text: str) -> list[str]:
    """The words of a text in order, long ones with the shorter words they hold, without the most common particles."""
    return [word for piece in _pieces(text) for word in segment(piece) if word not in STOP_WORDS and _RUN.search(word)]


def bigrams(text: str) -> list[str]:
    """Each two neighbouring Chinese characters, in order; foreign words and numbers whole, as is a character alone."""
    return [gram for piece in _pieces(text) for run in _RUN.findall(piece) for gram in _grams(run)]


def _grams(run: str) -> list[str]:
    if not _CHINESE.match(run) or len(run) == 1:
        return [run]
    return [run[i : i + 2] for i in range(len(run) - 1)]


def _pieces(text: str) -> Iterator[str]:
    return filter(None, map(fold, _BREAK.split(text)))


def entities(text: str) -> list[str]:
    """Names that words tear apart, numerals written one way: 文号, 第11条, 2008年, 5.5%, 五个更, quoted terms, titles.

    An entity that a text may write in several lengths gives several terms.
    """
    folded = fold(text)
    return [
        *_serial_numbers(folded),
        *(f"第{parse_number(match[1] or match[2])}号令" for match in _ORDER.finditer(folded)),
        *(f"第{parse_number(match[1])}{match[2]}" for match in _ORDINAL.finditer(folded)),
        *(f"{parse_number(match[1])}年" for match in _YEAR.finditer(folded)),
        *(match[0] for match in _AMOUNT.finditer(folded)),
        *(f"{parse_number(match[1])}%" for match in _PERCENT.finditer(folded)),
        *(_title(match[1] or match[2] or match[3]) for match in _QUOTED.finditer(folded)),
        *(match[1] for match in _PAIRS.finditer(folded)),
        *(term for match in _COUNTED.finditer(folded) for term in _openings(match[1])),
    ]


def _serial_numbers(folded: str) -> Iterator[str]:
    """国办发[2018]128号 gives also 办发[2018]128号 and [2018]128号: where its letters begin is not marked."""
    for letters, year, number in _SERIAL.findall(folded):
        for length in (0, *range(2, len(letters) + 1)):
            yield f"{letters[len(letters) - length :]}[{year}]{int(number)}号"


def _openings(name: str) -> list[str]:
    return [name[:-1], name] if len(name) > 3 and name[-2] not in _MEASURE else [name]


def _title(title: str) -> str:
    return title.removeprefix(_COUNTRY) or title
