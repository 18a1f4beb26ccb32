"""The snapshot that is shown, and figures of it as the chosen audience may see them. The pages' one way to values."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from csc_core import disclosure
from csc_core.access import Scope
from csc_core.classes import breaks_for, year_breaks
from csc_core.compare import beside_county
from csc_core.disclosure import Audience
from csc_core.indicators import INDICATORS, Indicator
from csc_core.periods import Period
from csc_core.snapshot import Snapshot, Unavailable, current_id, open_current
from pages.components import state
from pages.components.links import Choices
from pages.components.words import plain

Row = Mapping[str, Any]  # of figures: their columns by name
SCOPE = Scope.everything()  # until people sign in
_LOADING = threading.Lock()


def ready() -> Snapshot:
    """The current snapshot, in memory. The first start of all loads the demonstration; what cannot be shown ends the page."""
    data = Path(os.environ.get("CSC_DATA") or "data")
    try:
        if not any((data / "snapshots").glob("[0-9]*")):
            _load_demonstration(data)
        current = _open(data, current_id(data))
    except Unavailable as error:
        st.error(plain(str(error)))
        st.stop()
    if not current.synthetic:
        st.error(
            "These data are records of real people, and this app has no sign-in yet, so it does not show them: use the command "
            "line, or load the demonstration with `python -m csc_core load demo`."
        )
        st.stop()
    return current


@st.cache_resource(max_entries=2, show_spinner="Opening the data …")
def _open(data: Path, current: str | None) -> Snapshot:  # noqa: ARG001  a new snapshot has a new id: `current` is the cache's key
    return open_current(data)


def _load_demonstration(data: Path) -> None:
    from csc_core.load import load_demo  # heavy, and needed once

    def progress(what: str, share: float) -> None:
        bar.progress(min(max(share, 0.0), 1.0), plain(what))

    with _LOADING:  # whoever comes second finds it loaded
        if any((data / "snapshots").glob("[0-9]*")):
            return
        st.subheader("Loading the demonstration county", anchor=False)
        st.caption("There are no data yet. This happens once and takes less than a minute.")
        bar = st.progress(0.0)
        load_demo(data, progress)
    st.rerun()


def figures(
    choices: Choices,
    *by: str,
    where: Mapping[str, str] | None = None,
    indicator: Indicator | None = None,
    period: Period | None = None,
    annualised: bool = False,
) -> pd.DataFrame:
    """The rows of csc_core.disclosure.read for what is chosen, with low and high (the 95% interval, see csc_core.compare);
    `where` replaces the chosen filters."""
    filters = choices.filters if where is None else where
    asked, span = indicator or choices.indicator, period or choices.period
    kept = tuple(sorted(filters.items()))
    return _read(state.snapshot(), state.snapshot().id, SCOPE, asked.id, choices.audience, span, by, kept, annualised)


def records(rows: pd.DataFrame) -> list[Row]:
    """Rows one by one; a dict of each, since a frame takes long to give a Series of each."""
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


@st.cache_data(max_entries=1000, show_spinner=False)
def _read(
    _snapshot: Snapshot,
    snapshot_id: str,  # noqa: ARG001  the cache's key
    scope: Scope,
    indicator: str,
    audience: Audience,
    period: Period,
    by: tuple[str, ...],
    where: tuple[tuple[str, str], ...],
    annualised: bool,
) -> pd.DataFrame:
    filters = {name: [id] for name, id in where}
    frame = disclosure.read(
        _snapshot, indicator, scope=scope, audience=audience, period=period, by=by, where=filters, annualised=annualised
    )
    return beside_county(frame, None, INDICATORS[indicator])


def breaks(choices: Choices) -> list[float]:
    """The bounds between the map's classes for the chosen indicator, level and length of period."""
    year = _year_breaks(state.snapshot(), state.snapshot().id, choices.indicator.id, choices.level)
    return breaks_for(year, choices.indicator, choices.period)


@st.cache_data(max_entries=100, show_spinner=False)
def _year_breaks(_snapshot: Snapshot, snapshot_id: str, indicator: str, level: str) -> list[float]:  # noqa: ARG001  the cache's key
    return year_breaks(_snapshot, INDICATORS[indicator], level)
