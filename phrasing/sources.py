"""How a source is named: in one line to read, and behind a quotation to paste into a draft."""

from collections.abc import Sequence

from ingest.model import DocumentInfo
from ingest.titles import title_marks


def source_parts(document: DocumentInfo, path: Sequence[str] = (), page: int | None = None) -> tuple[str, ...]:
    """What names a place: 《title》, 文号, date, what it came with, headings, page; unknown parts are left out."""
    place = " › ".join(path)
    # The number of an order names it already.
    names_parent = document.parent_title and not document.parent.endswith(("#令", "#公告"))
    came_with = f"（附于{title_marks(document.parent_title)}）" if names_parent else ""
    named = (title_marks(document.title), document.number, document.date, came_with)
    parts = (*named, place, f"第{page}页" if page else "")
    return tuple(part for part in parts if part)


def source_line(document: DocumentInfo, path: Sequence[str] = (), page: int | None = None) -> str:
    """Name a place in one line, its parts set apart by spaces."""
    return " ".join(source_parts(document, path, page))


def pasteable(quote: str, document: DocumentInfo, path: Sequence[str] = (), page: int | None = None) -> str:
    """A quotation as a draft carries it, its words untouched: “quote”（《title》，文号，date，article，page）."""
    article = next((part.split(" ")[0] for part in reversed(path) if part.startswith("第")), "")
    parts = [title_marks(document.title), document.number, _spoken_date(document.date), article]
    source = "，".join(part for part in [*parts, f"第{page}页" if page else ""] if part)
    return f"“{quote}”（{source}）"


def _spoken_date(date: str) -> str:
    """2018-12-04 as 2018年12月4日, as much of it as is given."""
    return "".join(f"{int(part)}{unit}" for part, unit in zip(date.split("-"), "年月日", strict=False)) if date else ""
