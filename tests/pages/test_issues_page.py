"""The page *Issues from assessments* from its entry: full and empty, as every audience, with addresses good and bad."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from csc_core.access import Scope
from csc_core.compare import ranked_issues
from csc_core.disclosure import LEAST, Audience
from csc_core.factors import GROUPS, ISSUES, OVERLAP
from csc_core.load import load
from csc_core.periods import Period, parse
from csc_core.query import AllOf, query
from csc_core.snapshot import Snapshot
from csc_core.tables import quiet
from geo.areas import LEVELS
from pages.components.links import address, link, read
from pages.components.openings import ISSUES as PAGE
from tests.csc_core.test_factors import county_of

EVERYTHING = Scope.everything()
Opener = Callable[..., AppTest]
FULL = {
    "indicator": "factor_rate",
    "period": "2017/18Q3",
    "level": "locality",
    "shown": "versus",
    "area": "exeter",
    "issue": "neglect,young-carer",
    "sex": "F",
    "audience": "manager",
}


@pytest.fixture
def on_issues(opened: Opener, demonstration: Path) -> Opener:
    """Open the page at an address, on a data folder (the demonstration's, if none is named)."""
    return lambda data=demonstration, **asked: opened(data, "issues", **asked)


@pytest.fixture
def year(county: Snapshot) -> Period:
    return parse("12m:2017-12", county.as_at.date())


def words(at: AppTest) -> str:
    """All that the page says in sentences."""
    said = "\n".join(str(element.value) for kind in (at.markdown, at.caption, at.warning, at.error, at.info) for element in kind)
    return said.replace("\\", "")  # Markdown's escapes


def table(at: AppTest, column: str) -> pd.DataFrame:
    """The first table on the page with a column whose name begins so."""
    frame: pd.DataFrame = next(found.value for found in at.dataframe if any(str(name).startswith(column) for name in found.value))
    return frame


def test_an_address_and_its_choices_are_the_same_thing(small: Snapshot) -> None:
    choices, said = read(FULL, small, PAGE)
    assert not said
    assert address(choices) == FULL
    assert choices.selects == {"factor_group": ("neglect", "young-carer")}
    together, said = read({**FULL, "issue": "neglect+young-carer"}, small, PAGE)
    assert not said and address(together)["issue"] == "neglect+young-carer"
    assert isinstance(together.selects["factor_group"], AllOf) and not isinstance(choices.selects["factor_group"], AllOf)
    parts = urlsplit(link(choices, "https://council.example/csc"))
    assert parts.path == "/csc/issues" and dict(parse_qsl(parts.query)) == FULL


def test_the_page_opens_on_the_commonest_group_by_planning_area(on_issues: Opener, county: Snapshot, year: Period) -> None:
    at = on_issues()
    assert not at.exception
    ranked = ranked_issues(county, scope=EVERYTHING, audience=Audience.MANAGER, period=year)
    commonest = ranked["factor_group"].iloc[0]
    assert f"**{GROUPS[commonest].title}: % of assessments with a factor recorded**" in words(at)
    assert "January to December 2017 (12 months), by planning area, all teams and all children" in words(at)
    assert {key: at.query_params[key] for key in ("indicator", "level", "issue")} == {
        "indicator": "factor_prevalence",
        "level": "planning_area",
        "issue": commonest,
    }
    assert len(at.dataframe[0].value) == 31


def test_issues_are_ranked_with_what_must_be_said_of_them(on_issues: Opener, county: Snapshot, year: Period) -> None:
    at = on_issues(audience="manager")
    shown = table(at, "Issue")
    ranked = ranked_issues(county, scope=EVERYTHING, audience=Audience.MANAGER, period=year)
    assert [text.removeprefix("● ") for text in shown["Issue"]] == [GROUPS[id].title for id in ranked["factor_group"]]
    assert shown["Issue"].str.startswith("●").tolist() == [True, *[False] * (len(shown) - 1)]
    assert shown["%"].tolist() == pytest.approx(ranked["value"].tolist())
    assert shown["%"].iloc[: len(ISSUES)].is_monotonic_decreasing
    assert shown["95% interval"].str.contains(" to ").all()
    assert "Devon" not in shown  # beside itself it says nothing
    assert OVERLAP in words(at)


def test_an_area_selected_stands_beside_the_county(on_issues: Opener) -> None:
    at = on_issues(area="bideford")
    assert "Selected: **Bideford**" in words(at)
    assert {"Issues ranked: Bideford", "What comes with it: Bideford", "Trend: Bideford"} <= {one.value for one in at.subheader}
    ranked = table(at, "Issue")
    assert {"Devon", "v Devon"} <= {*ranked}
    assert set(ranked["v Devon"]) <= {"▲▲ much higher", "▲ higher", "≈ similar", "▼ lower", "▼▼ much lower", ""}


def test_the_share_with_no_factor_recorded_stands_beside_every_figure(on_issues: Opener, county: Snapshot, year: Period) -> None:
    at = on_issues(area="bideford")
    (row,) = query(county, "factor_recorded", scope=EVERYTHING, period=year, where={"planning_area": ["bideford"]}).to_dict("records")
    card = next(one for one in at.metric if one.label == "No factor recorded")
    assert card.value == f"{100 - row['value']:.1f}%"
    assert card.delta == f"{row['denominator'] - row['numerator']:.0f} of {row['denominator']:.0f}"
    assert words(at).count(f"No factor is recorded for {card.value} of the assessments of Bideford") == 2  # ranked, and together
    areas = at.dataframe[0].value
    assert areas.loc[areas["Area"] == "Bideford", "No factor"].item() == f"{100 - row['value']:.0f}%"
    assert any("no factor recorded" in str(name) for name in table(at, "Quarter"))


def test_how_few_have_no_factor_is_withheld_from_a_commissioner(on_issues: Opener, county: Snapshot, year: Period) -> None:
    split = query(county, "factor_recorded", scope=EVERYTHING, period=year, by=["district"]).set_index("district")
    without = split["denominator"] - split["numerator"]
    few = next(area for area, count in zip(without.index, without, strict=True) if 1 <= count < LEAST)
    hidden, true = (on_issues(level="district", area=str(few), audience=who) for who in ("commissioner", "manager"))
    assert next(one for one in hidden.metric if one.label == "No factor recorded").value == "Withheld"
    assert next(one for one in true.metric if one.label == "No factor recorded").value.endswith("%")


@pytest.mark.parametrize("audience", ["manager", "commissioner"])
@pytest.mark.parametrize("level", list(LEVELS))
@pytest.mark.parametrize("indicator", ["factor_prevalence", "factor_rate"])
def test_both_measures_are_drawn_at_every_level_for_everyone(on_issues: Opener, indicator: str, level: str, audience: str) -> None:
    for shown in ("rate", "versus", "count"):
        at = on_issues(indicator=indicator, level=level, audience=audience, shown=shown, period="2017/18YTD")
        assert not at.exception and not at.error
        assert f"by {'home ' * (level == 'locality')}{LEVELS[level].title.lower()}" in words(at)
        assert at.metric[1].label == "Devon"


@pytest.mark.parametrize("audience", ["manager", "commissioner"])
@pytest.mark.parametrize("issue", [*GROUPS, "4B", "18A", "21", "24A"])
def test_every_group_and_single_issue_has_its_page(on_issues: Opener, issue: str, audience: str) -> None:
    at = on_issues(issue=issue, area="bideford", audience=audience)
    assert not at.exception and not at.error
    assert len(table(at, "Issue")) >= len(ISSUES)  # even where the issue itself cannot be drawn


def test_choosing_another_group_changes_the_figures(on_issues: Opener) -> None:
    at = on_issues()
    before = at.dataframe[0].value
    at.selectbox(key="issue").set_value("neglect").run()
    assert not at.exception
    assert "Neglect: % of assessments with a factor recorded" in words(at)
    assert not at.dataframe[0].value.equals(before)
    assert at.query_params["issue"] == "neglect"
    assert "With Neglect" in table(at, "With")


def test_a_commissioner_s_tables_have_no_small_number(on_issues: Opener) -> None:
    at = on_issues(issue="neglect", area="bideford")
    for column in ("Counted", "Assessments"):
        for frame in (found.value for found in at.dataframe if column in found.value):
            counts = frame[column].astype("str").str.extract(r"^([\d,]+)(?: of|$)")[0].dropna().str.replace(",", "").astype("int")
            assert not counts.between(1, LEAST - 1).any()
    assert "withheld" in set(table(at, "With")["Assessments"])
    assert "Withheld: fewer than" in words(on_issues(issue="exploitation", level="district", area="EX17"))


def test_the_commonest_pairs_and_trios_and_every_two_issues(on_issues: Opener) -> None:
    at = on_issues()
    pairs, trios = (found.value for found in at.dataframe if "% of assessments" in found.value)
    assert len(pairs) == len(trios) == 10
    assert pairs["Issues"].str.count(r" \+ ").eq(1).all() and trios["Issues"].str.count(r" \+ ").eq(2).all()
    assert pairs["% of assessments"].is_monotonic_decreasing and trios["% of assessments"].is_monotonic_decreasing
    every = table(at, "Of those with")
    assert every.shape == (len(ISSUES), len(ISSUES) + 1)
    assert re.fullmatch(r"\([\d,]+\)", str(every.iloc[0, 1]))  # an issue with itself: how many carry it


def test_a_mix_is_for_managers_and_can_be_taken_apart(on_issues: Opener, county: Snapshot, year: Period) -> None:
    at = on_issues(issue="neglect,young-carer", audience="manager", shown="count")
    mix = {"factor_group": ["neglect", "young-carer"]}
    (counted,) = query(county, "factor_prevalence", scope=EVERYTHING, period=year, where=mix)["numerator"]
    assert at.metric[1].value == f"{counted:,}"
    at.radio(key="audience").set_value("commissioner").run()
    assert "A mix of several issues is shown to managers only" in words(at)
    assert not at.metric and not at.dataframe
    at.button(key="alone_young-carer").click().run()
    assert not at.exception and "**Young carer: number of assessments**" in words(at)


def test_any_of_a_mix_and_all_of_it_are_told_apart(on_issues: Opener, county: Snapshot, year: Period) -> None:
    issues = ["neglect", "substance-use"]
    any_of, all_of = (
        query(county, "factor_prevalence", scope=EVERYTHING, period=year, where={"factor_group": wanted})["numerator"].iloc[0]
        for wanted in (issues, AllOf(issues))
    )
    assert 0 < all_of < any_of
    at = on_issues(issue="neglect,substance-use", audience="manager", shown="count")
    assert at.metric[1].value == f"{any_of:,}"
    at.radio(key="mix_of").set_value("all").run()
    assert not at.exception
    assert at.query_params["issue"] == "neglect+substance-use"
    assert at.metric[1].value == f"{all_of:,}"
    assert "**Neglect and Substance use (alcohol and drugs): number of assessments**" in words(at)
    assert "Several are chosen: an assessment counts if it carries all of them." in words(at)
    at.multiselect(key="mix").set_value([]).run()  # one alone is no mix
    assert at.query_params["issue"] == "neglect" and not [one for one in at.radio if one.key == "mix_of"]


def test_all_of_a_mix_is_for_managers_too(on_issues: Opener) -> None:
    at = on_issues(issue="neglect+substance-use")
    assert "A mix of several issues is shown to managers only" in words(at) and not at.metric


@pytest.mark.parametrize(
    ("written", "read_as", "words_of_it"),
    [
        ("neglect+abuse", "neglect+abuse", ""),
        ("neglect abuse", "neglect+abuse", ""),  # a plus typed into the address bar
        ("neglect+neglect", "neglect", ""),
        ("4B+16A", "4B+16A", ""),
        ("neglect+abuse,other", "neglect", "not of both: Neglect is shown alone"),
        ("neglect+4B", "neglect", "of groups of issues or of single issues, not of both"),
        ("neglect+sadness", "domestic-abuse", "There is no issue `sadness`"),
        ("neglect+", "domestic-abuse", "There is no issue"),
    ],
)
def test_a_mix_in_an_address(small: Snapshot, written: str, read_as: str, words_of_it: str) -> None:
    choices, said = read({"issue": written}, small, PAGE)
    assert address(choices)["issue"] == read_as
    assert len(said) == bool(words_of_it) and words_of_it in "".join(said)


def test_another_issue_can_be_added_to_the_mix(on_issues: Opener) -> None:
    at = on_issues(issue="neglect", audience="manager")
    at.multiselect(key="mix").set_value(["abuse"]).run()
    assert not at.exception
    assert at.query_params["issue"] == "neglect,abuse"


def test_what_an_address_names_and_is_not_there_is_said(on_issues: Opener) -> None:
    at = on_issues(indicator="drop", issue="sadness", area="XX99", level="street", period="soon", sex="X", audience="all", colour="red")
    assert not at.exception
    for name in ("drop", "sadness", "XX99", "street", "soon", "X", "all", "colour"):
        assert f"`{name}`" in words(at)
    assert "of groups of issues or of single issues, not of both" in words(on_issues(issue="neglect,4B"))


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "'; drop table assessment; --", "\u202e\x00", "x" * 100_000, ",,", ""])
def test_hostile_addresses_are_only_text(on_issues: Opener, text: str) -> None:
    at = on_issues(issue=text, indicator=text, area=text)
    assert not at.exception
    assert len(at.dataframe[0].value) == 31


def test_a_filter_that_empties_the_page_is_named_and_can_be_taken_away(on_issues: Opener) -> None:
    at = on_issues(indicator="factor_rate", team="T-MASH")
    assert "cannot be filtered by team" in words(at)
    at.button(key="clear_team").click().run()
    assert not at.exception and len(at.dataframe[0].value) == 31


def test_a_small_county_has_withheld_figures_and_no_traceback(on_issues: Opener, small_data: Path) -> None:
    for who in ("commissioner", "manager"):
        for asked in (
            {},
            {"issue": "substance-use"},
            {"sex": "F", "period": "2017-02"},
            {"period": "2014-12"},
            {"age_band": "18 and over"},
        ):
            assert not on_issues(small_data, audience=who, **asked).exception
    assert "Everything here is withheld" in words(on_issues(small_data, period="2016-12..2017-11"))
    assert "No assessments with the issue match" in words(on_issues(small_data, age_band="18 and over", audience="manager"))
    assert "Records begin on" in words(on_issues(small_data, period="2014-12"))


def test_the_map_of_need_and_this_page_keep_their_own_choices_and_share_the_filters(on_issues: Opener) -> None:
    at = on_issues(issue="neglect", level="lad", sex="F")
    at.query_params.clear()
    at.switch_page("pages/map.py").run()
    assert "**Referrals per 10,000 children**" in words(at) and "by postcode district, sex: Female" in words(at)
    assert "issue" not in at.query_params
    at.query_params.clear()
    at.switch_page("pages/issues.py").run()
    assert "**Neglect:" in words(at) and "by local authority district, sex: Female" in words(at)


def test_where_the_codes_change_the_line_stops_and_says_why(on_issues: Opener, tmp_path: Path) -> None:
    """Physical abuse was 18A until March 2020; an assessment with it in the quarter before, one without it in the quarter after."""
    assessed = {"A1": ("C01", "2020-02-10", ["18A"]), "A2": ("C02", "2020-05-10", ["18B"])}
    load(replace(county_of(assessed), as_at=datetime(2020, 12, 31)), tmp_path, quiet)
    at = on_issues(tmp_path, issue="18A", audience="manager")
    assert not at.exception
    (table,) = [frame.value for frame in at.dataframe if "Quarter" in frame.value]
    rows = table.set_index("Quarter")
    assert rows.loc["2019/20Q4", "Devon"] == "100.0" and rows.loc["2020/21Q1", "Devon"] == "no figure"
    assert rows.loc["2020/21Q1", "Note"] == "Physical abuse (18A) has been recorded under other codes since April 2020."
    (spec,) = [json.loads(chart.proto.spec) for chart in at.get("vega_lite_chart") if "Change of codes" in chart.proto.spec]
    assert spec["layer"][-2]["data"]["values"] == [{"day": "2020-04-01", "words": "Change of codes"}]
