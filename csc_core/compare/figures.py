"""One figure of our own, and how it stands to an earlier one of the same kind. The fact first; chance is no business of a trend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from csc_core.change_log import broken_between
from csc_core.indicators import Indicator
from csc_core.periods import Period, month
from csc_core.query import Where
from csc_core.rounding import half_up, of_fraction, written

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True)
class Figure:
    """An indicator's figure for a period as an audience may see it. `value` is rounded once, from its fraction; where it is None
    the `reason` says why, and `withheld` whether it could be given to somebody else."""

    period: Period
    numerator: float | None
    denominator: float | None
    value: Decimal | None
    withheld: bool
    reason: str

    @classmethod
    def of(cls, row: Mapping[str, Any], asked: Indicator, period: Period) -> Figure:
        """From a row of csc_core.disclosure.read."""
        value = None if pd.isna(row["value"]) else of_fraction(row["numerator"], row["denominator"], asked)
        reason = "" if pd.isna(row["reason"]) else str(row["reason"])
        return cls(period, _float(row["numerator"]), _float(row["denominator"]), value, bool(row["withheld"]), reason)

    def made_of(self, asked: Indicator) -> str:
        """`258 of 644`; nothing for what is no share."""
        if asked.unit != "%" or self.value is None or self.numerator is None or self.denominator is None:
            return ""
        return f"{_plain(self.numerator)} of {_plain(self.denominator)}"


@dataclass(frozen=True)
class Change:
    """How a figure stands to an `earlier` one. `difference` is between the two as they are shown, None where one is missing.

    `sentence` says it, or why it cannot be said; `marks` are changes of definition that lie between the two.
    """

    earlier: Figure
    difference: Decimal | None
    sentence: str
    marks: tuple[str, ...]


def change(now: Any, before: Any) -> int | None:
    """How many more (or fewer) than before; None where either is missing."""
    return None if pd.isna(now) or pd.isna(before) else int(now) - int(before)


def compared(asked: Indicator, now: Figure, earlier: Figure, where: Where | None = None) -> Change:
    """The two beside each other, in a sentence: `712, two fewer than on 30 November 2017 (714).`"""
    marks = broken_between(asked, earlier.period.end, now.period.end, where)
    if now.value is None or earlier.value is None:
        missing = now if now.value is None else earlier
        why = f": {_lower(missing.reason).rstrip('.')}" if missing.reason else ""
        return Change(earlier, None, f"No figure {when(asked, missing.period)}{why}.", marks)
    difference = now.value - earlier.value
    then = ", ".join(part for part in (written(earlier.value, asked), earlier.made_of(asked)) if part)
    said = f"{_now(now, asked)}, {apart(difference, asked)} {when(asked, earlier.period)} ({then})."
    return Change(earlier, difference, said, marks)


def apart(difference: Decimal, asked: Indicator) -> str:
    """`two fewer than`, `0.2 percentage points higher than`, `the same as`."""
    if difference == 0:
        return "the same as"
    less, more = ("fewer", "more") if asked.unit == "count" else ("lower", "higher")
    return f"{sized(abs(difference), asked)} {less if difference < 0 else more} than"


def sized(size: Decimal, asked: Indicator) -> str:
    """`two`, `140`, `0.2 percentage points`, `1.2 per 10,000`."""
    if asked.unit == "count":
        return NUMBERS[int(size)] if size < len(NUMBERS) else f"{size:,}"
    if asked.unit == "%":
        return f"{size} percentage point{'' if size == 1 else 's'}"
    return written(size, asked)


def when(asked: Indicator, period: Period) -> str:
    """`on 31 December 2017` for a stock, `in December 2017`, `from April to December 2017 (9 months)`."""
    if asked.stock or period.start == period.end:
        return f"on {period.end.day} {period.end:%B %Y}"
    return f"{'in' if _is_month(period) else 'from'} {period.label}"


def day(value: date) -> str:
    return f"{value.day} {value:%B %Y}"


def _is_month(period: Period) -> bool:
    one = month(period.end)
    return not period.cut and (period.start, period.end) == (one.start, one.end)


def _now(figure: Figure, asked: Indicator) -> str:
    made = figure.made_of(asked)
    return f"{written(figure.value, asked)}{f' ({made})' if made else ''}"


def _plain(value: float) -> str:
    return f"{half_up(value, 0 if value == int(value) else 1):,}"


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _float(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)
