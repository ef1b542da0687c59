"""HTML → text: the document a page carries, without the site around it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeGuard

import lxml.etree
import lxml.html

from ingest.chinese import fold
from ingest.errors import UnreadableFile
from ingest.layout import BLANK, split_lines
from ingest.readers.extract import Extract
from ingest.readers.headings import bold_reach, head_lines
from ingest.readers.plain import decode
from ingest.readers.table import Cell, Line, assembled, table_lines

_DROPPED_TAGS = {"script", "style", "nav", "header", "footer", "aside", "form", "button", "select", "option", "input",
                 "textarea", "noscript", "iframe", "object", "svg", "template", "head", "audio", "video", "canvas",
                 "map"}  # fmt: skip
_BLOCK_TAGS = {"p", "div", "section", "article", "main", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "dl",
               "dt", "dd", "table", "thead", "tbody", "tfoot", "tr", "caption", "pre", "blockquote", "body", "html",
               "center", "hr", "figure", "figcaption", "address", "header", "fieldset"}  # fmt: skip
_HEADINGS = {f"h{depth}": depth for depth in range(1, 7)}
_BOLD = ("b", "strong")
_PARAGRAPHS = ("p", "div", "li", "section")
_SITE_PART = re.compile(
    r"(?:^|[\s_-])(?:breadcrumbs?|crumbs?|location|position|share|bdshare\w*|print|toolbar|tools?|nav|navbar|menu|"
    r"topbar|sidebar|footer|foot|copyright|related|pagination|pager|qrcode|ewm|comments?|login|search|ads?)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_SITE_TEXT = re.compile("字号[:：]|浏览次数|分享到|打印本页|关闭窗口|扫一扫")
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"[（(][^（()）]*[)）]$")
_MOST_SPAN = 500
_SPACES = re.compile(r"[ \t\n\r\f]+")


def read_html(content: bytes, source: str) -> Extract:
    """Read a web page's main text; raises UnreadableFile where there is none or its encoding is not known."""
    parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8")
    markup = _decode(content, source).encode("utf-8", "replace")
    try:
        root = lxml.html.document_fromstring(markup, parser=parser)
    except (lxml.etree.LxmlError, ValueError) as error:
        raise UnreadableFile(source, "no HTML in the file; check what kind of file it is") from error
    lines = _lines(_pieces(_main_part(root)))
    extract = assembled(lines)
    shown = _without_site_heading(extract.text)
    # The heading is a line of its own, above the first row.
    return extract if shown is extract.text else assembled(_without_first(lines))


def _without_site_heading(text: str) -> str:
    """The text without a first line that only repeats the title the document itself begins with."""
    heading, _, rest = text.partition("\n")
    name = fold(_IN_BRACKETS.sub("", heading))
    title = ""
    for line in rest.split("\n", 4)[:4]:
        title += fold(line)
        if title == name:
            return rest
    return text


def _decode(content: bytes, source: str) -> str:
    declared = _CHARSET.search(content[:4096])
    if declared:
        name = declared.group(1).decode("ascii").lower()
        # Pages that say gb2312 or gbk use characters beyond it.
        encoding = "gb18030" if name in ("gb2312", "gbk", "gb18030") else name
        try:
            return content.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(content, source)


def _main_part(root: lxml.html.HtmlElement) -> lxml.html.HtmlElement:
    for element in list(root.iter()):
        if element is not root and _is_site_part(element):
            element.drop_tree()
    length = len(_SPACES.sub("", root.text_content()))
    for tag in ("article", "main"):
        found = root.findall(f".//{tag}")
        if len(found) == 1 and 2 * len(_SPACES.sub("", found[0].text_content())) > length:
            return found[0]
    return root


def _is_site_part(element: lxml.html.HtmlElement) -> bool:
    if not isinstance(element.tag, str) or element.getparent() is None:
        return False
    if element.tag == "header":
        # An article's own header holds its title.
        return element.find(".//h1") is None
    if element.tag in _DROPPED_TAGS:
        return True
    if element.tag not in _BLOCK_TAGS or element.tag in ("body", "html", "article", "main"):
        return False
    text = _SPACES.sub("", element.text_content())
    if _SITE_PART.search(f"{element.get('class', '')} {element.get('id', '')}") and len(text) < 200:
        return True
    if len(text) < 120 and _SITE_TEXT.search(text):
        return True
    links = sum(len(_SPACES.sub("", link.text_content())) for link in element.iter("a"))
    return 0 < len(text) < 400 and links * 10 >= len(text) * 6


def _lines(pieces: Iterable[str | list[Line]]) -> list[Line]:
    """The lines of pieces of text, with tables between them as they are."""
    lines: list[Line] = []
    text: list[str] = []
    for piece in pieces:
        if isinstance(piece, str):
            text.append(piece)
        else:
            lines += [*split_lines("".join(text)), *piece]
            text.clear()
    return [*lines, *split_lines("".join(text))]


def _without_first(lines: Sequence[Line]) -> list[Line]:
    """The lines but for the first that has text."""
    first = next(position for position, line in enumerate(lines) if not isinstance(line, str) or line.strip(BLANK))
    return [*lines[:first], *lines[first + 1 :]]


def _pieces(element: lxml.html.HtmlElement) -> Iterator[str | list[Line]]:
    """The text of an element with line breaks around blocks; a table without another in it as its lines."""
    if element.tag == "table" and element.find(".//table") is None:
        yield "\n"
        yield _table(element)
        return
    if element.tag == "tr" and element.find(".//table") is None:
        yield "\n"
        yield table_lines([_cells(element)])
        return
    if element.tag in _HEADINGS and element.find(".//table") is None:
        yield "\n"
        yield list(head_lines("".join(_plain_pieces(element)).strip(), _HEADINGS[element.tag]))
        return
    is_block = element.tag in _BLOCK_TAGS
    if is_block and (reach := _bold_reach(element)):
        yield "\n"
        yield list(head_lines("".join(_plain_pieces(element)), 0, reach))
        return
    if is_block or element.tag == "br":
        yield "\n"
    is_preformatted = element.tag == "pre"
    yield _inline(element.text, is_preformatted)
    for child in element:
        yield from _pieces(child)
        yield _inline(child.tail, is_preformatted)
    if is_block:
        yield "\n"


def _plain_pieces(element: lxml.html.HtmlElement) -> Iterator[str]:
    """The text inside an element that holds no table."""
    yield _inline(element.text, False)
    for child in element:
        yield from map(_plain_text, _pieces(child))
        yield _inline(child.tail, False)


def _plain_text(piece: str | list[Line]) -> str:
    return piece if isinstance(piece, str) else "\n".join([*filter(_is_plain, piece), ""])


def _is_plain(line: Line) -> TypeGuard[str]:
    return isinstance(line, str)


def _bold_reach(element: lxml.html.HtmlElement) -> int:
    """How many characters of a paragraph that holds no other block are bold from its beginning."""
    if element.tag not in _PARAGRAPHS or any(child.tag in _BLOCK_TAGS for child in element.iterdescendants()):
        return 0
    return bold_reach(
        (_SPACES.sub(" ", str(text)), any(one.tag in _BOLD for one in _upwards(text, element)))
        for text in element.xpath(".//text()")
    )


def _upwards(text: Any, top: lxml.html.HtmlElement) -> Iterator[lxml.html.HtmlElement]:
    """The elements in which a text stands, up to `top`."""
    element = text.getparent() if not text.is_tail else text.getparent().getparent()
    while element is not None and element is not top:
        yield element
        element = element.getparent()


def _table(table: lxml.html.HtmlElement) -> list[Line]:
    caption = [line for part in table.iter("caption") for line in _cell_lines(part)]
    return [*caption, *table_lines(_cells(row) for row in table.iter("tr"))]


def _cells(row: lxml.html.HtmlElement) -> list[Cell]:
    in_head = row.getparent() is not None and row.getparent().tag == "thead"
    return [
        Cell(
            tuple(_cell_lines(cell)),
            _span(cell, "colspan"),
            _span(cell, "rowspan"),
            in_head or cell.tag == "th",
        )
        for cell in row
        if cell.tag in ("td", "th")
    ]


def _span(cell: lxml.html.HtmlElement, name: str) -> int:
    value = cell.get(name, "1").strip()
    return min(int(value), _MOST_SPAN) if value.isascii() and value.isdigit() and int(value[:6]) > 0 else 1


def _inline(text: str | None, is_preformatted: bool) -> str:
    return text or "" if is_preformatted else _SPACES.sub(" ", text or "")


def _cell_lines(cell: lxml.html.HtmlElement) -> list[str]:
    text = "".join(_plain_text(piece) for piece in _pieces(cell))
    return [line for line in split_lines(text) if line.strip()]
