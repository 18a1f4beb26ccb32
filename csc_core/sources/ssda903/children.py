"""The children of the return: those of its Header, and those whom only another file names."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from csc_core.sources.ssda903.modules import Module
from csc_core.tables import RawTable, counted

SEXES = {"1": "M", "2": "F", "0": "U", "9": "U"}
COLUMNS = ["person_id", "sex", "ethnicity", "dob"]
ALSO = ("Episodes", "OC3", "AD1", "PlacedAdoption")


def children(found: Mapping[str, Module]) -> tuple[RawTable, list[str]]:
    """One row each. Without one in the Header a child's records would all be lost, so others are added with what is known."""
    header = found.get("Header")
    rows = pd.DataFrame(columns=COLUMNS, dtype="str")
    if header:
        rows = pd.DataFrame(
            {
                "person_id": header.rows["CHILD"],
                "sex": header.rows["SEX"].replace(SEXES),
                "ethnicity": header.rows["ETHNIC"],
                "dob": header.rows["DOB"],
            }
        )
    others = [found[name].rows.reindex(columns=["CHILD", "DOB"], fill_value="") for name in ALSO if name in found]
    named = pd.concat(others).set_axis(["person_id", "dob"], axis=1) if others else pd.DataFrame(columns=["person_id", "dob"], dtype="str")
    named = named[(named["person_id"] != "") & ~named["person_id"].isin(rows["person_id"])]
    # a file that gives the date of birth before one that does not
    added = named.sort_values("dob", ascending=False, kind="stable").drop_duplicates("person_id").sort_values("person_id")
    start = int(max([0, *rows.index, *(header.broken if header else ())])) + 1
    added = added.set_axis(pd.RangeIndex(start, start + len(added))).reindex(columns=COLUMNS, fill_value="")
    notes = []
    if header and len(added):
        those = counted(len(added), "child is", "children are")
        notes.append(f"{those} not in {header.file}: sex and ethnic group are not known.")
    broken = header.broken_in("persons") if header else ()
    return RawTable("persons", header.file if header else "Header", pd.concat([rows, added]).astype("str"), broken), notes
