"""Rich text (.rtf): automatic numbers as text.

A word processor writes the number that it prints beside each numbered paragraph (`\\listtext`, `\\pntext`), for
readers that do not count. LibreOffice counts, but loses the Chinese characters of the number's form (第…条, …、): so
the printed number is made text, and the reference to the list taken out.
"""

import re

_PRINTED = re.compile(rb"\{\\(?:listtext|pntext)(?![a-z])([^{}]*)\}")
_ANY = re.compile(rb"\\(?:listtext|pntext)(?![a-z])")
_REFERENCE = re.compile(rb"\\(?:ls|ilvl)\d+ ?")
_TAB = re.compile(rb"\\tab ?$")
_SIGN = re.compile(rb"\\'([0-9a-fA-F]{2})|\\u(-?\d{1,5}) ?(?:\?|\\'[0-9a-fA-F]{2})?|\\[a-z]+-?\d* ?|[\r\n]+")


def with_numbers(content: bytes) -> bytes:
    """The file with its automatic numbers as text; unchanged where not all of them can be told."""
    printed = _PRINTED.findall(content)
    if not printed or len(printed) != len(_ANY.findall(content)):
        return content
    return _REFERENCE.sub(b"", _PRINTED.sub(_as_text, content))


def _as_text(match: re.Match[bytes]) -> bytes:
    body = _TAB.sub(b"", match[1])
    label = _plain(body).strip()
    if not any(sign.isalnum() for sign in label):
        return b"{}"  # a bullet
    return b"{" + body + (b"\\u32 ?" if label[-1].isalnum() else b"") + b"}"


def _plain(body: bytes) -> str:
    """The characters of a piece of rich text without groups."""
    text = ""
    raw = b""
    place = 0
    for match in _SIGN.finditer(body):
        raw += body[place : match.start()]
        place = match.end()
        if match[1]:
            raw += bytes.fromhex(match[1].decode())
        elif match[2]:
            text += raw.decode("gb18030", "replace") + chr(int(match[2]) % 0x10000)
            raw = b""
    return text + (raw + body[place:]).decode("gb18030", "replace")
