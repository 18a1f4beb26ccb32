"""The monthly workbook to take away, made when someone asks for it: it takes some seconds."""

from __future__ import annotations

import streamlit as st

from csc_core.periods import PeriodError
from csc_core.reporting_month import reporting_month
from csc_core.workbook import make
from pages.components import state
from pages.components.words import plain


def workbook() -> None:
    """Every indicator over the thirteen months that end with the chosen period, as the chosen audience may see it."""
    chosen, snapshot = state.choices(), state.snapshot()
    try:
        month = reporting_month(snapshot, f"{chosen.period.end:%Y-%m}")
    except PeriodError as error:
        st.caption(f"No workbook: {plain(str(error))}")
        return
    synthetic = "-synthetic" if snapshot.synthetic else ""
    st.download_button(
        f"Download the workbook of {month.end:%B %Y} (Excel)",
        lambda: make(snapshot, month, chosen.audience, lambda what, share: None),
        f"workbook-{month.id}-{chosen.audience.value}{synthetic}.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        on_click="ignore",
        icon=":material/table_view:",
        help="All indicators for the whole county, home localities and teams, over thirteen months, with definitions. The filters do not "
        "change it. It is made when you click, which takes some seconds.",
    )
