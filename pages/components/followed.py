"""The enquiries of each month followed for 90 days: how many went how far, and which months can still rise."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from csc_core.funnel import STAGES
from csc_core.indicators import INDICATORS
from csc_core.indicators.followed import DAYS
from csc_core.periods import members
from pages.components.cards import card
from pages.components.data import Row, followed, records
from pages.components.downloads import about, download
from pages.components.header import filter_words, place_title
from pages.components.links import Choices
from pages.components.openings import STAGE_LABELS
from pages.components.theme import colours
from pages.components.words import day, missing, number, plain

ROW = 32
FOLLOWED_ON = tuple(id for id in STAGES if id in STAGE_LABELS)
ONWARDS = tuple(id for id in FOLLOWED_ON if INDICATORS[id].follow_up_days)  # what an enquiry about an open case does not reach


def confirmed(chosen: Choices) -> str:
    """The sentence that confirms the choice, in Markdown."""
    return (
        f"**{plain(chosen.indicator.title)}**, the enquiries to MASH of each month, {plain(chosen.period.label)}, "
        f"{plain(filter_words(chosen))}."
    )


def not_activity() -> str:
    return (
        f"The same enquiries are followed on for {DAYS} days: this is not the activity of the month. A section 47 enquiry counted under "
        "May began within 90 days of an enquiry of May, in whatever month; the map of need counts what began in May."
    )


def cards(chosen: Choices) -> None:
    """Each stage of the latest month that no longer changes; of the latest month where every one still can."""
    rows = followed(chosen)
    given = rows[~rows["maturing"] & rows["enquiries"].notna()]
    last = (given if len(given) else rows)["month"].iloc[-1]
    of_month = {row["stage"]: row for row in records(rows[rows["month"] == last])}
    name = _month_names(chosen)[last]
    ripe = "the latest month that no longer changes" if len(given) else f"still maturing until {day(of_month[STAGES[0]]['final_on'])}"
    st.markdown(f"The enquiries of **{name}**, {ripe}:")
    with st.container(horizontal=True, gap="small", key="cards_followed"):
        for id in ONWARDS:
            row = of_month[id]
            value = "Withheld" if row["withheld"] else "No figure" if missing(row["share"]) else f"{number(row['share'], 1)}%"
            beside = "" if missing(row["count"]) else f"{number(row['count'])} of {number(row['enquiries'])}"
            reason = "" if missing(row["reason"]) else str(row["reason"])
            card(STAGE_LABELS[id], value, beside, f"{INDICATORS[id].definition} {reason}".strip())


def chart(chosen: Choices) -> None:
    """The stage chosen, month by month; months still maturing are dashed and hollow, and named."""
    rows = followed(chosen)
    rows = rows[rows["stage"] == chosen.indicator.id]
    st.subheader(f"{STAGE_LABELS[chosen.indicator.id]}, month by month: {plain(place_title(chosen))}", anchor=False)
    rising = rows[rows["maturing"]]
    words = f"{plain(chosen.indicator.title)}, % of the enquiries of each month."
    if len(rising):
        names = [_month_names(chosen)[id] for id in rising["month"]]
        words += f" **Still maturing: {', '.join(names)}** (dashed): they can rise until {day(rising['final_on'].iloc[-1])}."
    st.caption(words)
    if rows["share"].isna().all():
        st.info("The share of every month is withheld or not known: the table says why.")
        return
    st.vega_lite_chart(_points(chosen, rows), _drawn(), alt=f"{chosen.indicator.title}, each month: {place_title(chosen)}")
    if rows["withheld"].any():
        st.caption(f"{int(rows['withheld'].sum())} of {len(rows)} months are withheld, and left out of the line.")


def months_table(chosen: Choices) -> None:
    """The chart's twin: every month with every stage, and when it is final."""
    rows = followed(chosen)
    names = _month_names(chosen)
    table = []
    for month, of_month in rows.groupby("month", sort=False):
        each = {row["stage"]: row for row in records(of_month)}
        first = each[STAGES[0]]
        ripe = f"until {first['final_on'].day} {first['final_on']:%b %Y}" if first["maturing"] else "no"
        table.append({
            "Month": names[str(month)],
            "Enquiries": _none(first) or number(first["count"]),
            **{STAGE_LABELS[id]: _cell(each[id]) for id in FOLLOWED_ON},
            "Can still rise": ripe,
        })  # fmt: skip
    st.dataframe(
        pd.DataFrame(table),
        hide_index=True,
        row_height=ROW,
        height=ROW * min(len(table), 24) + 37,
        alt="Table of the enquiries of each month, followed",
        column_config={STAGE_LABELS[id]: st.column_config.TextColumn(help=INDICATORS[id].title) for id in FOLLOWED_ON},
    )
    for why in _reasons(rows, names):
        st.caption(plain(why))
    download("Download this table (CSV)", lambda: _file(chosen, rows), "enquiries-followed")


def _reasons(rows: pd.DataFrame, names: dict[str, str]) -> list[str]:
    """Why months have no figure: `June 2017: No enquiries at all ...`, each reason once with all its months."""
    without = rows[rows["share"].isna() & ~rows["withheld"] & rows["reason"].notna()]
    said: dict[str, dict[str, None]] = {}
    for month, reason in zip(without["month"], without["reason"], strict=True):
        said.setdefault(str(reason), {})[names[str(month)]] = None
    return [f"No figure in {', '.join(months)}: {reason}" for reason, months in said.items()]


def _file(chosen: Choices, rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "month_of_enquiry": rows["month"],
            "stage_id": rows["stage"],
            "stage": rows["title"],
            "enquiries_of_the_month": rows["enquiries"],
            "of_these": rows["count"],
            "percent": rows["share"],
            "final_on": rows["final_on"],
            "still_maturing": ["yes" if rising else "no" for rising in rows["maturing"]],
            "note": ["" if missing(reason) else reason for reason in rows["reason"]],
            "followed_for_days": DAYS,
            "place": place_title(chosen),
        }
    ).assign(**about())


def _none(row: Row) -> str:
    """The word in place of what is not given."""
    return "withheld" if row["withheld"] else "no figure" if missing(row["share"]) else ""


def _cell(row: Row) -> str:
    return _none(row) or f"{number(row['count'])} ({number(row['share'], 1)}%)"


def _month_names(chosen: Choices) -> dict[str, str]:
    return {part.id: f"{part.end:%B %Y}" for part in members("month", chosen.period)}


def _points(chosen: Choices, rows: pd.DataFrame) -> pd.DataFrame:
    """Month, first day, and the share: `final` where it no longer changes, `rising` from the last of those on."""
    days = {part.id: part.start.isoformat() for part in members("month", chosen.period)}
    share = rows["share"].astype("float64")
    final = share.mask(rows["maturing"])
    last = final.last_valid_index()
    return pd.DataFrame({
        "month": [_month_names(chosen)[id] for id in rows["month"]],
        "day": [days[id] for id in rows["month"]],
        "final": final,
        "rising": share.where(rows["maturing"] | (rows.index == last)),
        "hollow": share.where(rows["maturing"]),
    })  # fmt: skip


def _drawn() -> dict[str, Any]:
    """A Vega-Lite chart of `_points`."""
    look = colours()
    axis = {"title": None, "labelColor": look.soft, "domain": False}
    x = {"field": "day", "type": "temporal", "axis": {**axis, "format": "%b %Y", "tickCount": "month", "labelOverlap": True, "grid": False}}

    def layer(field: str, mark: dict[str, Any], words: str = "") -> dict[str, Any]:
        y = {"field": field, "type": "quantitative", "scale": {"zero": True}, "axis": {**axis, "tickCount": 4, "gridOpacity": 0.5}}
        tips = [{"field": "month", "title": "Month"}, {"field": field, "title": words, "format": ".1f"}]
        encoding = {"x": x, "y": y, **({"tooltip": tips} if words else {})}
        return {"mark": {"color": look.circle, **mark}, "encoding": encoding}

    hollow = {"type": "point", "filled": False, "size": 60, "strokeWidth": 2}
    return {
        "layer": [
            layer("final", {"type": "line", "strokeWidth": 2.5, "point": {"color": look.circle, "size": 40}}, "%"),
            layer("rising", {"type": "line", "strokeWidth": 2, "strokeDash": [4, 4]}),
            layer("hollow", hollow, "%, still maturing"),
        ],
        "height": 240,
        "padding": {"left": 0, "top": 8, "bottom": 5, "right": 20},
        "config": {"view": {"stroke": None}},
    }
