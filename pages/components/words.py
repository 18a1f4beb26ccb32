"""Numbers, days and names as people read them."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import pandas as pd

from csc_core.indicators import Indicator
from csc_core.periods import Period
from csc_core.rounding import half_up

NOTHING = "–"
UNITS = {"count": "", "per 10,000": " per 10,000", "%": "%", "ratio": ""}


def missing(value: Any) -> bool:
    """Whether a cell holds nothing: None, NA, NaN or NaT."""
    return bool(pd.isna(value))


def number(value: Any, decimals: int = 0) -> str:
    """Rounded once, half up, with thousands; a dash for what is missing."""
    if missing(value):
        return NOTHING
    return f"{half_up(float(value), decimals):,}"


def figure(value: Any, asked: Indicator) -> str:
    """A value with its unit: `279.3`, `40.1%`, `4,009`. A rate's unit stands in the indicator's title."""
    return number(value, asked.decimals) + ("%" if asked.unit == "%" and not missing(value) else "")


def when(asked: Indicator, period: Period) -> str:
    """The period in a sentence: a stock is counted on its last day."""
    return f"on {day(period.end)}" if asked.stock else period.label


def day(value: date) -> str:
    return f"{value.day} {value:%B %Y}"


def moment(value: datetime) -> str:
    return f"{day(value)}, {value:%H:%M}" if (value.hour, value.minute) != (0, 0) else day(value)


def capital(text: str) -> str:
    """A sentence's first letter; the rest stays as it is written (MASH)."""
    return text[:1].upper() + text[1:]


def more_or_fewer(difference: int | None, than: str) -> str:
    """`140 fewer than November`, `140 more now`; nothing when it is not known."""
    if difference is None:
        return ""
    return f"{number(abs(difference))} {'fewer' if difference < 0 else 'more'} {than}" if difference else "no change"


def plain(text: str) -> str:
    """Text from outside for a place that reads Markdown: every mark of it stays a mark."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(text.split()))


def quoted(text: str) -> str:
    """What someone wrote, shortened, to be read as it stands."""
    short = " ".join(text.replace("`", "'").split())
    return f"`{short[:40]}{'…' if len(short) > 40 else ''}`"
