"""Read a document, a quotation marked in its place."""

import streamlit as st

from index.catalogue import Catalogue
from ingest.model import DocumentInfo
from phrasing import compare_versions, versions_of
from web.contents import contents_html
from web.markup import comparison_html, document_html, documents_html, facts_html
from web.shared import head, open_searcher
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
    outline = catalogue.outline(document.info.id)
    st.html(facts_html(facts(document.info)))
    against = choose_version(catalogue, document.info)
    if against is not None:
        old, new = sorted((against, document.info), key=lambda info: (info.date, info.source))
        st.html(comparison_html(compare_versions(catalogue, old, new), say_kind, language()))
        return
    st.html(document_html(document, outline, start, end))
    if outline.nodes:
        with st.sidebar:
            st.caption(say("contents"))
            st.html(contents_html(document, outline))
    if end > start:
        # The mark's place is part of the script so that the page scrolls again when another one is asked for.
        st.html(f"<!-- {start} {end} -->{_SCROLL}", unsafe_allow_javascript=True)


def choose_version(catalogue: Catalogue, info: DocumentInfo) -> DocumentInfo | None:
    """Offer the other versions of a rule to compare it with; None where none is chosen."""
    others = {other.source: other for other in versions_of(catalogue, info) if other.id != info.id}
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
    ]


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
sources = [info.source for info in infos]
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
    show_document(catalogue, chosen, offset("start"), offset("end"))
