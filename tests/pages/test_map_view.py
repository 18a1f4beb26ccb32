"""What a row of figures looks like and says on the map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest

from csc_core.snapshot import Snapshot
from geo.choropleth import Choropleth, Mark
from pages.components.links import read
from pages.components.map_view import choropleth

ROW: Mapping[str, Any] = {
    "title": "EX17 Crediton",
    "share_in_county": 1.0,
    "numerator": 50,
    "denominator": 2400.4,
    "value": 208.3,
    "low": 154.6,
    "high": 274.6,
    "versus": -1,
    "withheld": False,
    "reason": pd.NA,
    "kind": "shown",
}
NOTHING = {"numerator": pd.NA, "denominator": pd.NA, "value": pd.NA, "low": pd.NA, "high": pd.NA, "versus": pd.NA}


def drawn(small: Snapshot, *rows: Mapping[str, Any], **asked: str) -> Choropleth:
    """The map of a few rows, whose areas are numbered."""
    choices, said = read(asked, small)
    assert not said
    frame = pd.DataFrame([{**ROW, **row} for row in rows], dtype="object", index=[str(place) for place in range(len(rows))])
    return choropleth(choices, frame, [180, 220, 250, 340], dark=False)


def mark(small: Snapshot, row: Mapping[str, Any], **asked: str) -> Mark:
    return drawn(small, row, **asked).marks["0"]


def test_a_rate_is_a_fill_with_everything_said_of_it(small: Snapshot) -> None:
    assert mark(small, ROW) == Mark(
        fill=1,
        lines=("208 per 10,000 (95% interval 155 to 275)", "▼ lower than Devon", "50 referrals, 2,400 children"),
    )


def test_a_share_says_what_it_is_made_of(small: Snapshot) -> None:
    row = {"numerator": 30, "denominator": 120, "value": 25.0, "low": 18.1, "high": 33.4, "versus": 0}
    assert mark(small, row, indicator="re_referrals").lines == ("25.0% (95% interval 18 to 33%)", "≈ similar to Devon", "30 of 120")


@pytest.mark.parametrize(("value", "place"), [(0, 0), (179.9, 0), (180, 1), (249.9, 2), (250, 3), (340, 4), (9999, 4)])
def test_a_class_begins_at_its_lower_bound(small: Snapshot, value: float, place: int) -> None:
    assert mark(small, {"value": value}).fill == place


@pytest.mark.parametrize(("versus", "place"), [(-2, 0), (-1, 1), (0, 2), (1, 3), (2, 4), (pd.NA, 2)])
def test_beside_devon_the_middle_is_similar(small: Snapshot, versus: object, place: int) -> None:
    assert mark(small, {"versus": versus}, shown="versus").fill == place


def test_few_events_are_muted_and_say_so(small: Snapshot) -> None:
    found = mark(small, {"numerator": 12, "value": 300, "versus": pd.NA, "kind": "few"})
    assert (found.fill, found.muted) == (3, True)
    assert found.lines[-1] == "Fewer than 20: read with care, not compared"


def test_what_is_withheld_is_hatched_and_says_no_number(small: Snapshot) -> None:
    for shown in ("rate", "versus", "count"):
        found = mark(small, {**NOTHING, "kind": "withheld", "withheld": True}, shown=shown)
        assert found == Mark("withheld", ("Withheld: fewer than 8 referrals",))


def test_a_border_district_is_dotted_and_never_a_class(small: Snapshot) -> None:
    found = mark(small, {"share_in_county": 0.004, "kind": "border", "versus": pd.NA})
    assert found.fill == "border"
    assert found.lines[0] == "Border district: 1% of its postcodes are in Devon. No rate is drawn."


def test_what_has_no_figure_gives_the_reason(small: Snapshot) -> None:
    reason = "Fewer than 100 children live here, so no rate is given."
    found = mark(small, {**NOTHING, "numerator": 3, "reason": reason, "kind": "none"})
    assert found.fill == "withheld" and found.lines[0] == reason


def test_counts_are_circles_on_plain_land(small: Snapshot) -> None:
    found = mark(small, {}, shown="count")
    assert (found.fill, found.count, found.muted) == ("plain", 50, False)


def test_the_legend_counts_every_area_once_and_names_every_pattern(small: Snapshot) -> None:
    few, border, hidden = {"kind": "few"}, {"kind": "border"}, {**NOTHING, "kind": "withheld"}
    rows: list[Mapping[str, Any]] = [{"value": 100}, {"value": 400}, {"value": 401}, few, border, hidden]
    legend = drawn(small, *rows).legend
    assert [key.words for key in legend.classes] == ["under 180", "180–220", "220–250", "250–340", "340 or more"]
    assert [key.note for key in legend.classes] == ["1 area", "0 areas", "0 areas", "0 areas", "2 areas"]
    others = ["Withheld (under 8): 1", "Border district: 1", "Under 20 referrals: 1", "Another council"]
    assert [key.words for key in legend.others] == others


def test_the_map_has_a_name_and_the_selection(small: Snapshot) -> None:
    found = drawn(small, ROW, area="EX17", shown="versus")
    assert found.name.startswith("Map of Devon: Referrals per 10,000 children, compared with Devon.")
    assert (found.selected, found.palette) == ("EX17", "diverging")
