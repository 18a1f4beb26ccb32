"""The committed polygons: valid, one coverage a layer, layers made of each other, postcodes where they belong."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo.areas import COUNTY, LEVELS, areas, atoms
from geo.boundaries import FILES, FOLDER, boundaries
from geo.population import population
from geo.postcodes import county_postcodes

GRID = "EPSG:27700"  # metres
PUBLISHED_AREA = 6_564e6  # square metres: Devon without Plymouth and Torbay


@cache
def layer(level: str) -> gpd.GeoDataFrame:
    """A layer in degrees, indexed by area id."""
    return gpd.GeoDataFrame.from_features(boundaries(level), crs="EPSG:4326").set_index("id")


@cache
def in_metres(level: str) -> gpd.GeoSeries:
    return layer(level).geometry.to_crs(GRID)


@cache
def live_points() -> gpd.GeoDataFrame:
    """The county's postcodes in use, in degrees."""
    live = county_postcodes().query("not terminated").assign(county=COUNTY)
    return gpd.GeoDataFrame(live, geometry=gpd.points_from_xy(live["easting"], live["northing"], crs=GRID)).to_crs("EPSG:4326")


@pytest.mark.parametrize("level", FILES)
def test_every_polygon_is_valid_and_every_layer_a_coverage(level: str) -> None:
    shapes = layer(level).geometry
    assert shapes.is_valid.all()
    assert set(shapes.geom_type) <= {"Polygon", "MultiPolygon"}
    assert shapely.coverage_is_valid(shapes.to_numpy())


def test_county_its_context_and_neighbours_meet_without_gap_or_overlap() -> None:
    """Sea is the background, so a gap at the border would look like water."""
    shapes = pd.concat([layer(name).geometry for name in ("county", "context", "land")])
    assert shapely.coverage_is_valid(shapes.to_numpy())
    assert list(layer("context")["title"]) == ["Plymouth", "Torbay"]


@pytest.mark.parametrize("level", FILES)
def test_coordinates_have_five_decimals_at_most(level: str) -> None:
    coordinates = shapely.get_coordinates(layer(level).geometry.to_numpy())
    assert np.array_equal(coordinates, coordinates.round(5))


@pytest.mark.parametrize("level", LEVELS)
def test_each_area_is_drawn_once_and_its_name_stands_in_it(level: str) -> None:
    shapes = layer(level)
    assert sorted(shapes.index) == sorted(areas(level).index)
    for id, (latitude, longitude) in shapes["at"].items():
        assert shapes.geometry[id].contains(shapely.Point(longitude, latitude)), id
    assert shapes["title"].equals(areas(level)["title"].loc[shapes.index])
    assert (shapes["share_in_county"] - areas(level)["share_in_county"].loc[shapes.index]).abs().max() < 0.0001


@pytest.mark.parametrize(("whole", "part"), [("county", "lad"), ("locality", "lad"), ("planning_area", "district"), ("county", "district")])
def test_areas_are_the_unions_of_their_parts(whole: str, part: str) -> None:
    parts = in_metres(part)
    of = atoms().drop_duplicates(part).set_index(part)[whole]
    for id, shape in in_metres(whole).items():
        union = shapely.coverage_union_all(parts[of[of == id].index].to_numpy())
        assert shapely.symmetric_difference(union, shape).area < 1, id  # square metre


def test_the_county_has_its_published_area() -> None:
    assert in_metres("county").area.sum() == pytest.approx(PUBLISHED_AREA, rel=0.01)


@pytest.mark.parametrize(("level", "share"), [("district", 0.995), ("lad", 0.999), ("county", 0.999)])
def test_live_postcodes_lie_in_their_own_area(level: str, share: float) -> None:
    points = live_points()
    assert len(points) > 31_000
    own = layer(level).geometry.reindex(points[level]).to_numpy()
    shapely.prepare(own)
    assert shapely.intersects(own, points.geometry.to_numpy()).mean() >= share


def test_planning_areas_hold_two_thousand_children_and_hang_together() -> None:
    children = population().query("mid_year == 2017").groupby("planning_area")["children"].sum()
    assert children.min() >= 2_000
    shapes = in_metres("district")
    for id, districts in atoms().drop_duplicates("district").groupby("planning_area")["district"]:
        reached, rest = {districts.iloc[0]}, set(districts.iloc[1:])
        while near := {d for d in rest if any(common_edge(shapes[d], shapes[r]) > 500 for r in reached)}:
            reached |= near
            rest -= near
        assert not rest, f"{id}: {rest} does not touch the others"


def common_edge(a: Any, b: Any) -> float:
    """Metres of border."""
    return float(shapely.length(shapely.intersection(a, b)))


def test_files_are_small_enough_to_send() -> None:
    sizes = {level: len(json.dumps(boundaries(level), separators=(",", ":"))) for level in FILES}
    assert sizes["land"] < 60_000
    assert sizes["district"] < 250_000


# --- official boundaries by file --------------------------------------------------------------------------------------


def put(folder: Path, name: str, features: list[dict[str, Any]]) -> None:
    (folder / name).write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")


def square(id: object, x: float = -3.5, y: float = 50.7) -> dict[str, Any]:
    ring = [[x, y], [x + 0.1, y], [x + 0.1, y + 0.1], [x, y + 0.1], [x, y]]
    return {"type": "Feature", "properties": {"id": id}, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def test_an_official_file_takes_the_place_of_the_committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "lad.geojson", [square(id) for id in areas("lad").index])
    monkeypatch.setenv(FOLDER, str(tmp_path))
    first = boundaries("lad")["features"][0]
    assert first["geometry"]["coordinates"][0][0] == [-3.5, 50.7]
    assert first["properties"] == {"id": "E07000040", "title": "East Devon", "share_in_county": 1.0, "at": [50.75, -3.45]}
    assert len(boundaries("district")["features"]) == 62, "what the folder lacks is the committed one"


@pytest.mark.parametrize(
    ("features", "sentence"),
    [
        ([square(id) for id in areas("lad").index[1:]], "each of the 8 local authority districts .* look at E07000040"),
        ([square(id) for id in [*areas("lad").index, "E06000026"]], "look at E06000026"),
        ([square(id) for id in [*areas("lad").index, "E07000040"]], "those it repeats"),
        ([square(id, 290_000, 90_000) for id in areas("lad").index], "not in longitude and latitude"),
        ([{"type": "Feature", "properties": {}, "geometry": None}], "not a GeoJSON file of polygons"),
        ([square([])], "look at E07000040"),
        ([{**square("E07000040"), "geometry": {"type": "Point", "coordinates": [0, 50]}}], "not a GeoJSON file of polygons"),
    ],
)
def test_an_official_file_that_does_not_fit_is_refused_in_a_sentence(tmp_path: Path, features: list[dict[str, Any]], sentence: str) -> None:
    put(tmp_path, "lad.geojson", features)
    with pytest.raises(ValueError, match=sentence):
        boundaries("lad", tmp_path)
