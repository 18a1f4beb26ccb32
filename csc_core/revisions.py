"""What changed between two snapshots: which records were added, removed or revised, and what that did to a figure.

A figure of the same month can differ from one load to the next, because records are entered late, corrected or taken out. Here each is
named by its id, so that the cause can be looked up. A record is revised when anything that is counted of it has changed: its own dates and
codes, or the team, the age or the home address of the child on the day.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pandas as pd

from csc_core.access import Scope
from csc_core.changes import COLUMNS, Movement, told
from csc_core.dimensions import DIMENSIONS
from csc_core.disclosure import Audience, read
from csc_core.facts.records import RECORDS
from csc_core.indicators import Indicator
from csc_core.indicators.declaration import Measure
from csc_core.periods import Period
from csc_core.query import QueryError, Where, check_ask, indicator, matching
from csc_core.snapshot import Snapshot

ADDED, REMOVED, REVISED = "added", "removed", "revised"
PARTS = {
    ADDED: "Added: the record was not there before",
    "revised_in": "Revised: the record was there, and was not counted",
    REMOVED: "Removed: the record is no longer there",
    "revised_out": "Revised: the record is still there, and no longer counted",
    "kept": "Counted in both",
}


def figure_between(
    old: Snapshot,
    new: Snapshot,
    indicator_id: str,
    *,
    scope: Scope,
    audience: Audience,
    period: Period,
    where: Where | None = None,
) -> Movement:
    """Split the difference of one figure between two snapshots, as the audience may see it; `earlier` is the older snapshot.

    The parts of the numerator and of the denominator add up to each in both snapshots. Raises QueryError.
    """
    asked = indicator(indicator_id)
    if asked.numerator_only and not {*asked.numerator_only} & {*(where or {})}:
        raise QueryError(f"{asked.title}: choose the issue, such as factor_group=neglect.")
    if old.id >= new.id:
        raise QueryError("Name the older snapshot first.")
    if asked.stock and period.end > old.as_at.date():
        return Movement(pd.DataFrame(columns=COLUMNS), reason=_too_early(old))
    for snapshot in (old, new):
        check_ask(snapshot, asked, (), where or {})
    both = [read(one, asked.id, scope=scope, audience=audience, period=period, where=where).iloc[0] for one in (old, new)]
    missing = [str(row["reason"]) for row in both if pd.isna(row["numerator"])]
    if missing:
        return Movement(pd.DataFrame(columns=COLUMNS), reason=missing[0])
    parts = []
    for name, measure in (("numerator", asked.numerator), ("denominator", asked.denominator)):
        if isinstance(measure, Measure):
            found = _parts((old, new), asked, measure, scope, period, where or {})
            parts.append(told(found, name, [float(row[name]) for row in both], audience))
    late = () if period.end <= old.as_at.date() else (_too_early(old),)
    return Movement(pd.concat(parts, ignore_index=True)[COLUMNS], late)


def _too_early(old: Snapshot) -> str:
    day = old.as_at
    return f"The older snapshot goes up to {day.day} {day:%B %Y}, before the period ends, so it cannot hold all of it."


def _parts(
    both: tuple[Snapshot, Snapshot], asked: Indicator, measure: Measure, scope: Scope, period: Period, where: Where
) -> pd.DataFrame:
    """part, title, earlier, later of a count; no rows for a sum."""
    if not measure.aggregate.startswith("count("):
        return pd.DataFrame(columns=["part", "title", "earlier", "later"])
    if measure != asked.numerator:
        where = {name: ids for name, ids in where.items() if name not in asked.numerator_only}
    then, now = (_counted(snapshot, asked, measure, scope, period, where) for snapshot in both)
    counts = {
        ADDED: (0, len((now.counted - then.counted) - then.known)),
        "revised_in": (0, len((now.counted - then.counted) & then.known)),
        REMOVED: (len((then.counted - now.counted) - now.known), 0),
        "revised_out": (len((then.counted - now.counted) & now.known), 0),
        "kept": (len(then.counted & now.counted),) * 2,
    }
    rows = [(part, PARTS[part], *counts[part]) for part in PARTS]
    return pd.DataFrame(rows, columns=["part", "title", "earlier", "later"])


class _Counted:
    """The records of a measure in one snapshot: those counted, and those there at all."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self.known = set(rows["record"])
        self.counted = set(rows.loc[rows["counted"], "record"])


def _counted(snapshot: Snapshot, asked: Indicator, measure: Measure, scope: Scope, period: Period, where: Where) -> _Counted:
    conditions, parameters = matching(measure, where, Scope.everything())
    within, allowed = matching(measure, {}, scope)
    when = "start_date <= last and (end_date is null or end_date > last)" if asked.stock else "date between first and last"
    return _Counted(
        snapshot.sql(
            f"""
            select {RECORDS[measure.fact].id} as record,
                   coalesce(bool_or({" and ".join([when, f"({measure.counted})", *conditions])}), false) as counted
            from {measure.fact} cross join (select cast(? as date) as first, cast(? as date) as last)
            where {" and ".join(within) or "true"} group by all
            """,  # noqa: S608  # made of declared names; what people choose is a bound parameter
            [*parameters, period.start, period.end, *allowed],
        )
    )


def revisions(old: Snapshot, new: Snapshot, *, scope: Scope) -> pd.DataFrame:
    """Every record that is not the same in both: kind (a fact), record (its id), child (reference), what (added, removed, revised) and
    changed (the columns that differ in a revised one). For people who may read the files; pages show `counts`."""
    con = duckdb.connect()
    try:
        parts = [_differing(con, fact, old, new, scope) for fact, record in RECORDS.items() if record.own]
    finally:
        con.close()
    return pd.concat(parts, ignore_index=True)


def _differing(con: duckdb.DuckDBPyConnection, fact: str, old: Snapshot, new: Snapshot, scope: Scope) -> pd.DataFrame:
    record = RECORDS[fact].id
    for name, snapshot in (("old_rows", old), ("new_rows", new)):
        columns = [str(name) for name in snapshot.sql(f"select * from {fact} limit 0")]  # noqa: S608  # a declared name
        if not {DIMENSIONS[limit].id for limit in scope.limits} <= {*columns}:
            return pd.DataFrame(columns=["kind", "record", "child", "what", "changed"])
        conditions, allowed = matching(Measure(fact), {}, scope)
        rows = f"select * from {fact} where {' and '.join(conditions) or 'true'}"  # noqa: S608  # the same
        con.register(name, snapshot.arrow(_joined(rows, columns) if "start_date" in columns else rows, allowed))
    child = "person_id" if "person_id" in columns else "null"
    others = [name for name in columns if name not in (record, "person_id")]
    sets = ", ".join(f'list(distinct "{name}" order by "{name}") as "{name}"' for name in others)
    differs = ", ".join(f"""case when was."{name}" is distinct from now."{name}" then '{name}' end""" for name in others)
    return con.execute(
        f"""
        with old as (select {record} as record, any_value({child}) as child, bit_xor(hash(old_rows)) as content from old_rows group by all),
        new as (select {record} as record, any_value({child}) as child, bit_xor(hash(new_rows)) as content from new_rows group by all),
        different as (
            select record, coalesce(new.child, old.child) as child,
                   case when old.record is null then '{ADDED}' when new.record is null then '{REMOVED}' else '{REVISED}' end as what
            from old full join new using (record) where old.content is distinct from new.content
        ),
        revised as (select record from different where what = '{REVISED}'),
        was as (select {record} as record, {sets} from old_rows semi join revised on {record} = revised.record group by all),
        now as (select {record} as record, {sets} from new_rows semi join revised on {record} = revised.record group by all)
        select '{fact}' as kind, record, child, what,
               case when what = '{REVISED}' then coalesce(nullif(concat_ws(', ', {differs}), ''), 'the order in time') end as changed
        from different left join was using (record) left join now using (record)
        order by what, record
        """  # noqa: S608  # the same
    ).df()


def _joined(rows: str, columns: Sequence[str]) -> str:
    """Stretches of days that follow each other with nothing changed are one: where one ends may be another matter's doing."""
    others = ", ".join(name for name in columns if name not in ("start_date", "end_date"))
    return f"""
        with stretch as (
            select *, coalesce(start_date = lag(end_date) over (partition by {others} order by start_date), false) as continues
            from ({rows})
        ),
        numbered as (
            select *, sum(case when continues then 0 else 1 end) over (partition by {others} order by start_date) as run from stretch
        )
        select {others}, min(start_date) as start_date, nullif(max(coalesce(end_date, date '9999-12-31')), date '9999-12-31') as end_date
        from numbered group by {others}, run
    """  # noqa: S608  # the same


def counts(found: pd.DataFrame) -> pd.DataFrame:
    """How many records of each kind `revisions` found: kind, title, added, removed, revised."""
    table = found.groupby(["kind", "what"]).size().unstack(fill_value=0)
    rows = table.reindex(index=[fact for fact in RECORDS if RECORDS[fact].own], columns=[ADDED, REMOVED, REVISED], fill_value=0)
    rows.insert(0, "title", [RECORDS[fact].title for fact in rows.index])
    return rows.rename_axis(None, axis="columns").rename_axis("kind").reset_index()
