"""The polygons of each level as GeoJSON, in longitude and latitude (EPSG:4326).

The committed ones are made by `geo.build` and indicative. Official ones can be put in place by file: a folder with any of
`county.geojson`, `locality.geojson`, `lad.geojson`, `planning_area.geojson`, `postcode_district.geojson`, named by the
environment variable GEO_BOUNDARIES. Each feature needs the property `id`, with the ids of `geo.areas`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from geo.areas import DATA, LEVELS, areas

FOLDER = "GEO_BOUNDARIES"
FILES = {level: level for level in LEVELS} | {"district": "postcode_district", "context": "context", "land": "land"}

_UK = (-9.0, 49.0, 3.0, 62.0)  # degrees: what lies outside is in another reference system, most likely metres


def boundaries(level: str, folder: Path | None = None) -> dict[str, Any]:
    """A GeoJSON FeatureCollection; it is kept and shared, so do not change it.

    `level` is one of LEVELS, or `context` (other councils inside the county's outline) or `land` (neighbouring land).
    Features of a level have the properties `id`, `title`, `share_in_county` (0-1) and `at` ([latitude, longitude]: where
    the area's name is written). Raises KeyError for another level, ValueError with a sentence for a file that cannot be used.
    """
    name = f"{FILES[level]}.geojson"
    if folder is None and os.environ.get(FOLDER):
        folder = Path(os.environ[FOLDER])
    own = folder / name if folder else None
    return _read(own if own and own.exists() else DATA / "boundaries" / name, level)


@cache
def _read(file: Path, level: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(file.read_text("utf-8"))
        features = found["features"]
        ids = [str(feature["properties"]["id"]) for feature in features]
        rings = [list(_outer_rings(feature["geometry"])) for feature in features]
    except (OSError, ValueError, KeyError, TypeError):
        raise ValueError(f"{file} is not a GeoJSON file of polygons with the property id.") from None
    west, south, east, north = _UK
    if any(not (west < x < east and south < y < north) for x, y, *_ in (ring[0] for shape in rings for ring in shape)):
        raise ValueError(f"{file} is not in longitude and latitude (EPSG:4326); convert it.")
    if level in LEVELS:
        _require_areas(file, level, ids)
        known = areas(level)
        for feature, shape in zip(features, rings, strict=True):
            area = known.loc[feature["properties"]["id"]]
            feature["properties"] |= {"title": area["title"], "share_in_county": round(float(area["share_in_county"]), 4)}
            feature["properties"].setdefault("at", _middle(max(shape, key=len)))
    return found


def _require_areas(file: Path, level: str, ids: list[str]) -> None:
    known = set(areas(level).index)
    wrong = sorted(known.symmetric_difference(ids))
    if wrong or len(ids) != len(known):
        raise ValueError(
            f"{file} must have each of the {len(known)} {LEVELS[level].plural} of geo.areas once; "
            f"look at {', '.join(wrong[:5]) or 'those it repeats'}."
        )


def _outer_rings(geometry: dict[str, Any]) -> Iterable[list[list[float]]]:
    if geometry["type"] not in ("Polygon", "MultiPolygon"):
        raise ValueError(geometry["type"])
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return (polygon[0] for polygon in polygons)


def _middle(ring: list[list[float]]) -> list[float]:
    """[latitude, longitude] of the middle of the ring's box: good enough for a file that does not say where its names go."""
    x, y = [point[0] for point in ring], [point[1] for point in ring]
    return [round((min(y) + max(y)) / 2, 5), round((min(x) + max(x)) / 2, 5)]
