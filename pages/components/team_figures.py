"""Figures of teams and workers as the chosen audience may see them: the teams page's way to values, beside `data`."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from csc_core import hierarchy
from csc_core import workers as by_worker
from csc_core.access import Scope
from csc_core.caseload import spread
from csc_core.disclosure import Audience
from csc_core.overdue import KINDS, Overdue, overdue_now
from csc_core.periods import Period
from csc_core.snapshot import Snapshot
from pages.components import state
from pages.components.data import SCOPE, figures
from pages.components.links import Choices


def team_rows(chosen: Choices, level: str) -> pd.DataFrame:
    """The rows of `figures` for a level of csc_core.hierarchy.LEVELS: those below the filters, and any other in which something is."""
    rows = figures(chosen, level)
    there = set(hierarchy.below(state.snapshot(), level, chosen.filters))
    occurs = rows["withheld"] | (rows["numerator"] > 0).fillna(value=False) | (rows["denominator"] > 0).fillna(value=False)
    return rows[rows[level].isin(there) | occurs].reset_index(drop=True)


def caseloads(chosen: Choices) -> pd.DataFrame:
    """The rows of csc_core.caseload.spread, team by team, of the teams that the filters leave."""
    named = tuple((name, id) for name, id in chosen.filters.items() if name in hierarchy.LEVELS)
    return _spread(state.snapshot(), state.snapshot().id, SCOPE, chosen.audience, chosen.period, named)


@st.cache_data(max_entries=100, show_spinner=False)
def _spread(
    _snapshot: Snapshot,
    snapshot_id: str,  # noqa: ARG001  the cache's key
    scope: Scope,
    audience: Audience,
    period: Period,
    named: tuple[tuple[str, str], ...],
) -> pd.DataFrame:
    within = Scope({**scope.limits, **{name: frozenset({id}) for name, id in named}})
    return spread(_snapshot, scope=within, audience=audience, period=period)


def late(chosen: Choices, kind: str) -> Overdue:
    """What of a kind is overdue now, one by one. Never kept in a cache: it names children."""
    where = {name: (id,) for name, id in chosen.filters.items() if name in KINDS[kind].dimensions}
    return overdue_now(state.snapshot(), kind, scope=SCOPE, audience=chosen.audience, where=where)


def today() -> Period:
    """The day the data go up to."""
    day = state.snapshot().as_at.date()
    return Period(f"{day}", day, day)


def workers(chosen: Choices) -> by_worker.Workers:
    """The workers of the team filtered by. Never kept in a cache."""
    asked, team = chosen.indicator, chosen.filters["team"]
    return by_worker.workers(state.snapshot(), asked, scope=SCOPE, audience=chosen.audience, period=chosen.period, team=team)
