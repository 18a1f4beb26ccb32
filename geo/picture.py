"""A map as a picture, for a document: polygons drawn by matplotlib from the committed boundaries, with no browser and no map server.

It knows places and colours, and nothing of what they stand for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from math import cos, radians
from typing import TYPE_CHECKING, Any

import pandas as pd

from geo.areas import ATTRIBUTION, DATA, areas
from geo.boundaries import boundaries
from geo.colours import LIGHT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.path import Path

LATITUDE = 50.7  # of the county's middle: a degree of longitude is so much shorter there
HATCHED, DOTTED = "////", "..."
WIDTH, HEIGHT, MAP, DPI = 7.2, 6.4, 0.78, 150  # inches; the share of the height that is map, above its legend


@dataclass(frozen=True)
class Fill:
    """How an area is drawn: its colour (None: the plain of the map), whether it is hatched, and a short text on it."""

    colour: str | None = None
    hatched: bool = False
    text: str = ""


@dataclass(frozen=True)
class Entry:
    """One line of the legend: the fill it explains, and its words."""

    fill: Fill
    words: str


def draw(level: str, fills: Mapping[str, Fill], legend: Sequence[Entry], *, legend_title: str, mark: str = "") -> bytes:
    """A PNG of the level's areas; what has no fill is plain. Areas mostly outside the county are dotted, and the legend says so.

    `mark` is written on the picture (that data are synthetic). Towns are named where areas carry no text of their own.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI)
    axes = figure.add_axes((0.0, 1 - MAP, 1.0, MAP), facecolor=LIGHT.sea)
    _frame(axes, level)
    for name, colour in (("land", LIGHT.land), ("context", LIGHT.grey)):
        for feature in boundaries(name)["features"]:
            _patch(axes, feature, facecolor=colour, edgecolor=LIGHT.coast, linewidth=0.5)
    border = areas(level)["border"]
    for feature in boundaries(level)["features"]:
        id = feature["properties"]["id"]
        fill = fills.get(id, Fill())
        hatch = f"{HATCHED if fill.hatched else ''}{DOTTED if border[id] else ''}" or None
        _patch(axes, feature, facecolor=fill.colour or LIGHT.plain, edgecolor=LIGHT.hatch, linewidth=0, hatch=hatch)
        _patch(axes, feature, facecolor="none", edgecolor=LIGHT.outline, linewidth=0.5)
        if fill.text:
            latitude, longitude = feature["properties"]["at"]
            _write(axes, longitude, latitude, fill.text, size=8)
    for feature in boundaries("county")["features"]:
        _patch(axes, feature, facecolor="none", edgecolor=LIGHT.county, linewidth=1.4)
    if not any(fill.text for fill in fills.values()):
        _towns(axes)
    _legend(axes, legend, legend_title, dotted=bool(border.any()))
    figure.text(0.005, 0.005, _wrapped(ATTRIBUTION), fontsize=6, color=LIGHT.soft, va="bottom")
    if mark:
        axes.text(0.99, 0.99, mark, transform=axes.transAxes, ha="right", va="top", fontsize=10, fontweight="bold", color=LIGHT.text)
    file = BytesIO()
    FigureCanvasAgg(figure).print_png(file)  # type: ignore[no-untyped-call]  # matplotlib has not typed it
    return file.getvalue()


def _frame(axes: Axes, level: str) -> None:
    """The county with a margin, true to shape."""
    points = [point for feature in boundaries(level)["features"] for ring in _rings(feature["geometry"]) for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    tall = (north - south) + 0.06
    wide = tall * cos(radians(LATITUDE)) ** -1 * WIDTH / (HEIGHT * MAP)
    middle = (west + east) / 2
    axes.set_xlim(middle - wide / 2, middle + wide / 2)
    axes.set_ylim(south - 0.03, north + 0.03)
    axes.set_aspect(1 / cos(radians(LATITUDE)))
    axes.set_xticks([])
    axes.set_yticks([])
    for side in axes.spines.values():
        side.set_visible(False)


def _rings(geometry: Mapping[str, Any]) -> list[list[list[float]]]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [ring for polygon in polygons for ring in polygon]


def _patch(axes: Axes, feature: Mapping[str, Any], **look: Any) -> None:
    from matplotlib.patches import PathPatch

    axes.add_artist(PathPatch(_path(feature["geometry"]), **look))  # the frame is set: add_patch would measure each for it


def _path(geometry: Mapping[str, Any]) -> Path:
    """All rings as one path: inner rings run the other way round (RFC 7946), so they stay holes."""
    from matplotlib.path import Path

    vertices, codes = [], []
    for ring in _rings(geometry):
        vertices += [(x, y) for x, y, *_ in ring]
        codes += [Path.MOVETO, *[Path.LINETO] * (len(ring) - 2), Path.CLOSEPOLY]
    return Path(vertices, codes)


def _write(axes: Axes, x: float, y: float, text: str, size: float) -> None:
    from matplotlib.patheffects import withStroke

    axes.text(x, y, text, fontsize=size, ha="center", va="center", color=LIGHT.text, fontweight="bold",
              path_effects=[withStroke(linewidth=2.2, foreground=LIGHT.halo)])  # fmt: skip


def _towns(axes: Axes) -> None:
    places = pd.read_csv(DATA / "places.csv")
    for name, latitude, longitude in places.loc[places["kind"] == "town", ["name", "latitude", "longitude"]].itertuples(index=False):
        _write(axes, longitude, latitude, str(name), size=7)


def _legend(axes: Axes, legend: Sequence[Entry], title: str, *, dotted: bool) -> None:
    """A strip at the foot, which covers nothing of the county."""
    columns = 3 if max(len(one.words) for one in legend) < 45 else 2
    from matplotlib.patches import Patch

    drawn = [
        Patch(
            facecolor=one.fill.colour or LIGHT.plain, edgecolor=LIGHT.outline, hatch=HATCHED if one.fill.hatched else None, label=one.words
        )
        for one in legend
    ]
    if dotted:
        drawn.append(Patch(facecolor=LIGHT.plain, edgecolor=LIGHT.hatch, hatch=DOTTED, label="Mostly outside the county (dotted)"))
    drawn.append(Patch(facecolor=LIGHT.grey, edgecolor=LIGHT.coast, label="Another council: Plymouth, Torbay"))
    axes.legend(
        handles=drawn, title=title, ncols=columns, loc="upper left", bbox_to_anchor=(0.0, 0.0), fontsize=7, title_fontsize=8, frameon=False,
        alignment="left", handleheight=1.2,
    )  # fmt: skip


def _wrapped(text: str) -> str:
    from textwrap import fill

    return fill(text, 165)
