"""The head of every page: its title, whether the data are synthetic, the day they go up to, and what must be said first."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from csc_core.dimensions import DIMENSIONS, titles
from csc_core.freshness import freshness
from geo.areas import LEVELS, areas
from pages.components import state
from pages.components.links import Choices
from pages.components.words import moment, plain, when

AGE_COLOUR = {"fresh": "gray", "amber": "orange", "red": "red"}
AGE_ICON = {"fresh": ":material/schedule:", "amber": ":material/warning:", "red": ":material/error:"}


def header(title: str) -> None:
    snapshot = state.snapshot()
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.title(title, anchor=False, width="content")
        synthetic = ":orange-badge[:material/science: Synthetic data] " if snapshot.synthetic else ""
        aged = freshness(snapshot.sources, datetime.now())
        day = f":{AGE_COLOUR[aged.level]}-badge[{AGE_ICON[aged.level]} Data as at {moment(snapshot.as_at)}]"
        st.markdown(f"{synthetic}{day} {plain(aged.words)}", width="content")  # the words beside it: a badge does not wrap
    if snapshot.warning:
        st.warning(plain(snapshot.warning))
    if state.said():
        st.warning("\n".join(f"- {sentence}" for sentence in state.said()))


def what_is_shown(chosen: Choices) -> str:
    """The sentence that confirms the choice, in Markdown."""
    level = "home locality" if chosen.level == "locality" else LEVELS[chosen.level].title.lower()  # not that of the team
    return (
        f"**{plain(heading(chosen))}**, {plain(when(chosen.indicator, chosen.period))}, "
        f"by {level}, {plain(filter_words(chosen))}. {_selection(chosen)}"
    )


def heading(chosen: Choices) -> str:
    """What the figures are: `Referrals per 10,000 children, compared with Devon`."""
    asked, shown = chosen.indicator, chosen.shown
    if shown == "versus":
        return f"{asked.title}, compared with Devon"
    if shown == "count" and chosen.issues:
        return f"{chosen.issue_words}: number of assessments"
    if shown == "count" and asked.unit != "count":
        return f"Number of {asked.noun}"
    return asked.title


def filter_words(chosen: Choices) -> str:
    """The filters in words: `team: Initial response, sex: Female`, or that there are none."""
    if not chosen.filters:
        return "all teams and all children"
    known = {name: titles(state.snapshot(), name) for name in chosen.filters}
    names = {**{name: DIMENSIONS[name].title.lower() for name in chosen.filters}, "locality": "home locality"}
    return ", ".join(f"{names[name]}: {known[name].get(id, id)}" for name, id in chosen.filters.items())


def place_title(chosen: Choices) -> str:
    """The area selected, else the place filtered by, else the county."""
    if chosen.area:
        return area_title(chosen.level, chosen.area)
    place = next((name for name in chosen.filters if name in LEVELS), None)
    return titles(state.snapshot(), place)[chosen.filters[place]] if place else county_title()


def area_title(level: str, area: str) -> str:
    return str(areas(level)["title"][area])


def county_title() -> str:
    return str(areas("county")["title"].iloc[0])


def _selection(chosen: Choices) -> str:
    if chosen.area:
        return f"Selected: **{plain(area_title(chosen.level, chosen.area))}**."
    return "No area is selected: click the map or a row of the table."
