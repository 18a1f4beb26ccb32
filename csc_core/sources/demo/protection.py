"""Child protection: section 47 enquiries, the initial conferences they led to, and the plans made there.

As in `cases`, each month's rows are chosen out of those that could be, as many as `data/demo_protection.csv` says, so the counts are
exact and every rule of the records holds: a conference follows a section 47 enquiry, a plan starts at a conference, and a child with a
plan has an open case throughout, which no assessment is to close. The cases are those made before; nothing of them changes.

The columns of the quotas: section 47 enquiries begun; initial conferences held; of these within 15 working days; plans started; of
these for a second or subsequent time; plans open on the last day of the month; plans ended after two years or more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from csc_core.sources.demo import staff
from csc_core.sources.demo.cases import Cases, lowest
from csc_core.sources.demo.days import (
    NEVER,
    WORKING,
    YEAR,
    Flags,
    Floats,
    Ints,
    Words,
    between,
    iso,
    pick,
    position_from,
    position_to,
    waiting_time,
)
from csc_core.sources.demo.protection_book import IN_TIME, SOONEST, Book, empty_book, write_enquiries, write_plans
from csc_core.sources.demo.targets import LAST, Month, months, shares, stream, table

LATEST: Final = 40  # and at most
LATELY: Final = 75  # days before the records end, in which a section 47 enquiry can have begun that drags on
STILL_UNDER_WAY: Final = 0.05  # share of these that do
STILL_TO_SAY: Final = 0.3  # share of the assessments still under way that call for an enquiry
DECIDED_BY: Final = 40  # working days from their start by which they do
CALLED_FOR: Final = 0.75  # largest share of a month's enquiries that assessments call for
OF_CASES_IN_NEED: Final = 0.6  # of the others, share about cases assessed before; the rest end with the assessment, in nothing
APART: Final = 120  # days from one enquiry to the next of the same case
AGAIN: Final = 3.0  # how much likelier than others a child with an earlier plan is to be enquired about
LONG_ENOUGH: Final = 60  # days that a case goes on after a conference that may make a plan
SHORTEST: Final = 20  # days of a plan
TWO_YEARS: Final = 731  # days, at the longest
OLD_ENOUGH: Final = 0.5  # years of age when the records begin, for a plan to lie before them

PLANS_BEFORE: Final = 560
"""Plans open when the records begin."""

SO_FAR: Final = (8, 23)  # months that these have lasted by then, on average and at most
GO_ON: Final = (12, 26)  # and from then on

WAITING_BEFORE: Final = 110  # section 47 enquiries begun before, with no conference yet

# Months that a plan is planned to last, and the share planned to last less; the quotas decide when each ends.
LENGTH: Final = (0.8, 3.0, 6.0, 12.0, 23.5, 24.3, 34.0)
LENGTH_LESS: Final = (0.0, 0.12, 0.35, 0.73, 0.93, 0.935, 1.0)
MONTH: Final = YEAR / 12

NOTHING_FOUND: Final = 0.75  # share of the enquiries without a conference that end in no further action
CATEGORY_CHANGED: Final = 0.12
NUMBER_NOT_RECORDED: Final = 0.06  # share of plans, of those whose number the records give by themselves
TEAM_NOT_RECORDED: Final = 0.08


@dataclass(frozen=True)
class Quota:
    """One row of `demo_protection.csv`."""

    month: str
    s47: int
    conferences: int
    in_time: int
    started: int
    second: int
    plans: int
    over_2_years: int


def tables(cases: Cases, involved: pd.DataFrame, referral: Words, child: Words) -> dict[str, pd.DataFrame]:
    """The tables `s47_enquiries` and `cp_plans`; `referral` and `child` are the ids of each case."""
    rng = stream("protection")
    book = _protect(cases, rng)
    return {"s47_enquiries": _enquiries(book, involved, referral, child), "cp_plans": _plans(book, referral, child)}


def quotas() -> tuple[Quota, ...]:
    return tuple(Quota(*row) for row in table("protection").itertuples(index=False, name=None))


def _protect(cases: Cases, rng: np.random.Generator) -> Book:
    """Every enquiry, conference and plan to the end of the records."""
    book = empty_book(cases, rng)
    _already_planned(book, months()[0].first)
    called_for, nothing = _calls(cases, rng), cases.assessments[cases.assessments["closes"]]
    for month, quota in zip(months(), quotas(), strict=True):
        _enquire(book, called_for, nothing, month, quota.s47)
        _confer(book, month, quota)
        _end(book, month, quota)
    return book


def _calls(cases: Cases, rng: np.random.Generator) -> pd.DataFrame:
    """The assessments that called for a section 47 enquiry, each with the position of its day, soon after they began.

    Of those still under way it is not known yet what they will say: about as many of them call for one.
    """
    done = cases.assessments["finish"] < NEVER
    by_event = rng.random(len(cases.events))[cases.episodes["event"].to_numpy()[cases.assessments["episode"]]]
    asking = cases.assessments[np.where(done, cases.assessments["outcome"] == "S47", by_event < STILL_TO_SAY)]
    event = cases.episodes["event"].to_numpy()[asking["episode"]]
    start, finish = position_from(asking["start"].to_numpy()), position_from(asking["finish"].clip(upper=LAST).to_numpy())
    after = np.floor(rng.random(len(cases.events))[event] ** 3 * np.where(asking["finish"] < NEVER, finish - start, DECIDED_BY))
    calls = pd.DataFrame({"case": asking["episode"].to_numpy(), "due": start + after.astype(np.int64)})
    return calls[calls["due"] <= position_to(LAST)]


def _already_planned(book: Book, begin: int) -> None:
    """The plans open when the records begin, with the enquiry and the conference each came from."""
    opened = book.cases.episodes["opened"].to_numpy()
    asked = book.cases.assessments.drop_duplicates("episode").set_index("episode")["outcome"].reindex(range(len(opened)))
    could = np.flatnonzero((asked == "S47").to_numpy() & (book.ready < begin - SHORTEST) & (book.until > begin + LONG_ENOUGH))
    could = could[lowest(book.leaning(could, begin), PLANS_BEFORE + WAITING_BEFORE, "plans already open", months()[0])]
    case, waiting = np.split(could, [PLANS_BEFORE])
    ago = SHORTEST + _months(SO_FAR, book.by_event(case))
    day = position_from(np.maximum(begin - ago, book.ready[case]))
    day -= WORKING[day] >= begin
    took = SOONEST + np.floor(book.by_event(case) * (IN_TIME + 2)).astype(np.int64)
    write_enquiries(book, case, np.maximum(day - took, position_from(opened[case])), could=True)
    book.enquiries["held"] = day
    book.earlier[book.child[case]] = pick(np.array([0.8, 0.17, 0.03]), book.rng.random(len(case)))
    write_plans(book, case, WORKING[day], begin + _months(GO_ON, book.by_event(case)))
    ago_in_days = 1 + np.floor(book.by_event(waiting) * 2 * IN_TIME).astype(np.int64)
    write_enquiries(book, waiting, position_from(begin) - ago_in_days, could=True)


def _months(mean_and_most: tuple[int, int], at: Floats) -> Ints:
    """Days, exponentially distributed, for numbers in [0, 1)."""
    mean, most = mean_and_most
    return np.floor(np.minimum(waiting_time(at) * mean, most) * MONTH).astype(np.int64)


def _enquire(book: Book, called_for: pd.DataFrame, nothing: pd.DataFrame, month: Month, count: int) -> None:
    """The month's section 47 enquiries: called for by an assessment, about cases in need, and such as find nothing."""
    first, last = position_from(month.first), position_to(month.last)
    free = (book.plan[book.child] < month.first) & (book.last < month.first - APART)
    asked = called_for[called_for["due"].between(first, last) & free[called_for["case"]]].drop_duplicates("case")
    case = asked["case"].to_numpy()
    chosen = lowest(book.leaning(case, month.first), min(len(case), int(CALLED_FOR * count)), "enquiries called for", month)
    case, start = case[chosen], asked["due"].to_numpy()[chosen]
    write_enquiries(book, case, start, book.until[case] > WORKING[start] + LONG_ENOUGH)

    free &= book.last < month.first - APART
    more = round(OF_CASES_IN_NEED * (count - len(case)))
    known = np.flatnonzero(free & (book.ready < month.first) & (book.until > month.last + LONG_ENOUGH))
    turn = waiting_time(book.leaning(known, month.first)) / np.where(book.had[book.child[known]] > 0, AGAIN, 1.0)
    case_known = known[lowest(turn, more, "enquiries about cases in need", month)]
    at = np.full(more, first), np.full(more, last)
    write_enquiries(book, case_known, between(*at, book.by_event(case_known)), could=True)

    begun, done = position_from(nothing["start"].to_numpy()), position_from(nothing["finish"].to_numpy())
    under_way = nothing[(begun <= last) & (done >= first) & free[nothing["episode"]]].drop_duplicates("episode")
    other = under_way["episode"].to_numpy()
    picked = lowest(book.by_event(other), count - len(case) - more, "enquiries that find nothing", month)
    earliest = np.maximum(position_from(under_way["start"].to_numpy()[picked]), first)
    latest = np.minimum(position_from(under_way["finish"].to_numpy()[picked]), last)
    write_enquiries(book, other[picked], between(earliest, latest, book.by_event(other[picked])), could=False)


def _confer(book: Book, month: Month, quota: Quota) -> None:
    """The month's conferences, in time while there is time, and the plans that they make."""
    first, last = position_from(month.first), position_to(month.last)
    rows = book.enquiries[(book.enquiries["could"] == 1) & (book.enquiries["held"] == NEVER)]
    rows = rows[(book.until[rows["case"]] > month.last + SHORTEST) & (rows["start"] <= last) & (rows["start"] + LATEST >= first)]
    start, planned, soonest = (rows[name].to_numpy() for name in ("start", "planned", "soonest"))
    limit = start + IN_TIME
    at = book.leaning(rows["case"].to_numpy(), month.first)
    surplus = _beyond(at, book.had_before(rows["case"].to_numpy()), quota.second)
    leaning = at + 2.0 * (planned > last) + 4.0 * (planned > limit) + 8.0 * surplus
    could = np.flatnonzero((np.maximum(soonest, first) <= limit) & (soonest <= last))
    timely = could[lowest(leaning[could], quota.in_time, "conferences in time", month)]
    could = np.setdiff1d(np.flatnonzero(np.maximum(limit + 1, soonest) <= last), timely)
    turn = np.where(surplus, 0, -planned - start)  # those begun and planned last first: the others have probably found nothing
    late = could[lowest(turn[could], quota.conferences - quota.in_time, "late conferences", month)]
    chosen = np.concatenate([timely, late])
    earliest = np.maximum(np.maximum(first, soonest[chosen]), np.where(np.isin(chosen, late), limit[chosen] + 1, 0))
    latest = np.minimum(last, np.where(np.isin(chosen, late), start[chosen] + LATEST, limit[chosen]))
    case = rows["case"].to_numpy()[chosen]
    as_planned = (planned[chosen] >= earliest) & (planned[chosen] <= latest)
    held = np.where(as_planned, planned[chosen], between(earliest, latest, book.by_event(case)))
    book.enquiries.loc[rows.index[chosen], "held"] = held
    _plan(book, case, WORKING[held], month, quota)


def _beyond(turn: Floats, which: Flags, count: int) -> Flags:
    """Those of `which` that come after the first `count` of them."""
    beyond = np.zeros(len(turn), bool)
    beyond[np.flatnonzero(which)[np.argsort(turn[which], kind="stable")[count:]]] = True
    return beyond


def _plan(book: Book, case: Ints, day: Ints, month: Month, quota: Quota) -> None:
    """Which of the month's conferences make a plan: so many for children who had one before, in the records or before them."""
    leaning = book.leaning(case, month.first)
    child = book.child[case]
    before = book.had_before(case)
    again, others = np.flatnonzero(before), np.flatnonzero(~before)
    again = again[lowest(leaning[again], min(len(again), quota.second), "further plans", month)]
    old = others[months()[0].first - book.cases.born[child[others]] > OLD_ENOUGH * YEAR]
    back = old[lowest(leaning[old], quota.second - len(again), "plans of children who had one long ago", month)]
    book.earlier[child[back]] = 1 + (book.rng.random(len(back)) < 0.15)
    new = np.setdiff1d(others, back)
    new = new[lowest(leaning[new], quota.started - quota.second, "first plans", month)]
    chosen = np.concatenate([again, back, new])
    case, day = case[chosen], day[chosen]
    lasts = book.until[case] - day > LENGTH[-1] * MONTH  # a case that goes on that long tends to have the longer plan
    at = np.where(lasts, np.maximum(book.by_event(case), book.by_event(case)), book.by_event(case))
    write_plans(book, case, day, day + np.floor(np.interp(at, LENGTH_LESS, LENGTH) * MONTH).astype(np.int64))


def _end(book: Book, month: Month, quota: Quota) -> None:
    """As many plans end as bring them to the month's number: those that must, then by when they are planned to.

    So many of them have lasted two years or more; where there are too few or too many, the months to come make up for it.
    """
    plans = book.plans[book.plans["end"] == NEVER]
    case, start, planned = (plans[name].to_numpy() for name in ("case", "start", "planned"))
    until = np.minimum(book.until[case], month.last)
    must = book.until[case] <= month.last
    turn = np.where(must, 0, planned)
    of_2_years = until >= start + TWO_YEARS
    book.owed += quota.over_2_years
    count = int(np.clip(book.owed, (must & of_2_years).sum(), of_2_years.sum()))
    book.owed -= count
    old = np.flatnonzero(of_2_years)
    old = old[lowest(turn[old], count, "plans of two years to end", month)]
    until = np.where(of_2_years | must, until, np.minimum(until, start + TWO_YEARS - 2))
    young = np.flatnonzero(~of_2_years & (until >= np.maximum(start + SHORTEST, month.first)))
    young = young[lowest(turn[young], len(plans) - quota.plans - count, "plans to end", month)]

    ending = np.concatenate([old, young])
    earliest = np.maximum(start + np.where(of_2_years, TWO_YEARS, SHORTEST), month.first)[ending]
    latest, planned, case = until[ending], planned[ending], case[ending]
    first = position_from(earliest)
    some_day = between(first, np.maximum(first, position_to(latest)), book.by_event(case))
    day = np.where((planned >= earliest) & (planned <= latest), WORKING[position_to(planned)], WORKING[some_day])
    day = np.clip(day, earliest, latest)
    book.plans.loc[plans.index[ending], "end"] = book.plan[book.child[case]] = day


def _enquiries(book: Book, involved: pd.DataFrame, referral: Words, child: Words) -> pd.DataFrame:
    rows = book.enquiries.sort_values(["start", "case"], kind="stable", ignore_index=True)
    rng, case, start, held = book.rng, *(rows[name].to_numpy() for name in ("case", "start", "held"))
    end = np.minimum(start + 3 + np.floor(rng.random(len(rows)) * 12).astype(np.int64), held)
    slow = (held == NEVER) & (WORKING[start] > LAST - LATELY) & (book.by_event(case) < STILL_UNDER_WAY)
    done = (WORKING[end] <= LAST) & ~slow
    conference = np.where(held == NEVER, NEVER, WORKING[np.minimum(held, len(WORKING) - 1)])
    plans = pd.MultiIndex.from_frame(book.plans[["case", "start"]])
    planned = pd.MultiIndex.from_arrays([case, conference]).isin(plans)
    nothing = (held == NEVER) & (rng.random(len(rows)) < NOTHING_FOUND)
    by = staff.involved_on(involved, case, WORKING[start])
    team = by["team"].to_numpy(object)
    return pd.DataFrame({
        "s47_enquiry_id": [f"Q{number:06}" for number in range(1, len(rows) + 1)],
        "person_id": child[case],
        "referral_id": referral[case],
        "s47_start_date": iso(WORKING[start]),
        "s47_end_date": iso(np.where(done, WORKING[end], NEVER)),
        "s47_nfa": np.where(done, np.where(nothing, "Y", "N"), ""),
        "icpc_date": iso(conference),
        "icpc_outcome_cp_flag": np.where(held == NEVER, "", np.where(planned, "Y", "N")),
        "s47_completed_by_team": np.where(rng.random(len(rows)) < TEAM_NOT_RECORDED, "", team),
        "s47_completed_by_worker_id": by["worker"].to_numpy(object),
    })


def _plans(book: Book, referral: Words, child: Words) -> pd.DataFrame:
    rows = book.plans.sort_values(["start", "case"], kind="stable", ignore_index=True)
    rng, case = book.rng, rows["case"].to_numpy()
    codes, likely = shares("cp_category")
    first = np.array(codes, dtype=object)[pick(likely, book.by_event(case))]
    then = np.array(codes, dtype=object)[pick(likely, book.by_event(case))]
    changed = book.by_event(case) < CATEGORY_CHANGED
    number = rows["number"].to_numpy()
    unsaid = (book.earlier[book.child[case]] == 0) & (rng.random(len(rows)) < NUMBER_NOT_RECORDED)
    return pd.DataFrame({
        "cp_plan_id": [f"L{number:06}" for number in range(1, len(rows) + 1)],
        "person_id": child[case],
        "referral_id": referral[case],
        "cp_plan_start_date": iso(rows["start"].to_numpy()),
        "cp_plan_end_date": iso(rows["end"].to_numpy()),
        "cp_plan_ola": "N",
        "cp_plan_initial_category": first,
        "cp_plan_latest_category": np.where(changed, then, first),
        "number_of_previous_cp_plans": np.where(unsaid, "", number.astype(str).astype(object)),
    })
