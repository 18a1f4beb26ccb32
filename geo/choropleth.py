"""Areas with values, drawn: the only module that knows folium. It knows places and colours; every word comes from its caller.

The geometry reaches the browser once, as a static script; each draw sends the fills, words and selection alone, and keeps
the map's zoom and centre. `base` and `drawing` are what `st_folium` takes (the first as its map, the second as
`feature_group_to_add`, with `returned_objects=RETURNED`), and `selected` reads what it gives back.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import folium
from branca.element import MacroElement
from folium.template import Template

from geo.areas import LEVELS

RETURNED = ["last_active_drawing", "last_object_clicked_count"]  # without the count, a second click on an area is not heard
ON_THE_MAP = "© Crown copyright · © OpenStreetMap"  # short for geo.areas.ATTRIBUTION, which belongs beneath

# Low to high. The least difference between any two is large for every colour vision (ΔE00 11.2 and 18.7), and the outline has
# 3:1 against each. On a dark background the sequence is reversed: the highest must stand out from it.
SEQUENTIAL = ("#fdf5cb", "#afe5d5", "#6dc2d1", "#3395c6", "#3661b4")
DIVERGING = ("#357bbe", "#8bbee3", "#edebe5", "#e7b375", "#bc662f")

Palette = Literal["sequential", "diverging"]
Fill = int | Literal["plain", "withheld", "border"]


@dataclass(frozen=True)
class Theme:
    """The map's colours on one background. `select` is kept for the selection, here as on the rest of the page."""

    sea: str
    land: str
    coast: str
    grey: str
    outline: str
    county: str
    plain: str
    hatch: str
    panel: str
    text: str
    soft: str
    halo: str
    select: str
    casing: str
    circle: str
    band: str


LIGHT = Theme(
    sea="#dfe8ee",
    land="#f4f2ed",
    coast="#b9c2ca",
    grey="#c4c9ce",
    outline="#10161d",
    county="#10161d",
    plain="#ffffff",
    hatch="#4a545e",
    panel="#ffffff",
    text="#1a2129",
    soft="#55606b",
    halo="#ffffff",
    select="#a8265f",
    casing="#ffffff",
    circle="#3661b4",
    band="#c9d1d8",
)
DARK = Theme(
    sea="#0c1117",
    land="#1c242c",
    coast="#3a4651",
    grey="#4a545e",
    outline="#10161d",
    county="#c3ccd4",
    plain="#2b3540",
    hatch="#aab4bd",
    panel="#151c24",
    text="#e8ecef",
    soft="#a9b4be",
    halo="#10161d",
    select="#ff8fbf",
    casing="#10161d",
    circle="#6dc2d1",
    band="#35414d",
)


@dataclass(frozen=True)
class Mark:
    """One area. `fill` is its class (0 the lowest), a pattern that says why it has none, or `plain` land beneath a circle.

    `lines` are its tooltip and what a screen reader says, its name first. `muted` stripes the fill of a class: read with
    care. `count` draws a circle whose area is proportional to it.
    """

    fill: Fill
    lines: tuple[str, ...]
    muted: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Key:
    """A row of the legend: a fill and its words; beneath a class, a note such as how many areas are in it."""

    fill: Fill | Literal["council"]
    words: str
    note: str = ""
    muted: bool = False


@dataclass(frozen=True)
class Legend:
    """`classes` low to high (none for circles), `others` what is not a class, `sizes` counts whose circles are shown, largest first."""

    title: str
    classes: tuple[Key, ...] = ()
    others: tuple[Key, ...] = ()
    sizes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Choropleth:
    """One state of the map. `name` is what a screen reader calls it; `marks` are by area id, areas without one stay plain."""

    level: str
    name: str
    marks: Mapping[str, Mark]
    legend: Legend
    palette: Palette = "sequential"
    selected: str | None = None
    dark: bool = False


class _Script(MacroElement):
    """A folium element that is one call of the map's own script."""

    _template = Template("{% macro script(this, kwargs) %}{{ this.script }}{% endmacro %}")

    def __init__(self, script: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca has no types here
        self._name = "Script"
        self.script = script


class _OfflineMap(folium.Map):
    """A folium map whose scripts and styles are the app's own files; `assets` is what `geo.assets.publish` gives."""

    def __init__(self, assets: Mapping[str, str]) -> None:
        super().__init__(location=[50.72, -3.8], zoom_start=9, tiles=None, zoom_snap=0.05, scroll_wheel_zoom=False)
        self.default_js = [(name, assets[name]) for name in ("leaflet.js", "geometry.js", "map.js")]
        self.default_css = [(name, assets[name]) for name in ("leaflet.css", "map.css")]


def base(assets: Mapping[str, str], tiles: str | None = None, tiles_attribution: str = "") -> folium.Map:
    """The map without values; make it anew for every run, since st_folium changes the one it is given.

    `tiles` is the address of a tile server ({z}, {x} and {y} in it), for a background that the map goes without when it fails.
    Its text is the same on every run, so the browser keeps the map it has.
    """
    attribution = " · ".join(html.escape(text) for text in (ON_THE_MAP, tiles_attribution) if text)
    offline = _OfflineMap(assets)
    offline.add_child(_Script(f"csc.start({offline.get_name()}, {_json({'tiles': tiles, 'attribution': attribution})});"))
    return offline


def drawing(choropleth: Choropleth) -> folium.FeatureGroup:
    """What a change sends to the browser. Raises ValueError for a level or a class that does not exist."""
    group = folium.FeatureGroup(name="drawing")
    group.add_child(_Script(f"csc.draw({_json(state(choropleth))});"))
    return group


def state(choropleth: Choropleth) -> dict[str, Any]:
    """The draw as the script takes it: `areas` is {id: [fill, lines, count]}, fills are colours or patterns."""
    if choropleth.level not in LEVELS:
        raise ValueError(f"There is no level '{choropleth.level}' to draw.")
    legend, theme = choropleth.legend, DARK if choropleth.dark else LIGHT
    classes = colours(choropleth.palette, len(legend.classes), dark=choropleth.dark)
    return {
        "level": choropleth.level,
        "name": choropleth.name,
        "selected": choropleth.selected,
        "theme": asdict(theme),
        "classes": classes,
        "areas": {
            area: [_fill(mark.fill, classes, theme, muted=mark.muted), mark.lines, mark.count or 0]
            for area, mark in choropleth.marks.items()
        },
        "legend": {
            "title": legend.title,
            "classes": [[_fill(key.fill, classes, theme, muted=key.muted), key.words, key.note] for key in legend.classes],
            "others": [[_fill(key.fill, classes, theme, muted=key.muted), key.words] for key in legend.others],
            "sizes": legend.sizes,
        },
    }


def colours(palette: Palette, classes: int, *, dark: bool) -> tuple[str, ...]:
    """So many colours, low to high, at most five: more could not be told apart. Raises ValueError beyond."""
    if classes > len(SEQUENTIAL):
        raise ValueError(f"A map has at most {len(SEQUENTIAL)} classes, not {classes}.")
    whole = {"diverging": DIVERGING, "sequential": SEQUENTIAL[::-1] if dark else SEQUENTIAL}[palette]
    if classes == 1:
        return (whole[len(whole) // 2],)
    return tuple(whole[round(i * (len(whole) - 1) / (classes - 1))] for i in range(classes))


def circle_sizes(counts: Iterable[int]) -> tuple[int, ...]:
    """Two counts whose circles the legend shows: a round one near the largest, and a quarter of it. None for no counts."""
    largest = max(counts, default=0)
    step = 10 ** (len(str(largest)) - 1)
    round_one = largest // step * step
    return tuple(size for size in (round_one, round_one // 4) if size)


def selected(returned: object, current: str | None) -> str | None:
    """The area selected once the browser has answered; `current` when it has nothing to say.

    `returned` is whatever st_folium gives, and comes from a browser: anything but an area's answer is ignored. The id is one
    the browser says, so look it up before use. The answer says whether the click selected or unselected the area, so hearing
    it twice changes nothing.
    """
    drawn = returned.get("last_active_drawing") if isinstance(returned, Mapping) else None
    properties = drawn.get("properties") if isinstance(drawn, Mapping) else None
    if not isinstance(properties, Mapping):
        return current
    area, chosen = properties.get("id"), properties.get("selected")
    if not isinstance(area, str) or not isinstance(chosen, bool):
        return current
    if chosen:
        return area
    return None if area == current else current


def _fill(fill: Fill | Literal["council"], classes: tuple[str, ...], theme: Theme, *, muted: bool) -> str:
    if fill == "plain":
        return theme.plain
    if fill == "council":
        return theme.grey
    if isinstance(fill, str):
        return f"url(#{fill})"
    if not 0 <= fill < len(classes):
        raise ValueError(f"The legend has {len(classes)} classes, so no area can be in class {fill}.")
    return f"url(#muted-{fill})" if muted else classes[fill]


def _json(value: object) -> str:
    """JSON that is only data wherever it passes: no character of it can end the script, start a comment, pass for one of
    folium's names, or be run as the template that branca takes every script for."""
    text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    text = re.sub(r"\{(?=[{%#])", r"\\u007b", text)  # in JSON itself a brace is never followed by one of these, so it is in a string
    return text.translate({ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&'"})
