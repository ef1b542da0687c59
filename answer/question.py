"""What a question asks: which kind of answer, how many members, of which term, article or year."""

import re
from dataclasses import dataclass
from typing import Literal

from index.query import ARTICLE, ARTICLE_IN_ENGLISH, LIST, QUOTED
from ingest.chinese import NUMERAL, parse_number

Wanted = Literal["list", "definition", "article", "first use", "passage"]

_TITLE = re.compile(r"《(?P<title>[^《》]{2,80})》")
_ABBREVIATION = re.compile(
    r"(?<![一二两三四五六七八九十0-9])(?P<term>(?:[一两二三四五六七八九十]个?[^一二两三四五六七八九十个的哪几有是了和，。？?、\s“”]{1,3}){2,3}"
    r"|[两二三四五六七八九十](?:个|大)?(?:更|严|保|稳|新|实|不|重|化|公|农|会|风|优))(?![一-龥]*第)"
)
_MEANING_OF = re.compile(
    r"^(?:请问|文件里的?|讲话里的?|所谓的?)?(?P<before>[^，。？?,\s]{2,16}?)(?:这个(?:词|提法|说法))?"
    r"(?:是什么意思|是啥意思|是指(?:的)?什么|指的是(?:什么|啥)|的(?:含义|定义|意思)|怎么(?:定义|界定)|如何(?:定义|界定))"
    r"|(?:什么叫|何谓|何为|什么是)(?P<after>[^，。？?,\s]{2,20})"
)
_COUNT = re.compile(
    rf"(?P<n>{NUMERAL})\s*"
    r"(?:个|大|项|件|条|点|种|类|层|方面|步|句|次|道|招|拨|样|关|区|要|支|块|字|章|名)"
)
_MEANING = re.compile(
    r"(?:什么|啥|何)意思|是指|指(?:的是)?(?:什么|啥|哪)|什么叫|何谓|何为|含义|定义|怎么(?:解释|界定|理解|算)|"
    r"如何(?:界定|理解|定义|解释)|界定|解释|怎么讲|所称|说的是(?:什么|啥)|内涵|"
    r"\bwhat\s+(?:is|are|does|do)\b.*\b(?:mean|definition|defined|requirements?|stand for)\b|"
    r"\bdefin|\bmeaning\b|\bmean\b",
    re.IGNORECASE,
)
_WHAT_IS = re.compile(
    r"[”\"’」]?(?:的|这个词|这个提法|明确|具体|总的?|要求|内容)*(?:是(?:什么|啥|哪)|有哪|包括(?:什么|啥|哪))"
)
_FIRST_USE = re.compile(
    r"(?:最早|首次|第一次|最先)(?:是|在|写进|写入|出现|提出|见于|用)|first\s+(?:appear|use|mention)", re.IGNORECASE
)
_WORDING = re.compile(
    r"原话|原句|原文是|怎么(?:写|表述|措辞|搭|提(?![取高升供交前到]))的?|(?:哪些|哪几|以前).{0,6}(?:材料|文件|报告|讲话).{0,4}用过|用过|说法|表述|措辞|现成(?:的)?句子|wording|phras",
    re.IGNORECASE,
)
_CONGRESS = re.compile(r"(?:十[一二三四五六七八九]|二十)大(?!任务|举措|工程|行动|原则|目标)")
_ENGLISH_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
                    "twelve": 12}  # fmt: skip
_ENGLISH_COUNT = re.compile(r"\b(?P<n>" + "|".join(_ENGLISH_NUMBERS) + r")\b", re.IGNORECASE)
_ENGLISH_TERM = re.compile(
    r"[\"'‘“’](?P<term>(?:" + "|".join(_ENGLISH_NUMBERS) + r")\b[^\"'‘“’”]{2,40})[\"'’”]", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question taken apart; whatever it does not say is empty."""

    text: str
    wanted: Wanted
    wording: bool
    """Whether it asks how something was worded, so that several places are wanted."""
    count: int | None
    """How many members it expects."""
    terms: tuple[str, ...]
    """What stands in quotation marks, and number-abbreviations outside them."""
    article: int | None
    sub_article: int | None
    clause: int | None


def understand(text: str) -> Question:
    """Take a question apart by its words alone."""
    stripped = text.strip()
    english = sum("一" <= c <= "鿿" for c in stripped) * 4 < len(stripped)
    article = ARTICLE.search(stripped) or ARTICLE_IN_ENGLISH.search(stripped)
    groups = article.groupdict() if article else {}
    terms = _terms(stripped)
    return Question(
        text=stripped,
        wanted=_wanted(stripped, terms, has_article=article is not None),
        wording=_WORDING.search(stripped) is not None and _MEANING.search(stripped) is None,
        count=_count(stripped, english=english),
        terms=terms,
        article=parse_number(groups.get("n") or ""),
        sub_article=parse_number(groups.get("sub") or ""),
        clause=parse_number(groups.get("clause") or ""),
    )


def _wanted(text: str, terms: tuple[str, ...], *, has_article: bool) -> Wanted:
    if has_article:
        return "article"
    if _FIRST_USE.search(text) and terms:
        return "first use"
    if terms and (_MEANING.search(text) or any(_asks_what_is(text, term) for term in terms)):
        return "definition"
    if LIST.search(text):
        return "list"
    return "definition" if _MEANING.search(text) else "passage"


def _asks_what_is(text: str, term: str) -> bool:
    """Whether “…是什么” is asked of the term itself, not of something about it (…的基本原则是什么)."""
    behind = text[text.find(term) + len(term) :]
    return _WHAT_IS.match(behind) is not None


def _terms(text: str) -> tuple[str, ...]:
    """Quoted terms, else the term whose meaning is asked for, else number-abbreviations."""
    outside_titles = _TITLE.sub(" ", text)
    quoted = [match["term"].strip() for match in QUOTED.finditer(outside_titles)]
    bare = [match["term"] for match in _ABBREVIATION.finditer(outside_titles)]
    terms = [term for term in quoted if len(term) >= 2 and not term.isascii()]
    if not terms and (match := _MEANING_OF.search(outside_titles)):
        terms.append((match["before"] or match["after"]).strip())
    terms.extend(term for term in bare if not any(term in other for other in terms))
    return tuple(dict.fromkeys(terms))


def english_term(text: str) -> tuple[str, int] | None:
    """A number-abbreviation quoted in English ('five mores') with its number, None where there is none."""
    match = _ENGLISH_TERM.search(text)
    if match is None:
        return None
    number = _ENGLISH_COUNT.search(match["term"])
    return (match["term"], _ENGLISH_NUMBERS[number["n"].lower()]) if number else None


def _count(text: str, *, english: bool) -> int | None:
    if english:
        match = _ENGLISH_COUNT.search(text)
        return _ENGLISH_NUMBERS[match["n"].lower()] if match else None
    plain = _CONGRESS.sub(" ", ARTICLE.sub(" ", _TITLE.sub(" ", text)))
    numbers = [parse_number(match["n"]) for match in _COUNT.finditer(plain)]
    return next((number for number in numbers if number is not None and 2 <= number <= 30), None)
