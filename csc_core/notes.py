"""What must be said beside a figure, so that it is not misread: rows that overlap, codes that changed, months that can still rise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from csc_core import factors
from csc_core.indicators import Indicator
from csc_core.indicators.declaration import TIME
from csc_core.periods import Period, members


def notes(
    asked: Indicator, period: Period, as_at: date, by: Sequence[str] = (), where: Mapping[str, Sequence[str]] | None = None
) -> tuple[str, ...]:
    """Sentences for people about an answer split by `by` (see csc_core.query.rows_by), from data that go up to `as_at`."""
    step = next((name for name in by if name in TIME), None)
    return (*factors.notes(asked, period, by, where or {}), *_maturing(asked, members(step, period) if step else [period], as_at))


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
