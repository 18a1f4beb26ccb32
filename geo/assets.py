"""What the map needs in the browser, put where the app serves it, so that nothing comes from another host.

`static/` is made, not kept: Leaflet from the pinned PyPI package `django-js-lib-leaflet` (its files only; Django is not
needed), the font from Streamlit's own files, the map's script and style from `geo/static`, and the boundaries as a script.
Each file's name carries a hash of its content, because static files are served without an expiry: a browser keeps what it
has, and asks for the new name when the content changes.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from geo.areas import DATA, LEVELS, areas
from geo.boundaries import boundaries
from geo.colours import DARK, LIGHT

OWN = Path(__file__).parent / "static"
# st_folium's frame is served two folders below the app, so this reaches the app's static files wherever the app is mounted.
SERVED = "../../app/static/"
FONT = "source-sans.woff2"
KEPT_SECONDS = 24 * 60 * 60
_OURS = re.compile(r"(leaflet|map|geometry|source-sans)-[0-9a-f]{12}\.(js|css|woff2)|\.publishing-\w+")


class AssetMissing(Exception):
    """A file of the map is not installed; the message is one sentence saying which and what to do."""


def publish(static: Path) -> Mapping[str, str]:
    """Write the map's files into `static`, the folder the app serves; returns each one's address by its plain name.

    Names: leaflet.js, leaflet.css, map.js, map.css, geometry.js, source-sans.woff2. Safe to call again, and by several
    processes at once: a file is written only when missing or different, under another name first. It also marks them as in
    use, and removes those that no call has marked for a day: until then another process may serve a page that asks for them.
    Call it now and then while the app runs. Raises AssetMissing, OSError.
    """
    static.mkdir(parents=True, exist_ok=True)
    served: dict[str, str] = {}
    for name, content in _contents():
        stem, suffix = name.rsplit(".", 1)
        if name == "map.css":
            content = content.replace(FONT.encode(), served[FONT].removeprefix(SERVED).encode()) + _themes().encode()  # noqa: PLW2901
        hashed = f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}.{suffix}"
        _put(static / hashed, content)
        served[name] = SERVED + hashed
    _prune(static, keep={url.removeprefix(SERVED) for url in served.values()})
    return served


def geometry() -> dict[str, Any]:
    """What the script gets: a GeoJSON of each level with the id, title, label and label position of its areas, in the order
    people list them; `land` and `context` (neighbouring councils); `places` as [name, latitude, longitude, kind]."""
    layers = {level: _areas(level) for level in LEVELS} | {name: _bare(boundaries(name)) for name in ("land", "context")}
    places = pd.read_csv(DATA / "places.csv")
    return {**layers, "places": places[["name", "latitude", "longitude", "kind"]].to_numpy().tolist()}


def _areas(level: str) -> dict[str, Any]:
    features = {feature["properties"]["id"]: feature for feature in boundaries(level)["features"]}
    titles = areas(level)["title"]
    return {
        "type": "FeatureCollection",
        "features": [_area(level, area, titles[area], features[area]) for area in titles.index if area in features],
    }


def _area(level: str, area: str, title: str, feature: dict[str, Any]) -> dict[str, Any]:
    label = _label(level, area, title)
    return {**feature, "properties": {"id": area, "title": title, "label": label, "at": feature["properties"]["at"]}}


def _label(level: str, area: str, title: str) -> str:
    """What fits on the map: a district's code, the first town of a planning area, any other area's whole title."""
    return {"district": area, "planning_area": title.partition(" and ")[0]}.get(level, title)


def _bare(collection: dict[str, Any]) -> dict[str, Any]:
    features = [{"type": "Feature", "properties": {}, "geometry": feature["geometry"]} for feature in collection["features"]]
    return {"type": "FeatureCollection", "features": features}


def _themes() -> str:
    """The colours as the style sheet's variables."""
    rules = [
        f"{where} {{{' '.join(f'--csc-{name}: {colour};' for name, colour in asdict(theme).items())}}}"
        for where, theme in ((":root", LIGHT), (":root[data-dark]", DARK))
    ]
    return "\n".join(["", *rules, ""])


def _contents() -> Iterator[tuple[str, bytes]]:
    """Plain name and content of each file; the font first, since the style names it."""
    streamlit, leaflet = _package("streamlit"), _package("js_lib_leaflet")
    yield FONT, _one(streamlit, "static/static/media/SourceSansVF-Upright*.woff2")
    yield "leaflet.js", _one(leaflet, "static/js_lib_leaflet/leaflet.js")
    yield "leaflet.css", _one(leaflet, "static/js_lib_leaflet/leaflet.css")
    yield "map.js", (OWN / "map.js").read_bytes()
    yield "map.css", (OWN / "map.css").read_bytes()
    yield "geometry.js", f"window.CSC_GEO={json.dumps(geometry(), separators=(',', ':'))};".encode()


def _package(name: str) -> Path:
    """The folder of an installed package, found without importing it: js_lib_leaflet would import Django."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise AssetMissing(f"The package {name} is not installed: install requirements.txt again.")
    return Path(spec.submodule_search_locations[0])


def _one(package: Path, pattern: str) -> bytes:
    found = sorted(package.glob(pattern))
    if not found:
        raise AssetMissing(f"{package.name} has no {pattern}: install the release that requirements.txt names.")
    return found[0].read_bytes()


def _put(path: Path, content: bytes) -> None:
    if _holds(path, content):
        with suppress(OSError):  # a read-only folder is fine when it has everything
            os.utime(path)
        return
    temporary = path.with_name(f".publishing-{uuid.uuid4().hex}")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    except PermissionError:  # Windows, while another process writes or serves the same file
        if not _holds(path, content):
            raise
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except OSError:
        return False


def _prune(static: Path, keep: set[str]) -> None:
    for path in static.iterdir():
        if path.name not in keep and _OURS.fullmatch(path.name):
            with suppress(OSError):  # someone else has removed it, or holds it open: the next start tries again
                if time.time() - path.stat().st_mtime > KEPT_SECONDS:
                    path.unlink()
