"""A figure beside another: the county, an earlier period, a target, other authorities. What may be set beside what, and what is said."""

from __future__ import annotations

from csc_core.compare.areas import AGAINST, MARKS, beside_county, ranked_issues, shares
from csc_core.compare.figures import Change, Figure, apart, change, when
from csc_core.compare.months import Movement, months, unusual
from csc_core.compare.others import Comparator
from csc_core.compare.printed import Printed, printed
from csc_core.compare.published import series
from csc_core.compare.standing import Standing, standing
from csc_core.compare.targets import Attained, Target, Targets, read_targets

__all__ = [
    "AGAINST",
    "MARKS",
    "Attained",
    "Change",
    "Comparator",
    "Figure",
    "Movement",
    "Printed",
    "Standing",
    "Target",
    "Targets",
    "apart",
    "beside_county",
    "change",
    "months",
    "printed",
    "ranked_issues",
    "read_targets",
    "series",
    "shares",
    "standing",
    "unusual",
    "when",
]
