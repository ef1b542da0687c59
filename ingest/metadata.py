"""What a document says about itself: title, kind, issuer, number and dates."""

from ingest.model import DocumentInfo


def describe(text: str, *, source: str, file_title: str, id: str) -> DocumentInfo:
    """Describe a document from its text; `file_title` is the file's name without its ending, a last resort."""
    return DocumentInfo(id=id, source=source, title=text[:200].split("\n")[0] or file_title)
