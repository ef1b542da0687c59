"""Read a document, a quotation marked in its place."""

import streamlit as st

from index.catalogue import Catalogue
from index.family import outline_of_file, relatives
from index.references import References
from ingest.model import Correction, DocumentInfo
from phrasing import compare_versions, versions_of
from web.contents import contents_html
from web.markup import comparison_html, document_html, documents_html, facts_html
from web.references import incoming_html, overlays_of
from web.shared import head, open_searcher, section
from web.strings import language, say

LISTED = 200  # documents listed where none is chosen
_SCROLL = """<script>
  let tries = 0
  const timer = setInterval(() => {
    const quote = document.getElementById("quote")
    if (quote) quote.scrollIntoView({ block: "center" })
    if (quote || ++tries > 50) clearInterval(timer)
  }, 100)
</script>"""


def show_document(catalogue: Catalogue, source: str, start: int, end: int) -> None:
    """What is known of the document, its contents in the sidebar, and its text."""
    document = catalogue.by_source(source)
    outline = outline_of_file(catalogue, document.info)
    st.html(facts_html(facts(document.info)))
    show_family(catalogue, document.info)
    copies = catalogue.copies.others(document.info.id)
    if copies:
        section(say("copies"))
        st.html(documents_html(copies, language(), say("undated")))
    against = choose_version(catalogue, document.info)
    if against is not None:
        old, new = sorted((against, document.info), key=lambda info: (info.date, info.key))
        st.html(comparison_html(compare_versions(catalogue, old, new), say_kind, language()))
        return
    references = References(catalogue)
    shown = [document] if document.info.part else catalogue.documents_of_file(document.info.source)
    links = [link for one in shown for link in references.of(one.info.id)]
    overlays = overlays_of(links, language())
    incoming = incoming_html(references, document.info.id, language())
    if incoming:
        st.html(incoming)
    st.html(document_html(document, outline, start, end, overlays))
    if outline.nodes:
        with st.sidebar:
            st.caption(say("contents"))
            st.html(contents_html(document, outline))
    if end > start:
        # The mark's place is part of the script so that the page scrolls again when another one is asked for.
        st.html(f"<!-- {start} {end} -->{_SCROLL}", unsafe_allow_javascript=True)


def show_family(catalogue: Catalogue, info: DocumentInfo) -> None:
    """The document that it came with, and those that came with it, each linked to its text."""
    parent, attachments = relatives(catalogue, info)
    for name, documents in (("came_with", [parent] if parent else []), ("attachments", attachments)):
        if documents:
            st.caption(say(name))
            st.html(documents_html(documents, language(), say("undated")))


def choose_version(catalogue: Catalogue, info: DocumentInfo) -> DocumentInfo | None:
    """Offer the other versions of a rule to compare it with; None where none is chosen."""
    others = {other.key: other for other in versions_of(catalogue, info) if other.id != info.id}
    if not others:
        return None
    chosen = st.selectbox(
        say("compare"), list(others), index=None, key="against", bind="query-params",
        placeholder=say("compare_hint"),
    )  # fmt: skip
    return others.get(chosen) if chosen else None


def say_kind(kind: str) -> str:
    """What became of an article, in the language of the page."""
    return say(f"article_{kind}")


def facts(info: DocumentInfo) -> list[tuple[str, str]]:
    """Names and values of what is known of a document, for the reader."""
    status = f"{info.status}（{info.status_basis}）" if info.status_basis else info.status
    return [
        (say("number"), info.number),
        (say("kind"), info.kind),
        (say("issuer"), info.issuer),
        (say("speaker"), info.speaker),
        (say("occasion"), info.occasion),
        (say("date"), info.date),
        (say("effective"), info.effective),
        (say("status"), status),
        (say("corrected"), "；".join(map(say_correction, info.corrections))),
    ]


def say_correction(correction: Correction) -> str:
    """What was corrected, and what the document was read to say."""
    read = correction.read if isinstance(correction.read, str) else "、".join(correction.read)
    return f"{say(f'field_{correction.field}')}（{say('was_read')}{read or say('nothing')}）"


def follow_rename(catalogue: Catalogue, sources: list[str]) -> str:
    """Turn an address with a name that a document had before to the one it has now; give the earlier name, if so."""
    asked = st.query_params.get("source", "")
    now = catalogue.present_name(asked) if asked and asked not in sources else asked
    if now == asked:
        return ""
    st.session_state["source"] = now
    return asked


def offset(name: str) -> int:
    """An offset from the address, 0 where there is none."""
    value = st.query_params.get(name, "")
    return int(value) if value.isdecimal() else 0


def forget_place() -> None:
    """Another document was chosen: the place in the address belongs to the last one."""
    for name in ("start", "end", "against"):
        st.query_params.pop(name, None)


catalogue = open_searcher().catalogue
infos = catalogue.infos()
sources = [info.key for info in infos]
earlier = follow_rename(catalogue, sources)
top = st.container()
chosen = st.selectbox(
    say("document"), sources, index=None, key="source", bind="query-params", persist_state="session",
    placeholder=say("document_hint"), on_change=forget_place,
)  # fmt: skip
if chosen is None:
    with top:
        head(say("documents"), f"{say('library')} {len(sources)} {say('in_documents')}")
    newest = sorted(infos, key=lambda info: info.date, reverse=True)[:LISTED]
    st.html(documents_html(newest, language(), say("undated")))
    if len(newest) < len(infos):
        st.caption(say("newest_only"))
else:
    if earlier:
        st.info(f"{earlier} {say('renamed')} {chosen}")
    show_document(catalogue, chosen, offset("start"), offset("end"))
