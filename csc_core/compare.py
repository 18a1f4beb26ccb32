"""A figure beside another: its interval, and whether it differs from the county by more than chance."""

from __future__ import annotations

from typing import Any

import pandas as pd

from csc_core.classes import is_rated
from csc_core.indicators import Indicator
from csc_core.statistics import Z95, Z998, interval

# From far below to far above the county; the words describe and do not judge.
AGAINST = {-2: "much lower", -1: "lower", 0: "similar", 1: "higher", 2: "much higher"}
MARKS = {-2: "▼▼", -1: "▼", 0: "≈", 1: "▲", 2: "▲▲"}


def beside_county(frame: pd.DataFrame, county: float | None, asked: Indicator) -> pd.DataFrame:
    """Add low and high (the 95% interval) and versus (-2 to 2, NA where nothing can be said) to disclosed rows.

    versus is -1 or 1 when the 95% interval of the area lies wholly below or above the county's value, -2 or 2 when the
    99.8% interval does, and 0 otherwise (the method of OHID's Fingertips). Areas under 20 events are not compared.
    """
    usual = interval(frame["numerator"], frame["denominator"], asked.unit, Z95)
    wide = interval(frame["numerator"], frame["denominator"], asked.unit, Z998)
    out = frame.assign(low=usual["low"], high=usual["high"], versus=pd.array([pd.NA] * len(frame), dtype="Int64"))
    if county is None or asked.unit == "count":
        return out
    rated = is_rated(frame, asked) & usual["low"].notna()
    out.loc[rated, "versus"] = 0
    for limits, step in ((usual, 1), (wide, 2)):
        out.loc[rated & (limits["low"] > county).fillna(False), "versus"] = step
        out.loc[rated & (limits["high"] < county).fillna(False), "versus"] = -step
    return out


def change(now: Any, before: Any) -> int | None:
    """How many more (or fewer) than before; None where either is missing."""
    return None if pd.isna(now) or pd.isna(before) else int(now) - int(before)
