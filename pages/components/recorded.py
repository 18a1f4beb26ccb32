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
from pages.components.words import capital, number

RECORDED = INDICATORS["factor_recorded"]


def own_place(chosen: Choices) -> dict[str, str]:
    """The filters, with the area selected among them."""
    return {**chosen.filters, chosen.level: chosen.area} if chosen.area else dict(chosen.filters)


def not_of_place(chosen: Choices) -> dict[str, str]:
    return {name: id for name, id in chosen.filters.items() if name not in LEVELS}


def unrecorded(rows: pd.DataFrame, chosen: Choices) -> pd.DataFrame:
    """Of rows of `RECORDED`: unrecorded, the % of assessments without a factor; unrecorded_note, which is `withheld` where it rests on
    few (for a commissioner also where few have none), `no figure` where there is none, and else empty."""
    without = rows["denominator"] - rows["numerator"]
    few = (without.between(1, LEAST - 1) & (chosen.audience is Audience.COMMISSIONER)).fillna(value=False).astype(bool)
    share = (100 - rows["value"]).mask(few)
    note = pd.Series("", index=rows.index, dtype="str").mask(share.isna(), "no figure").mask(rows["withheld"] | few, "withheld")
    return pd.DataFrame({"unrecorded": share, "unrecorded_note": note})


def share_words(row: Row, decimals: int = 0) -> str:
    """`12%`, `withheld` or `no figure`, of a row that has the columns of `unrecorded`."""
    return str(row["unrecorded_note"]) or f"{number(row['unrecorded'], decimals)}%"


def unrecorded_card(chosen: Choices) -> None:
    """The share without a factor, in the area selected or in all that the filters leave."""
    row = _row(chosen, own_place(chosen))
    label = "No factor recorded"
    if note := row["unrecorded_note"]:
        card(label, capital(note), "", WITHHELD if note == "withheld" else str(row["reason"]))
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
    words = {"withheld": "a share that is withheld", "no figure": "a share that is not known"}
    return words.get(row["unrecorded_note"]) or share_words(row, 1)


def _row(chosen: Choices, where: Mapping[str, str]) -> Row:
    found = figures(chosen, where=dict(where), indicator=RECORDED)
    return records(found.join(unrecorded(found, chosen)))[0]
