"""From choosing another indicator to the redrawn map, beside the same page with the map drawn the usual way.

The usual way is `folium.GeoJson` in `st_folium` (plain_app.py): the geometry goes to the browser with every change. What
such a map asks public servers for is handed to it from memory, so no network slows it down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import files
from itertools import cycle, islice
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Frame, Page, Route, WebSocket

from benchmarks.demonstration import loaded
from benchmarks.measure import Measured
from csc_core.indicators import INDICATORS
from tests.browser.chromium import chromium
from tests.browser.server import running_app

AREAS = 62
CHANGES = 8
LEAST_RATIO = 3
MOST_BYTES = 25_000
BETWEEN = ("assessment_rate", "referral_rate")  # two rates by postcode district, so that every area may change colour
FRAME = 'iframe[title="streamlit_folium.st_folium"]'
DRAWN = """([areas, before]) => {
    const fills = [...document.querySelectorAll("path.leaflet-interactive")].map(path => path.getAttribute("fill"));
    return fills.length >= areas && fills.join() !== before && {fills: fills.join(), at: Date.now()};
}"""


@dataclass(frozen=True)
class Drawn:
    """The colours of the areas, in the order drawn, and when they stood there (milliseconds)."""

    fills: str
    at: float


def frame_of_map(page: Page) -> Frame:
    frame = page.locator(FRAME).element_handle().content_frame()
    if frame is None:
        raise RuntimeError("The page has no map.")
    return frame


def wait_for_map(frame: Frame, before: str = "") -> Drawn:
    """Wait until every area is drawn, and not with the colours of before."""
    return Drawn(**frame.wait_for_function(DRAWN, arg=[AREAS, before], polling="raf").json_value())


def measure(data: Path) -> Sequence[Measured]:
    """The median of several changes to and fro, on each page the first one left out."""
    loaded(data)
    with chromium() as browser:
        ours, ours_bytes = _changes(browser, data, "streamlit")
        plain, plain_bytes = _changes(browser, data, "benchmarks.plain_app")
    faster = plain / ours
    return (
        Measured(
            what="indicator change to redrawn map",
            ours=f"{ours:.0f} ms",
            beside=f"plain GeoJson in st_folium {plain:.0f} ms",
            ratio=faster,
            promise=f"at least {LEAST_RATIO}x",
            kept=faster >= LEAST_RATIO,
        ),
        Measured(
            what="sent for each change",
            ours=f"{ours_bytes / 1000:.1f} KB",
            beside=f"plain GeoJson in st_folium {plain_bytes / 1000:.1f} KB",
            ratio=plain_bytes / ours_bytes,
            promise=f"at most {MOST_BYTES / 1000:.0f} KB",
            kept=ours_bytes <= MOST_BYTES,
        ),
    )


def _changes(browser: Browser, data: Path, streamlit: str) -> tuple[float, float]:
    """Milliseconds and bytes over the websocket (both ways) of a change, medians."""
    times: list[float] = []
    sizes: list[int] = []
    frames: list[int] = []
    with running_app(data, streamlit=streamlit) as url:
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.route(lambda address: not address.startswith(("http://127.0.0.1", "data:", "blob:")), _from_memory)
        page.on("websocket", lambda socket: _listen(socket, frames))
        page.add_init_script("addEventListener('pointerdown', () => { window.chosenAt = Date.now() }, true)")
        page.goto(f"{url}/map?indicator={BETWEEN[1]}")
        drawn = wait_for_map(frame_of_map(page))
        for indicator in islice(cycle(BETWEEN), CHANGES + 1):
            _quiet(page, frames)
            page.get_by_role("combobox", name="Indicator").click()
            option = page.get_by_role("option", name=INDICATORS[indicator].title, exact=True)
            option.wait_for()
            frames.clear()
            option.click()
            drawn = wait_for_map(frame_of_map(page), drawn.fills)
            times.append(drawn.at - page.evaluate("window.chosenAt"))
            _quiet(page, frames)
            sizes.append(sum(frames))
        page.close()
    return median(times[1:]), median(sizes[1:])


def _quiet(page: Page, frames: list[int]) -> None:
    """Wait until nothing has come over the websocket for half a second."""
    seen = -1
    while seen != len(frames):
        seen = len(frames)
        page.wait_for_timeout(500)


def _listen(socket: WebSocket, frames: list[int]) -> None:
    socket.on("framereceived", lambda payload: frames.append(len(payload)))
    socket.on("framesent", lambda payload: frames.append(len(payload)))


def _from_memory(route: Route) -> None:
    """Leaflet for whoever asks for it, nothing for the rest (jQuery, Bootstrap, icons: unused by the map)."""
    name = route.request.url.rsplit("/", 1)[-1]
    content = next((file.locate() for file in files("django-js-lib-leaflet") or () if file.name == name), None)
    kind = "text/css" if name.endswith(".css") else "text/javascript"
    route.fulfill(body=Path(str(content)).read_bytes() if content else b"", content_type=kind)
