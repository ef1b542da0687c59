"""Finding the references of a document: to others, and to places of its own."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from ingest.chinese import NUMERAL, fold, parse_number
from ingest.model import Document, Outline
from ingest.references.model import Reference, Step
from ingest.references.names import bare_names, named_in_marks, names_before, number_at, tidy_number
from ingest.references.numbered import Element, places_at
from ingest.references.own import OwnPlaces
from ingest.references.places import Places
from ingest.references.triggers import BEHIND_A_NAME, FIRST, TRIGGER, line_at

_HEAD = 800
"""Characters in which a document prints its own title."""
_THAT = re.compile(r"(?:该|同)(?:法|条例|规定|办法|细则|规则|准则|解释|意见|决定|章程)的?$")
"""The document named last, called by its kind."""
_ATTACHED = re.compile(rf"附[件表录]\s?({NUMERAL})")
_QUOTES = '“"「‘'


def find_references(document: Document, outline: Outline) -> tuple[Reference, ...]:
    """The references in a document's text, in order; headings and labels are none."""
    return tuple(_Scan(document, outline).run())


class _Scan:
    """A walk through a text from one trigger to the next, with the names that the text has introduced so far."""

    def __init__(self, document: Document, outline: Outline) -> None:
        self._text = document.text
        self._number = tidy_number(document.info.number)
        self._title = fold(document.info.title)
        self._places = Places(document.text, outline)
        self._own = OwnPlaces(document.text, self._places)
        self._kinds: dict[str, Callable[[re.Match[str]], list[Reference]]] = {
            "title": self._titled,
            "number": self._numbered,
            "order": self._numbered,
            "own": self._own.own,
            "here": self._own.in_this,
            "around": self._own.around,
            "before": self._own.before,
            "unit": self._named,
            "attached": self._own.attached,
            "below": self._own.below,
            "above": self._own.above,
            "bare": self._bare,
        }
        self._shorts: dict[str, list[str]] = {}
        self._joint: list[str] = []
        self._last: tuple[int, Reference] | None = None
        """The last document named, and the end of that."""
        self._here: tuple[int, dict[tuple[str, ...], Reference]] = (-1, {})
        """The paragraph that it is named in, and all documents named there."""

    def run(self) -> Iterator[Reference]:
        position = 0
        while first := FIRST.search(self._text, position):
            match = TRIGGER.match(self._text, first.start())
            position = match.end() if match else first.start() + 1
            if match is None or (match.start() < _HEAD and self._is_title(match.start())):
                continue
            for reference in self._at(match):
                position = max(position, reference.end)
                if not reference.is_own:
                    self._remember(reference)
                yield reference

    def _at(self, match: re.Match[str]) -> list[Reference]:
        kind = next(name for name in self._kinds if match[name] is not None)
        return self._kinds[kind](match)

    def _remember(self, reference: Reference) -> None:
        self._last = (reference.end, reference)
        paragraph = line_at(self._text, reference.start)[0]
        if paragraph != self._here[0]:
            self._here = (paragraph, {})
        self._here[1].setdefault((*reference.titles[-1:], reference.number), reference)

    def _is_title(self, start: int) -> bool:
        """Whether an offset is in the title of the document itself."""
        begin = self._text.rfind("\n", 0, start) + 1
        end = self._text.find("\n", start)
        line = fold(self._text[begin : end if end >= 0 else len(self._text)])
        return len(line) > 3 and line in self._title

    def _titled(self, match: re.Match[str]) -> list[Reference]:
        named = named_in_marks(self._text, match.start())
        if named is None:
            return []
        titles = self._shorts.get(named.title)
        if titles is None:
            titles = [named.title]
            joined = self._last and re.fullmatch(r"[、和及与以]{0,2}", self._text[self._last[0] : match.start()])
            self._joint = [*self._joint, named.title] if joined else [named.title]
        for short in named.shorts:
            self._shorts[short] = list(self._joint) if named.is_joint else titles[-1:]
        mark_end = self._text.index("》", match.start() + len(named.title)) + 1
        found: list[Reference] = []
        for title in titles:
            whole = Reference(match.start(), mark_end, (title,), named.number, named.date)
            found += self._with_places(whole, named.end)
        return found

    def _with_places(self, whole: Reference, end: int) -> list[Reference]:
        """A reference to a document, or those to the places of it that are named behind its name."""
        gap = BEHIND_A_NAME.match(self._text, end)
        begin = gap.end() if gap else end
        elements = self._attached_to(begin) or places_at(self._text, begin)
        if not elements:
            return [whole]
        found = []
        for number, (start, stop, place) in enumerate(elements):
            begin = whole.start if number == 0 else start
            found.append(
                Reference(begin, stop, whole.titles, whole.number, whole.date, place, is_marked=whole.is_marked)
            )
        return found

    def _attached_to(self, offset: int) -> list[Element]:
        """附件2 behind the name of a document, and the places of it that are named behind that."""
        attached = _ATTACHED.match(self._text, offset)
        if attached is None:
            return []
        number = parse_number(attached[1]) or 0
        base = (Step("附件", number, number),)
        gap = BEHIND_A_NAME.match(self._text, attached.end())
        return places_at(self._text, gap.end() if gap else attached.end(), base) or [(offset, attached.end(), base)]

    def _numbered(self, match: re.Match[str]) -> list[Reference]:
        start, number = number_at(self._text, match.start(), match.end())
        if not number or (self._number and number.endswith(self._number.removeprefix("中华人民共和国"))):
            return []
        # In the brackets behind a title, or in the head of the document, it is no reference of its own.
        if self._last and "》" in self._text[self._last[0] - 1 : start] and start - self._last[0] < 40:
            return []
        if line_at(self._text, start) == (start, match.end()):
            return []
        return self._with_places(Reference(start, match.end(), (), number), match.end())

    def _named(self, match: re.Match[str]) -> list[Reference]:
        """A part of a document (第五条) behind a name without marks, else of the document itself."""
        start = match.start()
        if self._is_label(match):
            return []
        begin, names = names_before(self._text, start)
        that = _THAT.search(self._text[max(0, start - 8) : start])
        if that and self._last and line_at(self._text, start)[0] < self._last[0]:
            last = self._last[1]
            whole = Reference(
                start - len(that.group()), start, last.titles, last.number, last.date, is_marked=last.is_marked
            )
            return self._with_places(whole, start)
        if not names:
            return [] if that else self._alone(match)
        return self._with_places(self._unmarked(begin, names), start)

    def _unmarked(self, begin: int, names: tuple[str, ...]) -> Reference:
        end = begin + len(names[0])
        short = next((name for name in names if name in self._shorts), "")
        if short:
            return Reference(end - len(short), end, (self._shorts[short][-1],))
        return Reference(begin, end, names, is_marked=False)

    def _bare(self, match: re.Match[str]) -> list[Reference]:
        begin, names = bare_names(self._text, match.end())
        if not names or self._text[begin - 1 : begin] == "《" or self._text[match.end() : match.end() + 1] == "》":
            return []
        return [self._unmarked(begin, names)]

    def _alone(self, match: re.Match[str]) -> list[Reference]:
        """第五条 without a name: of the document itself, else of the only document that the paragraph names."""
        found = self._own.alone(match)
        is_lost = found and found[0].found is None and found[0].place[0].level == "条"
        if is_lost and self._here[0] == line_at(self._text, match.start())[0] and len(self._here[1]) == 1:
            (named,) = self._here[1].values()
            return [replace(named, start=one.start, end=one.end, place=one.place, found=None) for one in found]
        return found

    def _is_label(self, match: re.Match[str]) -> bool:
        """Whether 第五条 is the label of an article or the number of a chapter, not a reference."""
        start = match.start()
        before = self._text[start - 1 : start]
        at_start = (
            start == 0 or before == "\n" or (before in _QUOTES and self._text[start - 2 : start - 1] in ("\n", ""))
        )
        behind = self._text[match.end() : match.end() + 1]
        return at_start and (start in self._places.labels or behind.isspace() or behind in ("", "【", "　"))
