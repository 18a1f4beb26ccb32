"""The only way out: what each audience may see of a figure.

A manager sees the true counts of their own scope. A commissioner, and anyone else, sees disclosed values. One rule for
now: below the county a count of 1 to 7 is withheld, and so is a share or a rate made of one. A zero is shown unless the
whole split holds fewer than 8, when it would place those few by elimination. Of issues a commissioner sees the named groups
and single factors, never a mix of their own: mixes can be subtracted from each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import pandas as pd

from csc_core.access import Scope
from csc_core.dimensions import titles
from csc_core.indicators import Indicator
from csc_core.indicators.declaration import TIME
from csc_core.periods import Period
from csc_core.query import AllOf, QueryError, Where, indicator, query, rows_by
from csc_core.snapshot import Snapshot

__all__ = ["LEAST", "WITHHELD", "AllOf", "Audience", "read", "refuse_mixes"]

LEAST = 8
WITHHELD = f"Withheld: fewer than {LEAST}"


class Audience(StrEnum):
    """Who is looking: true values of a scope for a `manager`, disclosed values for a `commissioner`."""

    MANAGER = "manager"
    COMMISSIONER = "commissioner"


def read(
    snapshot: Snapshot,
    indicator_id: str,
    *,
    scope: Scope,
    audience: Audience,
    period: Period,
    by: Sequence[str] = (),
    where: Where | None = None,
    annualised: bool = False,
) -> pd.DataFrame:
    """The rows of `csc_core.query.query` as the audience may see them, with a `withheld` column (bool).

    A withheld row keeps its ids and says so in `reason`; its numerator, denominator and value are NA. Raises QueryError.
    """
    asked = indicator(indicator_id)
    if audience is Audience.COMMISSIONER:
        refuse_mixes(asked, where)
    frame = query(snapshot, indicator_id, scope=scope, period=period, by=by, where=where, annualised=annualised)
    frame["withheld"] = False
    split = rows_by(asked, by, where)
    county_total = not where and set(split) <= {"county", *TIME}
    if audience is Audience.MANAGER or county_total:
        return frame
    overlapping = [name for name in split if name in asked.numerator_only]
    small = _small(frame, asked.unit == "%", overlapping)
    if overlapping and asked.unit != "%" and _all_few(snapshot, asked, scope, period, where):
        small |= frame["numerator"].notna()
    frame["withheld"] = small
    frame.loc[small, ["numerator", "denominator", "value"]] = pd.NA
    frame.loc[small, "reason"] = WITHHELD
    return frame


def refuse_mixes(asked: Indicator, where: Where | None) -> None:
    """Raises QueryError for a commissioner's filter by more than one issue."""
    for name, ids in (where or {}).items():
        if name in asked.numerator_only and len(set(ids)) > 1:
            raise QueryError("A mix of several issues is shown to managers only: choose one group of issues, or one issue.")


def _small(frame: pd.DataFrame, share: bool, overlapping: list[str]) -> pd.Series:
    """Which rows are made of fewer than `LEAST` children or events; the rows of each issue are a split of their own."""
    counts = frame["numerator"]
    small = (counts > 0) & (counts < LEAST)  # not from 1: half a post is few too
    if share:
        small |= (frame["denominator"] > 0) & (frame["denominator"] < LEAST)
    elif overlapping:
        small |= counts.notna() & frame.groupby(overlapping, sort=False)["numerator"].transform("sum").between(1, LEAST - 1)
    elif 0 < counts.fillna(0).sum() < LEAST:
        small |= counts.notna()
    return small.fillna(False).astype(bool)


def _all_few(snapshot: Snapshot, asked: Indicator, scope: Scope, period: Period, where: Where | None) -> bool:
    """Whether the rows of an overlapping split rest on fewer than `LEAST` events together; their sum would count some twice."""
    name = asked.numerator_only[0]
    any_of = where if {*(where or {})} & {*asked.numerator_only} else {**(where or {}), name: list(titles(snapshot, name))}
    (whole,) = query(snapshot, asked.id, scope=scope, period=period, where=any_of)["numerator"]
    return bool(pd.notna(whole) and 0 < whole < LEAST)
