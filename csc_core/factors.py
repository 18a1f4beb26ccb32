"""Assessment factors ("issues" on screen): the groups they are read in, the codes of each year, and where a trend breaks.

Codes as in the Department for Education's children in need census. The groups are this product's own: named once here, so
that everybody who plans services counts the same thing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from csc_core.codes import CODE_LISTS
from csc_core.indicators.declaration import Indicator
from csc_core.periods import Period, financial_year

FACTORS: Mapping[str, str] = CODE_LISTS["assessment_factor"]
NONE_IDENTIFIED = "none-identified"


@dataclass(frozen=True)
class Group:
    """Factors that are planned for together. `codes` are of all years: a group goes on where a code of it was replaced."""

    id: str
    title: str
    codes: tuple[str, ...]


GROUPS: Mapping[str, Group] = {
    group.id: group
    for group in (
        Group("domestic-abuse", "Domestic abuse", ("3A", "3B", "3C")),
        Group("parental-mental-health", "Mental health of a parent or another in the household", ("4B", "4C")),
        Group("child-mental-health", "Child mental health and self-harm", ("4A", "15A")),
        Group("substance-use", "Substance use (alcohol and drugs)", ("1A", "1B", "1C", "2A", "2B", "2C")),
        Group("neglect", "Neglect", ("16A",)),
        # harm done to the child; female genital mutilation and abuse linked to faith are too rare to be shown alone
        Group(
            "abuse",
            "Emotional, physical and sexual abuse",
            ("17A", "18A", "18B", "18C", "19A", "19B", "19C", "22A", "23A"),
        ),
        Group("exploitation", "Exploitation, missing and gangs", ("10A", "11A", "12A", "13A", "24A")),
        Group("disability-and-health", "Disability and physical health", ("5A", "5B", "5C", "6A", "6B", "6C")),
        Group("young-carer", "Young carer", ("7A",)),
        # 14A is behaviour, 8B to 8F private fostering, 9A unaccompanied asylum-seeking children, 20 the census's own `other`
        Group("other", "Other, including behaviour and private fostering", ("14A", "8B", "8C", "8D", "8E", "8F", "9A", "20")),
        Group(NONE_IDENTIFIED, "No factor identified", ("21",)),
    )
}
ISSUES: Sequence[str] = tuple(id for id in GROUPS if id != NONE_IDENTIFIED)
"""The groups that are issues: an assessment that found no factor has none."""

GROUP_OF: Mapping[str, str] = {code: group.id for group in GROUPS.values() for code in group.codes}


@dataclass(frozen=True)
class Break:
    """A day from which other codes are in use: figures of these codes before and after it do not compare."""

    day: date
    added: tuple[str, ...]
    removed: tuple[str, ...]
    words: str

    @property
    def codes(self) -> frozenset[str]:
        return frozenset((*self.added, *self.removed))


# The census of the year ending March 2021 was the first with the new codes of abuse, that of 2022 the first with 24A.
# No change lies between 2016/17 and then; sets before 2016/17 are taken to be the same.
BREAKS = (
    Break(
        date(2020, 4, 1),
        ("18B", "18C", "19B", "19C"),
        ("18A", "19A"),
        "From April 2020 physical and sexual abuse are recorded as by a child or by an adult (18B, 18C, 19B and 19C instead of "
        "18A and 19A): figures of single codes stop or start there.",
    ),
    Break(
        date(2021, 4, 1),
        ("24A",),
        (),
        "From April 2021 child criminal exploitation has a code of its own (24A): before, it was recorded under another or not at all, "
        "so a rise of exploitation there may be one of recording.",
    ),
)

OVERLAP = "The rows overlap: an assessment can carry several issues and counts once in each, so they do not add up."


def code_set(year: int) -> frozenset[str]:
    """The codes that may be recorded in the financial year that begins in April of `year`."""
    codes = set(FACTORS)
    for one in BREAKS:
        codes -= set(one.removed if year >= financial_year(one.day) else one.added)
    return frozenset(codes)


def breaks(first: date, last: date, codes: Iterable[str] = FACTORS) -> tuple[Break, ...]:
    """The breaks between two days (both counted) that touch any of the codes: for a trend, its first and its last day."""
    wanted = frozenset(codes)
    return tuple(one for one in BREAKS if first < one.day <= last and one.codes & wanted)


def selected(where: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """The codes that a filter by `factor` and `factor_group` keeps: all, when it names neither."""
    frame = pairs(where)
    return frozenset(frame["factor"])


def pairs(where: Mapping[str, Sequence[str]] | None = None) -> pd.DataFrame:
    """Every code with its group, in the order of the groups and codes people expect; columns factor, factor_group."""
    frame = pd.DataFrame({"factor": list(FACTORS), "factor_group": [GROUP_OF[code] for code in FACTORS]})
    for name, ids in (where or {}).items():
        if name in frame:
            frame = frame[frame[name].isin(list(ids))]
    return frame


def not_in_use(codes: Iterable[str], period: Period, *, every: bool = False) -> str | None:
    """Why nothing can carry any of the codes (`every`: all of them) in the period, or None when something can."""
    wanted = set(codes)
    held = frozenset().union(*(code_set(year) for year in range(financial_year(period.start), financial_year(period.end) + 1)))
    if not wanted - held or (wanted & held and not every):
        return None
    code = min(wanted - held, key=list(FACTORS).index)
    one, title = next(one for one in BREAKS if code in one.codes), FACTORS[code].partition(" (")[0]  # some say until when in brackets
    if code in one.added:
        return f"{title} ({code}) has a code of its own only from {one.day:%B %Y} on."
    return f"{title} ({code}) has been recorded under other codes since {one.day:%B %Y}."


def notes(asked: Indicator, period: Period, by: Sequence[str], where: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """What must be said beside an answer split (`by`, see csc_core.query.rows_by) or filtered by issues; sentences for people."""
    if not asked.numerator_only:
        return ()
    overlap = (OVERLAP,) if set(by) & set(asked.numerator_only) else ()
    return (*overlap, *(one.words for one in breaks(period.start, period.end, selected(where))))
