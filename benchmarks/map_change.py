"""From choosing another indicator to the redrawn map, beside the same page with the map drawn the usual way.

The usual way is `folium.GeoJson` in `st_folium` (plain_app.py): the geometry goes to the browser with every change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, WebSocket

from benchmarks.demonstration import loaded
from benchmarks.measure import Measured
from csc_core.indicators import INDICATORS
from tests.browser.chromium import chromium
from tests.browser.server import running_app

AREAS = 62
LEAST_RATIO = 3
MOST_BYTES = 25_000
CHOSEN = [one for one in INDICATORS.values() if one.unit != "count"]
# From the page itself, since the usual way loads the map's frame anew with every change.
DRAWN = """([areas, before]) => {
    const map = document.querySelector('iframe[title="streamlit_folium.st_folium"]')?.contentDocument;
    const fills = [...map?.querySelectorAll("path.leaflet-interactive") ?? []].map(path => path.getAttribute("fill"));
    return fills.length >= areas && fills.join() !== before && {fills: fills.join(), at: Date.now()};
}"""


@dataclass(frozen=True)
class Drawn:
    """The colours of the areas, in the order drawn, and when they stood there (milliseconds)."""

    fills: str
    at: float


def wait_for_map(page: Page, before: str = "") -> Drawn:
    """Wait until every area is drawn, and not with the colours of before."""
    return Drawn(**page.wait_for_function(DRAWN, arg=[AREAS, before], polling="raf").json_value())


def measure(data: Path) -> Sequence[Measured]:
    """Every indicator drawn in colours, by postcode district, is chosen twice; medians of the first and the second round.

    Figures are kept for all readers of a snapshot, so the second round is what most changes are; nothing but the map
    differs between the two pages then. Bytes are those over the websocket, both ways, up to the map's own.
    """
    loaded(data)
    with chromium() as browser:
        ours_first, ours = _rounds(browser, data, "streamlit")
        plain_first, plain = _rounds(browser, data, "benchmarks.plain_app")
    faster, smaller = plain.wait / ours.wait, plain.to_map / ours.to_map
    return (
        Measured(
            what="indicator change to redrawn map",
            ours=f"{ours.wait:.0f} ms",
            beside=f"plain GeoJson in st_folium {plain.wait:.0f} ms",
            ratio=faster,
            promise=f"at least {LEAST_RATIO}x",
            kept=faster >= LEAST_RATIO,
        ),
        Measured(
            what="  sent for it",
            ours=f"{ours.to_map / 1000:.1f} KB",
            beside=f"plain GeoJson in st_folium {plain.to_map / 1000:.1f} KB",
            ratio=smaller,
            promise=f"at most {MOST_BYTES / 1000:.0f} KB",
            kept=ours.to_map <= MOST_BYTES,
        ),
        Measured(
            what="  sent with the rest of the page",
            ours=f"{ours.whole / 1000:.1f} KB",
            beside=f"plain GeoJson in st_folium {plain.whole / 1000:.1f} KB",
            ratio=plain.whole / ours.whole,
        ),
        Measured(
            what="  the first time anyone asks",
            ours=f"{ours_first.wait:.0f} ms",
            beside=f"plain GeoJson in st_folium {plain_first.wait:.0f} ms",
            ratio=plain_first.wait / ours_first.wait,
        ),
    )


@dataclass(frozen=True)
class Change:
    """What a change costs: milliseconds to the redrawn map, bytes up to the map's own, bytes of the whole page."""

    wait: float
    to_map: float
    whole: float


def _rounds(browser: Browser, data: Path, streamlit: str) -> tuple[Change, Change]:
    frames: list[bytes] = []
    with running_app(data, streamlit=streamlit) as url:
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.on("websocket", lambda socket: _listen(socket, frames))
        page.add_init_script("addEventListener('pointerdown', () => { window.chosenAt = Date.now() }, true)")
        page.goto(f"{url}/map?indicator={CHOSEN[-1].id}")
        drawn = wait_for_map(page)
        rounds = []
        for _ in range(2):
            changes = []
            for indicator in CHOSEN:
                _quiet(page, frames)
                page.get_by_role("combobox", name="Indicator").click()
                option = page.get_by_role("option", name=indicator.title, exact=True)
                option.wait_for()
                frames.clear()
                option.click()
                drawn = wait_for_map(page, drawn.fills)
                wait = drawn.at - page.evaluate("window.chosenAt")
                _quiet(page, frames)
                changes.append(Change(wait, _up_to_the_map(frames), sum(map(len, frames))))
            rounds.append(Change(*(median(getattr(change, one.name) for change in changes) for one in fields(Change))))
        page.close()
    return rounds[0], rounds[1]


def _up_to_the_map(frames: Sequence[bytes]) -> int:
    ends = [place for place, frame in enumerate(frames) if b"streamlit_folium" in frame]
    return sum(map(len, frames[: ends[-1] + 1]))


def _quiet(page: Page, frames: Sequence[bytes]) -> None:
    """Wait until nothing has come over the websocket for half a second."""
    seen = -1
    while seen != len(frames):
        seen = len(frames)
        page.wait_for_timeout(500)


def _listen(socket: WebSocket, frames: list[bytes]) -> None:
    for direction in ("framereceived", "framesent"):
        socket.on(direction, lambda payload: frames.append(payload if isinstance(payload, bytes) else payload.encode()))
