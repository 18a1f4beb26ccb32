"""Care leavers, out of the return's OC3 file: what was known of each about a birthday."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from csc_core.check import read_days
from csc_core.sources.ssda903.modules import Module
from csc_core.tables import RawTable


def care_leavers(found: Mapping[str, Module], day: date | None) -> tuple[RawTable | None, list[str]]:
    """One row each, from the month of the young person's last birthday: the return has no day for it, only the birthday it is about, and
    a snapshot must not tell that."""
    module = found.get("OC3")
    if module is None:
        return None, []
    rows = module.rows
    born = _born(found, rows)
    since = born.map(lambda birth: _month_of_birthday(birth, day))
    # the letter is where they live, the figure after it whether it is suitable
    accommodation = rows["ACCOM"].str.upper().str.extract(r"^([A-Z])([12])$")
    table = pd.DataFrame(
        {
            "table_id": rows["CHILD"] + "-OC3",
            "person_id": rows["CHILD"],
            "status_start_date": since,
            "care_leaver_in_touch": rows["IN_TOUCH"],
            "care_leaver_accommodation": accommodation[0].fillna(rows["ACCOM"]),
            "care_leaver_accom_suitable": accommodation[1].map({"1": "Y", "2": "N"}).astype("str").fillna(""),
            "care_leaver_activity": rows["ACTIV"],
        },
        dtype="str",
    )
    said = "Care leavers are as they were about their last birthday, up to a year before: the return knows no other day."
    return RawTable("care_leavers", module.file, table, module.broken_in("care_leavers")), [said]


def _born(found: Mapping[str, Module], rows: pd.DataFrame) -> pd.Series[Any]:
    """The day of birth: the file's own, else the Header's."""
    own = read_days(rows["DOB"])[0]
    if "Header" not in found:
        return own
    header = found["Header"].rows.drop_duplicates("CHILD").set_index("CHILD")["DOB"]
    return own.fillna(read_days(rows["CHILD"].map(header).astype("str").fillna(""))[0])


def _month_of_birthday(born: Any, day: date | None) -> str:
    """The first day of the month of the last birthday on or before the day, '' if that cannot be said."""
    if pd.isna(born) or day is None or born.date() > day:
        return ""
    year = day.year - ((day.month, day.day) < (born.month, born.day))
    # born on 29 February, it is 1 March in other years
    month = 3 if (born.month, born.day) == (2, 29) and not isleap(year) else born.month
    return date(year, month, 1).isoformat()
