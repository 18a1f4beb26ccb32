"""How settled children are over their whole period of care: not the average alone, but how they spread around it.

For the children looked after on a day, from their entry to care to that day. The averages are the indicators `care_...`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from csc_core.access import Scope
from csc_core.disclosure import LEAST, WITHHELD, Audience, read
from csc_core.indicators import INDICATORS
from csc_core.periods import Period
from csc_core.query import QueryError, Where, check_ask, matching, no_records
from csc_core.snapshot import Snapshot
from geo.areas import NOT_KNOWN

CARE = INDICATORS["care_moves_per_year"]  # what must be there to count any of them
LOOKED_AFTER = INDICATORS["looked_after"]
MEDIAN_OF = 20  # children, so that a commissioner's quartiles are nobody's own figure


@dataclass(frozen=True)
class Aspect:
    """One way to look at a period of care. `value` is SQL over the fact on the day `last`: a null means the child has none.

    `bands`: id, title and the value up to which it goes (None: the last); `none` is the title of the children without a value.
    """

    title: str
    unit: str
    value: str
    bands: tuple[tuple[str, str, float | None], ...]
    none: str = ""


ASPECTS: Mapping[str, Aspect] = {
    "placements": Aspect(
        "Placements in the period of care",
        "placements",
        "moves + 1",
        (("1", "1", 1), ("2", "2", 2), ("3", "3", 3), ("4", "4", 4), ("5-6", "5 or 6", 6), ("7+", "7 or more", None)),
    ),
    "moves_per_year": Aspect(
        "Moves per year of care",
        "moves per year",
        "moves * 365.25 / nullif(last - entered, 0)",
        (
            ("0", "None", 0),
            ("0-0.5", "Up to one in two years", 0.5),
            ("0.5-1", "Up to one a year", 1),
            ("1-2", "Up to two a year", 2),
            ("2+", "More than two a year", None),
        ),
        none="Entered care on the day",
    ),
    "longest_placement_share": Aspect(
        "Share of time in the longest placement",
        "%",
        "100.0 * greatest(longest_stay, coalesce(last - stay_from, 0)) / nullif(last - entered, 0)",
        (
            ("0-25", "Up to 25%", 25),
            ("25-50", "Up to 50%", 50),
            ("50-75", "Up to 75%", 75),
            ("75-100", "Over 75%, not all", 99.9999),
            ("100", "All", None),
        ),
        none="Entered care on the day",
    ),
    "first_move_days": Aspect(
        "Days to the first move",
        "days",
        "days_to_first_move",
        (
            ("7", "Within a week", 7),
            ("30", "Within 30 days", 30),
            ("90", "Within 90 days", 90),
            ("365", "Within a year", 365),
            ("365+", "After more than a year", None),
        ),
        none="Never moved",
    ),
    "planned_moves": Aspect(
        "Planned moves",
        "moves",
        "moves_with_reason - unplanned_moves",
        (("0", "None", 0), ("1", "1", 1), ("2", "2", 2), ("3+", "3 or more", None)),
    ),
    "unplanned_moves": Aspect(
        "Unplanned moves",
        "moves",
        "unplanned_moves",
        (("0", "None", 0), ("1", "1", 1), ("2", "2", 2), ("3+", "3 or more", None)),
    ),
}
"""Moves without a recorded reason are neither planned nor unplanned."""


@dataclass(frozen=True)
class Distribution:
    """`rows`: band, title, children, value (% of the children whose whole period is known), withheld (bool), reason.

    The last row, `not known`, counts the children with no placement recorded from the first week of their period of care; it has
    no value. `quartiles` are the lower quartile, the median and the upper one of the children who have a value, None where
    there are none or too few. `reason` says why there are no rows.
    """

    rows: pd.DataFrame
    quartiles: tuple[float, float, float] | None
    reason: str | None = None


def distribution(
    snapshot: Snapshot, aspect: str, *, scope: Scope, audience: Audience, period: Period, where: Where | None = None
) -> Distribution:
    """How the children looked after on the last day of the period spread over the bands of an aspect (an id of `ASPECTS`).

    `where` keeps children as an indicator's does. For a commissioner a band of 1 to 7 children is withheld. Raises QueryError.
    """
    if aspect not in ASPECTS:
        raise QueryError(f"There is no such way to look at a period of care; choose one of {', '.join(ASPECTS)}.")
    check_ask(snapshot, LOOKED_AFTER, (), where or {})
    if reason := no_records(snapshot, CARE, period):
        rows = _listed(ASPECTS[aspect], {}, 0)
        rows["children"], rows["reason"] = rows["children"].mask(rows["children"] == 0), reason
        return Distribution(rows, None, reason)
    known, unknown = _values(snapshot, ASPECTS[aspect], scope, period, where or {})
    if not len(known) + unknown:
        return Distribution(_listed(ASPECTS[aspect], {}, 0), None, "No child was looked after on the day.")
    counts = known.map(lambda value: _band(ASPECTS[aspect], value)).value_counts().to_dict()
    rows = _listed(ASPECTS[aspect], {str(band): int(count) for band, count in counts.items()}, unknown)
    values = known.dropna()
    shown = len(values) >= (MEDIAN_OF if audience is Audience.COMMISSIONER else 1)
    lower, middle, upper = values.quantile([0.25, 0.5, 0.75]) if shown else (0.0, 0.0, 0.0)
    if audience is Audience.COMMISSIONER:
        few = rows["children"].between(1, LEAST - 1)
        rows["withheld"] = few
        rows.loc[few, ["children", "value"]] = pd.NA
        rows.loc[few, "reason"] = WITHHELD
    return Distribution(rows, (float(lower), float(middle), float(upper)) if shown else None)


def by_locality(
    snapshot: Snapshot, aspect: str, *, scope: Scope, audience: Audience, period: Period, where: Where | None = None
) -> pd.DataFrame:
    """The quartiles of an aspect for each home locality, and for what has none (not known, out of county ...).

    Columns: locality, children (looked after on the last day of the period), lower, median, upper, withheld (bool), reason (why
    there are no quartiles). Raises QueryError.
    """
    rows = read(snapshot, LOOKED_AFTER.id, scope=scope, audience=audience, period=period, by=["locality"], where=where)
    found = []
    for id in rows["locality"]:
        here = {**(where or {}), "locality": [str(id)]}
        one = distribution(snapshot, aspect, scope=scope, audience=audience, period=period, where=here)
        few = f"Fewer than {MEDIAN_OF} children." if audience is Audience.COMMISSIONER else "No child has a value."
        found.append((*(one.quartiles or (pd.NA, pd.NA, pd.NA)), pd.NA if one.quartiles else one.reason or few))
    quartiles = pd.DataFrame(found, columns=["lower", "median", "upper", "why"], index=rows.index)
    out = rows[["locality", "numerator", "withheld"]].rename(columns={"numerator": "children"})
    out[["lower", "median", "upper"]] = quartiles[["lower", "median", "upper"]].astype("Float64")
    return out.assign(reason=rows["reason"].astype("object").where(rows["withheld"] | rows["numerator"].isna(), quartiles["why"]))


def _values(snapshot: Snapshot, aspect: Aspect, scope: Scope, period: Period, where: Where) -> tuple[pd.Series, int]:
    """The value of each child whose whole period is known (NaN for one who has none), and how many others there are."""
    conditions, parameters = matching(CARE.numerator, where, scope)
    within = " and ".join(["start_date <= last", "(end_date is null or end_date > last)", *conditions])
    # the words are declared names; what people choose is a bound parameter
    frame = snapshot.sql(
        f"select history_known, cast({aspect.value} as double) as value"  # noqa: S608
        f" from looked_after join (select cast(? as date) as last) as asked on {within}",
        [period.end, *parameters],
    )
    known = frame["history_known"].fillna(value=False).astype(bool)
    return frame.loc[known, "value"], int((~known).sum())


def _band(aspect: Aspect, value: float) -> str:
    if pd.isna(value):
        return "none"
    return next(id for id, _, most in aspect.bands if most is None or value <= most)


def _listed(aspect: Aspect, counts: Mapping[str, int], unknown: int) -> pd.DataFrame:
    bands = [(id, title) for id, title, _ in aspect.bands] + ([("none", aspect.none)] if aspect.none else [])
    rows = pd.DataFrame([*bands, (NOT_KNOWN, "Not known")], columns=["band", "title"])
    children = [*(counts.get(id, 0) for id, _ in bands), unknown]
    rows["children"] = pd.array(children, dtype="Int64")
    total = sum(children[:-1])
    share = [100 * count / total if total else pd.NA for count in children[:-1]]
    rows["value"] = pd.array([*share, pd.NA], dtype="Float64")
    rows["withheld"] = False
    rows["reason"] = pd.Series(pd.NA, index=rows.index, dtype="str")
    if not total:
        rows.loc[rows.index[:-1], "reason"] = "There are no children to take a share of."
    return rows
