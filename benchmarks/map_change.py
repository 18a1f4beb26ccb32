"""From choosing another indicator to the redrawn map, beside the same page with the map drawn the usual way.

The usual way is `folium.GeoJson` in `st_folium` (plain_app.py): the geometry goes to the browser with every change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, WebSocket

from benchmarks.demonstration import loaded
from benchmarks.measure import Measured
from csc_core.indicators import Indicator
from csc_core.indicators.front_door import FRONT_DOOR
from tests.browser.chromium import chromium
from tests.browser.server import running_app

AREAS = 62
LEAST_RATIO = 3
MOST_BYTES = 25_000
CHOSEN = [one for one in FRONT_DOOR if one.unit != "count"]  # drawn in colours, each with areas enough to differ
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


@dataclass(frozen=True)
class Change:
    """What a change costs: milliseconds to the redrawn map, bytes up to the map's own, bytes of the whole page."""

    wait: float
    to_map: float
    whole: float


@dataclass
class Visit:
    """A page with the map open, the colours it shows, and what has come over its websocket since this was last emptied."""

    page: Page
    fills: str = ""
    frames: list[bytes] = field(default_factory=list)


def measure(data: Path) -> Sequence[Measured]:
    """Every indicator drawn in colours, by postcode district, is chosen twice on both pages in turn; medians of each round.

    Figures are kept for all readers of a snapshot, so the wait of the second round is what most changes take; nothing but
    the map differs between the two pages then. Bytes are those of the first round, since a browser is not sent again what
    it has: over the websocket, both ways, up to the map's own.
    """
    loaded(data)
    with chromium() as browser, running_app(data) as ours, running_app(data, streamlit="benchmarks.plain_app") as plain:
        visits = (_open(browser, ours), _open(browser, plain))
        first, second = ([[_change(visit, indicator) for visit in visits] for indicator in CHOSEN] for _ in range(2))
    here_first, there_first = (_medians(changes) for changes in zip(*first, strict=True))
    here, there = (_medians(changes) for changes in zip(*second, strict=True))
    faster = there.wait / here.wait
    return (
        Measured(
            what="indicator change to redrawn map",
            ours=f"{here.wait:.0f} ms",
            beside=f"plain GeoJson in st_folium {there.wait:.0f} ms",
            ratio=faster,
            promise=f"at least {LEAST_RATIO}x",
            kept=faster >= LEAST_RATIO,
        ),
        Measured(
            what="  sent for it",
            ours=f"{here_first.to_map / 1000:.1f} KB",
            beside=f"plain GeoJson in st_folium {there_first.to_map / 1000:.1f} KB",
            ratio=there_first.to_map / here_first.to_map,
            promise=f"at most {MOST_BYTES / 1000:.0f} KB",
            kept=here_first.to_map <= MOST_BYTES,
        ),
        Measured(
            what="  sent with the rest of the page",
            ours=f"{here_first.whole / 1000:.1f} KB",
            beside=f"plain GeoJson in st_folium {there_first.whole / 1000:.1f} KB",
            ratio=there_first.whole / here_first.whole,
        ),
        Measured(
            what="  the first time anyone asks",
            ours=f"{here_first.wait:.0f} ms",
            beside=f"plain GeoJson in st_folium {there_first.wait:.0f} ms",
            ratio=there_first.wait / here_first.wait,
        ),
    )


def _open(browser: Browser, url: str) -> Visit:
    visit = Visit(browser.new_page(viewport={"width": 1400, "height": 900}))
    visit.page.on("websocket", lambda socket: _listen(socket, visit.frames))
    visit.page.add_init_script("addEventListener('pointerdown', () => { window.chosenAt = Date.now() }, true)")
    visit.page.goto(f"{url}/map?indicator={CHOSEN[-1].id}")
    visit.fills = wait_for_map(visit.page).fills
    return visit


def _change(visit: Visit, indicator: Indicator) -> Change:
    page = visit.page
    page.bring_to_front()
    _quiet(visit)
    page.get_by_role("combobox", name="Indicator").click()
    option = page.get_by_role("option", name=indicator.title, exact=True)
    option.wait_for()
    visit.frames.clear()
    option.click()
    drawn = wait_for_map(page, visit.fills)
    wait = drawn.at - page.evaluate("window.chosenAt")
    visit.fills = drawn.fills
    _quiet(visit)
    return Change(wait, _up_to_the_map(visit.frames), sum(map(len, visit.frames)))


def _medians(changes: Sequence[Change]) -> Change:
    return Change(*(median(getattr(change, one.name) for change in changes) for one in fields(Change)))


def _up_to_the_map(frames: Sequence[bytes]) -> int:
    ends = [place for place, frame in enumerate(frames) if b"streamlit_folium" in frame]
    return sum(map(len, frames[: ends[-1] + 1]))


def _quiet(visit: Visit) -> None:
    """Wait until nothing has come over the websocket for half a second."""
    seen = -1
    while seen != len(visit.frames):
        seen = len(visit.frames)
        visit.page.wait_for_timeout(500)


def _listen(socket: WebSocket, frames: list[bytes]) -> None:
    for direction in ("framereceived", "framesent"):
        socket.on(direction, lambda payload: frames.append(payload if isinstance(payload, bytes) else payload.encode()))
