"""How the chosen figure has moved: the selected area beside the county, as a chart and as a table."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]  # ships no types
import streamlit as st

from csc_core.change_log import change_log
from csc_core.compare.published import CAVEATS, on_a_day, release_of, series
from csc_core.indicators import Indicator
from csc_core.notes import notes
from csc_core.periods import Period, latest_month, members
from pages.components import state
from pages.components.data import figures, records
from pages.components.downloads import about, download
from pages.components.header import county_title, place_title
from pages.components.links import Choices
from pages.components.recorded import RECORDED, not_of_place, own_place, share_words, unrecorded
from pages.components.theme import colours
from pages.components.words import NOTHING, capital, day, missing, number, plain


def trend(chosen: Choices) -> None:
    """Draw it for the selected area, else for the place filtered by, else for the county."""
    asked, title = chosen.indicator, place_title(chosen)
    step = "month" if asked.stock else "quarter"
    county = _series(chosen, step, not_of_place(chosen))
    own = _series(chosen, step, own_place(chosen)) if title != county_title() else None
    st.subheader(f"Trend: {plain(title)}", anchor=False)
    st.caption(_caption(asked, step, beside=own is not None))
    for note in notes(state.snapshot(), asked, _whole(), (step,), chosen.selects):
        st.caption(plain(note))
    if county["value"].isna().all():
        st.info(plain(str(county["reason"].dropna().iloc[0]) if county["reason"].notna().any() else "There is nothing to draw."))
        return
    beside = _published(chosen)
    drawn = _chart(asked, own is not None, title=title, label=chosen.area if chosen.area and chosen.level == "district" else title)
    st.vega_lite_chart(
        _points(county, own),
        {**drawn, "layer": [*drawn["layer"], *_published_points(beside, asked), *_marks(chosen)]},
        alt=f"{asked.title}, each {step}: {title}{'' if own is None else f' beside {county_title()}'}",
    )
    if len(beside) and (release := release_of(asked)):
        later = f" Hollow: published only after {plain(chosen.period.label)}." if beside["later"].any() else ""
        st.caption(f"Diamonds: Devon as the Department for Education has published it ({plain(release.title)}).{later}")
    if on := _cut_over():
        st.caption(f"Dotted: {day(on)}, when one case system took over from another. A step there may come from the change.")
    if own is not None and own["withheld"].any():
        st.caption(f"{int(own['withheld'].sum())} of {len(own)} {step}s are withheld for {plain(title)}, and left out of its line.")
    table = {**_table(asked, county, own, step, title), **_published_column(beside, asked, county["id"].tolist(), step)}
    with st.expander("View the trend as a table"):
        st.dataframe(pa.table(table), placeholder=NOTHING)
        download("Download the trend (CSV)", lambda: pd.DataFrame(table).assign(**about(asked)), f"{asked.id}-trend")


def _series(chosen: Choices, step: str, where: dict[str, str]) -> pd.DataFrame:
    """The figures of each step since the records are complete."""
    whole = _whole()
    found = figures(chosen, step, where=where, period=whole)
    days = {period.id: period.end if chosen.indicator.stock else period.start for period in members(step, whole)}
    if chosen.issues:
        found = found.join(unrecorded(figures(chosen, step, where=where, period=whole, indicator=RECORDED), chosen))
    return found.assign(id=found[step], day=[days[id].isoformat() for id in found[step]])


def _whole() -> Period:
    """From the first day the records are complete to the end of the latest month."""
    snapshot = state.snapshot()
    return Period(f"since {snapshot.complete_from}", snapshot.complete_from, latest_month(snapshot.as_at.date()))


def _caption(asked: Indicator, step: str, *, beside: bool) -> str:
    words = f"{plain(asked.title)}, {'on the last day of each month' if asked.stock else f'each {step}'}."
    if not beside or asked.unit == "count":
        return words
    return f"{words} Shaded: the 95% interval, which is how far chance alone could move it. Dashed: {county_title()}."


def _points(county: pd.DataFrame, own: pd.DataFrame | None) -> pa.Table:
    """What is drawn: id and day of each step, the county's value, and value, low and high of what is beside it."""
    columns = {"id": county["id"].tolist(), "day": county["day"].tolist(), "county": _floats(county["value"])}
    if own is not None:
        columns |= {"own": _floats(own["value"]), "low": _floats(own["low"]), "high": _floats(own["high"])}
    return pa.table(columns)


def _floats(values: pd.Series) -> pa.Array:
    return pa.array(values.astype("float64"), pa.float32(), from_pandas=True)


def _chart(asked: Indicator, beside: bool, *, title: str, label: str) -> dict[str, Any]:
    """A Vega-Lite chart of `_points`."""
    look = colours()
    axis = {"title": None, "labelColor": look.soft, "domain": False}
    x = {"field": "day", "type": "temporal", "axis": {**axis, "format": "%b %Y", "tickCount": "year", "grid": False}}

    def y(field: str) -> dict[str, Any]:
        return {"field": field, "type": "quantitative", "scale": {"zero": True}, "axis": {**axis, "tickCount": 4, "gridOpacity": 0.5}}

    def line(field: str, name: str, words: str, colour: str, dash: list[int]) -> list[dict[str, Any]]:
        tips = [{"field": "id", "title": "Period"}, {"field": field, "title": words, "format": f",.{asked.decimals}f"}]
        drawn = {"type": "line", "color": colour, "strokeDash": dash, "strokeWidth": 2.5, "point": {"color": colour, "size": 34}}
        end = {"type": "text", "align": "left", "dx": 8, "color": colour, "fontSize": 12, "fontWeight": 400 if dash[1] else 700}
        last = {"aggregate": {"argmax": "day"}, "field": field, "type": "quantitative"}
        return [
            {"mark": drawn, "encoding": {"x": x, "y": y(field), "tooltip": tips}},
            {"mark": end, "encoding": {"x": {"aggregate": "max", "field": "day", "type": "temporal"}, "y": last, "text": {"value": name}}},
        ]

    layers = line("county", county_title(), county_title(), look.circle, [1, 0])
    if beside:
        band = {
            "mark": {"type": "area", "color": look.select, "opacity": 0.16},
            "encoding": {"x": x, "y": y("low"), "y2": {"field": "high"}},
        }
        # A county's count beside an area's says nothing and flattens it.
        layers = [] if asked.unit == "count" else [band, *line("county", county_title(), county_title(), look.soft, [5, 3])]
        layers += line("own", label, title, look.select, [1, 0])
    return {
        "layer": layers,
        "height": 230,
        "padding": {"left": 0, "top": 5, "bottom": 0, "right": 70},
        "config": {"view": {"stroke": None}},
    }


def _cut_over() -> date | None:
    """The day on which one case system took over from another, where the chart has it."""
    on = state.snapshot().cut_over
    return on if on and _whole().start < on <= _whole().end else None


def _marks(chosen: Choices) -> list[dict[str, Any]]:
    """Layers with a dotted rule on each day from which the figures are others: another case system, another definition or code."""
    whole, on = _whole(), _cut_over()
    marks = [(on, "Change of case system")] if on else []
    marks += [
        (one.day, "Change of codes" if chosen.selects else "Change of definition")
        for one in change_log(chosen.indicator, chosen.selects)
        if one.breaks and whole.start < one.day <= whole.end
    ]
    if not marks:
        return []
    x = {"field": "day", "type": "temporal"}
    shared = {"data": {"values": [{"day": day.isoformat(), "words": words} for day, words in marks]}}
    text = {"type": "text", "align": "right", "baseline": "top", "dx": -5, "color": colours().soft, "fontSize": 12}
    return [
        {**shared, "mark": {"type": "rule", "color": colours().soft, "strokeDash": [1, 3], "strokeWidth": 2}, "encoding": {"x": x}},
        {**shared, "mark": text, "encoding": {"x": x, "y": {"value": 0}, "text": {"field": "words"}}},
    ]


def _published(chosen: Choices) -> pd.DataFrame:
    """DfE's figures for Devon within the trend (see csc_core.compare.published.series): of what is counted on a day, as the months are,
    and of all children, since DfE's are. A year's figure is set beside no month or quarter."""
    asked, whole = chosen.indicator, _whole()
    rows = series(asked, chosen.period.end)
    if rows.empty or not on_a_day(asked) or asked.id in CAVEATS or not_of_place(chosen):
        return rows.iloc[:0]
    days = rows["year_ending"]
    return rows[(rows["area"] == "devon") & rows["value"].notna() & (days >= whole.start) & (days <= whole.end)]


def _published_points(rows: pd.DataFrame, asked: Indicator) -> list[dict[str, Any]]:
    """A layer with a diamond for each, hollow when it was published only later."""
    if rows.empty:
        return []
    look = colours()
    values = [
        {"day": on.isoformat(), "value": float(value), "later": later, "of": f"DfE, {day(on)}"}
        for on, value, later in zip(rows["year_ending"], rows["value"], rows["later"], strict=True)
    ]
    fill = {"condition": {"test": "datum.later", "value": look.panel}, "value": look.text}
    tips = [{"field": "of", "title": "Devon"}, {"field": "value", "title": asked.title, "format": f",.{asked.decimals}f"}]
    where = {name: {"field": field, "type": kind} for name, field, kind in (("x", "day", "temporal"), ("y", "value", "quantitative"))}
    mark = {"type": "point", "shape": "diamond", "filled": True, "size": 90, "opacity": 1, "stroke": look.text, "strokeWidth": 1.5}
    return [{"data": {"values": values}, "mark": mark, "encoding": {**where, "fill": fill, "tooltip": tips}}]


def _published_column(rows: pd.DataFrame, asked: Indicator, ids: list[str], step: str) -> dict[str, list[str]]:
    """The same figures in the table, beside the months that they belong to."""
    if rows.empty:
        return {}
    ends = {period.id: period.end for period in members(step, _whole())}
    known = dict(zip(rows["year_ending"], rows["value"], strict=True))
    return {"Devon, as DfE has it": [number(float(known[ends[id]]), asked.decimals) if ends[id] in known else "" for id in ids]}


def _systems(ids: list[str], step: str) -> dict[str, list[str]]:
    """A column of the table that says which case system the figures of each period come from."""
    on = _cut_over()
    if not on:
        return {}
    spans = {period.id: period for period in members(step, _whole())}

    def words(period: Period) -> str:
        if period.start >= on:
            return "after the change"
        return "before the change" if period.end < on else f"changed on {day(on)}"

    return {"Case system": [words(spans[id]) for id in ids]}


def _table(asked: Indicator, county: pd.DataFrame, own: pd.DataFrame | None, step: str, title: str) -> dict[str, list[str]]:
    """The chart's twin, as text: rounded, and with what is withheld in words."""
    table = {capital(step): county["id"].tolist(), **_systems(county["id"].tolist(), step)}
    for name, frame in ((title, own), (county_title(), county)):
        if frame is None:
            continue
        table[name] = [
            "withheld" if row["withheld"] else "no figure" if missing(row["value"]) else number(row["value"], asked.decimals)
            for row in records(frame)
        ]
        if asked.unit != "count":
            table[f"{name}, {asked.noun}"] = [number(count) for count in frame["numerator"]]
        if "unrecorded" in frame:
            table[f"{name}, % with no factor recorded"] = [share_words(row, 1).rstrip("%") for row in records(frame)]
    shown = county if own is None else own
    why = ["" if row["withheld"] or missing(row["reason"]) else str(row["reason"]) for row in records(shown)]
    return {**table, "Note": why} if any(why) else table
