"""How settled are children in care, over their whole period of care? Averages, how children spread around them, and by home locality."""

from __future__ import annotations

import streamlit as st

import streamlit_app
from csc_core.indicators import INDICATORS
from pages.components import state
from pages.components.care import AVERAGES, averages, confirmed, distribution, localities
from pages.components.empty import nothing_to_draw
from pages.components.header import header
from pages.components.meaning import meaning, source
from pages.components.parts import parts_table
from pages.components.theme import FLOW
from pages.components.words import plain

PARTS = ("placements_12_months", "looked_after_legal_status")


def page() -> None:
    chosen = state.choices()
    shown = [INDICATORS[id] for id in (*AVERAGES, *PARTS)]
    header("Stability in care")
    st.markdown(confirmed(chosen))
    state.write_address()
    if nothing_to_draw(chosen):
        meaning(*shown)
        return
    st.html(FLOW)
    averages(chosen)
    distribution(chosen)
    localities(chosen)
    for id in PARTS:
        st.subheader(INDICATORS[id].title, anchor=False)
        st.caption(f"{plain(INDICATORS[id].numerator_words)}.")
        parts_table(chosen, INDICATORS[id])
    meaning(*shown)
    source()


if state.begun():
    page()
else:
    streamlit_app.main()
