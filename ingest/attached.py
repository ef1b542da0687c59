"""The documents of a file that holds several: each described and divided by its own stretch of the text."""

from collections.abc import Sequence
from dataclasses import replace

from ingest.dates import effective_date
from ingest.divide import Divided, divide_by, divide_whole
from ingest.identity import document_id
from ingest.metadata import describe
from ingest.model import Document, DocumentInfo, Enumeration, Node, Outline, Passage
from ingest.outline import find_outline
from ingest.parts import Part, Span
from ingest.references.model import Reference
from ingest.repeal import find_expiry, find_repeals
from ingest.signature import sign
from ingest.titles import RULE_KINDS, kind_of

_DAY = len("2024-11-08")


def divide_parts(document: Document, parts: Sequence[Part]) -> Divided:
    """Divide a file's document into its parts; the one that the file is named by has the others with it."""
    main = next(part for part in parts if not part.label)
    cover = next((part for part in parts if part.parent is None and part is not main), None)
    info = document.info
    if cover is not None:
        info = replace(info, parent=f"{info.source}#{cover.label}")
    else:
        own = replace(document, spans=main.spans).own_text
        info = replace(info, repeals=find_repeals(own), expires=find_expiry(own, info.effective))
    others = [
        _divided(document, _cover(document, part) if part is cover else _attachment(document, part), part)
        for part in parts
        if part is not main
    ]
    return replace(_divided(document, info, main), others=tuple(others))


def _described(document: Document, part: Part) -> DocumentInfo:
    """What a part says of itself."""
    info, text = document.info, document.text[part.body : part.spans[-1][1]]
    id = document_id(f"{info.source}#{part.label}", [info.id.encode()])
    told = describe(text, source=info.source, file_title=part.title, id=id)
    kind = kind_of(part.title)
    return replace(told, title=part.title, kind=told.kind if kind == "其他" else kind, part=part.label)


def _cover(document: Document, part: Part) -> DocumentInfo:
    """The notice or order above a rule; when that takes effect and what it repeals the rule itself says."""
    told = replace(_described(document, part), effective="", expires="", adopted="", repeals=())
    kind = {"令": "命令", "公告": "公告"}.get(part.label, told.kind)
    told = replace(told, kind=kind, published="", parent=document.info.parent)
    return _inheriting(told, document.info, ("number", "issuer", "date", "region"))


def _attachment(document: Document, part: Part) -> DocumentInfo:
    """What came with a notice: what it does not say of itself it has from the notice."""
    notice, told = document.info, _described(document, part)
    text = document.text[part.body : part.spans[-1][1]]
    if told.kind in RULE_KINDS:
        # What the notice issues it publishes; a rule that prints no date of its own is told by when it takes effect.
        printed = told.date if told.date != told.effective else ""
        published = max(told.published, notice.date)
        effective = effective_date(text, published) or told.effective
        told = replace(told, date=max(printed, published), published=published, effective=effective)
        told = replace(told, expires=find_expiry(text, effective))
        dated = ("date",) if told.date == notice.date else ()
    else:
        # A year in a title is what the text is about; only a day that it is signed with is its date.
        told = replace(told, date=told.date if len(told.date) == _DAY else "", speaker="", occasion="")
        dated = ()
    told = _inheriting(told, notice, ("number", "issuer", "date", "region"))
    told = replace(
        told, inherited=tuple(dict.fromkeys((*told.inherited, *dated))), parent=notice.key, parent_title=notice.title
    )
    if told.status == "不详" and notice.status_basis.startswith("文首"):
        told = replace(told, status=notice.status, status_basis=notice.status_basis)
    return told


def _inheriting(info: DocumentInfo, other: DocumentInfo, fields: Sequence[str]) -> DocumentInfo:
    """The document with what it lacks from another one."""
    missing = {field: getattr(other, field) for field in fields if not getattr(info, field) and getattr(other, field)}
    return replace(info, **missing, inherited=tuple(missing))


def _divided(document: Document, info: DocumentInfo, part: Part) -> Divided:
    nodes: list[Node] = []
    passages: list[Passage] = []
    lists: list[Enumeration] = []
    references: list[Reference] = []
    for span in part.spans:
        divided = _divided_span(document, info, span, part.body)
        nodes += [_moved_node(node, span[0], len(nodes)) for node in divided.outline.nodes]
        passages += [replace(one, start=one.start + span[0], end=one.end + span[0]) for one in divided.passages]
        lists += [_moved_list(one, span[0]) for one in divided.enumerations]
        references += [_moved_reference(one, span[0]) for one in divided.references]
    whole = replace(document, info=info, spans=part.spans)
    signature = sign(whole.own_text)
    return Divided(whole, Outline(tuple(nodes)), tuple(passages), tuple(lists), signature, tuple(references))


def _divided_span(document: Document, info: DocumentInfo, span: Span, body: int) -> Divided:
    """Divide a stretch as if it were all; a line 附件1 above its title is no section of it."""
    piece = _cut(document, info, span)
    if not span[0] < body < span[1]:
        return divide_whole(piece)
    below = find_outline(_cut(document, info, (body, span[1])))
    outline = Outline(tuple(_moved_node(node, body - span[0], 0) for node in below.nodes))
    return divide_by(piece, outline)


def _cut(document: Document, info: DocumentInfo, span: Span) -> Document:
    """A stretch of a document as a document of its own; pages that begin above it have negative offsets."""
    start, end = span
    rows = tuple(
        replace(
            row,
            start=row.start - start,
            end=row.end - start,
            heads=tuple((a - start, b - start) for a, b in row.heads if a >= start),
        )
        for row in document.rows
        if start <= row.start and row.end <= end
    )
    pages = tuple(page - start for page in document.pages)
    marks = tuple(
        replace(mark, start=mark.start - start, end=mark.end - start)
        for mark in document.marks
        if start <= mark.start and mark.end <= end
    )
    return Document(info, document.text[start:end], pages=pages, recognised=document.recognised, rows=rows, marks=marks)


def _moved_node(node: Node, by: int, before: int) -> Node:
    parent = None if node.parent is None else node.parent + before
    return replace(node, start=node.start + by, end=node.end + by, parent=parent)


def _moved_list(one: Enumeration, by: int) -> Enumeration:
    members = tuple(
        replace(member, start=member.start + by, head_end=member.head_end + by, end=member.end + by)
        for member in one.members
    )
    return replace(one, start=one.start + by, end=one.end + by, members=members)


def _moved_reference(one: Reference, by: int) -> Reference:
    found = one.found and (one.found[0] + by, one.found[1] + by)
    return replace(one, start=one.start + by, end=one.end + by, found=found)
