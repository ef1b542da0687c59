"""A concordance as a table for spreadsheets."""

import csv
import io

from phrasing.model import Concordance

_COLUMNS = ("date", "title", "number", "source", "page", "start", "left", "match", "right")


def to_csv(concordance: Concordance) -> str:
    """The kept lines as comma-separated values (RFC 4180), a header first; an unknown page is empty."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(_COLUMNS)
    for line in concordance.lines:
        document = line.document
        writer.writerow([document.date, document.title, document.number, document.source, line.page,
                         line.start, line.left, line.match, line.right])  # fmt: skip
    return stream.getvalue()
