"""The places children's records are counted by: five levels, their areas and how the areas fit together.

Everything comes from the committed CSV files in `geo/data` (sources and licences in its README). An *atom* is the part
of one postcode district inside one local authority district (LAD); every area of every level is a set of atoms, so the
parts of any level add up to the county. Light on purpose: pages import it, so it must not pull in geopandas or folium.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

DATA = Path(__file__).parent / "data"

COUNTY = "E10000008"
COUNTY_TITLE = "Devon"

NOT_KNOWN = "not known"
OUT_OF_COUNTY = "out of county"
NOT_A_POSTCODE = "not a postcode"
CONFIDENTIAL = "confidential"
OFF_MAP: tuple[str, ...] = (OUT_OF_COUNTY, NOT_KNOWN, NOT_A_POSTCODE, CONFIDENTIAL)
"""Where a record is counted when it has no area of the county: in the county's figure, in no area's."""

ATTRIBUTION = (
    "Boundaries are indicative. "
    "Contains OS data © Crown copyright and database right 2025. "
    "Contains Royal Mail data © Royal Mail copyright and database right 2025. "
    "Contains National Statistics data © Crown copyright and database right 2025. "
    "Licensed under the Open Government Licence v3.0. "
    "Coastline © OpenStreetMap contributors, Open Database Licence."
)
"""What a page with a map must show; the licences ask for it (`geo/data/README.md`)."""


@dataclass(frozen=True)
class Level:
    """One way of dividing the county. `id` is also the name of the column that holds its areas' ids."""

    id: str
    title: str
    plural: str


LEVELS: Mapping[str, Level] = {
    level.id: level
    for level in (
        Level("county", "County", "counties"),
        Level("locality", "Locality", "localities"),
        Level("lad", "Local authority district", "local authority districts"),
        Level("planning_area", "Planning area", "planning areas"),
        Level("district", "Postcode district", "postcode districts"),
    )
}


def areas(level: str) -> pd.DataFrame:
    """The areas of a level, in the order people list them.

    Index: area id. Columns: `title`; `share_in_county` (0-1, of the area's live postcodes; 1 for every level but the
    district, since only districts cross the county's border); `border` (True when most of the district lies outside).
    Raises KeyError for a level that is not in LEVELS.
    """
    return _areas(LEVELS[level].id).copy()


def atoms() -> pd.DataFrame:
    """One row per district x LAD that holds a live postcode: district, lad, locality, planning_area, county (ids)."""
    return _atoms().copy()


@cache
def _atoms() -> pd.DataFrame:
    counts = _postcode_counts()
    found = counts.loc[counts["lad"] != OUT_OF_COUNTY, ["district", "lad"]]
    found = found.merge(_localities()[["lad", "locality"]], on="lad", how="left", validate="many_to_one")
    found = found.merge(_planning_areas()[["district", "planning_area"]], on="district", how="left", validate="many_to_one")
    _require_all(found, "locality", "lad", "localities.csv")
    _require_all(found, "planning_area", "district", "planning_areas.csv")
    return found.assign(county=COUNTY).reset_index(drop=True)


@cache
def _areas(level: str) -> pd.DataFrame:
    if level == "county":
        found = pd.DataFrame({"county": [COUNTY], "title": [COUNTY_TITLE]})
    elif level == "locality":
        found = _localities()[["locality", "locality_title"]].rename(columns={"locality_title": "title"})
    elif level == "lad":
        found = _localities()[["lad", "lad_title"]].rename(columns={"lad_title": "title"})
    elif level == "planning_area":
        found = _planning_areas()[["planning_area", "title"]]
    else:
        return _districts()
    found = found.drop_duplicates().sort_values("title").set_index(level)
    if not found.index.is_unique:
        raise ValueError(f"{level} {found.index[found.index.duplicated()][0]} has two titles; give it one in geo/data.")
    return found.assign(share_in_county=1.0, border=False)


def _districts() -> pd.DataFrame:
    counts = _postcode_counts()
    inside = counts["postcodes"].where(counts["lad"] != OUT_OF_COUNTY, 0).groupby(counts["district"]).sum()
    share = inside / counts.groupby("district")["postcodes"].sum()
    towns = _read("districts.csv", ["district"], "title").set_index("district")["title"]
    ids = sorted(share.index, key=lambda district: (district.rstrip("0123456789"), len(district), district))  # EX9 before EX10
    found = pd.DataFrame({"title": [f"{i} {towns[i]}" if i in towns else i for i in ids]}, index=pd.Index(ids, name="district"))
    found["share_in_county"] = share.loc[ids].astype(float)
    found["border"] = found["share_in_county"] < 0.5
    return found


def _require_all(frame: pd.DataFrame, column: str, of: str, file: str) -> None:
    missing = frame.loc[frame[column].isna(), of].unique()
    if len(missing):
        raise ValueError(f"{of} {', '.join(missing)} is not in geo/data/{file}; add a row for it.")


def _postcode_counts() -> pd.DataFrame:
    """Live postcodes by district and LAD; a district's postcodes outside the county are its `out of county` row."""
    return _read("postcode_counts.csv", ["district", "lad"], "postcodes").astype({"postcodes": int})


def _localities() -> pd.DataFrame:
    return _read("localities.csv", ["lad"], "lad_title", "locality", "locality_title")


def _planning_areas() -> pd.DataFrame:
    return _read("planning_areas.csv", ["district"], "planning_area", "title")


def _read(name: str, key: list[str], *columns: str) -> pd.DataFrame:
    """A file of geo/data as text. People edit some of them, so faults are told in words."""
    frame = pd.read_csv(DATA / name, dtype=str, keep_default_na=False)
    absent = [column for column in (*key, *columns) if column not in frame]
    if absent:
        raise ValueError(f"geo/data/{name} has no column {', '.join(absent)}; put it back.")
    twice = frame.loc[frame.duplicated(key), key]
    if len(twice):
        raise ValueError(f"geo/data/{name} has two rows for {', '.join(twice.iloc[0])}; keep one.")
    return frame
