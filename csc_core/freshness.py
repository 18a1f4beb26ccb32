"""How old the data are beside how old they should be: a limit for each kind of source, said in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from csc_core.tables import Taken

Level = Literal["fresh", "amber", "red"]

LATE, TOO_LATE = timedelta(hours=24), timedelta(hours=48)  # for records read from the case system every night
RETURNS = {"cin-census": "children in need census", "ssda903": "looked-after return (SSDA903)"}
NEXT_RETURN = 16  # months from a return's reference date until the next one has been collected: a year, and four months to hand it in


@dataclass(frozen=True)
class Freshness:
    """The worst of the sources. `words` is empty where there is nothing to say: no limit, or well within it."""

    level: Level = "fresh"
    words: str = ""


def freshness(sources: Iterable[Taken], now: datetime) -> Freshness:
    """Judge the data at a moment (of the clock on the wall, like the sources' own).

    The case system's records are amber after a day and red after two. A return is amber once the next one should be there, and
    never red. Demonstration, tables and workbooks that somebody exports by hand have no limit.
    """
    judged = [_judge(one, now) for one in sources]
    order: list[Level] = ["red", "amber", "fresh"]
    return min(judged, key=lambda found: order.index(found.level), default=Freshness())


def _judge(source: Taken, now: datetime) -> Freshness:
    if source.as_at is None:
        return Freshness()
    if source.kind == "ssd":
        age = now - _until(source.as_at)
        if age > LATE:
            return Freshness("red" if age > TOO_LATE else "amber", f"Data are {_old(age)} old; they should be less than a day.")
    elif source.kind in RETURNS and now.date() > _months_later(source.as_at, NEXT_RETURN):
        of, due = source.as_at, source.as_at.year + 1
        return Freshness("amber", f"The {RETURNS[source.kind]} is of {of.day} {of:%B %Y}; that of {due} should be there by now.")
    return Freshness()


def _until(as_at: datetime) -> datetime:
    """The moment up to which the records go: a day alone is meant to its end."""
    return as_at + timedelta(days=1) if as_at.time() == time() else as_at


def _old(age: timedelta) -> str:
    hours = int(age.total_seconds() // 3600)
    return f"{hours} hours" if hours < 72 else f"{hours // 24:,} days"


def _months_later(moment: datetime, months: int) -> date:
    index = moment.year * 12 + moment.month - 1 + months
    return moment.replace(year=index // 12, month=index % 12 + 1, day=min(moment.day, 28)).date()
