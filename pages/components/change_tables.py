"""The tables of the changes page: the parts of a movement, and the records of two snapshots."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from csc_core.changes import TOTAL, Movement
from csc_core.indicators import Indicator
from pages.components import state
from pages.components.cards import card
from pages.components.change_figures import moved, revised, revised_records
from pages.components.data import Row, records
from pages.components.downloads import about, download
from pages.components.links import Choices
from pages.components.words import NOTHING, capital, figure, missing, number, plain, when


def between_periods(chosen: Choices) -> None:
    """Why the figure moved from one period to the other."""
    asked, earlier, later = chosen.indicator, chosen.own_periods["from"], chosen.period
    if later.end <= earlier.end:
        st.info(f"Choose an earlier period that ends before {plain(later.label)} does: {plain(earlier.label)} does not.")
        return
    found = moved(chosen)
    if found.reason:
        st.info(plain(found.reason))
        return
    names = {"earlier": capital(when(asked, earlier)), "later": capital(when(asked, later))}
    _cards(found, asked, names)
    for note in found.notes:
        st.caption(plain(note))
    _parts(found, asked, names, "movement")


def _cards(found: Movement, asked: Indicator, names: dict[str, str]) -> None:
    """The figure then, now and the difference."""
    measures = set(found.rows["measure"])
    wanted = "value" if "value" in measures else "numerator"
    (whole,) = records(found.rows[(found.rows["measure"] == wanted) & (found.rows["part"] == TOTAL)])
    with st.container(horizontal=True, gap="small", key="cards_changes"):
        for name, label in names.items():
            card(label, figure(whole[name], asked), "", asked.definition)
        points = " points" if asked.unit == "%" else ""
        why = "" if missing(whole["reason"]) else str(whole["reason"])
        card("Difference", f"{_signed(whole['change'], asked.decimals)}{points}", "", why or "The later less the earlier.")


def _signed(value: object, decimals: int) -> str:
    if missing(value):
        return NOTHING
    text = number(value, decimals)
    return text if text.startswith("-") or not float(str(value)) else f"+{text}"


def _parts(found: Movement, asked: Indicator, names: dict[str, str], file: str) -> None:
    """A table for each measure: its parts, which add up to the last row."""
    titles = {"numerator": asked.numerator_words, "denominator": asked.denominator_words, "value": f"{asked.title} ({asked.unit})"}
    for measure, rows in found.rows.groupby("measure", sort=False):
        st.subheader(plain(titles[str(measure)]), anchor=False)
        decimals = asked.decimals if measure == "value" else 0 if _whole(rows) else 1
        table = {"Part": rows["title"].tolist()}
        for name, label in names.items():
            table[label] = [_cell(row, name, decimals) for row in records(rows)]
        table["Difference"] = ["withheld" if row["withheld"] else _signed(row["change"], decimals) for row in records(rows)]
        st.table(pd.DataFrame(table), hide_index=True)
        reasons = rows.loc[~rows["withheld"], "reason"].dropna().unique()
        if len(reasons):
            st.caption(plain(" ".join(reasons)))
    taken = found.rows.rename(columns=names).drop(columns="withheld")
    download("Download these parts (CSV)", lambda: taken.assign(**about(asked)), f"{asked.id}-{file}")


def _whole(rows: pd.DataFrame) -> bool:
    values = rows[["earlier", "later"]].stack().dropna()
    return bool((values % 1 == 0).all())


def _cell(row: Row, name: str, decimals: int) -> str:
    return "withheld" if row["withheld"] else number(row[name], decimals)


def between_snapshots(chosen: Choices) -> None:
    """What was added, removed and revised since an earlier load."""
    st.subheader("Since an earlier load", anchor=False)
    if "against" not in chosen.own:
        st.info("Only one snapshot is kept, so there is nothing to compare it with: load again, and this says what changed.")
        return
    found = revised(chosen)
    if isinstance(found, str):
        st.info(plain(found))
        return
    made = state.opening().own["against"]
    st.caption(
        f"{plain(chosen.indicator.title)}, {plain(when(chosen.indicator, chosen.period))}, in the older snapshot and in the one shown "
        f"({plain(state.snapshot().id)}). The same month can differ between loads: records come late, are corrected or are taken out. "
        "Their ids are on the command line: `python -m csc_core changes --snapshots`."
    )
    label = made.known[chosen.own["against"]] if hasattr(made, "known") else ""
    if found.reason:
        st.info(plain(found.reason))
    else:
        for note in found.notes:
            st.caption(plain(note))
        _parts(found, chosen.indicator, {"earlier": f"Older snapshot, made {label}", "later": "Snapshot shown"}, "revisions")
    rows = revised_records(chosen)
    table = pd.DataFrame({"Records": [capital(title) for title in rows["title"]]})
    for name in ("added", "removed", "revised"):
        table[capital(name)] = ["withheld" if missing(value) else number(value) for value in rows[name]]
    st.markdown("**All records of the two snapshots**")
    st.table(table, hide_index=True)
