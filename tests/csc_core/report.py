"""A figure of the council's report of March 2018 beside the same figure counted from the demonstration's records."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from csc_core.access import Scope
from csc_core.periods import parse
from csc_core.query import query
from csc_core.snapshot import Snapshot


def printed(value: float, precision: str) -> Decimal:
    """The value at the precision of a printed figure, rounded half up once."""
    return Decimal(repr(float(value))).quantize(Decimal(precision), ROUND_HALF_UP)


def ask(snapshot: Snapshot, id: str, period: str, by: str | None = None) -> pd.DataFrame:
    return query(snapshot, id, scope=Scope.everything(), period=parse(period, snapshot.as_at.date()), by=[by] if by else [])


def value(snapshot: Snapshot, id: str, period: str) -> float:
    (only,) = ask(snapshot, id, period)["value"]
    return float(only)
