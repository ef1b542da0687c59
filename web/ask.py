"""Ask a question; the answer is made of numbered quotations."""

import streamlit as st

from answer import ask
from answer.model import Answer, Citation
from index.references import References
from phrasing import pasteable
from web.markup import answer_html, citation_html, hit_html, refusal_html
from web.references import overlays_of
from web.shared import choose_filters, copy_button, head, open_searcher, section
from web.strings import language, say

EXAMPLES = (
    "“五个更”的要求是什么？",
    "今年机关要干好哪五件事？",
    "四个一线工作法是什么？",
    "出差能坐一等座吗？",
    "四不两直是什么意思？",
    "what are the 'five mores' requirements?",
)


def show_answer(answer: Answer) -> None:
    """The answer with its quotations, or the refusal with the nearest passages."""
    if not answer.answerable:
        st.html(refusal_html(answer))
    else:
        st.html(answer_html(answer))
    if answer.citations:
        section(say("quotations"))
        references = References(searcher.catalogue)
    for citation in answer.citations:
        show_citation(citation, references)
    if answer.nearest:
        section(say("nearest"))
    for hit in answer.nearest:
        st.html(hit_html(hit, language()))


def show_citation(citation: Citation, references: References) -> None:
    """A quotation, the way to its place in the document, and the button that copies it."""
    links = references.of(citation.document.id, citation.start, citation.end)
    with st.container(border=True):
        st.html(citation_html(citation, overlays_of(links, language(), in_place=False), language()))
        with st.container(horizontal=True, vertical_alignment="center", key=f"actions-{citation.n}"):
            place = {"source": citation.document.key, "start": str(citation.start), "end": str(citation.end)}
            st.page_link("web/document.py", label=say("open"), icon=":material/menu_book:", query_params=place)
            text = pasteable(citation.quote, citation.document, citation.path, citation.page)
            copy_button(text, key=f"copy-{citation.n}")


def ask_example(question: str) -> None:
    """Put an example into the question box."""
    st.session_state["q"] = question


searcher = open_searcher()
filters = choose_filters(searcher.catalogue)
head("引据", say("motto"))
question = st.text_input(
    say("question"), key="q", placeholder=say("question_hint"), bind="query-params", persist_state="session",
    label_visibility="collapsed", icon=":material/search:",
)  # fmt: skip
if question.strip():
    with st.spinner(""):
        answer = ask(searcher, question, filters=filters)
    show_answer(answer)
else:
    st.caption(say("examples"))
    with st.container(horizontal=True):
        for example in EXAMPLES:
            st.button(example, on_click=ask_example, args=(example,))
