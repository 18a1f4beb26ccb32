"""How are we doing? The headline figures of a period, and the way to the map."""

from __future__ import annotations

import pandas as pd
import streamlit as st

import streamlit_app
from csc_core.compare import change
from csc_core.dimensions import DIMENSIONS
from csc_core.indicators import INDICATORS, Indicator
from csc_core.periods import Period, before, latest_month, month, parse, window, year
from pages.components import state
from pages.components.cards import card, made_of
from pages.components.data import Row, figures, records
from pages.components.downloads import about, download
from pages.components.header import county_title, filter_words, header
from pages.components.links import Choices
from pages.components.meaning import outcome_words, source
from pages.components.notes import why_fewer_referrals
from pages.components.theme import FLOW
from pages.components.words import NOTHING, figure, missing, more_or_fewer, plain

# Indicator id to a label short enough for a card; its title is in the table.
HEADLINES = {
    "Enquiries and referrals": {
        "enquiries": "Enquiries",
        "enquiries_forwarded": "Forwarded",
        "referrals": "Referrals",
        "re_referrals": "Re-referrals",
    },
    "Assessments and open cases": {
        "assessments_completed": "Assessments",
        "assessments_in_45_days": "In 45 days",
        "assessments_case_closed": "Case closed",
        "open_cases": "Open cases",
    },
}


def periods() -> list[Period]:
    """The latest month, the one before, the year to date and the latest twelve months."""
    as_at = state.snapshot().as_at.date()
    latest = month(latest_month(as_at))
    return [latest, month(window(2, latest.end).start), parse(f"{year(latest.end).id}YTD", as_at), window(12, latest.end)]


def short(period: Period) -> str:
    """`November` on a card of December, the whole label of anything but a month."""
    return f"{period.end:%B}" if period == month(period.end) else period.label


def headline(chosen: Choices, label: str, asked: Indicator, now: Period, last: Period) -> None:
    """One figure of the period beside the period before."""
    misfit = [name for name in chosen.filters if name not in asked.dimensions]
    if misfit:
        card(label, NOTHING, f"not by {DIMENSIONS[misfit[0]].title.lower()}", asked.definition)
        return
    row, earlier = (records(figures(chosen, indicator=asked, period=period))[0] for period in (now, last))
    value = "Withheld" if row["withheld"] else "No figure" if missing(row["value"]) else figure(row["value"], asked)
    beside = made_of(row, asked) if asked.unit == "%" else more_or_fewer(change(row["value"], earlier["value"]), f"than {short(last)}")
    reason = "" if missing(row["reason"]) else str(row["reason"])
    card(label, value, beside, f"{asked.title}. {asked.definition} {last.label}: {figure(earlier['value'], asked)}. {reason}".strip())


def table(chosen: Choices) -> pd.DataFrame:
    """Every headline over several periods; a percentage with the numbers it is made of."""
    rows = []
    for asked in (INDICATORS[id] for ids in HEADLINES.values() for id in ids):
        if all(name in asked.dimensions for name in chosen.filters):
            found = {period.label: records(figures(chosen, indicator=asked, period=period))[0] for period in periods()}
            rows.append({"Indicator": asked.title, **{label: cell(row, asked) for label, row in found.items()}})
    return pd.DataFrame(rows)


def cell(row: Row, asked: Indicator) -> str:
    if row["withheld"]:
        return "withheld"
    made = f" ({made_of(row, asked)})" if asked.unit == "%" and not missing(row["value"]) else ""
    return figure(row["value"], asked) + made


def page() -> None:
    chosen = state.choices()
    now, last = chosen.period, before(chosen.period)
    header("Children's social care in Devon")
    st.markdown(
        "Enquiries, referrals, assessments and open cases of children's social care, counted from case records under the statutory "
        "definitions: how many, how quickly, and where the need is."
    )
    st.html(FLOW)
    place = "" if "locality" in chosen.filters else f"all of {county_title()}, "
    st.markdown(f"**{now.label}**, {place}{plain(filter_words(chosen))}.")
    for title, labels in HEADLINES.items():
        st.subheader(title, anchor=False)
        with st.container(horizontal=True, gap="small", key=f"cards_{len(title)}"):
            for id, label in labels.items():
                headline(chosen, label, INDICATORS[id], now, last)
        if "enquiries_forwarded" in labels:
            why_fewer_referrals(chosen, now)
    st.caption(outcome_words(chosen, INDICATORS["assessments_case_closed"], now))
    st.page_link("pages/map.py", label="Open the map of need", icon=":material/map:")
    st.page_link("pages/issues.py", label="Open the issues from assessments", icon=":material/hub:")
    found = table(chosen)
    with st.expander("View as a table"):
        st.dataframe(found, hide_index=True)
        download("Download this table (CSV)", lambda: found.assign(**about()), "headlines")
    source()


if state.begun():
    page()
else:
    streamlit_app.main()
