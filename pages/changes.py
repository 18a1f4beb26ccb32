"""What changed? Why a figure moved between two periods, and what was added, removed or revised since an earlier load."""

from __future__ import annotations

import streamlit as st

import streamlit_app
from pages.components import state
from pages.components.change_tables import between_periods, between_snapshots
from pages.components.empty import nothing_to_draw
from pages.components.header import filter_words, header
from pages.components.meaning import meaning, source
from pages.components.theme import FLOW
from pages.components.words import plain, when


def page() -> None:
    chosen = state.choices()
    asked, earlier = chosen.indicator, chosen.own_periods["from"]
    header("What changed")
    st.markdown(
        f"**{plain(asked.title)}**, from {plain(when(asked, earlier).removeprefix('on '))} to "
        f"{plain(when(asked, chosen.period).removeprefix('on '))}, {plain(filter_words(chosen))}. Moves are between the places and teams "
        "filtered by: home locality is where the child lives, team locality where the team works."
    )
    st.html(FLOW)
    empty = nothing_to_draw(chosen)
    if not empty:
        between_periods(chosen)
    state.write_address()
    if not empty:
        between_snapshots(chosen)
    meaning(asked)
    source()


if state.begun():
    page()
else:
    streamlit_app.main()
