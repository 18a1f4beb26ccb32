"""The monthly workbook: every indicator at service, locality and team level over thirteen months, with its definition.

`make` returns the bytes of an Excel file. It asks one question for each indicator and level, split by month, so it takes seconds.
"""

from __future__ import annotations

from csc_core.disclosure import Audience
from csc_core.periods import Period
from csc_core.snapshot import Snapshot
from csc_core.tables import Progress
from csc_core.workbook.figures import LEVELS, collect


def make(snapshot: Snapshot, month: Period, audience: Audience, progress: Progress) -> bytes:
    """The workbook of the thirteen months that end with `month` (see csc_core.reporting_month), as the audience may see it."""
    from csc_core.workbook.sheets import write  # openpyxl: heavy, and needed when somebody asks

    step = 0.6 / len(LEVELS)
    lines = {
        level.id: collect(snapshot, level, month, audience, _part(progress, place * step, (place + 1) * step))
        for place, level in enumerate(LEVELS)
    }
    made = write(snapshot, month, audience, lines, _part(progress, 0.6, 1.0))
    progress("Written", 1.0)
    return made


def _part(progress: Progress, first: float, last: float) -> Progress:
    """Progress of one stage as a part of the whole."""
    return lambda what, share: progress(what, first + (last - first) * share)
