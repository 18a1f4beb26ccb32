"""The parts of the build that can be checked by hand; what it wrote is checked in the other files."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo import build
from geo.areas import DATA


def test_the_committed_population_is_what_the_build_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails when a source changed and nobody ran `python -m geo.build`."""
    monkeypatch.setattr(build, "DATA", Path(copytree(DATA, tmp_path / "data")))
    (tmp_path / "data" / "population.csv").unlink()
    build.write_population()
    assert (tmp_path / "data" / "population.csv").read_bytes() == (DATA / "population.csv").read_bytes()


@given(st.integers(1, 10**6), st.lists(st.floats(0.1, 10**5), min_size=1, max_size=200))
def test_shares_of_a_total_sum_to_it(total: int, weights: list[float]) -> None:
    shares = build.share_out(total, pd.Series(weights))
    assert round(shares.sum(), 6) == total
    assert (shares - total * pd.Series(weights) / sum(weights)).abs().max() <= 0.011


def test_a_stray_seed_takes_the_label_around_it_and_a_town_keeps_its_own() -> None:
    """A 9 x 9 square of seeds: left half 0, right half 1, one stray 1 deep in the left; and a cluster of 2, all there is."""
    xy = np.array([(x, y) for x in range(9) for y in range(9)], dtype=float) + np.random.default_rng(1).uniform(0, 0.1, (81, 2))
    labels = (xy[:, 0] > 4.5).astype(np.intp)
    labels[[60, 61, 69, 70]] = 2
    right = labels.copy()
    labels[2 * 9 + 4] = 1
    assert np.array_equal(build.absorb_strays(labels, build.neighbours(xy), seeds=3, share=0), right)


def test_land_across_the_water_goes_to_who_lives_there() -> None:
    """Three squares in a row, people in the first and last only: the middle shares its longer edge with the last."""
    squares = [shapely.box(0, 0, 10, 10), shapely.box(10, 6, 20, 16), shapely.box(20, 0, 30, 20)]
    pieces = gpd.GeoDataFrame({"district": ["EX1", "EX1", "EX2"], "lad": ["A", "A", "B"]}, geometry=squares, crs=build.GRID)
    joined = build.join_wrong_banks(pieces, np.array([True, False, True]))
    assert joined["district"].tolist() == ["EX1", "EX2", "EX2"]
    assert joined["lad"].tolist() == ["A", "B", "B"]
    assert joined["inhabited"].all()


def test_a_withdrawn_postcode_takes_the_nearest_district_of_its_own_lad() -> None:
    live = pd.DataFrame({"district": ["EX1", "EX2"], "lad": ["A", "B"], "easting": [0.0, 100.0], "northing": [0.0, 0.0]})
    withdrawn = pd.DataFrame({"district": ["EX9", "EX9"], "lad": ["B", "A"], "easting": [1.0, 1.0], "northing": [0.0, 0.0]}, index=[7, 3])
    assert build.district_of_nearest(live, withdrawn).to_dict() == {7: "EX2", 3: "EX1"}


def test_a_name_stands_in_the_largest_part() -> None:
    area = shapely.multipolygons([shapely.box(0, 0, 1_000, 1_000), shapely.box(9_000, 0, 19_000, 10_000)])
    point = build.label_point(gpd.GeoSeries([area], index=["x"], crs=build.GRID))["x"]
    assert point.distance(shapely.Point(14_000, 5_000)) < 100
