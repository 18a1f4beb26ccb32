"""Counts given part by part, and figures that can still rise, as the map of need shows them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

Opener = Callable[..., AppTest]


@pytest.fixture
def on_map(opened: Opener, demonstration: Path) -> Opener:
    """Open the map at an address."""
    return lambda data=demonstration, **address: opened(data, "map", **address)


def parts(at: AppTest) -> dict[str, tuple[float, Any]]:
    frame = next(found.value for found in at.dataframe if "% of all" in found.value)
    return {title: (count, share) for title, count, share in zip(frame.iloc[:, 0], frame["Children"], frame["% of all"], strict=True)}


def test_a_count_in_parts_shows_each_with_its_share(on_map: Opener) -> None:
    at = on_map(indicator="looked_after_legal_status", period="2017-12", audience="manager")
    assert not at.exception
    assert parts(at)["Interim or full care order"] == (505, pytest.approx(100 * 505 / 712))
    at = on_map(indicator="placements_12_months", period="2017-12", audience="manager")
    assert [count for count, _ in parts(at).values()] == [474, 151, 86, 1]


def test_parts_of_few_are_withheld(on_map: Opener, small_data: Path) -> None:
    at = on_map(indicator="looked_after_legal_status", period="2017-12", level="lad", area="E07000041", data=small_data)
    assert not at.exception
    frames = [found.value for found in at.dataframe if "% of all" in found.value]
    assert all(frame["Children"].isna().all() and frame["% of all"].isna().all() for frame in frames)


@pytest.mark.parametrize(
    ("indicator", "period", "said"),
    [("enquiries_to_referral", "2017-12", True), ("enquiries_to_referral", "2017-09", False), ("enquiries", "2017-12", False)],
)
def test_a_month_still_maturing_says_so(on_map: Opener, indicator: str, period: str, said: bool) -> None:
    at = on_map(indicator=indicator, period=period)
    assert not at.exception
    captions = [str(one.value).replace("\\", "") for one in at.caption]
    assert any(text.startswith(f"Still maturing: {period}.") for text in captions) == said
    assert any(text.startswith("Still maturing: 2017/18Q3.") for text in captions) == (indicator != "enquiries")  # of the trend
