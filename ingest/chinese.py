"""The one policy for Chinese text: folding for comparison, numerals, sentences.

Folding never changes what is shown; `fold_with_offsets` maps every folded character back to its source.
"""

import re
import unicodedata
from collections.abc import Iterator

_DIGITS = {"〇": 0, "零": 0, "０": 0, "○": 0, "Ｏ": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5,
           "六": 6, "七": 7, "八": 8, "九": 9, "0": 0, "1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6, "7": 7,
           "8": 8, "9": 9}  # fmt: skip
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10000}
NUMERAL = "[〇零○一二两三四五六七八九十百千万0-9０-９]+"
_SENTENCE_END = re.compile(r"[。！？!?；;…]+[”’」』）)》〉]*|\n+")
_FULL_STOP = re.compile(r"[。！？!?…]+[”’」』）)》〉]*|\n+")


def fold(text: str) -> str:
    """Fold for comparison: NFKC, lower case, no white space, one style of quotation marks and brackets."""
    return "".join(_fold_character(character) for character in text)


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """Fold, and give for each folded character the offset in `text` of the character it came from."""
    folded: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text):
        piece = _fold_character(character)
        folded.append(piece)
        offsets.extend([offset] * len(piece))
    return "".join(folded), offsets


_FOLD_CACHE: dict[str, str] = {}
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "「": '"', "」": '"', "『": '"', "』": '"', "‘": "'",
                         "’": "'", "〔": "[", "〕": "]", "【": "[", "】": "]", "〈": "<", "〉": ">", "—": "-",
                         "–": "-", "·": "·", "•": "·"})  # fmt: skip


def _fold_character(character: str) -> str:
    folded = _FOLD_CACHE.get(character)
    if folded is None:
        plain = unicodedata.normalize("NFKC", character).translate(_QUOTES).lower()
        folded = "".join(c for c in plain if not c.isspace() and unicodedata.category(c)[0] != "C")
        _FOLD_CACHE[character] = folded
    return folded


def parse_number(numeral: str) -> int | None:
    """The integer a Chinese or Arabic numeral means (十二 → 12, 二〇二一 → 2021, １５ → 15), None if it is none."""
    numeral = unicodedata.normalize("NFKC", numeral)
    if not numeral or any(c not in _DIGITS and c not in _UNITS for c in numeral):
        return None
    if not any(c in _UNITS for c in numeral):
        return int("".join(str(_DIGITS[c]) for c in numeral))
    total = section = digit = 0
    for character in numeral:
        if character in _DIGITS:
            digit = digit * 10 + _DIGITS[character] if character.isascii() else _DIGITS[character]
        elif character == "万":
            total += (section + digit) * 10000
            section = digit = 0
        else:
            section += (digit or 1) * _UNITS[character]
            digit = 0
    return total + section + digit


ORDINAL = NUMERAL + "|[①-⑳]|首先|其次|再次|最后"
_ORDINALS = {chr(ord("①") + i): i + 1 for i in range(20)} | {"首先": 1, "其次": 2, "再次": 3, "最后": 4}


def parse_ordinal(ordinal: str) -> int | None:
    """The place that an ordinal gives in a list: a numeral's number, ② → 2, 其次 → 2, 最后 → 4; None if it is none."""
    return _ORDINALS.get(ordinal) or parse_number(ordinal)


def sentences(text: str, start: int = 0, end: int | None = None, *, clauses: bool = False) -> Iterator[tuple[int, int]]:
    """Yield the spans of the sentences in `text[start:end]`, closing quotes and brackets kept with theirs.

    Sentences end at 。！？… and at line ends; with `clauses` also at semicolons. Spans cover all but line ends.
    """
    end = len(text) if end is None else end
    stops = _SENTENCE_END if clauses else _FULL_STOP
    begin = start
    for match in stops.finditer(text, start, end):
        stop = match.start() if match.group().startswith("\n") else match.end()
        if stop > begin:
            yield begin, stop
        begin = match.end()
    if begin < end:
        yield begin, end


def sentence_at(text: str, offset: int) -> tuple[int, int]:
    """The span of the sentence in which the character at `offset` stands."""
    line_start = text.rfind("\n", 0, offset) + 1
    line_end = text.find("\n", offset)
    line_end = len(text) if line_end < 0 else line_end
    spans = (span for span in sentences(text, line_start, line_end) if span[0] <= offset < span[1])
    return next(spans, (line_start, line_end))
