"""What is chosen, kept for the session: it survives moving between pages, follows the address, and the address follows it.

Widgets do not hold the choice, since Streamlit forgets a widget that a page does not draw: they show it, and say when it
changes.
"""

from __future__ import annotations

import streamlit as st

from csc_core.indicators import INDICATORS
from csc_core.snapshot import Snapshot
from geo.areas import LEVELS
from pages.components import links
from pages.components.links import Choices
from pages.components.openings import MAP, SHARED, Opening


def begin(snapshot: Snapshot, opening: Opening = MAP) -> Choices:
    """Settle what is chosen on a page; called once at the start of each run, before any widget."""
    kept = st.session_state
    kept["snapshot"], kept["begun"] = snapshot, True
    _turn_to(opening)
    opened = st.query_params.to_dict()
    if kept.pop("touched", False):
        kept["said"] = ()  # someone has moved on
    elif opened and opened != kept.get("written"):
        kept["address"], kept["said"], kept["written"] = opened, (), opened
    # While a run is under way the browser may still send the address of the run before: what someone has just
    # chosen counts for more, hence `touched`.
    choices, said = links.read(kept.get("address", {}), snapshot, opening)
    kept["said"] = kept.get("said", ()) or said
    kept["address"] = links.address(choices)
    kept["choices"] = choices
    return choices


def _turn_to(opening: Opening) -> None:
    """On another page, put what belongs to the one before aside, until someone comes back to it; period, filters and audience stay.

    A period that nobody chose stays behind too: each page opens on the one that suits it.
    """
    kept = st.session_state
    before: Opening = kept.get("opening", opening)
    if before.path != opening.path:
        now: dict[str, str] = kept.get("address", {})
        shared = {key: value for key, value in now.items() if key in SHARED}
        kept[f"own_{before.path}"] = {key: value for key, value in now.items() if key not in shared}
        if shared.get("period") == before.period(snapshot().as_at.date()).id:
            del shared["period"]
        kept["address"], kept["said"] = {**shared, **kept.get(f"own_{opening.path}", {})}, ()
    kept["opening"] = opening


def begun() -> bool:
    """Whether the entry is running this page. Streamlit runs a file of `pages/` by itself when it is what a fresh server is first
    asked for, and goes on doing so until `st.navigation` has been called once: such a page must go through the entry."""
    return "begun" in st.session_state


def end() -> None:
    """The run is over: what `begin` has settled holds no longer."""
    st.session_state.pop("begun", None)


def snapshot() -> Snapshot:
    """The snapshot of this run: one load more while it runs must not mix two."""
    opened: Snapshot = st.session_state["snapshot"]
    return opened


def choices() -> Choices:
    """What `begin` has settled in this run."""
    settled: Choices = st.session_state["choices"]
    return settled


def opening() -> Opening:
    """What the page of this run offers."""
    offered: Opening = st.session_state["opening"]
    return offered


def said() -> tuple[str, ...]:
    """What could not be understood of the address, until someone chooses something."""
    sentences: tuple[str, ...] = st.session_state["said"]
    return sentences


def choose(**chosen: str | None) -> None:
    """Change what is chosen, from a widget's callback; None takes a choice back."""
    now: dict[str, str] = dict(st.session_state["address"])
    if chosen.keys() & LEVELS.keys() or chosen.get("level") not in (None, now.get("level")):
        now.pop("area", None)  # it belongs to another level, or may lie outside the place chosen
    if "indicator" in chosen and "shown" in now and INDICATORS[now["indicator"]].unit == "count":
        del now["shown"]  # a count left no choice
    for key, value in chosen.items():
        if value is None:
            now.pop(key, None)
        else:
            now[key] = value
    st.session_state["address"] = now
    st.session_state["touched"] = True


def write_address() -> None:
    """Make the address say what is shown. Only pages with an address of their own do: home is `/` and stays so."""
    wanted = links.address(choices())
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)
    st.session_state["written"] = wanted


def table_key() -> str:
    """The key of the table of areas. A table holds its selection by row number and keeps it whatever its rows become, so it is
    drawn anew, under another key, when it would show the wrong one; otherwise it keeps its place and its sorting."""
    rows = {key: value for key, value in st.session_state["address"].items() if key != "area"}
    area = st.session_state["address"].get("area")
    number, old_rows, old_area = st.session_state.get("table", (0, rows, area))
    if area != old_area or (area and rows != old_rows):
        number += 1
    st.session_state["table"] = number, rows, area
    return f"table_{number}"


def choose_in_table(area: str | None) -> None:
    """Choose the area of the row that someone has selected, which the table then shows by itself."""
    choose(area=area)
    number, rows, _ = st.session_state["table"]
    st.session_state["table"] = number, rows, area
