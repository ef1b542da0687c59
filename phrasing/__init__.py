"""Phrasing: how something has been worded, since when and how often, and the source of it ready to paste."""

from phrasing.concordance import concordance
from phrasing.model import Concordance, Line
from phrasing.sources import pasteable, source_line, source_parts
from phrasing.table import to_csv

__all__ = ["Concordance", "Line", "concordance", "pasteable", "source_line", "source_parts", "to_csv"]
