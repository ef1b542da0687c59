"""Amounts, times, shares and other figures: which one a question asks for, and whether a sentence gives it."""

import re
from dataclasses import dataclass

_NUMBER = r"[0-9０-９〇零一二两三四五六七八九十百千万亿半.．]+\s*(?:多|余|个|几)?"
_LABELS = re.compile(
    r"第\s*[〇零一二三四五六七八九十百千0-9]+\s*[编章节条款项]|[（(][一二三四五六七八九十\d]+[)）]项?|^[一二三四五六七八九十\d]+[、.．]|《[^》]*》|"
    r"(?:19|20)\d\d年(?:\d{1,2}月(?:\d{1,2}日)?)?",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A kind of figure: its name in Chinese, how it is asked for and what one looks like."""

    name: str
    asked: re.Pattern[str]
    given: re.Pattern[str]


_FIGURES = tuple(
    Figure(name, re.compile(asked), re.compile(given))
    for name, asked, given in (
        (
            "时间",
            r"多久|多长时间|几(?:年|个月|天|日|周|小时|个工作日)|多少(?:天|日|年|个?月|小时)",
            _NUMBER + r"(?:年|月|天|日|周|小时|工作日|学期)|终身|永久|长期",
        ),
        (
            "金额",
            r"多少(?:钱|元|块|万元|亿元)|几(?:块|元)|(?:收|发|补|罚|奖励)多少",
            _NUMBER + r"(?:元|块|美元)|(?:万|亿)",
        ),
        ("比例", r"百分之几|百分之多少|几个百分点|占比|几成|多大比例", r"百分|[%％‰]|分之|[一二三四五六七八九]成"),
        ("人数", r"多少(?:人|名)|几(?:个人|人|名|位)", _NUMBER + r"(?:人|名|位)"),
    )
)
_ANY = re.compile(
    r"[0-9０-９]|百分之|[〇零一二两三四五六七八九十百千万亿]+(?:个|年|月|天|日|元|人|次|倍|成|万|亿|级|类|档|名|位|项)"
)


def figure_asked(question: str) -> Figure | None:
    """The kind of figure that a question names, None where it names none."""
    return next((figure for figure in _FIGURES if figure.asked.search(question)), None)


def gives_figure(sentence: str, figure: Figure | None) -> bool:
    """Whether a sentence holds such a figure (any, where `figure` is None); labels, titles and years are none."""
    pattern = figure.given if figure else _ANY
    return pattern.search(_LABELS.sub(" ", sentence)) is not None
