"""The briefing's page: read on screen, for each audience, and what it says where there is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

Opener = Callable[..., AppTest]


@pytest.fixture
def on_page(opened: Opener, small_data: Path) -> Opener:
    """Open the briefing at an address."""
    return lambda data=small_data, **address: opened(data, "briefing", **address)


def words(at: AppTest) -> str:
    said = "\n".join(str(one.value) for kind in (at.markdown, at.caption, at.warning, at.info, at.header, at.subheader) for one in kind)
    return said.replace("\\", "")  # Markdown's escapes


def test_it_can_be_read_and_taken_away(on_page: Opener) -> None:
    at = on_page()
    assert not at.exception and not at.error
    assert "The briefing of December 2017, for the public" in words(at)
    assert [one.value.replace("\\", "")[0] for one in at.header[:9]] == list("123456789")
    assert len(at.get("download_button")) == 2
    assert "Data as at 31 December 2017, 23:40. Snapshot" in words(at) and "Synthetic data" in words(at)


@pytest.mark.slow
def test_the_committee_s_version_is_for_a_manager(on_page: Opener, demonstration: Path) -> None:
    refused = on_page(demonstration, readers="committee", audience="commissioner")
    assert "exact figures of the whole county" in words(refused) and not refused.header
    at = on_page(demonstration, readers="committee", audience="manager")
    assert not at.exception
    assert "5,122 children had an open case on 31 December 2017, 140 fewer than on 30 November 2017 (5,262)." in words(at)
    assert "1 not known" in words(at)


def test_a_month_without_a_briefing_has_its_reason(on_page: Opener) -> None:
    at = on_page(period="2014-12")
    assert not at.exception and not at.header
    assert "There are no records of December 2014: they begin on 1 April 2015." in words(at)


def test_a_longer_period_and_filters_are_said_to_change_nothing(on_page: Opener) -> None:
    at = on_page(period="12m:2017-12", locality="exeter")
    assert "The period chosen ends in December 2017, so it is of that month." in words(at)
    assert "The filters chosen do not change it." in words(at)


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "everyone", "x" * 10_000])
def test_what_an_address_names_and_is_not_there_is_said(on_page: Opener, text: str) -> None:
    at = on_page(readers=text)
    assert not at.exception
    assert f"`{text[:40]}" in words(at)


def test_the_overview_offers_the_workbook_of_the_month(opened: Opener, small_data: Path) -> None:
    at = opened(small_data)
    labels = [button.proto.label for button in at.get("download_button")]
    assert "Download the workbook of December 2017 (Excel)" in labels
