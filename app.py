"""The web app: configures, opens the index once, and routes to the pages."""

import streamlit as st

from ingest.errors import YinjuError
from web.shared import ICON, STYLESHEET, open_searcher
from web.strings import say, switch_language

st.set_page_config(page_title="引据", page_icon=str(ICON), layout="centered")
st.html(STYLESHEET)
with st.sidebar:
    switch_language()
page = st.navigation(
    [
        st.Page("web/ask.py", title=say("ask"), icon=":material/search:", default=True),
        st.Page("web/phrases.py", title=say("phrases"), icon=":material/format_quote:"),
        st.Page("web/document.py", title=say("documents"), icon=":material/menu_book:"),
    ],
    position="top",
)
try:
    notice = open_searcher().notice
    if notice:
        st.warning(say("notice"))
        st.text(notice)
    page.run()
except YinjuError as error:
    st.error(say("failed"))
    st.text(str(error))
