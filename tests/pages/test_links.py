"""Every state is an address, and every address has a page."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csc_core.dimensions import titles
from csc_core.disclosure import Audience
from csc_core.indicators import INDICATORS
from csc_core.periods import parse
from csc_core.snapshot import Snapshot
from geo.areas import LEVELS, areas
from pages.components.links import address, link, read
from pages.components.openings import FILTERS, KEYS, Opening, Own, OwnPeriod, latest

FULL = {
    "indicator": "re_referrals",
    "period": "2017/18Q3",
    "level": "locality",
    "shown": "versus",
    "area": "exeter",
    "locality": "exeter",
    "service": "assessment",
    "team_locality": "exeter",
    "team_area": "exeter-city",
    "team": "T-EXE-1",
    "age_band": "5-9",
    "sex": "F",
    "referral_source": "6",
    "primary_need": "N1",
    "ethnic_group": "mixed",
    "disability": "not_disabled",
    "assessment_outcome": "CIN_PLAN",
    "cp_category": "NEG",
    "legal_status": "care_order",
    "placement_type": "foster",
    "audience": "manager",
}


def test_an_address_and_its_choices_are_the_same_thing(small: Snapshot) -> None:
    assert set(FULL) == set(KEYS)
    choices, said = read(FULL, small)
    assert not said
    assert address(choices) == FULL
    assert choices.audience is Audience.MANAGER and choices.filters["team"] == "T-EXE-1"


def test_no_address_opens_on_what_most_people_want(small: Snapshot) -> None:
    choices, said = read({}, small)
    assert not said
    assert address(choices) == {
        "indicator": "referral_rate",
        "period": "12m:2017-12",
        "level": "district",
        "shown": "rate",
        "audience": "commissioner",
    }


def test_a_link_goes_to_the_page_in_its_state(small: Snapshot) -> None:
    choices, _ = read(FULL, small)
    for home in ("https://council.example/csc", "https://council.example/csc/", ""):
        parts = urlsplit(link(choices, home))
        assert parts.path == ("/csc/map" if home else "/map")
        assert dict(parse_qsl(parts.query)) == FULL


@pytest.mark.parametrize("key", [key for key in KEYS if key != "level"])
def test_each_unknown_id_is_named_and_the_rest_still_counts(small: Snapshot, key: str) -> None:
    choices, (sentence,) = read({**FULL, key: "nowhere"}, small)
    assert "`nowhere`" in sentence
    kept = {name: value for name, value in address(choices).items() if name != key}
    assert kept == {name: value for name, value in FULL.items() if name != key}


def test_with_an_unknown_level_its_area_goes_too(small: Snapshot) -> None:
    choices, said = read({**FULL, "level": "nowhere"}, small)
    assert (choices.level, choices.area) == ("district", None)
    assert "`nowhere`" in said[0] and "`exeter`" in said[1]


def test_an_area_of_another_level_is_not_selected(small: Snapshot) -> None:
    choices, (sentence,) = read({"level": "lad", "area": "EX1"}, small)
    assert choices.area is None and "local authority district `EX1`" in sentence


def test_a_count_is_never_drawn_as_a_rate(small: Snapshot) -> None:
    for one in INDICATORS.values():
        for shown in ("rate", "versus", "count"):
            choices, _ = read({"indicator": one.id, "shown": shown}, small)
            assert choices.shown == ("count" if one.unit == "count" else shown)


def test_an_address_that_says_more_than_there_is(small: Snapshot) -> None:
    _, said = read({"colour": "red", "embed": "true"}, small)
    assert len(said) == 1 and "`colour`" in said[0]  # embed is Streamlit's own


@given(st.dictionaries(st.sampled_from(KEYS) | st.text(), st.text(), max_size=5))
def test_any_address_has_a_page_and_that_page_has_an_address(small: Snapshot, asked: dict[str, str]) -> None:
    choices, _ = read(asked, small)
    again, said = read(address(choices), small)
    assert address(again) == address(choices)
    assert not said


@pytest.mark.parametrize("level", LEVELS)
def test_every_area_and_every_member_of_a_filter_has_an_address(small: Snapshot, level: str) -> None:
    choices, _ = read({"level": level}, small)
    for area in areas(level).index:
        assert read(address(replace(choices, area=area)), small)[0].area == area
    for name in FILTERS:
        for id in titles(small, name):
            assert read(address(replace(choices, filters={name: id})), small)[1] == ()


# A page without a map, with a choice that is always made, one that may be left open, and one that is a period.
WITHOUT_A_MAP = Opening(
    "example",
    own={
        "indicator": Own("Indicator", {id: one.title for id, one in INDICATORS.items()}, "open_cases"),
        "by": Own("Group", {"team": "Teams", "locality": "Localities"}, None),
        "since": OwnPeriod("Since", lambda as_at: parse(f"{as_at.year}-11", as_at)),
    },
    period=latest,
)
OF_ITS_OWN = {"indicator": "re_referrals", "by": "team", "since": "2017/18Q1", "period": "2017-10", "sex": "F", "audience": "manager"}


def test_a_page_without_a_map_has_an_address_of_its_own_choices(small: Snapshot) -> None:
    choices, said = read(OF_ITS_OWN, small, WITHOUT_A_MAP)
    assert not said
    assert address(choices) == OF_ITS_OWN
    assert choices.indicator is INDICATORS["re_referrals"] and choices.own["by"] == "team"
    assert choices.own_periods["since"].label == "April to June 2017 (3 months)"
    assert urlsplit(link(choices, "https://council.example")).path == "/example"


def test_a_page_without_a_map_opens_on_what_it_declares(small: Snapshot) -> None:
    choices, said = read({}, small, WITHOUT_A_MAP)
    assert not said
    assert address(choices) == {"indicator": "open_cases", "since": "2017-11", "period": "2017-12", "audience": "commissioner"}


@pytest.mark.parametrize(("key", "instead"), [("indicator", "Open cases is"), ("by", "all are"), ("since", "November 2017 is")])
def test_each_unknown_id_of_its_own_is_named_with_what_is_shown(small: Snapshot, key: str, instead: str) -> None:
    choices, (sentence,) = read({**OF_ITS_OWN, key: "nowhere"}, small, WITHOUT_A_MAP)
    assert "`nowhere`" in sentence and f"{instead} shown" in sentence
    kept = {name: value for name, value in address(choices).items() if name != key}
    assert kept == {name: value for name, value in OF_ITS_OWN.items() if name != key}


def test_what_only_a_map_has_means_nothing_without_one(small: Snapshot) -> None:
    choices, said = read({**OF_ITS_OWN, "level": "lad", "area": "exeter"}, small, WITHOUT_A_MAP)
    assert len(said) == 2 and "`level`" in said[0] and "`area`" in said[1]
    assert (choices.level, choices.area) == ("", None)
