"""The map's text in Python: what goes to the browser, and what is made of what comes back."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit_folium import _get_feature_group_string, _get_header, _get_map_string

from geo.choropleth import Choropleth, Key, Legend, Mark, base, circle_sizes, drawing, selected, state
from geo.colours import DARK, DIVERGING, LIGHT, SEQUENTIAL, colours

ASSETS = {name: f"../../app/static/{name}" for name in ("leaflet.js", "leaflet.css", "map.js", "map.css", "geometry.js")}
RATES = Choropleth(
    level="district",
    name="Map of something",
    marks={
        "EX1": Mark(0, ("12 of 2,345", "Similar")),
        "EX2": Mark(1, ("34 of 1,000",), muted=True),
        "EX3": Mark("withheld", ("Withheld",)),
        "DT7": Mark("border", ("Border district",)),
        "EX4": Mark("outside", ()),
    },
    legend=Legend(
        "Something per 10,000",
        classes=(Key(0, "under 20", "1 area"), Key(1, "20 or more", "1 area")),
        others=(Key("withheld", "Withheld: 1"), Key("council", "Another council")),
    ),
    selected="EX2",
)


def sent(choropleth: Choropleth) -> str:
    """The script as st_folium sends it."""
    offline = base(ASSETS)
    offline.get_root().render()
    _get_map_string(offline)
    text: str = _get_feature_group_string(drawing(choropleth), offline)
    return text


def received(choropleth: Choropleth) -> dict[str, Any]:
    """What the browser makes of it; map.js puts fills and words together in the same way."""
    line = next(line for line in sent(choropleth).splitlines() if line.startswith("csc.draw("))
    draw: dict[str, Any] = json.loads(line.removeprefix("csc.draw(").removesuffix(");"))
    for mark in draw["areas"].values():
        mark[0] = draw["fills"][mark[0]]
        mark[1] = [words(draw["forms"][form], numbers) for form, *numbers in mark[1]]
    return draw


def words(form: str, numbers: list[int]) -> str:
    if not numbers:
        return form
    first, *rest = form.split("{}")
    return first + "".join(f"{number:,}{part}" for number, part in zip(numbers, rest, strict=True))


def test_a_draw_arrives_with_fills_words_and_selection() -> None:
    draw = received(RATES)
    assert draw["areas"] == {
        "EX1": [SEQUENTIAL[0], ["12 of 2,345", "Similar"]],
        "EX2": ["url(#muted-1)", ["34 of 1,000"]],
        "EX3": ["url(#withheld)", ["Withheld"]],
        "DT7": ["url(#border)", ["Border district"]],
        "EX4": [LIGHT.land, []],
    }
    assert draw["legend"]["classes"] == [[SEQUENTIAL[0], "under 20", "1 area"], [SEQUENTIAL[-1], "20 or more", "1 area"]]
    assert draw["legend"]["others"] == [["url(#withheld)", "Withheld: 1"], [LIGHT.grey, "Another council"]]
    assert (draw["level"], draw["name"], draw["selected"], draw["dark"]) == ("district", "Map of something", "EX2", False)


def test_words_that_areas_share_are_sent_once() -> None:
    many = {f"EX{n}": Mark(0, (f"{n} per 10,000 (95% interval {n - 1} to {n + 1:,})",)) for n in range(100, 162)}
    script = sent(replace(RATES, marks=many))
    assert script.count("interval") == 1
    assert received(replace(RATES, marks=many))["areas"]["EX161"][1] == ["161 per 10,000 (95% interval 160 to 162)"]


def test_counts_are_circles_on_plain_land() -> None:
    marks = {"EX1": Mark("plain", ("120 cases",), count=120), "EX2": Mark("plain", ("0 cases",), count=0)}
    draw = received(replace(RATES, marks=marks, legend=Legend("Number", sizes=(100, 25)), dark=True))
    assert draw["areas"] == {"EX1": [DARK.plain, ["120 cases"], 120], "EX2": [DARK.plain, ["0 cases"]]}
    assert draw["legend"]["sizes"] == [100, 25]


@pytest.mark.parametrize(
    ("counts", "sizes"), [([584, 3], (500, 125)), ([100], (100, 25)), ([9], (9, 2)), ([3, 1], (3,)), ([0], ()), ([], ())]
)
def test_the_legend_shows_a_round_circle_and_a_quarter_of_it(counts: list[int], sizes: tuple[int, ...]) -> None:
    assert circle_sizes(counts) == sizes


def test_only_the_draw_differs_between_two_states() -> None:
    first, second = base(ASSETS), base(ASSETS)
    assert _get_map_string(first) == _get_map_string(second)  # else the browser would build the map anew and lose its zoom


def test_no_address_outside_the_app_is_asked_for() -> None:
    offline = base(ASSETS)
    linked = [url for _, url in (*offline.default_js, *offline.default_css)]
    assert linked == [ASSETS[name] for name in ("leaflet.js", "geometry.js", "map.js", "leaflet.css", "map.css")]
    offline.get_root().render()
    assert "//" not in _get_map_string(offline) + _get_header(offline)


def test_the_map_carries_its_note_and_a_tile_server_when_configured() -> None:
    text = _get_map_string(base(ASSETS, note="Made up", tiles="https://tiles.example/{z}/{x}/{y}.png", tiles_attribution="<b>us</b>"))
    assert '"tiles":"https://tiles.example/{z}/{x}/{y}.png"' in text
    assert "Made up" in text and "<b>" not in text


HOSTILE = [
    "</script><script>alert(1)</script>", "<!--", "';alert(1)//", "\u2028", "\ud800", "map_div", "__proto__",
    "{{ 'this' }}", "{{{ 7 * 7 }}}", "{% if %}", "{# none #}",  # branca runs every script through Jinja
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_words_of_any_kind_arrive_as_words(text: str) -> None:
    hostile = replace(RATES, name=text, marks={"EX1": Mark(0, (text, text))}, legend=replace(RATES.legend, title=text))
    script = sent(hostile)
    assert not set("<>&'") & set(next(line for line in script.splitlines() if "csc.draw" in line))
    draw = received(hostile)
    assert [draw["name"], draw["legend"]["title"], *draw["areas"]["EX1"][1]] == [text] * 4


@given(st.text() | st.text("0123456789,.{} ab"))
def test_any_text_arrives_as_it_was(text: str) -> None:
    assert received(replace(RATES, marks={"EX1": Mark(0, (text,))}))["areas"]["EX1"][1] == [text]


def test_what_cannot_be_drawn_is_an_error_and_not_another_colour() -> None:
    with pytest.raises(ValueError, match="no level 'ward'"):
        state(replace(RATES, level="ward"))
    for wrong in (2, -1):
        with pytest.raises(ValueError, match="2 classes"):
            state(replace(RATES, marks={"EX1": Mark(wrong, ("EX1",))}))
    with pytest.raises(ValueError, match="at most 5"):
        colours("sequential", 6, dark=False)


@pytest.mark.parametrize("classes", range(1, 6))
def test_fewer_classes_stay_as_far_apart_as_can_be(classes: int) -> None:
    light, dark = colours("sequential", classes, dark=False), colours("sequential", classes, dark=True)
    assert len(set(light)) == classes
    assert dark == light[::-1]  # the highest stands out from the background
    if classes > 1:
        assert (light[0], light[-1]) == (SEQUENTIAL[0], SEQUENTIAL[-1])
    assert colours("diverging", classes, dark=True) == colours("diverging", classes, dark=False)


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_contrast_is_what_wcag_asks_for(theme: Any) -> None:
    fills = (*SEQUENTIAL, *DIVERGING)
    for fill in fills:
        assert contrast(theme.outline, fill) >= 3  # edges carry the boundaries
        assert max(contrast(theme.select, fill), contrast(theme.casing, fill)) >= 3  # the selection shows on every fill
    assert contrast(theme.county, theme.sea) >= 3
    assert contrast(theme.hatch, theme.plain) >= 3 and contrast(theme.hatch, theme.land) >= 3
    assert contrast(theme.circle, theme.plain) >= 3
    assert contrast(theme.text, theme.panel) >= 4.5 and contrast(theme.soft, theme.panel) >= 4.5
    assert theme.select not in fills


def test_classes_differ_in_lightness_or_hue_enough_to_be_named() -> None:
    # sRGB distance as a floor; the perceptual distances stand beside the palettes
    for palette in (SEQUENTIAL, DIVERGING):
        for one, other in combinations(palette, 2):
            assert sum(abs(int(one[i : i + 2], 16) - int(other[i : i + 2], 16)) for i in (1, 3, 5)) > 60


def answer(area: Any, chosen: Any) -> dict[str, Any]:
    drawn = {"type": "Feature", "properties": {"id": area, "selected": chosen}, "geometry": None}
    return {"last_active_drawing": drawn, "last_object_clicked_count": 2}


@pytest.mark.parametrize(
    ("returned", "current", "expected"),
    [
        (answer("EX1", True), None, "EX1"),
        (answer("EX1", True), "EX2", "EX1"),
        (answer("EX1", True), "EX1", "EX1"),  # heard twice: no change
        (answer("EX1", False), "EX1", None),  # clicked again: unselected
        (answer("EX1", False), "EX2", "EX2"),  # late: something else is selected by now
        (answer("EX1", False), None, None),
        ({"last_active_drawing": None, "last_object_clicked_count": None}, "EX1", "EX1"),  # the map has just opened
    ],
)
def test_what_was_selected(returned: object, current: str | None, expected: str | None) -> None:
    assert selected(returned, current) == expected


NOT_AN_ANSWER: list[object] = [
    None, {}, [], "EX1", 7, answer(None, True), answer(["EX1"], True), answer({}, True), answer("EX1", None), answer("EX1", "true"),
    answer("EX1", 1), {"last_active_drawing": "EX1"}, {"last_active_drawing": {"properties": None}},
    {"last_active_drawing": {"properties": ["id"]}}, {"last_active_drawing": {"properties": {"id": "EX1"}}},
]  # fmt: skip


@pytest.mark.parametrize("returned", NOT_AN_ANSWER)
def test_what_is_not_an_answer_changes_nothing(returned: object) -> None:
    assert selected(returned, "EX2") == "EX2"


JSON = st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


@given(st.dictionaries(st.sampled_from(["last_active_drawing", "properties", "id"]), JSON) | JSON)
@pytest.mark.slow
def test_nothing_a_browser_sends_breaks_it(returned: object) -> None:
    assert isinstance(selected(returned, None), str | None)
