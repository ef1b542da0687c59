"""What the pages have in common: the open index, the choice of documents, and the button that copies."""

import os
from pathlib import Path

import streamlit as st

from index.catalogue import Catalogue
from index.model import Filters
from index.searcher import Searcher
from ingest.model import DocumentInfo
from web.strings import say

ICON = Path(__file__).with_name("icon.svg")
STYLESHEET = Path(__file__).with_name("style.css")
_COPY_HTML = '<button type="button"></button>'
_COPY_CSS = """
button { font: inherit; font-size: .875rem; color: var(--st-text-color); background: none; cursor: pointer;
  border: 1px solid var(--st-border-color); border-radius: .4rem; padding: .3rem .75rem; }
button:hover { color: var(--st-primary-color); border-color: var(--st-primary-color); }
"""
# Browsers offer navigator.clipboard only on localhost and over HTTPS; elsewhere a selection is copied.
_COPY_JS = """
export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button")
  button.textContent = data.label
  button.onclick = async () => {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(data.text)
    } else {
      const area = document.createElement("textarea")
      area.value = data.text
      document.body.appendChild(area)
      area.select()
      document.execCommand("copy")
      area.remove()
    }
    button.textContent = data.done
    setTimeout(() => { button.textContent = data.label }, 1500)
  }
}
"""


def open_searcher() -> Searcher:
    """The index named by YINJU_INDEX, opened once for all sessions, at its live snapshot, and to stay there."""
    searcher = _open(Path(os.environ.get("YINJU_INDEX", ".yinju/index")).resolve())
    searcher.refresh()
    return searcher.pinned()


@st.cache_resource(show_spinner=False)
def _open(directory: Path) -> Searcher:
    return Searcher.open(directory)


def choose_filters(catalogue: Catalogue) -> Filters:
    """Offer in the sidebar which documents to look at; the choice is kept in the address."""
    infos = catalogue.infos()
    with st.sidebar:
        st.caption(say("filters"))
        return Filters(
            kinds=_choose("kind", infos),
            issuers=_choose("issuer", infos),
            statuses=_choose("status", infos),
            dates=_choose_years(infos),
        )


def _choose(field: str, infos: list[DocumentInfo]) -> tuple[str, ...]:
    values = sorted({getattr(info, field) for info in infos} - {""})
    chosen = st.multiselect(
        say(field), values, key=field, placeholder=say("all"), bind="query-params", persist_state="session"
    )
    return tuple(chosen)


def _choose_years(infos: list[DocumentInfo]) -> tuple[str, str]:
    """Two years as a range of dates, open where all years are chosen: undated documents are then admitted too."""
    years = {info.year for info in infos if info.year is not None}
    if len(years) < 2:
        return "", ""
    everything = (min(years), max(years))
    chosen = st.slider(
        say("years"), *everything, value=everything, key="years", bind="query-params", persist_state="session"
    )
    return ("", "") if chosen == everything else (str(chosen[0]), str(chosen[1]))


def copy_button(text: str, key: str) -> None:
    """A button that puts `text` on the clipboard and says so."""
    button = st.components.v2.component("yinju_copy", html=_COPY_HTML, css=_COPY_CSS, js=_COPY_JS)
    button(data={"text": text, "label": say("copy"), "done": say("copied")}, key=key, width="content", height="content")


def section(title: str) -> None:
    """The heading of a part of a page, in words of ours."""
    st.html(f'<h2 class="yj-section">{title}</h2>')


def head(title: str, motto: str) -> None:
    """The head of a page, in words of ours."""
    st.html(f'<div class="yj-head"><h1>{title}</h1><p>{motto}</p></div>')
