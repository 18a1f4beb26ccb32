"""The briefing: the committee's report, written from the records. Each sentence is made of figures and true of them.

`write` gives a document (see csc_core.briefing.document); `csc_core.briefing.word` and `.html` make a file of it.
"""

from __future__ import annotations

from datetime import date

from csc_core.briefing.document import Block, Document
from csc_core.briefing.figures import Facts, Readers
from csc_core.compare import Targets
from csc_core.periods import Period, PeriodError
from csc_core.snapshot import Snapshot
from csc_core.tables import Progress

HEADLINES = ("enquiries", "referrals", "assessments_completed", "open_cases", "looked_after", "cp_plans")


def write(
    snapshot: Snapshot, month: Period, readers: Readers, targets: Targets, progress: Progress, latest: date | None = None
) -> Document:
    """The briefing of a month (see csc_core.reporting_month).

    Where records go on after it, stocks are also given on `latest`, or on the last day of the records. Raises PeriodError for a
    month with nothing in it, and for a day that is not after the month or not in the records.
    """

    from csc_core.briefing.sections.assessments import assessments
    from csc_core.briefing.sections.care import adoption, looked_after
    from csc_core.briefing.sections.closing import closing
    from csc_core.briefing.sections.front_door import front_door
    from csc_core.briefing.sections.headline import headline
    from csc_core.briefing.sections.protection import protection
    from csc_core.briefing.sections.workforce import workforce
    from csc_core.briefing.sections.year_to_date import year_to_date

    facts = Facts(snapshot, month, readers, _latest(snapshot, month, latest), targets)
    _require_something(facts)
    blocks: list[Block] = []
    makers = (headline, front_door, assessments, protection, looked_after, adoption, year_to_date, workforce, closing)
    for number, section in enumerate(makers):
        progress(f"Section {number + 1} of {len(makers)}", number / len(makers))
        blocks += section(facts)
    progress("Written", 1.0)
    return Document(
        title=f"Performance briefing: children's social care, {month.label}",
        subtitle=f"For the {'committee' if readers is Readers.COMMITTEE else 'public'}",
        marks=_marks(snapshot, month),
        blocks=blocks,
        footer=f"Data as at {snapshot.as_at.day} {snapshot.as_at:%B %Y, %H:%M}. Snapshot {snapshot.id}, SHA-256 {snapshot.digest}."
        + (" Synthetic data." if snapshot.synthetic else ""),
    )


def _marks(snapshot: Snapshot, month: Period) -> list[str]:
    synthetic = ["Synthetic data: made-up records, no real child, family or worker is in them."] if snapshot.synthetic else []
    cut = [f"The month is not yet over: figures go to {month.end.day} {month.end:%B %Y}."] if month.cut else []
    return [*synthetic, *cut]


def _latest(snapshot: Snapshot, month: Period, wanted: date | None) -> Period | None:
    last = snapshot.as_at.date()
    if wanted is None:
        return Period(last.isoformat(), last, last) if last > month.end else None
    if wanted > last:
        raise PeriodError(f"There are no records of {wanted.day} {wanted:%B %Y} yet: the data are as at {last.day} {last:%B %Y}.")
    if wanted <= month.end:
        raise PeriodError(
            f"The latest day must be after the month: {wanted.day} {wanted:%B %Y} is not after {month.end.day} {month.end:%B %Y}."
        )
    return Period(wanted.isoformat(), wanted, wanted)


def _require_something(facts: Facts) -> None:
    if not any(facts.one(id).numerator for id in HEADLINES) and not any(facts.one(id).withheld for id in HEADLINES):
        raise PeriodError(
            f"There is nothing to brief on in {facts.month.label}: no enquiry, no referral and no assessment in it, and no open case, "
            "child protection plan or child looked after at its end."
        )
