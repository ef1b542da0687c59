"""What finds the texts that may be copies of each other without comparing all with all.

A sketch holds the smallest hashes of a text's shingles: the bottom-k sketch of Broder, "On the Resemblance and
Containment of Documents" (1997). Of two sketches it can be told how much of the one text the other one holds, also
where the other is many times as long.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHINGLE = 8
"""Characters of a shingle: a misprint costs so many of them."""
SKETCH = 128
"""Hashes that a sketch has, fewer where the text is shorter."""
_SORTED = 4 * SKETCH
_NO_WORDS = re.compile(r"[\W_]+")
_BASE = 0x9E3779B97F4A7C15
_MIXERS = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
"""The finaliser of SplitMix64, Steele, Lea and Flood (2014)."""


@dataclass(frozen=True, slots=True)
class Signature:
    """The same `words` (a hash) means the same words; `sketch` is little-endian 64-bit hashes, ascending."""

    words: bytes
    sketch: bytes


def words_of(text: str) -> str:
    """A text as copies are compared: its letters, digits and Chinese characters alone, folded."""
    words = _NO_WORDS.sub("", text)
    if not unicodedata.is_normalized("NFKC", words):
        words = _NO_WORDS.sub("", unicodedata.normalize("NFKC", words))
    return words.lower()


def sign(text: str) -> Signature:
    """The signature of a text."""
    words = words_of(text).encode("utf-32-le", "surrogatepass")
    return Signature(blake2b(words, digest_size=16).digest(), _smallest(words).tobytes())


def _smallest(words: bytes) -> NDArray[np.uint64]:
    import numpy as np

    letters = np.frombuffer(words, np.uint32).astype(np.uint64)
    count = len(letters) - SHINGLE + 1
    if count < 1:
        return np.empty(0, np.uint64)
    # Of shingles of one letter those of two are made, of these those of four, and so on.
    hashes, length, base = letters, 1, _BASE
    while length < SHINGLE:
        hashes = hashes[:-length] * np.uint64(base) + hashes[length:]
        length, base = 2 * length, base * base % (1 << 64)
    for shift, factor in _MIXERS:
        hashes = (hashes ^ (hashes >> np.uint64(shift))) * np.uint64(factor)
    hashes ^= hashes >> np.uint64(31)
    # Shingles that occur several times count once, so that more than are wanted are sorted at first.
    few = np.unique(np.partition(hashes, _SORTED)[:_SORTED] if count > _SORTED else hashes)
    return (few if len(few) >= SKETCH or count <= _SORTED else np.unique(hashes))[:SKETCH]
