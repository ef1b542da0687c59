"""Values of spreadsheet cells as they are displayed, by their number format."""

import re
from datetime import date, datetime, time, timedelta

_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA"}
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]')
_NUMBER = re.compile(r"[#0?,]*[#0?](?:\.([#0?]+))?")


def shown(value: object, style: str | None) -> str:
    """A cell's value as it is displayed; errors and what has no value are empty."""
    style = style or "General"
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case str():
            return "" if value in _ERRORS else value
        case datetime() | date():
            return _date(value, style)
        case time():
            return value.isoformat("minutes" if not value.second else "seconds")
        case timedelta():
            return str(value)
        case int() | float():
            return _number(value, style)
    return str(value)


def _date(value: date, style: str) -> str:
    kind = style.lower()
    has_time = isinstance(value, datetime) and ("h" in kind or ((value.hour or value.minute) and "d" not in kind))
    day = f"{value.year}-{value.month:02}-{value.day:02}"
    if "年" in style or "\u5e74" in kind:
        day = f"{value.year}年{value.month}月" + (f"{value.day}日" if "日" in style else "")
    elif "yy" in kind and "d" not in kind:
        day = f"{value.year}-{value.month:02}"
    elif "/" in style:
        day = f"{value.year}/{value.month}/{value.day}"
    if has_time and isinstance(value, datetime):
        clock = f"{value.hour:02}:{value.minute:02}" + (f":{value.second:02}" if value.second else "")
        return f"{day} {clock}" if "d" in kind or "y" in kind else clock
    return day


def _number(value: int | float, style: str) -> str:
    sections = style.split(";")
    section = sections[1] if value < 0 and len(sections) > 1 and sections[1] else sections[0]
    plain = _LITERAL.sub("", section)
    if "%" in plain:
        return f"{value * 100:.{_decimals(plain)}f}%"
    match = _NUMBER.search(plain)
    if "general" in plain.lower() or "@" in plain or "/" in plain or "e+" in plain.lower() or match is None:
        return _general(value)
    amount = abs(value) if section is not sections[0] else value
    grouped = f"{amount:{',' if ',' in match[0] else ''}.{_decimals(plain)}f}"
    zeros = re.match(r"0+", match[0].replace(",", ""))
    if zeros and "." not in match[0] and len(zeros[0]) > 1:
        grouped = grouped.zfill(len(zeros[0]))
    return _around(section, grouped)


def _around(section: str, number: str) -> str:
    """The number with the words of its format before and behind it: 0"元" → 500元."""
    marked = _LITERAL.sub(lambda match: match[1] or match[2] or _currency(match[0]), section)
    bare = _NUMBER.search(marked)
    if bare is None:
        return number
    before, after = marked[: bare.start()], marked[bare.end() :]
    return f"{before.strip()}{number}{after.strip()}"


def _currency(bracketed: str) -> str:
    """The sign in [$¥-804]."""
    match = re.fullmatch(r"\[\$([^\]-]*)(?:-[^\]]*)?\]", bracketed)
    return match[1] if match else ""


def _decimals(plain: str) -> int:
    match = _NUMBER.search(plain)
    return len(match[1]) if match and match[1] else 0


def _general(value: int | float) -> str:
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return str(int(value))
    return f"{value:.10g}"
