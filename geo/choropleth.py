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
from dataclasses import dataclass
from typing import Any, Literal

import folium
from branca.element import MacroElement
from folium.template import Template

from geo.areas import LEVELS
from geo.colours import DARK, LIGHT, Palette, Theme, colours

RETURNED = ["last_active_drawing", "last_object_clicked_count"]  # without the count, a second click on an area is not heard
LARGEST = 2**53 - 1  # the largest whole number that a browser holds exactly
ON_THE_MAP = "© Crown copyright · © OpenStreetMap"  # short for geo.areas.ATTRIBUTION, which belongs beneath

Fill = int | Literal["plain", "outside", "withheld", "border"]


@dataclass(frozen=True)
class Mark:
    """One area. `fill` is its class (0 the lowest), a pattern that says why it has none, `plain` land beneath a circle, or
    `outside` for an area that is left out on purpose.

    `lines` are its tooltip and what a screen reader says, after its name. `muted` stripes the fill of a class: read with
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

    def render(self, **kwargs: Any) -> str:
        rendered: str = super().render(**kwargs)  # type: ignore[no-untyped-call]  # branca has no types here
        # Folium's own style and switches would travel with every draw; map.css has what the map needs of them.
        self.get_root().header._children.clear()  # type: ignore[attr-defined]  # noqa: SLF001  the root is a Figure
        return rendered


def base(assets: Mapping[str, str], note: str = "", tiles: str | None = None, tiles_attribution: str = "") -> folium.Map:
    """The map without values; make it anew for every run, since st_folium changes the one it is given.

    `note` stands on the map itself, for whoever copies its picture. `tiles` is the address of a tile server ({z}, {x} and {y} in
    it), for a background that the map goes without when it fails. The map's text is the same on every run, so the browser keeps
    the map it has.
    """
    attribution = " · ".join(html.escape(text) for text in (note, ON_THE_MAP, tiles_attribution) if text)
    offline = _OfflineMap(assets)
    offline.add_child(_Script(f"csc.start({offline.get_name()}, {_json({'tiles': tiles, 'attribution': attribution})});"))
    return offline


def drawing(choropleth: Choropleth) -> folium.FeatureGroup:
    """What a change sends to the browser. Raises ValueError for a level or a class that does not exist."""
    group = folium.FeatureGroup(name="drawing")
    group.add_child(_Script(f"csc.draw({_json(packed(state(choropleth)))});"))
    return group


def state(choropleth: Choropleth) -> dict[str, Any]:
    """The draw in plain words: `areas` is {id: (fill, lines, count)}, a fill is a colour or the address of a pattern."""
    if choropleth.level not in LEVELS:
        raise ValueError(f"There is no level '{choropleth.level}' to draw.")
    legend, theme = choropleth.legend, DARK if choropleth.dark else LIGHT
    classes = colours(choropleth.palette, len(legend.classes), dark=choropleth.dark)
    return {
        "level": choropleth.level,
        "name": choropleth.name,
        "selected": choropleth.selected,
        "dark": choropleth.dark,
        "classes": classes,
        "areas": {
            area: (_fill(mark.fill, classes, theme, muted=mark.muted), mark.lines, mark.count or 0)
            for area, mark in choropleth.marks.items()
        },
        "legend": {
            "title": legend.title,
            "classes": [(_fill(key.fill, classes, theme, muted=key.muted), key.words, key.note) for key in legend.classes],
            "others": [(_fill(key.fill, classes, theme, muted=key.muted), key.words) for key in legend.others],
            "sizes": legend.sizes,
        },
    }


def packed(draw: Mapping[str, Any]) -> dict[str, Any]:
    """The same draw, a third as long: sixty areas say much the same, so each distinct fill and each distinct form of words goes
    once (`fills`, `forms`), and an area refers to them by number, with the whole numbers that go into the words.

    `14 of 20` is form `{} of {}` with 14 and 20. map.js puts the words together again.
    """
    fills: dict[str, int] = {}
    forms: dict[str, int] = {}

    def form(line: str) -> list[int]:
        numbers: list[int] = []

        def take(found: re.Match[str]) -> str:
            number = int(found[0].replace(",", ""))
            if f"{number:,}" != found[0] or number > LARGEST:  # a year, or 007: it would come out otherwise
                return found[0]
            numbers.append(number)
            return "{}"

        # A line that has the sign itself stays as it is.
        text = line if "{}" in line else re.sub(r"[0-9][0-9,]*", take, line)
        return [forms.setdefault(text, len(forms)), *numbers]

    areas = {
        area: [fills.setdefault(fill, len(fills)), [form(line) for line in lines], *([count] if count else [])]
        for area, (fill, lines, count) in draw["areas"].items()
    }
    return {**draw, "areas": areas, "fills": list(fills), "forms": list(forms)}


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
    if isinstance(fill, str):
        flat = {"plain": theme.plain, "outside": theme.land, "council": theme.grey}
        return flat.get(fill) or f"url(#{fill})"
    if not 0 <= fill < len(classes):
        raise ValueError(f"The legend has {len(classes)} classes, so no area can be in class {fill}.")
    return f"url(#muted-{fill})" if muted else classes[fill]


def _json(value: object) -> str:
    """JSON that is only data wherever it passes: no character of it can end the script, start a comment, pass for one of
    folium's names, or be run as the template that branca takes every script for."""
    text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    text = re.sub(r"\{(?=[{%#])", r"\\u007b", text)  # in JSON itself a brace is never followed by one of these, so it is in a string
    return text.translate({ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&'"})
