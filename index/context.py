"""What is indexed of a passage besides its own words: the document and section that say what it is about."""

from ingest.model import DocumentInfo, Passage


def context_of(info: DocumentInfo, passage: Passage) -> str:
    """Title, headings and the announcing sentence that a passage stands under.

    Where a notice and what it issues are one file, the notice's title stands behind the title that it does not hold.
    """
    issued_by = info.parent_title if info.part and info.title not in info.parent_title else ""
    return " ".join(part for part in (info.title, issued_by, *passage.path, passage.lead) if part)


def embedded_text(info: DocumentInfo, passage: Passage) -> str:
    """The text handed to the encoder for a passage: its context on the first line, then its own words."""
    return f"{context_of(info, passage)}\n{passage.text}"
