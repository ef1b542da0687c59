"""Punctuation as wide as the Chinese characters around it, which recognition of pictures takes for narrow."""

import re

_HAN = "\u2e80-\u2fff\u3005-\u3007\u3400-\u9fff\uf900-\ufaff。，、；：？！“”‘’《》（）〔〕【】…—"
_WIDE = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
_BETWEEN = re.compile(rf"(?<=[{_HAN}])[,;:?!](?=[{_HAN}]|$)", re.MULTILINE)
_BRACKETS = re.compile(rf"\(([^()\n]*[{_HAN}][^()\n]*)\)")
_BEFORE_OR_AFTER = re.compile(rf"\(([^()\n]*)\)(?=[{_HAN}])|(?<=[{_HAN}])\(([^()\n]*)\)")


def with_wide_punctuation(text: str) -> str:
    """The text, of the same length, with wide punctuation between Chinese characters and wide brackets around them."""
    text = _BRACKETS.sub(r"（\1）", text)
    text = _BEFORE_OR_AFTER.sub(lambda found: f"（{found[1] or found[2] or ''}）", text)
    return _BETWEEN.sub(lambda found: _WIDE[found[0]], text)
