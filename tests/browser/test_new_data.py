"""A snapshot published while somebody looks at a page, in a real browser."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from csc_core.load import load
from csc_core.tables import quiet
from tests.browser.server import running_app
from tests.browser.test_journeys import MANY_SECONDS, address_says, choose, opened, settled
from tests.pages.test_fresh_data import without
from tests.small_county import records


def test_a_page_open_while_data_are_published_goes_on_with_the_new_data_and_its_filters(page: Page, tmp_path: Path) -> None:
    load(records(), tmp_path, quiet)
    with running_app(tmp_path) as app:
        opened(page, f"{app}/map?indicator=referrals&period=2017-12&locality=exeter&audience=manager")
        expect(page.get_by_text("1 of 1 referrals are on the map.")).to_be_visible(timeout=MANY_SECONDS)
        load(without("R03"), tmp_path, quiet)
        settled(page)
        expect(page.get_by_text("1 of 1 referrals are on the map.")).to_be_visible()  # nothing has been touched: nothing has moved
        choose(page, "Areas", "Planning area")
        expect(page.get_by_text("1 of 1 referrals are on the map.")).to_have_count(0, timeout=MANY_SECONDS)
        address_says(page, locality="exeter", period="2017-12", level="planning_area")
        expect(page.get_by_text("by planning area, home locality: Exeter")).to_be_visible()
