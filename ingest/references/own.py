"""References of a document to its own places: 本办法第五条, 第五条, 本条第二款, 前款, 本章, 附件2, 下列."""

import re
from collections.abc import Sequence

from ingest.chinese import NUMERAL, parse_number
from ingest.references.model import Reference, Step
from ingest.references.numbered import Element, places_at
from ingest.references.places import Places, item_of
from ingest.references.triggers import BEHIND_A_NAME, line_at

_ATTACHED = re.compile(rf"附[件表录]\s?({NUMERAL})?")
_LOOSE = re.compile(r"战线|道路|铁路|公路|高速|线路|生产线|输电|通道|跑道|大河")
_IS_REFERRED_TO = re.compile(r"之?所?规定|的规定|所列|所述|所指|所称|情形|[第）)]|至|、第|的|以外|和第|或")
"""Behind 第五条 or 第二款 that stand alone: what shows that they are named as parts of a document."""


class OwnPlaces:
    """The references of a text to places of its own, each kind for the match of its trigger."""

    def __init__(self, text: str, places: Places) -> None:
        self._text = text
        self._places = places

    def own(self, match: re.Match[str]) -> list[Reference]:
        """本办法第五条, 本规定附件2."""
        gap = BEHIND_A_NAME.match(self._text, match.end())
        begin = gap.end() if gap else match.end()
        attached = _ATTACHED.match(self._text, begin)
        if attached:
            return self._attachment(match.start(), attached.end(), attached[1])
        return self._of_itself(places_at(self._text, begin), match.start())

    def _of_itself(self, elements: Sequence[Element], begin: int) -> list[Reference]:
        found = []
        for number, (start, stop, place) in enumerate(elements):
            if place[0].level in ("款", "项", "目"):
                where, full = self._inside(begin, place)
            else:
                where, full = self._places.locate(place, begin)[0], place
            found.append(Reference(begin if number == 0 else start, stop, place=full, found=where))
        return found

    def alone(self, match: re.Match[str]) -> list[Reference]:
        """第五条 or 第二款 that stands alone; what only looks like a number of a part is none."""
        elements = places_at(self._text, match.start())
        if not elements or _LOOSE.match(self._text, elements[0][1]):
            return []
        level = elements[0][2][0].level
        is_named = _IS_REFERRED_TO.match(self._text, elements[-1][1]) is not None
        found = self._of_itself(elements, match.start())
        if level == "条":
            return found if is_named or (found[0].found and self._places.articles) else []
        if level in ("款", "项"):
            is_named = is_named and self._places.article_at(match.start()) is not None
        elif level == "部分":
            is_named = False
        else:
            is_named = True
        return [one for one in found if one.found] if is_named else []

    def in_this(self, match: re.Match[str]) -> list[Reference]:
        """本条第二款, 本款第三项."""
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

    def before(self, match: re.Match[str]) -> list[Reference]:
        """前款, 前两款, 前三项, 前条: so many before the one that it stands in; perhaps with parts of it behind."""
        many = parse_number(match["many"]) or 1 if match["many"] else 1
        start = match.start()
        if match["what"] == "条":
            return self._articles_before(match, many)
        depth = 1 if match["what"] == "款" else 2
        here = self._steps_at(start, depth)
        if here is None or (here[-1].first <= 1 and depth == 1):
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
        elements = (
            [one for one in places_at(self._text, match.end(), (base,)) if one[2][0] == base] if many == 1 else []
        )
        found = []
        for number, (begin, stop, steps) in enumerate(elements or [(match.start(), match.end(), (base,))]):
            where, _ = self._places.locate(steps, match.start())
            found.append(Reference(match.start() if number == 0 else begin, stop, place=steps, found=where))
        return found

    def around(self, match: re.Match[str]) -> list[Reference]:
        """本章, 本节第五条."""
        elements = places_at(self._text, match.end())
        if elements and elements[0][2][0].level == "条":
            return self._of_itself(elements, match.start())
        span = self._places.around(match.start(), match.group()[1])
        return [Reference(match.start(), match.end(), found=span)] if span else []

    def attached(self, match: re.Match[str]) -> list[Reference]:
        """附件2; at the beginning of a line it is a heading."""
        if match.start() == line_at(self._text, match.start())[0]:
            return []
        return self._attachment(match.start(), match.end(), match["which"])

    def _attachment(self, start: int, end: int, which: str | None) -> list[Reference]:
        number = parse_number(which) or 0 if which else 0
        place = (Step("附件", number, number),)
        gap = BEHIND_A_NAME.match(self._text, end)
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

    def below(self, match: re.Match[str]) -> list[Reference]:
        """下列情形: the list that follows."""
        listed = self._places.list_below(match.start())
        return [Reference(match.start(), match.end(), found=listed)] if listed else []

    def above(self, match: re.Match[str]) -> list[Reference]:
        """上述情形 in the paragraph right behind a list is that list."""
        container = self._places.container_at(match.start())
        if container is None:
            return []
        parts = self._places.clauses(*container)
        here = next((n for n, part in enumerate(parts) if part.start <= match.start() <= part.end), 0)
        if not here or not parts[here - 1].items or item_of(self._text[line_at(self._text, match.start())[0] :])[0]:
            return []
        items = parts[here - 1].items
        return [Reference(match.start(), match.end(), found=(items[0].start, items[-1].end))]
