"""Tables to take away. What a file is stands in columns of its own, on every row, and in its name: programs stumble over lines
above the heading, and rows get copied out of a file."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd
import streamlit as st

from csc_core.indicators import Indicator
from pages.components import state
from pages.components.header import filter_words

FORMULA = re.compile(r"[=@\t\r]|[+-](?![0-9.,]+%?$)")


def about(asked: Indicator | None = None) -> dict[str, str]:
    """The columns that say what a row is: of one indicator, when it has one."""
    chosen, snapshot = state.choices(), state.snapshot()
    said = {"indicator": asked.title, "unit": asked.unit, "definition": asked.definition} if asked else {}
    return {
        **said,
        "filters": filter_words(chosen),
        "seen_as": chosen.audience.value,
        "data_as_at": snapshot.as_at.isoformat(timespec="minutes"),
        "synthetic": "synthetic data: no real person" if snapshot.synthetic else "no",
    }


def csv(table: pd.DataFrame) -> bytes:
    """The table as Excel reads it too: UTF-8 with its mark, and no text that it would take for a formula."""
    texts = table.select_dtypes(["object", "string"]).columns
    safe = table.assign(**{str(name): table[name].map(_no_formula) for name in texts})
    return safe.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def _no_formula(cell: object) -> object:
    """A name from the records may begin like a formula: an apostrophe before it makes it text to Excel, as one typed there does."""
    return f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) else cell


def download(label: str, table: Callable[[], pd.DataFrame], name: str) -> None:
    """A link that saves the table, which is made when someone asks for it; the file's name says when the data are synthetic."""
    synthetic = "-synthetic" if state.snapshot().synthetic else ""
    st.download_button(
        label,
        lambda: csv(table()),
        f"{name}{synthetic}.csv",
        "text/csv",
        on_click="ignore",  # nothing on the page changes
        icon=":material/download:",
        type="tertiary",
    )
