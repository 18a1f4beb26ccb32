"""What people do on the page *Issues from assessments*, in a real browser with nothing beyond this machine to be had."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_journeys import address_says, area, choose, fills, opened, settled


def test_an_issue_by_planning_area_from_the_first_look_to_an_area_of_another_issue(page: Page, app: str) -> None:
    frame = opened(page, f"{app}/issues")
    before = fills(frame)
    assert len(before) == 31
    assert len({fill for fill in before.values() if fill}) >= 4
    labels = [path.get_attribute("aria-label") or "" for path in frame.locator("path[data-area]").all()]
    assert any("95% interval" in label and "No factor recorded" in label for label in labels)
    choose(page, "Group of issues", "Neglect")
    expect(frame.locator(".csc-legend h2")).to_have_text(re.compile("Neglect"))
    assert fills(frame) != before
    address_says(page, issue="neglect")
    area(frame, "okehampton").click()
    settled(page)
    expect(page.get_by_text("Selected: Okehampton")).to_be_visible()
    for heading in ("Issues ranked: Okehampton", "What comes with it: Okehampton", "Trend: Okehampton"):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(area(frame, "okehampton")).to_have_attribute("aria-pressed", "true")
    address_says(page, area="okehampton")


def test_filters_come_along_from_the_map_and_its_own_choices_stay_there(page: Page, app: str) -> None:
    opened(page, f"{app}/map?indicator=re_referrals&sex=F&level=locality")
    page.get_by_role("link", name="Issues from assessments").click()
    expect(page.get_by_role("heading", name="Issues from assessments")).to_be_visible()
    settled(page)
    expect(page.get_by_text("by planning area, sex: Female")).to_be_visible()
    address_says(page, sex="F", level="planning_area")
    area(page.frame_locator("iframe[title*='st_folium']"), "okehampton").click()
    settled(page)
    page.get_by_role("link", name="Map of need").first.click()
    settled(page)
    address_says(page, sex="F", level="locality", area=None, issue=None)


@pytest.mark.parametrize("width", [360, 1024, 1920])
def test_nothing_is_cut_off_at_any_width(page: Page, app: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    opened(page, f"{app}/issues?area=bideford")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
