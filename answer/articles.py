"""Looking up an article by its number: 《…》第十二条, 公务用车管理办法第14条第二款."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from answer.question import Question
from index.catalogue import Catalogue
from ingest.chinese import NUMERAL, parse_number
from ingest.model import Document, DocumentInfo

_LABEL = re.compile(rf"第({NUMERAL})条(?:之({NUMERAL}))?")
_ITEM = re.compile(r"[（(]?[一二三四五六七八九十0-9]+[）)、.．]")


@dataclass(frozen=True, slots=True)
class Article:
    """An article, `document.text[start:end]`, and the spans of its clauses (款)."""

    document: Document
    label: str
    start: int
    end: int
    clauses: tuple[tuple[int, int], ...]

    def span(self, clause: int | None) -> tuple[int, int] | None:
        """The span of the clause of a number, of the whole article for None; None where there is no such clause."""
        if clause is None:
            return self.start, self.end
        return self.clauses[clause - 1] if 1 <= clause <= len(self.clauses) else None


def find_article(catalogue: Catalogue, question: Question, named: Sequence[DocumentInfo]) -> Article | None:
    """The article asked for in the first of the named documents that has it, None where none has."""
    for info in named:
        document = catalogue.document(info.id)
        for node in catalogue.outline(info.id).nodes:
            match = _LABEL.fullmatch(node.label.replace(" ", ""))
            if match is None or parse_number(match[1]) != question.article:
                continue
            if (parse_number(match[2]) if match[2] else None) != question.sub_article:
                continue
            end = node.start + len(document.text[node.start : node.end].rstrip("\n"))
            return Article(document, node.label, node.start, end, _clauses(document.text, node.start, end))
    return None


def _clauses(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """The clauses of an article are its paragraphs; an item （一） belongs to the clause before it.

    A label that stands alone on its line belongs to the first clause.
    """
    clauses: list[tuple[int, int]] = []
    position = start
    for line in text[start:end].split("\n"):
        stop = position + len(line)
        if clauses and (_ITEM.match(line) or _LABEL.fullmatch(text[clauses[-1][0] : clauses[-1][1]].strip())):
            clauses[-1] = (clauses[-1][0], stop)
        else:
            clauses.append((position, stop))
        position = stop + 1
    return tuple(clauses)
