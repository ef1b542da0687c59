"""Places of a document as references name them: articles (条), their paragraphs (款), items (项) and subitems (目)."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ingest.chinese import NUMERAL, parse_number, parse_ordinal
from ingest.markers import paragraphs
from ingest.model import Node, Outline
from ingest.references.model import Step

_LABEL = re.compile(rf"(?:第({NUMERAL})(编|分编|章|节|部分|条)|附(?:件|表|录)\s*({NUMERAL})?)(?:之({NUMERAL}))?")
_ARTICLE = re.compile(rf"第{NUMERAL}条(?:之{NUMERAL})?\s*")
_SECTION = re.compile(rf"({NUMERAL})、|[（(]({NUMERAL})[）)]")
_ITEMS = (
    ("（一）", re.compile(r"[（(]([一二三四五六七八九十百]+)[）)]")),
    ("一、", re.compile(r"([一二三四五六七八九十百]+)、")),
    ("1.", re.compile(r"([0-9０-９]{1,2})\s*[.．、](?![0-9０-９])")),
    ("（1）", re.compile(r"[（(]([0-9０-９]{1,2})[）)]")),
    ("①", re.compile(r"([①-⑳])")),
)


@dataclass(slots=True)
class Part:
    """A paragraph of an article (款) or an item of a list: `text[start:end]`, what is listed under it included."""

    number: int
    start: int
    end: int
    style: str = ""
    items: list["Part"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Article:
    block: int
    number: int
    sub: int
    start: int
    end: int


class Places:
    """The places of a document, found when they are first asked for."""

    def __init__(self, text: str, outline: Outline) -> None:
        self._text = text
        self._nodes = outline.nodes
        self._clauses: dict[int, tuple[Part, ...]] = {}

    @cached_property
    def labels(self) -> frozenset[int]:
        """Where the sections and articles begin."""
        return frozenset(node.start for node in self._nodes)

    @cached_property
    def articles(self) -> tuple[_Article, ...]:
        """The articles in order; a block ends where the numbers begin anew, in a rule printed behind another."""
        found: list[_Article] = []
        block = 0
        for level, number, sub, node in self._numbered:
            if level == "附件" or (level == "条" and found and number < found[-1].number):
                block += 1
            if level == "条":
                found.append(_Article(block, number, sub, node.start, self._stripped(node)))
        return tuple(found)

    @cached_property
    def _numbered(self) -> tuple[tuple[str, int, int, Node], ...]:
        found = []
        for node in self._nodes:
            match = _LABEL.fullmatch("".join(node.label.split()))
            if match:
                number = parse_number(match[1] or match[3] or "零") or 0
                found.append((match[2] or "附件", number, parse_number(match[4]) or 0 if match[4] else 0, node))
        return tuple(found)

    @cached_property
    def _starts(self) -> list[int]:
        return [article.start for article in self.articles]

    def article_at(self, offset: int) -> _Article | None:
        """The article in which an offset stands."""
        place = bisect_right(self._starts, offset) - 1
        return self.articles[place] if place >= 0 and offset <= self.articles[place].end else None

    def container_at(self, offset: int) -> tuple[int, int] | None:
        """The article at an offset, else the innermost numbered section there: what its paragraphs are counted in."""
        article = self.article_at(offset)
        if article is not None:
            return article.start, article.end
        inner = [node for node in self._nodes if node.start <= offset < node.end and _SECTION.match(node.label)]
        # （一）, a paragraph long, is an item of the section around it.
        longer = [node for node in inner if "\n" in self._text[node.start : self._stripped(node)]]
        chosen = longer[-1] if longer else None
        return (chosen.start, self._stripped(chosen)) if chosen else None

    def clauses(self, start: int, end: int) -> tuple[Part, ...]:
        """The paragraphs (款) of the article `text[start:end]`, items with the paragraph before them."""
        if start not in self._clauses:
            self._clauses[start] = tuple(self._cut(start, end))
        return self._clauses[start]

    def _cut(self, start: int, end: int) -> list[Part]:
        found: list[Part] = []
        for begin, stop in paragraphs(self._text[start:end]):
            begin, stop = begin + start, stop + start
            line = self._text[begin:stop]
            style, number = item_of(line) if found else ("", 0)
            alone = found and _ARTICLE.fullmatch(self._text[found[-1].start : found[-1].end])
            if not style and alone:
                found[-1].end = stop
            elif not style:
                found.append(Part(len(found) + 1, begin, stop))
            else:
                _add_item(found[-1], Part(number, begin, stop, style))
        return found

    def in_article(self, container: tuple[int, int], steps: Sequence[Step]) -> tuple[tuple[int, int], int]:
        """The span of 款, 项 and 目 in an article, and how many of the steps could be followed."""
        span = container
        parts: Sequence[Part] = self.clauses(*container)
        for done, step in enumerate(steps):
            if step.level == "款":
                chosen = [part for part in parts if step.first <= part.number <= step.last]
            elif done == 0 and step.level == "项":
                holding = [part for part in parts if any(item.number == step.first for item in part.items)]
                parts = holding[0].items if len(holding) == 1 else ()
                chosen = [part for part in parts if step.first <= part.number <= step.last]
            else:
                items = parts[0].items if len(parts) == 1 else ()
                chosen = [part for part in items if step.first <= part.number <= step.last]
            if not chosen or chosen[0].number != step.first or chosen[-1].number != step.last:
                return span, done
            span, parts = (chosen[0].start, chosen[-1].end), chosen
        return span, len(steps)

    def locate(self, place: Sequence[Step], origin: int | None = None) -> tuple[tuple[int, int] | None, int]:
        """The span of a place and how many of its steps could be followed; None where not even the first could.

        Of several rules in one document that at the offset `origin` is meant; without one a number that stands in
        several is in none.
        """
        outer = [step for step in place if step.level not in ("条", "款", "项", "目")]
        inner = list(place[len(outer) :])
        if not inner or inner[0].level != "条":
            span = self._section(outer, origin) if outer else None
            return span, len(outer) if span else 0
        within = self._section(outer, origin) if outer and outer[0].level == "附件" else None
        article = self._articles_of(inner[0], origin, within) or self._section_as_article(inner[0], within)
        if article is None:
            span = self._section(outer, origin) if outer else None
            return span, len(outer) if span else 0
        if inner[0].last != inner[0].first or len(inner) == 1:
            return article, len(outer) + 1
        span, done = self.in_article(article, inner[1:])
        return span, len(outer) + 1 + done

    def _articles_of(self, step: Step, origin: int | None, within: tuple[int, int] | None) -> tuple[int, int] | None:
        here = self.article_at(origin) if origin is not None else None
        firsts = [a for a in self.articles if a.number == step.first and (a.sub == step.sub or step.last > step.first)]
        if within is not None:
            firsts = [article for article in firsts if within[0] <= article.start < within[1]]
        elif here is not None:
            firsts = [article for article in firsts if article.block == here.block]
        blocks = {article.block for article in firsts}
        if len(blocks) != 1:
            return None
        block = blocks.pop()
        lasts = [a for a in self.articles if a.block == block and a.number == step.last]
        if step.last == step.first:
            lasts = [article for article in lasts if article.sub == step.sub]
        return (firsts[0].start, lasts[-1].end) if lasts and lasts[-1].start >= firsts[0].start else None

    def _section_as_article(self, step: Step, within: tuple[int, int] | None) -> tuple[int, int] | None:
        """第三条 of a document, or of an attachment, without articles is its section 三、."""
        begin, end = within or (0, len(self._text))
        if any(begin <= article.start < end for article in self.articles):
            return None
        sections = [
            node for node in self._nodes
            if begin <= node.start < end
            and (match := _SECTION.match(node.label)) and match[1] and parse_number(match[1]) == step.first
        ]  # fmt: skip
        return (
            (sections[0].start, self._stripped(sections[0])) if len(sections) == 1 and step.first == step.last else None
        )

    def _section(self, steps: Sequence[Step], origin: int | None) -> tuple[int, int] | None:
        within = [(0, len(self._text))]
        for step in steps:
            spans = [
                (node.start, self._stripped(node))
                for level, number, _, node in self._numbered
                if level == step.level and number == step.first
                and any(start <= node.start < end for start, end in within)
            ]  # fmt: skip
            if step.level == "附件" and len(spans) > 1:
                # The list of attachments at the end of a notice comes before the attachments themselves.
                spans = spans[-1:]
            within = spans
        if len(within) > 1 and origin is not None and steps[0].level == "节":
            chapter = self.around(origin, "章")
            within = [span for span in within if chapter and chapter[0] <= span[0] < chapter[1]]
        return within[0] if len(within) == 1 else None

    def around(self, offset: int, level: str) -> tuple[int, int] | None:
        """The chapter, say, around an offset."""
        spans = [
            (node.start, self._stripped(node))
            for kind, _, _, node in self._numbered
            if kind == level and node.start <= offset < node.end
        ]
        return spans[-1] if spans else None

    def list_below(self, offset: int) -> tuple[int, int] | None:
        """The list that the paragraph at an offset announces, behind it or at its end."""
        stop = self._line_end(offset)
        line = self._text[offset:stop]
        inline = re.search(r"[：:]\s*(?=[（(]一[）)]|[（(]1[）)]|1[.．、])", line)
        if inline:
            return offset + inline.end(), stop
        if not line.endswith(("：", ":")):
            return None
        own = item_of(self._text[self._text.rfind("\n", 0, offset) + 1 : stop])[0]
        return self._run(stop + 1, own)

    def _run(self, begin: int, own: str) -> tuple[int, int] | None:
        """The items from an offset on, as far as their numbers run on; lists below them are part of it."""
        position, last = begin, begin
        reached: dict[str, int] = {}
        while position < len(self._text):
            stop = self._line_end(position)
            style, number = item_of(self._text[position:stop])
            runs_on = number == 1 if style not in reached else number == reached[style] + 1
            again = number == 1 and style in reached and style != next(iter(reached))
            if not style or style == own or not (runs_on or again):
                break
            reached[style] = number
            last, position = stop, stop + 1
        if last <= begin:
            return None
        return begin, last if len(reached) > 1 or reached.popitem()[1] > 1 else self._end_of_sections(begin, last)

    def _end_of_sections(self, begin: int, end: int) -> int:
        """Where the sections end of which the first begins at an offset; `end` where none does."""
        first = next((node for node in self._nodes if node.start == begin), None)
        if first is None:
            return end
        style = item_of(self._text[begin:end])[0]
        siblings = [
            node
            for node in self._nodes
            if node.parent == first.parent and node.start >= begin and item_of(self._text[node.start :][:9])[0] == style
        ]
        reached = 0
        for node in siblings:
            if item_of(self._text[node.start :][:9])[1] != reached + 1:
                break
            reached, end = reached + 1, self._stripped(node)
        return end

    def _line_end(self, offset: int) -> int:
        end = self._text.find("\n", offset)
        return len(self._text) if end < 0 else end

    def _stripped(self, node: Node) -> int:
        return node.start + len(self._text[node.start : node.end].rstrip("\n"))


def item_of(line: str) -> tuple[str, int]:
    """How a paragraph is numbered as an item, and its number; ("", 0) where it is not."""
    for style, pattern in _ITEMS:
        match = pattern.match(line)
        if match:
            return style, parse_ordinal(match[1]) or 0
    return "", 0


def _add_item(clause: Part, item: Part) -> None:
    """Put an item below its paragraph, or below the item before it where it is numbered in another way."""
    parent = clause
    parent.end = item.end
    while parent.items and parent.items[-1].style != item.style and parent.items[0].style != item.style:
        parent = parent.items[-1]
        parent.end = item.end
    parent.items.append(item)
