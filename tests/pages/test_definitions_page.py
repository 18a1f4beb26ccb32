"""Definitions: all of them, one by its id in the address, and what is not there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]  # ships no types
import pytest
from streamlit.testing.v1 import AppTest

from csc_core.indicators import INDICATORS, TOPICS

Opener = Callable[..., AppTest]


@pytest.fixture
def page(opened: Opener, small_data: Path) -> Opener:
    """Open the page at an address; definitions need few data."""
    return lambda data=small_data, **address: opened(data, "definitions", **address)


def words(at: AppTest) -> str:
    said = "\n".join(str(element.value) for kind in (at.markdown, at.caption, at.warning, at.error, at.info) for element in kind)
    return said.replace("\\", "")  # Markdown's escapes


def test_every_indicator_is_there_by_topic(page: Opener) -> None:
    at = page()
    assert not at.exception
    assert {one.label.replace("\\", "") for one in at.expander} == {one.title for one in INDICATORS.values()}
    assert [heading.value for heading in at.subheader] == [topic.title for topic in TOPICS.values()]
    for one in INDICATORS.values():
        assert one.definition in words(at) and one.source_url in words(at)


def test_search_and_topic_narrow_the_list(page: Opener) -> None:
    at = page(topic="workforce")
    assert [heading.value for heading in at.subheader] == ["Workforce"]
    at.text_input(key="definitions_search").set_value("agency covering").run()
    assert [one.label for one in at.expander] == ["Agency workers covering a vacancy"]
    at.text_input(key="definitions_search").set_value("dragons").run()
    assert not at.expander and "No definition has all of these words" in words(at)


@pytest.mark.parametrize("id", INDICATORS)
def test_each_indicator_has_its_address(page: Opener, id: str) -> None:
    at = page(indicator=id, audience="manager")
    assert not at.exception and not at.warning
    assert INDICATORS[id].definition in words(at) and not at.expander
    assert at.query_params["indicator"] == id


def test_an_indicator_with_a_series_shows_it_and_marks_what_came_later(page: Opener, demonstration: Path) -> None:
    at = page(demonstration, indicator="assessments_in_45_days", period="2017-12")
    table = at.dataframe[0].value
    assert list(table["Of"])[1:3] == ["The year ending 31 March 2017", "The year ending 31 March 2018 (later)"]
    assert table["England"].iloc[1] == "82.9"
    assert "77.0%" not in words(at) and "76.8% is 8.2 percentage points below the target of 85%" in words(at)
    assert "as printed in the March 2018 report: eight authorities lower than Devon and six higher" in words(at)
    whole = page(demonstration, indicator="placements_3_or_more").dataframe[0].value
    assert whole["England"].iloc[1] == "10"  # as published, without decimals of ours
    assert page(demonstration, indicator="cp_plans_over_2_years").dataframe[0].value["Devon, as DfE has it"].iloc[1] == "not given"


def test_the_chart_of_a_series_breaks_where_a_year_was_left_out(page: Opener, demonstration: Path) -> None:
    at = page(demonstration, indicator="cp_plans_over_2_years")
    (chart,) = at.get("vega_lite_chart")
    with pa.ipc.open_stream(chart.proto.data.data) as stream:
        points = stream.read_pandas()
    devon = points[points["name"] == "Devon, as DfE has it"].set_index("year")
    assert pd.isna(devon["value"][2017]) and devon["value"][2018] == 5.1
    assert devon["later"].to_dict() == {year: year > 2017 for year in range(2016, 2026)}
    assert "Devon, as DfE has it and England" in chart.proto.alt


def test_a_filter_that_does_not_fit_is_said(page: Opener) -> None:
    assert "cannot be filtered by team" in words(page(indicator="referral_rate", team="T-EXE-1"))


def test_a_made_up_address_gets_sentences_and_all_definitions(page: Opener) -> None:
    at = page(indicator="drop", topic="weather", period="soon", level="lad")
    assert not at.exception and len(at.expander) == len(INDICATORS)
    for name in ("drop", "weather", "soon", "level"):
        assert f"`{name}`" in words(at)


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "x" * 100_000, "**bold**", "\u202e\x00"])
def test_hostile_text_is_only_text(page: Opener, text: str) -> None:
    at = page(indicator=text)
    assert not at.exception
    at.text_input(key="definitions_search").set_value(text).run()
    assert not at.exception


def test_the_way_back_shows_all_of_them(page: Opener) -> None:
    at = page(indicator="referrals")
    next(button for button in at.button if button.label == "Show all definitions").click().run()
    assert len(at.expander) == len(INDICATORS) and "indicator" not in at.query_params


def test_what_is_chosen_stays_when_coming_from_another_page(page: Opener) -> None:
    at = page(indicator="referrals", period="2017-11", sex="F")
    at.query_params.clear()
    at.switch_page("pages/overview.py").run()
    assert "**November 2017**" in words(at) and "sex: Female" in words(at)
