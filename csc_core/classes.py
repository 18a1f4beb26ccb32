"""The classes a map is coloured by: fixed for an indicator and a level, so that colours do not move with the month.

They are fifths of the areas' values over every twelve months that end with a quarter, rounded to numbers people can
read. A rate over part of a year uses the same classes times its share of the year.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date

import pandas as pd

from csc_core.access import Scope
from csc_core.indicators import Indicator
from csc_core.periods import Period, quarter, window
from csc_core.query import QueryError, Where, query
from csc_core.snapshot import Snapshot
from csc_core.statistics import FEWEST_EVENTS

FEWEST_AREAS_FOR_FIVE = 20


def is_rated(frame: pd.DataFrame, asked: Indicator) -> pd.Series:
    """Rows steady enough to be ranked and classed: a value, and at least 20 events behind it."""
    events = frame["numerator"] if asked.unit != "%" else frame["denominator"]
    return frame["value"].notna() & (events >= FEWEST_EVENTS).fillna(False)


def year_breaks(snapshot: Snapshot, asked: Indicator, level: str, where: Where | None = None) -> list[float]:
    """The upper bounds of all classes but the last, for a period of twelve months; ascending, empty when there is too little.

    Four bounds (five classes) where a level has many areas, two (three classes) where it has few. `where` names the issue
    where the indicator needs one: each issue has classes of its own.
    """
    if asked.unit == "count":
        raise QueryError("A count has no classes: it is drawn as circles.")
    if asked.numerator_only and not {*(where or {})} & {*asked.numerator_only}:
        raise QueryError("Each issue has classes of its own: choose one.")
    values = pd.concat([_values(snapshot, asked, level, end, where) for end in _year_ends(snapshot)] or [pd.Series(dtype="Float64")])
    shares = [0.2, 0.4, 0.6, 0.8] if values.groupby(level=0).ngroups >= FEWEST_AREAS_FOR_FIVE else [1 / 3, 2 / 3]
    if values.empty:
        return []
    wanted = [float(values.quantile(share)) for share in shares]
    for step in _steps(float(values.max() - values.min())):
        bounds = sorted({round(round(bound / step) * step, 6) for bound in wanted} - {0.0})
        if len(bounds) == len(wanted):
            return bounds
    return sorted(set(wanted) - {0.0})


def breaks_for(breaks: list[float], asked: Indicator, period: Period) -> list[float]:
    """The year's bounds for a period of another length: a rate's shrink or grow with the months, a percentage's stay."""
    if asked.unit != "per 10,000" or asked.stock:
        return breaks
    return [bound * period.months / 12 for bound in breaks]


def _values(snapshot: Snapshot, asked: Indicator, level: str, end: date, where: Where | None) -> pd.Series:
    frame = query(snapshot, asked.id, scope=Scope.everything(), period=window(12, end), by=[level], where=where)
    return frame[is_rated(frame, asked)].set_index(level)["value"]


def _year_ends(snapshot: Snapshot) -> list[date]:
    """The last day of each quarter with twelve whole months of records before it."""
    ends, day = [], snapshot.complete_from
    while (period := quarter(day)).end <= snapshot.as_at.date():
        if window(12, period.end).start >= snapshot.complete_from:
            ends.append(period.end)
        day = date.fromordinal(period.end.toordinal() + 1)
    return ends


def _steps(spread: float) -> Iterator[float]:
    """Round numbers to round to, from about a twentieth of the spread down to a thousandth: 20, 10, 5, 2, 1, 0.5 ..."""
    size = 10.0 ** math.ceil(math.log10(spread)) if spread > 0 else 1.0
    for factor in (step * size / power for power in (10, 100, 1_000) for step in (5, 2, 1)):
        if factor <= spread / 20 or spread == 0:
            yield factor
