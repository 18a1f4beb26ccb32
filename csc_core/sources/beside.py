"""A file of postcodes beside a return that has none: `addresses.csv` in the same folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from csc_core.sources.csv import WHOLE_ROW, Grid, grid, no_column
from csc_core.sources.made_ids import numbered
from csc_core.tables import TABLES, Finding, RawTable

FILE = "addresses.csv"
# Each column of the table, and the headings under which the file may have it.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "person_id": ("child_id", "person_id", "lachildid", "child", "child id", "child unique id"),
    "address_postcode": ("postcode", "address_postcode", "home_post"),
    "address_start_date": ("start_date", "address_start_date", "start", "from", "start date"),
    "address_end_date": ("end_date", "address_end_date", "end", "to", "end date"),
    "address_type": ("address_type", "type"),
}
NEEDED = ("person_id", "address_postcode", "address_start_date")


def addresses_beside(folder: Path) -> tuple[RawTable | None, tuple[str, ...]]:
    """The homes that the file gives, None where there is no file or no row in it, and what there is to say about it.

    Raises Unusable when the file is there and lacks a column that it needs: whoever put it there means it to be read.
    """
    path = folder / FILE
    if not path.is_file():
        said = f"There is no {FILE} beside the return, with child_id, postcode and start_date: no child can be placed on the map."
        return None, (said,)
    known = [heading for headings in HEADINGS.values() for heading in headings]
    read = grid(path, known)
    at = {column: _heading(read, headings) for column, headings in HEADINGS.items()}
    for column in NEEDED:
        if read.heading and not at[column]:
            raise no_column(path, HEADINGS[column][0], read.heading, known)
    notes = (read.note,) if read.note else ()
    if read.rows.empty and not read.broken:
        return None, (*notes, f"{FILE} has no rows: no child can be placed on the map.")
    columns = [column.name for column in TABLES["addresses"].columns]
    rows = read.rows.rename(columns={name: column for column, name in at.items() if name})
    rows = rows.apply(lambda column: column.str.strip()).reindex(columns=columns, fill_value="")
    rows["table_id"] = numbered(rows["person_id"] + "-H-" + rows["address_start_date"], rows)
    broken = tuple(Finding(path.name, "addresses", row, WHOLE_ROW, "", why, "rejected") for row, (_, why) in read.broken.items())
    return RawTable("addresses", path.name, rows.astype("str"), broken), notes


def _heading(read: Grid, headings: tuple[str, ...]) -> str:
    """The first of these headings that the file has, '' if none."""
    return next((heading for heading in headings if heading in read.rows), "")
