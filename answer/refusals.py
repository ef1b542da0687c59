"""Refusals that can be told before anything is answered: what is asked for is not in the library."""

from answer.inquiry import Inquiry, refusal, sentence_around
from answer.model import Answer
from answer.terms import spread_of_use


def refuse_missing(inquiry: Inquiry) -> Answer | None:
    """Refuse when the question names a document or the report of a year that the library does not hold."""
    if inquiry.query.naming.missing_titles and not inquiry.query.naming.named:
        title = inquiry.query.naming.missing_titles[0]
        mentions = spread_of_use(inquiry.searcher.catalogue, title, filters=inquiry.filters)
        used = [sentence_around(document, offset) for document, offset in mentions[:2]]
        where = "只在其他文件里提到它。" if used else ""
        return refusal(inquiry, f"文库里没有《{title}》。{where}", cited=used)
    if inquiry.query.naming.missing_years:
        years = "、".join(f"{year}年" for year in inquiry.query.naming.missing_years)
        return refusal(inquiry, f"文库里没有{years}的报告。")
    return None
