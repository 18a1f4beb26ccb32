"""The month that a paper (the workbook, the briefing) is about."""

from __future__ import annotations

import re
from datetime import date

from csc_core.periods import Period, PeriodError, parse
from csc_core.snapshot import Snapshot


def reporting_month(snapshot: Snapshot, text: str) -> Period:
    """Read a month (`2017-12` or `latest`); one that is not over is cut on the day the data are as at.

    Raises PeriodError for anything else, and for a month with no records or none that are complete.
    """
    as_at = snapshot.as_at.date()
    wanted = text.strip()
    if wanted != "latest" and not re.fullmatch(r"\d{4}-\d\d", wanted, re.ASCII):
        raise PeriodError(f"'{wanted[:40]}' is not a month: write it as {as_at:%Y-%m}, or latest.")
    month = parse(wanted, as_at)
    if month.start > as_at:
        raise PeriodError(f"There are no records of {month.end:%B %Y} yet: the data are as at {_day(as_at)}.")
    if month.end < snapshot.records_from:
        raise PeriodError(f"There are no records of {month.end:%B %Y}: they begin on {_day(snapshot.records_from)}.")
    if month.start < snapshot.complete_from:
        raise PeriodError(f"Records of {month.end:%B %Y} are a run-in, not complete: choose one from {snapshot.complete_from:%B %Y} on.")
    return month


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
