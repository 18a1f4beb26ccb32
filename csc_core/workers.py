"""The work of one team by worker, where that is switched on.

Rows by worker are off until the environment says CSC_WORKERS=on. Before that the council records its lawful basis, a data protection
impact assessment, its consultation of staff and unions, and the purpose. Then a manager sees the workers of one team, by reference
and in its order: nobody is ranked, a percentage needs 20 cases, and no row goes into a file.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

import pandas as pd

from csc_core.access import Scope
from csc_core.disclosure import Audience
from csc_core.indicators import Indicator
from csc_core.indicators.declaration import Measure
from csc_core.periods import Period
from csc_core.query import PER, matching, no_records
from csc_core.snapshot import Snapshot

SWITCH = "CSC_WORKERS"
LEAST_CASES = 20
COLUMNS = ["worker", "numerator", "denominator", "value", "reason"]
OFF = "Rows by worker are switched off. The README says what must be recorded before they are switched on."
FOR_MANAGERS = "Rows by worker are for managers only."


@dataclass(frozen=True)
class Workers:
    """`rows`: worker (a reference), numerator, denominator, value, reason; in the order of the references. `reason`: why none."""

    rows: pd.DataFrame
    reason: str | None = None


def workers(snapshot: Snapshot, asked: Indicator, *, scope: Scope, audience: Audience, period: Period, team: str) -> Workers:
    """The figures of an indicator for each worker of one team. They are for a page to show, and for nothing else."""
    reason = _refused(snapshot, asked, audience, period)
    if reason:
        return Workers(pd.DataFrame(columns=COLUMNS), reason)
    rows = _by_worker(snapshot, asked, asked.numerator, scope, period, team).rename(columns={"n": "numerator"})
    if isinstance(asked.denominator, Measure):
        base = _by_worker(snapshot, asked, asked.denominator, scope, period, team).rename(columns={"n": "denominator"})
        rows = rows.merge(base, how="outer", on="worker").fillna({"numerator": 0, "denominator": 0})
        rows["value"] = PER[asked.unit] * rows["numerator"] / rows["denominator"].where(rows["denominator"] > 0)
    else:
        rows = rows.assign(denominator=None, value=rows["numerator"])
    rows = rows.astype(dict.fromkeys(["numerator", "denominator", "value"], "Float64")).sort_values("worker", ignore_index=True)
    rows["reason"] = pd.Series(pd.NA, index=rows.index, dtype="str")
    few = (rows["denominator"] < LEAST_CASES).fillna(value=False) & (asked.unit == "%")
    rows.loc[few, "value"] = pd.NA
    rows.loc[few, "reason"] = f"Fewer than {LEAST_CASES} cases: no percentage"
    return Workers(rows[COLUMNS])


def _refused(snapshot: Snapshot, asked: Indicator, audience: Audience, period: Period) -> str | None:
    """Why there can be no rows by worker, or None when there can."""
    if os.environ.get(SWITCH, "").strip().lower() != "on":
        return OFF
    if audience is not Audience.MANAGER:
        return FOR_MANAGERS
    measures = [measure for measure in (asked.numerator, asked.denominator) if isinstance(measure, Measure)]
    facts = [snapshot.sql(f"select * from {measure.fact} limit 0").columns for measure in measures]  # noqa: S608  # a declared name
    if "team" not in asked.dimensions or asked.numerator_only or any("worker" not in columns for columns in facts):
        return f"{asked.title} cannot be split by worker."
    return no_records(snapshot, asked, period)


def _by_worker(snapshot: Snapshot, asked: Indicator, measure: Measure, scope: Scope, period: Period, team: str) -> pd.DataFrame:
    conditions, parameters = matching(measure, {"team": [team]}, scope)
    when = "start_date <= last and (end_date is null or end_date > last)" if asked.stock else "date between first and last"
    return snapshot.sql(
        f"""
        select worker, {measure.aggregate} as n
        from {measure.fact} cross join (select cast(? as date) as first, cast(? as date) as last)
        where {" and ".join([when, f"({measure.counted})", *conditions])}
        group by worker
        """,  # noqa: S608  # made of declared names; what people choose is a bound parameter
        [period.start, period.end, *parameters],
    )
