"""The styles of a Word document: what a paragraph or run has by its style and by those that it is based on."""

from collections.abc import Iterator
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFF = ("0", "false", "off")
_DEEPEST = 20


class Styles:
    """The styles of a document by their ids."""

    def __init__(self, root: Any | None) -> None:
        """Take the root of styles.xml; without it no style says anything."""
        found = [] if root is None else root.findall(W + "style")
        self._styles = {style.get(W + "styleId", ""): style for style in found}
        self._default = next((id for id, style in self._styles.items() if _is_default(style)), "")
        self._hidden: dict[str, bool] = {}
        self._numbers: dict[str, tuple[str | None, int | None]] = {}

    def of_paragraph(self, properties: Any | None) -> str:
        """The id of a paragraph's style, the document's default where its properties name none."""
        style = None if properties is None else properties.find(W + "pStyle")
        return self._default if style is None else str(style.get(W + "val", ""))

    def chain(self, id: str) -> Iterator[str]:
        """A style and those that it is based on, nearest first."""
        for _ in range(_DEEPEST):
            style = self._styles.get(id)
            if style is None:
                return
            yield id
            base = style.find(W + "basedOn")
            id = "" if base is None else base.get(W + "val", "")

    def name(self, id: str) -> str:
        """A style's name in lower case; built-in ones have the same in every language."""
        name = self._styles[id].find(W + "name") if id in self._styles else None
        return "" if name is None else str(name.get(W + "val", "")).lower()

    def number_of(self, id: str) -> tuple[str | None, int | None]:
        """The list and level that a style gives its paragraphs; None for what it leaves open."""
        if id not in self._numbers:
            number: str | None = None
            level: int | None = None
            for known in self.chain(id):
                properties = self._styles[known].find(f"{W}pPr/{W}numPr")
                if properties is None:
                    continue
                own, own_level = properties.find(W + "numId"), properties.find(W + "ilvl")
                number = own.get(W + "val") if number is None and own is not None else number
                level = whole(own_level.get(W + "val"), 0) if level is None and own_level is not None else level
            self._numbers[id] = (number, level)
        return self._numbers[id]

    def depth_of(self, properties: Any | None, id: str) -> int:
        """The depth of a heading, by the outline level of a paragraph or its style or the style's name; 0 for text."""
        own = None if properties is None else properties.find(W + "outlineLvl")
        if own is not None:
            return _depth(own)
        for known in self.chain(id):
            level = self._styles[known].find(f"{W}pPr/{W}outlineLvl")
            name = self.name(known)
            if level is not None:
                return _depth(level)
            if name.startswith("heading ") and name[8:].isdigit():
                return min(whole(name[8:], 0), 9)
        return 0

    def is_bold(self, properties: Any | None, id: str) -> bool:
        """Whether a run is bold, by its own properties, its character style or the style of its paragraph."""
        own = _turns_bold(properties)
        if own is not None:
            return own
        style = None if properties is None else properties.find(W + "rStyle")
        chains = (() if style is None else self.chain(style.get(W + "val", "")), self.chain(id))
        said = (_turns_bold(self._styles[known].find(W + "rPr")) for chain in chains for known in chain)
        return next((bold for bold in said if bold is not None), False)

    def is_hidden(self, id: str) -> bool:
        """Whether text of a style is not shown."""
        if id not in self._hidden:
            said = (hides(self._styles[known].find(W + "rPr")) for known in self.chain(id))
            self._hidden[id] = next((hidden for hidden in said if hidden is not None), False)
        return self._hidden[id]


def hides(properties: Any | None) -> bool | None:
    """Whether run properties hide the text, None where they do not say."""
    vanish = None if properties is None else properties.find(W + "vanish")
    return None if vanish is None else vanish.get(W + "val", "1") not in _OFF


def _turns_bold(properties: Any | None) -> bool | None:
    bold = None if properties is None else properties.find(W + "b")
    return None if bold is None else bold.get(W + "val", "1") not in _OFF


def _depth(level: Any) -> int:
    """Outline levels count from 0; 9 is that of text."""
    depth = whole(level.get(W + "val"), 9) + 1
    return depth if 0 < depth < 10 else 0


def whole(value: Any, default: int) -> int:
    """A whole number as an attribute gives it, the default for what is none."""
    try:
        return min(max(int(value), -1), 100_000)
    except (TypeError, ValueError):
        return default


def _is_default(style: Any) -> bool:
    return style.get(W + "type") == "paragraph" and style.get(W + "default", "0") not in _OFF
