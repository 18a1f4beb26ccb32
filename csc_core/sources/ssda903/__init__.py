"""The children looked-after return (SSDA903): its folder of CSV files, or its XML.

The return has no ids but the child's: those of episodes, placements and periods of care are made from the child's id and the
day. What a placement or a period of care is, it says only through its episodes: see `episodes`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import pandas as pd

from csc_core.sources.ssda903.care import CareRecords, care_records
from csc_core.sources.ssda903.children import children
from csc_core.sources.ssda903.leaving import care_leavers
from csc_core.sources.ssda903.modules import Module, modules
from csc_core.sources.ssda903.permanence import permanence
from csc_core.tables import Progress, RawTable, Records, Unusable, counted, quiet

WITHOUT = {
    "Header": "sex and ethnic group are not known, and age only where another file gives the date of birth",
    "Episodes": "looked-after children, their placements and legal statuses cannot be counted",
    "OC3": "care leavers cannot be counted",
    "AD1": "of children adopted, the day of the decision is not known",
    "PlacedAdoption": "children for whom adoption was decided and who are not placed yet cannot be counted",
}
EVENTS = ("DECOM", "DEC", "DATE_PLACED", "DATE_PLACED_CEASED", "DATE_MATCH")
TELLS_NOTHING = ("Reviews", "UASC", "OC2", "PrevPerm", "Missing", "SWEpisodes", "DoLo")  # nothing that an indicator needs


def read(
    where: str, progress: Progress = quiet, synthetic: bool = False, as_at: datetime | None = None, *, alone: bool = True
) -> Records:
    """Read the return. When it is not `alone`, one file of it is enough, such as that of adoptions beside a case system's records.

    Raises Unusable when nothing of it is there, or a file cannot be read.
    """
    found, notes = modules(Path(where), progress)
    if alone and ("Episodes" not in found or found["Episodes"].bare):
        raise Unusable(f"{where} has no episodes (rows under the headings CHILD and DECOM), and without them {WITHOUT['Episodes']}.")
    care = care_records(found["Episodes"]) if "Episodes" in found else None
    day, said = _day(found, as_at)
    notes += said
    begins, said = _year(care, day)
    notes += said
    people, said = children(found)
    notes += said
    tables: dict[str, RawTable | None] = {"persons": people}
    if care:
        tables |= {table.name: table for table in care.tables}
    tables["care_leavers"], said = care_leavers(found, day)
    notes += said
    tables["permanence"] = permanence(found, care)
    progress("Return read", 1.0)
    return Records(
        {name: table for name, table in tables.items() if table and (len(table.rows) or table.broken)},
        f"ssda903 {where}",
        synthetic,
        as_at or (datetime.combine(day, datetime.min.time()) if day else None),
        begins,
        (*notes, *_not_there(found), *_not_read(found)),
        history=False,
    )


def _day(found: Mapping[str, Module], as_at: datetime | None) -> tuple[date | None, list[str]]:
    """The day the return goes up to: it does not say so itself, so the last day on which anything in it happened."""
    if as_at:
        return as_at.date(), []
    columns = [module.days(name) for module in found.values() for name in EVENTS if name in module.rows]
    past = [day.date() for days in columns if not pd.isna(day := days[days <= pd.Timestamp(date.today())].max())]
    if not past:
        return None, []
    return max(past), [f"The return does not say up to which day it goes: the last one in it, {max(past)}, is taken, unless you give one."]


def _year(care: CareRecords | None, day: date | None) -> tuple[date | None, list[str]]:
    """The first day of the year that the return is of, and what ended before it.

    A return has every episode open on a day of its year, and no other: so it is of the year in which most of them ended, and an end
    before is mistyped, or of a year that is not there in whole. Where nothing has ended the year is that of the day.
    """
    if care is None or day is None:
        return None, []
    ended = care.ended[care.ended <= pd.Timestamp(day)]
    if ended.empty:
        return date(day.year - (day.month < 4), 4, 1), []
    begins = date(int((ended.dt.year - (ended.dt.month < 4)).mode().max()), 4, 1)
    before = int((ended < pd.Timestamp(begins)).sum())
    if not before:
        return begins, []
    said = (
        f"The return is taken to be of the year from {begins}: of the {len(ended):,} episodes that ended, {before:,} did so before. "
        "See whether their days are mistyped; of earlier years no figure is given."
    )
    return begins, [said]


def _not_there(found: Mapping[str, Module]) -> list[str]:
    return [f"No file of the return is the {name} file: {without}." for name, without in WITHOUT.items() if name not in found]


def _not_read(found: Mapping[str, Module]) -> list[str]:
    unused = [f"{found[name].file} ({counted(len(found[name].rows), 'row', 'rows')})" for name in TELLS_NOTHING if name in found]
    return [f"Known and not needed by any indicator, so not read: {', '.join(unused)}."] if unused else []
