"""The period to compare with: the same months a year before, so that the time of year does not pass for a change."""

from __future__ import annotations

import calendar
from dataclasses import replace
from datetime import date, timedelta

from csc_core.periods import Period


def year_before(period: Period) -> Period:
    """The same days one year earlier; a month's end stays a month's end, whatever February does."""
    return replace(period, id=f"a year before {period.id}", start=_year_before(period.start), end=_year_before(period.end), cut=False)


def _year_before(day: date) -> date:
    last = calendar.monthrange(day.year - 1, day.month)[1]
    ends_month = (day + timedelta(days=1)).day == 1
    return date(day.year - 1, day.month, last if ends_month else min(day.day, last))
