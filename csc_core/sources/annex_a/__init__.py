"""Ofsted's Annex A: the workbook of child-level lists that an authority hands over at an inspection.

Each list is a picture of the day, and of events in the six months before it. It has no ids but the child's and no home postcode.
Workers stand in it by name: a name is not kept, workers are numbered in its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import pandas as pd

from csc_core.check import read_days
from csc_core.sources.annex_a.care import care_tables
from csc_core.sources.annex_a.cases import case_tables
from csc_core.sources.annex_a.people import departments, disabilities, persons, workers
from csc_core.sources.annex_a.workbook import Listed, opened
from csc_core.tables import Finding, Progress, RawTable, Records, quiet

EVENTS = {1: ("day",), 3: ("day",), 4: ("start", "end"), 5: ("start", "conference"), 6: ("start",), 7: ("start",), 8: ("start", "placed")}
LACKS = (
    "contacts.contact_outcome",
    "cin_assessments.earlier rows",
    "s47_enquiries.s47_end_date",
    "cla_placements.earlier rows",
)
WINDOW = 6  # months of events that the lists hold
ALWAYS = (
    "Annex A has no home postcode: no child can be placed on the map.",
    "Annex A holds events of six months only: what looks further back (re-referrals, placements of twelve months) cannot be counted.",
)


def read(where: str, progress: Progress = quiet, synthetic: bool = False, as_at: datetime | None = None) -> Records:
    """Read the workbook `where`. Raises Unusable when it is none, or has no list that is known."""
    book = opened(Path(where), progress)
    found, notes = book.lists, [*book.notes]
    day = as_at.date() if as_at else _latest(found)
    if day and not as_at:
        notes.append(f"The workbook does not say its day: that of its latest event, {day}, is taken, unless you give one.")
    numbered = workers(found)
    tables: list[RawTable] = []
    for filled, said in (
        persons(found, day),
        (disabilities(found), []),
        (departments(found), []),
        case_tables(found, numbered),
        care_tables(found, day),
    ):
        tables += filled if isinstance(filled, list) else [filled]
        notes += said
    rejected = [*book.unread, *(finding for listed in found.values() for finding in listed.rejected)]
    made = {table.name for table in tables}
    tables += [_of_none_kept(finding) for finding in {one.table: one for one in rejected if one.table not in made}.values()]
    tables = [replace(table, broken=tuple(one for one in rejected if one.table == table.name)) for table in tables]
    progress("Workbook read", 1.0)
    return Records(
        {table.name: table for table in tables if len(table.rows) or table.broken},
        f"annex-a {where}",
        synthetic,
        as_at or (datetime.combine(day, time()) if day else None),
        _months_before(day) if day else None,
        (*notes, *ALWAYS),
        history=False,
        lacks=LACKS,
    )


def _of_none_kept(finding: Finding) -> RawTable:
    """The table of a list of which no row can be read, for its rows to be counted and listed."""
    return RawTable(finding.table, finding.file, pd.DataFrame(index=pd.RangeIndex(0)))


def _latest(found: Mapping[int, Listed]) -> date | None:
    """The latest day on which anything in the lists happened, days still to come left out."""
    today = pd.Timestamp(date.today())
    held = [found[number].rows.reindex(columns=list(names), fill_value="") for number, names in EVENTS.items() if number in found]
    columns = [read_days(rows[name].astype("str"))[0] for rows in held for name in rows]
    past = [last for days in columns if not pd.isna(last := days[days <= today].max())]
    return max(past).date() if past else None


def _months_before(day: date) -> date:
    """The first day of the window that ends on `day`."""
    return (pd.Timestamp(day) - pd.DateOffset(months=WINDOW) + pd.Timedelta(days=1)).date()
