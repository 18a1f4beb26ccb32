"""The same app with its map drawn the usual way: `python -m benchmarks.plain_app run streamlit_app.py ...`.

In place of geometry sent once and colours sent on a change: a folium map with one `folium.GeoJson`, given to `st_folium`
whole on every run. Everything else on the page is the app's own.
"""

from __future__ import annotations

import copy
from typing import Any

import folium
import streamlit_folium
from streamlit.web.cli import main

from geo import choropleth
from geo.boundaries import boundaries

given_to_streamlit = streamlit_folium.st_folium


def usual_map(_base: folium.Map, *, feature_group_to_add: dict[str, Any], **options: Any) -> Any:
    """Called by the page in place of `st_folium`; `feature_group_to_add` is the state of the choropleth."""
    areas = feature_group_to_add["areas"]
    features = copy.deepcopy(boundaries(feature_group_to_add["level"]))
    for feature in features["features"]:
        fill, lines, _ = areas[feature["properties"]["id"]]
        feature["properties"] |= {"fill": fill if fill.startswith("#") else "#bbbbbb", "words": "\n".join(lines)}
    drawn = folium.Map(location=[50.72, -3.8], zoom_start=9, tiles=None)
    folium.GeoJson(
        features,
        style_function=lambda feature: {"fillColor": feature["properties"]["fill"], "color": "#10161d", "weight": 0.8, "fillOpacity": 1},
        tooltip=folium.GeoJsonTooltip(["words"], labels=False),
    ).add_to(drawn)
    return given_to_streamlit(drawn, **options)


if __name__ == "__main__":
    choropleth.drawing = choropleth.state  # type: ignore[assignment]
    streamlit_folium.st_folium = usual_map
    main()
