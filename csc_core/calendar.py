"""Working days of a period, and how many of them fell in school holidays: why a December has fewer enquiries than a November."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

from csc_core.periods import Period


def working_days(period: Period) -> int:
    """Monday to Friday less England's bank holidays, both ends counted."""
    return len(_working(period))


def in_school_holidays(period: Period) -> int | None:
    """How many of its working days were school holidays; None where the list of them does not reach."""
    spells = _school_holidays()
    if period.start < spells[0][0] or period.end > spells[-1][1]:
        return None
    return sum(any(first <= day <= last for first, last in spells) for day in _working(period))


def working_day_words(period: Period) -> str:
    """`19 working days, 6 of them in school holidays`."""
    off = in_school_holidays(period)
    days = working_days(period)
    said = f"{days} working day{'' if days == 1 else 's'}"
    return f"{said}, {off} of them in school holidays" if off else said


def _working(period: Period) -> list[date]:
    days = (period.start + timedelta(days=number) for number in range((period.end - period.start).days + 1))
    return [day for day in days if day.weekday() < 5 and day not in _bank_holidays(day.year)]


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    import holidays  # takes a moment when it is first needed

    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


@cache
def _school_holidays() -> list[tuple[date, date]]:
    """Those of the demonstration county, from April 2014 to January 2018."""
    text = (files("csc_core") / "data" / "demo_school_holidays.csv").read_text("utf-8")
    return [(date.fromisoformat(row["first"]), date.fromisoformat(row["last"])) for row in csv.DictReader(text.splitlines())]
