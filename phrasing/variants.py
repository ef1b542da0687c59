"""Near wordings of a phrase: the phrase with one stretch of it worded differently."""

import re
from collections import defaultdict
from collections.abc import Iterator

from index.catalogue import Catalogue
from index.model import Filters
from ingest.errors import BadRequest
from ingest.model import DocumentInfo
from phrasing.model import Variant

_KEPT = 2
"""Characters of the phrase that must stand unchanged at its beginning and at its end, at the least."""
_LEFT_OUT = 2
"""Characters that may be left out between them, at the most."""
_PUT_IN = "[\\w“”‘’]{0,6}?"
"""What may stand in their place: a few characters of the same clause."""


def variants(catalogue: Catalogue, phrase: str, *, filters: Filters | None = None) -> tuple[Variant, ...]:
    """Find near wordings: 高质量跨越式发展 for 高质量发展, 狠抓各项工作落实 for 狠抓落实; the most frequent first.

    One stretch differs: at most two characters left out and six put in, the first two and the last two kept.
    A phrase of fewer than four characters has none. Raises `BadRequest` for an empty phrase.
    """
    if not phrase.strip():
        raise BadRequest("the phrase is empty; give the words to look for")
    uses: dict[str, list[DocumentInfo]] = defaultdict(list)
    for info in catalogue.infos(filters or Filters()):
        for wording in _wordings(phrase, catalogue.document(info.id).own_text):
            uses[wording].append(info)
    found = [_variant(wording, documents) for wording, documents in uses.items()]
    return tuple(sorted(found, key=lambda variant: (-variant.count, variant.wording)))


def _wordings(phrase: str, text: str) -> Iterator[str]:
    pattern = _pattern(phrase)
    position = text.find(phrase[:_KEPT])
    while position >= 0:
        match = None if text.startswith(phrase, position) else pattern.match(text, position)
        if match and phrase not in match[0]:
            yield match[0]
        position = text.find(phrase[:_KEPT], match.end() if match else position + 1)


def _pattern(phrase: str) -> re.Pattern[str]:
    """All ways to word one stretch differently, those that leave out least first."""
    ways = (
        re.escape(phrase[:cut]) + _PUT_IN + re.escape(phrase[cut + left_out :])
        for left_out in range(_LEFT_OUT + 1)
        for cut in range(_KEPT, len(phrase) - left_out - _KEPT + 1)
    )
    return re.compile("|".join(ways) or "(?!)")


def _variant(wording: str, documents: list[DocumentInfo]) -> Variant:
    dates = [document.date for document in documents if document.date]
    keys = {document.key for document in documents}
    return Variant(wording, len(documents), len(keys), min(dates, default=None), max(dates, default=None))
