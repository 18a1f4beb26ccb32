"""The snapshot that is shown, and figures of it as the chosen audience may see them. The pages' one way to values."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar

import pandas as pd
import streamlit as st

from csc_core import disclosure
from csc_core.access import Scope
from csc_core.classes import breaks_for, year_breaks
from csc_core.co_occurrence import Kind, Together, commonest, matrix
from csc_core.compare import Figure, Standing, Targets, beside_county, months, ranked_issues, read_targets, standing
from csc_core.disclosure import AllOf, Audience
from csc_core.funnel import funnel
from csc_core.indicators import INDICATORS, Indicator
from csc_core.periods import Period
from csc_core.snapshot import Snapshot, Unavailable, current_id, open_current
from csc_core.stability import Distribution, by_locality, distribution
from pages.components import state
from pages.components.links import Choices
from pages.components.openings import latest_year
from pages.components.words import plain

Filters = tuple[tuple[str, tuple[str, ...], bool], ...]  # a `where` that can be a cache's key; True: all of the ids
Answer = TypeVar("Answer")
Row = Mapping[str, Any]  # of figures: their columns by name
SCOPE = Scope.everything()  # until people sign in
_LOADING = threading.Lock()


def folder() -> Path:
    """The data folder: snapshots, and what a council puts beside them."""
    return Path(os.environ.get("CSC_DATA") or "data")


def ready() -> Snapshot:
    """The current snapshot, in memory. The first start of all loads the demonstration; what cannot be shown ends the page."""
    data = folder()
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
    `where` replaces the chosen filters, but not the issues chosen, which are part of what is asked."""
    filters = choices.filters if where is None else where
    asked, span = indicator or choices.indicator, period or choices.period
    selects = choices.selects if asked.numerator_only else {}
    kept = _hashable({**{name: (id,) for name, id in filters.items()}, **selects})
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
    where: Filters,
    annualised: bool,
) -> pd.DataFrame:
    frame = disclosure.read(
        _snapshot, indicator, scope=scope, audience=audience, period=period, by=by, where=_where(where), annualised=annualised
    )
    return beside_county(frame, None, INDICATORS[indicator])


def standing_of(choices: Choices, asked: Indicator, where: Mapping[str, str] | None = None) -> tuple[Standing, tuple[Figure, ...]]:
    """How an indicator stands (csc_core.compare.Standing), and its thirteen months; `where` adds to the chosen filters."""
    kept = _hashable({name: (id,) for name, id in {**choices.filters, **(where or {})}.items()})
    found = targets()
    return _standing(state.snapshot(), found, state.snapshot().id, repr(found), SCOPE, asked.id, choices.audience, choices.period, kept)


@st.cache_data(max_entries=1000, show_spinner=False)
def _standing(
    _snapshot: Snapshot,
    _targets: Targets,
    snapshot_id: str,  # noqa: ARG001  the cache's key
    targets_key: str,  # noqa: ARG001  the cache's key
    scope: Scope,
    indicator: str,
    audience: Audience,
    period: Period,
    where: Filters,
) -> tuple[Standing, tuple[Figure, ...]]:
    filters = _where(where)
    shown = months(_snapshot, indicator, scope=scope, audience=audience, period=period, where=filters)
    stands = standing(
        _snapshot, indicator, scope=scope, audience=audience, period=period, targets=_targets, where=filters, known=shown
    )
    return stands, shown


def targets() -> Targets:
    """The council's targets, read anew each time: the file may be edited while the app runs."""
    return read_targets(folder())


def breaks(choices: Choices) -> list[float]:
    """The bounds between the map's classes for the chosen indicator, level and length of period."""
    selects = _hashable(choices.selects)
    year = _year_breaks(state.snapshot(), state.snapshot().id, choices.indicator.id, choices.level, selects)
    return breaks_for(year, choices.indicator, choices.period)


@st.cache_data(max_entries=100, show_spinner=False)
def _year_breaks(_snapshot: Snapshot, snapshot_id: str, indicator: str, level: str, where: Filters) -> list[float]:  # noqa: ARG001  the key
    return year_breaks(_snapshot, INDICATORS[indicator], level, _where(where))


def issues_ranked(choices: Choices, where: Mapping[str, str], period: Period | None = None) -> pd.DataFrame:
    """The rows of csc_core.compare.ranked_issues for the chosen audience."""
    return answered(ranked_issues, choices, where, period)


def commonest_group(snapshot: Snapshot) -> str:
    """The group of issues that most assessments of the latest twelve months carry, in the whole county."""
    period = latest_year(snapshot.as_at.date())
    ranked = _answer(ranked_issues, snapshot, _name(ranked_issues), snapshot.id, SCOPE, Audience.COMMISSIONER, period, (), ())
    return str(ranked["factor_group"].iloc[0])


def issues_together(choices: Choices, where: Mapping[str, str], size: Literal[1, 2, 3], kind: Kind = "factor_group") -> Together:
    """The pairs (2) or trios (3) of csc_core.co_occurrence for the chosen audience and period; with 1 its matrix."""
    return answered(matrix, choices, where, kind=kind) if size == 1 else answered(commonest, choices, where, kind=kind, size=size)


def followed(choices: Choices) -> pd.DataFrame:
    """The rows of csc_core.funnel for what is chosen."""
    return answered(funnel, choices, choices.filters)


def spread(choices: Choices, aspect: str) -> tuple[Distribution, pd.DataFrame]:
    """How children spread over an aspect of their period of care, and the quartiles of each home locality (csc_core.stability)."""
    filters = choices.filters
    return answered(distribution, choices, filters, aspect=aspect), answered(by_locality, choices, filters, aspect=aspect)


def answered(
    asked: Callable[..., Answer], choices: Choices, where: Mapping[str, str], period: Period | None = None, **more: Hashable
) -> Answer:
    """What a function of csc_core says of what is chosen, kept for all who ask the same: `asked` takes the snapshot, scope, audience,
    period and where, and `more` of its own."""
    kept, snapshot = _hashable({name: (id,) for name, id in where.items()}), state.snapshot()
    span, own = period or choices.period, tuple(sorted(more.items()))
    found: Answer = _answer(asked, snapshot, _name(asked), snapshot.id, SCOPE, choices.audience, span, kept, own)
    return found


def _name(asked: Callable[..., Any]) -> str:
    """What tells one function of csc_core from every other."""
    return f"{asked.__module__}.{asked.__qualname__}"


@st.cache_data(max_entries=1000, show_spinner=False)
def _answer(
    _asked: Callable[..., Any],
    _snapshot: Snapshot,
    name: str,  # noqa: ARG001  the cache's key: the name of what is asked
    snapshot_id: str,  # noqa: ARG001  the cache's key
    scope: Scope,
    audience: Audience,
    period: Period,
    where: Filters,
    more: tuple[tuple[str, Hashable], ...],
) -> Any:
    return _asked(_snapshot, scope=scope, audience=audience, period=period, where=_where(where), **dict(more))


def _hashable(where: Mapping[str, tuple[str, ...]]) -> Filters:
    return tuple(sorted((name, tuple(ids), isinstance(ids, AllOf)) for name, ids in where.items()))


def _where(kept: Filters) -> dict[str, tuple[str, ...]]:
    return {name: AllOf(ids) if all_of else ids for name, ids, all_of in kept}
