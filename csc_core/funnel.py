"""The front-door funnel: what became of the enquiries of each month, followed for 90 days.

It follows the same enquiries on, so its section 47 enquiries of May are those that enquiries of May led to, whenever they began; the
indicator `s47_enquiries` counts those that began in May. The two must not be mixed, and every title here says which it is. A month is
maturing until 90 days after its last day: its figures can still rise, and must not be compared with those of earlier months.
"""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from csc_core.access import Scope
from csc_core.disclosure import Audience, read
from csc_core.indicators import INDICATORS
from csc_core.indicators.followed import DAYS, FOLLOWED
from csc_core.periods import Period
from csc_core.query import Where
from csc_core.snapshot import Snapshot

STAGES = ("enquiries", *(stage.id for stage in FOLLOWED))


def funnel(snapshot: Snapshot, *, scope: Scope, audience: Audience, period: Period, where: Where | None = None) -> pd.DataFrame:
    """Follow the enquiries of each month of the period, as the audience may see it.

    One row for each month and each of `STAGES`: month (2017-05), stage (an indicator's id), title, count (of the enquiries, how many),
    enquiries (of the month), share (%, 0 to 100), withheld, reason (why there is no figure), final_on (the day after which the month no
    longer changes), maturing (whether that is still to come). `enquiries_case_open` is a branch: these are not followed on. Raises
    QueryError.
    """
    parts = []
    for id in STAGES:
        part = read(snapshot, id, scope=scope, audience=audience, period=period, by=["month"], where=where)
        parts.append(part.assign(stage=id, title=INDICATORS[id].title))
    rows = pd.concat(parts, ignore_index=True)
    rows = rows.rename(columns={"numerator": "count", "denominator": "enquiries", "value": "share"})
    all_of_them = rows["stage"] == "enquiries"
    rows.loc[all_of_them, "enquiries"] = rows.loc[all_of_them, "count"]
    rows["share"] = rows["share"].mask(all_of_them, 100.0).mask(rows["count"].isna())
    month = pd.PeriodIndex(rows["month"], freq="M")
    rows["final_on"] = [last.date() + timedelta(days=DAYS) for last in month.end_time]
    rows["maturing"] = [day > snapshot.as_at.date() for day in rows["final_on"]]
    in_order = rows.assign(place=rows["stage"].map(STAGES.index)).sort_values(["month", "place"]).index
    columns = ["month", "stage", "title", "count", "enquiries", "share", "withheld", "reason", "final_on", "maturing"]
    return rows.loc[in_order, columns].reset_index(drop=True)
