"""From `streamlit run` to the first map drawn in a browser, beside an empty Streamlit page started the same way."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser

from benchmarks.demonstration import loaded
from benchmarks.map_change import wait_for_map
from benchmarks.measure import Measured, once
from tests.browser.chromium import chromium
from tests.browser.server import running_app

EMPTY = 'import streamlit as st\nst.title("ready")\n'


def measure(data: Path) -> Sequence[Measured]:
    """The median of three starts, each with a new server and a browser that has cached nothing."""
    loaded(data)
    with chromium() as browser, TemporaryDirectory() as folder:
        script = Path(folder) / "empty.py"
        script.write_text(EMPTY, "utf-8")
        ours = median(once(lambda: _first_map(browser, data)) for _ in range(3))
        empty = median(once(lambda: _empty_page(browser, data, script)) for _ in range(3))
    return (Measured("cold start to the first map", f"{ours:.1f} s", f"an empty Streamlit page {empty:.1f} s"),)


def _first_map(browser: Browser, data: Path) -> None:
    with running_app(data) as url:
        page = browser.new_page()
        page.goto(f"{url}/map")
        wait_for_map(page)
        page.close()


def _empty_page(browser: Browser, data: Path, script: Path) -> None:
    with running_app(data, str(script)) as url:
        page = browser.new_page()
        page.goto(url)
        page.get_by_role("heading", name="ready").wait_for()
        page.close()
