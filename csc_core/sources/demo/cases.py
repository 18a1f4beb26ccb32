"""The work, month by month: referrals, assessments and closures, as many as the quotas of `targets` say.

Each month the rows are chosen out of those that could be: a re-referral from the children whose case has closed, an assessment from
those under way, a closure from the open cases. So every rule of the records holds by construction (nobody is referred while their
case is open, an assessment in time has not passed its limit) and the counts are exact. Choices are made by household, so that
brothers and sisters are mostly referred, assessed and closed together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from csc_core.sources.demo.days import (
    NEVER,
    WORKING,
    YEAR,
    Flags,
    Floats,
    Ints,
    busyness,
    draw_days,
    number,
    pick,
    position_from,
    position_to,
)
from csc_core.sources.demo.families import CONCEIVED, GROWN, Families
from csc_core.sources.demo.targets import ALREADY_OPEN, Month, months, shares

LIMIT: Final = 45  # working days

# Working days that an assessment is planned to take: of those begun earlier one in ten is late, of those begun since one in four.
SLOWER_SINCE: Final = number(date(2016, 11, 1))
LENGTH: Final = (0, 1, 11, 21, 31, 41, 46, 51, 61, 90, 130)
LENGTH_EARLIER: Final = (0.0, 0.015, 0.21, 0.42, 0.61, 0.77, 0.87, 0.89, 0.93, 0.97, 1.0)  # how many take less
LENGTH_SINCE: Final = (0.0, 0.012, 0.09, 0.19, 0.34, 0.54, 0.765, 0.82, 0.89, 0.96, 1.0)
LATEST_START: Final = 6  # working days from referral to the start of the assessment
NOT_ASSESSED: Final = 0.035  # share of cases that go straight to other work (transfers in, court work)
SETTLED: Final = 150  # days from one assessment to the next of the same case

# Months a case stays open after the assessment, on average, by its outcome; closures are chosen in this proportion.
STAY: Final = {"CIN_PLAN": 9.0, "S47": 14.0, "CLA": 45.0, "OTHER": 8.0}
STAY_NOT_ASSESSED: Final = 9.0
STAY_DISABLED: Final = 3.0  # times as long
LEAVE_AT_18: Final = 12.0  # times as likely to close
WIND_UP: Final = 27.0  # days from an assessment that closes the case to the closure, on average
OLDEST: Final = 9.5 * YEAR  # days that a case has been open when the records begin, at most
AT_LEAST: Final = 10  # days that any other case is open, and that it stays so after an assessment

UNDER_WAY, CLOSING = -1, 0  # outcome of a case: none yet; the case is to be closed; 1 and on: a row of outcome_in_need


@dataclass
class _County:
    """The county as the months pass. Rows up to `known`, `cases`, `assessments` and `events` are in use."""

    families: Families
    rng: np.random.Generator

    # by child
    born: Ints
    referred: Ints  # last referral; -NEVER: not yet
    left: Ints  # the day the last case closed; NEVER while open, -NEVER: not yet referred

    # by case
    child: Ints
    event: Ints
    opened: Ints
    closed: Ints
    nfa: Flags
    outcome: Ints
    assessed: Ints  # day of the last completed assessment
    waiting: Flags  # an assessment is under way

    # by assessment; days are positions in WORKING
    case: Ints
    start: Ints
    planned: Ints
    finish: Ints
    decided: Ints

    # by event, that is a household on the day it is referred
    household: Ints
    day: Ints
    chance: dict[str, Floats]

    known: int = 0
    cases: int = 0
    assessments: int = 0
    events: int = 0
    open_now: Ints = field(default_factory=lambda: np.empty(0, np.int64))

    def draw(self) -> Floats:
        """A number in [0, 1) for each event, in its order: the same for brothers and sisters."""
        return self.rng.random(len(self.day))


@dataclass(frozen=True)
class Cases:
    """What happened. Days are numbers, NEVER where it has not happened.

    `episodes`: child, event, opened, closed, nfa, before (the records begin), reason. `assessments`: episode, start, finish, outcome
    (code, '' while under way), closes. `events`: household, day, need, chance. By child: `born`, `died`, `known` (has a case).
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
    county = _empty(families, rng)
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
    if len(keys) < count:
        raise ValueError(f"demo_months.csv asks for {count} {what} in {month.month} and only {len(keys)} are possible: ask for fewer.")
    return np.argsort(keys, kind="stable")[:count]


def _empty(families: Families, rng: np.random.Generator) -> _County:
    children = len(families.household)
    cases = ALREADY_OPEN + sum(month.referrals for month in months())
    assessments = cases + sum(month.reassessments for month in months())
    chances = ("nfa", "skipped", "lag", "length", "closes", "outcome", "wind_up", "stay", "need", "source", "school")
    return _County(
        families=families,
        rng=rng,
        born=np.full(children, NEVER),
        referred=np.full(children, -NEVER),
        left=np.full(children, -NEVER),
        child=np.zeros(cases, np.int64),
        event=np.zeros(cases, np.int64),
        opened=np.full(cases, NEVER),
        closed=np.full(cases, NEVER),
        nfa=np.zeros(cases, bool),
        outcome=np.full(cases, UNDER_WAY),
        assessed=np.full(cases, NEVER),
        waiting=np.zeros(cases, bool),
        case=np.zeros(assessments, np.int64),
        start=np.zeros(assessments, np.int64),
        planned=np.zeros(assessments, np.int64),
        finish=np.full(assessments, NEVER),
        decided=np.full(assessments, UNDER_WAY),
        household=np.zeros(cases, np.int64),
        day=np.zeros(cases, np.int64),
        chance={name: rng.random(cases) for name in chances},
    )


def _meet(county: _County, count: int, day: Ints) -> Ints:
    """The next `count` children of households not known before; `day`, by household, is when each becomes known."""
    families = county.families
    children = families.next_children(county.known, count)
    if len(children) < count:
        raise ValueError("The synthetic county has run out of families: draw more of them.")
    known = int(families.household[children[-1]]) + 1
    all_of_them = families.between(county.known, known)
    county.born[all_of_them] = day[families.household[all_of_them]] - families.age[all_of_them]
    county.known = known
    return children


def _open(county: _County, children: Ints, opened: Ints, day: Ints) -> Ints:
    """One case for each child; brothers and sisters share an event. Returns the new cases."""
    households, place = np.unique(county.families.household[children], return_inverse=True)
    events = slice(county.events, county.events + len(households))
    county.household[events], county.day[events] = households, day[households]
    new = np.arange(county.cases, county.cases + len(children))
    county.child[new], county.event[new], county.opened[new] = children, county.events + place, opened
    county.referred[children], county.left[children] = opened, NEVER
    county.events, county.cases = events.stop, county.cases + len(children)
    return new


def _begin(county: _County, cases: Ints, start: Ints, length: Ints) -> Ints:
    """An assessment of each case. Returns the new assessments."""
    new = np.arange(county.assessments, county.assessments + len(cases))
    county.case[new], county.start[new], county.planned[new] = cases, start, start + length
    county.waiting[cases] = True
    county.assessments += len(cases)
    return new


def _lengths(county: _County, cases: Ints, chance: Floats, start: Ints) -> Ints:
    """Working days that assessments are planned to take, from when they start."""
    event = county.event[cases]
    earlier, since = (np.interp(chance[event], shares_less, LENGTH) for shares_less in (LENGTH_EARLIER, LENGTH_SINCE))
    days = np.where(WORKING[start] < SLOWER_SINCE, earlier, since) * county.families.pace[county.household[event]]
    return np.floor(days).astype(np.int64)


def _already_open(county: _County, begin: int) -> None:
    """The cases open on the first day: assessed before it, the longer ago the longer such cases stay open."""
    day = np.full(len(county.families.first), begin)
    children = _meet(county, ALREADY_OPEN, day)
    county.born[children] = np.minimum(county.born[children], begin - 60)
    codes, likely = shares("outcome_in_need")
    stay = np.array([STAY[code] for code in codes])
    household = county.families.household[children]
    outcome = pick(likely * stay, county.rng.random(len(day)))[household]
    mean = stay[outcome] * YEAR / 12
    likely_within = -np.expm1(-OLDEST / mean)
    open_for = 80 - np.floor(np.log1p(-county.rng.random(len(day))[household] * likely_within) * mean).astype(np.int64)
    opened = np.maximum(begin - open_for, county.born[children] - CONCEIVED + 30)
    cases = _open(county, children, np.minimum(opened, begin - 80), day)
    start = position_from(county.opened[cases]) + 2
    new = _begin(county, cases, start, np.minimum(_lengths(county, cases, county.chance["length"], start), LIMIT))
    county.finish[new], county.decided[new] = county.planned[new], outcome + 1
    county.assessed[cases], county.outcome[cases], county.waiting[cases] = WORKING[county.finish[new]], outcome + 1, False


def _refer(county: _County, month: Month) -> None:
    """The month's referrals: re-referrals, returns, brothers and sisters of these, and families not known before."""
    families, rng = county.families, county.rng
    days = np.arange(month.first, month.last + 1)
    day = draw_days(days, busyness(days), rng.random(len(families.first)))
    turn = rng.exponential(size=len(families.first)) / families.trouble

    a_child = (month.last - county.born < GROWN * YEAR) & (county.born - CONCEIVED <= month.first)
    closed = (county.left < month.first) & (county.left > -NEVER) & a_child
    # within a year of every day of the month, or of none of its days: the quotas hold whichever day is drawn
    lately = np.flatnonzero(closed & (county.referred >= month.last - 365))
    long_ago = np.flatnonzero(closed & (county.referred < month.first - 366))
    again = lately[lowest(turn[families.household[lately]], month.re_referrals, "re-referrals", month)]
    returned = long_ago[lowest(turn[families.household[long_ago]], month.returns, "returns", month)]
    back = np.isin(families.household, families.household[np.concatenate([again, returned])])
    sibling = back & (county.left == -NEVER) & a_child & (rng.random(len(back)) < 0.6)  # noqa: PLR2004
    others = month.referrals - len(again) - len(returned)
    siblings = np.flatnonzero(sibling)[:others]
    new = _meet(county, others - len(siblings), day)

    children = np.sort(np.concatenate([again, returned, siblings, new]))
    cases = _open(county, children, day[families.household[children]], day)
    nothing = cases[lowest(county.chance["nfa"][county.event[cases]], month.referrals_nfa, "referrals without further action", month)]
    county.nfa[nothing] = True
    county.closed[nothing] = county.left[county.child[nothing]] = county.opened[nothing]
    assessed = cases[~county.nfa[cases] & (county.chance["skipped"][county.event[cases]] >= NOT_ASSESSED)]
    lag = np.floor(county.chance["lag"][county.event[assessed]] ** 2 * LATEST_START).astype(np.int64)
    start = position_from(county.opened[assessed]) + lag
    _begin(county, assessed, start, _lengths(county, assessed, county.chance["length"], start))
    county.open_now = np.concatenate([county.open_now, cases[~county.nfa[cases]]]) if len(county.open_now) else _all_open(county)


def _all_open(county: _County) -> Ints:
    return np.flatnonzero(county.closed[: county.cases] == NEVER)


def _reassess(county: _County, month: Month) -> None:
    """Further assessments of cases assessed some time ago and still open."""
    cases = county.open_now
    due = cases[(county.outcome[cases] > CLOSING) & ~county.waiting[cases] & (county.assessed[cases] < month.first - SETTLED)]
    chosen = due[lowest(county.draw()[county.event[due]], month.reassessments, "reassessments", month)]
    first, last = position_from(month.first), position_to(month.last)
    start = first + np.floor(county.draw()[county.event[chosen]] * (last - first + 1)).astype(np.int64)
    _begin(county, chosen, start, _lengths(county, chosen, county.draw(), start))


def _authorise(county: _County, month: Month) -> None:
    """The month's completed assessments, in time and late, and what they decide."""
    first, last = position_from(month.first), position_to(month.last)
    under_way = np.flatnonzero((county.finish[: county.assessments] == NEVER) & (county.start[: county.assessments] <= last))
    limit = county.start + LIMIT
    timely = under_way[limit[under_way] >= first]
    in_time = timely[lowest(county.planned[timely], month.in_time, "assessments in time", month)]
    overdue = np.setdiff1d(under_way[limit[under_way] < last], in_time)
    late = overdue[lowest(county.planned[overdue], month.assessments - month.in_time, "late assessments", month)]
    done = np.concatenate([in_time, late])
    earliest = np.maximum(first, np.concatenate([county.start[in_time], limit[late] + 1]))
    latest = np.minimum(last, np.concatenate([limit[in_time], np.full(len(late), last)]))
    cases = county.case[done]
    event = county.event[cases]
    within = earliest + np.floor(county.draw()[event] * (latest - earliest + 1)).astype(np.int64)
    planned = county.planned[done]
    county.finish[done] = np.where((planned >= earliest) & (planned <= latest), planned, within)

    # a first decision goes by what is the matter with the family; a later one is drawn anew
    again = county.outcome[cases] != UNDER_WAY
    leaning = np.where(again, 0.35 + county.draw()[event], county.chance["closes"][event])
    codes, likely = shares("outcome_in_need")
    cared_for = 1 + codes.index("CLA")
    leaning[county.outcome[cases] == cared_for] += 1  # looked-after children rarely just leave
    closing = lowest(leaning, month.closed_on_assessment, "assessments that close the case", month)
    decision = 1 + pick(likely, np.where(again, county.draw()[event], county.chance["outcome"][event]))
    decision[county.outcome[cases] == cared_for] = cared_for
    decision[closing] = CLOSING
    county.decided[done] = decision
    county.outcome[cases], county.assessed[cases], county.waiting[cases] = decision, WORKING[county.finish[done]], False


def _close(county: _County, month: Month) -> None:
    """As many closures as bring the open cases to the month's number: cases decided to be closed, then others."""
    cases = county.open_now
    count = len(cases) - month.open_cases
    event = county.event[cases]
    outcome = county.outcome[cases]

    wind_up = 1 + np.floor(np.minimum(-np.log1p(-county.chance["wind_up"][event]) * WIND_UP, 75)).astype(np.int64)
    ready = np.where(outcome == CLOSING, county.assessed[cases] + wind_up, NEVER)
    ready[county.waiting[cases]] = NEVER
    last = position_to(month.last)
    ending = np.flatnonzero(position_from(np.minimum(ready, NEVER)) <= last)
    ending = ending[np.argsort(ready[ending], kind="stable")[:count]]
    day_of_ending = WORKING[position_from(np.maximum(ready[ending], month.first))]

    free_from = np.maximum(county.opened[cases], np.where(county.assessed[cases] == NEVER, 0, county.assessed[cases])) + AT_LEAST
    earliest = position_from(np.maximum(free_from, month.first))
    may_end = (earliest <= last) & ~county.waiting[cases]
    may_end &= np.where(outcome == UNDER_WAY, county.chance["skipped"][event] < NOT_ASSESSED, outcome > CLOSING)
    others = np.flatnonzero(may_end)
    wait = -np.log1p(-county.draw()[event[others]]) * _stay(county, cases[others], month)
    leaving = others[lowest(wait, count - len(ending), "closures", month)]
    span = last - earliest[leaving] + 1
    day_of_leaving = WORKING[earliest[leaving] + np.floor(county.draw()[event[leaving]] * span).astype(np.int64)]

    county.closed[cases[ending]], county.closed[cases[leaving]] = day_of_ending, day_of_leaving
    county.left[county.child[cases]] = county.closed[cases]
    county.open_now = cases[county.closed[cases] == NEVER]


def _stay(county: _County, cases: Ints, month: Month) -> Floats:
    """How long each case tends to stay open."""
    stays = np.array([STAY_NOT_ASSESSED, *(STAY[code] for code in shares("outcome_in_need")[0])])
    stay = stays[np.maximum(county.outcome[cases], 0)]
    codes, likely = shares("primary_need")
    disabled = pick(likely, county.chance["need"][county.event[cases]]) == codes.index("N2")
    stay[disabled] *= STAY_DISABLED
    stay[month.first - county.born[county.child[cases]] >= 18 * YEAR] /= LEAVE_AT_18
    return stay


def _finished(county: _County) -> Cases:
    """The county's arrays as tables, with what does not change any count: reasons, codes, and the few children who died."""
    cases, done, events = county.cases, county.assessments, county.events
    outcome = np.array(["", *shares("outcome_in_need")[0]], dtype=object)[np.maximum(county.decided[:done], 0)]
    codes, likely = shares("outcome_closed")
    closes = county.decided[:done] == CLOSING
    event = county.event[county.case[:done]]
    outcome[closes] = np.array(codes, dtype=object)[pick(likely, county.chance["outcome"][event])][closes]
    needs, how_many = shares("primary_need")
    episodes = pd.DataFrame({
        "child": county.child[:cases],
        "event": county.event[:cases],
        "opened": county.opened[:cases],
        "closed": county.closed[:cases],
        "nfa": county.nfa[:cases],
        "outcome": county.outcome[:cases],
    })
    last_of_child = ~episodes.duplicated("child", keep="last").to_numpy()
    deaths = np.flatnonzero(last_of_child & (county.closed[:cases] < NEVER) & (county.outcome[:cases] > CLOSING))[::700]
    died = np.full(len(county.born), NEVER)
    died[county.child[deaths]] = county.closed[deaths]
    return Cases(
        families=county.families,
        episodes=episodes,
        assessments=pd.DataFrame({
            "episode": county.case[:done],
            "start": WORKING[county.start[:done]],
            "finish": np.where(county.finish[:done] == NEVER, NEVER, WORKING[np.minimum(county.finish[:done], len(WORKING) - 1)]),
            "outcome": outcome,
            "closes": closes,
        }),
        events=pd.DataFrame({
            "household": county.household[:events],
            "day": county.day[:events],
            "need": np.array(needs, dtype=object)[pick(how_many, county.chance["need"][:events])],
            "source": county.chance["source"][:events],
            "school": county.chance["school"][:events],
        }),
        born=county.born,
        died=died,
        households=county.known,
    )
