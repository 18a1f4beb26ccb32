"""Sentences that keep a figure from being misread: what a part of a year would be over twelve months, and why two counts differ."""

from __future__ import annotations

import streamlit as st

from csc_core.disclosure import LEAST
from csc_core.indicators import INDICATORS
from csc_core.notes import notes
from csc_core.periods import Period
from geo.areas import areas
from pages.components import state
from pages.components.data import figures, records
from pages.components.header import county_title
from pages.components.links import Choices
from pages.components.words import figure, missing, number, plain

ALREADY_OPEN = INDICATORS["enquiries_already_open"]


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


def still_maturing(chosen: Choices) -> None:
    """Say it where what is counted is followed on, and has not been for long enough."""
    for note in notes(chosen.indicator, chosen.period, state.snapshot().as_at.date()):
        st.caption(plain(note))


def why_fewer_referrals(chosen: Choices, period: Period) -> None:
    """Not every enquiry forwarded makes a referral: some are for children whose case is open already."""
    if any(name not in ALREADY_OPEN.dimensions for name in chosen.filters):
        return
    (row,) = records(figures(chosen, indicator=ALREADY_OPEN, period=period))
    if not row["withheld"] and (missing(row["value"]) or row["value"] == 0):
        return
    count = f"Fewer than {LEAST}" if row["withheld"] else number(row["value"])
    verb = "was" if count == "1" else "were"
    st.caption(f"{count} of the enquiries forwarded {verb} for a child whose case was already open: no new referral followed.")
