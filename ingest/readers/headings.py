"""Lines that a file sets off as headings, by a heading style or in bold, on their way into the text."""

from collections.abc import Iterable, Sequence

from ingest.layout import BLANK, split_lines
from ingest.model import HeadingMark

_NEVER_BOLD = BLANK + "“”‘’《》（）、，"
"""Marks that word processors leave as they are between words in bold."""


class HeadLine(str):
    """A line of which the first `reach` characters are set off as a heading of a depth (0 is only bold)."""

    depth: int
    reach: int


def head_lines(text: str, depth: int, reach: int | None = None) -> list[str]:
    """The lines of a paragraph whose first `reach` characters, blanks before them left out, are a heading."""
    lines = split_lines(text)
    first = next((position for position, line in enumerate(lines) if line.strip(BLANK)), None)
    if first is None:
        return lines
    words = lines[first].strip(BLANK)
    head = HeadLine(lines[first])
    head.depth, head.reach = depth, len(words) if reach is None else min(reach, len(words))
    return [*lines[:first], head, *lines[first + 1 :]] if head.reach > 0 else lines


def bold_reach(runs: Iterable[tuple[str, bool]]) -> int:
    """How many characters of a paragraph, given as runs of text that are bold or not, are bold from its beginning."""
    reach, pending = 0, 0
    begun = False
    for text, is_bold in runs:
        words = text if begun else text.lstrip(BLANK)
        if not words:
            continue
        begun = True
        pending += len(words)
        if is_bold:
            reach = pending
        elif words.strip(_NEVER_BOLD):
            break
    return reach


def marks_in(lines: Sequence[object], text: str, offsets: Sequence[int]) -> tuple[HeadingMark, ...]:
    """Where the headings among lines stand in the text that they were joined to."""
    return tuple(
        HeadingMark(offset, offset + line.reach, line.depth)
        for line, offset in zip(lines, offsets, strict=True)
        if isinstance(line, HeadLine) and (offset == 0 or text[offset - 1] == "\n")
    )
