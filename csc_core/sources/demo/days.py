"""Days as whole numbers (days since 1 January 1970), so that years of records are handled as plain arrays."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

import holidays
import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Words = NDArray[np.object_]

NEVER: Final = 1_000_000  # later than any day: not closed, not born, still there
YEARS: Final = range(2000, 2019)  # from before the oldest open case to after the last day
YEAR: Final = 365.25

# What share of an ordinary day's work comes in from Monday to Sunday; out of hours there is an emergency duty team.
WEEK: Final = (1.06, 1.04, 1.0, 1.0, 0.98, 0.14, 0.09)
SCHOOL_HOLIDAY: Final = 0.75
CHRISTMAS: Final = 0.5


def number(day: date) -> int:
    """The number of a day."""
    return day.toordinal() - date(1970, 1, 1).toordinal()


def iso(days: Ints) -> NDArray[np.str_]:
    """Days as ISO dates; '' for NEVER."""
    text = np.datetime_as_string(days.astype("datetime64[D]"))
    return np.where(days == NEVER, "", text)


def bank_holidays() -> Ints:
    """England's bank holidays in `YEARS`."""
    return np.array(sorted(number(day) for day in holidays.country_holidays("GB", subdiv="ENG", years=YEARS)), dtype=np.int64)


def _working_days() -> Ints:
    everyday = np.arange(number(date(YEARS[0], 1, 1)), number(date(YEARS[-1], 12, 31)) + 1)
    return everyday[(weekday(everyday) < 5) & ~np.isin(everyday, bank_holidays())]


def weekday(days: Ints) -> Ints:
    """0 for Monday to 6 for Sunday."""
    return (days + 3) % 7


WORKING: Final = _working_days()
"""Every working day: Monday to Friday less England's bank holidays. Working days are handled as positions in it."""


def position_from(days: Ints | int) -> Ints:
    """Position in WORKING of the first working day on or after each day."""
    return np.asarray(np.searchsorted(WORKING, days, "left"), dtype=np.int64)


def position_to(days: Ints | int) -> Ints:
    """Position in WORKING of the last working day on or before each day."""
    return np.asarray(np.searchsorted(WORKING, days, "right") - 1, dtype=np.int64)


@cache
def _school_holidays() -> tuple[Ints, Ints]:
    """First and last days, in order."""
    spells = pd.read_csv(str(files("csc_core") / "data" / "demo_school_holidays.csv"))
    first, last = (np.array([number(date.fromisoformat(day)) for day in spells[name]]) for name in ("first", "last"))
    return first, last


def in_school_holidays(days: Ints) -> Flags:
    """Whether each day lies in a school holiday of 2014 to 2017."""
    first, last = _school_holidays()
    spell = np.searchsorted(first, days, "right") - 1
    off: Flags = (spell >= 0) & (days <= last[spell])
    return off


def busyness(days: Ints, at_weekends: float = 1.0) -> Floats:
    """How much comes in on each day, 1 being an ordinary working day in term. `at_weekends` multiplies the days off."""
    weight = np.array(WEEK)[weekday(days)]
    day_off = (weekday(days) >= 5) | np.isin(days, bank_holidays())
    weight[day_off] = np.minimum(weight[day_off], WEEK[-2]) * at_weekends
    weight[in_school_holidays(days)] *= SCHOOL_HOLIDAY
    of_year = days - days.astype("datetime64[D]").astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    weight[(of_year == 0) | (of_year >= 357)] *= CHRISTMAS
    return weight


def draw_days(days: Ints, weights: Floats, at: Floats) -> Ints:
    """One of `days` for each number in [0, 1), the likelier the heavier."""
    return days[pick(weights, at)]


def between(earliest: Ints, latest: Ints, at: Floats) -> Ints:
    """A day (or position) from earliest to latest for each number in [0, 1), all as likely."""
    return earliest + np.floor(at * (latest - earliest + 1)).astype(np.int64)


def waiting_time(at: Floats) -> Floats:
    """Exponentially distributed with mean 1, for numbers in [0, 1)."""
    waits: Floats = -np.log1p(-at)
    return waits


def pick(shares: Floats, at: Floats) -> Ints:
    """Which share each number in [0, 1) falls in: a draw from a list of weights, made from numbers drawn before."""
    total: Floats = np.cumsum(shares)
    return np.asarray(np.searchsorted(total[:-1], at * total[-1], "right"), dtype=np.int64)
