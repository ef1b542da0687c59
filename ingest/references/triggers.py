"""What may begin a reference, and the line that it stands in."""

import re

from ingest.chinese import NUMERAL
from ingest.references.names import BARE_NAME, NUMBER_TAIL, ORDER
from ingest.references.numbered import UNIT

_OWN = (
    "本(?:实施|暂行|若干|补充)?(?:法|条例|规定|办法|细则|规则|准则|章程|解释|意见|通知|决定|方案|规程|标准|指引|纪要|预案|"
    "公约|规范)"
)
_PLAIN_UNIT = re.sub(r"\?P<\w+>", "?:", UNIT)
TRIGGER = re.compile(
    rf"(?P<title>《)|(?P<number>{NUMBER_TAIL})|(?P<order>{ORDER})"
    rf"|(?P<own>{_OWN})(?=\s?(?:中的?|的)?(?:{_PLAIN_UNIT}|附[件表录]))"
    rf"|(?P<here>本(?:条(?!例|款)|款(?!项)|项(?!目)))(?={_PLAIN_UNIT})"
    r"|(?P<around>本(?:章(?!程)|节(?!目|约|课|能|点|日|气|假)|编(?!辑|号|制|写)))"
    rf"|(?P<before>(?<![以之事目空战生提])前(?P<many>(?:{NUMERAL})?)"
    r"(?P<what>款(?!项(?!第|所|规))|项(?!目|工作)|条(?!件|例|约)))"
    rf"|(?P<unit>{_PLAIN_UNIT})"
    rf"|(?P<attached>附[件表录]\s?(?P<which>{NUMERAL}))"
    r"|(?P<below>下列|(?<![年元人名月日岁级以役万千百十分%％量位倍者])以下(?=[^，。；\n]{1,12}[：:]))"
    r"|(?P<above>(?:上述|前述)[一-鿿]{0,3}(?:各[项款]|情形|行为|所列|事项|人员|材料|条件|规定|标准|要求|措施|任务|目标|"
    r"方式|范围))"
    rf"|(?P<bare>{BARE_NAME})"
)
FIRST = re.compile(
    r"[《〔［【﹝\[（(令本前第附下以上法条准章规细宪党刑民](?:(?<=《)"
    rf"|(?<=[〔［【﹝\[（(])\s?(?:(?:19|20)\d\d|{NUMERAL}[）)]\s?项)"
    rf"|(?<=令)\s?[（(]?第?\s?{NUMERAL}|(?<=第)\s?[（(]?{NUMERAL}|(?<=前)(?:[述款项条]|{NUMERAL})"
    r"|(?<=本)[法条规办细准章解意通决方标指纪预公实暂若补款项节编]|(?<=附)[件表录]|(?<=下)列|(?<=以)下|(?<=上)述"
    r"|(?<=法)(?!规(?!定)|[律院人官定制治庭学])|(?<=条)例|(?<=[准规细])则|(?<=章)程|(?<=[宪刑民])法|(?<=党)章)"
)
"""What triggers begin with; looked for first, since that is many times faster."""
BEHIND_A_NAME = re.compile(r"\s?(?:中?的|中|里|分则|总则|正文)?\s?")
"""What may stand between the name of a document and a place in it."""


def line_at(text: str, offset: int) -> tuple[int, int]:
    """The span of the line in which an offset stands."""
    end = text.find("\n", offset)
    return text.rfind("\n", 0, offset) + 1, len(text) if end < 0 else end
