"""Whole periods of care: the averages of the county, how children spread around them, and the quartiles of each home locality."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from csc_core.dimensions import titles
from csc_core.disclosure import LEAST
from csc_core.indicators import INDICATORS, Indicator
from csc_core.stability import ASPECTS, Distribution
from geo.areas import NOT_KNOWN
from pages.components import state
from pages.components.cards import card
from pages.components.data import Row, figures, records, spread
from pages.components.downloads import about, download
from pages.components.header import county_title, filter_words, place_title
from pages.components.links import Choices
from pages.components.theme import colours
from pages.components.words import NOTHING, day, figure, missing, number, plain, when

# Indicator id to a label short enough for a card; its title and definition are behind the question mark and beneath.
AVERAGES = {
    "care_placements": "Placements",
    "care_moves_per_year": "Moves per year",
    "care_longest_placement_share": "In the longest",
    "care_first_move_days": "To first move",
    "care_unplanned_moves": "Unplanned",
}

UNITS_OF = {"care_first_move_days": " days"}


def confirmed(chosen: Choices) -> str:
    """The sentence that confirms the choice, in Markdown."""
    aspect = ASPECTS[chosen.own["aspect"]]
    return (
        f"**{plain(aspect.title)}**, children looked after {plain(when(chosen.indicator, chosen.period))}, each from entry to care to that "
        f"day, {plain(filter_words(chosen))}."
    )


def averages(chosen: Choices) -> None:
    """The averages over whole periods of care: of the county and of all children, since those of a few could not be withheld."""
    rest = " These averages are given for all children together: how few are behind one would not show." if chosen.filters else ""
    st.markdown(f"**{county_title()}**, {plain(when(chosen.indicator, chosen.period))}, over whole periods of care.{rest}")
    with st.container(horizontal=True, gap="small", key="cards_care"):
        for id, label in AVERAGES.items():
            asked = INDICATORS[id]
            (row,) = records(figures(chosen, where={}, indicator=asked))
            value = "No figure" if missing(row["value"]) else figure(row["value"], asked) + UNITS_OF.get(id, "")
            reason = "" if missing(row["reason"]) else str(row["reason"])
            card(label, value, _made_of(row, asked), f"{asked.title}. {asked.definition} {reason}".strip())


def _made_of(row: Row, asked: Indicator) -> str:
    """`372 of 913 moves`, `926 moves`, `417 children`."""
    if missing(row["value"]):
        return ""
    words = {
        "care_placements": "{0} placements",
        "care_moves_per_year": "{0} moves",
        "care_longest_placement_share": "of all days",  # so many days of so many say nothing to people
        "care_first_move_days": "{1} children",
        "care_unplanned_moves": "{0} of {1} moves",
    }
    return words[asked.id].format(number(row["numerator"]), number(row["denominator"]))


def distribution(chosen: Choices) -> None:
    """How the children spread over the aspect chosen: quartiles in words, a bar for each band, and the table of it."""
    aspect = ASPECTS[chosen.own["aspect"]]
    found, _ = spread(chosen, chosen.own["aspect"])
    st.subheader(f"{aspect.title}: {plain(place_title(chosen))}", anchor=False)
    if found.reason:
        st.info(plain(found.reason))
        return
    st.caption(_in_words(found, chosen))
    bars = found.rows[found.rows["band"] != NOT_KNOWN]
    st.vega_lite_chart(_bars(bars), _drawn(), alt=f"{aspect.title}: % of children in each band, {place_title(chosen)}")
    table = pd.DataFrame(
        {
            aspect.title: found.rows["title"],
            "Children": ["withheld" if row["withheld"] else number(row["children"]) for row in records(found.rows)],
            "%": [NOTHING if missing(value) else number(value, 1) for value in found.rows["value"]],
        }
    )
    st.dataframe(table, hide_index=True, alt=f"Table of {aspect.title}")
    download("Download this table (CSV)", lambda: _file(chosen, found), f"stability-{chosen.own['aspect']}")


def _in_words(found: Distribution, chosen: Choices) -> str:
    aspect = ASPECTS[chosen.own["aspect"]]
    said = ["Share of the children whose whole period of care is known."]
    if found.quartiles is None:
        said.append("Too few children for quartiles.")
    else:
        lower, middle, upper = (number(value, 0 if value == int(value) else 1) for value in found.quartiles)
        said.append(f"**Median {middle}**; half of the children are between {lower} and {upper} ({aspect.unit}).")
    if aspect.none == "Never moved":
        said.append("Quartiles are of the children who have moved.")
    unknown = records(found.rows)[-1]
    if unknown["withheld"] or unknown["children"]:
        count = f"Fewer than {LEAST}" if unknown["withheld"] else number(unknown["children"])
        said.append(f"{count} not known: no placement is recorded from the first week of the period of care.")
    return " ".join(said)


def localities(chosen: Choices) -> None:
    """The quartiles of each home locality."""
    aspect = ASPECTS[chosen.own["aspect"]]
    _, rows = spread(chosen, chosen.own["aspect"])
    known = titles(state.snapshot(), "locality")
    st.subheader(f"{aspect.title}: by home locality", anchor=False)
    st.caption("Home locality is that of the home from which the child entered care, never of the placement. Half of its children are "
               "between the two quartiles.")  # fmt: skip
    each = records(rows)
    names = [known.get(row["locality"], row["locality"]) for row in each]
    table = pd.DataFrame(
        {
            "Home locality": names,
            "Children": ["withheld" if row["withheld"] else number(row["children"]) for row in each],
            **{
                label: [NOTHING if missing(row[key]) else number(row[key], 1) for row in each]
                for key, label in (("lower", "Lower quartile"), ("median", "Median"), ("upper", "Upper quartile"))
            },
            "Note": ["" if missing(row["reason"]) else row["reason"] for row in each],
        }
    )
    st.dataframe(table, hide_index=True, alt=f"Table of {aspect.title} by home locality")
    download(
        "Download this table (CSV)",
        lambda: rows.assign(home_locality=names, aspect=aspect.title, unit=aspect.unit, day=chosen.period.end.isoformat(), **about()),
        f"stability-{chosen.own['aspect']}-by-locality",
    )


def _file(chosen: Choices, found: Distribution) -> pd.DataFrame:
    aspect = ASPECTS[chosen.own["aspect"]]
    lower, middle, upper = found.quartiles or (None, None, None)
    return pd.DataFrame(
        {
            "aspect": aspect.title,
            "unit": aspect.unit,
            "band_id": found.rows["band"],
            "band": found.rows["title"],
            "children": found.rows["children"],
            "percent_of_known": found.rows["value"],
            "note": ["" if missing(reason) else reason for reason in found.rows["reason"]],
            "lower_quartile": lower,
            "median": middle,
            "upper_quartile": upper,
            "day": day(chosen.period.end),
            "place": place_title(chosen),
        }
    ).assign(**about())


def _bars(rows: pd.DataFrame) -> pd.DataFrame:
    value = rows["value"].astype("float64")
    return pd.DataFrame(
        {
            "band": rows["title"],
            "place": range(len(rows)),
            "value": value,
            "words": ["withheld" if held else f"{number(share, 1)}%" for held, share in zip(rows["withheld"], value, strict=True)],
            "end": value.fillna(0.0),
        }
    )


def _drawn() -> dict[str, Any]:
    """A bar for each band, in their order, with its share at its end."""
    look = colours()
    y = {"field": "band", "type": "nominal", "sort": {"field": "place"}, "axis": {"title": None, "labelColor": look.soft, "domain": False,
         "ticks": False, "labelLimit": 200}}  # fmt: skip
    x = {"field": "end", "type": "quantitative", "axis": None, "scale": {"zero": True}}
    return {
        "layer": [
            {"mark": {"type": "bar", "color": look.circle, "height": {"band": 0.7}}, "encoding": {"x": x, "y": y}},
            {
                "mark": {"type": "text", "align": "left", "dx": 5, "color": look.text, "fontSize": 13},
                "encoding": {"x": x, "y": y, "text": {"field": "words", "type": "nominal"}},
            },
        ],
        "height": {"step": 30},
        "padding": {"left": 0, "top": 5, "bottom": 5, "right": 40},
        "config": {"view": {"stroke": None}},
    }
