"""What the words of a query say of the passages wanted: phrases, an article, a list, figures."""

import re
from dataclasses import dataclass

from index.naming import Naming
from ingest.chinese import NUMERAL, fold, parse_number

QUOTED = re.compile(r"[“‘\"'「『](?P<term>[^“”‘’\"'「」『』]{1,40})[”’\"'」』]")
ARTICLE = re.compile(rf"第\s*(?P<n>{NUMERAL})\s*条(?:之(?P<sub>{NUMERAL}))?(?:第?\s*(?P<clause>{NUMERAL})\s*款)?")
ARTICLE_IN_ENGLISH = re.compile(r"\barticle\s+(?P<n>\d{1,3})\b", re.IGNORECASE)
LIST = re.compile(
    r"哪(?:些|几|[一二三四五六七八九十0-9]+)|几(?:个(?!月|工作日|百分点|点)|种|类|项|条|层|样|道|关|招|件|档|级|步|款|大|方面|部分|阶段)|列(?:出|举|全|一下)|"
    r"分别|共[一二两三四五六七八九十0-9]+[个种类项条点层件档级步]|什么(?:时候|情况|情形)下?(?:能|可以|不能|不得|会|要)|"
    r"逐(?:条|一|项)|(?:有|是)什么(?:要求|内容|措施|任务|情形|条件)|都(?:有|是|包括|防|盯|保|包含)(?:啥|什么|哪)|包括(?:什么|啥|哪)|"
    r"什么情况下|什么样的|哪种|要求是什么|任务是什么|"
    r"^\s*(?:which|list|name|what\s+(?:are|were))\b|"
    r"\b(?:which|what)\s+(?:\w+\s+){0,2}(?:two|three|four|five|six|seven|eight|nine|ten)\b",
    re.IGNORECASE,
)
FIGURES = re.compile(
    r"多少|几|多久|多长|多大|多高|何时|哪天|哪年|哪一年|什么时候|最晚|上限|"
    r"how (?:much|many|long|large)|\bwhen\b|percent|what share",
    re.IGNORECASE,
)
_CHINESE = re.compile(r"[一-鿿]")


FOREIGN_BELOW = 0.3
"""A query with a smaller share of Chinese characters counts as foreign."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query and what it says of the passages wanted; phrases are folded."""

    text: str
    naming: Naming
    phrases: tuple[str, ...]
    """What stands in quotation marks, of at least two characters."""
    article: int | None
    wants_list: bool
    wants_figures: bool
    chinese_share: float
    """The share of Chinese characters, 0 to 1."""

    @property
    def is_foreign(self) -> bool:
        """Whether it is in another language, whose words are not found in Chinese documents."""
        return self.chinese_share < FOREIGN_BELOW


def read_query(text: str, naming: Naming) -> Query:
    """Read a query; `naming` is what it says of documents (`index.naming`)."""
    article = ARTICLE.search(text) or ARTICLE_IN_ENGLISH.search(text)
    visible = "".join(text.split())
    return Query(
        text=text,
        naming=naming,
        phrases=tuple(phrase for match in QUOTED.finditer(text) if len(phrase := fold(match["term"])) >= 2),
        article=parse_number(article["n"]) if article else None,
        wants_list=LIST.search(text) is not None,
        wants_figures=FIGURES.search(text) is not None,
        chinese_share=len(_CHINESE.findall(visible)) / max(1, len(visible)),
    )
