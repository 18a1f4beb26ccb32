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
from csc_core.indicators.declaration import PERSON, PLACE, TIME
from csc_core.periods import Period
from csc_core.periods import members as slots_of
from csc_core.snapshot import Snapshot
from geo.areas import OFF_MAP, atoms

SMALL_POPULATION = 100
PER = {"count": 1, "per 10,000": 10_000, "%": 100}
Where = Mapping[str, Sequence[str]]


class QueryError(ValueError):
    """What was asked cannot be answered; the message is one sentence for people."""


@dataclass(frozen=True)
class _Slot:
    """A member of a time split, or the whole period when there is none."""

    id: str
    period: Period


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
    Values are unrounded: a count, a rate per 10,000 children for the period's own length, or a percentage 0 to 100. What
    cannot be given is NA with a `reason`. `where` keeps rows with any of the ids of each dimension named, and of all
    dimensions. `annualised` multiplies a part-year rate up to twelve months, for the county and its localities only.
    Raises QueryError.
    """
    asked = indicator(indicator_id)
    filters = {name: tuple(dict.fromkeys(ids)) for name, ids in (where or {}).items()}
    _check(snapshot, asked, by, filters, annualised)
    step = next((name for name in by if name in TIME), None)
    slots = [_Slot(p.id, p) for p in slots_of(step, period)] if step else [_Slot(period.id, period)]
    frame = _members(snapshot, by, filters, slots)
    counted = _count(snapshot, asked, scope, by, filters, slots)
    frame = frame.merge(counted, how="outer", on=[*by, "slot"]) if by else frame.merge(counted, how="left", on="slot")
    frame = _in_order(snapshot, frame, by, slots)
    frame["numerator"] = frame["numerator"].fillna(0)
    frame["denominator"] = _denominator(snapshot, asked, frame, by, filters, slots)
    frame["value"] = frame["numerator"]
    if asked.unit != "count":
        frame["value"] = PER[asked.unit] * frame["numerator"] / frame["denominator"].where(frame["denominator"] > 0)
    return _finish(snapshot, asked, frame, by, filters, slots, annualised)


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
        if asked.unit != "per 10,000" or below:
            raise QueryError("Only a rate per 10,000 can be annualised, and only for the county and its localities: smaller ones vary.")


def _members(snapshot: Snapshot, by: Sequence[str], where: Where, slots: Sequence[_Slot]) -> pd.DataFrame:
    """Every combination of declared members that a split must list, places only where they overlap."""
    parts = [pd.DataFrame({"slot": [slot.id for slot in slots]})]
    places = [name for name in by if name in PLACE]
    if places:
        parts.append(atoms()[places].drop_duplicates())
    parts += [pd.DataFrame({name: list(members(snapshot, name))}, dtype="str") for name in by if name not in (*PLACE, *TIME)]
    frame = reduce(lambda left, right: left.merge(right, how="cross"), parts)
    for name in by:
        if name in TIME:
            frame[name] = frame["slot"]
        if name in where:
            frame = frame[frame[name].isin(where[name])]
    return frame


def _count(snapshot: Snapshot, asked: Indicator, scope: Scope, by: Sequence[str], where: Where, slots: Sequence[_Slot]) -> pd.DataFrame:
    """Numerator and base (all rows of the fact) for each combination that occurs. The SQL of the product."""
    columns = [name for name in by if name not in TIME]
    conditions = ["date between first and last"]
    if asked.stock:
        conditions = ["start_date <= last", "(end_date is null or end_date > last)"]
    parameters: list[object] = [[s.id for s in slots], [s.period.start for s in slots], [s.period.end for s in slots]]
    for limits in (where, scope.limits):
        for name, ids in limits.items():
            conditions.append(f"{DIMENSIONS[name].id} in (select unnest(?::varchar[]))")
            parameters.append(sorted(ids))
    counted = snapshot.sql(
        f"""
        with slot as (select unnest(?::varchar[]) as slot, unnest(?::date[]) as first, unnest(?::date[]) as last)
        select slot, {"".join(f"{name}, " for name in columns)}
               count(*) filter (where {asked.counted}) as numerator, count(*) as base
        from {asked.fact} join slot on {" and ".join(conditions)}
        group by all
        """,
        parameters,
    )
    for name in by:
        if name in TIME:
            counted[name] = counted["slot"]
    return counted


def _in_order(snapshot: Snapshot, frame: pd.DataFrame, by: Sequence[str], slots: Sequence[_Slot]) -> pd.DataFrame:
    """Rows in the order people expect: declared members as declared, then what is not known."""
    order = {}
    for name in by:
        known = [slot.id for slot in slots] if name in TIME else list(titles(snapshot, name))
        unmapped = sorted(set(frame[name].dropna()) - set(known))
        order[name] = pd.Categorical(frame[name], [*known, *unmapped], ordered=True)
    if not order:
        return frame.reset_index(drop=True)
    return frame.iloc[pd.DataFrame(order).sort_values(list(by), kind="stable").index.to_numpy()].reset_index(drop=True)


def _denominator(
    snapshot: Snapshot, asked: Indicator, frame: pd.DataFrame, by: Sequence[str], where: Where, slots: Sequence[_Slot]
) -> pd.Series:
    if asked.unit == "count":
        return pd.Series(pd.NA, index=frame.index, dtype="Float64")
    if asked.unit == "%":
        return frame["base"].fillna(0).astype("Float64")
    if any(name in PERSON for name in (*by, *where)):
        return pd.Series(pd.NA, index=frame.index, dtype="Float64")
    places = [name for name in by if name in PLACE]
    filters = {name: ids for name, ids in where.items() if name in PLACE}
    conditions = [f"{name} in (select unnest(?::varchar[]))" for name in filters]
    children = snapshot.sql(
        f"""
        select mid_year, {"".join(f"{name}, " for name in places)} round(sum(children), 4) as children
        from population where {" and ".join(conditions or ["true"])} group by all
        """,
        [list(ids) for ids in filters.values()],
    )
    years = {slot.id: slot.period.population_year for slot in slots}
    wanted = frame[[*places, "slot"]].assign(mid_year=frame["slot"].map(years))
    return wanted.merge(children, how="left", on=["mid_year", *places])["children"].astype("Float64")


def _finish(
    snapshot: Snapshot, asked: Indicator, frame: pd.DataFrame, by: Sequence[str], where: Where, slots: Sequence[_Slot], annualised: bool
) -> pd.DataFrame:
    """Add the period of each row and the reason of each value that cannot be given."""
    periods = {slot.id: slot.period for slot in slots}
    of_row = frame["slot"].map(periods)
    rate = asked.unit == "per 10,000"
    out = frame[list(by)].astype("str")
    out["numerator"] = frame["numerator"].astype("Int64")
    out["denominator"] = frame["denominator"].astype("Float64")
    out["value"] = frame["value"].astype("Float64")
    out["unit"] = asked.unit
    out["period"] = [_named(period, rate, annualised) for period in of_row]
    out["from"] = [period.start for period in of_row]
    out["to"] = [period.end for period in of_row]
    out["reason"] = pd.Series(pd.NA, index=out.index, dtype="str")
    if annualised:
        out["value"] *= [12 / period.months for period in of_row]
    out = _no_rate(asked, out, by, where)
    for slot_id, period in periods.items():
        if reason := _no_records(snapshot, asked, period):
            rows = frame["slot"] == slot_id
            out.loc[rows, ["numerator", "denominator", "value"]] = pd.NA
            out.loc[rows, "reason"] = reason
    return out


def _no_rate(asked: Indicator, out: pd.DataFrame, by: Sequence[str], where: Where) -> pd.DataFrame:
    """Say why a share or a rate is missing although its records are there."""
    missing = out["value"].isna()
    if asked.unit == "%":
        out.loc[missing, "reason"] = f"There are none in the period to take a share of ({asked.denominator_words.lower()})."
    if asked.unit != "per 10,000":
        return out
    person = [DIMENSIONS[name].title.lower() for name in (*by, *where) if name in PERSON]
    if person:
        out.loc[missing, "reason"] = f"No population by {person[0]} is loaded, so there is a count and no rate."
        return out
    out.loc[missing, "reason"] = "No population of this year is loaded, so there is a count and no rate."
    for name in by:
        for id in OFF_MAP:
            if name in PLACE:
                out.loc[missing & (out[name] == id), "reason"] = f"No population: the place is {id}."
    small = out["denominator"] < SMALL_POPULATION
    if any(name in PLACE for name in (*by, *where)):
        small = small.fillna(False)
        out.loc[small, "value"] = pd.NA
        out.loc[small, "reason"] = f"Fewer than {SMALL_POPULATION} children live here, so no rate is given."
    return out


def _no_records(snapshot: Snapshot, asked: Indicator, period: Period) -> str | None:
    """Why nothing can be counted in a period, or None when it can."""
    if asked.table not in snapshot.supplied:
        return f"The source has no {asked.table} table, so {asked.noun} cannot be counted."
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


def _named(period: Period, rate: bool, annualised: bool) -> str:
    """The period's id; a rate over anything but twelve months carries its length, since it must not be read as a year's."""
    if not rate or round(period.months, 2) == 12:
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
