"""What do assessments find, and where? One issue by area on a map beside its table, all issues ranked, and what comes with it."""

from __future__ import annotations

import streamlit as st

import streamlit_app
from pages.components import state
from pages.components.area_table import area_table
from pages.components.areas import area_rows
from pages.components.empty import mix_refused, nothing_to_draw
from pages.components.four_cards import cards
from pages.components.header import header, what_is_shown
from pages.components.issue_tables import ranked, together
from pages.components.links import Choices
from pages.components.map_view import area_map
from pages.components.meaning import meaning, not_on_the_map, source
from pages.components.notes import annualised
from pages.components.theme import FLOW
from pages.components.trend import trend


def drawn(chosen: Choices) -> None:
    """The cards, and the map beside its table."""
    rows = area_rows(chosen)
    above = st.container(horizontal=True, gap="small", key="cards_map")
    with st.container(horizontal=True, gap="small"):
        with st.container(key="map_side"):
            area_map(chosen, rows)  # before the cards, as on the map of need
        with st.container(key="table_side"):
            area_table(chosen, rows)
    with above:
        cards(chosen, rows)
    annualised(chosen)
    not_on_the_map(chosen)


def page() -> None:
    chosen = state.choices()
    header("Issues from assessments")
    st.markdown(what_is_shown(chosen))
    if mix_refused(chosen):
        state.write_address()
        meaning(chosen.indicator)
        return
    st.html(FLOW)
    empty = nothing_to_draw(chosen)
    if not empty:
        drawn(chosen)
    state.write_address()
    ranked(chosen)  # when the issue chosen cannot be drawn, another may be
    together(chosen)
    if not empty:
        trend(chosen)
    meaning(chosen.indicator)
    source()


if state.begun():
    page()
else:
    streamlit_app.main()
