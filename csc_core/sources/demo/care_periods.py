"""Periods of care: which children are looked after and when, as many at the end of each month as `data/demo_looked_after.csv` says.

Every one of them has a case open throughout, made before (`cases`). Those whose assessment brought them into care enter it on the
day after, and mostly stay while the case is open or until they are 18; the others enter from cases open for other reasons, and
many return home after some months.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd

from csc_core.sources.demo.cases import Cases, lowest
from csc_core.sources.demo.days import NEVER, YEAR, Flags, Floats, Ints, between, waiting_time
from csc_core.sources.demo.leaving_care import LEFT_AT, birthday
from csc_core.sources.demo.targets import LAST, Month, months, shares, table

BEFORE: Final = 690
"""Children looked after when the records begin; so many of them (`SETTLED_BEFORE`) through an assessment that brought them into care."""
SETTLED_BEFORE: Final = 622

EARLIEST: Final = 400  # days before the records begin in which the others of them entered
SHORTEST: Final = 12  # days in care, and days of the case before and after
APART: Final = 45  # days between two periods of care of a child
OLDEST: Final = 17.7  # years on entry
STAYING, RETURNING = 0.25, 3.0  # how readily a child leaves whose assessment brought it into care, and one who came for other reasons
SOON: Final = 365  # days within which those who came for other reasons mostly leave
ALONE_FROM: Final = 14.5  # years of age
BABIES: Final = 6.0  # how readily a child under one enters care, against others
DISABLED: Final = 0.3  # and one whose need is a disability
NO_HOME_HERE: Final = 0.05  # how readily one who came alone leaves
LIKELY: Final = {"S47": 4.0, "OTHER": 1.5}  # how readily a case leads to care by its assessment's outcome; others 1


@dataclass(frozen=True)
class Known:
    """What decides which cases lead to care, by case (row of `cases.episodes`); days are numbers.

    limit: the day the case closes or the child is 18; brought: the day on which its assessment brought the child into care, NEVER if
    it did not; stays: others count on it that the child is in care to the limit.
    """

    child: Ints
    event: Ints
    events: int
    opened: Ints
    closed: Ints
    born: Ints
    limit: Ints
    brought: Ints
    stays: Flags
    alone: Flags  # came to the country without parents
    readiness: Floats


@dataclass
class Book:
    """Periods of care while they are being written: the case, first day and last day (NEVER while it lasts) of each."""

    left: Ints  # by child: the day the last one ended, -NEVER if none did
    case: list[int] = field(default_factory=list)
    start: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    there: list[int] = field(default_factory=list)  # those in care now: positions in the lists above

    def cases(self, positions: Ints | list[int]) -> Ints:
        return np.array([self.case[position] for position in positions], dtype=np.int64)

    def enter(self, cases: Ints, days: Ints) -> None:
        self.there += range(len(self.case), len(self.case) + len(cases))
        self.case += cases.tolist()
        self.start += days.tolist()
        self.end += [NEVER] * len(cases)

    def leave(self, positions: Ints, days: Ints, known: Known) -> None:
        for position, day in zip(positions.tolist(), days.tolist(), strict=True):
            self.end[position] = day
        self.left[known.child[self.cases(positions)]] = days
        gone = set(positions.tolist())
        self.there = [position for position in self.there if position not in gone]

    def leave_at_limit(self, known: Known, month: Month) -> int:
        """Those whose case closes, or who turn 18, by the end of the month. Returns how many."""
        must = np.array([position for position in self.there if known.limit[self.case[position]] <= month.last], dtype=np.int64)
        self.leave(must, known.limit[self.cases(must)], known)
        return len(must)


def periods(cases: Cases, adoptive: Ints, unaccompanied: Flags, rng: np.random.Generator) -> pd.DataFrame:
    """Every period of care: case (row of `cases.episodes`), child, start, end (NEVER while it lasts), alone (came without parents).

    `adoptive` are the children placed for adoption or waiting for it, who stay; `unaccompanied`, by child, those who came to the
    country alone if they enter care as young people. In the order of start.
    """
    known = _known(cases, adoptive, unaccompanied)
    book = Book(np.full(len(cases.born), -NEVER))
    _already_in_care(book, known, rng)
    rows = table("looked_after")
    for month, looked_after, started in zip(months(), rows["looked_after"], rows["started"], strict=True):
        _write(book, known, month, int(looked_after), int(started), rng)
    frame = pd.DataFrame({"case": book.case, "start": book.start, "end": book.end})
    frame["child"] = known.child[frame["case"]]
    frame["alone"] = known.alone[frame["case"]] & (frame["start"] - known.born[frame["case"]] > ALONE_FROM * YEAR)
    return frame.sort_values(["start", "case"], kind="stable", ignore_index=True)


def _known(cases: Cases, adoptive: Ints, unaccompanied: Flags) -> Known:
    episodes = cases.episodes
    child, event, opened, closed, outcome = (episodes[name].to_numpy() for name in ("child", "event", "opened", "closed", "outcome"))
    born = cases.born[child]
    birth = np.where(born == NEVER, LAST, born)  # of no consequence: nobody enters care before birth
    limit = np.minimum(closed, birthday(birth, 18))
    decided = cases.assessments[cases.assessments["outcome"] == "CLA"].drop_duplicates("episode").set_index("episode")["finish"]
    brought = np.maximum(decided.reindex(episodes.index, fill_value=NEVER - 1).to_numpy() + 1, born)
    codes = shares("outcome_in_need")[0]
    readiness = np.ones(len(child))
    for code, times in LIKELY.items():
        readiness[outcome == 1 + codes.index(code)] = times
    readiness[cases.events["need"].to_numpy(object)[event] == "N2"] = DISABLED
    return Known(
        child=child,
        event=event,
        events=len(cases.events),
        opened=opened,
        closed=closed,
        born=born,
        limit=limit,
        brought=np.where(brought < limit, brought, NEVER),
        stays=np.isin(child, adoptive) | (np.minimum(limit, LAST + 1) >= birthday(birth, LEFT_AT)),
        alone=unaccompanied[child],
        readiness=readiness,
    )


def _already_in_care(book: Book, known: Known, rng: np.random.Generator) -> None:
    first = months()[0]
    begin = first.first
    family = rng.exponential(size=known.events)[known.event]
    settled = np.flatnonzero((known.brought < begin) & (known.limit > begin))
    settled = settled[lowest(family[settled] - 10.0 * known.stays[settled], SETTLED_BEFORE, "children in care before", first)]
    others = (known.brought == NEVER) & (known.opened < begin - 60) & (known.limit > begin + 30) & (known.born < begin - EARLIEST)
    rows = np.flatnonzero(others)
    rows = rows[lowest(family[rows], BEFORE - SETTLED_BEFORE, "other children in care before", first)]
    book.enter(settled, known.brought[settled])
    earliest = np.maximum(known.opened[rows] + SHORTEST, begin - EARLIEST)
    book.enter(rows, between(earliest, np.full(len(rows), begin - 1), rng.random(len(rows))))


def _write(book: Book, known: Known, month: Month, looked_after: int, started: int, rng: np.random.Generator) -> None:
    """The month's leavers and entrants, as many as leave so many children in care at its end."""
    before = len(book.there)
    entering = np.flatnonzero((known.brought >= month.first) & (known.brought <= month.last))
    entering = entering[~np.isin(known.child[entering], known.child[book.cases(book.there)])]
    left = book.leave_at_limit(known, month)
    at_once = int((known.limit[entering] <= month.last).sum())
    starts = max(started, looked_after - before + left + at_once, len(entering))
    book.leave(*_returning(book, known, month, before + starts - looked_after - left - at_once, rng), known)
    book.enter(entering, known.brought[entering])
    book.enter(*_others(book, known, month, starts - len(entering), rng))
    book.leave_at_limit(known, month)


def _returning(book: Book, known: Known, month: Month, count: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """So many who leave before they must, and when: mostly those who came lately and for other reasons."""
    may = [p for p in book.there if book.start[p] < month.first - SHORTEST and not known.stays[book.case[p]]]
    case = book.cases(may)
    lately = month.first - np.array([book.start[position] for position in may]) < SOON
    ready = np.where(known.brought[case] < NEVER, STAYING, RETURNING * np.where(lately, 1.0, 0.3))
    ready = np.where(known.alone[case], NO_HOME_HERE, ready)
    turn = waiting_time(rng.random(known.events))[known.event[case]] / ready
    chosen = np.array(may, dtype=np.int64)[lowest(turn, count, "children leaving care", month)]
    latest = np.minimum(month.last, known.limit[book.cases(chosen)] - 1)
    return chosen, between(np.full(count, month.first), latest, rng.random(count))


def _others(book: Book, known: Known, month: Month, count: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """So many whose case leads to care for other reasons than an assessment, and when; brothers and sisters together."""
    fits = (known.opened < month.last - SHORTEST) & (np.minimum(known.closed, known.limit) > month.last + SHORTEST)
    of_age = (known.born < month.first) & (month.last - known.born < OLDEST * YEAR)
    # not before the assessment that brings them into care, and not again at once
    free = ((known.brought == NEVER) | (known.brought < month.first)) & (book.left[known.child] < month.first - APART)
    rows = np.flatnonzero(fits & of_age & free & ~np.isin(known.child, known.child[book.cases(book.there)]))
    turn = rng.exponential(size=known.events)[known.event[rows]] / known.readiness[rows]
    turn /= np.where(month.first - known.born[rows] < YEAR, BABIES, 1.0)
    # a young person alone in the country is looked after at once
    alone = known.alone[rows] & (month.first - known.born[rows] > ALONE_FROM * YEAR)
    new = rows[lowest(np.where(alone, turn / 1000, turn), count, "children entering care", month)]
    new = new[np.unique(known.child[new], return_index=True)[1]]
    at = rng.random(known.events)[known.event[new]]
    return new, between(np.maximum(known.opened[new] + 2, month.first), np.full(len(new), month.last), at)
