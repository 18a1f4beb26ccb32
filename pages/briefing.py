"""What do we tell the committee? The briefing of a month, written from the records: to read here, and to take away as Word or HTML."""

from __future__ import annotations

import streamlit as st

import streamlit_app
from pages.components import state
from pages.components.briefing_text import downloads, readers_allowed, show, what_it_is, written
from pages.components.header import header
from pages.components.meaning import source


def page() -> None:
    chosen = state.choices()
    header("Briefing")
    st.markdown(what_it_is(chosen))
    state.write_address()
    if not readers_allowed(chosen):
        return
    document = written(chosen)
    if document is None:
        return
    downloads(chosen, document)
    show(document)
    source()


if state.begun():
    page()
else:
    streamlit_app.main()
