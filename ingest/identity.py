"""What makes a document the same document: what it is called and what it says."""

from collections.abc import Iterable
from hashlib import sha256


def content_hash(content: Iterable[bytes]) -> str:
    """What files of the same content have in common, whatever they are called (hexadecimal)."""
    digest = sha256()
    for part in content:
        digest.update(part)
    return digest.hexdigest()[:32]


def document_id(source: str, content: Iterable[bytes]) -> str:
    """The id of the document of a source and a content given in parts (`DocumentInfo.id`)."""
    digest = sha256(source.encode("utf-8", "surrogatepass") + b"\0")
    for part in content:
        digest.update(part)
    return digest.hexdigest()[:32]
