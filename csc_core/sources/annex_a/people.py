"""Who is in the lists: children, told alike in every list they are in, teams by their names, and workers without theirs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from csc_core.check import read_days
from csc_core.sources.annex_a.headings import WHO
from csc_core.sources.annex_a.labels import coded
from csc_core.sources.annex_a.workbook import Listed
from csc_core.tables import RawTable, counted


def persons(found: Mapping[int, Listed], day: date | None) -> tuple[RawTable, list[str]]:
    """One row for each child, with what the first list that says so says; and how many children two lists tell differently.

    A date of birth still to come is the expected one of a child not yet born.
    """
    said = _all(found, WHO[:3])
    said["sex"] = coded(said["sex"], "sex")
    said["ethnicity"] = coded(said["ethnicity"], "ethnicity")
    filled = said.replace("", None)
    grouped = filled.groupby("child", sort=False)
    differ = int((grouped[["sex", "dob"]].nunique() > 1).any(axis=1).sum())
    children = counted(differ, "child", "children")
    notes = [f"Of {children} two lists give another sex or date of birth: the first was taken."] if differ else []
    first = grouped.first().reset_index().fillna("").set_axis(["person_id", *WHO[:3]], axis=1)
    if day:
        to_come = read_days(first["dob"].astype("str"))[0] > pd.Timestamp(day)
        first["expected_dob"] = first["dob"].where(to_come, "")
        first["dob"] = first["dob"].mask(to_come, "")
    return _table("persons", found, first), notes


def disabilities(found: Mapping[int, Listed]) -> RawTable:
    """Whether a child is disabled, of which the lists do not say more: told as the census's `another disability`, or none."""
    said = _all(found, ("disability",))
    said["disability"] = coded(said["disability"], "yes_no")
    one = said[said["disability"] != ""].drop_duplicates("child")
    codes = one["disability"].replace({"Y": "DDA", "N": "NONE"})
    rows = pd.DataFrame({"table_id": one["child"] + "-B", "person_id": one["child"], "disability_code": codes})
    return _table("disabilities", found, rows)


def departments(found: Mapping[int, Listed]) -> RawTable:
    """The teams, by the names that they have in the lists."""
    named = sorted({name for listed in found.values() if "team" in listed.rows for name in listed.rows["team"]} - {""})
    return _table("departments", found, pd.DataFrame({"team_id": named, "team_name": named}))


def workers(found: Mapping[int, Listed]) -> dict[str, str]:
    """A number for each worker, in the order of their names, which are not kept."""
    named = sorted({name for listed in found.values() if "worker" in listed.rows for name in listed.rows["worker"]} - {""})
    return {"": "", **{name: f"worker-{number:04}" for number, name in enumerate(named, 1)}}


def _all(found: Mapping[int, Listed], columns: tuple[str, ...]) -> pd.DataFrame:
    parts = [listed.rows.reindex(columns=["child", *columns], fill_value="") for listed in found.values()]
    together = pd.concat(parts, ignore_index=True).astype("str")
    return together[together["child"] != ""]


def _table(name: str, found: Mapping[int, Listed], rows: pd.DataFrame) -> RawTable:
    book = next(iter(found.values())).file.rpartition(", ")[0]
    return RawTable(name, book, rows.astype("str").set_axis(pd.RangeIndex(1, len(rows) + 1)))
