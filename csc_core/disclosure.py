"""The only way out: what each audience may see of a figure.

A manager sees the true counts of their own scope. A commissioner, and anyone else, sees disclosed values. One rule for
now: below the county a count of 1 to 7 is withheld, and so is a share or a rate made of one. A zero is shown unless the
whole split holds fewer than 8, when it would place those few by elimination.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import pandas as pd

from csc_core.access import Scope
from csc_core.indicators.declaration import TIME
from csc_core.periods import Period
from csc_core.query import Where, indicator, query
from csc_core.snapshot import Snapshot

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
    frame = query(snapshot, indicator_id, scope=scope, period=period, by=by, where=where, annualised=annualised)
    frame["withheld"] = False
    county_total = not where and set(by) <= {"county", *TIME}
    if audience is Audience.MANAGER or county_total:
        return frame
    frame["withheld"] = _small(frame, share=indicator(indicator_id).unit == "%")
    frame.loc[frame["withheld"], ["numerator", "denominator", "value"]] = pd.NA
    frame.loc[frame["withheld"], "reason"] = WITHHELD
    return frame


def _small(frame: pd.DataFrame, share: bool) -> pd.Series:
    """Which rows are made of fewer than `LEAST` children or events."""
    counts = frame["numerator"]
    small = counts.between(1, LEAST - 1)
    if share:
        small |= frame["denominator"].between(1, LEAST - 1)
    elif 0 < counts.fillna(0).sum() < LEAST:
        small |= counts.notna()
    return small.fillna(False).astype(bool)
