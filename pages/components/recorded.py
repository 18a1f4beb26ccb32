"""How many assessments have no factor recorded: what stands beside every figure of an issue, since they are in none of them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from csc_core.disclosure import LEAST, WITHHELD, Audience
from csc_core.indicators import INDICATORS
from geo.areas import LEVELS
from pages.components.cards import card
from pages.components.data import Row, figures, records
from pages.components.header import county_title, place_title
from pages.components.links import Choices
from pages.components.words import missing, number

RECORDED = INDICATORS["factor_recorded"]


def own_place(chosen: Choices) -> dict[str, str]:
    """The filters, with the area selected among them."""
    return {**chosen.filters, chosen.level: chosen.area} if chosen.area else dict(chosen.filters)


def not_of_place(chosen: Choices) -> dict[str, str]:
    return {name: id for name, id in chosen.filters.items() if name not in LEVELS}


def unrecorded(rows: pd.DataFrame, chosen: Choices) -> pd.Series:
    """The % of assessments without a factor, for rows of `RECORDED`; NA where it is not known or, for a commissioner, where so few
    have none that it is withheld."""
    without = rows["denominator"] - rows["numerator"]
    few = without.between(1, LEAST - 1) & (chosen.audience is Audience.COMMISSIONER)
    return (100 - rows["value"]).mask(few.fillna(value=False).astype(bool))


def unrecorded_card(chosen: Choices) -> None:
    """The share without a factor, in the area selected or in all that the filters leave."""
    row = _row(chosen, own_place(chosen))
    label = "No factor recorded"
    if missing(row["unrecorded"]):
        held = missing(row["reason"]) or row["withheld"]
        card(label, "Withheld" if held else "No figure", "", WITHHELD if held else str(row["reason"]))
    else:
        beside = f"{number(row['denominator'] - row['numerator'])} of {number(row['denominator'])}"
        meant = f"{RECORDED.definition} The share that carry an issue is of the assessments with a factor recorded."
        card(label, f"{number(row['unrecorded'], 1)}%", beside, meant)


def unrecorded_words(chosen: Choices) -> str:
    """`No factor is recorded for 12.3% of the assessments of Bideford (Devon: 12.0%); they are in no share of an issue.`"""
    title = place_title(chosen)
    beside = "" if title == county_title() else f" ({county_title()}: {_share(_row(chosen, not_of_place(chosen)))})"
    own = _share(_row(chosen, own_place(chosen)))
    return f"No factor is recorded for {own} of the assessments of {title}{beside}; they are in no share of an issue."


def _share(row: Row) -> str:
    if missing(row["unrecorded"]):
        return "a share that is withheld" if missing(row["reason"]) or row["withheld"] else "a share that is not known"
    return f"{number(row['unrecorded'], 1)}%"


def _row(chosen: Choices, where: Mapping[str, str]) -> Row:
    found = figures(chosen, where=dict(where), indicator=RECORDED)
    return records(found.assign(unrecorded=unrecorded(found, chosen)))[0]
