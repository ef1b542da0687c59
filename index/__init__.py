"""The index: documents kept on disk, found by words and by meaning."""

from index.builder import update_index
from index.filters import parse_filters
from index.model import Failure, Filters, Hit, IngestReport
from index.searcher import Searcher

__all__ = ["Failure", "Filters", "Hit", "IngestReport", "Searcher", "parse_filters", "update_index"]
