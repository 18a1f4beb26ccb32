"""The one way to count: a filtered GROUP BY over one fact, for any indicator, place, group and period.

SQL is made of declared names only (facts, columns, the condition an indicator declares); everything a person chooses is
a bound parameter.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce

import pandas as pd

from csc_core.access import Scope
from csc_core.dimensions import DIMENSIONS, members, titles
from csc_core.factors import not_in_use, pairs
from csc_core.indicators import INDICATORS, Indicator
from csc_core.indicators.declaration import CHILDREN, PERSON, PLACE, TIME, Measure
from csc_core.periods import Period
from csc_core.periods import members as parts_of
from csc_core.snapshot import Snapshot
from csc_core.tables import TABLES, days_known
from geo.areas import OFF_MAP, atoms

SMALL_POPULATION = 100
TEAM_CLOSED, TEAM_BEGAN = "The team closed on", "The team began on"
PER = {"count": 1, "per 10,000": 10_000, "%": 100, "ratio": 1}
Where = Mapping[str, Sequence[str]]


class QueryError(ValueError):
    """What was asked cannot be answered; the message is one sentence for people."""


class AllOf(tuple[str, ...]):
    """Ids in a `where` that must all be true of what is counted, where any of them would do otherwise.

    Only for what can carry several at once: the issues of an assessment.
    """

    __slots__ = ()


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

    @property
    def shared(self) -> list[str]:
        """Those of `columns` that split the denominator too."""
        return [name for name in self.columns if name not in self.indicator.numerator_only]


def indicator(id: str) -> Indicator:
    """The declared indicator. Raises QueryError naming the nearest when there is none."""
    if id not in INDICATORS:
        raise QueryError(f"There is no indicator '{_short(id)}'{_nearest(id, INDICATORS)}.")
    return INDICATORS[id]


def rows_by(asked: Indicator, by: Sequence[str], where: Where | None) -> tuple[str, ...]:
    """The split that is answered: what was asked, and a row for each group where an indicator needs a choice and got none."""
    chosen = {*by, *(where or {})} & {*asked.numerator_only}
    return tuple(by) if chosen or not asked.numerator_only else (*by, asked.numerator_only[0])


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
    ratio. What cannot be given is NA with a `reason`. `where` keeps rows with any of the ids of each dimension named (all of
    them: `AllOf`), and of all dimensions; an indicator's `numerator_only` dimensions leave its denominator as it is, and
    without any of them there is a row for each group (see `rows_by`). `annualised` multiplies a part-year rate up to twelve
    months, for the county and its localities only. Raises QueryError.
    """
    asked = indicator(indicator_id)
    by = rows_by(asked, by, where)
    filters = {name: _once(ids) for name, ids in (where or {}).items()}
    check_ask(snapshot, asked, by, filters, annualised)
    step = next((name for name in by if name in TIME), None)
    ask = _Ask(snapshot, asked, scope, by, filters, tuple(parts_of(step, period)) if step else (period,))
    base = None
    if isinstance(asked.denominator, Measure):
        base = _count(ask, asked.denominator, ask.shared).rename(columns={"n": "denominator"})
    # outer: what has no declared member (not known, out of county ...) must not vanish
    counted = _count(ask, asked.numerator, ask.columns).rename(columns={"n": "numerator"})
    frame = _members(ask, base).merge(counted, how="outer", on=["part", *ask.columns])
    frame["numerator"] = frame["numerator"].fillna(0)
    if base is not None:
        frame = frame.merge(base, how="left", on=["part", *ask.shared])
        frame["denominator"] = frame["denominator"].fillna(0)
    frame = _in_order(ask, frame)
    if asked.denominator == CHILDREN:
        frame["denominator"] = _children(ask, frame)
    frame["value"] = frame["numerator"]
    if asked.denominator is None:
        frame["denominator"] = pd.NA
    else:
        frame["value"] = PER[asked.unit] * frame["numerator"] / frame["denominator"].where(frame["denominator"] > 0)
    return _finish(ask, frame, annualised)


def _once(ids: Sequence[str]) -> tuple[str, ...]:
    """The ids without repeats, still any or all of them."""
    found = dict.fromkeys(ids)
    return AllOf(found) if isinstance(ids, AllOf) else tuple(found)


def check_ask(snapshot: Snapshot, asked: Indicator, by: Sequence[str], where: Where, annualised: bool = False) -> None:
    """Raises QueryError, with a sentence for people, where the indicator cannot be split or filtered like this."""
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
        _check_filter(snapshot, asked, name, ids)
    if annualised:
        below = [name for name in (*by, *where) if name not in ("county", "locality", "factor_group", *TIME)]
        if asked.unit != "per 10,000" or asked.stock or below:
            raise QueryError("Only a rate of events can be annualised, and only for the county and its localities: smaller ones vary.")


def _check_filter(snapshot: Snapshot, asked: Indicator, name: str, ids: Sequence[str]) -> None:
    """Raises QueryError where one dimension cannot be filtered by these ids."""
    if name in TIME:
        raise QueryError(f"A {name} cannot be a filter: choose the period instead.")
    title = DIMENSIONS[name].title.lower()
    if isinstance(ids, AllOf) and name not in asked.numerator_only:
        raise QueryError(f"Nothing has all of several at once by {title}: any of them can be asked for.")
    known = titles(snapshot, name)
    for id in ids:
        if id not in known:
            raise QueryError(f"There is no {title} '{_short(id)}'{_nearest(id, known)}.")


def _members(ask: _Ask, base: pd.DataFrame | None) -> pd.DataFrame:
    """Every combination of declared members that a split must list, places and issues only where they overlap.

    What has a denominator (`base`) is listed although it is not declared, with each of the issues asked for.
    """
    parts = [pd.DataFrame({"part": [period.id for period in ask.periods]})]
    places = [name for name in ask.shared if name in PLACE]
    if places:
        parts.append(atoms()[places].drop_duplicates())
    parts += [pd.DataFrame({name: list(members(ask.snapshot, name))}, dtype="str") for name in ask.shared if name not in PLACE]
    frame = reduce(lambda left, right: left.merge(right, how="cross"), parts)
    for name in ask.shared:
        if name in ask.where:
            frame = frame[frame[name].isin(ask.where[name])]
    if base is not None:
        frame = frame.merge(base[["part", *ask.shared]], how="outer", on=["part", *ask.shared])
    chosen = [name for name in ask.columns if name not in ask.shared]
    return frame.merge(pairs(ask.where)[chosen].drop_duplicates(), how="cross") if chosen else frame


def _count(ask: _Ask, measure: Measure, columns: Sequence[str]) -> pd.DataFrame:
    """The measure, as `n`, for each combination of the columns that occurs. This is the SQL of the product."""
    when = ["date between first and last"]
    if ask.indicator.stock:
        when = ["start_date <= last", "(end_date is null or end_date > last)"]
    dates: list[object] = [[p.id for p in ask.periods], [p.start for p in ask.periods], [p.end for p in ask.periods]]
    selects = measure == ask.indicator.numerator
    where = {name: ids for name, ids in ask.where.items() if selects or name not in ask.indicator.numerator_only}
    conditions, parameters = matching(measure, where, ask.scope)
    return ask.snapshot.sql(
        f"""
        with asked as (select unnest(?::varchar[]) as part, unnest(?::date[]) as first, unnest(?::date[]) as last)
        select part, {"".join(f"{name}, " for name in columns)}{measure.aggregate} as n
        from {measure.fact} join asked on {" and ".join([*when, *conditions])}
        where {measure.counted}
        group by all
        """,
        [*dates, *parameters],
    )


def matching(measure: Measure, where: Where, scope: Scope) -> tuple[list[str], list[object]]:
    """The conditions, and their parameters, that keep the rows of a measure's fact that a checked `where` and the scope allow."""
    conditions: list[str] = []
    parameters: list[object] = []
    for limits in (where, scope.limits):
        for name, ids in limits.items():
            any_of = f"{DIMENSIONS[name].id} in (select unnest(?::varchar[]))"
            conditions.append(any_of)
            parameters.append(sorted(ids))
            if isinstance(ids, AllOf):
                conditions.append(
                    f"{measure.key} in (select {measure.key} from {measure.fact} where {any_of}"
                    f" group by all having count(distinct {DIMENSIONS[name].id}) = ?)"
                )
                parameters += [sorted(ids), len(ids)]
    return conditions, parameters


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
    counted = ask.indicator.numerator.aggregate.startswith("count(")  # anything else may have parts: hours of work, days in care
    out["numerator"] = frame["numerator"].astype("Int64" if counted else "Float64")
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
    _say_which_teams_are_closed(ask, out)
    _say_which_codes_were_not_in_use(ask, out, frame)
    for period in ask.periods:
        rows = frame["part"] == period.id
        reason = no_records(ask.snapshot, ask.indicator, period)
        if not reason and (reason := nothing_recorded(ask.snapshot, ask.indicator, period)):
            rows &= out["numerator"].fillna(0) == 0  # what there is all the same is said
        if reason:
            out.loc[rows, ["numerator", "denominator", "value"]] = pd.NA
            out.loc[rows, "reason"] = reason
    return out


def _say_why_no_value(ask: _Ask, out: pd.DataFrame) -> None:
    """Say why a share or a rate is missing although its records are there; changes `out`."""
    missing = out["value"].isna()
    if ask.indicator.denominator != CHILDREN:
        over = ask.indicator.denominator_words.lower()
        share = ask.indicator.unit == "%"
        none = "There are none in the period to take a share of" if share else "None is recorded of what it is divided by"
        out.loc[missing, "reason"] = f"{none} ({over})."
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


def _say_which_teams_are_closed(ask: _Ask, out: pd.DataFrame) -> None:
    """A team, split by or filtered by, that did not exist then has no figure, unless something is recorded of it all the same; changes
    `out`."""
    only = ask.where.get("team", ())
    if "team" not in ask.by and len(only) != 1:
        return
    team = out["team"] if "team" in ask.by else pd.Series(only[0], index=out.index)
    teams = ask.snapshot.teams.set_index("team_id")
    closed, began = (pd.to_datetime(team.map(teams[name].to_dict())) for name in ("valid_to", "valid_from"))  # a dict: of no teams too
    nothing = (out["numerator"].fillna(0) == 0) & (out["denominator"].fillna(0) == 0)
    gone = nothing & (closed <= pd.to_datetime(out["to" if ask.indicator.stock else "from"]))
    to_come = nothing & (began > pd.to_datetime(out["to"]))
    for rows, days, words in ((gone, closed, TEAM_CLOSED), (to_come, began, TEAM_BEGAN)):
        out.loc[rows, ["numerator", "denominator", "value"]] = pd.NA
        out.loc[rows, "reason"] = [f"{words} {_day(day)}." for day in days[rows]]


def _say_which_codes_were_not_in_use(ask: _Ask, out: pd.DataFrame, frame: pd.DataFrame) -> None:
    """An issue whose codes did not exist then, or no longer, has no figure, unless something carries it all the same; changes `out`."""
    selects = ask.indicator.numerator_only
    if not selects:
        return
    chosen = [name for name in selects if name in ask.columns]
    periods = {period.id: period for period in ask.periods}
    every = any(isinstance(ids, AllOf) for ids in ask.where.values())
    kept = pairs(ask.where)
    for key, rows in frame[out["numerator"] == 0].groupby(["part", *chosen]):
        part, *ids = map(str, key)
        codes = kept[(kept[chosen] == ids).all(axis=1)]["factor"] if chosen else kept["factor"]
        if reason := not_in_use(codes, periods[part], every=every):
            out.loc[rows.index, ["numerator", "denominator", "value"]] = pd.NA
            out.loc[rows.index, "reason"] = reason


def no_records(snapshot: Snapshot, asked: Indicator, period: Period) -> str | None:
    """Why nothing can be counted in a period, or None when it can."""
    for table in asked.tables:
        if table not in snapshot.supplied:
            lost = int(snapshot.counts.loc[snapshot.counts["table"] == table, "rejected"].sum())
            if lost:
                return f"All {lost:,} rows of the {table} table were rejected (see Data quality), so {asked.noun} cannot be counted."
            return f"The source has no {table} table, so {asked.noun} cannot be counted."
    for needed in asked.needs:
        table, _, column = needed.partition(".")
        if any(needed in one.lacks and table in one.tables for one in snapshot.sources):
            return f"The source has no {column} in {table}, so {asked.noun} cannot be counted."
    if period.start > snapshot.as_at.date():
        return f"There are no records yet: the data are as at {_day(snapshot.as_at.date())}."
    begin = period.end if asked.stock else period.start
    if begin < snapshot.records_from:
        return f"Records begin on {_day(snapshot.records_from)}."
    if begin < snapshot.complete_from:
        return f"Records before {_day(snapshot.complete_from)} are a run-in and not complete."
    if _looks_back_before(asked, begin, snapshot.records_from):
        return f"It looks back {asked.look_back_months} months, and records begin on {_day(snapshot.records_from)}."
    return _outside_its_return(snapshot, asked, period)


def nothing_recorded(snapshot: Snapshot, asked: Indicator, period: Period) -> str | None:
    """Why a nought cannot be trusted: each month that the period is of holds nothing of a table that usually holds many (the rule
    nothing_recorded of csc_core.quality)."""
    if asked.stock or not snapshot.empty_months:
        return None
    months = {day.date() for day in pd.date_range(period.start.replace(day=1), period.end, freq="MS")}
    for table in asked.tables:
        if all((table, month) in snapshot.empty_months for month in months):
            return f"No {TABLES[table].title} at all are recorded for {period.label}: other months hold many, so this is not taken for 0."
    return None


def _looks_back_before(asked: Indicator, begin: date, first: date) -> bool:
    """Whether the months that it looks back on begin before the first day of the records. Those of a stock end with its day."""
    whole = begin + timedelta(days=1) if asked.stock else begin
    return bool(asked.look_back_months) and whole < _years_after(first, asked.look_back_months)


def _outside_its_return(snapshot: Snapshot, asked: Indicator, period: Period) -> str | None:
    """Why nothing can be counted of the time of which the source of one of the indicator's tables knows nothing yet, or nothing more."""
    begin = period.end if asked.stock else period.start
    for table in asked.tables:
        first, last = days_known(snapshot.sources, table)
        title = TABLES[table].title
        records = title if title.endswith("records") else f"records of {title}"
        if first and begin < first:
            return f"{records[0].upper()}{records[1:]} begin on {_day(first)}."
        if first and _looks_back_before(asked, begin, first):
            return f"It looks back {asked.look_back_months} months, and {records} begin on {_day(first)}."
        if last and period.end > last:
            return f"{records[0].upper()}{records[1:]} end on {_day(last)}, before the period does."
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
