"""The figures a briefing is written from: each read through csc_core.disclosure, as its audience may see it.

County figures are exact for the committee, as they are in the report it has always had. For the public a county figure that rests on
1 to 5 children or events is withheld, and of a split with a withheld part only whole percentages are given, so that the part cannot be
worked out from the others. What is below the county is what a commissioner sees, for both.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum

import pandas as pd

from csc_core import compare
from csc_core.access import Scope
from csc_core.compare import Targets
from csc_core.dimensions import titles
from csc_core.disclosure import Audience, read
from csc_core.indicators import INDICATORS, Indicator
from csc_core.indicators.declaration import CHILDREN
from csc_core.periods import Period, members, month, quarter, window, year
from csc_core.snapshot import Snapshot

FEWEST_FOR_THE_PUBLIC = 6
NO_TARGETS = Targets(())
WITHHELD = f"Withheld: fewer than {FEWEST_FOR_THE_PUBLIC}"


class Readers(StrEnum):
    """Whom a briefing is for."""

    COMMITTEE = "committee"
    PUBLIC = "public"


@dataclass(frozen=True)
class Figure(compare.Figure):
    """A figure that knows its indicator."""

    asked: Indicator


@dataclass(frozen=True)
class Part:
    """One member of a split: its id, its title, its figure."""

    id: str
    title: str
    figure: Figure


@dataclass(frozen=True)
class Facts:
    """What is asked of the records. `latest` is a later day for which stocks are given as well."""

    snapshot: Snapshot
    month: Period
    readers: Readers
    latest: Period | None = None
    targets: Targets = NO_TARGETS
    kept: dict[tuple[str, Period, tuple[str, ...], Audience], pd.DataFrame] = field(default_factory=dict)  # what has been read: once

    @property
    def before(self) -> Period:
        """The month before."""
        return month(self.month.start - timedelta(days=1))

    @property
    def year_to_date(self) -> Period:
        whole = year(self.month.end)
        return replace(whole, id=f"{whole.id}YTD", end=self.month.end, cut=self.month.cut)

    @property
    def quarter(self) -> Period:
        """The quarter of the month, up to the month's end."""
        whole = quarter(self.month.end)
        return replace(whole, end=self.month.end, cut=self.month.cut)

    @property
    def twelve_months(self) -> Period:
        """The twelve whole months up to and with the month (without it, where it is not over)."""
        return window(12, self.before.end if self.month.cut else self.month.end)

    def one(self, id: str, period: Period | None = None) -> Figure:
        """The county's figure."""
        return self._figures(id, period or self.month)[0][1]

    def split(self, id: str, by: str, period: Period | None = None) -> list[Part]:
        """The county's figure split by a dimension that is no place and no team."""
        known = titles(self.snapshot, by)
        return [Part(ids[0], known.get(ids[0], ids[0]), figure) for ids, figure in self._figures(id, period or self.month, by)]

    def months(self, id: str, count: int = 13) -> list[Figure]:
        """The county's figure of so many months up to the month; what is not yet over is cut there."""
        whole = window(count, self.month.end)
        span = replace(whole, end=self.month.end, cut=self.month.cut)
        found = [figure for _, figure in self._figures(id, span, "month")]
        return [replace(figure, period=part) for figure, part in zip(found, members("month", span), strict=True)]

    def areas(self, id: str, level: str, period: Period, *by: str) -> pd.DataFrame:
        """The rows of csc_core.disclosure.read by area as a commissioner sees them, with the area's `title`."""
        rows = self._rows(id, period, (level, *by), Audience.COMMISSIONER)
        known = titles(self.snapshot, level)
        return rows.assign(title=[known.get(one, one) for one in rows[level]])

    def _figures(self, id: str, span: Period, *by: str) -> list[tuple[tuple[str, ...], Figure]]:
        asked = INDICATORS[id]
        found = []
        for row in self._rows(id, span, by, Audience.MANAGER).to_dict("records"):
            figure = Figure(**vars(compare.Figure.of({str(name): cell for name, cell in row.items()}, asked, span)), asked=asked)
            if self.readers is Readers.PUBLIC and _few(figure):
                figure = replace(figure, numerator=None, denominator=None, value=None, withheld=True, reason=WITHHELD)
            found.append((tuple(str(row[name]) for name in by), figure))
        return found

    def _rows(self, id: str, period: Period, by: tuple[str, ...], audience: Audience) -> pd.DataFrame:
        """What csc_core.disclosure.read answers, asked once; not to be changed."""
        key = (id, period, by, audience)
        if key not in self.kept:
            self.kept[key] = read(self.snapshot, id, scope=Scope.everything(), audience=audience, period=period, by=by)
        return self.kept[key]


def _few(figure: Figure) -> bool:
    """Whether a figure rests on 1 to 5 children or events: those counted, or those it is a share of."""
    asked = figure.asked
    counts = [figure.numerator, figure.denominator if asked.unit == "%" and asked.denominator != CHILDREN else None]
    return any(count is not None and 0 < count < FEWEST_FOR_THE_PUBLIC for count in counts)
