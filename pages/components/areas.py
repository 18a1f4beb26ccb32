"""The areas of the chosen level with their figures, each of one kind: what the map, the table and the cards all read."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from csc_core.access import Scope
from csc_core.classes import is_rated
from csc_core.compare import beside_county
from csc_core.coverage import Coverage, coverage
from csc_core.indicators import Indicator
from csc_core.periods import Period
from geo.areas import LEVELS, OFF_MAP, areas
from pages.components import state
from pages.components.data import SCOPE, Row, figures, records
from pages.components.links import Choices, address
from pages.components.recorded import RECORDED, not_of_place, unrecorded
from pages.components.words import missing

# What a row is, in words for people. Only "shown" is classed and ranked.
KINDS = {
    "shown": "",
    "few": "under 20",
    "withheld": "withheld",
    "border": "border",
    "none": "no figure",
    "outside": "not in the filter",
}


def area_rows(chosen: Choices) -> pd.DataFrame:
    """One row for each area, ranked: best known first, highest first.

    Index: area id. Columns: title, share_in_county, numerator, denominator, value, reason, withheld, low, high, versus (see
    csc_core.compare.beside_county), kind (a key of KINDS) and ranked (what it is ranked by: the value, or the count when
    counts are shown). Of an issue also what `recorded.unrecorded` says of the assessments with no factor.
    """
    everything_but_the_area = tuple(address(replace(chosen, area=None)).items())
    return _area_rows(chosen, state.snapshot().id, SCOPE, everything_but_the_area)


@st.cache_data(max_entries=200, show_spinner=False)
def _area_rows(_chosen: Choices, snapshot_id: str, scope: Scope, asked: tuple[tuple[str, str], ...]) -> pd.DataFrame:  # noqa: ARG001  the key
    chosen = _chosen
    split = _split(chosen)
    county = county_row(chosen)["value"]
    rows = beside_county(split, None if missing(county) else float(county), chosen.indicator).set_index(chosen.level)
    found = areas(chosen.level).join(rows)
    if chosen.issues:
        recorded = _split(chosen, RECORDED).set_index(chosen.level)
        found = found.join(unrecorded(recorded, chosen))
    found["withheld"] = found["withheld"].fillna(value=False).astype(bool)
    found["ranked"] = found["numerator"].astype("Float64") if chosen.shown == "count" else found["value"]
    found["kind"] = _kinds(found, chosen)
    order = found["kind"].map({kind: place for place, kind in enumerate(KINDS)})
    return found.assign(order=order).sort_values(["order", "ranked", "title"], ascending=[True, False, True]).drop(columns="order")


def county_row(chosen: Choices, period: Period | None = None) -> Row:
    """The county's figure with its interval, under the same filters but for those of place; of another period when named."""
    return records(figures(chosen, where=not_of_place(chosen), period=period))[0]


def selection_row(chosen: Choices) -> Row:
    """The figure of all that the filters leave."""
    return records(figures(chosen))[0]


def on_the_map(chosen: Choices) -> Coverage:
    """How much of what the filters leave is on the map."""
    return coverage(_split(chosen), chosen.level, selection_row(chosen)["numerator"])


def _split(chosen: Choices, asked: Indicator | None = None) -> pd.DataFrame:
    # Split by the filter of place as well, so that only areas inside it are listed.
    places = [name for name in chosen.filters if name in LEVELS and name != chosen.level]
    return figures(chosen, *places, chosen.level, indicator=asked).drop(columns=places)


def _kinds(found: pd.DataFrame, chosen: Choices) -> pd.Series:
    kinds = pd.Series("shown", index=found.index, dtype="str")
    if chosen.shown != "count":
        kinds[~is_rated(found, chosen.indicator)] = "few"
    kinds[found["ranked"].isna()] = "none"
    kinds[found["border"]] = "border"
    kinds[found["withheld"]] = "withheld"
    kinds[found["unit"].isna()] = "outside"
    return kinds


def off_map_words(place: str) -> str:
    """Why a record is not on the map: `home outside Devon`."""
    words = dict(zip(OFF_MAP, ("home outside Devon", "address not known", "not a postcode", "address confidential"), strict=True))
    return words[place]
