"""Refusals that can be told before anything is answered: what is asked for is not in the library."""

import re

from answer.extract import CONSIDERED_HITS
from answer.inquiry import Inquiry, refusal, sentence_around
from answer.model import Answer
from answer.terms import spread_of_use

_NUMBER = r"[0-9０-９〇零一二两三四五六七八九十百千万亿.．]+\s*(?:多|余|个|几)?"
_MEASURES = {
    "金额": (
        re.compile(r"多少(?:钱|元|块|万|亿)|几(?:块|元)|(?:收|发|补|罚|交|奖励?|付)多少"),
        re.compile(_NUMBER + r"(?:元|万|亿|块|美元)"),
    ),
    "时间": (
        re.compile(r"多久|多长时间|几(?:年|个月|天|日|周|小时)|多少(?:天|日|年|个月|小时)"),
        re.compile(_NUMBER + r"(?:年|个月|月|天|日|周|小时|个工作日)"),
    ),
    "比例": (re.compile(r"百分之几|百分之多少|几个百分点|占比|几成"), re.compile(r"百分|[%％]|/|分之|成")),
}
"""How an amount, a time or a share is asked for, and what one looks like."""


def refuse_missing(inquiry: Inquiry) -> Answer | None:
    """Refuse when the question names a document or the report of a year that the library does not hold."""
    if inquiry.query.naming.missing_titles and not inquiry.query.naming.named:
        title = inquiry.query.naming.missing_titles[0]
        used = [
            sentence_around(document, offset)
            for document, offset in spread_of_use(inquiry.searcher.catalogue, title)[:2]
        ]
        where = "只在其他文件里提到它。" if used else ""
        return refusal(inquiry, f"文库里没有《{title}》。{where}", cited=used)
    if inquiry.query.naming.missing_years:
        years = "、".join(f"{year}年" for year in inquiry.query.naming.missing_years)
        return refusal(inquiry, f"文库里没有{years}的报告。")
    return None


def refuse_without_figure(inquiry: Inquiry) -> Answer | None:
    """Refuse when an amount, a time or a share is asked for and none stands in any of the best passages."""
    for kind, (asked, given) in _MEASURES.items():
        if asked.search(inquiry.question.text):
            texts = [hit.passage.text for hit in inquiry.hits[:CONSIDERED_HITS]]
            if not any(given.search(text) for text in texts):
                return refusal(inquiry, f"文库里最接近的段落没有给出{kind}。")
    return None
