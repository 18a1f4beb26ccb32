"""The page of data quality from its entry, the mark that leads there, and pages whose records lack something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from csc_core.load import load
from csc_core.quality import RULES
from csc_core.tables import quiet
from csc_core.together import together
from tests.small_county import records

Opener = Callable[..., AppTest]


@pytest.fixture(scope="module")
def lacking(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small county as a census alone would bring it: no addresses, no teams, no factors."""
    data, given = tmp_path_factory.mktemp("lacking"), records()
    without = ("addresses", "departments", "involvements", "assessment_factors")
    load(replace(given, tables={name: raw for name, raw in given.tables.items() if name not in without}), data, quiet)
    return data


def words(at: AppTest) -> str:
    said = "\n".join(str(element.value) for kind in (at.markdown, at.caption, at.warning, at.error, at.info) for element in kind)
    return said.replace("\\", "")


def test_what_came_in_adds_up_and_every_rule_is_there(opened: Opener, small_data: Path) -> None:
    at = opened(small_data, "data-quality")
    assert not at.exception
    assert "rows were read" in words(at) and "Of each child are kept a reference in place of the id, the month of birth" in words(at)
    read, postcodes, rules = (found.value for found in at.dataframe)
    assert postcodes["Addresses"].to_list() == ["withheld"] * 4 + ["0"]  # nine of twelve matched, and one of each fault but a missing one
    assert (read["Read"] == read["Kept"] + read["Rejected"]).all()
    assert set(rules["Rule"]) <= {rule.title for rule in RULES.values()} and len(rules) >= 12
    assert "withheld" in set(rules["Found"])  # the small county is small


def test_rows_in_whose_place_another_source_s_are_taken_are_said_and_counted(opened: Opener, tmp_path: Path) -> None:
    """The small county twice: its children are united, and of every other table the first one's rows are not used."""
    first, second = replace(records(), source="csv first"), records()
    load(together([first, second]), tmp_path, quiet)
    at = opened(tmp_path, "data-quality")
    not_used = sum(len(raw.rows) for name, raw in first.tables.items() if name != "persons")
    assert f"{not_used:,} not used, since their tables were left out as a whole" in words(at)
    read = at.dataframe[0].value
    assert read["Not used"].sum() == not_used and set(read.loc[read["Not used"] > 0, "From"]) == {"csv first"}
    assert (read["Read"] == read["Kept"] + read["Rejected"] + read["Not used"]).all()


@pytest.mark.parametrize(
    ("page", "offered"), [("data-quality", set()), ("briefing", {"Period"}), ("teams", {"Period", "Home locality"})]
)
def test_a_page_offers_no_choice_that_changes_nothing_on_it(opened: Opener, small_data: Path, page: str, offered: set[str]) -> None:
    at = opened(small_data, page)
    assert not at.exception
    assert {"Period", "Home locality"} & {box.label for box in at.sidebar.selectbox} == offered


@pytest.mark.parametrize("audience", ["manager", "commissioner"])
@pytest.mark.parametrize("rule", list(RULES))
def test_each_rule_has_an_address(opened: Opener, small_data: Path, rule: str, audience: str) -> None:
    at = opened(small_data, "data-quality", rule=rule, audience=audience)
    assert not at.exception and not at.error
    assert at.subheader[0].value.replace("\\", "") == RULES[rule].title
    assert ("managers only" in words(at)) is (audience == "commissioner")


def test_a_made_up_rule_gets_a_sentence(opened: Opener, small_data: Path) -> None:
    at = opened(small_data, "data-quality", rule="drop")
    assert not at.exception and "There is no rule `drop`" in words(at)


def test_figures_of_issues_lead_to_the_assessments_without_a_factor(opened: Opener, demonstration: Path) -> None:
    at = opened(demonstration, "issues")
    links = [link for link in at.get("page_link") if "Read with care" in link.proto.label]
    assert [link.proto.query_string.split("rule=")[1] for link in links] == ["assessment_without_factor"]


@pytest.mark.slow
def test_records_without_places_teams_or_factors_say_what_would_bring_them(opened: Opener, lacking: Path) -> None:
    on_map, issues = opened(lacking, "map"), opened(lacking, "issues")
    for at, said in ((on_map, "Nothing can be put on the map"), (issues, "These records have no assessment factors")):
        assert not at.exception
        assert said in words(at) and "They come with" in words(at)
    assert "file of addresses" in words(on_map)
    teams = opened(lacking, "teams")
    assert not teams.exception and "teams.csv" in words(teams)
