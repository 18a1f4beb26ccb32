"""The legal status of looked-after children, from entry to care on, and how their time in care ended."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from csc_core.sources.demo.care_placements import drawn, quota_days
from csc_core.sources.demo.cases import Cases
from csc_core.sources.demo.days import NEVER, YEAR, Flags, Floats, Ints, Words
from csc_core.sources.demo.targets import LAST

PLACEMENT_ORDERS, REMANDED, PROTECTED = 41, 4, 2  # of the others on the last day: E1, J1, L1 or L2
REMAND_FROM: Final = 13.5  # years of age
REMAND_AT_MOST: Final = 150  # days
PROTECTED_FOR: Final = 8  # days, at most
SMALL: Final = 7.0  # years of age, up to which a child is placed for adoption
TO_FINAL_ORDER: Final = (160, 330)  # days under interim orders
BY_AGREEMENT_FIRST: Final = 0.45  # share of those with a care order who were accommodated by agreement at first
TO_INTERIM_ORDER: Final = (3, 120)  # days
TO_PLACEMENT_ORDER: Final = (30, 120)  # days before the child moves in with the new family

# How many of those who left were under each status at the end, by the days they had been in care: up to so many.
LEFT_AFTER: Final = ((60, {"V2": 0.85, "C1": 0.15}), (365, {"V2": 0.70, "C1": 0.30}), (NEVER, {"V2": 0.40, "C2": 0.60}))
LEFT_ON_REMAND: Final = 0.03  # share of young people

ENDS: Final = {"RC1": "E12", "RC2": "E2", "RC3": "E41", "RC4": "E45", "RC5": "E3"}  # by the reason for which the case closed
AT_18: Final = {"E17": 0.30, "E5": 0.33, "E6": 0.10, "E7": 0.07, "E8": 0.20}
BEFORE: Final = {"E4A": 0.58, "E4B": 0.16, "E13": 0.10, "E41": 0.04, "E47": 0.04, "E8": 0.08}


def last_status(cases: Cases, care: pd.DataFrame, rng: np.random.Generator) -> Words:
    """The status of each period of care (`care`: start, end, child, alone, placed) on its last day, or now.

    Of those looked after on the last day as many are under care orders, or accommodated by agreement, as `demo_care_days.csv` says.
    """
    start, end = care["start"].to_numpy(), care["end"].to_numpy()
    until = np.minimum(end, LAST)
    days, age = until - start, (until - cases.born[care["child"]]) / YEAR
    at = rng.random(len(care))
    status = np.full(len(care), "", dtype=object)
    for at_most, likely in reversed(LEFT_AFTER):
        status[days <= at_most] = drawn(likely, at)[days <= at_most]
    status[(end <= LAST) & (age > REMAND_FROM) & (days < REMAND_AT_MOST) & (rng.random(len(care)) < LEFT_ON_REMAND)] = "J1"
    status[(end <= LAST) & (care["placed"] < NEVER).to_numpy()] = "E1"
    status[care["alone"]] = "V2"
    now = np.flatnonzero(end > LAST)
    status[now] = _today(care.iloc[now], days[now], age[now], rng)
    return status


def _today(care: pd.DataFrame, days: Ints, age: Floats, rng: np.random.Generator) -> Words:
    quota = quota_days()[-1]
    if quota.care_order is None or quota.section_20 is None:
        raise ValueError("demo_care_days.csv gives no legal status for the last day.")
    status = np.full(len(care), "", dtype=object)
    turn = rng.random(len(care))
    alone, placed = care["alone"].to_numpy(), (care["placed"] < NEVER).to_numpy()

    def give(name: str, among: Flags, keys: Floats, count: int) -> None:
        rows = np.flatnonzero(among & (status == ""))
        if len(rows) < count:
            raise ValueError(f"{count} children are to be under legal status {name} on the last day, and {len(rows)} can be.")
        status[rows[np.argsort(keys[rows], kind="stable")[:count]]] = name

    others = len(care) - quota.care_order - quota.section_20
    give("L2", ~alone & (days < PROTECTED_FOR), turn, PROTECTED)
    give("J1", ~alone & (age > REMAND_FROM) & (days < REMAND_AT_MOST), turn, REMANDED)
    small = ~alone & (age - days / YEAR < SMALL) & (days > TO_FINAL_ORDER[1])
    give("E1", small, turn - 2.0 * placed, others - PROTECTED - REMANDED)
    # by agreement: those who came alone, then the older and the more recent ones
    by_agreement = turn + 0.9 * (days > YEAR) + 0.6 * (age < 10) - 5.0 * alone
    give("V2", ~placed, by_agreement, quota.section_20)
    return np.where(status == "", np.where(days < TO_FINAL_ORDER[0] + 60, "C1", "C2"), status)


def statuses(care: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Every legal status: period (row of `care`), status, start, end (days; NEVER while it lasts), in the order of period and start."""
    rows: list[tuple[int, str, int]] = []
    columns = care[["start", "end", "status", "placed"]].itertuples(index=False, name=None)
    final = rng.integers(*TO_FINAL_ORDER, len(care))
    first = rng.integers(*TO_INTERIM_ORDER, len(care))
    agreed, protected = rng.random(len(care)) < BY_AGREEMENT_FIRST, rng.random(len(care)) < 0.08
    wait = rng.integers(*TO_PLACEMENT_ORDER, len(care))
    for period, (start, end, status, placed) in enumerate(columns):
        days = min(end, LAST) - start
        path = [(status, 0)]
        if status in ("C1", "C2", "E1"):
            path = [("C1", 0)]
            if status != "C1":
                path.append(("C2", min(int(final[period]), days * 2 // 3)))
            if status == "E1":
                asked = placed - start - int(wait[period]) if placed < NEVER else days * 5 // 6
                path.append(("E1", max(min(asked, days - 1), path[-1][1] + 1)))
            interim = min(int(first[period]), path[1][1] // 2 if len(path) > 1 else days // 3)
            if agreed[period] and interim > 0:
                path = [("V2", 0), ("C1", interim), *path[1:]]
            elif protected[period] and min(interim, PROTECTED_FOR) > 0:
                path = [("L2", 0), ("C1", min(interim, PROTECTED_FOR)), *path[1:]]
        rows += [(period, name, start + after) for name, after in path]
    frame = pd.DataFrame(rows, columns=["period", "status", "start"])
    following = frame["start"].shift(-1).where(frame["period"].eq(frame["period"].shift(-1)))
    frame["end"] = following.fillna(care["end"].iloc[frame["period"]].reset_index(drop=True)).astype(np.int64)
    return frame[frame["start"] < frame["end"]].reset_index(drop=True)


def ended_because(cases: Cases, care: pd.DataFrame, close_reason: Words, adult: Ints, rng: np.random.Generator) -> Words:
    """Why each period of care ended, '' while it lasts. `close_reason` and `adult` (the 18th birthday) are by period."""
    end = care["end"].to_numpy()
    closed = cases.episodes["closed"].to_numpy()[care["case"]]
    reason = drawn(BEFORE, rng.random(len(care)))
    with_the_case = np.array([ENDS.get(code, "") for code in close_reason], dtype=object)
    reason = np.where((end == closed) & (with_the_case != ""), with_the_case, reason)
    reason = np.where(end >= adult, drawn(AT_18, rng.random(len(care))), reason)
    return np.where(end > LAST, "", reason)
