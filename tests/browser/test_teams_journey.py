"""From the service down to one team by its rows, and up again, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_journeys import address_says, settled

DOWN = (
    ("By service", "service=assessment"),
    ("By team locality", "team_locality=exeter"),
    ("By team area", "team_area=exeter"),
    ("By team", "team=T-AS-EXE1"),
)


def test_rows_lead_down_to_a_team_and_a_button_up_again(page: Page, app: str) -> None:
    page.goto(f"{app}/teams?audience=manager")
    for heading, added in DOWN:
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible(timeout=60_000)
        settled(page)
        box = page.get_by_test_id("stDataFrame").first.bounding_box()
        assert box
        page.mouse.click(box["x"] + 17, box["y"] + 37 + 16)  # the box of the first row, which is drawn and no element
        page.wait_for_url(re.compile(f"[?&]{added}"), timeout=60_000)
    page.get_by_role("button", name="All, not only Assessment").first.click()
    expect(page.get_by_role("heading", name="By service", exact=True)).to_be_visible(timeout=60_000)
    settled(page)
    address_says(page, by="service", service=None, team_locality=None, team_area=None, team=None)


@pytest.mark.parametrize("path", ["teams?audience=manager", "changes?indicator=re_referrals"])
def test_nothing_is_cut_off_on_a_narrow_screen(page: Page, app: str, path: str) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{app}/{path}")
    expect(page.get_by_text("Source:")).to_be_attached(timeout=60_000)
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
