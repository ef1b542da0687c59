"""Can the text layer of a page be trusted? Where that is in doubt, the picture of a line decides."""

import difflib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.readers.legible import common_share
from ingest.readers.pdf_fonts import unmapped_fonts
from ingest.readers.pdf_layer import Run

if TYPE_CHECKING:
    from ingest.readers.ocr import Picture

_SAMPLE = 4
"""Runs of a page with an uncertain font that are looked at."""
_MOST_LOOKED_AT = 24
"""Doubtful runs of a page that are looked at one by one; of more a sample is, and decides for the page."""
_LEAST_ALIKE = 0.75
"""How alike text and picture are where the text is right, however poor the picture."""
_LEAST_ALIKE_SCAN = 0.93
"""The same for a layer made by another OCR: recognition errs in one character of a hundred at most."""
_MOST_MENDED = 0.2
"""The part of a page's characters that are mended run by run; above it the whole page is recognised."""


@dataclass(slots=True)
class FontTrust:
    """What is known of the fonts of a file: which say what their glyphs are, which were found right or wrong."""

    unmapped: frozenset[str]
    right: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, content: bytes) -> "FontTrust":
        """The fonts of a PDF, judged by their tables."""
        return cls(unmapped_fonts(content))

    def suspects(self, runs: Sequence[Run], *, is_scan: bool) -> list[Run]:
        """Runs that may not be what is printed: to be looked at."""
        broken = [run for run in runs if run.placed.text.strip() and self._is_broken(run)]
        known = set(broken)
        if is_scan:
            others = sorted((run for run in runs if run not in known), key=lambda run: -len(run.placed.text))[:_SAMPLE]
            return [*broken, *others]
        uncertain = [run for run in runs if run.font in self.unmapped and self.right.get(run.font, 0) < 2]
        sample = sorted((run for run in uncertain if run not in known), key=lambda run: -len(run.placed.text))
        return [*broken, *sample[:_SAMPLE]]

    def misread(self, runs: Sequence[Run], suspects: Sequence[Run], look: "Look") -> dict[Run, str] | None:
        """The text in the picture of those runs that read otherwise there; None where they are too many to mend."""
        if len(suspects) > _MOST_LOOKED_AT:
            sample = sorted(suspects, key=lambda run: -len(run.placed.text))[: 2 * _SAMPLE]
            return None if len(look.misread(sample)) > _SAMPLE else {}
        found = look.misread(suspects)
        wrong = {run.font for run in found} & self.unmapped
        for font in {run.font for run in suspects} - wrong:
            self.right[font] = self.right.get(font, 0) + 1
        if look.is_scan:
            return None if 2 * len(found) >= len(suspects) else found
        looked_at = set(suspects)
        others = [run for run in runs if run.font in wrong and run not in looked_at]
        bad = sum(len(run.placed.text) for run in [*found, *others])
        if bad > _MOST_MENDED * sum(len(run.placed.text) for run in runs):
            return None
        return found | look.misread(others)

    def _is_broken(self, run: Run) -> bool:
        text = "".join(run.placed.text.split())
        if run.is_unmapped or any(unicodedata.category(c) in ("Cc", "Co", "Cn", "Cs") or c == "\ufffd" for c in text):
            return True
        rare = round((1 - common_share(text)) * len(text))
        return rare >= 2 and rare >= 0.1 * len(text)


@dataclass(frozen=True, slots=True)
class Look:
    """The picture of a page, its pixels per point, and whether the page is a scan whose layer another OCR made."""

    picture: "Picture"
    scale: float
    source: str
    is_scan: bool = False

    def misread(self, runs: Sequence[Run]) -> dict[Run, str]:
        """What those runs read in the picture that read otherwise there."""
        from ingest.readers.ocr import recognise_lines

        crops = [(run, crop) for run in runs if (crop := _crop(run, self.picture, self.scale)) is not None]
        texts = recognise_lines([crop for _, crop in crops], self.source)
        least = _LEAST_ALIKE_SCAN if self.is_scan else _LEAST_ALIKE
        pairs = zip((run for run, _ in crops), texts, strict=True)
        return {run: text for run, text in pairs if text and _likeness(run.placed.text, text) < least}


def _likeness(layer: str, picture: str) -> float:
    return difflib.SequenceMatcher(None, _folded(layer), _folded(picture), autojunk=False).ratio()


def _folded(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum() or unicodedata.category(c)[0] == "C")


def _crop(run: Run, picture: "Picture", scale: float) -> "Picture | None":
    placed = run.placed
    height, width = picture.shape[:2]
    left, right = (round(scale * x) for x in (placed.x - 0.2 * placed.size, placed.right + 0.2 * placed.size))
    bottom, top = (height - round(scale * y) for y in (placed.y - 0.25 * placed.size, placed.y + 0.95 * placed.size))
    crop = picture[max(0, top) : min(height, bottom), max(0, left) : min(width, right)]
    return crop if crop.shape[0] >= 8 and crop.shape[1] >= 8 else None
