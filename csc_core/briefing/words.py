"""Sentences made of figures. The fact comes first; what moved is said by the thresholds below, which the briefing states."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from csc_core.briefing.figures import Figure
from csc_core.compare.figures import NUMBERS, apart
from csc_core.compare.figures import when as on
from csc_core.periods import Period, month
from csc_core.rounding import half_up, written

SAME = {"count": Decimal("0.01"), "per 10,000": Decimal("0.01"), "%": Decimal("0.5"), "ratio": Decimal("0.1")}
"""Two figures are `about the same` up to this difference: 1% of the earlier for numbers and rates, else so many points."""
THRESHOLDS = (
    "A figure has risen or fallen when it differs from the earlier one by more than 1% (numbers and rates), by more than half a percentage "
    "point (percentages) or by more than 0.1 (cases for each full-time worker); else it is about the same. Whether a difference is more "
    "than chance explains is said only beside a target, another area or a published figure, never of two months."
)


def number(value: float | Decimal, decimals: int = 0) -> str:
    return f"{half_up(value, decimals):,}"


def whole(value: float) -> str:
    """`4,312`, `46.7`: hours of work have parts."""
    return number(value, 0 if float(value).is_integer() else 1)


def shown(figure: Figure) -> str:
    """`5,122`, `40.1%`, `30.2 per 10,000`; in words where there is none."""
    if figure.value is None:
        return "withheld" if figure.withheld else "no figure"
    return written(figure.value, figure.asked)


def made_of(figure: Figure) -> str:
    """`258 of 644`."""
    return f"{whole(figure.numerator or 0)} of {whole(figure.denominator or 0)}"


def share(figure: Figure, of: str = "") -> str:
    """`258 of 644 enquiries (40.1%)`."""
    return f"{made_of(figure)}{f' {of}' if of else ''} ({shown(figure)})"


def percent(part: float | Decimal, total: float | Decimal) -> str:
    """A whole percentage; `under 1%` for what would round to none."""
    rounded = number(100 * Decimal(str(part)) / Decimal(str(total)))
    return "under 1%" if rounded == "0" and part else f"{rounded}%"


def missing(figure: Figure) -> str:
    """Why there is nothing to say, in a sentence."""
    if figure.withheld:
        return f"{figure.asked.title}, {when(figure)}: withheld, since it rests on fewer than six."
    return f"There is no figure for {small(figure.asked.title)} {when(figure)}. {figure.reason}".strip()


def when(figure: Figure) -> str:
    return on(figure.asked, figure.period)


def is_month(period: Period) -> bool:
    one = month(period.end)
    return not period.cut and (period.start, period.end) == (one.start, one.end)


def more_or_fewer(now: Figure, then: Figure) -> str:
    """`140 fewer than on 30 November 2017 (5,262)`, `0.2 percentage points higher than in November 2017 (76.6%, 330 of 431)`."""
    assert now.value is not None and then.value is not None  # noqa: S101  # the callers have looked
    made = f", {made_of(then)}" if then.asked.unit == "%" else ""
    return f"{apart(now.value - then.value, now.asked)} {when(then)} ({shown(then)}{made})"


def moved(now: Figure, then: Figure) -> str:
    """`risen`, `fallen` or `about the same`, by `SAME`."""
    assert now.value is not None and then.value is not None  # noqa: S101  # the callers have looked
    difference = now.value - then.value
    relative = now.asked.unit in ("count", "per 10,000")
    least = SAME[now.asked.unit] * (then.value if relative else 1)
    if abs(difference) <= least:
        return "about the same"
    return "risen" if difference > 0 else "fallen"


def run(figures: Sequence[Figure]) -> int:
    """How many months running the figure has gone the same way up to the last: positive for up, negative for down, 0 for neither."""
    values = [figure.value for figure in figures]
    length = 0
    for later, earlier in zip(reversed(values), list(reversed(values))[1:], strict=False):
        if later is None or earlier is None or later == earlier:
            break
        step = 1 if later > earlier else -1
        if length and step != (1 if length > 0 else -1):
            break
        length += step
    return length


def run_words(figures: Sequence[Figure]) -> str:
    """`It has fallen in each of the last four months: it was 511 on 31 August 2017.` Nothing for a run of less than two."""
    length = run(figures)
    if abs(length) < 2:
        return ""
    start = figures[-1 - abs(length)]
    count = NUMBERS[abs(length)] if abs(length) < len(NUMBERS) else str(abs(length))
    return f"It has {'risen' if length > 0 else 'fallen'} in each of the last {count} months: it was {shown(start)} {when(start)}."


def listed(items: Sequence[str]) -> str:
    """`a, b and c`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""


def many(count: float, one: str, several: str) -> str:
    """`1 child had`, `5,122 children had`, `No children had`."""
    return f"{'No' if count == 0 else whole(count)} {one if count == 1 else several}"


def small(title: str) -> str:
    """A title within a sentence: `referrals`, but `MASH`."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]
