"""The work, month by month: referrals, assessments and closures, as many as the quotas of `targets` say.

Each month the rows are chosen out of those that could be: a re-referral from the children whose case has closed, an assessment from
those under way, a closure from the open cases. So every rule of the records holds by construction (nobody is referred while their
case is open, an assessment in time has not passed its limit) and the counts are exact. Choices are made by household, so that
brothers and sisters are mostly referred, assessed and closed together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from csc_core.sources.demo.county import (
    CLOSING,
    UNDER_WAY,
    County,
    begin_assessments,
    close_cases,
    empty_county,
    meet,
    open_cases,
)
from csc_core.sources.demo.days import (
    NEVER,
    WORKING,
    YEAR,
    Floats,
    Ints,
    Words,
    between,
    busyness,
    draw_days,
    number,
    pick,
    position_from,
    position_to,
    waiting_time,
)
from csc_core.sources.demo.families import CONCEIVED, GROWN, Families
from csc_core.sources.demo.referrers import referrers
from csc_core.sources.demo.targets import ALREADY_OPEN, LAST, Month, months, shares

SIBLING_FOLLOWS: Final = 0.6  # share of brothers and sisters not referred before who are when the family is referred again

LIMIT: Final = 45  # working days
OVERDUE: Final = 2.0  # assessments overdue at the end of a month, for each completed late in it
LATEST_START: Final = 6  # working days from referral to the start of the assessment
NOT_ASSESSED: Final = 0.035  # share of cases that go straight to other work (transfers in, court work)
SETTLED: Final = 150  # days from one assessment to the next of the same case
STILL_IN_NEED: Final = 0.35  # how far a further assessment leans to keeping the case open

# Working days that an assessment is planned to take, and the share of assessments planned to take less: of those begun earlier one in
# eight is late, of those begun since nearly one in four. The quotas of each month decide how many of them are.
LENGTH: Final = (0, 1, 11, 21, 31, 41, 46, 51, 61, 90, 130)
LENGTH_EARLIER: Final = (0.0, 0.015, 0.19, 0.40, 0.60, 0.77, 0.88, 0.90, 0.94, 0.975, 1.0)
LENGTH_SINCE: Final = (0.0, 0.018, 0.16, 0.29, 0.42, 0.57, 0.765, 0.82, 0.89, 0.96, 1.0)
SLOWER_SINCE: Final = number(date(2016, 11, 1))

# Months a case stays open after the assessment, on average, by its outcome; closures are chosen in this proportion.
STAY: Final = {"CIN_PLAN": 9.0, "S47": 14.0, "CLA": 45.0, "OTHER": 8.0}
STAY_NOT_ASSESSED: Final = 9.0
STAY_DISABLED: Final = 3.0  # times as long
LEAVE_AT_18: Final = 12.0  # times as likely to close
OLDEST: Final = 9.5 * YEAR  # days that a case has been open when the records begin, at most
YOUNGEST: Final = 80  # and at least: long enough to have been assessed
WIND_UP: Final = 27.0  # days from an assessment that closes the case to the closure, on average
WIND_UP_AT_MOST: Final = 75
AT_LEAST: Final = 10  # days that any other case is open, and that it stays so after an assessment
ONE_DEATH_IN: Final = 700  # closed cases of children in need


@dataclass(frozen=True)
class Cases:
    """What happened. Days are numbers, NEVER where it has not happened.

    `episodes`: child, event, opened, closed, nfa, outcome (UNDER_WAY, CLOSING, or 1 + a row of `outcome_in_need`).
    `assessments`: episode, start, finish, outcome (its code; '' while under way), closes.
    `events`: household, day, need, source (their codes).
    By child: `born` (NEVER for those not known), `died`. `households`: how many became known, from the first on.
    """

    families: Families
    episodes: pd.DataFrame
    assessments: pd.DataFrame
    events: pd.DataFrame
    born: Ints
    died: Ints
    households: int


def work(families: Families, rng: np.random.Generator, tell: Callable[[float], None]) -> Cases:
    """All cases to the end of the records; `tell` hears the share of the months done."""
    county = empty_county(families, rng)
    _already_open(county, months()[0].first)
    for done, month in enumerate(months()):
        tell(done / len(months()))
        _refer(county, month)
        _reassess(county, month)
        _authorise(county, month)
        _close(county, month)
    return _finished(county)


def lowest(keys: Floats | Ints, count: int, what: str, month: Month) -> Ints:
    """Positions of the `count` lowest keys, equal ones in order."""
    if not 0 <= count <= len(keys):
        raise ValueError(f"The quotas ask for {count} {what} in {month.month}, and 0 to {len(keys)} are possible.")
    return np.argsort(keys, kind="stable")[:count]


def _already_open(county: County, begin: int) -> None:
    """The cases open on the first day: assessed before it, the longer ago the longer such cases stay open."""
    day = np.full(len(county.families.first), begin)
    children = meet(county, ALREADY_OPEN, day)
    county.born[children] = np.minimum(county.born[children], begin - YOUNGEST + CONCEIVED)
    codes, likely = shares("outcome_in_need")
    stay = np.array([STAY[code] for code in codes])
    household = county.families.household[children]
    outcome = pick(likely * stay, county.rng.random(len(day)))[household]
    mean = stay[outcome] * YEAR / 12
    at = county.rng.random(len(day))[household] * -np.expm1(-OLDEST / mean)  # so that none is older than the oldest
    opened = np.maximum(begin - YOUNGEST - np.floor(waiting_time(at) * mean).astype(np.int64), county.born[children] - CONCEIVED)
    cases = open_cases(county, children, opened, day)
    start = position_from(opened) + 2
    new = begin_assessments(county, cases, start, np.minimum(_lengths(county, cases, county.chance["length"], start), LIMIT))
    county.finish[new], county.decided[new] = county.planned[new], outcome + 1
    _assessed(county, cases, outcome + 1, county.finish[new])


def _assessed(county: County, cases: Ints, outcome: Ints, finish: Ints) -> None:
    county.outcome[cases], county.assessed[cases], county.waiting[cases] = outcome, WORKING[finish], False


def _refer(county: County, month: Month) -> None:
    """The month's referrals: re-referrals, returns, brothers and sisters of these, and families not known before."""
    families, rng = county.families, county.rng
    days = np.arange(month.first, month.last + 1)
    day = draw_days(days, busyness(days), rng.random(len(families.first)))
    turn = (rng.exponential(size=len(families.first)) / families.trouble)[families.household]

    a_child = (month.last - county.born < GROWN * YEAR) & (county.born - CONCEIVED <= month.first)
    closed = (county.left < month.first) & (county.left > -NEVER) & a_child
    # within a year of every day of the month, or of none of its days: so the numbers hold whichever day is drawn
    lately = np.flatnonzero(closed & (county.referred >= month.last - 365))
    long_ago = np.flatnonzero(closed & (county.referred < month.first - 366))
    again = lately[lowest(turn[lately], month.re_referrals, "re-referrals", month)]
    returned = long_ago[lowest(turn[long_ago], month.returns, "returns", month)]
    back = np.isin(families.household, families.household[np.concatenate([again, returned])])
    follows = rng.random(len(back)) < SIBLING_FOLLOWS
    others = month.referrals - len(again) - len(returned)
    siblings = np.flatnonzero(back & (county.left == -NEVER) & a_child & follows)[:others]
    new = meet(county, others - len(siblings), day)

    children = np.sort(np.concatenate([again, returned, siblings, new]))
    cases = open_cases(county, children, day[families.household[children]], day)
    leaning = county.chance["nfa"][county.event[cases]]
    nothing = cases[lowest(leaning, month.referrals_nfa, "referrals without further action", month)]
    county.nfa[nothing] = True
    close_cases(county, nothing, county.opened[nothing])
    assessed = cases[~county.nfa[cases] & (county.chance["skipped"][county.event[cases]] >= NOT_ASSESSED)]
    lag = np.floor(county.chance["lag"][county.event[assessed]] ** 2 * LATEST_START).astype(np.int64)
    start = position_from(county.opened[assessed]) + lag
    begin_assessments(county, assessed, start, _lengths(county, assessed, county.chance["length"], start))


def _lengths(county: County, cases: Ints, chance: Floats, start: Ints) -> Ints:
    """Working days that assessments are planned to take, from when they start."""
    event = county.event[cases]
    earlier, since = (np.interp(chance[event], less, LENGTH) for less in (LENGTH_EARLIER, LENGTH_SINCE))
    days = np.where(WORKING[start] < SLOWER_SINCE, earlier, since) * county.families.pace[county.household[event]]
    return np.floor(days).astype(np.int64)


def _reassess(county: County, month: Month) -> None:
    """Further assessments of cases assessed some time ago and still open."""
    cases = county.open_now
    due = cases[(county.outcome[cases] > CLOSING) & ~county.waiting[cases] & (county.assessed[cases] < month.first - SETTLED)]
    chosen = due[lowest(county.draw()[county.event[due]], month.reassessments, "reassessments", month)]
    start = between(position_from(month.first), position_to(month.last), county.draw()[county.event[chosen]])
    begin_assessments(county, chosen, start, _lengths(county, chosen, county.draw(), start))


def _authorise(county: County, month: Month) -> None:
    """The month's completed assessments: in time while there is time, late when the limit has passed."""
    first, last = position_from(month.first), position_to(month.last)
    under_way = np.flatnonzero((county.finish[: county.assessments] == NEVER) & (county.start[: county.assessments] <= last))
    limit = county.start + LIMIT
    turn = _turn(county.planned[under_way], limit[under_way], (int(first), int(last)), month.assessments - month.in_time)
    timely = limit[under_way] >= first
    in_time = under_way[timely][lowest(turn[timely], month.in_time, "assessments in time", month)]
    overdue = np.setdiff1d(under_way[limit[under_way] < last], in_time)
    late = overdue[lowest(county.planned[overdue], month.assessments - month.in_time, "late assessments", month)]
    done = np.concatenate([in_time, late])
    earliest = np.maximum(first, np.concatenate([county.start[in_time], limit[late] + 1]))
    latest = np.minimum(last, np.concatenate([limit[in_time], np.full(len(late), last)]))
    planned, cases = county.planned[done], county.case[done]
    as_planned = (planned >= earliest) & (planned <= latest)
    county.finish[done] = np.where(as_planned, planned, between(earliest, latest, county.draw()[county.event[cases]]))
    county.decided[done] = _decide(county, cases, month)
    _assessed(county, cases, county.decided[done], county.finish[done])


def _turn(planned: Ints, limit: Ints, within: tuple[int, int], late: int) -> Ints:
    """In which turn assessments are completed in time, by when they were planned to be.

    Those whose limit is in the month (`within`: its first and last working day) come first, but for as many as it takes to have
    enough that are overdue: the month's `late` ones, and a stock for the months to come.
    """
    first, last = within
    turn = planned.copy()
    expiring = np.flatnonzero((limit >= first) & (limit < last))
    turn[expiring] -= len(WORKING)
    missing = round(late * (1 + OVERDUE)) - int((limit < first).sum())
    left = expiring[np.argsort(-planned[expiring], kind="stable")[: max(missing, 0)]]
    turn[left] += 2 * len(WORKING)
    return turn


def _decide(county: County, cases: Ints, month: Month) -> Ints:
    """The outcomes of the month's assessments: as many close the case as the quota says, of families rather than of children."""
    event = county.event[cases]
    again = county.outcome[cases] != UNDER_WAY
    codes, likely = shares("outcome_in_need")
    in_care = county.outcome[cases] == 1 + codes.index("CLA")
    leaning = np.where(again, STILL_IN_NEED + county.draw()[event], county.chance["closes"][event]) + in_care
    closing = lowest(leaning, month.closed_on_assessment, "assessments that close the case", month)
    decision = 1 + pick(likely, np.where(again, county.draw()[event], county.chance["outcome"][event]))
    decision = np.where(in_care, county.outcome[cases], decision)
    decision[closing] = CLOSING
    return decision


def _close(county: County, month: Month) -> None:
    """As many closures as bring the open cases to the month's number: cases decided to be closed, then others."""
    cases = county.open_now
    event, outcome = county.event[cases], county.outcome[cases]
    first, last = position_from(month.first), position_to(month.last)
    count = len(cases) - month.open_cases

    wind_up = 1 + np.floor(np.minimum(waiting_time(county.chance["wind_up"][event]) * WIND_UP, WIND_UP_AT_MOST)).astype(np.int64)
    ready = np.where((outcome == CLOSING) & ~county.waiting[cases], position_from(county.assessed[cases] + wind_up), NEVER)
    ending = np.flatnonzero(ready <= last)
    ending = ending[np.argsort(ready[ending], kind="stable")[:count]]

    since = np.maximum(county.opened[cases], np.where(county.assessed[cases] == NEVER, 0, county.assessed[cases]))
    earliest = np.maximum(position_from(since + AT_LEAST), first)
    settled = np.where(outcome == UNDER_WAY, county.chance["skipped"][event] < NOT_ASSESSED, outcome > CLOSING)
    others = np.flatnonzero(settled & ~county.waiting[cases] & (earliest <= last))
    turn = waiting_time(county.draw()[event[others]]) * _stay(county, cases[others], month)
    leaving = others[lowest(turn, count - len(ending), "closures", month)]

    days = np.concatenate([np.maximum(ready[ending], first), between(earliest[leaving], last, county.draw()[event[leaving]])])
    close_cases(county, cases[np.concatenate([ending, leaving])], WORKING[days])


def _stay(county: County, cases: Ints, month: Month) -> Floats:
    """How long each case tends to stay open, in months."""
    stays = np.array([STAY_NOT_ASSESSED, *(STAY[code] for code in shares("outcome_in_need")[0])])
    codes, likely = shares("primary_need")
    disabled = pick(likely, county.chance["need"][county.event[cases]]) == codes.index("N2")
    adult = month.first - county.born[county.child[cases]] >= 18 * YEAR
    return stays[np.maximum(county.outcome[cases], 0)] * np.where(disabled, STAY_DISABLED, 1) / np.where(adult, LEAVE_AT_18, 1)


def _finished(county: County) -> Cases:
    """The county's book as tables."""
    cases, events = county.cases, county.events
    episodes = pd.DataFrame({
        "child": county.child[:cases],
        "event": county.event[:cases],
        "opened": county.opened[:cases],
        "closed": county.closed[:cases],
        "nfa": county.nfa[:cases],
        "outcome": county.outcome[:cases],
    })
    codes, likely = shares("primary_need")
    return Cases(
        families=county.families,
        episodes=episodes,
        assessments=_assessments(county),
        events=pd.DataFrame({
            "household": county.household[:events],
            "day": county.day[:events],
            "need": np.array(codes, dtype=object)[pick(likely, county.chance["need"][:events])],
            "source": _sources(county),
        }),
        born=county.born,
        died=_deaths(episodes, len(county.born)),
        households=county.known,
    )


def _sources(county: County) -> Words:
    """Who made the referrals of each event."""
    events = county.events
    return referrers("referral_source", county.day[:events], county.chance["source"][:events], county.chance["school"][:events])


def _assessments(county: County) -> pd.DataFrame:
    """The assessments that have started; those due to start after the last day are not in the records yet."""
    done = np.flatnonzero(WORKING[county.start[: county.assessments]] <= LAST)
    decided, finish = county.decided[done], county.finish[done]
    in_need = np.array(["", *shares("outcome_in_need")[0]], dtype=object)[np.maximum(decided, 0)]
    codes, likely = shares("outcome_closed")
    closed = np.array(codes, dtype=object)[pick(likely, county.chance["outcome"][county.event[county.case[done]]])]
    return pd.DataFrame({
        "episode": county.case[done],
        "start": WORKING[county.start[done]],
        "finish": np.where(finish == NEVER, NEVER, WORKING[np.minimum(finish, len(WORKING) - 1)]),
        "outcome": np.where(decided == CLOSING, closed, in_need),
        "closes": decided == CLOSING,
    })


def _deaths(episodes: pd.DataFrame, children: int) -> Ints:
    """The day of death of the few children who died, by child: the day the last case of theirs was closed."""
    last = ~episodes.duplicated("child", keep="last") & (episodes["closed"] < NEVER) & (episodes["outcome"] > CLOSING)
    ended = episodes[last].iloc[::ONE_DEATH_IN]
    died = np.full(children, NEVER)
    died[ended["child"]] = ended["closed"]
    return died
