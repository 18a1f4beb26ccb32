"""The map's twin: every area in a row, ranked, to sort, to select and to take away as a file."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]  # ships no types
import streamlit as st

from csc_core.compare import AGAINST, MARKS
from pages.components import state
from pages.components.areas import KINDS
from pages.components.cards import made_of
from pages.components.data import Row, records
from pages.components.downloads import about, download
from pages.components.header import heading
from pages.components.links import Choices
from pages.components.recorded import share_words
from pages.components.theme import colours
from pages.components.words import capital, missing

ROW = 32
CLASSED = ("shown", "few")  # the rows with a bar
TALLEST = 514  # with the download beneath it, as tall as the map


def area_table(chosen: Choices, rows: pd.DataFrame) -> None:
    """Draw the rows (see areas.area_rows) that the filters leave; a row selected is an area chosen."""
    rows = rows[rows["kind"] != "outside"]
    ids = [str(area) for area in rows.index]
    key = state.table_key()
    st.dataframe(
        _columns(chosen, rows),
        height=min(TALLEST, ROW * len(rows) + 37),
        row_height=ROW,
        key=key,
        on_select=lambda: _picked(ids, key),
        selection_mode="single-row",
        selection_default={"selection": {"rows": [ids.index(chosen.area)] if chosen.area in ids else []}},
        placeholder="–",
        column_config=_config(chosen, rows),
        alt=f"Table of {heading(chosen)}",
    )
    download("Download this table (CSV)", lambda: to_take_away(chosen, rows), f"{chosen.indicator.id}-by-{chosen.level}")


def _picked(ids: list[str], key: str) -> None:
    picked = st.session_state[key].selection.rows
    state.choose_in_table(ids[picked[0]] if picked else None)


def _bar_label(chosen: Choices) -> str:
    if chosen.shown == "count":
        return capital(chosen.indicator.noun)
    return "%" if chosen.indicator.unit == "%" else capital(chosen.indicator.unit)


def _columns(chosen: Choices, rows: pd.DataFrame) -> pa.Table:
    """What the table shows, as Arrow: half of what the same frame would send."""
    asked = chosen.indicator
    each = records(rows)
    bars = rows["ranked"].where(rows["kind"].isin(CLASSED)).astype("float64")
    table: dict[str, Any] = {"Area": rows["title"].tolist(), _bar_label(chosen): pa.array(bars, pa.float32(), from_pandas=True)}
    if asked.unit == "%":
        table["Counted"] = [made_of(row, asked) for row in each]
    elif chosen.shown != "count":
        table[capital(asked.noun)] = pa.array(rows["numerator"], pa.int32())
    table["Note" if chosen.shown == "count" else "v Devon"] = [_note(chosen, row) for row in each]
    if chosen.issues:
        table["No factor"] = [share_words(row) for row in each]
    return pa.table(table)


def _note(chosen: Choices, row: Row) -> str:
    if chosen.shown == "count" or row["kind"] != "shown" or missing(row["versus"]):
        return KINDS[row["kind"]]
    return f"{MARKS[row['versus']]} {AGAINST[row['versus']].removeprefix('much ')}"


def _config(chosen: Choices, rows: pd.DataFrame) -> dict[str, Any]:
    asked, counts = chosen.indicator, chosen.shown == "count"
    highest = rows.loc[rows["kind"].isin(CLASSED), "ranked"].max()
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    return {
        "Area": text(width=120 if chosen.issues else 148),
        capital(asked.noun): number(format="localized", width=72, help=asked.numerator_words),
        "Counted": text(width=82 if chosen.issues else 92, help=f"{asked.numerator_words}, of {_lower(asked.denominator_words)}"),
        "v Devon": text(
            width=72 if chosen.issues else 84,
            help="▲▲ or ▼▼: differs from Devon at 99.8% confidence, ▲ or ▼: at 95%, ≈: no clear difference. Not under 20 events.",
        ),
        "Note": text(width=80),
        "No factor": text(width=66, help="The share of the area's assessments with no factor recorded: they are in no share of an issue."),
        # Last, because a count's bar has the name of the number that it replaces.
        _bar_label(chosen): st.column_config.ProgressColumn(
            format="localized" if counts else "%.1f" if asked.unit == "%" else "%.0f",
            min_value=0,
            max_value=float(highest) if pd.notna(highest) and highest > 0 else 1.0,
            width=140 if counts else 76 if chosen.issues else 92,
            color=colours().circle,
        ),
    }


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def to_take_away(chosen: Choices, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with everything known of them, unrounded, and what they are."""
    asked, period = chosen.indicator, chosen.period
    found = pd.DataFrame(
        {
            "area_id": [str(area) for area in rows.index],
            "area": rows["title"].to_numpy(),
            "numerator": rows["numerator"].to_numpy(),
            "denominator": rows["denominator"].to_numpy(),
            "value": rows["value"].to_numpy(),
            "low_95": rows["low"].to_numpy(),
            "high_95": rows["high"].to_numpy(),
            "compared_with_devon": ["" if missing(step) else AGAINST[step] for step in rows["versus"]],
            "note": [KINDS[row["kind"]] if missing(row["reason"]) else row["reason"] for row in records(rows)],
            "areas": chosen.level,
            "period": period.label,
            "from": (period.end if asked.stock else period.start).isoformat(),
            "to": period.end.isoformat(),
        }
    )
    if chosen.issues:
        found["percent_no_factor_recorded"] = rows["unrecorded"].to_numpy()
        found["no_factor_recorded_note"] = rows["unrecorded_note"].to_numpy()
    return found.assign(**about(asked))
