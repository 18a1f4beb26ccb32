"""The figures of the workbook: one line for each indicator, place or team, and issue, with a cell for each of thirteen months."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from csc_core.access import Scope
from csc_core.dimensions import titles
from csc_core.disclosure import Audience, read
from csc_core.indicators import INDICATORS, Indicator
from csc_core.indicators.declaration import CHILDREN, TEAM
from csc_core.notes import notes
from csc_core.periods import Period, members, window
from csc_core.query import TEAM_BEGAN, TEAM_CLOSED, no_records, nothing_recorded, rows_by
from csc_core.snapshot import Snapshot
from csc_core.tables import Progress

MONTHS = 13


@dataclass(frozen=True)
class Level:
    """A sheet of figures. `dimension` is what its lines are split by, `heading` names it, `about` says what it means."""

    id: str
    title: str
    dimension: str | None
    heading: str
    about: str


LEVELS = (
    Level("service", "Service", None, "", "The whole county."),
    Level(
        "home_locality",
        "Home locality",
        "locality",
        "Home locality",
        "By where children live: the locality of the address that the indicator's definition names. For every indicator with a place.",
    ),
    Level(
        "team_locality",
        "Team locality",
        "team_locality",
        "Team locality",
        "By where teams belong, for indicators about teams, which have no child's address: not by where children live.",
    ),
    Level(
        "team",
        "Team",
        "team",
        "Team",
        "By the team that did the work or holds the case on the day. A team with nothing counted in any of the months has no line.",
    ),
)


@dataclass(frozen=True)
class Cell:
    """One month of a line. Missing figures are NA: `withheld`, or with the `reason` why there is none."""

    value: Any
    numerator: Any
    denominator: Any
    withheld: bool
    reason: str


@dataclass(frozen=True)
class Line:
    """One indicator of one place or team (empty: the county), and of one issue where the indicator needs it. `notes` are what must be
    said beside its figures."""

    indicator: Indicator
    place: str
    issue: str
    cells: tuple[Cell, ...]
    notes: tuple[str, ...]


def months(snapshot: Snapshot, month: Period) -> tuple[Period, ...]:
    """The thirteen months that end with `month`, the last cut where it is not over."""
    return tuple(members("month", _span(snapshot, month)))


def _span(snapshot: Snapshot, month: Period) -> Period:
    whole = window(MONTHS, month.end)
    return replace(whole, end=month.end, cut=month.cut) if month.end <= snapshot.as_at.date() else whole


def not_split(asked: Indicator, level: Level) -> str | None:
    """Why an indicator has no lines on a sheet, or None where it has."""
    if level.dimension is None:
        return None
    if level.id == "team_locality" and "locality" in asked.dimensions:
        return "it has a place, so it is given by home locality"
    if level.dimension in asked.dimensions:
        return None
    if asked.unit == "per 10,000" and level.dimension in TEAM:
        return "no population belongs to a team"
    if level.id == "home_locality" and "team_locality" in asked.dimensions:
        return "it is about teams, so it is given by team locality"
    return f"it cannot be split by {level.heading.lower()}"


def collect(snapshot: Snapshot, level: Level, month: Period, audience: Audience, progress: Progress) -> list[Line]:
    """The lines of one level, indicator by indicator in the declared order."""
    lines: list[Line] = []
    wanted = [asked for asked in INDICATORS.values() if not_split(asked, level) is None]
    for number, asked in enumerate(wanted):
        progress(f"{level.title}: {asked.title}", number / len(wanted))
        lines += _lines(snapshot, asked, level, _span(snapshot, month), audience)
    return lines


def _lines(snapshot: Snapshot, asked: Indicator, level: Level, span: Period, audience: Audience) -> list[Line]:
    by = rows_by(asked, [*([level.dimension] if level.dimension else []), "month"], None)
    frame = read(snapshot, asked.id, scope=Scope.everything(), audience=audience, period=span, by=by)
    split = [name for name in by if name != "month"]
    known = {name: titles(snapshot, name) for name in split}
    groups = frame.groupby(split, sort=False) if split else [((), frame)]
    nothing = {one.id: no_records(snapshot, asked, one) or nothing_recorded(snapshot, asked, one) for one in members("month", span)}
    said = notes(snapshot, asked, span, ["month"])
    lines = []
    for ids, rows in groups:
        named = dict(zip(split, map(str, ids), strict=True))
        place, issue = (_title(named, known, name) for name in (level.dimension, _issue(asked)))
        if level.id == "team" and _nothing(rows):
            continue
        lines.append(Line(asked, place, issue, _cells(asked, rows, nothing), said))
    return lines


def _issue(asked: Indicator) -> str | None:
    return asked.numerator_only[0] if asked.numerator_only else None


def _title(named: Mapping[str, str], known: Mapping[str, Mapping[str, str]], name: str | None) -> str:
    return "" if name is None else known[name].get(named[name], named[name])


def _nothing(rows: pd.DataFrame) -> bool:
    """Whether nothing at all was counted in any month, which is known of each: neither withheld nor without records. In a month in
    which the team was not there, there was nothing to count."""
    there = rows[~rows["reason"].fillna("").str.startswith((TEAM_CLOSED, TEAM_BEGAN))]
    counts = pd.concat([there["numerator"], there["denominator"].dropna()])
    return bool(there["numerator"].notna().all() and (counts == 0).all())


def _cells(asked: Indicator, rows: pd.DataFrame, nothing: Mapping[str, str | None]) -> tuple[Cell, ...]:
    """A cell for each month of `nothing` (why nothing could be counted in it). What is not declared (`not known` ...) has no row in a
    month in which it does not occur: none of it was counted."""
    columns = [rows[name] for name in ("month", "value", "numerator", "denominator", "withheld", "reason")]
    found = {
        month: Cell(value, numerator, denominator, bool(withheld), "" if pd.isna(reason) else str(reason))
        for month, value, numerator, denominator, withheld, reason in zip(*columns, strict=True)
    }
    return tuple(found.get(month) or _none_of_it(asked, why) for month, why in nothing.items())


def _none_of_it(asked: Indicator, why: str | None) -> Cell:
    if why:
        return Cell(pd.NA, pd.NA, pd.NA, withheld=False, reason=why)
    if asked.denominator is None:
        return Cell(0, 0, pd.NA, withheld=False, reason="")
    return Cell(pd.NA, 0, pd.NA if asked.denominator == CHILDREN else 0, withheld=False, reason="Nothing was counted there in the month.")
