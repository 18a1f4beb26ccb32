"""A real Chromium on the real app, with nothing beyond this machine to be had."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, WebSocket

from tests.browser.chromium import chromium
from tests.browser.server import ROOT, running_app

HERE = {"127.0.0.1", "localhost", "[::1]"}
SHOTS = ROOT / "build" / "browser"
# Opened at a path of its own, the page asks for these below that path before it finds them at the root: Streamlit's way.
STREAMLITS_SEARCH = re.compile(r"/[^/]+/_stcore/(health|host-config)$")
FAILED = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture(scope="session")
def app(demonstration: Path) -> Iterator[str]:
    """The address of the app, running on the demonstration; without a slash at its end."""
    with running_app(demonstration) as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh page, 1400 x 900. A test that ends with a console error or a request beyond this machine has failed."""
    outside: list[str] = []
    errors: list[str] = []

    def elsewhere(url: str) -> bool:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc.rsplit(":", 1)[0] not in HERE

    def refuse(route: Route) -> None:
        outside.append(route.request.url)
        route.abort()

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and not STREAMLITS_SEARCH.search(message.location["url"]):
            errors.append(f"{message.text} ({message.location['url']})")

    def opened(socket: WebSocket) -> None:
        if elsewhere(socket.url):
            outside.append(socket.url)

    context = browser.new_context(viewport={"width": 1400, "height": 900}, service_workers="block", locale="en-GB")
    context.route(elsewhere, refuse)
    opened_page = context.new_page()
    opened_page.on("console", heard)
    opened_page.on("pageerror", lambda error: errors.append(str(error)))
    opened_page.on("websocket", opened)
    yield opened_page
    if request.node.stash.get(FAILED, False) or outside or errors:
        SHOTS.mkdir(parents=True, exist_ok=True)
        opened_page.screenshot(path=SHOTS / f"{request.node.name}.png".replace("/", "-"), full_page=True)
    context.close()
    assert not outside, f"the page asked for something beyond this machine: {outside}"
    assert not errors, f"the browser's console has errors: {errors}"
