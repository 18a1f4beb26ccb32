"""An area beside the county: its interval, and whether it differs by more than chance."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from csc_core.access import Scope
from csc_core.classes import is_rated
from csc_core.disclosure import Audience, read
from csc_core.factors import ISSUES
from csc_core.indicators import INDICATORS, Indicator
from csc_core.indicators.declaration import PLACE, TEAM
from csc_core.periods import Period
from csc_core.query import Where
from csc_core.snapshot import Snapshot
from csc_core.statistics import Z95, Z998, interval

# From far below to far above the county; the words describe and do not judge.
AGAINST = {-2: "much lower", -1: "lower", 0: "similar", 1: "higher", 2: "much higher"}
MARKS = {-2: "▼▼", -1: "▼", 0: "≈", 1: "▲", 2: "▲▲"}


def beside_county(frame: pd.DataFrame, county: float | pd.Series | None, asked: Indicator) -> pd.DataFrame:
    """Add low and high (the 95% interval) and versus (-2 to 2, NA where nothing can be said) to disclosed rows.

    `county` is the county's value, or one for each row where rows are of different things; NA compares with nothing.
    versus is -1 or 1 when the 95% interval of the area lies wholly below or above the county's value, -2 or 2 when the
    99.8% interval does, and 0 otherwise (the method of OHID's Fingertips). Areas under 20 events are not compared.
    """
    usual = interval(frame["numerator"], frame["denominator"], asked.unit, Z95)
    wide = interval(frame["numerator"], frame["denominator"], asked.unit, Z998)
    out = frame.assign(low=usual["low"], high=usual["high"], versus=pd.array([pd.NA] * len(frame), dtype="Int64"))
    if county is None or asked.unit not in ("%", "per 10,000"):
        return out
    rated = is_rated(frame, asked) & usual["low"].notna() & pd.Series(county, index=frame.index).notna()
    out.loc[rated, "versus"] = 0
    for limits, step in ((usual, 1), (wide, 2)):
        out.loc[rated & (limits["low"] > county).fillna(False), "versus"] = step
        out.loc[rated & (limits["high"] < county).fillna(False), "versus"] = -step
    return out


def ranked_issues(snapshot: Snapshot, *, scope: Scope, audience: Audience, period: Period, where: Where | None = None) -> pd.DataFrame:
    """The groups of issues of an area, the commonest first, beside the county: what an area's assessments found.

    One row a group: factor_group, numerator, denominator, value (% of the assessments with a factor recorded), low, high,
    county (the county's own %), versus (see `beside_county`; NA for the county itself), withheld, reason. `where` names the
    area, a team or an age: the county is held to the same filters but those of place and team. Withheld groups come after
    those shown, in the declared order, which says nothing of their size; assessments with no factor identified and factors not
    known come last and are not issues. Raises QueryError.
    """
    asked = INDICATORS["factor_prevalence"]
    group = asked.numerator_only[0]

    def split(filters: Where) -> pd.DataFrame:
        return read(snapshot, asked.id, scope=scope, audience=audience, period=period, by=[group], where=filters)

    all_of_it = {name: ids for name, ids in (where or {}).items() if name not in (*PLACE, *TEAM)}
    frame = split(where or {})
    whole = split(all_of_it).set_index(group)["value"]
    frame["county"] = frame[group].map(whole).astype("Float64")
    out = beside_county(frame, frame["county"], asked)
    if all_of_it == (where or {}):
        out["versus"] = pd.array([pd.NA] * len(out), dtype="Int64")
    issue = out[group].isin(ISSUES)
    order = out.assign(last=~issue, hidden=out["value"].isna(), down=-out["value"]).sort_values(["last", "hidden", "down"], kind="stable")
    return out.loc[order.index].drop(columns=["unit", "period", "from", "to"]).reset_index(drop=True)


def shares(split: pd.DataFrame, whole: pd.DataFrame, by: Sequence[str] = ()) -> pd.Series:
    """The % that each row of a split count is of the whole, which is split by `by` alone; NA where either is withheld or none."""
    all_of_it = split[list(by)].merge(whole, how="left", on=list(by)) if by else whole.loc[whole.index.repeat(len(split))]
    base = all_of_it["numerator"].set_axis(split.index).astype("Float64")
    return 100 * split["numerator"].astype("Float64") / base.where(base > 0)
