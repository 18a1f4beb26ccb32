"""Where is the need: one indicator on the map, beside its table."""

from __future__ import annotations

import os
from bisect import bisect
from pathlib import Path

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from csc_core.access import Scope
from csc_core.classes import breaks_for, year_breaks
from csc_core.disclosure import Audience, read
from csc_core.indicators import INDICATORS
from csc_core.periods import parse
from csc_core.snapshot import Unavailable, open_current
from geo.areas import areas
from geo.assets import publish
from geo.choropleth import RETURNED, Choropleth, Key, Legend, Mark, base, drawing

asked = INDICATORS["referral_rate"]
st.title("Map of need", anchor=False)
try:
    snapshot = open_current(Path(os.environ.get("CSC_DATA") or "data"))
except Unavailable as error:
    st.error(str(error))
    st.stop()
if not snapshot.synthetic:
    st.error("These are records of real people, and people cannot sign in yet, so they are not shown.")
    st.stop()
period = parse(f"12m:{snapshot.as_at:%Y-%m}", snapshot.as_at.date())
frame = read(snapshot, asked.id, scope=Scope.everything(), audience=Audience.COMMISSIONER, period=period, by=["district"])
frame = frame.set_index("district").reindex(areas("district").index)
bounds = breaks_for(year_breaks(snapshot, asked, "district"), asked, period)


def mark(id: str, row: pd.Series) -> Mark:
    if pd.isna(row["value"]):
        return Mark("withheld" if row["withheld"] else "border", (id, str(row["reason"])))
    return Mark(bisect(bounds, row["value"]), (id, f"{row['value']:.0f} per 10,000 children"))


words = [f"under {bounds[0]:g}", *(f"{low:g} to {high:g}" for low, high in zip(bounds, bounds[1:], strict=False)), f"{bounds[-1]:g} or more"]
legend = Legend(asked.title, tuple(Key(number, text) for number, text in enumerate(words)), (Key("withheld", "Withheld"), Key("council", "Another council")))
st.markdown(f"**{asked.title}**, {period.label}, by postcode district. Synthetic data as at {snapshot.as_at:%d %B %Y}.")
marks = {str(id): mark(str(id), row) for id, row in frame.iterrows()}
st_folium(
    base(publish(Path("static"))),
    key="map",
    use_container_width=True,
    height=560,
    returned_objects=RETURNED,
    feature_group_to_add=drawing(Choropleth("district", asked.title, marks, legend)),
)
st.dataframe(frame[["numerator", "denominator", "value", "reason"]])
