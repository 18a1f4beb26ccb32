"""Where is the need? One indicator by area, on a map beside its table, with the trend of the area selected beneath."""

from __future__ import annotations

import pandas as pd
import streamlit as st

import streamlit_app
from csc_core.compare import change
from csc_core.periods import year_before
from pages.components import state
from pages.components.area_table import area_table
from pages.components.areas import area_rows, county_row, on_the_map, selection_row
from pages.components.cards import card, figure_card
from pages.components.data import records
from pages.components.empty import nothing_to_draw
from pages.components.header import area_title, county_title, header, what_is_shown
from pages.components.links import Choices
from pages.components.map_view import area_map
from pages.components.meaning import meaning, not_on_the_map, outcomes, source
from pages.components.notes import annualised
from pages.components.theme import FLOW
from pages.components.trend import trend
from pages.components.words import capital, more_or_fewer, number, when


def cards(chosen: Choices, rows: pd.DataFrame) -> None:
    """The area in question, the county, the county a year before, and the numbers behind them."""
    asked, count = chosen.indicator, chosen.shown == "count"
    ranked = rows[rows["kind"] == "shown"]
    before = year_before(chosen.period)
    if chosen.area:
        figure_card(area_title(chosen.level, chosen.area), records(rows.loc[[chosen.area]])[0], asked, count=count)
    elif ranked.empty:
        card("Highest", "None", "", "No area has enough behind it to be ranked.")
    else:
        figure_card(f"Highest: {ranked['title'].iloc[0]}", records(ranked)[0], asked, count=count)
    county, earlier = county_row(chosen), county_row(chosen, before)
    figure_card(county_title(), county, asked, count=count)
    figure_card(
        "A year before",
        earlier,
        asked,
        count=count,
        beside=more_or_fewer(change(county["numerator"], earlier["numerator"]), "now"),
        note=f"{county_title()}, {when(asked, before)}.",
    )
    whole = selection_row(chosen)
    if asked.unit == "count":
        card("Not on the map", number(on_the_map(chosen).off_map), f"of {number(whole['numerator'])}", "Why is said beneath the map.")
    else:
        unit = "" if asked.unit == "%" else " children"
        card(
            capital(asked.noun) if len(asked.noun) <= 20 else "Counted",
            number(whole["numerator"]),
            f"of {number(whole['denominator'])}{unit}",
            f"{asked.numerator_words}.",
        )


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
