"""The book of child protection while it is being written: enquiries, conferences and plans so far, and what is known of each case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from csc_core.sources.demo.cases import Cases
from csc_core.sources.demo.days import NEVER, WORKING, YEAR, Flags, Floats, Ints

IN_TIME: Final = 15  # working days from the start of a section 47 enquiry to the conference
SOONEST: Final = 4
LATE: Final = 0.25  # share of conferences planned to be late, if the quotas let them
AGE: Final = (0, 1, 5, 10, 16, 18)  # years, and how strongly conferences and plans lean to children of that age
YOUNGER_FIRST: Final = (5.0, 3.0, 1.6, 1.0, 0.6, 0.3)


@dataclass
class Book:
    """What has happened so far. Days of section 47 enquiries are positions in WORKING; those of plans are days.

    By case: `ready` (the day it was assessed as in need; NEVER), `until` (the day it stops being a case that could have a plan),
    `last` (the day of its last enquiry). By child: `plan` (until when there is one, -NEVER without), `had` (plans in the records),
    `earlier` (plans before them). `owed`: how many plans of two years or more should have ended and have not.
    """

    cases: Cases
    rng: np.random.Generator
    child: Ints
    event: Ints
    ready: Ints
    until: Ints
    last: Ints
    plan: Ints
    had: Ints
    earlier: Ints
    enquiries: pd.DataFrame
    plans: pd.DataFrame
    owed: int = 0

    def by_event(self, cases: Ints) -> Floats:
        """A number in [0, 1) for each case, the same for brothers and sisters referred together."""
        return self.rng.random(len(self.cases.events))[self.event[cases]]

    def leaning(self, cases: Ints, day: int) -> Floats:
        """The same, the lower the younger the child."""
        return self.by_event(cases) ** np.interp((day - self.cases.born[self.child[cases]]) / YEAR, AGE, YOUNGER_FIRST)

    def had_before(self, cases: Ints) -> Flags:
        """Whether the child of each case has had a plan."""
        had: Flags = (self.had + self.earlier)[self.child[cases]] > 0
        return had


def empty_book(cases: Cases, rng: np.random.Generator) -> Book:
    """A book in which nothing has happened yet."""
    episodes, done = cases.episodes, cases.assessments[cases.assessments["finish"] < NEVER]
    child = episodes["child"].to_numpy()
    stays = ~done["closes"] & (done["outcome"] != "CLA")
    ready = _first_day(done[stays], len(episodes))
    ends = _first_day(done[~stays], len(episodes))
    grown = cases.born[child] + int(18 * YEAR)
    children = len(cases.born)
    return Book(
        cases=cases,
        rng=rng,
        child=child,
        event=episodes["event"].to_numpy(),
        ready=np.where(ends < ready, NEVER, ready),
        until=np.minimum(np.minimum(episodes["closed"].to_numpy(), ends), grown),
        last=np.full(len(episodes), -NEVER),
        plan=np.full(children, -NEVER),
        had=np.zeros(children, np.int64),
        earlier=np.zeros(children, np.int64),
        enquiries=pd.DataFrame({"case": [], "start": [], "soonest": [], "planned": [], "could": [], "held": []}, dtype="int64"),
        plans=pd.DataFrame({"case": [], "start": [], "planned": [], "end": [], "number": []}, dtype="int64"),
    )


def _first_day(assessments: pd.DataFrame, count: int) -> Ints:
    """The day of each case's first of these assessments; NEVER without."""
    day = np.full(count, NEVER)
    np.minimum.at(day, assessments["episode"].to_numpy(), assessments["finish"].to_numpy())
    return day


def write_enquiries(book: Book, case: Ints, start: Ints, could: Flags | bool) -> None:
    """New enquiries; `could` says which may lead to a conference."""
    late = book.by_event(case) < LATE
    took = np.where(late, IN_TIME + 1 + np.floor(book.by_event(case) ** 2 * 20), 8 + np.floor(book.by_event(case) ** 0.5 * 8))
    new = pd.DataFrame({
        "case": case,
        "start": start,
        "soonest": start + SOONEST,
        "planned": start + took.astype(np.int64),
        "could": np.broadcast_to(np.asarray(could, dtype=np.int64), len(case)),
        "held": NEVER,
    })
    book.last[case] = WORKING[start]
    book.enquiries = pd.concat([book.enquiries, new], ignore_index=True)


def write_plans(book: Book, case: Ints, start: Ints, planned: Ints) -> None:
    """New plans, each with the day it is planned to end."""
    child = book.child[case]
    new = pd.DataFrame({"case": case, "start": start, "planned": planned, "end": NEVER, "number": book.earlier[child] + book.had[child]})
    book.had[child] += 1
    book.plan[child] = NEVER
    book.plans = pd.concat([book.plans, new], ignore_index=True)
