"""Visits to looked-after children: most of them by the day they are due, some late, some at which the child was not there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from csc_core.sources.demo.care_placements import quota_days
from csc_core.sources.demo.days import NEVER
from csc_core.sources.demo.targets import LAST, months

# Days within which a visit is due: after the start of a placement, then from visit to visit; at home under an interim order.
FIRST, NEXT, AT_HOME = 7, 42, 28
LONG_TERM: Final = ("U1", "U4")  # after a year three months, at most; two and a half are always within them
AFTER_A_YEAR: Final = 365
LATE: Final = 0.075  # share of visits
LATE_BY: Final = (1, 12)  # days
EARLIEST: Final = 0.62  # of the time there is
NOT_SEEN: Final = 0.03  # visits at which the child was not seen, for each of the others
SEEN_NOT_RECORDED: Final = 0.01


@dataclass
class Step:
    """The start of a placement, or a visit: its day, the day it was due (NEVER for a start), the day the next one is due."""

    day: int
    due: int
    next_due: int

    @property
    def in_time(self) -> bool:
        return self.day <= self.due and self.next_due >= LAST


def visits(care: pd.DataFrame, placed: pd.DataFrame, legal: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Every visit: period (row of `care`), day, seen. On the last day as many children are visited in time as the quotas say.

    `placed` are the placements (`care_placements`), `legal` the statuses (`care_statuses`), both in order of period and start.
    """
    stays = _stays(placed[placed["counts"]])
    interim = {
        period: (start, end)
        for period, start, end in legal.loc[legal["status"] == "C1", ["period", "start", "end"]].itertuples(index=False, name=None)
    }
    chains = [
        _chain(int(start), int(end), stays.get(period, []), interim.get(period, (NEVER, NEVER)), rng)
        for period, (start, end) in enumerate(zip(care["start"], care["end"], strict=True))
    ]
    _meet_quota([chain for chain, end in zip(chains, care["end"], strict=True) if end > LAST], rng)
    made = [(period, step.day) for period, chain in enumerate(chains) for step in chain if step.due < NEVER]
    frame = pd.DataFrame(made, columns=["period", "day"])
    in_vain = frame[rng.random(len(frame)) < NOT_SEEN]
    before = in_vain["day"] - rng.integers(1, 4, len(in_vain))
    in_vain = in_vain.assign(day=np.maximum(before, care["start"].to_numpy()[in_vain["period"]]), seen="N")
    frame["seen"] = np.where(rng.random(len(frame)) < SEEN_NOT_RECORDED, "", "Y")
    return pd.concat([frame, in_vain]).sort_values(["day", "period", "seen"], kind="stable", ignore_index=True)


def _stays(placed: pd.DataFrame) -> dict[int, list[tuple[int, int, str]]]:
    """The placements of each period: first day, first day with the same carer, kind."""
    found: dict[int, list[tuple[int, int, str]]] = {}
    for period, start, kind, same in placed[["period", "start", "type", "same"]].itertuples(index=False, name=None):
        stays = found.setdefault(period, [])
        stays.append((start, stays[-1][1] if same else start, kind))
    return found


def _chain(start: int, end: int, stays: list[tuple[int, int, str]], interim: tuple[int, int], rng: np.random.Generator) -> list[Step]:
    """The starts of placements and the visits of a period of care since the records begin, in order."""
    starts = sorted({start, *(since for _, since, _ in stays)})
    until = min(end - 1, LAST)
    begin = months()[0].first
    chain = [Step(starts[0], NEVER, starts[0] + FIRST)]
    if start < begin:
        chain = [Step(begin - 1, NEVER, begin + NEXT)]
        starts = [day for day in starts if day < begin][-1:] + [day for day in starts if day >= begin]
    coming = starts[1:]
    while True:
        last = chain[-1]
        room = last.next_due - last.day
        day = last.day + max(1, int(np.ceil(room * (EARLIEST + (1 - EARLIEST) * rng.random()))))
        if rng.random() < LATE:
            day = last.next_due + int(rng.integers(*LATE_BY, endpoint=True))
        if coming and day >= coming[0]:
            day = coming.pop(0)
            if day > until:
                return chain
            chain.append(Step(day, NEVER, day + FIRST))
        elif day > until:
            return chain
        else:
            chain.append(Step(day, last.next_due, day + _within(day, stays, interim)))


def _within(day: int, stays: list[tuple[int, int, str]], interim: tuple[int, int]) -> int:
    """Days within which the next visit is due."""
    now = [(since, kind) for first, since, kind in stays if first <= day]
    if now:
        since, kind = now[-1]
        if kind == "P1" and interim[0] <= day < interim[1]:
            return AT_HOME
        if kind in LONG_TERM and day >= since + AFTER_A_YEAR + 1:
            return _three_months(day)
    return NEXT


def _three_months(day: int) -> int:
    then = pd.Timestamp(date.fromordinal(day + date(1970, 1, 1).toordinal())) + pd.DateOffset(months=3)
    return then.date().toordinal() - date(1970, 1, 1).toordinal() - day


def _meet_quota(chains: list[list[Step]], rng: np.random.Generator) -> None:
    """Put off, or bring forward, the last visits of some children, so that as many are in time on the last day as are to be."""
    wanted = quota_days()[-1].visited_in_time or 0
    more = wanted - sum(chain[-1].in_time for chain in chains)
    for number in rng.permutation(len(chains)):
        last = chains[number][-1]
        before = chains[number][-2].day if len(chains[number]) > 1 else 0
        within = last.next_due - last.day
        if more < 0 and last.in_time and last.due < LAST:
            day = min(last.due + int(rng.integers(*LATE_BY)), LAST)
            chains[number][-1] = Step(day, last.due, day + within)
            more += 1
        elif more > 0 and not last.in_time and before < last.due < last.day and last.due + within >= LAST:
            chains[number][-1] = Step(last.due, last.due, last.due + within)
            more -= 1
    if more:
        raise ValueError(f"demo_care_days.csv asks for {wanted} children visited in time, and that is not possible.")
