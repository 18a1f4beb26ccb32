"""When what an indicator counts has changed: its own changes, and for issues those of the codes that are chosen."""

from __future__ import annotations

from datetime import date

from csc_core.factors import BREAKS, selected
from csc_core.indicators.declaration import Changed, Indicator
from csc_core.query import Where


def change_log(asked: Indicator, where: Where | None = None) -> tuple[Changed, ...]:
    """The changes of the indicator, the oldest first; of issues only those that touch what `where` chooses."""
    if not asked.numerator_only:
        return asked.changed
    codes = selected(where or {})
    of_codes = [Changed(one.day, one.words, breaks=True) for one in BREAKS if one.codes & codes]
    return tuple(sorted((*asked.changed, *of_codes), key=lambda one: one.day))


def broken_between(asked: Indicator, first: date, last: date, where: Where | None = None) -> tuple[str, ...]:
    """Why a figure up to the first day and one up to the last do not compare, in sentences; mostly nothing."""
    return tuple(one.words for one in change_log(asked, where) if one.breaks and first < one.day <= last)
