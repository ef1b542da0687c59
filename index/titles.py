"""Titles as they are compared: without what is printed in one place and left out in another."""

import re
from functools import lru_cache

from ingest.chinese import fold
from ingest.model import DocumentInfo
from ingest.titles import RULE_KINDS, kind_of

_ISSUED = re.compile(r"关于印发(?:发)?[《<]?(.{3,60}?)[》>]?的(?:通知|函)$")
_ABOUT = re.compile(
    r"^.{0,30}?关于(.{3,60}?)的(通知|意见|决定|批复|复函|函|指导意见|若干意见|实施意见|规定|解释|通报)$"
)
_MARKS = str.maketrans("<>", "《》")
_VERSION_TAIL = re.compile(
    r"[(（\[](?![一二三四五六七八九十]+[)）\]]).*?[)）\]]|[_\s]|(?<=[一-鿿])(?:19|20)\d\d(?:年)?(?:版|修订|修正)?$"
)
"""What a title may be printed without: 试行 and years, but not the （一） that numbers rules of one name."""


def core(title: str) -> str:
    """A title as it is compared: folded, without 中华人民共和国, brackets and the year of a version.

    A title within it has the same marks whether it stands alone or in marks itself (《关于印发〈…〉的通知》).
    """
    bare = _VERSION_TAIL.sub("", fold(title)) or fold(title)
    return bare.removeprefix("中华人民共和国").translate(_MARKS).strip('"《》')


@lru_cache(1 << 16)
def aliases(title: str) -> frozenset[str]:
    """What a document may be called, compared by `core`: by its title, and by the title of what it prints."""
    whole = core(title)
    found = {whole}
    for pattern in (_ISSUED, _ABOUT):
        match = pattern.search(whole)
        if match:
            found.add(core("".join(match.groups())))
    return frozenset(alias for alias in found if len(alias) >= 3 or alias.endswith("法"))


def issued_name(title: str) -> str:
    """What a notice of this title issues (关于印发《…》的通知), as titles are compared; empty for nothing."""
    issued = _ISSUED.search(core(title))
    return core(issued[1]) if issued else ""


def names_of(info: DocumentInfo) -> frozenset[str]:
    """What a document may be called; what a notice issues is called by its name where it is a document of its own."""
    names = aliases(info.title)
    return names - {issued_name(info.title)} if info.attachments else names


def version_key(info: DocumentInfo) -> tuple[str, str]:
    """The same for all versions of a rule, whether it stands alone or in the notice that prints it, of one region.

    Reports and speeches of one title are no versions of each other.
    """
    if info.kind in RULE_KINDS:
        return core(info.title), info.region
    printed = issued_name(info.title)
    if kind_of(printed) in RULE_KINDS and not info.attachments:
        return printed, info.region
    return info.id, ""
