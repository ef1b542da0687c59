"""Phrasing: how something has been worded, since when and how often, and the source of it ready to paste."""

from phrasing.concordance import concordance
from phrasing.model import Concordance, Line, Variant
from phrasing.sources import pasteable, source_line, source_parts
from phrasing.table import to_csv
from phrasing.variants import variants

__all__ = [
    "Concordance",
    "Line",
    "Variant",
    "concordance",
    "pasteable",
    "source_line",
    "source_parts",
    "to_csv",
    "variants",
]
