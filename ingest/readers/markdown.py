"""Markdown → text: the markup goes, the words and printed numbers stay."""

import re
from collections.abc import Iterable
from functools import cache
from itertools import groupby

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.layout import find_wrap_width, split_lines
from ingest.readers.dashed import with_tables
from ingest.readers.extract import Extract
from ingest.readers.headings import bold_reach, head_lines
from ingest.readers.plain import decode
from ingest.readers.table import Cell, Line, assembled, table_lines

_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_BREAK_TAG = re.compile(r"<(?:br|/p|/div|/li|/tr|/h[1-6])\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_MOST_BRACKETS = 1000
_BULLET = re.compile(r"^(\s*)[-*+](?: +|\t)(?=\S)")
_INLINE_IMAGE = re.compile(r"!\[[^\[\]\n]{0,200}\]\(data:[^\n]*")
_RAW_MARK = re.compile(r"(?<=`)\{=?[a-z]+\}")
_LEFT_OVER_BOLD = re.compile(r"\*{2,4}([^*]+)\*{2,4}|\*{4}(?=[\u4e00-\u9fff])")


def read_markdown(content: bytes, source: str) -> Extract:
    """Read a Markdown file; raises UnreadableFile for bytes that are not text in a known encoding."""
    lines = markdown_lines(decode(content, source))
    width = find_wrap_width([line for line in lines if isinstance(line, str)])
    return assembled(lines, wrap_width=width)


def markdown_lines(markdown: str) -> list[Line]:
    """The lines and table rows of a Markdown text without markup; blocks are separated by a blank line."""
    markdown = _FRONT_MATTER.sub("", markdown.replace("\r\n", "\n"))
    plain = _RAW_MARK.sub("", _INLINE_IMAGE.sub("", markdown)).split("\n")
    lines: list[Line] = []
    for is_drawn, parts in groupby(with_tables([_without_link_maze(line) for line in plain]), _is_table):
        if is_drawn:
            for rows in parts:
                lines += [*table_lines(_drawn_cells(row, is_header=row is rows[0]) for row in rows), ""]
        else:
            lines += _block_lines("\n".join(str(part) for part in parts))
    return lines


def _is_table(part: str | list[list[str]]) -> bool:
    return not isinstance(part, str)


def _drawn_cells(row: Iterable[str], *, is_header: bool) -> list[Cell]:
    texts = [[_inline_text(token) for token in _parser().parseInline(cell)] for cell in row]
    return [Cell(tuple(line for text in cell for line in split_lines(text)), is_header=is_header) for cell in texts]


def _block_lines(markdown: str) -> list[Line]:
    lines: list[Line] = []
    rows: list[list[Cell]] = []
    row: list[Cell] | None = None
    is_header = False
    depth = 0
    for token in _parser().parse(markdown):
        if token.type in ("thead_open", "thead_close"):
            is_header = token.type == "thead_open"
        elif token.type in ("heading_open", "heading_close"):
            depth = int(token.tag[1:]) if token.type == "heading_open" else 0
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            rows.append(row)
            row = None
        elif token.type == "table_close":
            lines += [*table_lines(rows), ""]
            rows = []
        elif token.type == "inline":
            text = _inline_text(token)
            if row is not None:
                row.append(Cell(tuple(split_lines(text)), is_header=is_header))
            elif depth or _bold_reach(token):
                lines += [*head_lines(text, depth, None if depth else _bold_reach(token)), ""]
            else:
                lines += [*map(_without_bullet, split_lines(text)), ""]
        elif token.type in ("fence", "code_block"):
            lines += [*split_lines(token.content), ""]
        elif token.type == "html_block":
            lines += [*split_lines(_without_tags(token.content)), ""]
    return lines


@cache
def _parser() -> MarkdownIt:
    # Indented text is a Chinese paragraph, not code; a list's numbers and an underlined line are as printed.
    return MarkdownIt("commonmark").enable("table").disable(["code", "list", "lheading", "entity"])


def _inline_text(token: Token) -> str:
    pieces: list[str] = []
    for child in token.children or []:
        if child.type in ("text", "code_inline", "text_special"):
            pieces.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            pieces.append("\n")
        elif child.type == "html_inline":
            pieces.append(_without_tags(child.content))
        elif child.type == "image":
            pieces.append(child.content)
    # Beside Chinese punctuation CommonMark does not see bold marks as such.
    return _LEFT_OVER_BOLD.sub(lambda match: match[1] or "", "".join(pieces))


def _bold_reach(token: Token) -> int:
    """How many characters of a paragraph are bold from its beginning."""
    runs: list[tuple[str, bool]] = []
    depth = 0
    for child in token.children or []:
        depth += {"strong_open": 1, "strong_close": -1}.get(child.type, 0)
        runs.append((child.content if child.type == "text" else "", depth > 0))
    return bold_reach(runs)


def _without_link_maze(line: str) -> str:
    # The parser looks for the end of a link at every bracket: a line of nothing else would take it hours.
    return line.replace("[", "\\[") if line.count("[") > _MOST_BRACKETS else line


def _without_tags(html: str) -> str:
    return _TAG.sub("", _BREAK_TAG.sub("\n", _COMMENT.sub("", html)))


def _without_bullet(line: str) -> str:
    return _BULLET.sub(r"\1", line)
