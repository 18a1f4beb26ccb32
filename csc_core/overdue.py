"""What is overdue now, one by one: the child's reference, the team and the day each was due. For managers only, and for no file.

How many there are, of any day and team, are the indicators of `csc_core.indicators.overdue`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from csc_core.access import Scope
from csc_core.disclosure import Audience
from csc_core.facts import working_days
from csc_core.indicators import INDICATORS, Indicator
from csc_core.periods import Period
from csc_core.query import QueryError, Where, check_ask, matching, no_records
from csc_core.snapshot import Snapshot

KINDS: Mapping[str, Indicator] = {
    "assessment": INDICATORS["assessments_overdue"],
    "assessment_from_referral": INDICATORS["assessments_overdue_from_referral"],
    "s47": INDICATORS["s47_overdue"],
    "visit": INDICATORS["visits_overdue"],
    "health": INDICATORS["health_assessments_overdue"],
}
COLUMNS = ["child", "team", "team_locality", "worker", "due_date", "due_from_referral", "working_days_late"]
FOR_MANAGERS = "What is overdue is listed for managers only: it names children by their reference."


@dataclass(frozen=True)
class Overdue:
    """`rows`, the latest first: child (reference), team, team_locality, worker (ids), due_date, working_days_late; of an assessment
    also due_from_referral, the day by the clock of Working Together (NaT where it is not the first of its referral).
    Children whose record is restricted are counted and not listed. `reason` says why there are none, when it is not that nothing is
    overdue."""

    rows: pd.DataFrame
    reason: str | None = None


def overdue_now(snapshot: Snapshot, kind: str, *, scope: Scope, audience: Audience, where: Where | None = None) -> Overdue:
    """What of a kind (of `KINDS`) is overdue on the day the data are as at. Raises QueryError."""
    if kind not in KINDS:
        raise QueryError(f"There is no such thing to be overdue; choose one of {', '.join(KINDS)}.")
    check_ask(snapshot, KINDS[kind], (), where or {})
    day = snapshot.as_at.date()
    reason = FOR_MANAGERS if audience is not Audience.MANAGER else no_records(snapshot, KINDS[kind], Period(f"{day}", day, day))
    if reason:
        return Overdue(pd.DataFrame(columns=COLUMNS), reason)
    conditions, parameters = matching(KINDS[kind].numerator, where or {}, scope)
    found = snapshot.sql(
        f"""
        with now as (from overdue where start_date <= ? and (end_date is null or end_date > ?)),
        other_clock as (select record_id, due_date as due_from_referral from now where kind = 'assessment_from_referral')
        select person_id as child, team, team_locality, worker, due_date, due_from_referral
        from now left join other_clock on kind = 'assessment' and other_clock.record_id = now.record_id
        where {" and ".join(["kind = ?", "team <> 'confidential'", *conditions])}
        order by due_date, child
        """,  # noqa: S608  # made of declared names; what people choose is a bound parameter
        [day, day, kind, *parameters],
    )
    return Overdue(found.assign(working_days_late=_late(found["due_date"], day))[COLUMNS])


def _late(due: pd.Series, day: date) -> pd.Series:
    """The working days from the day each was due to `day`."""
    if due.empty:
        return pd.Series(dtype="int64")
    calendar = working_days(due.min().date(), day).set_index("day")["working_days"]
    late: pd.Series = int(calendar[day]) - due.dt.date.map(calendar)
    return late
