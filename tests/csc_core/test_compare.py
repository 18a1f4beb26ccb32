"""Beside the county: noise must not look like need. And the classes of the map stand still."""

from __future__ import annotations

import pandas as pd
import pytest

from csc_core.classes import breaks_for, year_breaks
from csc_core.compare import beside_county
from csc_core.indicators import INDICATORS
from csc_core.periods import parse
from csc_core.snapshot import Snapshot

RATE, SHARE = INDICATORS["referral_rate"], INDICATORS["re_referrals"]


def versus(numerators: list[int | None], denominators: list[float | None], county: float | None, share: bool = False) -> list[object]:
    frame = pd.DataFrame({"numerator": pd.array(numerators, dtype="Int64"), "denominator": pd.array(denominators, dtype="Float64")})
    frame["value"] = (100 if share else 10_000) * frame["numerator"] / frame["denominator"]
    return beside_county(frame, county, SHARE if share else RATE)["versus"].tolist()


def test_an_area_differs_only_when_its_interval_leaves_the_county_out() -> None:
    # exact Poisson 95% limits of 100 events are 81.4 to 121.6, the 99.8% limits 71.4 to 135.9 (standard tables)
    assert versus([100] * 6, [10_000.0] * 6, 100) == [0] * 6
    for county, expected in ((81, 1), (82, 0), (71, 2), (121, 0), (122, -1), (137, -2)):
        assert versus([100], [10_000.0], county) == [expected]


def test_areas_with_few_events_or_none_shown_are_not_compared() -> None:
    assert versus([19, None, 20], [100.0, None, 100.0], 100) == [pd.NA, pd.NA, 2]
    assert versus([1], [19.0], 50, share=True) == [pd.NA]
    assert versus([1], [20.0], 50, share=True) == [-2]
    assert versus([100], [10_000.0], None) == [pd.NA]


def test_the_classes_of_a_rate_shrink_with_the_months_and_those_of_a_share_do_not(small: Snapshot) -> None:
    nine = parse("2017/18YTD", small.as_at.date())
    assert breaks_for([200.0, 300.0], RATE, nine) == [150.0, 225.0]
    assert breaks_for([20.0, 30.0], SHARE, nine) == [20.0, 30.0]


def test_a_county_with_too_few_events_has_no_classes(small: Snapshot) -> None:
    assert year_breaks(small, RATE, "district") == []


@pytest.mark.parametrize(("level", "classes"), [("district", 5), ("planning_area", 5), ("lad", 3), ("locality", 3)])
def test_classes_are_few_round_and_ascending(county: Snapshot, level: str, classes: int) -> None:
    for asked in (RATE, SHARE):
        bounds = year_breaks(county, asked, level)
        assert len(bounds) == classes - 1
        assert bounds == sorted(set(bounds)) and bounds[0] > 0
