"""Where each team works: the council's own `teams.csv` in the data folder, since case systems keep no such list.

It has the columns of departments.csv; a team is named by its id or by its name. What it says of a team holds against what the
records say. Teams that the records name and nobody has placed are listed.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from csc_core.sources.csv import read_table
from csc_core.tables import TABLES, RawTable, Records, shown

FILE = "teams.csv"
MOST_NAMED = 10
DEPARTMENTS = TABLES["departments"]
COLUMNS = [column.name for column in DEPARTMENTS.columns]


def with_teams(records: Records, data: Path) -> Records:
    """The records with every team's locality and service as `teams.csv` has them, and a note on teams that have no locality."""
    path = data / FILE
    notes: list[str] = []
    if path.exists():
        optional = replace(DEPARTMENTS, columns=tuple(replace(column, required=False) for column in DEPARTMENTS.columns), required=False)
        own, notes = read_table(path, optional, alone=False)
        if own:
            table, said = _placed(records.tables.get("departments"), own)
            notes += said
            records = replace(records, tables={**records.tables, "departments": table})
    notes += _unplaced(records, path)
    return replace(records, notes=(*records.notes, *notes)) if notes else records


def _placed(raw: RawTable | None, own: RawTable) -> tuple[RawTable, list[str]]:
    """The teams of the records as `own` has them, those it adds, and what it names in vain."""
    rows = own.rows.apply(lambda column: column.str.strip())
    known = raw.rows.reindex(columns=COLUMNS, fill_value="").astype("str") if raw else rows.iloc[:0]
    by_name = pd.Series(known["team_id"].to_numpy(), index=known["team_name"].str.strip().str.casefold())
    by_name = by_name[~by_name.index.duplicated()]
    found = rows["team_name"].str.casefold().map(by_name).astype(object).fillna("").astype("str")
    nameless = rows["team_id"] == ""
    rows["team_id"] = rows["team_id"].where(~nameless, found)
    lost = rows.loc[rows["team_id"] == "", "team_name"].tolist()
    rows["team_name"] = rows["team_name"].mask(nameless, "")  # it was found by its name, however that was cased
    rows = rows[rows["team_id"] != ""].drop_duplicates("team_id", keep="last").set_index("team_id").replace("", None)
    ours = known.assign(team_id=known["team_id"].str.strip())
    merged = rows.reindex(ours["team_id"]).reset_index(drop=True).fillna(ours.drop(columns="team_id").reset_index(drop=True))
    merged.insert(0, "team_id", ours["team_id"].to_numpy())
    added = rows[~rows.index.isin(ours["team_id"])].reset_index()
    added["team_name"] = added["team_name"].fillna(added["team_id"])
    every = pd.concat([merged, added], ignore_index=True)[COLUMNS].astype(object).fillna("").astype("str")
    said = [f"{FILE} names {len(lost):,} teams that the records do not know: {_named(lost)}."] if lost else []
    broken = (*(raw.broken if raw else ()), *own.broken)
    return RawTable("departments", raw.file if raw else FILE, every.set_axis(pd.RangeIndex(2, len(every) + 2)), broken), said


def _unplaced(records: Records, path: Path) -> list[str]:
    used: set[str] = set()
    for name, raw in records.tables.items():
        for column in TABLES[name].columns if name in TABLES else ():
            if column.refers_to == "departments" and column.name in raw.rows:
                used |= set(raw.rows[column.name].str.strip().unique()) - {""}
    rows = records.tables["departments"].rows if "departments" in records.tables else pd.DataFrame(columns=COLUMNS, dtype="str")
    rows = rows.reindex(columns=COLUMNS, fill_value="")
    names = dict(zip(rows["team_id"].str.strip(), rows["team_name"].str.strip(), strict=True))
    placed = set(rows.loc[rows["team_locality"].str.strip() != "", "team_id"].str.strip())
    missing = sorted(names.get(team) or team for team in used - placed)
    if not missing:
        return []
    return [f"{len(missing):,} of {len(used):,} teams that the records name have no locality: {_named(missing)}. Write them in {path}."]


def _named(names: list[str]) -> str:
    more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    return ", ".join(map(shown, names[:MOST_NAMED])) + more
