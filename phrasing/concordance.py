"""Where and how a phrase was used: every exact occurrence in the documents' text, in context."""

from index.catalogue import Catalogue
from index.exact import occurrences
from index.model import Filters
from ingest.errors import BadRequest
from ingest.model import Document, DocumentInfo
from phrasing.model import Concordance, Line


def concordance(
    catalogue: Catalogue, phrase: str, *, filters: Filters | None = None, context: int = 30, limit: int | None = None
) -> Concordance:
    """Find the exact, non-overlapping occurrences of `phrase`, as `str.count` counts them, oldest document first.

    `context` is the most characters kept on either side, never beyond the paragraph. At most `limit` lines are
    kept, all where it is None; the counts are of all. Raises `BadRequest` for an empty phrase.
    """
    if not phrase.strip():
        raise BadRequest("the phrase is empty; give the words to look for")
    documents: list[tuple[DocumentInfo, int]] = []
    lines: list[Line] = []
    for document, offsets in occurrences(catalogue, phrase, filters=filters):
        documents.append((document.info, len(offsets)))
        room = len(offsets) if limit is None else limit - len(lines)
        lines.extend(_line(document, start, phrase, context) for start in offsets[:room])
    copy_of = catalogue.copies.standing_for(info for info, _ in documents)
    return Concordance(phrase, sum(count for _, count in documents), tuple(documents), tuple(lines), copy_of)


def _line(document: Document, start: int, phrase: str, context: int) -> Line:
    end = start + len(phrase)
    left = document.text[max(0, start - context) : start].rpartition("\n")[2]
    right = document.text[end : end + context].partition("\n")[0]
    return Line(left, phrase, right, document.info, start, document.page_at(start))
