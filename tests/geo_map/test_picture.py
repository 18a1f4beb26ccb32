"""The map as a picture: what it is asked to draw is in it, and nothing covers the county."""

from __future__ import annotations

import ast
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from matplotlib.image import imread

from geo import picture
from geo.areas import LEVELS, areas
from geo.colours import LIGHT
from geo.picture import Entry, Fill, draw

Pixels = npt.NDArray[np.int64]


def pixels(png: bytes) -> Pixels:
    """Rows of red, green, blue, 0 to 255."""
    found: Pixels = np.rint(imread(BytesIO(png))[:, :, :3] * 255).astype(np.int64)
    return found


def of(image: Pixels, colour: str) -> int:
    """How many pixels have exactly the colour."""
    wanted = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
    return int((image == wanted).all(axis=2).sum())


def test_an_area_is_filled_with_its_colour_and_the_rest_is_plain() -> None:
    red = draw("locality", {"exeter": Fill("#ff0000")}, [Entry(Fill("#ff0000"), "High")], legend_title="Rate")
    none = draw("locality", {}, [Entry(Fill("#00ff00"), "High")], legend_title="Rate")
    assert of(pixels(red), "#ff0000") > 1_000 > of(pixels(none), "#ff0000") == 0
    assert of(pixels(none), LIGHT.plain) > of(pixels(red), LIGHT.plain)
    assert of(pixels(none), "#00ff00") > 50  # the legend's own


def test_what_is_withheld_is_hatched_and_not_left_white() -> None:
    id = "exeter"
    plain, hatched = (
        pixels(draw("locality", {id: fill}, [Entry(fill, "x")], legend_title="Rate"))
        for fill in (Fill("#ffffff"), Fill("#ffffff", hatched=True))
    )
    assert of(hatched, LIGHT.hatch) > of(plain, LIGHT.hatch) + 50  # the lines' middles: their edges blend


def test_districts_mostly_outside_are_dotted() -> None:
    assert areas("district")["border"].any() and not areas("locality")["border"].any()
    district, locality = (pixels(draw(level, {}, [Entry(Fill(), "x")], legend_title="")) for level in ("district", "locality"))
    assert of(district, LIGHT.hatch) > of(locality, LIGHT.hatch)


@pytest.mark.parametrize("level", sorted(LEVELS))
def test_every_level_can_be_drawn(level: str) -> None:
    image = pixels(draw(level, {}, [Entry(Fill(), "x")], legend_title="x", mark="Synthetic data"))
    assert image.shape[:2] == (960, 1080)
    assert of(image, LIGHT.sea) > 10_000


def test_its_mark_is_on_it() -> None:
    marked, bare = (draw("county", {}, [Entry(Fill(), "x")], legend_title="", mark=mark) for mark in ("Synthetic data", ""))
    top = slice(0, 60), slice(800, 1080)
    assert (pixels(marked)[top] != pixels(bare)[top]).any()


def test_it_knows_no_children_and_loads_no_geometry_library() -> None:
    imported = {
        name.name if isinstance(node, ast.Import) else str(node.module)
        for node in ast.walk(ast.parse(Path(picture.__file__).read_text("utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    assert not {name for name in imported if name.split(".")[0] in ("csc_core", "shapely", "geopandas")}
