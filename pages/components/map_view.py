"""The map: what each area's figure looks like and says, and what a click on it selects."""

from __future__ import annotations

import os
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from csc_core.compare import AGAINST, MARKS
from csc_core.disclosure import LEAST
from csc_core.statistics import FEWEST_EVENTS
from geo.assets import AssetMissing, publish
from geo.choropleth import RETURNED, Choropleth, Fill, Key, Legend, Mark, base, circle_sizes, drawing, selected
from pages.components import state
from pages.components.areas import KINDS
from pages.components.cards import interval
from pages.components.data import Row, breaks, records
from pages.components.header import heading
from pages.components.links import Choices
from pages.components.recorded import share_words
from pages.components.theme import is_dark
from pages.components.words import figure, missing, number, plain

STATIC = Path(__file__).parent.parent.parent / "static"
HEIGHT = 560
KEY = "map"
# The browser draws in one go all that reaches it together, and a page takes far longer to draw than the map does. So the map
# goes ahead: what follows it is held back for as long as the browser needs to show it, and is drawn hardly later for that.
HEAD_START = 0.05  # seconds


def area_map(chosen: Choices, rows: pd.DataFrame) -> None:
    """Draw the map of the rows (see areas.area_rows) ahead of the rest of the page; an area clicked is chosen."""
    if not st.get_option("server.enableStaticServing"):
        st.error("The map needs Streamlit's static file serving: set `server.enableStaticServing = true` in `.streamlit/config.toml`.")
        return
    try:
        assets = _assets()
    except (AssetMissing, OSError) as error:
        st.error(f"The map cannot be drawn. {plain(str(error))}")
        return
    st_folium(
        base(
            assets,
            "Synthetic data" if state.snapshot().synthetic else "",
            os.environ.get("CSC_TILE_URL"),
            os.environ.get("CSC_TILE_ATTRIBUTION", ""),
        ),
        key=KEY,
        use_container_width=True,
        height=HEIGHT,
        feature_group_to_add=drawing(choropleth(chosen, rows, breaks(chosen) if chosen.shown == "rate" else [], dark=is_dark())),
        returned_objects=RETURNED,
        on_change=_clicked,
    )
    time.sleep(HEAD_START)


@st.cache_resource(ttl="6h", show_spinner=False)  # now and then again: publishing marks the files as in use
def _assets() -> Mapping[str, str]:
    return publish(STATIC)


def _clicked() -> None:
    state.choose(area=selected(st.session_state.get(KEY), state.choices().area))


def choropleth(chosen: Choices, rows: pd.DataFrame, bounds: Sequence[float], *, dark: bool) -> Choropleth:
    """The rows as the map draws them. `bounds` are those between the classes of a rate."""
    marks = {str(area): _mark(chosen, row, bounds) for area, row in zip(rows.index, records(rows), strict=True)}
    kinds = Counter(rows["kind"])
    if chosen.shown == "count":
        counts = [mark.count for mark in marks.values() if mark.count]
        legend = Legend(_title(chosen), others=_others(chosen, kinds), sizes=circle_sizes(counts))
    else:
        words = _ranges(bounds, chosen) if chosen.shown == "rate" else [_against(step) for step in MARKS]
        held = Counter(mark.fill for mark in marks.values() if not mark.muted)  # so that every area is counted once
        classes = tuple(Key(place, text, _areas(held[place])) for place, text in enumerate(words))
        legend = Legend(_title(chosen), classes, _others(chosen, kinds))
    return Choropleth(
        level=chosen.level,
        name=f"Map of Devon: {legend.title}. Arrow keys move from area to area, Enter selects.",
        marks=marks,
        legend=legend,
        palette="diverging" if chosen.shown == "versus" else "sequential",
        selected=chosen.area,
        dark=dark,
    )


def _mark(chosen: Choices, row: Row, bounds: Sequence[float]) -> Mark:
    kind = row["kind"]
    lines = tuple(_lines(chosen, row))
    if kind == "border":
        return Mark("border", lines)
    if kind in ("withheld", "none"):
        return Mark("withheld", lines)
    if kind == "outside":
        return Mark("outside", lines)
    if chosen.shown == "count":
        return Mark("plain", lines, count=int(row["numerator"]))
    return Mark(_class(chosen, row, bounds), lines, muted=kind == "few")


def _class(chosen: Choices, row: Row, bounds: Sequence[float]) -> Fill:
    if chosen.shown == "versus":
        return 2 if missing(row["versus"]) else int(row["versus"]) + 2
    return bisect_right(bounds, float(row["value"]))


def _lines(chosen: Choices, row: Row) -> list[str]:
    """What the tooltip says beneath the name."""
    asked, kind = chosen.indicator, row["kind"]
    if kind == "outside":
        return ["Not in the area chosen as a filter"]
    if kind == "withheld":
        return [f"Withheld: fewer than {LEAST} {asked.noun}"]
    said = []
    if kind == "border":
        said.append(f"Border district: {number(max(row['share_in_county'] * 100, 1))}% of its postcodes are in Devon. No rate is drawn.")
    if asked.unit == "%":
        said.append(f"{figure(row['value'], asked)}{_range(row, asked)}")
        said.append(f"{number(row['numerator'])} of {number(row['denominator'])}")
    else:
        if asked.unit == "per 10,000":
            said.append(f"{number(row['value'])} per 10,000{_range(row, asked)}")
        said.append(f"{number(row['numerator'])} {asked.noun}" + _children(row))
    if not missing(row["versus"]):
        said.insert(-1, against_words(int(row["versus"])))
    if chosen.issues:
        share = share_words(row)
        said.append(f"No factor recorded: {share}{' of assessments' if share.endswith('%') else ''}")
    if kind == "few":
        said.append(f"Fewer than {FEWEST_EVENTS}: read with care, not compared")
    if kind == "none" and not missing(row["reason"]):
        return [str(row["reason"]), *said[-1:]] if not missing(row["numerator"]) else [str(row["reason"])]
    return said


def _range(row: Row, asked: Any) -> str:
    text = interval(row, asked).removesuffix(" (95%)")
    return f" (95% interval {text})" if text else ""


def _children(row: Row) -> str:
    return "" if missing(row["denominator"]) else f", {number(row['denominator'])} children"


def against_words(step: int) -> str:
    """`▲▲ much higher than Devon`, `≈ similar to Devon`."""
    return f"{MARKS[step]} {AGAINST[step]} {'to' if step == 0 else 'than'} Devon"


def _against(step: int) -> str:
    return f"{MARKS[step]} {AGAINST[step].removeprefix('much ')}"


def _ranges(bounds: Sequence[float], chosen: Choices) -> list[str]:
    """The classes in words. A class begins at its lower bound and ends below its upper one."""
    if not bounds:
        return ["all areas"]
    text = [f"{bound:,.1f}".removesuffix(".0") for bound in bounds]
    sign = "%" if chosen.indicator.unit == "%" else ""
    between = [f"{low}–{high}{sign}" for low, high in pairwise(text)]
    return [f"under {text[0]}{sign}", *between, f"{text[-1]}{sign} or more"]


def _others(chosen: Choices, kinds: Mapping[str, int]) -> tuple[Key, ...]:
    found = []
    if kinds.get("withheld"):
        found.append(Key("withheld", f"Withheld (under {LEAST}): {kinds['withheld']}"))
    if kinds.get("none"):
        found.append(Key("withheld", f"No figure: {kinds['none']}"))
    if kinds.get("border"):
        found.append(Key("border", f"Border district: {kinds['border']}"))
    if kinds.get("few"):
        middle = 2 if chosen.shown == "versus" else 0
        found.append(Key(middle, f"Under {FEWEST_EVENTS} {_events(chosen)}: {kinds['few']}", muted=True))
    if kinds.get("outside"):
        found.append(Key("outside", f"{KINDS['outside'].capitalize()}: {kinds['outside']}"))
    return (*found, Key("council", "Another council"))


def _events(chosen: Choices) -> str:
    return "events" if chosen.indicator.unit == "%" else chosen.indicator.noun


def _title(chosen: Choices) -> str:
    return heading(chosen)


def _areas(count: int) -> str:
    return f"{count} area{'' if count == 1 else 's'}"
