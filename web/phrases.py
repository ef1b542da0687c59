"""Look up a wording: where, when and how often it was used."""

import streamlit as st

from phrasing import Concordance, concordance, to_csv, variants
from web.markup import concordance_html, count_html, variants_html
from web.shared import choose_filters, head, open_searcher, section
from web.strings import language, say

LINES_A_PAGE = 100
VARIANTS_SHOWN = 30


def show_counts(found: Concordance) -> None:
    """How often, since when, and the years as bars."""
    facts = [(found.count, say("occurrences")), (len(found.documents), say("in_documents"))]
    if found.copy_of:
        facts.append((len(found.copy_of), say("of_them_copies")))
    dates = [(say("first"), found.first or say("undated")), (say("last"), found.last or say("undated"))]
    st.html(count_html(facts, dates))
    if len(found.by_year) > 1:
        st.caption(say("by_year"))
        st.bar_chart(_every_year(found.by_year), height=180, color="#8c2f22", x_label="", y_label="")


def show_lines(found: Concordance) -> None:
    """The occurrences aligned, a page at a time, and as a file of all."""
    section(say("lines"))
    pages = -(-found.count // LINES_A_PAGE)
    number = 1
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.download_button(
            say("csv"), lambda: to_csv(found).encode("utf-8-sig"), "concordance.csv", "text/csv",
            icon=":material/download:",
        )  # fmt: skip
        if pages > 1:
            number = st.number_input(say("page"), 1, pages, key="page", bind="query-params", width=140)
    lines = found.lines[(number - 1) * LINES_A_PAGE : number * LINES_A_PAGE]
    counts = {document.key: count for document, count in found.documents}
    st.html(concordance_html(lines, counts, language(), say("undated")))


def _every_year(counts: dict[int, int]) -> dict[str, int]:
    """The counts with zeros for the years between that have none."""
    return {str(year): counts.get(year, 0) for year in range(min(counts), max(counts) + 1)}


def begin_again() -> None:
    """Other words were looked for: their occurrences begin on the first page."""
    st.session_state["page"] = 1


searcher = open_searcher()
filters = choose_filters(searcher.catalogue)
head(say("phrases"), say("phrase_motto"))
phrase = st.text_input(
    say("phrase"), key="phrase", placeholder=say("phrase_hint"), bind="query-params", persist_state="session",
    label_visibility="collapsed", icon=":material/format_quote:", on_change=begin_again,
)  # fmt: skip
if phrase.strip():
    found = concordance(searcher.catalogue, phrase.strip(), filters=filters)
    near = variants(searcher.catalogue, phrase.strip(), filters=filters)
    if found.count:
        show_counts(found)
    else:
        st.text(say("never"))
    if near:
        section(say("similar"))
        st.html(variants_html(near[:VARIANTS_SHOWN], language()))
    if found.count:
        show_lines(found)
