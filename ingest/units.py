"""A text in the units that copies are compared by: sentences, and lines that are none, as letters alone."""

import re
from dataclasses import dataclass

from ingest.dates import DATE, parse_date
from ingest.signature import words_of

_STOP = re.compile(r"([。！？!?；;…]+|\n+)")
_DATES = re.compile(DATE)
_LABEL = re.compile(r"\s*(?:[（(]?[一二三四五六七八九十0-9]{1,3}[）)、.．](?![0-9])|[①-⑳])\s*")
_ATTACHMENT = re.compile(r"附\s*(?:件|录|表)\s*[0-9一二三四五六七八九十]{0,2}\s*(?:[:：].{0,40})?")
_PAGE_NUMBER = re.compile(r"[-—–·\s]*(?:第\s*)?[0-9]{1,3}(?:\s*页(?:\s*共\s*[0-9]+\s*页)?)?[-—–·\s]*")
_OF_THE_SITE = re.compile(
    r"[\s【\[(（|·]*(?:发布(?:时间|日期|机构)|更新(?:时间|日期)|成文日期|公开日期|生成日期|发文(?:机关|字号)|文\s*号|"
    r"索\s*引\s*号|主题(?:分类|词)|标\s*题|来\s*源|信息来源|作\s*者|责任编辑|编\s*辑|浏览(?:次数|量)?|点击(?:数|次数|量)?|"
    r"阅读(?:次数|量)?|访问(?:次数|量)?|字\s*[号体]|发文日期|施行日期|时效性|效力级别|日\s*期|时\s*间|当前位置|您(?:现在|当前)?的?位置|分享到|打印|关闭|"
    r"上一篇|下一篇|扫一扫|版权所有|主办单位|承办单位|网站标识码|技术支持|联系我们|网站地图|.{0,6}ICP备|.{0,6}公网安备)"
    r"\s*(?:[:：\]】|\s]|$|本页|窗口|本文|次数)",
    re.IGNORECASE,
)
_SITE_LINE = 120
"""Characters of a line up to which it may be one that a site adds."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence, or a line that is none, as letters; `is_attachment` where an attachment begins with it."""

    words: str
    is_sentence: bool
    is_attachment: bool


def units_of(text: str) -> list[Unit]:
    """The sentences and lines of a text as they are compared: without what a site adds, page numbers and labels."""
    units: list[Unit] = []
    for line in text.split("\n"):
        if _PAGE_NUMBER.fullmatch(line) or (len(line) <= _SITE_LINE and _OF_THE_SITE.match(line)):
            continue
        is_attachment = bool(units) and _ATTACHMENT.fullmatch(line.strip()) is not None
        pieces = _STOP.split(_DATES.sub(_as_figures, line))
        for piece, stop in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
            words = words_of(_LABEL.sub("", piece, count=1))
            if words:
                units.append(Unit(words, bool(stop), is_attachment))
    return units


def _as_figures(date: re.Match[str]) -> str:
    return parse_date(date.group()) or date.group()
