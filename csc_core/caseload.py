"""How cases are spread over those who hold them: within each team and across teams. Nobody is named, and no worker has a row."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from csc_core.access import Scope
from csc_core.dimensions import members
from csc_core.disclosure import LEAST, WITHHELD, Audience
from csc_core.indicators import INDICATORS
from csc_core.periods import Period
from csc_core.query import matching, no_records
from csc_core.snapshot import Snapshot

ASKED = INDICATORS["average_caseload"]
NOBODY = "Nobody there holds a case on this day."
HOURS_NOT_KNOWN = "The hours of those who hold cases there are not recorded."
QUARTILES = {"lower_quartile": 0.25, "median": 0.5, "upper_quartile": 0.75}
COUNTS = ["workers", "fte", "cases", "cases_hours_not_known"]


def spread(
    snapshot: Snapshot,
    *,
    scope: Scope,
    audience: Audience,
    period: Period,
    by: Literal["team", "team_locality"] | None = "team",
) -> pd.DataFrame:
    """The open cases of case holders on the last day of the period, team by team (or locality by locality; None: all in one row).

    Columns: the one of `by` (ids), workers (with a case and known hours), fte (their hours, full-time equivalent), cases, the
    cases_per_fte of them all, lower_quartile, median and upper_quartile of the cases per FTE of one worker, the
    cases_hours_not_known left out of all these, withheld, reason. Every declared team is listed; one without a figure has NA and
    the reason. Somebody with cases in two teams counts in each with part of the hours, and once in a row that holds both. From
    anybody but a manager a row of fewer than eight workers or cases is withheld.
    """
    holders = _holders(snapshot, scope, period)
    keys: list[str] = [by] if by else []
    one = holders.groupby([*keys, "worker"], as_index=False, sort=False)[["cases", "fte"]].sum()
    one["each"] = one["cases"] / one["fte"].where(one["fte"] > 0)
    known = one[one["each"].notna()]
    rows = _listed(snapshot, scope, holders, by)
    for name, values in _measured(known, one[one["each"].isna()], keys).items():
        rows[name] = rows[by].map(values) if by else values.reindex([0]).to_numpy()
    rows[COUNTS] = rows[COUNTS].fillna(0)
    rows = rows.astype({name: "Int64" for name in COUNTS if name != "fte"} | dict.fromkeys(["fte", "cases_per_fte", *QUARTILES], "Float64"))
    return _told(rows, audience, no_records(snapshot, ASKED, period))


def across(teams: pd.DataFrame) -> pd.Series:
    """How the rows of `spread` differ: teams (with a figure), and the lowest, quartiles and highest of their cases per FTE."""
    values = teams["cases_per_fte"].dropna()
    quantiles = {"lowest": 0.0, **QUARTILES, "highest": 1.0}
    found = {name: values.quantile(share) if len(values) else pd.NA for name, share in quantiles.items()}
    return pd.Series({"teams": len(values), **found}, dtype=object)


def _holders(snapshot: Snapshot, scope: Scope, period: Period) -> pd.DataFrame:
    """Each worker in each team on the day: team, team_locality, worker, cases, fte (part of the hours; 0 where not known)."""
    conditions, parameters = matching(ASKED.numerator, {}, scope)
    on_the_day = " and ".join(["start_date <= ?", "(end_date is null or end_date > ?)", *conditions])
    found = snapshot.sql(
        f"""
        with held as (select worker, team, team_locality, count(*) as cases from case_held where open_case and {on_the_day} group by all),
        hours as (select worker, team, sum(fte) as fte from case_holder where {on_the_day} group by all)
        select team, team_locality, worker, cases, coalesce(fte, 0) as fte from held left join hours using (worker, team)
        """,  # noqa: S608  # made of declared names; what people choose is a bound parameter
        [period.end, period.end, *parameters] * 2,
    )
    return found.sort_values(["team", "worker"], ignore_index=True)


def _listed(snapshot: Snapshot, scope: Scope, holders: pd.DataFrame, by: str | None) -> pd.DataFrame:
    """The rows to be given: the declared members within the scope, then those that occur and are not declared."""
    if by is None:
        return pd.DataFrame(index=[0])
    within = snapshot.teams
    for name, ids in scope.limits.items():
        if name in within.columns or name == "team":
            within = within[within["team_id" if name == "team" else name].isin(ids)]
    there = set(within["team_id"] if by == "team" else within["team_locality"])
    declared = [id for id in members(snapshot, by) if id in there]
    return pd.DataFrame({by: [*declared, *sorted(set(holders[by]) - set(declared))]}, dtype="str")


def _measured(known: pd.DataFrame, unknown: pd.DataFrame, keys: list[str]) -> dict[str, pd.Series]:
    """The figures of each group, as series by its key (by 0 where there is one group only)."""
    groups, others = (frame.groupby(keys[0] if keys else np.zeros(len(frame), dtype=np.int64)) for frame in (known, unknown))
    cases, fte = groups["cases"].sum(), groups["fte"].sum().round(4)
    return {
        "workers": groups["worker"].nunique(),
        "fte": fte,
        "cases": cases,
        "cases_per_fte": cases / fte,
        **{name: groups["each"].quantile(share) for name, share in QUARTILES.items()},
        "cases_hours_not_known": others["cases"].sum(),
    }


def _told(rows: pd.DataFrame, audience: Audience, nothing: str | None) -> pd.DataFrame:
    """The rows with a reason where there is no figure, and without the figures of few where the audience must not see them."""
    values = [name for name in rows if name in (*COUNTS, "cases_per_fte", *QUARTILES)]
    rows["withheld"] = False
    rows["reason"] = pd.Series(pd.NA, index=rows.index, dtype="str")
    rows.loc[rows["workers"] == 0, "reason"] = NOBODY
    rows.loc[(rows["workers"] == 0) & (rows["cases_hours_not_known"] > 0), "reason"] = HOURS_NOT_KNOWN
    if audience is not Audience.MANAGER:
        few = (rows[["workers", "cases"]] < LEAST).any(axis=1) & ((rows["workers"] > 0) | (rows["cases_hours_not_known"] > 0))
        few |= rows["cases_hours_not_known"].between(1, LEAST - 1)
        rows["withheld"] = few.to_numpy(bool)
        rows.loc[rows["withheld"], values] = pd.NA
        rows.loc[rows["withheld"], "reason"] = WITHHELD
    if nothing:
        rows[values], rows["withheld"], rows["reason"] = pd.NA, False, nothing
    return rows
