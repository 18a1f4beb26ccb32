"""Which issues come together in one assessment: as a matrix, and as the commonest pairs and trios.

Over assessments with a factor recorded, as the shares of single issues are. Assessments that found no factor, or one that
is not known, count in the base and in no pair.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Literal

import pandas as pd

from csc_core.access import Scope
from csc_core.disclosure import LEAST, WITHHELD, Audience
from csc_core.factors import FACTORS, GROUP_OF, ISSUES, NONE_IDENTIFIED
from csc_core.indicators import INDICATORS
from csc_core.indicators.declaration import Measure
from csc_core.periods import Period
from csc_core.query import QueryError, Where, check_ask, matching, no_records, nothing_recorded
from csc_core.snapshot import Snapshot

Kind = Literal["factor_group", "factor"]
MEMBERS: Mapping[str, Sequence[str]] = {
    "factor_group": ISSUES,
    "factor": [code for code in FACTORS if GROUP_OF[code] != NONE_IDENTIFIED],
}
PREVALENCE = INDICATORS["factor_prevalence"]


@dataclass(frozen=True)
class Together:
    """`rows`, over so many `assessments` with a factor recorded (None: withheld or not known). `reason` says why there are none."""

    rows: pd.DataFrame
    assessments: int | None
    reason: str | None = None


def matrix(
    snapshot: Snapshot, *, scope: Scope, audience: Audience, period: Period, kind: Kind = "factor_group", where: Where | None = None
) -> Together:
    """Every two issues of a kind, both ways round, and each with itself (the assessments that carry it).

    Rows: first, second (ids), numerator (assessments with both), value (% of the assessments with a factor recorded),
    of_first (% of those with the first that have the second too), times (how many times as often as if the two had nothing
    to do with each other; NA on the diagonal), withheld, reason. For a commissioner only groups, 1 to 7 withheld, and so is
    all of an issue that 1 to 7 carry. `where` keeps places, teams, ages and the like, no issues. Raises QueryError.
    """
    found = _counted(snapshot, scope, audience, period, kind, where, size=2)
    if found.assessments is None or found.reason:
        return found
    members = list(MEMBERS[kind])
    every = pd.DataFrame(product(members, members), columns=["first", "second"])
    rows = every.merge(found.rows.rename(columns={"issue1": "first", "issue2": "second", "n": "numerator"}), how="left")
    rows["numerator"] = rows["numerator"].fillna(0).astype("Int64")
    alone = rows[rows["first"] == rows["second"]].set_index("first")["numerator"]
    first, second = (rows[name].map(alone).astype("Float64") for name in ("first", "second"))
    rows["value"] = (100 * rows["numerator"] / found.assessments).astype("Float64")
    rows["of_first"] = 100 * rows["numerator"] / first.where(first > 0)
    by_chance = first * second / found.assessments
    rows["times"] = (rows["numerator"] / by_chance.where(by_chance > 0)).mask(rows["first"] == rows["second"])
    rows["reason"] = pd.Series(pd.NA, index=rows.index, dtype="str").mask(first == 0, "No assessment carries the first.")
    rows["withheld"] = False
    if audience is Audience.COMMISSIONER:
        few = [_few(counts) for counts in (rows["numerator"], first, second)]
        _withhold(rows, few[0] | few[1] | few[2], ["numerator", "value", "of_first", "times"])
    return Together(rows, found.assessments)


def commonest(
    snapshot: Snapshot,
    *,
    scope: Scope,
    audience: Audience,
    period: Period,
    size: Literal[2, 3],
    kind: Kind = "factor_group",
    where: Where | None = None,
) -> Together:
    """The pairs (size 2) or trios (3) of issues that come together, the commonest first.

    Rows: issues (a tuple of ids in the declared order), numerator, value (% of the assessments with a factor recorded). What
    never occurs is not listed, nor, for a commissioner, what occurs 1 to 7 times. Raises QueryError.
    """
    found = _counted(snapshot, scope, audience, period, kind, where, size)
    if found.assessments is None or found.reason:
        return Together(pd.DataFrame(columns=["issues", "numerator", "value"]), found.assessments, found.reason)
    place = {id: number for number, id in enumerate(MEMBERS[kind])}
    names = [f"issue{number}" for number in range(1, size + 1)]
    rows = found.rows[[all(place[a] < place[b] for a, b in pairwise(ids)) for ids in found.rows[names].to_numpy()]]
    if audience is Audience.COMMISSIONER:
        rows = rows[~_few(rows["n"])]
    order = rows.assign(**{name: rows[name].map(place) for name in names}).sort_values(["n", *names], ascending=[False, *[True] * size])
    rows = rows.loc[order.index].reset_index(drop=True)
    listed = pd.DataFrame({
        "issues": [tuple(ids) for ids in rows[names].to_numpy()],
        "numerator": rows["n"].astype("Int64"),
        "value": (100 * rows["n"] / found.assessments).astype("Float64"),
    })
    least = f"{LEAST} or more assessments" if audience is Audience.COMMISSIONER else "any assessment"
    return Together(listed, found.assessments, f"No {size} issues come together in {least}." if listed.empty else None)


def _counted(
    snapshot: Snapshot, scope: Scope, audience: Audience, period: Period, kind: Kind, where: Where | None, size: int
) -> Together:
    """How often each ordered choice of `size` issues occurs (columns issue1 ..., n), an issue chosen twice included."""
    if audience is Audience.COMMISSIONER and kind != "factor_group":
        raise QueryError("Single factors that come together are shown to managers only: choose groups of issues.")
    for name in where or {}:
        if name in PREVALENCE.numerator_only:
            raise QueryError("Which issues come together cannot be filtered by an issue: look at its row.")
    check_ask(snapshot, PREVALENCE, (), where or {})
    nothing = pd.DataFrame({name: pd.Series(dtype="object") for name in (*(f"issue{n}" for n in range(1, size + 1)), "n")})
    if reason := no_records(snapshot, PREVALENCE, period) or nothing_recorded(snapshot, PREVALENCE, period):
        return Together(nothing, None, reason)
    base = PREVALENCE.denominator
    assert isinstance(base, Measure)  # noqa: S101  # declared so
    conditions, parameters = matching(base, where or {}, scope)
    within = " and ".join(["date between ? and ?", *conditions])
    dates: list[object] = [period.start, period.end]
    # the words are declared names; what people choose is a bound parameter
    of_base = f"select count(*) as n from {base.fact} where {base.counted} and {within}"  # noqa: S608
    (assessments,) = snapshot.sql(of_base, [*dates, *parameters])["n"]
    if assessments == 0:
        return Together(nothing, 0, f"There are none in the period ({PREVALENCE.denominator_words.lower()}).")
    if audience is Audience.COMMISSIONER and assessments < LEAST:
        return Together(nothing, None, WITHHELD)
    names = [f"issue{number}" for number in range(1, size + 1)]
    rows = snapshot.sql(
        f"""
        with carried as (
            select distinct assessment_id, {kind} as issue from assessment_factor
            where {within} and {kind} in (select unnest(?::varchar[]))
        )
        select {", ".join(f"{name}.issue as {name}" for name in names)}, count(*) as n
        from carried as {names[0]} {" ".join(f"join carried as {name} using (assessment_id)" for name in names[1:])}
        group by all
        """,  # noqa: S608
        [*dates, *parameters, list(MEMBERS[kind])],
    )
    return Together(rows, int(assessments))


def _few(counts: pd.Series) -> pd.Series:
    return counts.between(1, LEAST - 1).fillna(False).astype(bool)


def _withhold(rows: pd.DataFrame, where: pd.Series, columns: Sequence[str]) -> None:
    """Take the figures of some rows away and say so; changes `rows`."""
    rows["withheld"] = where
    rows.loc[where, list(columns)] = pd.NA
    rows.loc[where, "reason"] = WITHHELD
