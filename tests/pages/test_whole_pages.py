"""Each page from its entry, full and empty, as every audience and with addresses good and bad."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from csc_core.access import Scope
from csc_core.disclosure import LEAST
from csc_core.indicators import INDICATORS
from csc_core.load import load
from csc_core.periods import parse
from csc_core.query import query
from csc_core.snapshot import Snapshot
from pages.components.openings import MAPPED
from tests.small_county import records

Opener = Callable[..., AppTest]


@pytest.fixture
def home(opened: Opener, demonstration: Path) -> Opener:
    """Open home on a data folder (the demonstration's, if none is named)."""
    return lambda data=demonstration: opened(data)


@pytest.fixture
def on_map(opened: Opener, demonstration: Path) -> Opener:
    """Open the map at an address."""
    return lambda data=demonstration, **address: opened(data, "map", **address)


def words(at: AppTest) -> str:
    """All that the page says in sentences."""
    said = "\n".join(str(element.value) for kind in (at.markdown, at.caption, at.warning, at.error, at.info) for element in kind)
    return said.replace("\\", "")  # Markdown's escapes


def test_the_map_says_what_it_shows_and_what_is_not_on_it(on_map: Opener, county: Snapshot) -> None:
    at = on_map()
    assert not at.exception
    assert "January to December 2017 (12 months), by postcode district, all teams and all children" in words(at)
    held = re.search(r"\*\*([\d,]+) of ([\d,]+) referrals are on the map\.\*\* ([\d,]+) are not", words(at))
    assert held is not None
    on, total, off = (int(text.replace(",", "")) for text in held.groups())
    (counted,) = query(county, "referrals", scope=Scope.everything(), period=parse("12m:2017-12", county.as_at.date()))["numerator"]
    assert on + off == total == counted


@pytest.mark.parametrize("audience", ["manager", "commissioner"])
@pytest.mark.parametrize("id", sorted(MAPPED))
def test_every_indicator_can_be_drawn_for_everyone(on_map: Opener, id: str, audience: str) -> None:
    at = on_map(indicator=id, audience=audience, level="planning_area", area="bideford", period="2017/18YTD")
    assert not at.exception and not at.error
    assert INDICATORS[id].definition.split(".")[0] in words(at)
    table = at.dataframe[0].value
    assert len(table) == 31


def test_a_commissioner_s_table_has_no_small_number_and_a_manager_s_has(on_map: Opener) -> None:
    address = {"indicator": "referrals", "period": "2017-12"}
    hidden, true = (on_map(audience=who, **address).dataframe[0].value["Referrals"] for who in ("commissioner", "manager"))
    assert not hidden.between(1, LEAST - 1).any()
    assert true.between(1, LEAST - 1).any()


def test_an_area_selected_has_its_card_its_trend_and_its_words(on_map: Opener) -> None:
    at = on_map(area="EX31")
    assert "Selected: **EX31 Barnstaple west**" in words(at)
    assert at.metric[0].label == "EX31 Barnstaple west"
    assert "Trend: EX31 Barnstaple west" in [heading.value for heading in at.subheader]


def test_a_part_year_rate_says_its_months_and_what_a_year_would_be(on_map: Opener) -> None:
    at = on_map(period="2017/18YTD")
    assert "April to December 2017 (9 months)" in words(at)
    assert "372.4" in words(at)  # 279.3 in nine months
    assert "372.4" not in words(on_map(period="12m:2017-12"))


def test_the_outcome_stands_beside_cases_closed_on_assessment(on_map: Opener) -> None:
    at = on_map(indicator="assessments_case_closed")
    outcomes = next(table.value for table in at.dataframe if "Outcome" in table.value)
    assert "Child in need plan" in list(outcomes["Outcome"])


def test_what_an_address_names_and_is_not_there_is_said(on_map: Opener) -> None:
    at = on_map(indicator="drop", area="XX99", level="street", period="soon", team="nobody", audience="everyone", colour="red")
    assert not at.exception
    for name in ("drop", "XX99", "street", "soon", "nobody", "everyone", "colour"):
        assert f"`{name}`" in words(at)


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "'; drop table referral; --", "\u202e\x00", "x" * 100_000, "**bold**"])
def test_hostile_addresses_are_only_text(on_map: Opener, text: str) -> None:
    at = on_map(area=text, indicator=text, period=text)
    assert not at.exception
    assert len(at.dataframe[0].value) > 40


def test_a_filter_that_empties_the_page_is_named_and_can_be_taken_away(on_map: Opener) -> None:
    at = on_map(indicator="referral_rate", team="T-MASH")
    assert "cannot be filtered by team" in words(at)
    at.button(key="clear_team").click().run()
    assert not at.exception and len(at.dataframe[0].value) > 40


def test_a_small_county_has_withheld_cards_and_no_traceback(on_map: Opener, small_data: Path) -> None:
    for who in ("commissioner", "manager"):
        at = on_map(small_data, audience=who)
        assert not at.exception
    assert "Everything here is withheld" in words(on_map(small_data, sex="F", period="2017-12"))
    assert "No referrals match" in words(on_map(small_data, indicator="referrals", age_band="18 and over", audience="manager"))
    assert "Records begin on" in words(on_map(small_data, period="2014-12"))


def test_records_of_real_people_are_refused_in_one_sentence(home: Opener, tmp_path: Path) -> None:
    load(replace(records(), synthetic=False), tmp_path, lambda what, share: None)
    at = home(tmp_path)
    assert not at.exception and not at.metric
    assert "no sign-in yet" in at.error[0].value


def test_a_damaged_snapshot_is_said_and_the_one_before_shown(home: Opener, tmp_path: Path) -> None:
    for _ in range(2):
        folder = load(records(), tmp_path, lambda what, share: None).folder
    shutil.rmtree(folder)
    at = home(tmp_path)
    assert not at.exception and at.metric
    assert "damaged or missing" in at.warning[0].value


@pytest.mark.slow
def test_with_no_data_at_all_the_demonstration_is_loaded(home: Opener, tmp_path: Path) -> None:
    at = home(tmp_path / "none")
    at = at if at.metric else at.run()
    assert not at.exception and at.metric[0].value == "5,122"


def test_the_trend_of_a_day_has_dfes_own_figures_and_marks_the_later_ones(on_map: Opener) -> None:
    """714 plans at 31 March 2016 and 442 at 31 March 2017, as DfE published them in November 2016 and 2017."""
    column = "Devon, as DfE has it"
    for period, marked in (("2017-12", False), ("2017-06", True)):
        at = on_map(indicator="cp_plans", audience="manager", period=period)
        assert not at.exception
        (table,) = [frame.value for frame in at.dataframe if column in frame.value]
        held = {id: shown for id, shown in zip(table["Month"], table[column], strict=True) if shown}
        assert held == {"2016-03": "714", "2017-03": "442"}
        assert "Diamonds: Devon as the Department for Education has published it (Children in need)." in words(at)
        assert ("Hollow: published only after" in words(at)) == marked
    for asked in ({"indicator": "cp_plans", "sex": "F"}, {"indicator": "referral_rate"}):  # not of all children; not of a day
        assert not [frame for frame in on_map(audience="manager", **asked).dataframe if column in frame.value]


def test_what_only_some_figures_know_is_a_filter_of_those(on_map: Opener, county: Snapshot) -> None:
    asked = {"indicator": "looked_after", "period": "2017-12", "audience": "manager"}
    at = on_map(**asked, legal_status="care_order")
    assert not at.exception
    period, of = parse("2017-12", county.as_at.date()), {"legal_status": ["care_order"]}
    (counted,) = query(county, "looked_after", scope=Scope.everything(), period=period, where=of)["numerator"]
    assert f"of {counted:,} looked-after children are on the map" in words(at)
    assert {"Legal status", "Placement"} <= {box.label for box in at.sidebar.selectbox}
    assert not {"Legal status", "Child protection category"} & {box.label for box in on_map(indicator="referral_rate").sidebar.selectbox}
    assert "cannot be filtered by legal status" in words(on_map(indicator="referral_rate", legal_status="care_order"))
