"""The overview: every headline with its company, for any period and place, and nothing where there is nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from csc_core.indicators import INDICATORS
from pages.components.headlines import SECTIONS

Opener = Callable[..., AppTest]


@pytest.fixture
def home(opened: Opener, demonstration: Path) -> Opener:
    """Open the overview on a data folder (the demonstration's, if none is named)."""
    return lambda data=demonstration, **address: opened(data, **address)


def words(at: AppTest) -> str:
    said = "\n".join(str(element.value) for kind in (at.markdown, at.caption, at.warning, at.error, at.info) for element in kind)
    return said.replace("\\", "")  # Markdown's escapes


def cards(at: AppTest) -> dict[str, tuple[str, str]]:
    return {card.label: (card.value, card.delta) for card in at.metric}


def test_every_headline_is_a_declared_indicator_and_the_sections_are_nine() -> None:
    assert len(SECTIONS) == 9
    ids = [id for labels in SECTIONS.values() for id in labels]
    assert set(ids) <= set(INDICATORS) and len(ids) == len(set(ids))


def test_the_headlines_are_those_of_the_report(home: Opener) -> None:
    at = home()
    assert not at.exception
    shown = cards(at)
    printed = {
        "Open cases": ("5,122", ""),
        "Looked after": ("712", ""),
        "Cases per worker (FTE)": ("17.6", ""),
        "Enquiries": ("644", ""),
        "Forwarded": ("40.1%", "258 of 644"),
        "Referrals": ("257", ""),
        "Re-referrals": ("29.2%", "75 of 257"),
        "In 45 working days": ("76.8%", "298 of 388"),
        "On a plan": ("433", ""),
        "On a plan, per 10,000": ("30.2", ""),
        "Looked after, per 10,000": ("49.6", ""),
        "Visited in time": ("89.7%", "639 of 712"),
        "3 or more placements": ("12.1%", "86 of 712"),
        "Care leavers in touch": ("78.4%", "196 of 250"),
        "In work or learning": ("45.6%", "114 of 250"),
        "Placed in 14 months": ("69.6%", "39 of 56"),
        "Caseload, 30 September": ("19.3", ""),
    }
    assert {label: shown[label] for label in printed} == printed
    assert "31 December 2017, 23:40" in words(at) and "Synthetic data" in words(at)
    assert "140 fewer than on 30 November 2017." in words(at) and "Two fewer than on 30 November 2017." in words(at)
    assert len(shown) == len(at.metric)  # no label stands twice


def test_a_card_has_its_target_what_others_have_and_its_definition(home: Opener) -> None:
    at = home()
    assert [text for text in words(at).splitlines() if "Target" in text] == [":red-badge[:material/cancel: Target 85%: missed]"]
    assert "England: 82.9%, the year ending 31 March 2017. Here in 12 months: 79.1%." in words(at)
    links = [link.proto for link in at.get("page_link")]
    assert sum(link.label == "Definition" for link in links) == len(at.metric)
    assert any("indicator=assessments_in_45_days" in link.query_string for link in links)


def test_there_is_a_way_to_every_other_page(home: Opener) -> None:
    pages = {link.proto.page for link in home().get("page_link") if link.proto.label != "Definition"}
    assert {"map", "issues", "definitions"} <= pages and "" not in pages


def test_any_period_can_be_chosen_and_the_map_keeps_what_was_chosen(home: Opener) -> None:
    at = home()
    assert at.selectbox(key="period").value == "2017-12"
    at.selectbox(key="period").set_value("2017-11").run()
    assert "**November 2017**" in words(at) and cards(at)["Open cases"][0] == "5,262"
    at.selectbox(key="period").set_value("2017/18YTD").run()
    assert cards(at)["Re-referrals"] == ("21.5%", "862 of 4,009") and cards(at)["Referrals, per 10,000"][0] == "279.3"
    at.switch_page("pages/map.py").run()
    assert "April to December 2017 (9 months), by postcode district" in words(at)


def test_a_period_that_nobody_chose_stays_behind(home: Opener) -> None:
    assert "January to December 2017 (12 months), by postcode district" in words(home().switch_page("pages/map.py").run())


def test_cases_closed_stand_with_the_other_outcomes(home: Opener) -> None:
    said = words(home())
    outcomes = re.search(r"Assessment outcome, December 2017: (.+)\.", said)
    assert outcomes is not None
    assert sum(int(count) for count in re.findall(r" (\d+)(?:,|$)", outcomes[1])) == 388


def test_why_there_are_fewer_referrals_than_enquiries_forwarded(home: Opener) -> None:
    assert "1 of the enquiries forwarded was for a child whose case was already open" in words(home())


@pytest.mark.parametrize("audience", ["manager", "commissioner"])
@pytest.mark.parametrize(("name", "id"), [("locality", "exeter"), ("team_locality", "exeter"), ("team", "T-MASH"), ("sex", "F")])
def test_every_filter_has_a_page_and_what_does_not_fit_says_so(home: Opener, name: str, id: str, audience: str) -> None:
    at = home(audience=audience, **{name: id})
    assert not at.exception
    fits = all(name in INDICATORS[one].dimensions for labels in SECTIONS.values() for one in labels)
    assert fits or "Not recorded by" in words(at)
    assert "<NA>" not in words(at) and "nan" not in words(at).split()


def test_home_and_team_locality_are_two_places(home: Opener) -> None:
    by_home, by_team = (cards(home(audience="manager", **{name: "exeter"})) for name in ("locality", "team_locality"))
    assert by_home["Open cases"] != by_team["Open cases"]


@pytest.mark.parametrize("period", ["2014-12", "2018-06", "2017-12-31", "36m:2017-12", "soon"])
def test_a_period_without_figures_or_of_any_length_is_said(home: Opener, period: str) -> None:
    at = home(period=period)
    assert not at.exception and at.metric
    if period in ("2014-12", "2018-06"):
        assert {value for value, _ in cards(at).values()} <= {"No figure"}
    if period == "soon":
        assert "There is no period `soon`" in words(at)


def test_what_moved_most_is_named_with_its_usual_movement(home: Opener) -> None:
    said = words(home())
    listed = re.findall(r"^- \*\*(.+?)\*\*", said, re.MULTILINE)
    assert listed[0] == "Re-referrals within 12 months"  # risen in recent months, as the report has it
    assert "Single assessments completed" not in listed  # 388 after 431 is what they always do
    assert "3.27 times" in said
    assert "December 2017 had 19 working days" in said  # which is part of why there were fewer enquiries


def test_a_small_county_and_an_empty_filter_have_words_and_no_traceback(home: Opener, small_data: Path) -> None:
    for audience in ("commissioner", "manager"):
        at = home(small_data, audience=audience)
        assert not at.exception
        assert "No headline moved more than it usually does." in words(at)
    at = home(small_data, audience="commissioner", locality="exeter", sex="F")
    assert not at.exception and "Withheld" in {value for value, _ in cards(at).values()}


def test_a_bad_row_of_the_council_s_targets_is_said(home: Opener, tmp_path: Path, demonstration: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    for name in ("snapshots", "CURRENT"):
        (data / name).symlink_to(demonstration / name)
    (data / "targets.csv").write_text("indicator,period,target,amber_margin,owner\nre_referrals,2017/18,30,2,Me\nwhat,2017/18,1,1,Me\n")
    at = home(data)
    assert "line 3 (no such indicator)" in words(at)
    assert [text for text in words(at).splitlines() if "Target" in text] == [":green-badge[:material/check_circle: Target 30%: met]"]
