"""What becomes of enquiries? Those of each month, followed for 90 days to a referral, an assessment, section 47 and a plan."""

from __future__ import annotations

import streamlit as st

import streamlit_app
from pages.components import state
from pages.components.empty import nothing_to_draw
from pages.components.followed import cards, chart, confirmed, months_table, not_activity
from pages.components.header import header
from pages.components.meaning import meaning, source
from pages.components.theme import FLOW


def page() -> None:
    chosen = state.choices()
    header("Front door: enquiries followed")
    st.markdown(confirmed(chosen))
    st.caption(not_activity())
    state.write_address()
    if nothing_to_draw(chosen):
        meaning(chosen.indicator)
        return
    st.html(FLOW)
    cards(chosen)
    chart(chosen)
    months_table(chosen)
    meaning(chosen.indicator)
    source()


if state.begun():
    page()
else:
    streamlit_app.main()
