"""What references mean in a library: the document, its version at the time, and the place in it, with offsets.

Nothing is guessed. A reference that may mean several documents has all of them as targets; one to a version that the
library lacks has the versions that it has, and is said to be none of them.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.attachments import Attachments, title_place, titles_of
from index.catalogue import Catalogue
from index.reference_versions import State, Versions
from index.stored_references import SYNONYMS, listed_under, names_of, number_key
from index.titles import core, issued_name
from ingest.model import DocumentInfo
from ingest.references.model import Reference, Step
from ingest.references.places import Places
from ingest.titles import kind_of

_NEED_ABOUT = frozenset(("函", "通知", "决定", "通报", "批复", "答复", "复函", "请示", "公告", "命令", "讲话", "报告"))
_ABOUT = ("关于", "印发", "转发", "工作报告")
_DOCUMENTS = ("宪法", "公报", "纲领", "白皮书", "协定", "条约", "公约", "议定书", "宣言", "目录", "清单", "若干措施",
              "要点", "制度", "规范", "修正案", "共同纲领", "党章", "建议", "纲要（草案）")  # fmt: skip
_SHORTEST = 5
"""Characters of a title that is recognised without marks and without an article, unless it is a law's."""
_OWN_LENGTH = 10
"""Characters from which a title says enough to be recognised within another."""
_SQUEEZED = re.compile(r"^关于|的|[、，,·\s]")
_KIND_BEHIND = re.compile(r"(?:规定|办法|意见|方案|细则|规划|报告)$")
_PRINTS = re.compile(r"转发|批转|印发|公布|发布")
_MOST = 20
_CACHED = 64


@dataclass(frozen=True, slots=True)
class Target:
    """A document that is meant, and the place in it: `text[start:end]`, None where the whole of it is meant.

    `is_exact` is false where the place could not be followed to the end, and the span is what surrounds it.
    """

    document: DocumentInfo
    start: int | None = None
    end: int | None = None
    is_exact: bool = True


@dataclass(frozen=True, slots=True)
class Link:
    """A reference in a document, what it means, and its targets: one, unless its state says otherwise."""

    document: DocumentInfo
    start: int
    end: int
    text: str
    reference: Reference
    state: State
    targets: tuple[Target, ...] = ()
    also: tuple[DocumentInfo, ...] = ()
    """Other documents of the library that hold the same version."""
    title: str = ""
    """What the document is called where the library does not hold it."""

    @property
    def place(self) -> str:
        """The place named, as articles are numbered: 第十二条第二款."""
        return "".join(str(step) for step in self.reference.place)

    @property
    def is_own(self) -> bool:
        """Whether it leads to a place of the document itself."""
        return bool(self.targets) and self.targets[0].document.id == self.document.id


class References:
    """The references between the documents of a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._by_name: dict[str, list[DocumentInfo]] = defaultdict(list)
        self._attachments = Attachments(catalogue.infos())
        for info in catalogue.infos():
            for name in self._names(info):
                self._by_name[name].append(info)
        self._versions = Versions(catalogue, self._attachments)
        self._places = lru_cache(_CACHED)(self._places_of)

    def of(self, document_id: str, start: int = 0, end: int | None = None) -> list[Link]:
        """The references in a document, or in its `text[start:end]`, in order."""
        document = self._catalogue.document(document_id)
        end = len(document.text) if end is None else end
        found = self._catalogue.references(document_id)
        within = [one for one in found if start <= one.start and one.end <= end]
        links = [self._link(document.info, document.text, one) for one in within]
        return [link for link in links if link is not None]

    def to(self, document_id: str) -> list[Link]:
        """The references in other documents that mean a document or may mean it, by their date, source and place."""
        info = self._catalogue.document(document_id).info
        family = self._attachments.family(info)
        names = {name for one in (info, *family) for name in self._names(one)} | self._printed_names(info)
        citing = dict.fromkeys((*self._catalogue.documents_naming(names), *(one.id for one in family)))
        links = [link for one in citing if one != document_id for link in self.of(one)]
        aimed = [link for link in links if any(target.document.id == document_id for target in link.targets)]
        return sorted(aimed, key=lambda link: (link.document.date or "9999", link.document.source, link.start))

    def _names(self, info: DocumentInfo) -> frozenset[str]:
        """What a document is referred to by: its titles, also as printed and as its notice has it, and its 文号."""
        called = self._attachments.also_called(info)
        names = frozenset(name for title in titles_of(info) for name in listed_under(title, info.number))
        names -= {issued_name(info.title)} if info.attachments else set()
        return names | {called} if called else names

    def _printed_names(self, info: DocumentInfo) -> set[str]:
        """The titles of the other versions, under which one of them may be referred to."""
        return {name for other in self._versions.all_of([info]) for name in self._names(other)}

    def _link(self, citing: DocumentInfo, text: str, reference: Reference) -> Link | None:
        if reference.is_own:
            return self._own(citing, text, reference)
        name, documents = self._called(citing, reference)
        start = reference.start
        if not reference.is_marked and reference.titles:
            name = name or reference.titles[-1]
            # Of 刑法第三条、第五条 only the first has the name in it.
            printed = text.startswith(reference.titles[0], start)
            start += len(reference.titles[0]) - len(name) if printed else 0
        shown = text[start : reference.end]
        if not documents:
            state = self._without_document(reference, name)
            return Link(citing, start, reference.end, shown, reference, state, title=name) if state else None
        state, chosen, also = self._versions.of(citing, reference, documents)
        if not chosen:
            return Link(citing, start, reference.end, shown, reference, "missing", title=name)
        targets = tuple(self._target(info, reference) for info in chosen[:_MOST])
        return Link(citing, start, reference.end, shown, reference, state, targets, tuple(also))

    def _own(self, citing: DocumentInfo, text: str, reference: Reference) -> Link:
        shown = text[reference.start : reference.end]
        target = self._attachment(citing, reference) if _is_attachment(reference) else None
        if target is None and reference.found is not None:
            target = Target(citing, *reference.found)
        if target is None:
            return Link(citing, reference.start, reference.end, shown, reference, "unclear")
        return Link(citing, reference.start, reference.end, shown, reference, "resolved", (target,))

    def _attachment(self, citing: DocumentInfo, reference: Reference) -> Target | None:
        """附件2 of a document, or of the notice that it is attached to itself; None where neither has it."""
        for holder in (citing, self._attachments.parent(citing)):
            target = self._attachment_of(holder, reference.place) if holder else None
            if target is not None and (target.document.id != citing.id or holder is citing):
                return target
        return None

    def _attachment_of(self, holder: DocumentInfo, place: Sequence[Step]) -> Target | None:
        """附件2 that is a document of its own, or a part of the one that it is attached to."""
        number = place[0].first
        attached = self._attachments.numbered(holder, number)
        if attached is None:
            span, done = self._places(holder.id).locate(place)
            if span is not None and done == len(place):
                return Target(holder, *span)
            attached = self._attachments.only(holder, number)
        if attached is None:
            return None
        span, done = self._places(attached.id).locate(place[1:]) if place[1:] else (None, 0)
        start, end = span or title_place(self._catalogue.document(attached.id))
        return Target(attached, start, end, is_exact=done == len(place) - 1)

    def _called(self, citing: DocumentInfo, reference: Reference) -> tuple[str, list[DocumentInfo]]:
        """The name that the library knows, and the documents called so: by 文号, else by title."""
        if reference.number:
            numbered = self._by_name.get(number_key(reference.number), [])
            if numbered:
                return reference.titles[0] if reference.titles else "", self._with_title(numbered, reference)
        for title in reference.titles if reference.is_marked else ():
            if _is_printed_by(title, citing.title):
                return title, self._attachments.issued(citing, title) or [citing]
        for title in reference.titles:
            names = names_of(Reference(0, 0, (title,)))
            # Where the library has a notice that is named, it is meant, not what it issues.
            notices = [info for name in sorted(names - {issued_name(title)}) for info in self._by_name.get(name, ())]
            found = notices or [info for name in sorted(names) for info in self._by_name.get(name, ())]
            exact = [info for info in found if core(info.title) in names and core(info.title) == max(names, key=len)]
            found = [info for info in dict.fromkeys(exact or found) if _may_have(info, reference.number)]
            short = len(title) < _SHORTEST and not title.endswith("法") and title not in SYNONYMS
            if found and (reference.is_marked or reference.place or (exact and not short)):
                return title, found
        name = reference.titles[0] if reference.titles and reference.is_marked else ""
        return name, self._reports(name, citing.date[:4])

    def _reports(self, name: str, year: str) -> list[DocumentInfo]:
        """The reports of a year that have a name (政府工作报告) at the end of their titles."""
        if not year or kind_of(name) != "报告":
            return []
        infos = self._catalogue.infos()
        return [one for one in infos if one.kind == "报告" and one.date[:4] == year and one.title.endswith(name)]

    def _with_title(self, numbered: Sequence[DocumentInfo], reference: Reference) -> list[DocumentInfo]:
        """Of documents of one 文号 (an order's, say) those that are called so, where any is."""
        names = names_of(Reference(0, 0, reference.titles))
        called = [info for info in numbered if names & self._names(info)]
        # What stands in one file has one 文号, that of the notice or order.
        files = {info.source for info in numbered if not info.part}
        return called or [info for info in numbered if not info.part or info.source not in files]

    def _without_document(self, reference: Reference, name: str) -> State | None:
        """What is to be said of a reference to what the library does not hold; None where it is to no document."""
        if reference.number:
            return "missing"
        if not reference.is_marked:
            return "missing" if reference.place else None
        kind = kind_of(name)
        if kind == "其他" and not name.endswith(_DOCUMENTS):
            return None
        if kind in _NEED_ABOUT and not any(word in name for word in _ABOUT):
            return None
        return "unclear" if len(core(name)) <= 2 and not name.endswith("法") else "missing"

    def _target(self, info: DocumentInfo, reference: Reference) -> Target:
        place = reference.place
        if not place:
            return Target(info)
        attached = self._attachment_of(info, place) if _is_attachment(reference) else None
        if attached is not None:
            return attached
        span, done = self._places(info.id).locate(place)
        if span is None:
            # An article of a notice is one of what it issues.
            issued = [one for one in self._attachments.of(info) if one.part and self._places(one.id).articles]
            inside = [(one, *self._places(one.id).locate(place)) for one in issued]
            found = [one for one in inside if one[1] is not None]
            info, span, done = found[0] if len(found) == 1 else (info, None, done)
        start, end = span or (None, None)
        return Target(info, start, end, is_exact=done == len(place))

    def _places_of(self, document_id: str) -> Places:
        return Places(self._catalogue.document(document_id).text, self._catalogue.outline(document_id))


def _is_attachment(reference: Reference) -> bool:
    return bool(reference.place) and reference.place[0].level == "附件"


def _is_printed_by(title: str, citing: str) -> bool:
    """Whether a document is called so itself, by its whole title or in that of the notice that prints it."""
    whole, own = (_SQUEEZED.sub("", core(one)) for one in (title, citing))
    if len(own) < _OWN_LENGTH:
        return False
    subject = _KIND_BEHIND.sub("", whole)
    printed = _PRINTS.search(own) is not None and (whole in own or (len(subject) >= _OWN_LENGTH and subject in own))
    return whole.endswith(own) or (printed and whole != own)


def _may_have(info: DocumentInfo, number: str) -> bool:
    """Whether a document may have a 文号: its own is another one, unless it is an order's, which revisions replace."""
    return (
        not number or not info.number or "令" in number + info.number or number_key(info.number) == number_key(number)
    )
