"""The same app with its map drawn the usual way: `python -m benchmarks.plain_app run streamlit_app.py ...`.

In place of geometry sent once and colours sent on a change: a folium map that draws the same picture (neighbouring land and
councils, the areas, the outlines of localities and county) by one `folium.GeoJson` each, given to `st_folium` whole on every
run. Labels and legend are left out, and so are the eight other files that folium loads by default, which favours it.
Everything else on the page is the app's own; Leaflet comes from the app's own files here too, so that no network counts
against it.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Mapping

import folium
from streamlit.web.cli import main

from geo import choropleth
from geo.boundaries import boundaries

run = threading.local()  # a page asks for the map first, then for what is drawn on it


def usual_base(assets: Mapping[str, str], *_: str | None) -> folium.Map:
    plain = folium.Map(location=[50.72, -3.8], zoom_start=9, tiles=None)
    plain.default_js = [("leaflet.js", assets["leaflet.js"])]
    plain.default_css = [("leaflet.css", assets["leaflet.css"])]
    run.map = plain
    return plain


def usual_drawing(asked: choropleth.Choropleth) -> None:
    """Put the areas on the map itself, so that there is nothing to add to it."""
    areas = choropleth.state(asked)["areas"]
    features = copy.deepcopy(boundaries(asked.level))
    for feature in features["features"]:
        fill, lines, _ = areas[feature["properties"]["id"]]
        feature["properties"] |= {"fill": fill if fill.startswith("#") else "#bbbbbb", "words": "\n".join(lines)}
    for beneath in ("land", "context"):
        _layer(beneath, "#f4f2ed")
    folium.GeoJson(
        features,
        style_function=lambda feature: {"fillColor": feature["properties"]["fill"], "color": "#10161d", "weight": 0.8, "fillOpacity": 1},
        tooltip=folium.GeoJsonTooltip(["words"], labels=False),
    ).add_to(run.map)
    for outline in ("locality", "county"):
        _layer(outline, None)


def _layer(name: str, fill: str | None) -> None:
    style = {"color": "#10161d", "weight": 1, "fill": fill is not None, "fillColor": fill, "fillOpacity": 1}
    folium.GeoJson(copy.deepcopy(boundaries(name)), style_function=lambda _: style, interactive=False).add_to(run.map)


if __name__ == "__main__":
    choropleth.base = usual_base  # type: ignore[assignment]
    choropleth.drawing = usual_drawing  # type: ignore[assignment]
    main()
