"""Phrasing: how something has been worded, since when and how often, and the source of it ready to paste."""

from phrasing.concordance import concordance
from phrasing.model import Concordance, Line, Variant
from phrasing.sources import pasteable, source_line, source_parts
from phrasing.table import to_csv
from phrasing.variants import variants
from phrasing.versions import Comparison, compare_versions, version_before, versions_of

__all__ = [
    "Comparison",
    "Concordance",
    "Line",
    "Variant",
    "compare_versions",
    "concordance",
    "pasteable",
    "source_line",
    "source_parts",
    "to_csv",
    "variants",
    "version_before",
    "versions_of",
]
