"""The one way to count: a filtered GROUP BY over one fact, for any indicator, place, group and period.

SQL is made of declared names only (facts, columns, the condition an indicator declares); everything a person chooses is
a bound parameter.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

import pandas as pd

from csc_core.access import Scope
from csc_core.dimensions import DIMENSIONS, members, titles
from csc_core.indicators import INDICATORS, Indicator
from csc_core.indicators.declaration import CHILDREN, PERSON, PLACE, TIME, Measure
from csc_core.periods import Period
from csc_core.periods import members as parts_of
from csc_core.snapshot import Snapshot
from geo.areas import OFF_MAP, atoms

SMALL_POPULATION = 100
PER = {"count": 1, "per 10,000": 10_000, "%": 100, "ratio": 1}
Where = Mapping[str, Sequence[str]]


class QueryError(ValueError):
    """What was asked cannot be answered; the message is one sentence for people."""


@dataclass(frozen=True)
class _Ask:
    """A question that has been checked. `periods` are the parts of a split by time, or the whole period alone."""

    snapshot: Snapshot
    indicator: Indicator
    scope: Scope
    by: tuple[str, ...]
    where: Mapping[str, tuple[str, ...]]
    periods: tuple[Period, ...]

    @property
    def columns(self) -> list[str]:
        """What is split by, time apart: a row's part of the period is its `part`."""
        return [name for name in self.by if name not in TIME]


def indicator(id: str) -> Indicator:
    """The declared indicator. Raises QueryError naming the nearest when there is none."""
    if id not in INDICATORS:
        raise QueryError(f"There is no indicator '{_short(id)}'{_nearest(id, INDICATORS)}.")
    return INDICATORS[id]


def query(
    snapshot: Snapshot,
    indicator_id: str,
    *,
    scope: Scope,
    period: Period,
    by: Sequence[str] = (),
    where: Where | None = None,
    annualised: bool = False,
) -> pd.DataFrame:
    """Count an indicator.

    Returns one row for each combination of the declared members of `by` (zeros included, plus `not known` and the like
    when they occur), with the columns of `by` (ids), numerator, denominator, value, unit, period, from, to, reason.
    Values are unrounded: a count, a rate per 10,000 children for the period's own length, a percentage 0 to 100, or a
    ratio. What cannot be given is NA with a `reason`. `where` keeps rows with any of the ids of each dimension named, and
    of all dimensions. `annualised` multiplies a part-year rate up to twelve months, for the county and its localities
    only. Raises QueryError.
    """
    asked = indicator(indicator_id)
    filters = {name: tuple(dict.fromkeys(ids)) for name, ids in (where or {}).items()}
    _check(snapshot, asked, by, filters, annualised)
    step = next((name for name in by if name in TIME), None)
    ask = _Ask(snapshot, asked, scope, tuple(by), filters, tuple(parts_of(step, period)) if step else (period,))
    frame = _members(ask)
    measures = {"numerator": asked.numerator}
    if isinstance(asked.denominator, Measure):
        measures["denominator"] = asked.denominator
    for name, measure in measures.items():
        # outer: what has no declared member (not known, out of county ...) must not vanish
        frame = frame.merge(_count(ask, measure).rename(columns={"n": name}), how="outer", on=["part", *ask.columns])
    frame[list(measures)] = frame[list(measures)].fillna(0)
    frame = _in_order(ask, frame)
    if asked.denominator == CHILDREN:
        frame["denominator"] = _children(ask, frame)
    frame["value"] = frame["numerator"]
    if asked.denominator is None:
        frame["denominator"] = pd.NA
    else:
        frame["value"] = PER[asked.unit] * frame["numerator"] / frame["denominator"].where(frame["denominator"] > 0)
    return _finish(ask, frame, annualised)


def _check(snapshot: Snapshot, asked: Indicator, by: Sequence[str], where: Where, annualised: bool) -> None:
    for name in (*by, *where):
        if name not in DIMENSIONS:
            raise QueryError(f"There is no dimension '{_short(name)}'{_nearest(name, DIMENSIONS)}.")
        if name not in asked.dimensions:
            why = "no population belongs to a team" if asked.unit == "per 10,000" else f"it is not recorded for {asked.noun}"
            raise QueryError(f"{asked.title} cannot be split or filtered by {DIMENSIONS[name].title.lower()}: {why}.")
    if len(set(by)) < len(by):
        raise QueryError("A dimension can be named only once in a split.")
    if len([name for name in by if name in TIME]) > 1:
        raise QueryError("A split can have one of month, quarter and year, not two.")
    for name, ids in where.items():
        if name in TIME:
            raise QueryError(f"A {name} cannot be a filter: choose the period instead.")
        known = titles(snapshot, name)
        for id in ids:
            if id not in known:
                raise QueryError(f"There is no {DIMENSIONS[name].title.lower()} '{_short(id)}'{_nearest(id, known)}.")
    if annualised:
        below = [name for name in (*by, *where) if name not in ("county", "locality", *TIME)]
        if asked.unit != "per 10,000" or asked.stock or below:
            raise QueryError("Only a rate of events can be annualised, and only for the county and its localities: smaller ones vary.")


def _members(ask: _Ask) -> pd.DataFrame:
    """Every combination of declared members that a split must list, places only where they overlap."""
    parts = [pd.DataFrame({"part": [period.id for period in ask.periods]})]
    places = [name for name in ask.columns if name in PLACE]
    if places:
        parts.append(atoms()[places].drop_duplicates())
    parts += [pd.DataFrame({name: list(members(ask.snapshot, name))}, dtype="str") for name in ask.columns if name not in PLACE]
    frame = reduce(lambda left, right: left.merge(right, how="cross"), parts)
    for name in ask.columns:
        if name in ask.where:
            frame = frame[frame[name].isin(ask.where[name])]
    return frame


def _count(ask: _Ask, measure: Measure) -> pd.DataFrame:
    """The measure, as `n`, for each combination that occurs. This is the SQL of the product."""
    conditions = ["date between first and last"]
    if ask.indicator.stock:
        conditions = ["start_date <= last", "(end_date is null or end_date > last)"]
    parameters: list[object] = [[p.id for p in ask.periods], [p.start for p in ask.periods], [p.end for p in ask.periods]]
    for limits in (ask.where, ask.scope.limits):
        for name, ids in limits.items():
            conditions.append(f"{DIMENSIONS[name].id} in (select unnest(?::varchar[]))")
            parameters.append(sorted(ids))
    return ask.snapshot.sql(
        f"""
        with asked as (select unnest(?::varchar[]) as part, unnest(?::date[]) as first, unnest(?::date[]) as last)
        select part, {"".join(f"{name}, " for name in ask.columns)}{measure.value} as n
        from {measure.fact} join asked on {" and ".join(conditions)}
        where {measure.counted}
        group by all
        """,
        parameters,
    )


def _in_order(ask: _Ask, frame: pd.DataFrame) -> pd.DataFrame:
    """Rows in the order people expect: declared members as declared, then what is not known. Time stands where it was asked."""
    order = {"part": pd.Categorical(frame["part"], [period.id for period in ask.periods], ordered=True)}
    for name in ask.columns:
        known = list(titles(ask.snapshot, name))
        unmapped = sorted(set(frame[name]) - set(known))
        order[name] = pd.Categorical(frame[name], [*known, *unmapped], ordered=True)
    wanted = ["part" if name in TIME else name for name in ask.by] or ["part"]
    return frame.iloc[pd.DataFrame(order).sort_values(wanted, kind="stable").index.to_numpy()].reset_index(drop=True)


def _children(ask: _Ask, frame: pd.DataFrame) -> pd.Series:
    """The children aged 0 to 17 of each row's place at its period's mid-year; NA where none can stand below the numerator."""
    if any(name in PERSON for name in (*ask.by, *ask.where)):
        return pd.Series(pd.NA, index=frame.index, dtype="Float64")
    places = [name for name in ask.columns if name in PLACE]
    filters = {name: ids for name, ids in ask.where.items() if name in PLACE}
    conditions = [f"{name} in (select unnest(?::varchar[]))" for name in filters]
    children = ask.snapshot.sql(
        f"""
        select mid_year, {"".join(f"{name}, " for name in places)}round(sum(children), 4) as children
        from population where {" and ".join(conditions or ["true"])} group by all
        """,
        [list(ids) for ids in filters.values()],
    )
    years = {period.id: period.population_year for period in ask.periods}
    wanted = frame[["part", *places]].assign(mid_year=frame["part"].map(years))
    return wanted.merge(children, how="left", on=["mid_year", *places])["children"].astype("Float64")


def _finish(ask: _Ask, frame: pd.DataFrame, annualised: bool) -> pd.DataFrame:
    """Add the period of each row and the reason of each value that cannot be given."""
    periods = {period.id: period for period in ask.periods}
    of_row = frame["part"].map(periods)
    out = pd.DataFrame({name: frame["part" if name in TIME else name].astype("str") for name in ask.by}, index=frame.index)
    out["numerator"] = frame["numerator"].astype("Int64")
    out["denominator"] = frame["denominator"].astype("Float64")
    out["value"] = frame["value"].astype("Float64")
    out["unit"] = ask.indicator.unit
    out["period"] = [_named(period, ask.indicator, annualised) for period in of_row]
    out["from"] = [period.start for period in of_row]
    out["to"] = [period.end for period in of_row]
    out["reason"] = pd.Series(pd.NA, index=out.index, dtype="str")
    if annualised:
        out["value"] *= [12 / period.months for period in of_row]
    _say_why_no_value(ask, out)
    for period in ask.periods:
        if reason := _no_records(ask.snapshot, ask.indicator, period):
            rows = frame["part"] == period.id
            out.loc[rows, ["numerator", "denominator", "value"]] = pd.NA
            out.loc[rows, "reason"] = reason
    return out


def _say_why_no_value(ask: _Ask, out: pd.DataFrame) -> None:
    """Say why a share or a rate is missing although its records are there; changes `out`."""
    missing = out["value"].isna()
    if ask.indicator.denominator != CHILDREN:
        out.loc[missing, "reason"] = f"There are none in the period to take a share of ({ask.indicator.denominator_words.lower()})."
        return
    person = [DIMENSIONS[name].title.lower() for name in (*ask.by, *ask.where) if name in PERSON]
    if person:
        out.loc[missing, "reason"] = f"No population by {person[0]} is loaded, so there is a count and no rate."
        return
    out.loc[missing, "reason"] = "No population of this year is loaded, so there is a count and no rate."
    for name in ask.columns:
        for id in OFF_MAP:
            if name in PLACE:
                out.loc[missing & (out[name] == id), "reason"] = f"No population: the place is {id}."
    if any(name in PLACE for name in (*ask.by, *ask.where)):
        small = (out["denominator"] < SMALL_POPULATION).fillna(False)
        out.loc[small, "value"] = pd.NA
        out.loc[small, "reason"] = f"Fewer than {SMALL_POPULATION} children live here, so no rate is given."


def _no_records(snapshot: Snapshot, asked: Indicator, period: Period) -> str | None:
    """Why nothing can be counted in a period, or None when it can."""
    for table in asked.tables:
        if table not in snapshot.supplied:
            return f"The source has no {table} table, so {asked.noun} cannot be counted."
    if period.start > snapshot.as_at.date():
        return f"There are no records yet: the data are as at {_day(snapshot.as_at.date())}."
    begin = period.end if asked.stock else period.start
    if begin < snapshot.records_from:
        return f"Records begin on {_day(snapshot.records_from)}."
    if begin < snapshot.complete_from:
        return f"Records before {_day(snapshot.complete_from)} are a run-in and not complete."
    if asked.look_back_months and begin < _years_after(snapshot.records_from, asked.look_back_months):
        return f"It looks back {asked.look_back_months} months, and records begin on {_day(snapshot.records_from)}."
    return None


def _named(period: Period, asked: Indicator, annualised: bool) -> str:
    """The period's id; a rate over anything but twelve months carries its length, since it must not be read as a year's."""
    if asked.unit != "per 10,000" or asked.stock or round(period.months, 2) == 12:
        return period.id
    length = f"{period.months:.0f}" if period.months == int(period.months) else f"{period.months:.1f}"
    return f"{period.id} ({length} month{'s' if length != '1' else ''}{', annualised' if annualised else ''})"


def _years_after(day: date, months: int) -> date:
    years = months // 12
    return day.replace(year=day.year + years, day=min(day.day, 28)) if day.month == 2 else day.replace(year=day.year + years)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "…"


def _nearest(wrong: str, known: Mapping[str, object]) -> str:
    close = difflib.get_close_matches(wrong[:100].lower(), [id.lower() for id in known], n=1, cutoff=0.0)
    match = next((id for id in known if close and id.lower() == close[0]), None)
    return f": the nearest is '{match}'" if match else ""
