"""Looking up an article by its number: 《…》第十二条, 公务用车管理办法第14条第二款."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from answer.question import Question
from index.catalogue import Catalogue
from ingest.chinese import NUMERAL, parse_number
from ingest.model import Document, DocumentInfo

_LABEL = re.compile(rf"第({NUMERAL})条(?:之({NUMERAL}))?")


@dataclass(frozen=True, slots=True)
class Article:
    """An article or one clause (款) of it: `document.text[start:end]`."""

    document: Document
    label: str
    start: int
    end: int


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
            start, end = _clause(document.text, node.start, node.end, question.clause)
            return Article(document, node.label, start, end)
    return None


def _clause(text: str, start: int, end: int, clause: int | None) -> tuple[int, int]:
    """The clause (款) of an article: its paragraphs, an item （一） belonging to the clause before it."""
    end = start + len(text[start:end].rstrip("\n"))
    if clause is None:
        return start, end
    clauses: list[list[int]] = []
    position = start
    for line in text[start:end].split("\n"):
        if clauses and re.match(r"[（(]?[一二三四五六七八九十0-9]+[）)、.．]", line):
            clauses[-1][1] = position + len(line)
        else:
            clauses.append([position, position + len(line)])
        position += len(line) + 1
    if 1 <= clause <= len(clauses):
        return clauses[clause - 1][0], clauses[clause - 1][1]
    return start, end
