"""Where is the need? One indicator by area, on a map beside its table, with the trend of the area selected beneath."""

from __future__ import annotations

import streamlit as st

import streamlit_app
from pages.components import state
from pages.components.area_table import area_table
from pages.components.areas import area_rows
from pages.components.empty import nothing_to_draw
from pages.components.four_cards import cards
from pages.components.header import header, what_is_shown
from pages.components.map_view import area_map
from pages.components.meaning import meaning, not_on_the_map, outcomes, source
from pages.components.notes import annualised, beside_it
from pages.components.theme import FLOW
from pages.components.trend import trend


def page() -> None:
    chosen = state.choices()
    header("Map of need")
    st.markdown(what_is_shown(chosen))
    if nothing_to_draw(chosen):
        state.write_address()
        meaning(chosen.indicator)
        return
    st.html(FLOW)
    rows = area_rows(chosen)
    above = st.container(horizontal=True, gap="small", key="cards_map")
    with st.container(horizontal=True, gap="small"):
        with st.container(key="map_side"):
            area_map(chosen, rows)  # before the cards: what comes first is drawn first, and drawing it takes longest
        with st.container(key="table_side"):
            area_table(chosen, rows)
    with above:
        cards(chosen, rows)
    annualised(chosen)
    beside_it(chosen)
    state.write_address()
    not_on_the_map(chosen)
    outcomes(chosen)
    trend(chosen)
    meaning(chosen.indicator)
    source()


if state.begun():
    page()
else:
    streamlit_app.main()
