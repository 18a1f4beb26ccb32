"""Where looked-after children live: from one placement to the next, as often as `data/demo_care_days.csv` says, and how far away.

For each day of that file it says how many of the children looked after have had two placements in the twelve months to it, and
three or more. The latest twelve months are written first: what falls into them of an earlier count is then known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from csc_core.sources.demo.cases import Cases
from csc_core.sources.demo.days import NEVER, YEAR, Flags, Floats, Ints, Words, number, pick
from csc_core.sources.demo.homes import Homes
from csc_core.sources.demo.targets import LAST, table
from geo.postcodes import coordinates, county_postcodes

APART: Final = 4  # days from one move to the next, at least
LONG: Final = 913  # days after which a child is expected to have settled
SETTLED: Final = 0.58  # share of those in care for so long who have, ...
SETTLES_BY: Final = 240  # ... so many days after entry
STABLE: Final = 0.68  # of those looked after on the last day, under 16 and for so long: who have not moved in ...
STABLE_FOR: Final = 730  # ... so many days
# How readily a child moves against others: settled, and stable on the last day; not settled after long, and if it must move now.
FEWEST, NEVER_MOVES, RESTLESS, MUST_MOVE = 0.03, 1e-6, 2.1, 100.0
FIRST_YEAR, LATER = 0.7, 0.35  # moves in a year, where no count is kept
BRIEF: Final = 1.3  # and of those who leave before it is taken
FURTHER: Final = 0.25  # share of those with three placements or more who have another, and another
MILES: Final = 1609.344
OUT_NEAR, IN_FAR = 0.025, 0.03  # of the others: out of the county but near, and far away within it
CANDIDATES: Final = 30

# Kinds of placement by age at its start (up to 4, 9, 12, 15, 17 years).
KINDS: Final = ("U6", "U4", "U3", "U1", "U5", "P1", "K2", "R3", "S1", "H5", "P2", "Z1", "K1", "R2")
LIKELY: Final = (
    (0.55, 0.00, 0.14, 0.06, 0.09, 0.09, 0.00, 0.06, 0.00, 0.00, 0.00, 0.01, 0.00, 0.00),
    (0.57, 0.06, 0.15, 0.07, 0.01, 0.08, 0.04, 0.00, 0.01, 0.00, 0.00, 0.01, 0.00, 0.00),
    (0.56, 0.07, 0.13, 0.05, 0.00, 0.06, 0.09, 0.00, 0.03, 0.00, 0.00, 0.01, 0.00, 0.00),
    (0.50, 0.06, 0.10, 0.03, 0.00, 0.05, 0.19, 0.00, 0.05, 0.00, 0.00, 0.01, 0.005, 0.005),
    (0.38, 0.05, 0.06, 0.02, 0.00, 0.04, 0.15, 0.00, 0.03, 0.15, 0.10, 0.01, 0.005, 0.005),
)
UNTIL: Final = (5, 10, 13, 16, 30)
ALONE: Final = {"U6": 0.4, "H5": 0.4, "P2": 0.2}
ON_REMAND: Final = {"R5": 0.6, "K1": 0.2, "U6": 0.2}
LONG_TERM: Final = {"U6": "U4", "U5": "U4", "U3": "U1"}  # what a foster placement becomes when it is made a long-term one
MADE_LONG_TERM: Final = (500, 900)  # days after which it is
OTHERS_FAR: Final = 0.15  # share of the stays on none of the days of the quotas
FAR_KINDS: Final = {"K2": 3.0, "S1": 4.0, "H5": 1.5, "R5": 9.0, "K1": 9.0, "A6": 3.0, "Z1": 2.0}  # how readily they are far away; others 1

REASONS: Final = {
    "CARPL": 0.56, "CREQB": 0.14, "CREQO": 0.08, "CHILD": 0.07, "LAREQ": 0.04, "STAND": 0.02, "ALLEG": 0.02,
    "CLOSE": 0.02, "APPRR": 0.005, "CUSTOD": 0.005, "OTHER": 0.04,
}  # fmt: skip
REASON_NOT_RECORDED: Final = 0.02
PROVIDERS: Final = {"PR1": 0.58, "PR4": 0.33, "PR5": 0.06, "PR2": 0.03}
NO_POSTCODE: Final = 0.008
TEMPORARY: Final = {"T4": (2, 7), "T3": (4, 14), "T1": (1, 5), "T2": (3, 10), "T0": (1, 4)}  # days they last
HAS_TEMPORARY: Final = 0.06  # share of stays
OVERNIGHT: Final = 0.03  # share of moves with a placement between that ended on the day it began


@dataclass(frozen=True)
class Day:
    """One row of `demo_care_days.csv`: a day, the first of the twelve months counted to it, and the quotas; None where there is none."""

    day: int
    since: int
    two_placements: int
    three_placements: int
    far_percent: float
    care_order: int | None
    section_20: int | None
    visited_in_time: int | None


def quota_days() -> list[Day]:
    """The quotas of each day, in order."""

    def of_day(row: dict[str, str]) -> Day:
        day, since = (number(date.fromisoformat(row[name])) for name in ("day", "since"))
        care_order, section_20, visited = (
            int(float(row[name])) if row[name] else None for name in ("care_order", "section_20", "visited_in_time")
        )
        two, three = int(row["two_placements"]), int(row["three_placements"])
        return Day(day, since, two, three, float(row["far_percent"]), care_order, section_20, visited)

    return [of_day({str(name): str(value) for name, value in row.items()}) for row in table("care_days").to_dict("records")]


def moves(periods: pd.DataFrame, born: Ints, unplaced: int, rng: np.random.Generator) -> list[list[int]]:
    """The days on which the child of each period of care moved, in order.

    `periods` have start, end, child and placed (the day on which the child moved in with an adoptive family, NEVER if not);
    `unplaced` is the row of the one without a placement.
    """
    start, end, placed = periods["start"].to_numpy(), np.minimum(periods["end"].to_numpy(), LAST + 1), periods["placed"].to_numpy()
    turn = rng.random(len(periods))
    settled = (end - start >= LONG) & (turn < SETTLED)
    long_term = np.flatnonzero((end > LAST) & (LAST - start >= LONG) & (LAST - born[periods["child"]] < 16 * YEAR))
    stable = np.zeros(len(periods), bool)
    stable[long_term[np.argsort(turn[long_term], kind="stable")[: round(STABLE * len(long_term))]]] = True
    settled[long_term] = stable[long_term]
    found: list[list[int]] = [[day] if day < until else [] for day, until in zip(placed.tolist(), end.tolist(), strict=True)]
    latest = np.minimum(end, placed) - APART
    later = LAST + 1
    for quota in reversed(quota_days()):
        block = (quota.since + 1, min(quota.day, later - 1))
        there = (start <= quota.day) & (end > quota.day)
        first, last = np.maximum(start + APART, block[0]), np.minimum(latest, block[1])
        for row in np.flatnonzero(~there & (last >= first)):
            _add(found[row], int(first[row]), int(last[row]), int(rng.poisson(BRIEF * (last[row] - first[row]) / YEAR)), rng)
        counted = _counted(periods, found, quota)
        for_long = start + SETTLES_BY < first
        weight = np.where(for_long, np.where(settled, FEWEST, RESTLESS), 1.0) * np.where(quota.day - start < YEAR, 2.0, 1.0)
        if quota.day > LAST - STABLE_FOR:
            weight[stable] = NEVER_MOVES
            if quota.day < LAST:
                # moving in with an adoptive family is not counted against stability
                joined = placed.tolist()
                still = np.array([not any(LAST - STABLE_FOR < day != new for day in days) for days, new in zip(found, joined, strict=True)])
                weight[np.isin(np.arange(len(periods)), long_term) & ~stable & still] = MUST_MOVE
        turn = rng.exponential(size=len(periods)) / weight
        cohort = np.flatnonzero(there & (np.arange(len(periods)) != unplaced))
        room = np.where(last > first, (last - first) // (3 * APART), 0)
        three = _chosen(cohort, counted, turn, room, 3, quota.three_placements)
        two = _chosen(np.setdiff1d(cohort, three), counted, turn, room, 2, quota.two_placements)
        for row in three.tolist():
            more = 3 - int(counted[row]) if counted[row] < 3 else 0
            if more:
                more += min(int(rng.geometric(1 - FURTHER)) - 1, int(room[row]) - more)
            _add(found[row], int(first[row]), int(last[row]), max(more, 0), rng)
        for row in two.tolist():
            _add(found[row], int(first[row]), int(last[row]), 2 - int(counted[row]), rng)
        later = quota.since + 1
    for row in np.flatnonzero(start + APART < later):
        rate = FIRST_YEAR, 0.0 if settled[row] else LATER
        for since, until, yearly in ((APART, 365, rate[0]), (366, 10_000, rate[1])):
            first_day, last_day = int(start[row]) + since, min(int(start[row]) + until, int(latest[row]), later - 1)
            if last_day > first_day:
                _add(found[row], first_day, last_day, int(rng.poisson(yearly * (last_day - first_day) / YEAR)), rng)
    return [sorted(days) for days in found]


def _counted(periods: pd.DataFrame, found: list[list[int]], quota: Day) -> Ints:
    """The placements of each period's child in the twelve months, as far as they are written."""
    of_period = np.array([
        1 + sum(quota.since < day <= quota.day for day in days) if start <= quota.day and end > quota.since else 0
        for start, end, days in zip(periods["start"], periods["end"], found, strict=True)
    ])  # fmt: skip
    total: Ints = pd.Series(of_period).groupby(periods["child"].to_numpy()).transform("sum").to_numpy()
    return total


def _chosen(cohort: Ints, counted: Ints, turn: Floats, room: Ints, placements: int, wanted: int) -> Ints:
    """So many of the cohort as are to have so many placements: those who have them, then those who can, in turn."""
    have = cohort[counted[cohort] >= placements]
    could = cohort[(counted[cohort] < placements) & (room[cohort] >= placements - counted[cohort])]
    more = wanted - len(have)
    if not 0 <= more <= len(could):
        possible = f"{len(have)} to {len(have) + len(could)}"
        raise ValueError(f"demo_care_days.csv asks for {wanted} children with {placements} placements, and {possible} are possible.")
    return np.concatenate([have, could[np.argsort(turn[could], kind="stable")[:more]]])


def _add(days: list[int], first: int, last: int, count: int, rng: np.random.Generator) -> None:
    """So many more days from first to last, apart from each other: earlier ones likelier."""
    while count > 0:
        free = [day for day in range(first, last + 1) if all(abs(day - other) >= APART for other in days)]
        if not free:
            return
        days.append(free[int(rng.random() ** 1.3 * len(free))])
        count -= 1


def placements(cases: Cases, care: pd.DataFrame, places: Homes, rng: np.random.Generator) -> pd.DataFrame:
    """Every placement: period (row of `care`), start, end (days; NEVER while it lasts), type, provider, postcode, reason, same (carer as
    before), counts (is one of the child's own, not a temporary move and not over within the day). In the order of period and start.

    `care`: start, end, child, alone, remand, placed (days, NEVER), home (its postcode; '' if not known), moves (lists of days; None
    for no placement).
    """
    stays = _stays(cases, care, rng)
    stays["reason"] = _reasons(stays, rng)
    stays["type"] = _types(stays, rng)
    stays["provider"] = np.where(stays["type"] == "P1", "PR0", drawn(PROVIDERS, rng.random(len(stays))))
    stays["postcode"] = _postcodes(stays, places, rng)
    stays["same"], stays["counts"] = False, True
    rows = pd.concat([_made_long_term(stays, rng), _temporary(stays, rng), _overnight(stays, rng)])
    return rows.sort_values(["period", "start", "counts", "end"], kind="stable", ignore_index=True)


def _stays(cases: Cases, care: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """One row a stay with one carer: period, start, end, age (years), alone, remand, adopted (with the new family), home."""
    rows = []
    for period, (start, end, days) in enumerate(zip(care["start"], care["end"], care["moves"], strict=True)):
        if days is not None:
            rows += [(period, since, until) for since, until in zip([start, *days], [*days, end], strict=True)]
    stays = pd.DataFrame(rows, columns=["period", "start", "end"])
    of_period = care.iloc[stays["period"]].reset_index(drop=True)
    stays["age"] = (stays["start"] - cases.born[of_period["child"]]) / YEAR
    stays["alone"], stays["remand"], stays["home"] = of_period["alone"], of_period["remand"], of_period["home"]
    stays["adopted"] = stays["start"] >= of_period["placed"]
    stays["turn"] = rng.random(len(stays))
    return stays


def _reasons(stays: pd.DataFrame, rng: np.random.Generator) -> Words:
    """Why each stay ended; '' while it lasts, and for some that ended."""
    reason = drawn(REASONS, rng.random(len(stays)))
    to_adoption = stays["adopted"].shift(-1, fill_value=False) & stays["period"].eq(stays["period"].shift(-1)) & ~stays["adopted"]
    last = stays["period"].ne(stays["period"].shift(-1))
    reason = np.where(to_adoption | last, "CARPL", reason)
    lost = rng.random(len(stays)) < REASON_NOT_RECORDED
    return np.where((stays["end"] > LAST) | lost, "", reason)


def _types(stays: pd.DataFrame, rng: np.random.Generator) -> Words:
    band = np.searchsorted(UNTIL, stays["age"].to_numpy(), "right")
    at, kinds = rng.random(len(stays)), np.array(KINDS, dtype=object)
    kind = np.full(len(stays), "", dtype=object)
    for number_of, likely in enumerate(LIKELY):
        kind[band == number_of] = kinds[pick(np.array(likely), at[band == number_of])]
    kind = np.where(stays["alone"], drawn(ALONE, at), kind)
    kind = np.where(stays["remand"], drawn(ON_REMAND, at), kind)
    return np.where(stays["adopted"], np.where(at < 0.06, "A4", "A6"), kind)


def _postcodes(stays: pd.DataFrame, places: Homes, rng: np.random.Generator) -> Words:
    """Where each stay is: near home mostly, and out of the county and far away as often as the quotas say."""
    elsewhere = table("care_elsewhere")["postcode"]
    sites = coordinates(pd.concat([elsewhere, stays["home"]])).to_numpy()
    outside, home = sites[: len(elsewhere)], sites[len(elsewhere) :]
    inside = county_postcodes().set_index("postcode")[["easting", "northing"]].reindex(places.postcode).to_numpy()
    home_known = ~np.isnan(home[:, 0])
    centre = np.where(home_known[:, None], home, np.nanmean(inside, axis=0))
    lost = (rng.random(len(stays)) < NO_POSTCODE) & (stays["type"] != "P1")

    could_be = places.anywhere(rng.random(len(stays) * CANDIDATES)).reshape(len(stays), CANDIDATES)
    away = _miles(inside[could_be], centre[:, None])
    within = np.maximum(1.5, 20 * rng.random(len(stays)) ** 2)
    first_near = np.where(away <= within[:, None], np.arange(CANDIDATES), CANDIDATES).min(axis=1)
    near = np.where(first_near < CANDIDATES, first_near, away.argmin(axis=1))
    rows = np.arange(len(stays))
    near_by, far_in = could_be[rows, near], could_be[rows, np.where(away > 20, np.arange(CANDIDATES), CANDIDATES).argmin(axis=1)]
    postcode = places.postcode[near_by]
    at = rng.random(len(stays))
    postcode = np.where((at < IN_FAR) & (away.max(axis=1) > 20), places.postcode[far_in], postcode)

    across = _miles(outside[None, :], centre[:, None])
    likely = rng.random(across.shape)
    closest = elsewhere.to_numpy(object)[across.argmin(axis=1)]
    postcode = np.where((at > 1 - OUT_NEAR) & (across.min(axis=1) <= 20), closest, postcode)
    # far away, and the likelier the less far
    beyond = elsewhere.to_numpy(object)[np.where(across > 20, likely ** (across / 40), -1).argmax(axis=1)]
    far = _far(stays, home_known & ~lost, rng)
    postcode = np.where(far, beyond, postcode)
    postcode = np.where(stays["type"] == "P1", stays["home"], postcode)
    return np.where(lost, "", postcode)


def _far(stays: pd.DataFrame, known: Flags, rng: np.random.Generator) -> Flags:
    """Which stays are over 20 miles from home and out of the county."""
    kind, start, end = stays["type"].to_numpy(object), stays["start"].to_numpy(), stays["end"].to_numpy()
    readiness = np.array([FAR_KINDS.get(name, 1.0) for name in kind])
    could = (kind != "P1") & known
    turn = rng.exponential(size=len(stays)) / readiness
    far, settled = np.zeros(len(stays), bool), np.zeros(len(stays), bool)
    for quota in quota_days():
        there = (start <= quota.day) & (end > quota.day)
        wanted = round(quota.far_percent / 100 * (there & known).sum()) - int((there & far).sum())
        open_to = np.flatnonzero(there & could & ~settled)
        far[open_to[np.argsort(turn[open_to], kind="stable")[: max(wanted, 0)]]] = True
        settled |= there
    far |= ~settled & could & (rng.random(len(stays)) < OTHERS_FAR)
    return far


def _miles(left: Floats, right: Floats) -> Floats:
    apart: Floats = np.hypot(left[..., 0] - right[..., 0], left[..., 1] - right[..., 1]) / MILES
    return apart


def _made_long_term(stays: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The stays, each that became a long-term placement as two rows: the same carer, another status."""
    day = stays["start"] + rng.integers(*MADE_LONG_TERM, len(stays))
    becomes = stays["type"].isin(list(LONG_TERM)) & (day < stays["end"]) & (day <= LAST) & ~stays["remand"]
    before = stays.assign(end=stays["end"].mask(becomes, day), reason=stays["reason"].mask(becomes, "PLACE"))
    after = stays[becomes].assign(start=day[becomes], type=stays["type"][becomes].map(LONG_TERM), same=True)
    return pd.concat([before, after])


def _temporary(stays: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Moves away for some days, while the child's own placement goes on."""
    some = stays[(rng.random(len(stays)) < HAS_TEMPORARY) & (np.minimum(stays["end"], LAST) - stays["start"] > 40)]
    kind = np.array(list(TEMPORARY), dtype=object)[rng.integers(0, len(TEMPORARY), len(some))]
    start = some["start"] + 10 + np.floor(rng.random(len(some)) * (np.minimum(some["end"], LAST) - some["start"] - 30)).astype(np.int64)
    days = np.array([rng.integers(*TEMPORARY[name], endpoint=True) for name in kind], dtype=np.int64)
    end = np.where(start + days <= LAST, start + days, NEVER)
    away: pd.DataFrame = some.assign(start=start, end=end, type=kind, counts=False, reason="")
    return away


def _overnight(stays: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Placements that were over on the day they began, between two others."""
    moved = stays[stays["period"].eq(stays["period"].shift()) & ~stays["adopted"]]
    some = moved[rng.random(len(moved)) < OVERNIGHT]
    return some.assign(end=some["start"], type="U6", provider="PR1", reason="CREQO", counts=False)


def drawn(codes: dict[str, float], at: Floats) -> Words:
    """A code for each number in [0, 1), as likely as its weight says."""
    chosen: Words = np.array(list(codes), dtype=object)[pick(np.array(list(codes.values())), at)]
    return chosen
