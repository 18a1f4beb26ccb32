"""How an indicator stands: its figure beside the period before, the year before, its target and what others have published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from csc_core.access import Scope
from csc_core.compare.figures import Change, Figure, compared
from csc_core.compare.others import Comparator, comparators, nothing_beside
from csc_core.compare.printed import Printed, printed
from csc_core.compare.published import LICENCE, release_of
from csc_core.compare.targets import Attained, Targets, attained
from csc_core.disclosure import Audience, read
from csc_core.indicators import INDICATORS, Indicator
from csc_core.periods import Period, before, window, year_before
from csc_core.query import QueryError, Where
from csc_core.rounding import written
from csc_core.snapshot import Snapshot


@dataclass(frozen=True)
class Standing:
    """All that stands beside one figure.

    `beside` is the figure that comparators are set against: the period's own for what is counted on a day and for twelve months,
    else that of the twelve months to the period's end, since what is published is of whole years; `beside_words` says so. Where
    there is no comparator, `no_comparator` says why. `source` names the release the comparators are from, with its licence.
    """

    indicator: Indicator
    now: Figure
    before: Change
    year_before: Change
    target: Attained | None
    beside: Figure
    beside_words: str
    comparators: tuple[Comparator, ...]
    no_comparator: str
    printed: tuple[Printed, ...]
    source: str


def standing(
    snapshot: Snapshot,
    indicator_id: str,
    *,
    scope: Scope,
    audience: Audience,
    period: Period,
    targets: Targets,
    where: Where | None = None,
    known: Sequence[Figure] = (),
) -> Standing:
    """How an indicator stands in a period, for the county or what `where` keeps, as an audience may see it.

    An indicator that needs an issue chosen needs it in `where`. `known` are figures of the same question that somebody has already
    counted, such as its months. Raises QueryError, as csc_core.query does.
    """
    asked = INDICATORS[indicator_id]
    if asked.numerator_only and not set(where or {}) & set(asked.numerator_only):
        raise QueryError(f"{asked.title}: choose an issue first.")

    counted = {(one.period.start, one.period.end): one for one in known}

    def figure(span: Period) -> Figure:
        if (span.start, span.end) in counted:
            return replace(counted[span.start, span.end], period=span)
        frame = read(snapshot, indicator_id, scope=scope, audience=audience, period=span, where=where)
        return Figure.of({str(name): value for name, value in frame.iloc[0].items()}, asked, span)

    now = figure(period)
    whole_year = asked.stock or round(period.months, 2) == 12
    beside = now if whole_year else figure(window(12, period.end))
    others = comparators(asked, beside, where)
    release = release_of(asked)
    return Standing(
        indicator=asked,
        now=now,
        before=compared(asked, now, figure(before(period)), where),
        year_before=compared(asked, now, figure(year_before(period)), where),
        target=attained(asked, now, targets),
        beside=beside,
        beside_words="" if whole_year or not others else _of_a_year(asked, period, beside),
        comparators=others,
        no_comparator=nothing_beside(asked, beside, where),
        printed=printed(indicator_id) if not where else (),
        source=f"Department for Education, {release.title}, as revised since. {LICENCE}." if release and others else "",
    )


def _of_a_year(asked: Indicator, period: Period, beside: Figure) -> str:
    said = ", ".join(part for part in (written(beside.value, asked), beside.made_of(asked)) if part)
    return f"What is published is of whole years, so beside it stands not {period.label} but {beside.period.label}: {said}."
