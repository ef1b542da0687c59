"""What a notice says that it issues: titles in its sentences, its own title and its list of attachments."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.chinese import NUMERAL, fold, parse_ordinal
from ingest.dates import DATE, date_alone
from ingest.titles import find_title, kind_of

LABEL = re.compile(rf"附件?\s*(?P<n>{NUMERAL})?\s*[:：.．、]?$")
"""A line that only says that what follows is attached: 附件, 附件2, 附："""
LABELLED = re.compile(rf"附件\s*(?P<n>{NUMERAL})?\s*[:：.．、\s]\s*(?=\S{{4}})")
"""What stands before a title on a line of its own: 附件2：…办法."""
BRACKET_BEHIND = re.compile(r"[（(][^（()）]{1,40}[)）]$")
_HEAD_LINES = 60
_ISSUES = re.compile(
    r"现[^。]{0,80}?(?:印发|转发|批转|公布|发布|下发|颁布|施行)|(?:印发|转发|下发)(?:给|各|至|，?供)|"
    r"予以?(?:公布|印发|发布|转发|施行)|重新公布|进行了?修[订改]|已[^。]{0,60}通过"
)
_QUOTED = re.compile(r"《((?:[^《》]|《[^《》]*》)+)》")
_ISSUED = re.compile(r"(?:印发|转发|批转|公布|发布|颁布)(?:发|施行)?《?(.{3,80}?)》?的?(?:通知|函|通报|公告|决定|令)$")
_REVISES = re.compile(r"修[改订正].*《|《.*修[改订正]")
_LISTED = re.compile(rf"附件?\s*[:：]?\s*(?P<n>{NUMERAL})?\s*[.．、:：]?\s*(?=\S)")
_LISTED_NEXT = re.compile(rf"(?P<n>{NUMERAL})\s*[.．、]\s*(?=\S)")
_LISTED_FIRST = re.compile(r"[1１一]\s*[.．、]\s*(?=\S)")
_NUMBERS_A_RULE = re.compile(r"[(（][一二三四五六七八九十]+[)）]$")
_ORDER = re.compile(r".{2,60}(?:令|公告)$|公告$")
_ORDER_NUMBER = re.compile(r"[（(]?第?\s*\S{1,8}\s*号[)）]?")
_ORDER_LINES = 8
_ORGAN_LINE = re.compile(r"^[\u4e00-\u9fff\s]{2,30}$")


@dataclass(frozen=True, slots=True)
class Listed:
    """What a notice lists as attached: 附件：1.…"""

    number: int | None
    title: str


def names_issued(title: str, lines: Sequence[str]) -> list[str]:
    """The titles that a notice says that it issues, in its title and its first sentences."""
    names: list[str] = []
    issued = _ISSUED.search(title)
    if issued:
        names.append(issued[1])
    if _REVISES.search(title):
        names += _QUOTED.findall(title)
    for position, line in enumerate(lines[:_HEAD_LINES]):
        if re.match(r"第一条|第一章", line):
            break
        if "《" in line.replace("〈", "《") and (_ISSUES.search(line) or (position < 4 and _ISSUED.search(line))):
            names += _QUOTED.findall(line)
    return list(dict.fromkeys(names))


def list_of_attachments(lines: Sequence[str]) -> Iterator[Listed]:
    """附件：1.… and the lines 2.… below it, above what is attached itself."""
    for position, line in enumerate(lines):
        below = lines[position + 1 :]
        is_label = LABEL.fullmatch(line) is not None
        if is_label and not (below and _LISTED_FIRST.match(below[0])):
            return
        match = _LISTED.match(line)
        if not is_label and (match is None or not re.match(r"附件?\s*[:：\d]", line)):
            continue
        if match and not is_label:
            yield Listed(number_of(match["n"]), line[match.end() :].strip("《》"))
        for another in below:
            following = _LISTED_NEXT.match(another)
            if following is None or another.endswith(("。", "；")):
                return
            yield Listed(number_of(following["n"]), another[following.end() :].strip("《》"))
        return


def has_order(lines: Sequence[str]) -> bool:
    """Whether there is the head of an order among the first lines: …令, 第…号."""
    head = pairwise(lines[:_ORDER_LINES])
    return any(line.endswith("令") and _ORDER_NUMBER.fullmatch(below) for line, below in head)


def title_of_cover(lines: Sequence[str], title: str) -> str:
    """The title of the notice or order above a rule of a title, empty where it has none."""
    headed = (at for at in range(1, min(4, len(lines))) if plain_title("".join(lines[:at])) == plain_title(title))
    heading = next(headed, 0)
    for position, line in enumerate(lines):
        above = "".join(lines[max(heading, position - 2) : position])
        bare = joined_title([line])
        if _ORDER.fullmatch(bare) and "《" not in line and len(line) <= 60:
            below = lines[position + 1] if position + 1 < len(lines) else ""
            whole = bare if len(above) > 40 or not _ORGAN_LINE.search(above) else joined_title([above, bare])
            return joined_title([whole, below]) if _ORDER_NUMBER.fullmatch(below) else whole
        if line.endswith(("通知", "函")) and _ISSUED.search(joined_title([above, line])):
            return line if _ISSUED.search(line) else joined_title([above, line])
        if position > heading + 4:
            break
    printed, _ = find_title(list(lines[heading:]))
    return printed if kind_of(printed) in ("通知", "公告", "命令") else ""


def is_signature(line: str) -> bool:
    """Whether a line is the date of a signature, or ends with it."""
    if date_alone(line):
        return True
    return len(line) < 60 and not re.search("[，。《]", line) and re.search(DATE + r"\s*$", line) is not None


def number_of(numeral: str | None) -> int | None:
    """The number that is printed behind 附件, None where none is."""
    return parse_ordinal(numeral) if numeral else None


def number_of_label(line: str) -> int | None:
    """The number of a line 附件2 or 附件2：…办法, None where it has none or is none."""
    match = LABEL.fullmatch(line) or LABELLED.match(line)
    return number_of(match["n"]) if match else None


def joined_title(lines: Sequence[str]) -> str:
    """A title that runs over lines, or is spread over one by spaces, as one."""
    return "".join("".join(line.split()) for line in lines)


def plain_title(title: str) -> str:
    """A title as it is compared: without white space, marks, 中华人民共和国 and a bracket behind it."""
    bare = fold(title).replace("<", "").replace(">", "").replace("《", "").replace("》", "").replace("、", "")
    bare = bare.strip('"*#').removeprefix("中华人民共和国")
    while not _NUMBERS_A_RULE.search(bare) and BRACKET_BEHIND.search(bare):
        bare = BRACKET_BEHIND.sub("", bare)
    return bare


def is_same_title(run: str, name: str) -> bool:
    """Whether two plain titles differ only by the organs in front of one of them."""
    if len(run) < 6 or len(name) < 6 or re.search("印发|转发|批转|公布|发布", run):
        return False
    longer, shorter = (run, name) if len(run) > len(name) else (name, run)
    if not longer.endswith(shorter) or kind_of(shorter) == "其他":
        return False
    before = longer[: len(longer) - len(shorter)]
    return len(before) <= 60 and re.search(r"(?:[院部委局署厅会府]|关于|政府|领导小组)$", before) is not None
