"""What moved and what was revised, as the chosen audience may see it: the changes page's way to values, beside `data`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import streamlit as st

from csc_core.access import Scope
from csc_core.changes import Movement, movement
from csc_core.disclosure import LEAST, Audience
from csc_core.periods import Period
from csc_core.revisions import ADDED, REMOVED, REVISED, counts, figure_between, revisions
from csc_core.snapshot import Snapshot, Unavailable, kept, open_kept
from pages.components import state
from pages.components.data import SCOPE, folder
from pages.components.links import Choices

Kept = tuple[tuple[str, str], ...]  # filters that can be a cache's key


def moved(chosen: Choices) -> Movement:
    """How the chosen indicator moved from the page's own earlier period to the period."""
    filters = tuple(chosen.filters.items())
    earlier = chosen.own_periods["from"]
    return _moved(state.snapshot(), state.snapshot().id, SCOPE, chosen.indicator.id, chosen.audience, earlier, chosen.period, filters)


@st.cache_data(max_entries=200, show_spinner=False)
def _moved(
    _snapshot: Snapshot,
    snapshot_id: str,  # noqa: ARG001  the cache's key
    scope: Scope,
    indicator: str,
    audience: Audience,
    earlier: Period,
    later: Period,
    filters: Kept,
) -> Movement:
    where = {name: (id,) for name, id in filters}
    return movement(_snapshot, indicator, scope=scope, audience=audience, earlier=earlier, later=later, where=where)


def older(snapshot: Snapshot) -> dict[str, str]:
    """The snapshots kept that are older than the one shown, the newest first, with the moment each was made."""
    before = [id for id in kept(folder()) if id < snapshot.id]
    return {id: f"{datetime.strptime(id[:13], '%Y%m%dT%H%M').replace(tzinfo=UTC):%d %b %Y, %H:%M} UTC" for id in before}


def revised(chosen: Choices) -> Movement | str:
    """How the figure of the period differs between the older snapshot chosen and the one shown; a sentence when that cannot be told."""
    try:
        old = _older(folder(), chosen.own["against"])
    except Unavailable as error:
        return str(error)
    where = {name: (id,) for name, id in chosen.filters.items()}
    return figure_between(
        old, state.snapshot(), chosen.indicator.id, scope=SCOPE, audience=chosen.audience, period=chosen.period, where=where
    )


def revised_records(chosen: Choices) -> pd.DataFrame:
    """How many records of each kind were added, removed and revised: title, and each as a number or `None` where it is withheld."""
    return _records(folder(), chosen.own["against"], state.snapshot(), state.snapshot().id, SCOPE, chosen.audience)


@st.cache_data(max_entries=20, show_spinner="Comparing the two snapshots …")
def _records(data: Path, against: str, _snapshot: Snapshot, snapshot_id: str, scope: Scope, audience: Audience) -> pd.DataFrame:  # noqa: ARG001  the key
    rows = counts(revisions(_older(data, against), _snapshot, scope=scope)).drop(columns="kind")
    if audience is not Audience.MANAGER:
        rows[[ADDED, REMOVED, REVISED]] = rows[[ADDED, REMOVED, REVISED]].mask(rows[[ADDED, REMOVED, REVISED]].apply(_few))
    return rows


def _few(column: pd.Series) -> pd.Series:
    return column.between(1, LEAST - 1)


@st.cache_resource(max_entries=1, show_spinner="Opening the older snapshot …")
def _older(data: Path, id: str) -> Snapshot:
    return open_kept(data, id)
