"""Why a figure moved between two periods: what is new, closed, re-opened, moved or changed, each part with its own two numbers.

The parts of a count add up to it, in the earlier period, in the later one and in the difference. A stock (what is open on a day) is split
by the children: a child is on one day, on the other or on both. Of events each is in its own period, so they are split by whether the
child had one before. A share or a rate is split into what its numerator and what its denominator did, and each of these again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from csc_core.access import Scope
from csc_core.dimensions import DIMENSIONS
from csc_core.disclosure import LEAST, WITHHELD, Audience, read
from csc_core.facts.records import RECORDS
from csc_core.indicators import Indicator
from csc_core.indicators.declaration import Measure
from csc_core.periods import Period
from csc_core.query import PER, QueryError, Where, indicator, matching
from csc_core.snapshot import Snapshot

STOCK = {
    "new": "New: open on the later day, never before",
    "re_opened": "Re-opened: open on the later day and once before, not on the earlier day",
    "moved_in": "Moved in: open on both days, elsewhere on the earlier",
    "changed_in": "Came to be counted: open on both days, counted on the later only",
    "closed": "Closed: open on the earlier day, not on the later",
    "moved_out": "Moved out: open on both days, elsewhere on the later",
    "changed_out": "No longer counted: open on both days, counted on the earlier only",
    "stayed": "Open on both days and in between",
    "interrupted": "Open on both days, closed and re-opened in between",
}
EVENTS = {
    "first": "New: the child's first in these records",
    "again": "Again: the child had one before",
    "moved": "Moved: the child had one before, the last of them elsewhere",
}
ON_BOTH = ("stayed", "interrupted", "kept")  # of a stock, and of two snapshots: the same children, or records, in both columns
ON_LATER = ("new", "re_opened", "moved_in", "changed_in", "added", "revised_in")
ON_EARLIER = ("closed", "moved_out", "changed_out", "removed", "revised_out")
TOTAL = "total"
COLUMNS = ["measure", "part", "title", "earlier", "later", "change", "withheld", "reason"]
NO_PARTS = "This is not a number of children or events, so it has no parts."


@dataclass(frozen=True)
class Movement:
    """`rows`: measure (numerator, denominator, value), part, title, earlier, later, change, withheld, reason.

    The last row of each measure is its `total`; the others add up to it. The rows of `value` say what the movement of the numerator
    and of the denominator did to a share or a rate: the numerator's part is what it would have done alone. `notes` must be read
    with them; `reason` says why there is nothing to split.
    """

    rows: pd.DataFrame
    notes: tuple[str, ...] = ()
    reason: str | None = None


def movement(
    snapshot: Snapshot,
    indicator_id: str,
    *,
    scope: Scope,
    audience: Audience,
    earlier: Period,
    later: Period,
    where: Where | None = None,
) -> Movement:
    """Split the difference between two periods, as the audience may see it. Raises QueryError.

    Elsewhere is another place or team than `where` asks for; what a scope does not allow is nowhere at all. From anybody but a
    manager a part of 1 to 7 is withheld, with as many more as keep it from being found by subtraction (`to_withhold`).
    """
    asked = indicator(indicator_id)
    if asked.numerator_only and not {*asked.numerator_only} & {*(where or {})}:
        raise QueryError(f"{asked.title}: choose the issue, such as factor_group=neglect.")
    if later.end <= earlier.end:
        raise QueryError(f"Name the earlier period first: {later.label} does not end after {earlier.label}.")
    both = [read(snapshot, asked.id, scope=scope, audience=audience, period=period, where=where).iloc[0] for period in (earlier, later)]
    missing = [str(row["reason"]) for row in both if pd.isna(row["numerator"])]
    if missing:
        return Movement(pd.DataFrame(columns=COLUMNS), reason=missing[0])
    parts = []
    for name, measure in (("numerator", asked.numerator), ("denominator", asked.denominator)):
        if measure is None:
            continue
        found = _parts(snapshot, asked, measure, scope, (earlier, later), where or {})
        total = [float(row[name]) if pd.notna(row[name]) else None for row in both]
        parts.append(told(found, name, total, audience))
    if asked.denominator is not None:
        parts.append(_value(asked, both, earlier, later))
    return Movement(pd.concat(parts, ignore_index=True)[COLUMNS], _notes(asked, earlier, later))


def _parts(
    snapshot: Snapshot, asked: Indicator, measure: Measure | str, scope: Scope, periods: tuple[Period, Period], where: Where
) -> pd.DataFrame:
    """part, title, earlier, later of a count; no rows for a sum of hours or of days, and for the population."""
    if isinstance(measure, str) or not measure.aggregate.startswith("count("):
        return pd.DataFrame(columns=["part", "title", "earlier", "later"])
    if measure != asked.numerator:
        where = {name: ids for name, ids in where.items() if name not in asked.numerator_only}
    placed = {name: ids for name, ids in where.items() if DIMENSIONS[name].kind in ("place", "team")}
    (here, at), (fits, of), (within, allowed) = (
        matching(measure, limits, limited)
        for limits, limited in (
            (placed, Scope.everything()),
            ({name: ids for name, ids in where.items() if name not in placed}, Scope.everything()),
            ({}, scope),
        )
    )
    conditions = {"here": _all(here), "fits": _all(fits), "within": _all(within)}
    sql = _stock(measure, conditions) if asked.stock else _events(measure, conditions)
    days = [day for period in periods for day in ([period.end] if asked.stock else [period.start, period.end])]
    found = snapshot.sql(sql, [*days, *at, *of, *allowed])
    titles = STOCK if asked.stock else EVENTS
    offered = [part for part in titles if placed or not part.startswith("moved")]
    counts = found.set_index("part").reindex(offered).fillna(0).astype("int64").reset_index()
    never = (counts[["earlier", "later"]] == 0).all(axis=1) & counts["part"].str.startswith("changed")
    return counts[~never].assign(title=lambda rows: rows["part"].map(titles))


def _all(conditions: Sequence[str]) -> str:
    return " and ".join(conditions) or "true"


def _stock(measure: Measure, conditions: Mapping[str, str]) -> str:
    """SQL for what was open on the first day, on the second, or on both."""
    subject = RECORDS[measure.fact].subject
    return f"""
        with asked as (select cast(? as date) as first, cast(? as date) as last),
        stretch as (
            select {subject} as subject, start_date, coalesce(end_date, date '9999-12-31') as end_date,
                   coalesce({conditions["here"]}, false) as here,
                   coalesce(({measure.counted}) and {conditions["fits"]}, false) as counted
            from {measure.fact} where {conditions["within"]}
        ),
        on_days as (
            select *, start_date <= first and end_date > first as earlier, start_date <= last and end_date > last as later,
                   greatest(least(end_date, last) - greatest(start_date, first), 0) as days
            from stretch cross join asked where start_date <= last
        ),
        each as (
            select bool_or(earlier and here and counted) as then_counted, bool_or(later and here and counted) as now_counted,
                   bool_or(earlier) as then_open, bool_or(later) as now_open,
                   bool_or(earlier and here) as then_here, bool_or(later and here) as now_here,
                   bool_or(start_date < first and counted) as known_before, sum(days) >= any_value(last - first) as throughout
            from on_days group by subject having then_counted or now_counted
        )
        select case when then_counted and now_counted then if(throughout, 'stayed', 'interrupted')
                    when now_counted and not then_open then if(known_before, 're_opened', 'new')
                    when now_counted then if(then_here, 'changed_in', 'moved_in')
                    when not now_open then 'closed'
                    else if(now_here, 'changed_out', 'moved_out') end as part,
               count(*) filter (then_counted) as earlier, count(*) filter (now_counted) as later
        from each group by all
    """  # noqa: S608  # made of declared names; what people choose is a bound parameter


def _events(measure: Measure, conditions: Mapping[str, str]) -> str:
    """SQL for what happened in the first period and in the second; what happened in both is in both columns."""
    record = RECORDS[measure.fact].id
    return f"""
        with asked as (
            select cast(? as date) as first_from, cast(? as date) as first_to, cast(? as date) as last_from, cast(? as date) as last_to
        ),
        marked as (
            select {record} as record, person_id, date, coalesce({conditions["here"]}, false) as here,
                   coalesce(({measure.counted}) and {conditions["fits"]}, false) as counted
            from {measure.fact} where {conditions["within"]}
        ),
        each as (
            select record, person_id, date, bool_or(here) as here, bool_or(here and counted) as counted
            from marked group by record, person_id, date
        ),
        followed as (
            select *, arg_max(here, date) over (
                partition by person_id order by date
                -- an earlier day: several of one day are no history of each other
                range between unbounded preceding and interval 1 day preceding) as here_before
            from each
        )
        select case when here_before is null then 'first' when here_before then 'again' else 'moved' end as part,
               count(*) filter (date between first_from and first_to) as earlier,
               count(*) filter (date between last_from and last_to) as later
        from followed cross join asked where counted group by all
    """  # noqa: S608  # the same


def told(parts: pd.DataFrame, measure: str, total: Sequence[float | None], audience: Audience) -> pd.DataFrame:
    """The parts of a measure and its total, with what the audience must not see withheld."""
    rows = parts.assign(withheld=False, reason=pd.Series(pd.NA, index=parts.index, dtype="str"))
    rows[["earlier", "later"]] = rows[["earlier", "later"]].astype("Float64")
    if audience is not Audience.MANAGER:
        hidden = to_withhold(rows.set_index("part")[["earlier", "later"]].astype("int64"))
        rows["withheld"] = hidden.to_numpy(bool)
        rows.loc[rows["withheld"], ["earlier", "later"]] = pd.NA
        rows.loc[rows["withheld"], "reason"] = WITHHELD
    whole = pd.DataFrame(
        {"part": [TOTAL], "title": ["In all"], "earlier": total[:1], "later": total[1:], "withheld": [False]},
    ).astype({"earlier": "Float64", "later": "Float64"})
    whole["reason"] = pd.Series([NO_PARTS if rows.empty else pd.NA], dtype="str")
    rows = whole if rows.empty else pd.concat([rows, whole], ignore_index=True)
    return rows.assign(measure=measure, change=rows["later"] - rows["earlier"])


def to_withhold(parts: pd.DataFrame) -> pd.Series:
    """Which parts (earlier, later, by part) must be withheld: those of few, and so many more that none of these can be worked out.

    Each column adds up to a total that is shown, and what is there on both days has the same number in both. So the withheld
    parts are the unknowns of two equations; while these determine one that is few, the next smallest part is withheld too.
    """
    hidden = ((parts > 0) & (parts < LEAST)).any(axis=1)
    few = hidden.copy()
    rest = list(parts.assign(none=parts.max(axis=1) == 0, most=parts.max(axis=1)).sort_values(["none", "most"], kind="stable").index)
    rest = [part for part in rest if not hidden[part]]
    while rest and _can_be_worked_out(parts, hidden, few):
        hidden[rest.pop(0)] = True
    return hidden


def _can_be_worked_out(parts: pd.DataFrame, hidden: pd.Series, few: pd.Series) -> bool:
    """Whether the two totals determine any of the few: whether no other solution of the equations differs in it."""
    unknowns = []
    for part in parts.index[hidden]:
        of_part = [(1, 1)] if part in ON_BOTH else [(1, 0), (0, 1)]
        # an unknown of a column whose total is nought is nought, and known; so is what cannot be on one of the two days
        known = [column for column, total in enumerate(parts.sum()) if total == 0]
        never = {0} if part in ON_LATER else {1} if part in ON_EARLIER else set()
        unknowns += [(part, one) for one in of_part if not any(one[column] for column in {*known, *never})]
    if not unknowns:
        return False
    totals = np.array([one for _, one in unknowns], dtype=float).T
    free = np.eye(len(unknowns)) - np.linalg.pinv(totals) @ totals
    return any(few[part] and abs(free[number, number]) < 1e-9 for number, (part, _) in enumerate(unknowns))


def _value(asked: Indicator, both: Sequence[pd.Series], earlier: Period, later: Period) -> pd.DataFrame:
    """What the numerator and the denominator did to the value."""
    unequal = asked.unit == "per 10,000" and not asked.stock and round(earlier.months, 1) != round(later.months, 1)
    given = [row["value"] for row in both]
    reasons = [str(row["reason"]) for row in both if pd.isna(row["value"])]
    if unequal or reasons:
        reason = "A rate over one length of time is not set against one over another." if unequal else reasons[0]
        rows = pd.DataFrame({"part": [TOTAL], "title": ["In all"], "earlier": given[:1], "later": given[1:], "change": [pd.NA]})
        return rows.assign(measure="value", withheld=False, reason=reason)
    change = given[1] - given[0]
    alone = PER[asked.unit] * (both[1]["numerator"] - both[0]["numerator"]) / both[0]["denominator"]
    rows = pd.DataFrame(
        {
            "part": ["numerator", "denominator", TOTAL],
            "title": ["By what is counted, had the rest stayed as it was", "By what it is a share of", "In all"],
            "earlier": pd.array([pd.NA, pd.NA, given[0]], dtype="Float64"),
            "later": pd.array([pd.NA, pd.NA, given[1]], dtype="Float64"),
            "change": pd.array([alone, change - alone, change], dtype="Float64"),
        }
    )
    return rows.assign(measure="value", withheld=False, reason=pd.Series([pd.NA] * 3, dtype="str"))


def _notes(asked: Indicator, earlier: Period, later: Period) -> tuple[str, ...]:
    said = []
    if not asked.stock and round(earlier.months, 1) != round(later.months, 1):
        said.append(f"The periods are not equally long ({earlier.months:.1f} and {later.months:.1f} months).")
    if not asked.stock and later.start <= earlier.end:
        said.append("The periods overlap: what is in both is in both columns and moves nothing.")
    return tuple(said)
