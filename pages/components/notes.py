"""Sentences that keep a figure from being misread: what a part of a year would be over twelve months, and why two counts differ."""

from __future__ import annotations

import streamlit as st

from csc_core.disclosure import LEAST
from csc_core.indicators import INDICATORS, Indicator
from csc_core.notes import notes
from geo.areas import areas
from pages.components import state
from pages.components.data import figures, records
from pages.components.header import county_title
from pages.components.links import Choices
from pages.components.words import figure, missing, number, plain

ALREADY_OPEN = INDICATORS["enquiries_already_open"]
TO_COME = INDICATORS["looked_after_first_visit_to_come"]


def annualised(chosen: Choices) -> None:
    """Beside a rate over less or more than twelve months: what it would be a year, for the county and, when shown, its localities."""
    asked, months = chosen.indicator, chosen.period.months
    if asked.unit != "per 10,000" or asked.stock or chosen.shown == "count" or round(months, 2) == 12 or chosen.filters:
        return
    rows = [(county_title(), records(figures(chosen, where={}, annualised=True))[0])]
    if chosen.level == "locality":
        names = areas("locality")["title"]
        found = records(figures(chosen, "locality", where={}, annualised=True))
        rows += [(str(names[row["locality"]]), row) for row in found if row["locality"] in names.index]
    said = [f"{name} {figure(row['value'], asked)}" for name, row in rows if not missing(row["value"])]
    if said:
        st.caption(
            f"The rates are for {number(months, 0 if months == int(months) else 1)} months and must not be set beside a year's. "
            f"Annualised, as if the year went on alike: {plain(', '.join(said))}."
        )


def beside_it(chosen: Choices) -> None:
    """What must be known of the figure: months that can still rise, and who counts as visited before a visit is due."""
    if chosen.indicator.id == "looked_after_visited_in_time":
        first_visits_to_come(chosen)
    for note in notes(state.snapshot(), chosen.indicator, chosen.period):
        st.caption(plain(note))


def why_fewer_referrals(chosen: Choices) -> None:
    """Not every enquiry forwarded makes a referral: some are for children whose case is open already."""
    if count := _some(chosen, ALREADY_OPEN):
        verb = "was" if count == "1" else "were"
        st.caption(f"{count} of the enquiries forwarded {verb} for a child whose case was already open: no new referral followed.")


def first_visits_to_come(chosen: Choices) -> None:
    """How many children count as visited in time because no visit is due yet."""
    if count := _some(chosen, TO_COME):
        whose = "child whose first visit in a placement is not yet due counts" if count == "1" else (
            "children whose first visit in a placement is not yet due count"
        )  # fmt: skip
        st.caption(f"Visited in time: {count[:1].lower()}{count[1:]} {whose} as in time.")


def _some(chosen: Choices, asked: Indicator) -> str:
    """How many there are of what is said beside another figure, in words; nothing where that is none or not known."""
    if any(name not in asked.dimensions for name in chosen.filters):
        return ""
    (row,) = records(figures(chosen, indicator=asked))
    if row["withheld"]:
        return f"Fewer than {LEAST}"
    return "" if missing(row["value"]) or row["value"] == 0 else number(row["value"])
