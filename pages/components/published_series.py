"""What DfE publishes of an indicator, all years: a chart, and the table with every area. What came out after the period is marked."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from csc_core.compare.others import as_published
from csc_core.compare.published import AREAS, LICENCE, release_of, series, when
from csc_core.indicators import Indicator
from pages.components.downloads import about, download
from pages.components.links import Choices
from pages.components.theme import colours
from pages.components.words import capital, missing, plain

DRAWN = ("devon", "england")  # more lines than two could not be told apart; the table has the rest


def published_series(asked: Indicator, chosen: Choices) -> None:
    """The series under a heading; nothing where DfE publishes none."""
    release, frame = release_of(asked), series(asked, chosen.period.end)
    if release is None or frame.empty:
        return
    st.subheader("What DfE publishes", anchor=False)
    points = _points(frame)
    names = [AREAS[area] for area in DRAWN if (frame["area"] == area).any()]
    st.vega_lite_chart(points, _chart(asked, names), alt=f"{asked.title}, year by year as DfE publishes it: {' and '.join(names)}")
    table = _table(asked, frame)
    st.dataframe(table, hide_index=True)
    st.caption(
        f"Department for Education, [{release.title}]({release.url}). {LICENCE}. As revised since; *later*, a hollow point, was published "
        f"after {plain(chosen.period.label)} and stands beside no figure of it. *Not given*: DfE has left the year out."
    )
    told = {"source": release.title, "licence": LICENCE, **about(asked)}
    download("Download this table (CSV)", lambda: table.assign(**told), f"{asked.id}-published")


def _points(frame: pd.DataFrame) -> pd.DataFrame:
    """What is drawn: name, year, value, later, and above: whether the area ends higher than the other, so that their names stand apart.
    A year that DfE left out has no value, which breaks the line."""
    kept = frame[frame["area"].isin(DRAWN)].assign(value=frame["value"].astype("float64"))
    years = kept[["year_ending", "later"]].drop_duplicates().merge(kept[["area"]].drop_duplicates(), how="cross")
    kept = years.merge(kept[["area", "year_ending", "value"]], how="left", on=["area", "year_ending"]).sort_values("year_ending")
    last = kept.groupby("area")["value"].last()
    return pd.DataFrame(
        {
            "name": [AREAS[str(area)] for area in kept["area"]],
            "year": [day.year for day in kept["year_ending"]],
            "value": kept["value"].to_list(),
            "later": kept["later"].to_list(),
            "above": [bool(last[area] == last.max()) for area in kept["area"]],
        }
    )


def _table(asked: Indicator, frame: pd.DataFrame) -> pd.DataFrame:
    """A row a year, a column an area, in text with the decimals that DfE gives."""
    later = frame.groupby("year_ending")["later"].first()
    wide = frame.pivot_table(index="year_ending", columns="title", values="value", aggfunc="first", sort=False).sort_index()
    labels = [f"{capital(when(asked, year))}{' (later)' if later[year] else ''}" for year in wide.index]
    columns = {str(name): ["not given" if missing(value) else _shown(value, asked) for value in wide[name]] for name in wide}
    return pd.DataFrame({"Of": labels, **columns})


def _shown(value: str, asked: Indicator) -> str:
    return f"{as_published(Decimal(value), asked):,}"


def _chart(asked: Indicator, names: list[str]) -> dict[str, Any]:
    """A Vega-Lite chart of `_points`: Devon whole, England dashed, what came later hollow."""
    look = colours()
    axis = {"title": None, "labelColor": look.soft, "domain": False}
    x = {"field": "year", "type": "ordinal", "axis": {**axis, "labelAngle": 0, "labelOverlap": True, "ticks": False}}
    y = {"field": "value", "type": "quantitative", "scale": {"zero": True}, "axis": {**axis, "tickCount": 4, "gridOpacity": 0.5}}
    tips = [
        {"field": "name", "title": "Area"},
        {"field": "year", "title": "Year ending in"},
        {"field": "value", "title": "DfE", "format": f",.{asked.decimals}f"},
    ]
    layers: list[dict[str, Any]] = []
    for name, colour, dash in zip([AREAS[area] for area in DRAWN], (look.circle, look.soft), ([1, 0], [5, 3]), strict=True):
        if name not in names:
            continue
        of_area = {"filter": f"datum.name == '{name}'"}
        layers.append(
            {"transform": [of_area], "mark": {"type": "line", "color": colour, "strokeDash": dash}, "encoding": {"x": x, "y": y}}
        )
        for later, fill in ((False, colour), (True, look.panel)):
            mark = {"type": "point", "filled": True, "fill": fill, "stroke": colour, "strokeWidth": 2, "size": 60, "opacity": 1}
            kept = [of_area, {"filter": f"datum.later == {str(later).lower()}"}]
            layers.append({"transform": kept, "mark": mark, "encoding": {"x": x, "y": y, "tooltip": tips}})
        end = {"joinaggregate": [{"op": "max", "field": "year", "as": "last"}]}
        for above, dy in ((True, -7), (False, 7)):
            label = {"type": "text", "align": "left", "dx": 8, "dy": dy, "color": colour, "fontSize": 12}
            marked: list[dict[str, Any]] = [of_area, end, {"filter": f"datum.year == datum.last && datum.above == {str(above).lower()}"}]
            layers.append({"transform": marked, "mark": label, "encoding": {"x": x, "y": y, "text": {"value": name.split(",", 1)[0]}}})
    return {
        "layer": layers,
        "height": 230,
        "padding": {"left": 0, "top": 5, "bottom": 0, "right": 60},
        "config": {"view": {"stroke": None}},
    }
