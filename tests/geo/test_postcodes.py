"""Any string to its place: real postcodes by hand, then anything at all."""

from __future__ import annotations

import re
from time import perf_counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import postcodes as module
from geo.areas import COUNTY, LEVELS, OFF_MAP, areas, atoms
from geo.postcodes import county_postcodes, locate

STATUSES = {"matched", "terminated", "out of county", "unlisted", "not a postcode", "not known"}


def place(postcode: object) -> tuple[str, str, str]:
    """Status, district and locality of one postcode."""
    row = locate(pd.Series([postcode], dtype=object)).iloc[0]
    return row["status"], row["district"], row["locality"]


@pytest.mark.parametrize(
    ("office", "lad", "district", "locality", "planning_area"),
    [
        ("EX2 4QD", "E07000041", "EX2", "exeter", "exeter-south"),  # County Hall
        ("EX1 1JN", "E07000041", "EX1", "exeter", "exeter-east"),  # Exeter City Council
        ("EX14 1EJ", "E07000040", "EX14", "mid-and-east-devon", "honiton"),  # East Devon
        ("EX16 6PP", "E07000042", "EX16", "mid-and-east-devon", "tiverton"),  # Mid Devon
        ("EX31 3NP", "E07000043", "EX31", "northern-devon", "barnstaple-west"),  # North Devon
        ("EX39 2QG", "E07000046", "EX39", "northern-devon", "bideford"),  # Torridge
        ("TQ9 5NE", "E07000044", "TQ9", "southern-devon", "totnes"),  # South Hams
        ("TQ12 4XX", "E07000045", "TQ12", "southern-devon", "newton-abbot"),  # Teignbridge
        ("PL19 0BZ", "E07000047", "PL19", "southern-devon", "tavistock"),  # West Devon
    ],
)
def test_each_councils_own_office_is_where_it_is(office: str, lad: str, district: str, locality: str, planning_area: str) -> None:
    row = locate(pd.Series([office])).iloc[0]
    assert row[["county", "locality", "lad", "planning_area", "district", "status"]].tolist() == [
        COUNTY, locality, lad, planning_area, district, "matched",
    ]  # fmt: skip


def test_coordinates_are_metres_of_the_national_grid() -> None:
    row = locate(pd.Series(["EX2 4QD"])).iloc[0]
    assert (row["easting"], row["northing"]) == (pytest.approx(292_960, abs=100), pytest.approx(91_650, abs=100))
    assert locate(pd.Series(["SW1A 1AA", "", "x"]))[["easting", "northing"]].isna().all(axis=None)


@pytest.mark.parametrize(
    "written", ["EX24QD", "ex2 4qd", " Ex2  4Qd ", "E X 2 4 Q D", "EX2\u00a04QD", "\ufeffEX2\u200b4QD\r\n", "\tex2\u20034qd"]
)
def test_spaces_and_case_do_not_matter(written: str) -> None:
    assert place(written) == ("matched", "EX2", "exeter")


@pytest.mark.parametrize(
    "postcode",
    [
        "PL1 3BJ",  # Plymouth City Council
        "TQ1 3DR",  # Torbay Council: TQ1 is a district of ours, this part of it is not
        "SW1A 1AA",
        "EH1 1YJ",
        "CF10 4UW",
        "BT1 5GS",
        "JE1 1AA",
        "IM1 2SB",
        "NPT 0AD",
        "GIR 0AA",
    ],
)
def test_listed_elsewhere_is_out_of_county(postcode: str) -> None:
    assert place(postcode) == ("out of county", "out of county", "out of county")


@pytest.mark.parametrize("postcode", ["EX99 9ZZ", "ZZ99 3VZ", "QX1 1AA", "EX31 1ZZ"])
def test_shaped_like_a_postcode_but_on_no_list(postcode: str) -> None:
    assert place(postcode) == ("unlisted", "not known", "not known")


def test_listed_without_a_place_in_a_district_of_ours_is_not_called_out_of_county() -> None:
    assert place("EX6 9AD") == ("unlisted", "not known", "not known")


@pytest.mark.parametrize(
    "value",
    ["EX31", "EX31 1A", "EX31 1AAA", "1EX 1AA", "EX2 4QD, Exeter", "EX2-4QD", "EX2 4Q0", "EX2 OQD", "nan", "unknown", "O'Brien",
     "ＥＸ２ ４ＱＤ", "EX2 4QÐ", "pl\u0131 3bj", "\u017fw1a 1aa", "EX2\x004QD", "\ud800", "💥", 12345, 1.5, True, b"EX2 4QD"],
)  # fmt: skip
def test_what_is_not_shaped_like_one_is_not_a_postcode(value: object) -> None:
    assert place(value) == ("not a postcode",) * 3


@pytest.mark.parametrize("value", [None, float("nan"), pd.NA, pd.NaT, "", " ", "\t\n", "\u00a0\u200b"])
def test_missing_and_blank_are_not_known(value: object) -> None:
    assert place(value) == ("not known",) * 3


def test_a_million_characters_are_one_more_string() -> None:
    long = ["EX2 4QD" * 150_000, " " * 1_000_000, " " * 1_000_000 + "EX2 4QD"]
    assert list(locate(pd.Series(long))["status"]) == ["not a postcode", "not known", "matched"]


def test_withdrawn_postcodes_are_found_and_counted_in_a_district_of_today() -> None:
    """PL17 has no address in the county now, PL95 was a sorting office's, EX20 is nowhere near Exeter."""
    county = county_postcodes()
    assert place("PL17 7LS") == ("terminated", "PL19", "southern-devon")
    assert place("EX20 9AA") == ("terminated", "EX1", "exeter")
    assert place("PL95 1SA")[0] == "terminated"
    assert 8_000 < county["terminated"].sum() < 9_000
    assert county["terminated"].groupby(county["district"]).mean().max() < 0.9, "a district of today has live postcodes"


def test_postcodes_newer_than_code_point_are_not_called_withdrawn() -> None:
    """Cranbrook is still being built."""
    assert place("EX5 7ER")[0] == "matched"
    assert place("EX1 4DP")[0] == "matched"


def test_every_postcode_of_the_county_is_in_an_atom() -> None:
    county = county_postcodes()
    assert len(county) > 40_000
    assert county["postcode"].is_unique
    assert county["postcode"].is_monotonic_increasing
    assert not county.isna().any(axis=None)
    assert county["postcode"].str.fullmatch(r"[A-Z]{2}[0-9]{1,2} [0-9][A-Z]{2}").all()
    live = county[~county["terminated"]]
    assert (live["postcode"].str[:-4] == live["district"]).all()
    assert set(zip(county["district"], county["lad"], strict=True)) == set(zip(atoms()["district"], atoms()["lad"], strict=True))


def test_locate_agrees_with_the_list_of_the_county() -> None:
    county = county_postcodes()
    found = locate(county["postcode"].str.replace(" ", "").str.lower())
    for column in ("district", "lad", "locality", "planning_area", "easting", "northing"):
        assert (found[column] == county[column]).all()
    assert (found["status"].eq("terminated") == county["terminated"]).all()


def test_rows_keep_their_index_and_order() -> None:
    given_ = pd.Series(["EX2 4QD", None, "EX2 4QD", "x", "SW1A 1AA"], index=["b", "a", "a", "d", "c"])
    found = locate(given_)
    assert found.index.equals(given_.index)
    assert list(found["status"]) == ["matched", "not known", "matched", "not a postcode", "out of county"]
    assert locate(pd.Series([], dtype="str")).empty
    assert locate(pd.Series(["EX2 4QD"], dtype="category"))["status"].tolist() == ["matched"]


NEARLY = st.from_regex(r"[ ]?[A-Za-z]{1,2}[0-9OIoi]{1,2}[A-Za-z]?[ \u00a0]*[0-9OI][A-Za-z]{2}", fullmatch=True)
REAL = st.sampled_from(["EX2 4QD", "pl195ab", "TQ1 3DR", "EX31 1AA", "DT7 3EG", "SW1A1AA"])
ANYTHING = st.text() | st.text(st.characters(codec=None)) | st.binary() | st.integers() | st.floats() | st.none()


@given(st.lists(NEARLY | REAL | ANYTHING, max_size=12))
@pytest.mark.slow
def test_any_value_is_classified_and_none_crashes(values: list[object]) -> None:
    found = locate(pd.Series(values, dtype=object))
    assert len(found) == len(values)
    assert set(found["status"]) <= STATUSES
    inside = found["status"].isin(["matched", "terminated"])
    for level in LEVELS:
        known = set(areas(level).index)
        assert found.loc[inside, level].isin(known).all()
        assert level == "county" or found.loc[~inside, level].isin(OFF_MAP).all()
    assert (found["easting"].notna() == inside).all()
    assert (found["county"] == COUNTY).all()


@pytest.mark.slow
def test_a_million_different_strings_take_seconds() -> None:
    random = np.random.default_rng(1)
    outward = random.choice([f"EX{n}" for n in range(1, 40)], 1_000_000)
    inward = random.integers(0, 10, 1_000_000).astype("U1")
    letters = random.choice(list("ABDEFGHJLNPQRSTUWXYZ"), (2, 1_000_000))
    strings = pd.Series(np.char.add(np.char.add(np.char.add(outward, " "), np.char.add(inward, letters[0])), letters[1]))
    locate(strings[:1])  # the list
    start = perf_counter()
    found = locate(strings)
    assert perf_counter() - start < 10, "2 seconds when it was written"
    assert found["status"].eq("matched").sum() > 10_000


def test_only_the_letters_that_occur_are_read() -> None:
    module._letter.cache_clear()
    locate(pd.Series(["YO1 7HH", "EX2 4QD", "nothing", None]))
    assert module._letter.cache_info().currsize == 2


def test_an_empty_list_is_a_fault_and_not_nine_hundred_unlisted_children(monkeypatch: pytest.MonkeyPatch) -> None:
    module._letter.cache_clear()
    monkeypatch.setenv("QLAC_DISABLE_PC", "1")
    with pytest.raises(ValueError, match="The postcode list is empty"):
        locate(pd.Series(["EX2 4QD"]))


def test_a_list_newer_than_the_geography_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = module.postcode_list({"D"})
    new = listed[listed["postcode"].str.startswith("DT7 ")].assign(lad="E07000047").head(1)
    monkeypatch.setattr(module, "postcode_list", lambda _letters: new)
    module._letter.cache_clear()
    try:
        with pytest.raises(ValueError, match=re.escape("is in DT7 and E07000047, which never met before; run python -m geo.build")):
            locate(pd.Series([new["postcode"].iloc[0]]))
    finally:
        module._letter.cache_clear()
