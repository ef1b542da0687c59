"""From the lines of a file to paragraphs: the normal form of text, and hard-wrapped lines joined again.

White space between lines is the only thing decided here; within a line every character stays as it is printed.
"""

import re
import sys
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

_LINE_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_ZERO_WIDTH = "\u200b\u200c\u200d\u200e\u200f\u2060\u00ad\ufeff"
BLANK = "".join(c for c in map(chr, range(0x3001)) if c.isspace()) + _ZERO_WIDTH
"""The characters that are not seen at the ends of a line."""
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufff0-\uffff\ud800-\udfff]".replace("\ufffd", "")
)

_NUMERAL = "[〇零○一二三四五六七八九十百千0-9０-９]"
_PARAGRAPH_MARK = re.compile(
    rf"第{_NUMERAL}{{1,7}}[编篇章节条款，,、是]|[一二三四五六七八九十]{{1,4}}[、.．是]|[（(]{_NUMERAL}{{1,4}}[）)]"
    r"|\d{1,3}[、.．](?!\d)|\d{1,2}(?:\.\d{1,2}){1,3}\s|[①-⑳]|——|[●■◆▪•]|附件|附录|附表"
)
_SENTENCE_OVER = re.compile(r"[。！？：；!?:;…][”’」』）)》〉\]】]*$")
_CLAUSE_OVER = re.compile(r"[，。；,.;]")
_WORD = re.compile(r"[0-9A-Za-z.,%_+\-]+")
_CLOSERS = "，。、；：？！”’」』）)》〉%％"
_OPENING = {"》": "《", "）": "（", "”": "“", "〉": "〈", "」": "「"}
_NEVER_FIRST = (*"，。、；：？！》）”〉」』】",)
_NEVER_LAST = (*"、《（“〈「『【〔",)
_SLACK = 4
"""Columns by which a full line may miss the width: one character moved by line-breaking rules, one by spacing."""


def split_lines(text: str) -> list[str]:
    """The lines of `text` without control characters; indentation is kept, for it shows where paragraphs begin."""
    return [_UNPRINTABLE.sub("", line).rstrip(BLANK) for line in _LINE_BREAK.split(text)]


def join_lines(lines: Sequence[str], *, wrap_width: int | Sequence[int] | None = None) -> tuple[str, list[int]]:
    """Join lines into the text of a document, one paragraph a line, and give the offset of each line in it.

    With `wrap_width` (columns, of all lines or of each) a line that goes on with the paragraph before it is joined
    to it; without, every line is a paragraph but one that begins with a closing mark or follows an opening one.
    A blank line's offset is that of the next line.
    """
    starts = _paragraph_starts(lines, wrap_width)
    pieces: list[str] = []
    offsets: list[int] = []
    length, before = 0, ""
    for position, line in enumerate(lines):
        printed = line.strip(BLANK)
        if printed and before:
            is_torn = position > 0 and _is_torn(lines[position - 1], line, lines[position + 1 : position + 2])
            joint = "\n" if starts[position] and not is_torn else _joint(before, printed)
            if is_torn and printed[0].isdigit():
                joint = ""  # A subscript: PM⏎2.5.
            pieces.append(joint)
            length += len(joint)
        offsets.append(length if printed else -1)
        if printed:
            pieces.append(printed)
            length += len(printed)
            before = printed
    return "".join(pieces), _fill_from_next(offsets, length)


def _fill_from_next(offsets: list[int], end: int) -> list[int]:
    for position in range(len(offsets) - 1, -1, -1):
        end = offsets[position] = end if offsets[position] < 0 else offsets[position]
    return offsets


def _is_torn(before: str, line: str, after: Sequence[str]) -> bool:
    """Whether a sentence was torn apart before `line`, as at the links of a web page: 《⏎…法⏎》的规定."""
    before, line = before.strip(BLANK), line.strip(BLANK)
    if not before or not line:
        return False
    if line.startswith(_NEVER_FIRST) or before.endswith(_NEVER_LAST):
        return True
    closing = after[0].lstrip(BLANK)[:1] if after else ""
    opening = _OPENING.get(closing, "")
    return bool(opening) and before.rfind(opening) > before.rfind(closing) and closing not in line


def _joint(left: str, right: str) -> str:
    """What stands between two lines of a paragraph: a space between Latin words, nothing in Chinese."""
    is_latin = left[-1].isascii() and right[0].isascii() and right[0].isalnum() and left[-1] not in "-/("
    return " " if is_latin and (left[-1].isalpha() or right[0].isalpha() or left[-1] in ".,;:!?)") else ""


def columns(text: str) -> int:
    """Width of `text` in terminal columns: two for a Chinese character, one for a Latin one."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def _width(line: str) -> int:
    # No line is wrapped as wide as this; the rest of an endless one need not be measured.
    return columns(line[:400])


def find_wrap_width(lines: Sequence[str]) -> int | None:
    """The width in columns at which a text was hard-wrapped, None when its lines are whole paragraphs.

    It was wrapped when the lines end at one common width and many of those that reach it stop amid a sentence.
    """
    printed = [line for line in lines if line.strip(BLANK)]
    if len(printed) < 5:
        return None
    widths = [_width(line) for line in printed]
    width = usual_width(printed)
    if sum(1 for line in printed if _CLAUSE_OVER.search(line)) * 4 < len(printed):
        return None  # Lines of one width without sentences are a list or a table.
    if not 24 <= width <= 200 or sum(w > width + _SLACK for w in widths) > max(1, len(widths) // 50):
        return None
    cut = sum(
        _is_full(line, after, width) and not _SENTENCE_OVER.search(line[-12:]) for line, after in pairwise(printed)
    )
    # One line in eight: in 270 real texts 13 % and more of the lines when wrapped, at most 4 % when not.
    return width if cut >= max(3, 0.12 * len(printed)) else None


def usual_width(lines: Sequence[str]) -> int:
    """The width in columns that full lines have: nine in ten lines are no wider."""
    widths = sorted(_width(line) for line in lines if line.strip(BLANK))
    return widths[len(widths) * 9 // 10] if widths else 0


def _paragraph_starts(lines: Sequence[str], wrap_width: int | Sequence[int] | None) -> list[bool]:
    if wrap_width is None:
        return [True] * len(lines)
    widths = [wrap_width] * len(lines) if isinstance(wrap_width, int) else wrap_width
    base = _base_indent(lines, widths)
    starts: list[bool] = []
    before, width = "", 0
    for line, own in zip(lines, widths, strict=True):
        starts.append(not before or _starts_paragraph(line, before, width, base))
        before, width = line if line.strip(BLANK) else "", own
    return starts


def _starts_paragraph(line: str, before: str, width: int, base: int) -> bool:
    is_over = _SENTENCE_OVER.search(before[-12:]) is not None
    if _indent(line) > base + 1 or "\t" in line.strip() or "\t" in before.strip():
        return True
    if is_over and _PARAGRAPH_MARK.match(line.lstrip(BLANK)):
        return True
    if _is_full(before, line, width):
        return False
    # A line cut amid a sentence may fall short where the next word was too long for it.
    reach = 0.6 if before.endswith(("，", "、", ",")) else 0.85
    return is_over or _width(before) < reach * width


def _is_full(line: str, after: str, width: int) -> bool:
    """Whether the first word of the line `after` would not have fitted on `line`."""
    rest = after.lstrip(BLANK)
    word = _WORD.match(rest)
    stop = word.end() if word else 1
    while stop < len(rest) and rest[stop] in _CLOSERS and stop < 40:
        stop += 1
    return _width(line) + columns(rest[:stop]) + _SLACK > width


def _indent(line: str) -> int:
    return columns(line[: len(line) - len(line.lstrip(BLANK))])


def _base_indent(lines: Sequence[str], widths: Sequence[int]) -> int:
    """The indent of lines that go on with a paragraph: the least among those after a full line."""
    indents = [
        _indent(line)
        for (before, width), (line, _) in pairwise(zip(lines, widths, strict=True))
        if line.strip(BLANK) and before.strip(BLANK) and _is_full(before, line, width)
    ]
    return min(indents, default=sys.maxsize - 1)
