"""The nouns of ingestion: what a document is, how it is divided, and what it counts off.

All offsets count Unicode code points in `Document.text`; a span is half open, `text[start:end]`.
"""

from bisect import bisect_right
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Correction:
    """A field of a document that a user has corrected (`ingest.corrections`)."""

    field: str
    value: str | tuple[str, ...]
    """What the user says; empty where the user says that there is none."""
    read: str | tuple[str, ...]
    """What was read from the document."""
    by: str
    """`edit` for `yinju edit`, `sidecar` for the file beside the document, `effective` for what follows from that."""


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """What a document is: everything about it but its text. Unknown strings are empty.

    Dates are ISO 8601 and may be cut short where the document says no more: 2024-11-08, 2024-11, 2024.
    """

    id: str
    """Hash of source name and content (hexadecimal)."""
    source: str
    """Path relative to the ingested folder, with `/` between parts."""
    title: str
    kind: str = "其他"
    """讲话 报告 法律 条例 规定 办法 意见 通知 决定 批复 函 … 其他"""
    issuer: str = ""
    number: str = ""
    """文号, such as 国办发〔2018〕128号."""
    date: str = ""
    """The date a reader would give it: of the version of a rule, else of issue or delivery."""
    adopted: str = ""
    published: str = ""
    effective: str = ""
    speaker: str = ""
    occasion: str = ""
    region: str = ""
    status: str = "不详"
    """现行有效 / 已修改 / 已废止 / 尚未生效 / 不详"""
    status_basis: str = ""
    """What the status follows from, in a sentence."""
    expires: str = ""
    """The last day on which it is in force, where it says that itself."""
    repeals: tuple[str, ...] = ()
    """The titles of the documents that it repeals."""
    replaced_by: str = ""
    """The key of the document that took its place, where the library has it (`index.validity`)."""
    corrections: tuple[Correction, ...] = ()
    """The fields that a user has corrected; the fields themselves hold what the user says."""
    part: str = ""
    """What tells it from the other documents of its file (附件1, 令); empty for the one that the file is named by."""
    parent: str = ""
    """The key of the notice, order or e-mail that it came with."""
    parent_title: str = ""
    """That document's title, where the library has it (`index.family`)."""
    inherited: tuple[str, ...] = ()
    """The fields that it does not print itself and has from its parent: number, issuer, date …"""
    attachments: tuple[str, ...] = ()
    """The keys of the documents that came with it (`index.family`)."""

    @property
    def key(self) -> str:
        """What tells it from all other documents: its source, or source#part where its file holds several."""
        return f"{self.source}#{self.part}" if self.part else self.source

    @property
    def year(self) -> int | None:
        """The year of `date`, None where it is unknown."""
        return int(self.date[:4]) if self.date else None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: `text[start:end]`, its cells apart by tabs, and what says what its cells are.

    `heads` are the stretches above it that it is to be read with, in order: the table's header, the title of the part
    of the table it stands in, cells that span several rows. Empty where the row says all itself.
    """

    start: int
    end: int
    heads: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class HeadingMark:
    """What the source sets off as a heading: `text[start:end]`, a paragraph or the words it opens with."""

    start: int
    end: int
    depth: int = 0
    """1 is outermost, as the file says it (# of Markdown, h1, a heading style); 0 where words are only in bold."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document's text as a person would read it in the source, one paragraph a line.

    Lines are separated by single newlines, never blank and never with white space at their ends. Documents of one file
    (a notice and the rule that it issues) share its text, pages and rows; `spans` says what is whose.
    `pages[i]` is the offset at which page i+1 begins; empty where the format has no pages.
    """

    info: DocumentInfo
    text: str
    pages: tuple[int, ...] = ()
    recognised: tuple[int, ...] = ()
    """Pages, from 1, whose text was recognised in a picture of them (OCR) and may hold misread characters."""
    rows: tuple[Row, ...] = ()
    """The rows of its tables, in order."""
    spans: tuple[tuple[int, int], ...] = ()
    """Its own stretches of `text`, in order, where its file holds other documents besides; empty where all is its."""
    marks: tuple[HeadingMark, ...] = ()
    """What the source sets off as headings, in order. It is not kept in an index: the outline has what follows."""

    @property
    def own(self) -> tuple[tuple[int, int], ...]:
        """The stretches of `text` that are its own."""
        return self.spans or ((0, len(self.text)),)

    @property
    def own_text(self) -> str:
        """What is its own of the text of its file."""
        return "\n".join(self.text[start:end] for start, end in self.own)

    def row_at(self, offset: int) -> Row | None:
        """The row of a table in which the character at `offset` stands, None outside of tables."""
        place = bisect_right(self.rows, offset, key=lambda row: row.start) - 1
        return self.rows[place] if place >= 0 and offset < self.rows[place].end else None

    def is_recognised(self, start: int, end: int) -> bool:
        """Whether some of `text[start:end]` was recognised in a picture of its page (OCR)."""
        first, last = self.page_at(start), self.page_at(max(start, end - 1))
        return first is not None and last is not None and any(first <= page <= last for page in self.recognised)

    def page_at(self, offset: int) -> int | None:
        """The page (from 1) on which the character at `offset` stands, None without pages."""
        return max(1, bisect_right(self.pages, offset)) if self.pages else None


@dataclass(frozen=True, slots=True)
class Node:
    """One section, article or announced member of the outline: `text[start:end]`, its subsections included."""

    label: str
    """As printed: 第十一条, 三、, （二）, 第一件事; empty for a heading without a number."""
    heading: str
    """The heading's words without the label; empty for an article that has none."""
    level: int
    """1 is outermost: 编 1, 章 2, 节 3, 条 6; 一、 2, （一） 3, 1. 4 and so on; comparable within a document."""
    start: int
    end: int
    parent: int | None
    """Position of the parent in `Outline.nodes`."""


@dataclass(frozen=True, slots=True)
class Outline:
    """The tree of a document's sections in reading order; a parent stands before its children."""

    nodes: tuple[Node, ...]

    def chain_at(self, offset: int) -> tuple[Node, ...]:
        """The nodes that contain `offset`, outermost first."""
        # The last node that begins before the offset holds it, or a node around that one does, or none.
        place = bisect_right(self.nodes, offset, key=lambda node: node.start) - 1
        chain: list[Node] = []
        while place >= 0:
            node = self.nodes[place]
            if offset < node.end:
                chain.append(node)
            place = -1 if node.parent is None else node.parent
        return tuple(reversed(chain))

    def path_at(self, offset: int) -> tuple[str, ...]:
        """The headings that contain `offset` as printed, outermost first: ("第二章 配备", "第十一条")."""
        return tuple(path_part(node) for node in self.chain_at(offset))


def path_part(node: Node) -> str:
    """A node's label and heading as one part of a path."""
    is_apart = node.label.startswith(("第", "附")) or node.label[-1:].isdigit()
    joint = " " if is_apart and node.heading else ""
    return f"{node.label}{joint}{node.heading}"


def caption(text: str, node: Node) -> str:
    """A node's label and heading; for a numbered paragraph without a heading, articles left out, its first words."""
    if node.heading or "条" in node.label:
        return path_part(node)
    end = text.find("\n", node.start)
    return text[node.start : end if end >= 0 else len(text)].strip()


def shortened(words: str, most: int) -> str:
    """The words, cut to `most` characters with an ellipsis where they are longer."""
    return words if len(words) <= most else f"{words[: most - 1]}…"


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document that search returns: `text == document.text[start:end]`."""

    document_id: str
    start: int
    end: int
    text: str
    path: tuple[str, ...] = ()
    page: int | None = None
    lead: str = ""
    """The sentence that opens the section or list that the passage goes on with, or the header of the table that it
    begins inside of; empty where it holds it."""


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an enumeration: `text[start:end]`; `text[start:head_end]` names it without its elaboration."""

    label: str
    start: int
    head_end: int
    end: int


@dataclass(frozen=True, slots=True)
class Enumeration:
    """A list: the sentence that announces it, how many it announces, and the members found, in order."""

    document_id: str
    start: int
    """Where the announcing sentence begins."""
    end: int
    """Where the announcing sentence ends (the members may lie inside or after it)."""
    announced: int | None
    """The number the announcement gives (五件事 → 5), None where it gives none."""
    members: tuple[Member, ...]
    term: str = ""
    """The number-abbreviation that the list spells out (五个更, 四不两直), empty where it has none."""
