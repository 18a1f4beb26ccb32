"""A count that is given part by part: how many there are of each, and which share of the whole that is."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from csc_core.compare import shares
from csc_core.dimensions import DIMENSIONS, titles
from csc_core.indicators import Indicator
from pages.components import state
from pages.components.data import figures, records
from pages.components.downloads import about, download
from pages.components.links import Choices
from pages.components.theme import colours
from pages.components.words import NOTHING, missing, plain, when


def is_in_parts(asked: Indicator) -> bool:
    return bool(asked.drawn_with) and asked.denominator is None


def parts_table(chosen: Choices, asked: Indicator, where: Mapping[str, str] | None = None) -> None:
    """The parts of an indicator (its `drawn_with`) under the filters chosen, or under `where`; as a table and as a file."""
    split = figures(chosen, asked.drawn_with, where=where, indicator=asked)
    whole = figures(chosen, where=where, indicator=asked)
    if split["numerator"].isna().all() and not split["withheld"].any():
        st.info(plain(str(split["reason"].dropna().iloc[0])))
        return
    known = titles(state.snapshot(), asked.drawn_with)
    rows = split.assign(title=[known.get(id, id) for id in split[asked.drawn_with]], share=shares(split, whole))
    heading = DIMENSIONS[asked.drawn_with].title
    st.dataframe(
        pd.DataFrame(
            {
                heading: rows["title"],
                "Children": rows["numerator"],
                "% of all": rows["share"].astype("float64"),
                "Note": ["withheld" if row["withheld"] else "" for row in records(rows)],
            }
        ),
        hide_index=True,
        placeholder=NOTHING,
        alt=f"Table of {asked.title}",
        column_config={
            "Children": st.column_config.NumberColumn(format="localized", help=asked.numerator_words),
            "% of all": st.column_config.ProgressColumn(
                format="%.1f", min_value=0, max_value=100, color=colours().circle, help=f"Share of all {asked.noun}, not known included"
            ),
        },
    )
    download("Download this table (CSV)", lambda: _file(chosen, asked, rows), f"{asked.id}-in-parts")


def _file(chosen: Choices, asked: Indicator, rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            f"{asked.drawn_with}_id": rows[asked.drawn_with],
            asked.drawn_with: rows["title"],
            "children": rows["numerator"],
            "percent_of_all": rows["share"],
            "note": ["" if missing(reason) else reason for reason in rows["reason"]],
            "period": when(asked, chosen.period),
        }
    ).assign(**about(asked))
