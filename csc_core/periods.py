"""Periods as people write them: months, quarters, financial years, rolling windows, days.

A financial year runs from 1 April to 31 March, as in every DfE return. A period that is not over on the day the data
are as at is cut there, and its label says so.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

FORMS = "2017-12, 2017-12-31, 2017/18, 2017/18Q3, 2017/18YTD, 12m:2017-12, 36m:2017-12, 2017-04..2017-12 or latest"


class PeriodError(ValueError):
    """What was typed is not a period; the message is one sentence for people."""


@dataclass(frozen=True)
class Period:
    """A run of days. `start` and `end` are both counted; a stock is taken on `end`."""

    id: str
    start: date
    end: date
    cut: bool = False  # True when the data end before the period does

    @property
    def whole(self) -> bool:
        """Whether it is made of whole months."""
        return self.start.day == 1 and self.end == _last_day(self.end)

    @property
    def months(self) -> float:
        """Length in months: whole for whole months, by days (365.25 to a year) for anything else."""
        if self.whole:
            return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1
        return ((self.end - self.start).days + 1) / 365.25 * 12

    @property
    def label(self) -> str:
        """The period in words: `April to December 2017 (9 months)`."""
        first, last = self.start, self.end
        if first == last and not self.cut:
            return f"{last.day} {last:%B %Y}"
        if self.cut or not self.whole:
            return f"{first.day} {first:%B %Y} to {last.day} {last:%B %Y}{' (not yet over)' if self.cut else ''}"
        if (first.year, first.month) == (last.year, last.month):
            return f"{last:%B %Y}"
        opening = f"{first:%B}" if first.year == last.year else f"{first:%B %Y}"
        return f"{opening} to {last:%B %Y} ({self.months:.0f} months)"

    @property
    def population_year(self) -> int:
        """The mid-year population it divides by: mid-Y for the financial year Y/Y+1 that holds its last day."""
        return financial_year(self.end)


def financial_year(day: date) -> int:
    """The calendar year in which the day's financial year began."""
    return day.year if day.month >= 4 else day.year - 1


def _last_day(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _plus_months(day: date, months: int) -> date:
    """The first of the month so many months from the day's own."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def _year_id(year: int) -> str:
    return f"{year}/{(year + 1) % 100:02d}"


def month(day: date) -> Period:
    return Period(f"{day:%Y-%m}", day.replace(day=1), _last_day(day))


def quarter(day: date) -> Period:
    start = _plus_months(day, -((day.month - 1) % 3))
    number = (day.month - 4) % 12 // 3 + 1
    return Period(f"{_year_id(financial_year(day))}Q{number}", start, _last_day(_plus_months(start, 2)))


def year(day: date) -> Period:
    first = financial_year(day)
    return Period(_year_id(first), date(first, 4, 1), date(first + 1, 3, 31))


def window(months: int, last: date) -> Period:
    """So many whole months up to and with the month of `last`."""
    return Period(f"{months}m:{last:%Y-%m}", _plus_months(last, 1 - months), _last_day(last))


def latest_month(as_at: date) -> date:
    """The last day of the latest month that is over."""
    return as_at if as_at == _last_day(as_at) else as_at.replace(day=1) - timedelta(days=1)


STEPS = {"month": month, "quarter": quarter, "year": year}


def members(step: str, period: Period) -> list[Period]:
    """The months, quarters or financial years that the period touches, each cut to the period."""
    found, day = [], period.start
    while day <= period.end:
        whole = STEPS[step](day)
        found.append(
            replace(whole, start=max(whole.start, period.start), end=min(whole.end, period.end), cut=period.cut and whole.end > period.end)
        )
        day = whole.end + timedelta(days=1)
    return found


def year_before(period: Period) -> Period:
    """The same days one year earlier, so that the time of year does not pass for a change; a month's end stays one."""
    return replace(period, id=f"a year before {period.id}", start=_year_before(period.start), end=_year_before(period.end), cut=False)


def before(period: Period) -> Period:
    """The period just before, of the same kind: the month, quarter, year, or so many months before; a day before a day.

    A year to date, like a period not yet over, follows nothing of its own kind: before it stand the same days a year earlier.
    """
    last = period.start - timedelta(days=1)
    if period.cut or period.id.endswith("YTD"):
        return year_before(period)
    if not period.whole:
        first = last - (period.end - period.start)
        return Period(f"{first:%Y-%m-%d}", first, last)
    found = window(round(period.months), last)
    return next((one for one in (month(last), quarter(last), year(last)) if (one.start, one.end) == (found.start, found.end)), found)


def parse(text: str, as_at: date) -> Period:
    """Read a period.

    `as_at` is the day the data go up to: it ends `YTD`, resolves `latest` (the latest whole month) and cuts a period
    that is not over. Raises PeriodError.
    """
    wanted = text.strip()
    period = month(latest_month(as_at)) if wanted == "latest" else _read(wanted, as_at)
    if period.start > period.end:
        raise PeriodError(f"The period '{_short(text)}' ends before it starts.")
    if period.start <= as_at < period.end:
        period = replace(period, end=as_at, cut=True)
    return period


def _year_before(day: date) -> date:
    before = day.replace(year=day.year - 1, day=1)
    return _last_day(before) if day == _last_day(day) else before.replace(day=day.day)


def _read(text: str, as_at: date) -> Period:
    try:
        if match := re.fullmatch(r"(\d{4})-(\d\d)", text, re.ASCII):
            return month(date(int(match[1]), int(match[2]), 1))
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
            return Period(text, date.fromisoformat(text), date.fromisoformat(text))
        if match := re.fullmatch(r"(\d{4})([/-])(\d\d)(Q[1-4]|YTD)?", text, re.ASCII):
            return _financial(text, int(match[1]), match[2], int(match[3]), match[4] or "", as_at)
        if match := re.fullmatch(r"([1-9]\d{0,2})m:(\d{4})-(\d\d)", text, re.ASCII):
            return window(int(match[1]), date(int(match[2]), int(match[3]), 1))
        if match := re.fullmatch(r"(\d{4})-(\d\d)\.\.(\d{4})-(\d\d)", text, re.ASCII):
            first, last = date(int(match[1]), int(match[2]), 1), date(int(match[3]), int(match[4]), 1)
            return Period(text, first, _last_day(last))
    except (ValueError, OverflowError) as error:
        if isinstance(error, PeriodError):
            raise
    raise PeriodError(f"'{_short(text)}' is not a period: write {FORMS}.")


def _financial(text: str, first: int, mark: str, second: int, part: str, as_at: date) -> Period:
    if second != (first + 1) % 100 or (mark == "-" and not part):
        raise PeriodError(f"'{text}' is not a financial year: write {_year_id(first)} for April {first} to March {first + 1}.")
    if part.startswith("Q"):
        return quarter(_plus_months(date(first, 4, 1), 3 * (int(part[1]) - 1)))
    whole = year(date(first, 4, 1))
    if part != "YTD":
        return whole
    return replace(whole, id=f"{whole.id}YTD", end=min(whole.end, as_at) if as_at >= whole.start else whole.end)


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "…"
