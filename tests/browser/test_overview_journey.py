"""From a headline to what it means and back, in a real browser: the period chosen goes along."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_journeys import MANY_SECONDS, address_says, settled


def opened(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.get_by_test_id("stMetric").first).to_be_visible(timeout=MANY_SECONDS)
    settled(page)


def test_a_headline_leads_to_its_definition_and_back(page: Page, app: str) -> None:
    opened(page, f"{app}/")
    page.get_by_role("combobox", name="Period").first.fill("November 2017")  # the list is long, and drawn as far as it is seen
    page.get_by_role("option", name="November 2017", exact=True).click()
    settled(page)
    card = page.get_by_test_id("stVerticalBlock").filter(has=page.get_by_test_id("stMetric")).filter(has_text="In 45 working days").last
    expect(card.get_by_text("Target 85%: missed")).to_be_visible()
    card.get_by_role("link", name="Definition").click()
    settled(page)
    expect(page.get_by_role("heading", name="Assessments completed within 45 working days")).to_be_visible()
    address_says(page, indicator="assessments_in_45_days", period="2017-11")
    expect(page.get_by_text("76.6% is 8.4 percentage points below the target of 85%")).to_be_visible()
    page.get_by_role("button", name="Show all definitions").click()
    settled(page)
    page.get_by_role("textbox", name="Search").fill("re-referral earlier")
    page.get_by_role("textbox", name="Search").press("Enter")
    settled(page)
    expect(page.get_by_text("Re-referrals within 12 months", exact=True)).to_be_visible()
    page.get_by_role("link", name="Overview").click()
    settled(page)
    expect(page.get_by_text("November 2017", exact=True).first).to_be_visible()
    expect(page.get_by_test_id("stMetric").first).to_contain_text("5,262")


@pytest.mark.parametrize(("width", "across"), [(360, 1), (1024, 2), (1400, 4), (2400, 4)])
def test_headlines_stand_at_most_four_across_and_nothing_is_cut_off(page: Page, app: str, width: int, across: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    opened(page, f"{app}/")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    cards = page.locator(".st-key-stand_cases").get_by_test_id("stMetric")
    tops = cards.evaluate_all("cards => cards.map(card => Math.round(card.getBoundingClientRect().top))")  # all at one moment
    assert len(tops) == 4 and tops.count(tops[0]) == across
