"""An indicator month by month, and whether its latest month moved more than it usually does: a rule that lists no noise.

The rule is that of the moving range chart (Shewhart's, as in NHS England, *Making data count*): a movement from one month to the next
is out of the ordinary when it is more than 3.27 times the mean of the movements before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from csc_core.access import Scope
from csc_core.compare.figures import Change, Figure, compared, sized
from csc_core.disclosure import Audience, read
from csc_core.indicators import INDICATORS, Indicator
from csc_core.periods import Period, latest_month, members, window
from csc_core.query import Where
from csc_core.rounding import half_up
from csc_core.snapshot import Snapshot
from csc_core.statistics import FEWEST_EVENTS

SHOWN = 13  # the same month a year before, and the twelve since
LIMIT = Decimal("3.27")


@dataclass(frozen=True)
class Movement:
    """A month that moved more than usual. `usual` is the mean movement of the months before it, `by` how many times the limit this
    one is: the larger, the further out of the ordinary."""

    indicator: Indicator
    change: Change
    usual: Decimal
    by: float

    @property
    def sentence(self) -> str:
        usual = sized(half_up(self.usual, self.indicator.decimals), self.indicator)
        return f"{self.change.sentence.removesuffix('.')}; from month to month it moved by {usual} on average before."


def months(
    snapshot: Snapshot, indicator_id: str, *, scope: Scope, audience: Audience, period: Period, where: Where | None = None
) -> tuple[Figure, ...]:
    """The figures of the thirteen whole months up to the period's end, the oldest first. Raises QueryError."""
    asked = INDICATORS[indicator_id]
    span = window(SHOWN, latest_month(period.end))
    frame = read(snapshot, indicator_id, scope=scope, audience=audience, period=span, by=["month"], where=where)
    each = {str(row["month"]): {str(name): value for name, value in row.items()} for row in frame.to_dict("records")}
    return tuple(Figure.of(each[one.id], asked, one) for one in members("month", span))


def unusual(asked: Indicator, shown: Sequence[Figure]) -> Movement | None:
    """The movement of the last of the months where it is out of the ordinary.

    None where it is not, where any month has no figure or counts fewer than 20, and where most of them did not move at all.
    """
    values = [figure.value for figure in shown if figure.value is not None and (figure.numerator or 0) >= FEWEST_EVENTS]
    if len(values) < len(shown):
        return None
    *moved, last = [abs(one - other) for one, other in pairwise(values)]
    usual = sum(moved, Decimal(0)) / len(moved)
    if last <= LIMIT * usual or 2 * moved.count(Decimal(0)) > len(moved):
        return None
    return Movement(asked, compared(asked, shown[-1], shown[-2]), usual, float(last / (LIMIT * usual)))
