"""Which embedded fonts of a PDF don't say what characters their glyphs are, so that any reader can only guess."""

import io
import logging
import re
from collections.abc import Iterator, Mapping
from typing import Any

_KNOWN_ORDERINGS = ("GB1", "CNS1", "Japan1", "Korea1", "KR")
"""Character collections of Adobe whose glyph numbers every reader maps to characters."""
_MOST_PAGES = 3000
_NUMBERED = re.compile(r"/(?:g|c|cid|glyph|index|a|f)\d+", re.IGNORECASE)
_SYMBOLIC = 4


def unmapped_fonts(content: bytes) -> frozenset[str]:
    """Names of embedded fonts without a map to Unicode and without a known encoding; empty where it can't be told."""
    from pypdf import PdfReader

    # Damage that pypdf can work around is no news to the user.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    found: set[str] = set()
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            return frozenset()
        seen: set[int] = set()
        for number, page in enumerate(reader.pages):
            if number >= _MOST_PAGES:
                break
            found.update(_suspects(page.get("/Resources"), seen, 0))
    except Exception:
        # PDFium reads files that pypdf does not; the text itself is then all there is to judge by.
        return frozenset(found)
    return frozenset(found)


def _suspects(resources: Any, seen: set[int], depth: int) -> Iterator[str]:
    resources = _resolved(resources)
    if not isinstance(resources, Mapping) or id(resources) in seen or depth > 4:
        return
    seen.add(id(resources))
    fonts = _resolved(resources.get("/Font"))
    for font in list(fonts.values())[:200] if isinstance(fonts, Mapping) else ():
        font = _resolved(font)
        if isinstance(font, Mapping) and id(font) not in seen:
            seen.add(id(font))
            if _is_unmapped(font):
                yield str(font.get("/BaseFont", "")).removeprefix("/")
    forms = _resolved(resources.get("/XObject"))
    for form in list(forms.values())[:200] if isinstance(forms, Mapping) else ():
        form = _resolved(form)
        if isinstance(form, Mapping) and form.get("/Subtype") == "/Form":
            yield from _suspects(form.get("/Resources"), seen, depth + 1)


def _is_unmapped(font: Mapping[str, Any]) -> bool:
    if "/ToUnicode" in font:
        return False
    encoding = _resolved(font.get("/Encoding"))
    if font.get("/Subtype") == "/Type0":
        inner = _resolved(_resolved(font.get("/DescendantFonts"))[0])
        system = _resolved(inner.get("/CIDSystemInfo")) or {}
        is_known = str(system.get("/Ordering", "")) in _KNOWN_ORDERINGS
        is_numbered = not isinstance(encoding, str) or encoding.startswith("/Identity")
        return is_numbered and not is_known and _is_embedded(inner)
    names = encoding.get("/Differences") if isinstance(encoding, Mapping) else None
    if names is not None:
        numbered = sum(isinstance(name, str) and _NUMBERED.fullmatch(name) is not None for name in _resolved(names))
        return numbered > 0
    descriptor = _resolved(font.get("/FontDescriptor")) or {}
    is_symbolic = int(descriptor.get("/Flags", 0)) & _SYMBOLIC != 0
    return font.get("/Subtype") == "/TrueType" and is_symbolic and encoding is None and _is_embedded(font)


def _is_embedded(font: Mapping[str, Any]) -> bool:
    descriptor = _resolved(font.get("/FontDescriptor")) or {}
    return any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))


def _resolved(value: Any) -> Any:
    return value.get_object() if hasattr(value, "get_object") else value
