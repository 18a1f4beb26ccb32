"""What the synthetic county must look like: quotas for the rows to be made, never results.

`demo_months.csv` says for each month how many rows of each kind to make. They are chosen so that counting the rows gives the
figures that Devon County Council's performance report of March 2018 prints, and those that DfE published for the years before.
The product knows none of these numbers: it counts the rows. By column:

- enquiries, forwarded_open: enquiries to MASH; those forwarded although the child's case was already open (no referral follows)
- referrals, re_referrals, returns: all; with an earlier one within a year; of children last referred longer ago than that
- referrals_nfa: closed on the day with no further action
- reassessments: begun on cases already assessed
- assessments, in_time, closed_on_assessment: authorised; of these within 45 working days; with an outcome that closes the case
- open_cases, held: open on the last day of the month; of these with a case holder (the others are with staff who are not)
"""

from __future__ import annotations

import json
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
import pandas as pd

from csc_core.sources.demo.days import Floats, number

SEED: Final = 20171231
AS_AT: Final = datetime(2017, 12, 31, 23, 40)
COMPLETE_FROM: Final = date(2015, 4, 1)  # the year before is there for re-referrals and caseloads to have a history
LAST: Final = number(AS_AT.date())

ALREADY_OPEN: Final = 4560
"""Cases open when the records begin, in April 2014: their referral lies before, back to 2004."""


@dataclass(frozen=True)
class Month:
    """One row of `demo_months.csv`."""

    month: str
    enquiries: int
    forwarded_open: int
    referrals: int
    re_referrals: int
    returns: int
    referrals_nfa: int
    reassessments: int
    assessments: int
    in_time: int
    closed_on_assessment: int
    open_cases: int
    held: int

    @property
    def first(self) -> int:
        """The number of its first day."""
        return number(date(int(self.month[:4]), int(self.month[5:]), 1))

    @property
    def last(self) -> int:
        """The number of its last day."""
        return self.first + monthrange(int(self.month[:4]), int(self.month[5:]))[1] - 1


@cache
def months() -> tuple[Month, ...]:
    """The quotas of each month, April 2014 to December 2017."""
    return tuple(Month(*row) for row in table("months").itertuples(index=False, name=None))


def table(name: str) -> pd.DataFrame:
    """One of the files `data/demo_*.csv`; empty cells are ''."""
    return pd.read_csv(str(files("csc_core") / "data" / f"demo_{name}.csv"), keep_default_na=False)


@cache
def shares(name: str) -> tuple[tuple[str, ...], Floats]:
    """A list of `data/demo_shares.json`: its codes, and their weights."""
    listed: dict[str, float] = json.loads((files("csc_core") / "data" / "demo_shares.json").read_text("utf-8"))[name]
    return tuple(listed), np.array(list(listed.values()))


def stream(name: str) -> np.random.Generator:
    """Random numbers for one part of the county, so that what a new part draws leaves the others as they were."""
    return np.random.default_rng([SEED, *name.encode()])
