"""The county's book of cases while it is being written: who is known, which cases are open, which assessments under way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from csc_core.sources.demo.days import NEVER, Flags, Floats, Ints
from csc_core.sources.demo.families import Families
from csc_core.sources.demo.targets import ALREADY_OPEN, months

UNDER_WAY: Final = -1  # the outcome of a case not assessed yet
CLOSING: Final = 0  # of one that its assessment closes; 1 and on: a row of `outcome_in_need`, for one that stays open

CHANCES: Final = ("nfa", "skipped", "lag", "length", "closes", "outcome", "wind_up", "need", "source", "school")


@dataclass
class County:
    """Arrays with room for all that is to come. Those of cases, assessments and events are in use up to the number of that name."""

    families: Families
    rng: np.random.Generator

    # by child
    born: Ints
    referred: Ints  # the day of the last referral; -NEVER: not referred yet
    left: Ints  # the day the last case closed; NEVER while it is open, -NEVER: not referred yet

    # by case
    child: Ints
    event: Ints
    opened: Ints
    closed: Ints
    nfa: Flags
    outcome: Ints
    assessed: Ints  # the day of the last completed assessment
    waiting: Flags  # an assessment is under way

    # by assessment; days are positions in WORKING
    case: Ints
    start: Ints
    planned: Ints
    finish: Ints
    decided: Ints

    # by event: a household on the day that its children are referred, with the numbers that decide what becomes of them together
    household: Ints
    day: Ints
    chance: dict[str, Floats]

    known: int = 0  # households
    cases: int = 0
    assessments: int = 0
    events: int = 0
    open_now: Ints = field(default_factory=lambda: np.empty(0, np.int64))  # cases

    def draw(self) -> Floats:
        """A number in [0, 1) for each event."""
        return self.rng.random(len(self.day))


def empty_county(families: Families, rng: np.random.Generator) -> County:
    """A county in which nothing has happened yet."""
    children = len(families.household)
    cases = ALREADY_OPEN + sum(month.referrals for month in months())
    assessments = cases + sum(month.reassessments for month in months())
    return County(
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
        chance={name: rng.random(cases) for name in CHANCES},
    )


def meet(county: County, count: int, day: Ints) -> Ints:
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


def open_cases(county: County, children: Ints, opened: Ints, day: Ints) -> Ints:
    """A case for each child, by household the events of `day`. Returns the new cases."""
    households, place = np.unique(county.families.household[children], return_inverse=True)
    events = slice(county.events, county.events + len(households))
    county.household[events], county.day[events] = households, day[households]
    new = np.arange(county.cases, county.cases + len(children))
    county.child[new], county.event[new], county.opened[new] = children, county.events + place, opened
    county.referred[children], county.left[children] = opened, NEVER
    county.events, county.cases = events.stop, county.cases + len(children)
    county.open_now = np.concatenate([county.open_now, new])
    return new


def begin_assessments(county: County, cases: Ints, start: Ints, length: Ints) -> Ints:
    """An assessment of each case. Returns the new assessments."""
    new = np.arange(county.assessments, county.assessments + len(cases))
    county.case[new], county.start[new], county.planned[new] = cases, start, start + length
    county.waiting[cases] = True
    county.assessments += len(cases)
    return new


def close_cases(county: County, cases: Ints, day: Ints) -> None:
    """The cases are closed, each on its day."""
    county.closed[cases] = county.left[county.child[cases]] = day
    county.open_now = county.open_now[county.closed[county.open_now] == NEVER]
