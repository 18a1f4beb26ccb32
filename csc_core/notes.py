"""What must be said beside a figure, so that it is not misread: rows that overlap, codes that changed, months that can still rise, or of
which nothing was recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from csc_core import factors
from csc_core.indicators import Indicator
from csc_core.indicators.declaration import TIME
from csc_core.periods import Period, members, month
from csc_core.query import no_records, nothing_recorded
from csc_core.snapshot import Snapshot
from csc_core.tables import TABLES

MOST_NAMED = 6  # months


def notes(
    snapshot: Snapshot, asked: Indicator, period: Period, by: Sequence[str] = (), where: Mapping[str, Sequence[str]] | None = None
) -> tuple[str, ...]:
    """Sentences for people about an answer split by `by` (see csc_core.query.rows_by)."""
    step = next((name for name in by if name in TIME), None)
    parts = members(step, period) if step else [period]
    return (
        *factors.notes(asked, period, by, where or {}),
        *_maturing(asked, parts, snapshot.as_at.date()),
        *_months_missing(snapshot, asked, period),
    )


def final_on(asked: Indicator, period: Period) -> date:
    """The day from which a figure no longer changes: what is followed on can change until its last event has been."""
    return period.end + timedelta(days=asked.follow_up_days)


def _maturing(asked: Indicator, parts: Sequence[Period], as_at: date) -> tuple[str, ...]:
    if not asked.follow_up_days:
        return ()
    rising = [part for part in parts if part.start <= as_at < final_on(asked, part)]
    if not rising:
        return ()
    last = final_on(asked, rising[-1])
    said = (
        f"Still maturing: {', '.join(part.id for part in rising)}. Each enquiry is followed for {asked.follow_up_days} days, so these "
        f"figures can rise until {last.day} {last:%B %Y}, and must not be compared with earlier ones."
    )
    return (said,)


def _months_missing(snapshot: Snapshot, asked: Indicator, period: Period) -> tuple[str, ...]:
    """What a period holds too little of; of one that holds nothing at all the figure's own reason says so."""
    if asked.stock or no_records(snapshot, asked, period) or nothing_recorded(snapshot, asked, period):
        return ()
    said = []
    for table in asked.tables:
        empty = sorted(day for name, day in snapshot.empty_months if name == table)
        if missing := [day for day in empty if period.start <= month(day).end and day <= period.end]:
            named = ", ".join(f"{day:%B %Y}" for day in missing[:MOST_NAMED])
            more = f" and {len(missing) - MOST_NAMED} more months" if len(missing) > MOST_NAMED else ""
            said.append(f"No {TABLES[table].title} at all are recorded for {named}{more}: a longer period lacks what was not loaded.")
    return tuple(said)
