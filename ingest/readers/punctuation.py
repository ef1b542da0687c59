"""Punctuation as wide as the Chinese characters around it, which recognition of pictures takes for narrow."""

import re

_HAN = "\u2e80-\u2fff\u3005-\u3007\u3400-\u9fff\uf900-\ufaff。，、；：？！“”‘’《》（）〔〕【】…—"
_WIDE = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
_AFTER = re.compile(rf"(?<=[{_HAN}])[,;:?!]")
_BRACKETS = re.compile(r"[(（]([^()（）\n]*)[)）]")
_NUMBER = re.compile(r"(?:〔(\d{4})[\]】)）]|[\[【(（](\d{4})〕)(?=\d+号)")
"""Brackets of a 文号 of which one was mistaken."""
_IS_HAN = re.compile(f"[{_HAN}]")


def with_wide_punctuation(text: str) -> str:
    """The text, of the same length, with wide punctuation after Chinese characters and wide brackets around them."""
    text = _NUMBER.sub(lambda found: f"〔{found[1] or found[2]}〕", text)
    text = _BRACKETS.sub(_as_wide, text)
    return _AFTER.sub(lambda found: _WIDE[found[0]], text)


def _as_wide(found: re.Match[str]) -> str:
    around = found.string[max(0, found.start() - 1) : found.end() + 1]
    return f"（{found[1]}）" if "（" in around or "）" in around or _IS_HAN.search(around) else found[0]
