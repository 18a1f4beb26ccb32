"""Who carries the work? One indicator by service, team locality and team, caseloads, what is done in time and what is overdue."""

from __future__ import annotations

import streamlit as st

import streamlit_app
from csc_core.brings import what_brings
from pages.components import state
from pages.components.empty import nothing_to_draw
from pages.components.header import filter_words, header
from pages.components.meaning import meaning, source
from pages.components.team_tables import by_level, caseload, homes_by_teams, of_workers, overdue, timely, way_up
from pages.components.theme import FLOW
from pages.components.words import plain, when


def page() -> None:
    chosen = state.choices()
    header("Teams")
    st.markdown(f"**{plain(chosen.indicator.title)}**, {plain(when(chosen.indicator, chosen.period))}, {plain(filter_words(chosen))}.")
    st.caption(
        "Split by the team that does the work. Team locality is where the team works, from the mapping file; home locality is where the "
        "child lives, and is another."
    )
    for table in ("departments", "involvements"):
        if table not in state.snapshot().supplied:
            st.info(plain(what_brings(table)))
    st.html(FLOW)
    timely(chosen)
    way_up(chosen)
    if not nothing_to_draw(chosen):
        by_level(chosen)
        of_workers(chosen)
    state.write_address()
    caseload(chosen)
    overdue(chosen)
    homes_by_teams(chosen)
    meaning(chosen.indicator)
    source()


if state.begun():
    page()
else:
    streamlit_app.main()
