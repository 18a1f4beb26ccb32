"""What people do on the map page, in a real browser with nothing beyond this machine to be had."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, FrameLocator, Locator, Page, TimeoutError, expect  # noqa: A004  Playwright's own name

MANY_SECONDS = 60_000  # a cold server on a busy machine
SAYS = """wanted => {
    const asked = new URLSearchParams(location.search);
    return Object.entries(wanted).every(([key, value]) => asked.get(key) === value);
}"""
STILL = """() => {
    const running = document.querySelector("[data-testid=stApp]")?.dataset.testScriptState !== "notRunning";
    window.stillSince = running ? undefined : window.stillSince ?? Date.now();
    return Date.now() - window.stillSince > 500;
}"""


def opened(page: Page, url: str) -> FrameLocator:
    """The page at an address, and its map once it is drawn."""
    page.goto(url)
    frame = page.frame_locator("iframe[title*='st_folium']")
    expect(frame.locator(".csc-legend h2")).not_to_be_empty(timeout=MANY_SECONDS)
    settled(page)
    return frame


def settled(page: Page) -> None:
    """Wait until the app has run and the page has stood still for half a second: a map just drawn may ask for one run more."""
    page.wait_for_timeout(100)  # for the app to begin
    page.evaluate("delete window.stillSince")
    page.wait_for_function(STILL, polling=50, timeout=MANY_SECONDS)


def area(frame: FrameLocator, id: str) -> Locator:
    return frame.locator(f"path[data-area='{id}']")


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def address_says(page: Page, **wanted: str | None) -> None:
    """Wait until the address has these choices; None: until it does not have that one. It follows a moment after the page."""
    page.wait_for_function(SAYS, arg=wanted, timeout=MANY_SECONDS)


def choose(page: Page, label: str, option: str) -> None:
    """Open the list and take an option; a run of the app that comes in between can close the list, and then it is opened again."""
    offered = page.get_by_role("option", name=option, exact=True)
    for _ in range(5):
        page.get_by_role("combobox", name=label).first.click()
        try:
            offered.click(timeout=5_000)
            break
        except TimeoutError:
            page.keyboard.press("Escape")
    else:
        raise AssertionError(f"{label} does not offer {option}.")
    settled(page)


def fills(frame: FrameLocator) -> dict[str, str | None]:
    paths = frame.locator("path[data-area]")
    return {str(path.get_attribute("data-area")): path.get_attribute("fill") for path in paths.all()}


def test_every_district_is_drawn_and_named(page: Page, app: str) -> None:
    frame = opened(page, f"{app}/map")
    assert len(fills(frame)) == 62
    labels = [path.get_attribute("aria-label") or "" for path in frame.locator("path[data-area]").all()]
    assert all(len(label) > 10 for label in labels)
    assert any("per 10,000" in label and "95% interval" in label for label in labels)


def test_changing_the_indicator_recolours_and_keeps_zoom_and_centre(page: Page, app: str) -> None:
    frame = opened(page, f"{app}/map")
    frame.get_by_role("button", name="Zoom in").click()
    page.wait_for_timeout(1_000)
    before, where = fills(frame), area(frame, "EX17").bounding_box()
    choose(page, "Indicator", "Re-referrals within 12 months")
    expect(frame.locator(".csc-legend h2")).to_have_text(re.compile("Re-referrals"))
    assert fills(frame) != before
    assert area(frame, "EX17").bounding_box() == pytest.approx(where)
    address_says(page, indicator="re_referrals")


def test_a_click_selects_on_the_map_in_the_words_and_in_the_address_and_a_second_one_takes_it_back(page: Page, app: str) -> None:
    frame = opened(page, f"{app}/map")
    area(frame, "EX17").click()
    settled(page)
    expect(page.get_by_text("Selected: EX17 Crediton")).to_be_visible()
    expect(page.get_by_role("heading", name="Trend: EX17 Crediton")).to_be_visible()
    expect(area(frame, "EX17")).to_have_attribute("aria-pressed", "true")
    address_says(page, area="EX17")
    area(frame, "EX17").click()
    settled(page)
    expect(page.get_by_text("No area is selected")).to_be_visible()
    address_says(page, area=None)


def test_an_address_opened_afresh_shows_the_same(page: Page, browser: Browser, app: str) -> None:
    frame = opened(page, f"{app}/map")
    choose(page, "Areas", "Planning area")
    choose(page, "Home locality", "Exeter")
    area(frame, "exeter-north").focus()
    page.keyboard.press("Enter")
    settled(page)
    sentence = page.get_by_text("Selected:").inner_text()
    again = browser.new_page()
    try:
        copy = opened(again, page.url)
        assert again.get_by_text("Selected:").inner_text() == sentence
        assert fills(copy) == fills(frame)
        assert again.url == page.url
    finally:
        again.close()


def test_a_row_of_the_table_selects_on_the_map(page: Page, app: str) -> None:
    frame = opened(page, f"{app}/map")
    table = page.get_by_test_id("stDataFrame").first
    box = table.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 15, box["y"] + 37 + 16)  # the check box of the first row: a canvas has no elements
    settled(page)
    page.wait_for_url(re.compile("[?&]area="))
    (chosen,) = asked(page)["area"]
    expect(area(frame, chosen)).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text(re.compile(f"Selected: {chosen} "))).to_be_visible()


def test_the_map_can_be_used_with_the_keyboard_alone(page: Page, app: str) -> None:
    frame = opened(page, f"{app}/map")
    frame.locator("path[data-area][tabindex='0']").focus()
    for key in ("ArrowRight", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    settled(page)
    page.wait_for_url(re.compile("[?&]area="))
    (chosen,) = asked(page)["area"]
    expect(area(frame, chosen)).to_have_attribute("aria-pressed", "true")


def test_filters_survive_moving_between_pages(page: Page, app: str) -> None:
    opened(page, f"{app}/map")
    choose(page, "Home locality", "Northern Devon")
    page.get_by_role("link", name="Overview").click()
    settled(page)
    expect(page.get_by_role("heading", name="Children's social care in Devon")).to_be_visible()
    assert urlsplit(page.url).path == "/"
    expect(page.get_by_text("home locality: Northern Devon").first).to_be_visible()
    page.get_by_role("link", name="Map of need").first.click()
    settled(page)
    address_says(page, locality="northern-devon")


def test_a_made_up_address_gets_sentences(page: Page, app: str) -> None:
    opened(page, f"{app}/map?area=XX99&indicator=drop")
    expect(page.get_by_text("There is no indicator")).to_be_visible()
    expect(page.get_by_text("There is no postcode district")).to_be_visible()
    address_says(page, indicator="referral_rate")


@pytest.mark.parametrize("width", [360, 1024, 1920])
def test_nothing_is_cut_off_at_any_width(page: Page, app: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    frame = opened(page, f"{app}/map")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    drawn = "[...document.querySelectorAll('path[data-area]')].every(path => path.getBoundingClientRect().bottom <= {} + 1)"
    top = "document.querySelector('.csc-legend').getBoundingClientRect().top"
    for _ in range(40):  # the map is drawn once more when it knows its size
        if clear := frame.locator("body").evaluate(f"() => {drawn.format(top)}"):
            break
        page.wait_for_timeout(250)
    assert clear, "the legend covers a part of the county"
    legend, box = frame.locator(".csc-legend").bounding_box(), page.locator("iframe[title*='st_folium']").bounding_box()
    assert legend is not None and box is not None
    assert legend["x"] >= box["x"] and legend["x"] + legend["width"] <= box["x"] + box["width"] + 1


def test_dark_is_dark_on_the_map_too(browser: Browser, app: str) -> None:
    dark = browser.new_page(color_scheme="dark")
    try:
        frame = opened(dark, f"{app}/map")
        sea = frame.locator(".leaflet-container").evaluate("element => getComputedStyle(element).backgroundColor")
        assert sea == "rgb(12, 17, 23)"
    finally:
        dark.close()
