"""What the Department for Education has published, and when: its series for Devon, the region, England and the statistical neighbours.

`data/published.csv` holds the series as they stand now, revisions and rebasing included (see csc_core/data/README.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files

import pandas as pd

from csc_core.indicators import Indicator

LICENCE = "Crown copyright, Open Government Licence v3.0"


@dataclass(frozen=True)
class Release:
    """A statistical release. What is counted up to or on a day of a year is out by the `month` and `day` that follow it."""

    title: str
    url: str
    month: int
    day: int

    def out(self, year_ending: date) -> date:
        """The day by which the figure of a year can be known."""
        later = (self.month, self.day) <= (year_ending.month, year_ending.day)
        return date(year_ending.year + later, self.month, self.day)


# The publication lag: a year ending 31 March comes in the autumn after it, the workforce of 30 September in the February after it.
_STATISTICS = "https://www.gov.uk/government/collections/"
RELEASES: Mapping[str, Release] = {
    "in_need": Release("Children in need", f"{_STATISTICS}statistics-children-in-need", 11, 30),
    "looked_after": Release(
        "Children looked after in England including adoption", f"{_STATISTICS}statistics-looked-after-children", 11, 30
    ),
    "workforce": Release("Children's social work workforce", f"{_STATISTICS}statistics-childrens-social-care-workforce", 2, 28),
}

AREAS: Mapping[str, str] = {
    "england": "England",
    "south_west": "South West",
    "neighbours_mean": "Statistical neighbours, mean",
    "neighbours_median": "Statistical neighbours, median",
    "devon": "Devon, as DfE has it",
}
# The sets of statistical neighbours that are held, by the day each took effect.
NEIGHBOUR_SETS: Mapping[int, date] = {2021: date(2021, 4, 1), 2025: date(2025, 5, 1)}

# Indicators that stand beside the series of another one, or of another group of children: shown with these words, and no difference
# is drawn between the two.
CAVEATS: Mapping[str, str] = {
    "average_caseload": "DfE counts caseload on 30 September only.",
    "care_leavers_eet": "DfE counts care leavers aged 19 to 21 about their birthday; here they are 17 to 21 on the day.",
    "care_leavers_accommodation": "DfE counts care leavers aged 19 to 21 about their birthday; here they are 17 to 21 on the day.",
}
SERIES_OF: Mapping[str, str] = {"average_caseload": "caseload_dfe"}


@dataclass(frozen=True)
class Published:
    """One figure of a series: of an `area` (see AREAS) for the year that ends on, or the count taken on, a day. `title` names the
    area, for neighbours with the year of the set and how many of them have a figure. `value` is None where DfE gives none."""

    area: str
    title: str
    year_ending: date
    when: str
    value: Decimal | None
    reason: str


@cache
def table() -> pd.DataFrame:
    """All that is held: release, indicator, year_ending (date), area, value, authorities (of the neighbours, how many)."""
    with (files("csc_core") / "data" / "published.csv").open(encoding="utf-8") as text:
        frame = pd.read_csv(text, dtype={"authorities": "Int64", "value": "str"})  # with the decimals that were published
    frame["year_ending"] = [date.fromisoformat(day) for day in frame["year_ending"]]
    return frame


def release_of(asked: Indicator) -> Release | None:
    """Where DfE publishes the indicator; None where it does not."""
    rows = _rows(asked)
    return None if rows.empty else RELEASES[str(rows["release"].iloc[0])]


def neighbour_set(day: date) -> int:
    """The year of the set of statistical neighbours that held on a day: before the first that is held here, that one."""
    return max((year for year, since in NEIGHBOUR_SETS.items() if since <= day), default=min(NEIGHBOUR_SETS))


def known_by(asked: Indicator, day: date) -> tuple[Published, ...]:
    """The last figures that were published by the day, one for each area that DfE's series has; empty where none was, see `none_by`."""
    release, rows = release_of(asked), _rows(asked)
    if release is None or none_by(asked, day):
        return ()
    year = max(year for year in set(rows["year_ending"]) if release.out(year) <= day)
    of_year = rows[rows["year_ending"] == year].set_index("area")
    areas = [area for area in AREAS if _held(area, day) in set(rows["area"])]
    return tuple(_one(area, day, year, asked, of_year) for area in areas)


def none_by(asked: Indicator, day: date) -> str:
    """Why nothing was published by the day, in a sentence; empty where something was."""
    release = release_of(asked)
    if release is None:
        return f"DfE publishes no figure of {asked.noun} that is counted like this."
    first = min(_rows(asked)["year_ending"])
    if release.out(first) <= day:
        return ""
    return f"DfE's series begins with {when(asked, first)}, which was published by {_day(release.out(first))} and not before."


def series(asked: Indicator, period_end: date) -> pd.DataFrame:
    """The whole series for a trend; columns area, title, year_ending, value, later: published only after the day `period_end`."""
    release = release_of(asked)
    columns = ["area", "title", "year_ending", "value", "later"]
    if release is None:
        return pd.DataFrame(columns=columns)
    rows, parts = _rows(asked), []
    for area in AREAS:
        part = rows[rows["area"] == _held(area, period_end)].sort_values("year_ending")
        later = [release.out(year) > period_end for year in part["year_ending"]]
        parts.append(part.assign(area=area, title=_title(area, period_end, None), later=later)[columns])
    return pd.concat(parts, ignore_index=True)


def when(asked: Indicator, year_ending: date) -> str:
    """`the year ending 31 March 2017`; for what is counted on a day `31 March 2017`."""
    return _day(year_ending) if on_a_day(asked) else f"the year ending {_day(year_ending)}"


def on_a_day(asked: Indicator) -> bool:
    """Whether DfE counts it on a day of the year, as we do."""
    return asked.stock and asked.id not in ("care_leavers_eet", "care_leavers_accommodation")


def _day(value: date) -> str:
    return f"{value.day} {value:%B %Y}"


def _rows(asked: Indicator) -> pd.DataFrame:
    return table()[table()["indicator"] == SERIES_OF.get(asked.id, asked.id)]


def _one(area: str, day: date, year: date, asked: Indicator, of_year: pd.DataFrame) -> Published:
    held = _held(area, day)
    if held not in of_year.index:
        return Published(area, _title(area, day, None), year, when(asked, year), None, f"DfE gives none for {when(asked, year)}.")
    count, value = of_year["authorities"][held], of_year["value"][held]
    return Published(area, _title(area, day, None if pd.isna(count) else int(count)), year, when(asked, year), Decimal(value), "")


def _held(area: str, day: date) -> str:
    """The area's name in the file."""
    return area.replace("neighbours", f"neighbours_{neighbour_set(day)}")


def _title(area: str, day: date, count: int | None) -> str:
    if not area.startswith("neighbours"):
        return AREAS[area]
    return f"{AREAS[area]} ({neighbour_set(day)} set{f', {count} of 10 authorities' if count else ''})"
