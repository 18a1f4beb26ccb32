"""What a click costs, beside the same answer computed with plain pandas from the case tables.

The plain way has the tables checked, typed and in memory, and the postcode list as well. Both answers are compared before
they are timed: a fast wrong one is worth nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import holidays
import numpy as np
import pandas as pd

from benchmarks.demonstration import loaded, quiet
from benchmarks.measure import Measured, seconds
from csc_core.access import Scope
from csc_core.check import check
from csc_core.disclosure import Audience, read
from csc_core.facts import HIDDEN_ADDRESS
from csc_core.periods import Period, parse
from csc_core.snapshot import open_current
from csc_core.sources import demo
from geo.areas import CONFIDENTIAL, NOT_KNOWN
from geo.postcodes import locate

Tables = Mapping[str, pd.DataFrame]
CLOSED = np.array(sorted(holidays.country_holidays("GB", subdiv="ENG", years=range(2010, 2020))), dtype="datetime64[D]")


@dataclass(frozen=True)
class Question:
    """An indicator, split by one dimension, and the plain pandas that gives its numerators by member."""

    title: str
    indicator: str
    by: str
    period: str
    plain: Callable[[Tables, Period], pd.Series]


def within(days: pd.Series, period: Period) -> pd.Series:
    return days.between(pd.Timestamp(period.start), pd.Timestamp(period.end))


def placed(tables: Tables, rows: pd.DataFrame, key: str, day: str, level: str) -> pd.Series:
    """The area of the child's home on the day of each row."""
    homes = rows[[key, "person_id", day]].merge(tables["addresses"], on="person_id")
    homes = homes[homes["address_type"].fillna("HOME").isin(("HOME", *HIDDEN_ADDRESS))]
    homes = homes[(homes["address_start_date"] <= homes[day]) & ~(homes["address_end_date"] <= homes[day])]
    homes = homes.sort_values(["address_start_date", "table_id"], ascending=[False, True]).drop_duplicates(key).set_index(key)
    areas = locate(homes["address_postcode"])[level].mask(homes["address_type"].isin(HIDDEN_ADDRESS), CONFIDENTIAL)
    return rows[key].map(areas).fillna(NOT_KNOWN)


def referrals_by_district(tables: Tables, period: Period) -> pd.Series:
    rows = tables["cin_episodes"]
    rows = rows[within(rows["referral_date"], period)]
    return placed(tables, rows, "referral_id", "referral_date", "district").value_counts()


def re_referrals_by_quarter(tables: Tables, period: Period) -> pd.Series:
    rows = tables["cin_episodes"][["person_id", "referral_date"]].sort_values("referral_date")
    days = rows.drop_duplicates()
    days = days.assign(previous=days.groupby("person_id")["referral_date"].shift())
    rows = rows.merge(days, on=["person_id", "referral_date"])
    rows = rows[within(rows["referral_date"], period) & (rows["previous"] >= rows["referral_date"] - pd.DateOffset(years=1))]
    shifted = rows["referral_date"] - pd.DateOffset(months=3)  # the financial year's quarters
    return (shifted.dt.year.map(lambda y: f"{y}/{(y + 1) % 100:02d}") + "Q" + shifted.dt.quarter.astype(str)).value_counts()


def in_time_by_locality(tables: Tables, period: Period) -> pd.Series:
    rows = tables["cin_assessments"]
    rows = rows[within(rows["assessment_auth_date"], period)]
    started, ended = (rows[name].to_numpy(dtype="datetime64[D]") + 1 for name in ("assessment_start_date", "assessment_auth_date"))
    rows = rows[np.busday_count(started, ended, holidays=CLOSED) <= 45]
    return placed(tables, rows, "assessment_id", "assessment_auth_date", "locality").value_counts()


def open_cases_by_month(tables: Tables, period: Period) -> pd.Series:
    rows = tables["cin_episodes"]
    counts = {}
    for month in pd.period_range(period.start, period.end, freq="M"):
        last = month.end_time.normalize()
        open_then = (rows["referral_date"] <= last) & ~(rows["close_date"] <= last)
        counts[str(month)] = rows.loc[open_then, "person_id"].nunique()
    return pd.Series(counts)


QUESTIONS = (
    Question("referrals by postcode district, 12 months", "referrals", "district", "12m:2017-12", referrals_by_district),
    Question("re-referrals by quarter, 12 months", "re_referrals", "quarter", "12m:2017-12", re_referrals_by_quarter),
    Question("assessments in 45 days by locality, year to date", "assessments_in_45_days", "locality", "2017/18YTD", in_time_by_locality),
    Question("open cases by month, 12 months", "open_cases", "month", "12m:2017-12", open_cases_by_month),
)


def measure(data: Path) -> Sequence[Measured]:
    """Milliseconds of each question; nothing is kept from one click to the next."""
    snapshot = open_current(loaded(data))
    tables = check(demo.read(quiet), quiet).frames
    rows = []
    for asked in QUESTIONS:
        period = parse(asked.period, snapshot.as_at.date())

        def ours(asked: Question = asked, period: Period = period) -> pd.DataFrame:
            return read(snapshot, asked.indicator, scope=Scope.everything(), audience=Audience.MANAGER, period=period, by=[asked.by])

        def plain(asked: Question = asked, period: Period = period) -> pd.Series:
            return asked.plain(tables, period)

        here = ours().set_index(asked.by)["numerator"].astype(int)
        there = plain()
        if not here[here > 0].sort_index().equals(there[there > 0].sort_index().astype(here.dtype)):
            raise AssertionError(f"{asked.title}: the two answers differ\n{pd.DataFrame({'here': here, 'plain': there})}")
        fast, slow = seconds(ours), seconds(plain)
        rows.append(Measured(asked.title, f"{1000 * fast:.1f} ms", f"plain pandas {1000 * slow:.1f} ms", slow / fast))
    return rows
