"""The four cards above a map: the area in question, the county, the county a year before, and what is behind them."""

from __future__ import annotations

import pandas as pd

from csc_core.compare import change
from csc_core.periods import year_before
from pages.components.areas import county_row, on_the_map, selection_row
from pages.components.cards import card, figure_card
from pages.components.data import records
from pages.components.header import area_title, county_title
from pages.components.links import Choices
from pages.components.recorded import unrecorded_card
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
    if chosen.issues:
        unrecorded_card(chosen)
    elif asked.unit == "count":
        card("Not on the map", number(on_the_map(chosen).off_map), f"of {number(whole['numerator'])}", "Why is said beneath the map.")
    else:
        unit = "" if asked.unit == "%" else " children"
        card(
            capital(asked.noun) if len(asked.noun) <= 20 else "Counted",
            number(whole["numerator"]),
            f"of {number(whole['denominator'])}{unit}",
            f"{asked.numerator_words}.",
        )
