"""References of documents: to other documents and to places in them, and to places of their own."""

from ingest.references.find import find_references
from ingest.references.model import Reference, Step
from ingest.references.places import Places

__all__ = ["Places", "Reference", "Step", "find_references"]
