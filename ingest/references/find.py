"""Finding the references of a document: to others, and to places of its own."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.chinese import NUMERAL, fold, parse_number
from ingest.model import Document, Outline
from ingest.references.model import Reference, Step
from ingest.references.names import (
    BARE_NAME,
    NUMBER_TAIL,
    ORDER,
    bare_names,
    named_in_marks,
    names_before,
    number_at,
    tidy_number,
)
from ingest.references.numbered import UNIT, places_at
from ingest.references.places import Places, item_of

_OWN = (
    r"本(?:实施|暂行|若干|补充)?(?:法|条例|规定|办法|细则|规则|准则|章程|解释|意见|通知|决定|方案|规程|标准|指引|纪要|预案|公约|规范)"
)
_PLAIN_UNIT = re.sub(r"\?P<\w+>", "?:", UNIT)
_TRIGGER = re.compile(
    rf"(?P<title>《)|(?P<number>{NUMBER_TAIL})|(?P<order>{ORDER})"
    rf"|(?P<own>{_OWN})(?=\s?(?:中的?|的)?(?:{_PLAIN_UNIT}|附[件表录]))"
    rf"|(?P<here>本(?:条(?!例|款)|款(?!项)|项(?!目)))(?={_PLAIN_UNIT})"
    r"|(?P<around>本(?:章(?!程)|节(?!目|约|课|能|点|日|气|假)|编(?!辑|号|制|写)))"
    rf"|(?P<before>(?<![以之事目空战生提])前(?P<many>(?:{NUMERAL})?)(?P<what>款(?!项(?!第|所|规))|项(?!目|工作)|条(?!件|例|约)))"
    rf"|(?P<unit>{_PLAIN_UNIT})"
    rf"|(?P<attached>附[件表录]\s?(?P<which>{NUMERAL}))"
    r"|(?P<below>下列|(?<![年元人名月日岁级以役万千百十分%％量位倍者])以下(?=[^，。；\n]{1,12}[：:]))"
    r"|(?P<above>(?:上述|前述)[一-鿿]{0,3}(?:各项|各款|情形|行为|所列|事项|人员|材料|条件|规定|标准|要求|措施|任务|目标|方式|范围))"
    rf"|(?P<bare>{BARE_NAME})"
)
_FIRST = re.compile(r"[《〔［【﹝\[（(令本前第附下以上法条准章规细宪党刑民]")
"""What triggers begin with; looked for first, which is many times faster."""
_BEHIND_A_NAME = re.compile(r"\s?(?:中?的|中|里|分则|总则|正文)?\s?")
_HEAD = 800
"""Characters in which a document prints its own title."""
_LOOSE = re.compile(r"战线|道路|铁路|公路|高速|线路|生产线|输电|通道|跑道|大河")
_IS_REFERRED_TO = re.compile(r"之?所?规定|的规定|所列|所述|所指|所称|情形|[第）)]|至|、第|的|以外|和第|或")
"""Behind 第五条 or 第二款 that stand alone: what shows that they are named as parts of a document."""
_QUOTES = "“\"「‘"


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
        self._shorts: dict[str, list[str]] = {}
        self._joint: list[str] = []
        self._last: tuple[int, Reference] | None = None
        """The last document named, and the end of that."""
        self._here: tuple[int, dict[tuple[str, ...], Reference]] = (-1, {})
        """The paragraph that it is named in, and all documents named there."""

    def run(self) -> Iterator[Reference]:
        position = 0
        while first := _FIRST.search(self._text, position):
            match = _TRIGGER.match(self._text, first.start())
            position = match.end() if match else first.end()
            if match is None or self._is_title(match.start()):
                continue
            for reference in self._at(match):
                position = max(position, reference.end)
                if not reference.is_own:
                    self._remember(reference)
                yield reference

    def _at(self, match: re.Match[str]) -> list[Reference]:
        kind = next(name for name in _KINDS if match[name] is not None)
        return _KINDS[kind](self, match)

    def _remember(self, reference: Reference) -> None:
        self._last = (reference.end, reference)
        paragraph = self._line(reference.start)[0]
        if paragraph != self._here[0]:
            self._here = (paragraph, {})
        self._here[1].setdefault((*reference.titles[-1:], reference.number), reference)

    def _is_title(self, start: int) -> bool:
        """Whether an offset is in the title of the document itself."""
        if start > _HEAD:
            return False
        begin = self._text.rfind("\n", 0, start) + 1
        end = self._text.find("\n", start)
        line = fold(self._text[begin : end if end >= 0 else len(self._text)])
        return len(line) > 3 and line in self._title

    # Other documents

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
        gap = _BEHIND_A_NAME.match(self._text, end)
        elements = places_at(self._text, gap.end() if gap else end)
        if not elements:
            return [whole]
        found = []
        for number, (start, stop, place) in enumerate(elements):
            begin = whole.start if number == 0 else start
            found.append(
                Reference(begin, stop, whole.titles, whole.number, whole.date, place, is_marked=whole.is_marked)
            )
        return found

    def _numbered(self, match: re.Match[str]) -> list[Reference]:
        start, number = number_at(self._text, match.start(), match.end())
        if not number or (self._number and number.endswith(self._number.removeprefix("中华人民共和国"))):
            return []
        # In the brackets behind a title, or in the head of the document, it is no reference of its own.
        if self._last and "》" in self._text[self._last[0] - 1 : start] and start - self._last[0] < 40:
            return []
        if self._line(start) == (start, match.end()):
            return []
        return self._with_places(Reference(start, match.end(), (), number), match.end())

    def _named(self, match: re.Match[str]) -> list[Reference]:
        """A part of a document (第五条) behind a name without marks, else of the document itself."""
        start = match.start()
        if self._is_label(match):
            return []
        begin, names = names_before(self._text, start)
        that = re.search(r"(?:该|同)(?:法|条例|规定|办法|细则|规则|准则|解释|意见|决定|章程)(?:的)?$", self._text[max(0, start - 8) : start])
        if that and self._last and self._line(start)[0] < self._last[0]:
            last = self._last[1]
            whole = Reference(start - len(that.group()), start, last.titles, last.number, last.date, is_marked=last.is_marked)
            return self._with_places(whole, start)
        if not names:
            return [] if that else self._own_places(match)
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

    # The document itself

    def _own(self, match: re.Match[str]) -> list[Reference]:
        gap = _BEHIND_A_NAME.match(self._text, match.end())
        begin = gap.end() if gap else match.end()
        attached = re.compile(rf"附[件表录]\s?({NUMERAL})?").match(self._text, begin)
        if attached:
            return self._attachment(match.start(), attached.end(), attached[1])
        return self._of_itself(places_at(self._text, begin), match.start())

    def _of_itself(self, elements: Sequence[tuple[int, int, tuple[Step, ...]]], begin: int) -> list[Reference]:
        found = []
        for number, (start, stop, place) in enumerate(elements):
            if place[0].level in ("款", "项", "目"):
                where, full = self._inside(begin, place)
            else:
                where, full = self._places.locate(place, begin)[0], place
            found.append(Reference(begin if number == 0 else start, stop, place=full, found=where))
        return found

    def _own_places(self, match: re.Match[str]) -> list[Reference]:
        elements = places_at(self._text, match.start())
        if not elements:
            return []
        level = elements[0][2][0].level
        behind = _IS_REFERRED_TO.match(self._text, elements[-1][1])
        if level not in ("条", "款", "项"):
            found = self._of_itself(elements, match.start())
            return [one for one in found if one.found] if level != "部分" and behind else []
        if _LOOSE.match(self._text, elements[0][1]):
            return []
        found = self._of_itself(elements, match.start())
        if level == "条" and behind and not found[0].found and self._here[0] == self._line(match.start())[0]:
            # No article of its own has this number: it is one of the only document that the paragraph names.
            named = list(self._here[1].values())
            if len(named) == 1:
                return [replace(named[0], start=one.start, end=one.end, place=one.place, found=None) for one in found]
        if level == "条":
            return found if behind or (found[0].found and self._places.articles) else []
        if self._places.article_at(match.start()) is None or not behind:
            return []
        return [one for one in found if one.found]

    def _in_this(self, match: re.Match[str]) -> list[Reference]:
        base = self._steps_at(match.start(), {"条": 0, "款": 1, "项": 2}[match.group()[1]])
        if base is None:
            return []
        found = []
        for number, (start, stop, place) in enumerate(places_at(self._text, match.end(), base)):
            where, full = self._inside(match.start(), place)
            found.append(Reference(match.start() if number == 0 else start, stop, place=full, found=where))
        return found

    def _steps_at(self, offset: int, depth: int) -> tuple[Step, ...] | None:
        """The paragraph and the item in which an offset stands, as steps within its article."""
        container = self._places.container_at(offset)
        if container is None:
            return None
        steps: list[Step] = []
        parts = self._places.clauses(*container)
        for level in ("款", "项", "目")[:depth]:
            part = next((part for part in parts if part.start <= offset <= part.end), None)
            if part is None:
                return None
            steps.append(Step(level, part.number, part.number))
            parts = tuple(part.items)
        return tuple(steps)

    def _inside(self, offset: int, steps: Sequence[Step]) -> tuple[tuple[int, int] | None, tuple[Step, ...]]:
        """The span of 款, 项 and 目 of the article around an offset, and the place in full."""
        container = self._places.container_at(offset)
        if container is None:
            return None, tuple(steps)
        inner = tuple(step for step in steps if step.level in ("款", "项", "目"))
        if inner and inner[0].level == "项":
            here = self._steps_at(offset, 1)
            # 第（三）项 alone is one of the paragraph it stands in, where that has items.
            if here and self._places.in_article(container, (*here, *inner))[1] == 1 + len(inner):
                inner = (*here, *inner)
        article = self._places.article_at(offset)
        outer = (Step("条", article.number, article.number, article.sub),) if article else ()
        span, done = self._places.in_article(container, inner)
        return (span if done == len(inner) else None), (*outer, *inner)

    def _before(self, match: re.Match[str]) -> list[Reference]:
        """前款, 前两款, 前三项, 前条: so many before the one that it stands in; perhaps with parts of it behind."""
        many = parse_number(match["many"]) or 1 if match["many"] else 1
        start = match.start()
        if match["what"] == "条":
            return self._articles_before(match, many)
        depth = 1 if match["what"] == "款" else 2
        here = self._steps_at(start, depth)
        if here is None or here[-1].first <= 1 and depth == 1:
            return []
        if here[-1].first - many < 1:
            return []
        base = (*here[:-1], Step(match["what"], here[-1].first - many, here[-1].first - 1))
        elements = places_at(self._text, match.end(), base) if many == 1 else []
        if not elements or elements[0][2][: len(base)] != base:
            elements = [(start, match.end(), base)]
        found = []
        for number, (begin, stop, place) in enumerate(elements):
            where, full = self._inside(start, place)
            found.append(Reference(start if number == 0 else begin, stop, place=full, found=where))
        return [one for one in found if one.found]

    def _articles_before(self, match: re.Match[str], many: int) -> list[Reference]:
        article = self._places.article_at(match.start())
        if article is None:
            return []
        place = self._places.articles.index(article)
        before = self._places.articles[max(0, place - many) : place]
        if len(before) < many or before[0].block != article.block:
            return []
        base = Step("条", before[0].number, before[-1].number, before[0].sub if many == 1 else 0)
        elements = [one for one in places_at(self._text, match.end(), (base,)) if one[2][0] == base] if many == 1 else []
        found = []
        for number, (begin, stop, steps) in enumerate(elements or [(match.start(), match.end(), (base,))]):
            where, _ = self._places.locate(steps, match.start())
            found.append(Reference(match.start() if number == 0 else begin, stop, place=steps, found=where))
        return found

    def _around(self, match: re.Match[str]) -> list[Reference]:
        elements = places_at(self._text, match.end())
        if elements and elements[0][2][0].level == "条":
            return self._of_itself(elements, match.start())
        span = self._places.around(match.start(), match.group()[1])
        return [Reference(match.start(), match.end(), found=span)] if span else []

    def _attached(self, match: re.Match[str]) -> list[Reference]:
        if match.start() == self._line(match.start())[0]:
            return []
        return self._attachment(match.start(), match.end(), match["which"])

    def _attachment(self, start: int, end: int, which: str | None) -> list[Reference]:
        number = parse_number(which) or 0 if which else 0
        place = (Step("附件", number, number),)
        gap = _BEHIND_A_NAME.match(self._text, end)
        elements = places_at(self._text, gap.end() if gap else end, place)
        if not elements:
            return [Reference(start, end, place=place, found=self._places.locate(place)[0])]
        found = []
        for position, (begin, stop, full) in enumerate(elements):
            where, done = self._places.locate(full)
            found.append(
                Reference(begin if position else start, stop, place=full, found=where if done == len(full) else None)
            )
        return found

    def _below(self, match: re.Match[str]) -> list[Reference]:
        listed = self._places.list_below(match.start())
        return [Reference(match.start(), match.end(), found=listed)] if listed else []

    def _above(self, match: re.Match[str]) -> list[Reference]:
        """上述情形 in the paragraph right behind a list is that list."""
        container = self._places.container_at(match.start())
        if container is None:
            return []
        parts = self._places.clauses(*container)
        here = next((n for n, part in enumerate(parts) if part.start <= match.start() <= part.end), 0)
        if not here or not parts[here - 1].items or item_of(self._text[self._line(match.start())[0] :])[0]:
            return []
        items = parts[here - 1].items
        return [Reference(match.start(), match.end(), found=(items[0].start, items[-1].end))]

    def _is_label(self, match: re.Match[str]) -> bool:
        """Whether 第五条 is the label of an article or the number of a chapter, not a reference."""
        start = match.start()
        before = self._text[start - 1 : start]
        at_start = start == 0 or before == "\n" or (before in _QUOTES and self._text[start - 2 : start - 1] in ("\n", ""))
        behind = self._text[match.end() : match.end() + 1]
        return at_start and (start in self._places.labels or behind.isspace() or behind in ("", "【", "　"))

    def _line(self, offset: int) -> tuple[int, int]:
        end = self._text.find("\n", offset)
        return self._text.rfind("\n", 0, offset) + 1, len(self._text) if end < 0 else end


_KINDS = {
    "title": _Scan._titled,
    "number": _Scan._numbered,
    "order": _Scan._numbered,
    "own": _Scan._own,
    "here": _Scan._in_this,
    "around": _Scan._around,
    "before": _Scan._before,
    "unit": _Scan._named,
    "attached": _Scan._attached,
    "below": _Scan._below,
    "above": _Scan._above,
    "bare": _Scan._bare,
}
