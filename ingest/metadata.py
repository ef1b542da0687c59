"""What a document says about itself: title, kind, issuer, number, dates, speaker, region, status.

Only what is printed in it counts, the file's name as a last resort; of what is not printed only the years of the
Party's national congresses are known.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.dates import (
    DATE,
    congress_year,
    date_alone,
    effective_date,
    file_name_date,
    find_dates,
    parse_date,
    read_history,
)
from ingest.model import DocumentInfo
from ingest.origin import find_issuer, find_number, find_region, find_signature, join_organs
from ingest.repeal import find_expiry, find_repeals
from ingest.speech import find_delivery
from ingest.titles import RULE_KINDS, find_title, is_body, kind_of, split_year

_HEAD_LINES = 40
_LINE_LENGTH = 600
_FIELDS = {
    "标题": "title",
    "发文机关": "issuer",
    "发布部门": "issuer",
    "发文字号": "number",
    "成文日期": "date",
    "发文日期": "date",
    "发布日期": "published",
    "实施日期": "effective",
    "生效日期": "effective",
    "效力状况": "status",
    "时效性": "status",
    "索引号": "",
    "主题分类": "",
    "主题词": "",
    "信息来源": "",
    "中文名": "",
}
_FIELD = re.compile(
    r"[【\[]?(" + "|".join(r"[\s]*".join(name) for name in _FIELDS) + r")\s*[】\]]?\s*[:：]?\s*(.{0,120})"
)
_TELLS_ORIGIN = re.compile(
    rf"[（(《【].{{0,200}}(?:通过|公布|发布|印发|施行)|(?:——|--+)?\s*{DATE}[^，。]{{0,60}}(?:在.{{4,40}}会议|(?:公布|发布|印发|通过)(?!了))"
)
_STATUSES = ("现行有效", "已修改", "已废止", "尚未生效")
_DRAFT = re.compile(
    r"[（(][^（()）]{0,12}(?:征求意见稿|草案|送审稿|讨论稿)[^（()）]{0,8}[)）](?![》〉].)|(?:征求意见稿|草案)$"
)
_REPEALED = re.compile(r"[（(](?:已)?(废止|失效)[)）]")


@dataclass(frozen=True, slots=True)
class _Dates:
    main: str = ""
    adopted: str = ""
    published: str = ""
    effective: str = ""


def describe(text: str, *, source: str, file_title: str, id: str) -> DocumentInfo:
    """Describe a document from its text; `file_title` is the file's name without its ending, a last resort."""
    # A file may be one endless line; what is looked for stands near the beginning of one.
    lines = [line[:_LINE_LENGTH] for line in text.split("\n", 2 * _HEAD_LINES)[: 2 * _HEAD_LINES]]
    fields, table_end = read_fields(lines[:_HEAD_LINES])
    title, title_end = find_title(lines)
    if fields.get("title") and (table_end > title_end or not title):
        title = fields["title"]
    title, year = split_year(title.strip() or file_title)
    kind = _kind(title, file_title, text)
    head = _head(lines, max(title_end, table_end if table_end < _HEAD_LINES else 0))
    delivery = find_delivery(title, head, text) if kind in ("讲话", "报告") else None
    issuer = join_organs(fields.get("issuer", "")) or find_issuer(title, head, text, speaks=kind == "报告")
    dates = _dates(kind, [line for line in head if line != title], text, fields)
    number = fields.get("number") or find_number(head)
    last_resort = (
        year or _title_year(title) or congress_year(title) or file_name_date(file_title) or file_name_date(number)
    )
    status, basis = _status(title, fields)
    return DocumentInfo(
        id=id,
        source=source,
        title=title,
        kind=kind,
        issuer=issuer,
        number=number,
        date=_date(kind, dates, delivery.date if delivery else "", last_resort, file_name_date(file_title)),
        adopted=dates.adopted,
        published=dates.published,
        effective=dates.effective,
        speaker=delivery.speaker if delivery else "",
        occasion=delivery.occasion if delivery else "",
        region=find_region(title, issuer, *((delivery.occasion, delivery.speaker) if delivery else ("", ""))),
        status=status,
        status_basis=basis,
        expires=find_expiry(text, dates.effective or effective_date(text, dates.main)),
        repeals=find_repeals(text),
    )


def read_fields(lines: Sequence[str]) -> tuple[dict[str, str], int]:
    """The table of 标题, 发文机关, 成文日期 … that a portal prints above a document, and the line it ends before.

    A value stands behind its name or on the next line.
    """
    fields: dict[str, str] = {}
    end = 0
    cells = [(cell, position) for position, line in enumerate(lines) for cell in line.split("\t")]
    for (cell, position), (after, place) in pairwise([*cells, ("", len(lines))]):
        match = _FIELD.fullmatch(cell.strip())
        if match is None:
            continue
        name, value = "".join(match.group(1).split()), match.group(2).strip()
        end = position + 1
        if not value and not _FIELD.fullmatch(after.strip()) and _FIELDS[name]:
            value, end = after.strip(), place + 1
        if _FIELDS[name] and value:
            fields.setdefault(_FIELDS[name], value)
    return (fields, end) if len(fields) > 1 else ({}, 0)


def _head(lines: Sequence[str], end: int) -> list[str]:
    """The lines above the text proper, the title's own and those of an order before it included."""
    head = list(lines[:end])
    for line in lines[end : end + _HEAD_LINES]:
        is_text = is_body(line) or (len(line) > 60 and line.endswith(("。", "；", "：")))
        if is_text and not _TELLS_ORIGIN.match(line):
            break
        head.append(line)
        if re.match(r"第.{1,4}条|各位|同志们", line):
            break
    return head


def _kind(title: str, file_title: str, text: str) -> str:
    kind = kind_of(title)
    if kind == "其他":
        opening = text[:1500]
        if re.search(r"——.{0,40}上的报告|(?:作|提出)[^，。]{0,12}报告|向大会报告", opening):
            return "报告"
        if re.search(r"——.{0,40}上的讲话|^(?:同志们|各位)[^。]{0,12}[：:！]", opening, re.MULTILINE):
            return "讲话"
        kind = kind_of(file_title)
    return kind


def _dates(kind: str, head: Sequence[str], text: str, fields: dict[str, str]) -> _Dates:
    """What the head, the signature and the table of fields say; what does not apply to the kind stays empty."""
    history = read_history(head)
    alone = next(filter(None, map(_bare_date, head)), "")
    listed = parse_date(fields.get("date", "")) or parse_date(fields.get("published", ""))
    issued = find_signature(text)[1] or alone or listed
    # Beside the date of a document the date of publication is that of the web page.
    published = "" if kind not in RULE_KINDS and fields.get("date") else parse_date(fields.get("published", ""))
    stated = (published, parse_date(fields.get("effective", "")))
    if kind not in RULE_KINDS:
        return _Dates(issued or max(history.published, history.adopted), history.adopted, *stated)
    published = _order_date(head) or history.published or stated[0] or issued
    version = max(*history.revisions, history.adopted, published, "")
    effective = history.effective or stated[1]
    return _Dates(version, history.adopted, published, effective or effective_date(text, published or version))


def _date(kind: str, dates: _Dates, delivered: str, last_resort: str, in_file_name: str) -> str:
    if kind in ("讲话", "报告"):
        return delivered or dates.main or last_resort
    # A compilation that leaves out the last revision still carries its date in the file name.
    if kind in RULE_KINDS and len(in_file_name) == 10 and in_file_name > dates.main:
        return in_file_name
    return dates.main or last_resort or dates.effective


def _bare_date(line: str) -> str:
    """The date of a line that is only a date, or a note in brackets: （某发〔2010〕35号 2010年12月10日）."""
    if date_alone(line):
        return date_alone(line)
    is_note = len(line) <= 80 and line[:1] in "（(" and not re.search(r"起|通过|修[订正改]|批准", line)
    return parse_date(line) if is_note else ""


def _order_date(head: Sequence[str]) -> str:
    """The date under an order (令) that puts a rule into force, standing alone between it and the rule."""
    if not any(line.endswith("令") or re.fullmatch(r"第.{1,6}号", line) for line in head[:8]):
        return ""
    return next((date_alone(line) for line in head if date_alone(line)), "")


def _title_year(title: str) -> str:
    years = [date for date, _ in find_dates(title)]
    return years[0] if years else file_name_date(title)


def _status(title: str, fields: dict[str, str]) -> tuple[str, str]:
    stated = next((status for status in _STATUSES if status in fields.get("status", "")), "")
    if stated:
        return stated, f"文首载明：{stated}"
    if _REPEALED.search(title):
        return "已废止", "标题载明已废止或失效"
    draft = _DRAFT.search(title)
    return ("尚未生效", f"标题载明：{draft.group().strip('（()）')}") if draft else ("不详", "")
