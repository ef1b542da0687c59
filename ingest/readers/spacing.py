"""Spaces within a printed line: those that a reader would type, not the gaps of the typesetting."""

import re

from ingest.layout import split_lines
from ingest.readers.cells import CELL_GAP

_HAN = "[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’—…]"
_GAP = re.compile(rf"(?<={_HAN}) +(?=[0-9A-Za-z])|(?<=[0-9A-Za-z%]) +(?={_HAN})")


def as_printed(text: str) -> str:
    """The text of a line without gaps beside Chinese characters; a soft hyphen that is printed is a hyphen."""
    cells = text.replace("\u00ad", "-").split(CELL_GAP)
    return CELL_GAP.join(_GAP.sub("", " ".join(split_lines(cell)).strip(" ")) for cell in cells)
