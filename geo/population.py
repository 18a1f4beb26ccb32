"""Children aged 0-17 by mid-year and place: the base of every rate per 10,000.

`geo/data/population.csv` is made by `geo.build`: DfE's child population of the county (the series it divides by, rebased
after the Census of 2021), shared out over atoms as ONS's estimates for small areas were in the nearest of the years 2017,
2019 and 2020 (an older series). Whoever has better figures puts a file of the same shape in its place.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from geo.areas import DATA, atoms

COLUMNS = ("mid_year", "postcode_district", "lad_code", "children")
SERIES = (
    "County totals: DfE, children aged 0-17, rebased after Census 2021. Shares of areas: ONS small-area estimates of mid-2017, "
    "mid-2019 and mid-2020, not rebased, the nearest year's taken."
)
"""To be named beside every rate."""

_MOST_FAULTS = 20  # a file that is wrong throughout needs no thousand sentences


def population(path: Path | None = None) -> pd.DataFrame:
    """Children aged 0-17, one row per mid-year and atom, from the committed file or from one of the same shape.

    Columns: mid_year (int: 2017 is the estimate for 30 June 2017), county, locality, lad, planning_area, district (ids),
    children (float, 0 or more). Each year holds every atom, so that the areas of any level sum to the county.
    Raises ValueError with one sentence per fault when the file cannot be used.
    """
    file = path or DATA / "population.csv"
    rows = _read(file)
    faults = list(_faults(rows))
    if faults:
        more = [f"And {len(faults) - _MOST_FAULTS} faults more."] if len(faults) > _MOST_FAULTS else []
        raise ValueError("\n".join([f"{file.name}, {fault}" for fault in faults[:_MOST_FAULTS]] + more))
    frame = rows.rename(columns={"postcode_district": "district", "lad_code": "lad"})
    frame = frame.astype({"mid_year": int, "children": float}).merge(atoms(), on=["district", "lad"], validate="many_to_one")
    return frame[["mid_year", "county", "locality", "lad", "planning_area", "district", "children"]]


def _read(file: Path) -> pd.DataFrame:
    """The rows as text, numbered as a spreadsheet shows them (the heading is row 1)."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            heading, *rows = list(csv.reader(lines)) or [[]]
    except FileNotFoundError:
        raise ValueError(f"{file} does not exist; give the path of a population file.") from None
    except OSError as error:
        raise ValueError(f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ValueError(f"{file.name} is not UTF-8 text; save it as CSV UTF-8.") from None
    except csv.Error as error:
        raise ValueError(f"{file.name} is not a CSV file: {error}.") from None
    absent = [column for column in COLUMNS if column not in heading]
    if absent:
        raise ValueError(f"{file.name} has no column {', '.join(absent)}; it needs {', '.join(COLUMNS)}.")
    filled = {number: row for number, row in enumerate(rows, start=2) if row}
    if not filled:
        raise ValueError(f"{file.name} has a heading and no rows.")
    for number, row in filled.items():
        if len(row) != len(heading):
            raise ValueError(f"{file.name}, row {number} has {len(row)} values where the heading has {len(heading)}; repair the row.")
    frame = pd.DataFrame(list(filled.values()), columns=heading, index=list(filled), dtype=str)
    return pd.DataFrame({column: frame[column].str.strip() for column in COLUMNS})


def _faults(rows: pd.DataFrame) -> Iterator[str]:
    year = rows["mid_year"]
    for number, text in year[~year.str.fullmatch(r"[12][0-9]{3}")].items():
        yield f"row {number}: mid_year {_short(text)} is not a year; write it as 2017."

    children = pd.to_numeric(rows["children"], errors="coerce")
    for number, text in rows["children"][~np.isfinite(children)].items():
        yield f"row {number}: children {_short(text)} is not a number."
    for number, text in rows["children"][children < 0].items():
        yield f"row {number}: children {_short(text)} is negative."

    known = pd.MultiIndex.from_frame(atoms()[["district", "lad"]])
    pairs = pd.MultiIndex.from_frame(rows[["postcode_district", "lad_code"]])
    for number, (district, lad) in zip(rows.index[~pairs.isin(known)], pairs[~pairs.isin(known)], strict=True):
        yield f"row {number}: postcode district {_short(district)} and LAD {_short(lad)} do not meet in the county; remove the row."

    keys = ["mid_year", "postcode_district", "lad_code"]
    for number, *key in rows.loc[rows.duplicated(keys), keys].itertuples():
        yield f"row {number} repeats {', '.join(map(_short, key))}; keep one of the rows."

    for of, group in rows.groupby("mid_year"):
        absent = known.difference(pd.MultiIndex.from_frame(group[["postcode_district", "lad_code"]]))
        if len(absent):
            first = " in ".join(map(str, absent[0]))
            yield f"mid-year {_short(of)} lacks {len(absent)} pairs of district and LAD ({first} first); give each a row, 0 for none."


def _short(text: object) -> str:
    text = str(text)
    return f'"{text if len(text) <= 40 else text[:40] + "…"}"'
