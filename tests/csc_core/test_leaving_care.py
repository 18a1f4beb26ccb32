"""Care leavers, adoption and health on entry to care at their edges: `tests/leaving_county.py` says who is there for what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from csc_core.access import Scope
from csc_core.check import check
from csc_core.indicators import INDICATORS
from csc_core.indicators.declaration import TIME
from csc_core.indicators.leaving_care import LEAVING_CARE
from csc_core.load import load
from csc_core.periods import parse
from csc_core.query import query
from csc_core.snapshot import Snapshot, open_current
from csc_core.tables import Records
from tests.leaving_county import records

LEAVERS = ("care_leavers_in_touch", "care_leavers_eet", "care_leavers_accommodation")


def opened(given: Records, data: Path) -> Snapshot:
    load(given, data, lambda what, share: None)
    return open_current(data)


@pytest.fixture(scope="module")
def leaving(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return opened(records(), tmp_path_factory.mktemp("leaving"))


def ask(snapshot: Snapshot, id: str, period: str, by: str | None = None) -> pd.DataFrame:
    return query(snapshot, id, scope=Scope.everything(), period=parse(period, snapshot.as_at.date()), by=[by] if by else [])


def of(snapshot: Snapshot, id: str, period: str) -> tuple[int, float]:
    (row,) = ask(snapshot, id, period).to_dict("records")
    assert pd.isna(row["reason"])
    assert row["value"] == pytest.approx(100 * row["numerator"] / row["denominator"])
    return row["numerator"], row["denominator"]


def split(snapshot: Snapshot, id: str, period: str, by: str) -> Mapping[str, tuple[int, float]]:
    """The members with a denominator above zero."""
    frame = ask(snapshot, id, period, by)
    return {row[by]: (row["numerator"], row["denominator"]) for row in frame.to_dict("records") if row["denominator"]}


@pytest.mark.parametrize(
    ("day", "cohort", "in_touch", "eet", "suitable", "why"),
    [
        ("2017-12-31", 6, 4, 3, 3, "L02 L03 L04 L05 L10 L12: L02 turns 17, L01 turns 22, L04 is in touch again"),
        ("2017-12-30", 6, 3, 2, 2, "the same: L02 is 17 and L01 22 by the end of the month; L04 is not in touch yet"),
        ("2017-11-30", 6, 3, 2, 2, "L01 L03 L04 L05 L10 L12"),
        ("2017-05-31", 7, 4, 3, 3, "and L07, who died the next day"),
        ("2017-03-01", 7, 4, 3, 3, "born on 29 February 2000: 17 on 1 March"),
        ("2017-02-28", 6, 3, 3, 3, "and not on 28 February"),
        ("2017-01-31", 6, 2, 4, 2, "the earlier record of L10 still held"),
    ],
)
def test_care_leavers_on_a_day(leaving: Snapshot, day: str, cohort: int, in_touch: int, eet: int, suitable: int, why: str) -> None:
    for id, expected in zip(LEAVERS, (in_touch, eet, suitable), strict=True):
        assert of(leaving, id, day) == (expected, cohort), f"{id}: {why}"


@pytest.mark.parametrize(
    ("day", "by", "expected"),
    [
        # the home on the day, never a placement; the record's own team, else that of the involvement
        ("2017-12-31", "district", {"EX4": (1, 1), "EX31": (0, 1), "not known": (3, 4)}),
        ("2017-12-30", "district", {"EX4": (1, 2), "not known": (2, 4)}),
        ("2017-12-31", "team", {"T-BAR": (1, 1), "T-EXE": (1, 1), "not allocated": (2, 4)}),
        ("2017-12-31", "team_locality", {"northern-devon": (1, 1), "exeter": (1, 1), "not allocated": (2, 4)}),
        ("2017-12-31", "age_band", {"16-17": (2, 2), "18 and over": (2, 4)}),
    ],
)
def test_care_leavers_split(leaving: Snapshot, day: str, by: str, expected: Mapping[str, tuple[int, float]]) -> None:
    assert split(leaving, "care_leavers_in_touch", day, by) == expected


@pytest.mark.parametrize(
    ("period", "in_time", "placed", "why"),
    [
        ("2017-12-31", 2, 6, "K01 K02 K03 K05 K06 K07: of these K02 and K07 in under 14 months"),
        ("2017-12", 2, 6, "a month means the twelve months that end with it"),
        ("12m:2017-12", 2, 6, "and so do twelve months"),
        ("2017-12-30", 3, 7, "and K04, placed on 31 December 2016"),
        ("2017-07-31", 4, 7, "K06 by the first placement, in 13 months"),
        ("2017-02-27", 3, 4, "K08, placed on 29 February 2016, K04 and K06, not K05"),
        ("2017-02-28", 2, 4, "K08 no longer; K03, placed today, 14 months after 31 December 2015"),
    ],
)
def test_placed_for_adoption_in_the_twelve_months_to_the_day(leaving: Snapshot, period: str, in_time: int, placed: int, why: str) -> None:
    assert of(leaving, "adoption_within_14_months", period) == (in_time, placed), why


@pytest.mark.parametrize(
    ("day", "in_time", "children", "why"),
    [
        ("2017-12-31", 4, 9, "K02 K04 K07 K08 of K01 to K09"),
        ("2017-12-30", 7, 11, "and K10, not reversed yet, K11, adopted within three years, K09, not 14 months in care yet"),
        ("2017-02-28", 8, 10, "K01 K02 K04 K06 K07 K08 K11 K13 of these and K03 K05; no decision yet for K09 and K10"),
    ],
)
def test_scorecard_a3_takes_three_years_and_those_who_wait(leaving: Snapshot, day: str, in_time: int, children: int, why: str) -> None:
    assert of(leaving, "adoption_a3", day) == (in_time, children), why


def test_three_years_before_the_records_begin_are_a_reason(leaving: Snapshot) -> None:
    (row,) = ask(leaving, "adoption_a3", "2014-12-31").to_dict("records")
    assert row["reason"] == "It looks back 36 months, and records begin on 1 April 2012."
    assert pd.isna(row["value"]) and pd.isna(row["numerator"])


def test_the_place_of_adoption_is_the_home_before_care_and_never_the_adoptive_one(leaving: Snapshot) -> None:
    assert split(leaving, "adoption_within_14_months", "2017-12-31", "district") == {"EX4": (1, 1), "not known": (1, 5)}
    assert split(leaving, "adoption_a3", "2017-12-31", "district") == {"EX4": (1, 1), "not known": (3, 8)}


def test_initial_health_assessments_count_in_the_month_they_fall_due(leaving: Snapshot) -> None:
    """Entered on 10 November 2017, due on 8 December: K15 K21 K22 in time, K16 K18 K19 K20 not; K17 had left, K23 is not due yet."""
    assert of(leaving, "initial_health_assessment_in_20_days", "2017-12") == (3, 7)
    assert of(leaving, "initial_health_assessment_in_20_days", "2017-12-08") == (3, 7)
    (row,) = ask(leaving, "initial_health_assessment_in_20_days", "2017-11").to_dict("records")
    assert row["reason"].startswith("There are none in the period") and pd.isna(row["value"])
    assert split(leaving, "initial_health_assessment_in_20_days", "2017-12", "district") == {"EX4": (1, 1), "not known": (2, 6)}


EVERY = [(one.id, dimension) for one in LEAVING_CARE for dimension in one.dimensions if dimension not in TIME]


@pytest.mark.parametrize(("id", "dimension"), EVERY)
def test_the_parts_sum_to_the_total(leaving: Snapshot, id: str, dimension: str) -> None:
    parts, total = ask(leaving, id, "2017-12", dimension), ask(leaving, id, "2017-12")
    assert parts["numerator"].sum() == total["numerator"].iloc[0]
    assert parts["denominator"].sum() == total["denominator"].iloc[0]
    assert not parts.duplicated(dimension).any()


@pytest.mark.slow
def test_a_county_without_these_tables_says_so(tmp_path: Path) -> None:
    given = records()
    fewer = {name: raw for name, raw in given.tables.items() if name not in ("care_leavers", "permanence", "cla_health", "posts")}
    snapshot = opened(replace(given, tables=fewer), tmp_path)
    for id in (*LEAVERS, "adoption_within_14_months", "adoption_a3", "initial_health_assessment_in_20_days", "agency_rate"):
        (row,) = ask(snapshot, id, "2017-12").to_dict("records")
        assert row["reason"] == f"The source has no {INDICATORS[id].tables[0]} table, so {INDICATORS[id].noun} cannot be counted."
        assert pd.isna(row["value"]) and pd.isna(row["numerator"])


def test_what_cannot_be_right_is_listed_and_the_row_kept_where_it_counts() -> None:
    found = {(f.table, f.row, f.column): f.outcome for f in check(records()).findings}
    assert found == {
        ("care_leavers", 15, "care_leaver_eligibility"): "kept",
        ("care_leavers", 15, "care_leaver_activity"): "kept",
        ("cla_health", 7, "health_check_date"): "kept",
        ("posts", 9, "post_status"): "kept",
    }
