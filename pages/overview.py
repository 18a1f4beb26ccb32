"""How are we doing? The headline figures of a period in the report's nine sections, what moved most, and the way to every page."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

import streamlit_app
from csc_core.calendar import working_day_words
from csc_core.compare import Figure, Standing
from csc_core.indicators import INDICATORS
from pages.components import state
from pages.components.data import targets
from pages.components.downloads import about, download
from pages.components.header import county_title, filter_words, header
from pages.components.headlines import draw, sections, value, what_moved
from pages.components.meaning import outcome_words, source
from pages.components.notes import first_visits_to_come, why_fewer_referrals
from pages.components.theme import CARDS, FLOW
from pages.components.words import plain
from pages.components.workbook_button import workbook

Shown = list[tuple[Standing, tuple[Figure, ...]]]


def moved(found: Shown) -> None:
    """The figures whose latest month moved more than it usually does."""
    if not found:
        return
    earlier, latest = (one.period for one in found[0][1][-2:])
    st.subheader(f"What moved most in {latest.label}", anchor=False)
    movements = what_moved(found)
    if movements:
        st.markdown("\n".join(f"- **{plain(one.indicator.title)}**: {plain(one.sentence)}" for one in movements))
    else:
        st.markdown("No headline moved more than it usually does.")
    st.caption(
        "Listed when the movement from the month before is more than 3.27 times the average movement of the months before that "
        "(the limit of a moving range chart), and no month counts fewer than 20: what always goes up and down is not news. "
        f"{latest.label} had {working_day_words(latest)}; {earlier.label} {working_day_words(earlier)}."
    )


def standings(found: Shown) -> pd.DataFrame:
    """The cards as a table."""
    return pd.DataFrame(
        {
            "Indicator": stands.indicator.title,
            "Figure": value(stands.now, stands.indicator),
            "Made of": stands.now.made_of(stands.indicator),
            "Period before": stands.before.sentence,
            "A year before": stands.year_before.sentence,
            "Target": stands.target.sentence if stands.target else "none is set",
            "Others": " ".join([stands.beside_words, *(one.sentence for one in stands.comparators), stands.no_comparator]).strip(),
            "Printed in March 2018": " ".join(one.sentence for one in stands.printed),
        }
        for stands, _ in found
    )


def _taken(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(**about())


def by_month(found: Shown) -> pd.DataFrame:
    """The lines in the cards as a table."""
    return pd.DataFrame(
        {"Indicator": stands.indicator.title, **{one.period.id: value(one, stands.indicator) for one in months}} for stands, months in found
    )


def page() -> None:
    chosen = state.choices()
    header("Children's social care in Devon")
    place = "" if "locality" in chosen.filters else f"all of {county_title()}, "
    st.markdown(f"**{plain(chosen.period.label)}**, {place}{plain(filter_words(chosen))}.")
    st.caption(
        "Each line is thirteen months on a scale of its own, and missing where a month has no figure. Beneath a percentage stands what "
        "it is made of."
    )
    if targets().said:
        st.warning(plain(targets().said))
    st.html(FLOW + CARDS)
    above = st.container()
    found: Shown = []
    for title, headlines in sections(chosen):
        st.subheader(title, anchor=False)
        with st.container(key=f"stand_{title.split()[0].lower()}"):
            found += [shown for one in headlines if (shown := draw(one, chosen))]
        if title == "Enquiries and referrals":
            why_fewer_referrals(chosen)
        if title == "Children looked after and care leavers":
            first_visits_to_come(chosen)
        if title == "Single assessments":
            st.caption(outcome_words(chosen, INDICATORS["assessments_case_closed"], chosen.period))  # never without its outcomes
    with above:
        moved(found)
    with st.expander("View as tables"):
        for words, table, name in (
            ("Each figure beside the period before, the year before, its target and what others have published", standings, "headlines"),
            ("The thirteen months of each line", by_month, "headlines-by-month"),
        ):
            st.caption(words)
            st.dataframe(table(found), hide_index=True)
            download("Download this table (CSV)", partial(_taken, table(found)), name)
    workbook()
    st.subheader("Every page", anchor=False)
    for one, _, question in streamlit_app.pages()[1:]:
        st.page_link(one, label=f"{one.title}: {question}", icon=one.icon)
    source()


if state.begun():
    page()
else:
    streamlit_app.main()
