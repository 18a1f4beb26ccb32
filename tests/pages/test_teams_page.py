"""The teams page: from service to worker, what is overdue, and what nobody but a manager may see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from csc_core import pseudonyms
from csc_core.load import load
from csc_core.overdue import FOR_MANAGERS
from csc_core.snapshot import Snapshot
from csc_core.tables import quiet
from csc_core.workers import OFF, SWITCH
from tests.small_county import records

Opener = Callable[..., AppTest]


@pytest.fixture
def on_teams(monkeypatch: pytest.MonkeyPatch, opened: Opener, small_data: Path) -> Opener:
    """Open the teams page of a data folder (the small county's, if none is named) at an address."""
    monkeypatch.delenv(SWITCH, raising=False)

    return lambda data=small_data, **address: opened(data, "teams", **address)


def words(at: AppTest) -> str:
    """All that the page says in sentences."""
    said = "\n".join(str(element.value) for kind in (at.markdown, at.caption, at.warning, at.error, at.info) for element in kind)
    return said.replace("\\", "")  # Markdown's escapes


def cards(at: AppTest) -> dict[str, tuple[str, str]]:
    return {metric.label: (metric.value, metric.delta) for metric in at.metric}


def column(at: AppTest, heading: str, value: str) -> dict[str, object]:
    """Of the first table with such a heading, one column by another."""
    frame = next(table.value for table in at.dataframe if {heading, value} <= {*table.value.columns})
    return dict(zip(frame[heading], frame[value], strict=True))


def test_the_page_opens_on_the_services(on_teams: Opener) -> None:
    at = on_teams(audience="manager")
    assert not at.exception
    # T-BAR-1 holds the cases of C01 and C05, T-EXE-1 that of C10; nobody is involved with the other five
    assert column(at, "Service", "Number") == {"Assessment": 3, "Permanence": 0, "Not allocated": 5}
    assert "team locality is where the team works" in words(at).lower() and "home locality is where the child lives" in words(at)


def test_a_way_down_and_up_is_an_address(on_teams: Opener) -> None:
    at = on_teams(audience="manager", by="team", service="assessment", team_locality="exeter")
    assert not at.exception
    assert column(at, "Team", "Number") == {"Assessment team Exeter 1": 1}
    at.button(key="up_service").click().run()
    assert not at.exception
    assert at.query_params["by"] in ("service", ["service"]) and not {"service", "team_locality"} & {*at.query_params}


def test_what_is_overdue_names_a_child_by_reference_to_a_manager(on_teams: Opener, small_data: Path) -> None:
    at = on_teams(audience="manager")
    assert cards(at)["Assessments"] == ("1", "1 from the referral")
    (child,) = pseudonyms.references(pseudonyms.key(small_data), ["C10"])
    (listed,) = at.table
    assert listed.value.to_dict("records") == [
        {
            "Child": child,
            "Team": "Assessment team Exeter 1",
            "Team locality": "Exeter",
            "Due": "4 October 2017",
            "Due from the referral": "4 October 2017",
            "Working days late": 60,
        }
    ]
    assert "None is overdue" in words(on_teams(audience="manager", overdue="s47"))


def test_a_commissioner_sees_no_child_and_no_few(on_teams: Opener) -> None:
    at = on_teams()
    assert not at.exception and not at.table
    assert FOR_MANAGERS.replace("`", "") in words(at)
    # a county total is everybody's; nothing below it that rests on so few
    assert cards(at)["Assessments"][0] == "1"
    notes = column(at, "Service", "Note")
    assert notes == {"Assessment": "withheld", "Permanence": "", "Not allocated": "withheld"}
    below = on_teams(service="assessment")
    assert cards(below)["Assessments"][0] == "Withheld"


def test_homes_by_teams_names_both_localities(on_teams: Opener) -> None:
    """C01 lives in Exeter and C05 in Barnstaple, both with the Barnstaple team; C10 in Exeter, with Exeter's."""
    at = on_teams(audience="manager")
    frame = next(table.value for table in at.dataframe if "Home locality" in table.value.columns).set_index("Home locality")
    assert frame.loc["Exeter", "Northern Devon"] == "1" and frame.loc["Northern Devon", "Northern Devon"] == "1"
    assert frame.loc["Exeter", "Exeter"] == "1" and frame.loc["Southern Devon", "Exeter"] == "0"
    assert frame.loc["Northern Devon", "Not allocated"] == "1"  # C11
    assert "(home locality)" in words(at) and "(team locality)" in words(at)


def test_workers_are_off_until_they_are_switched_on(on_teams: Opener, monkeypatch: pytest.MonkeyPatch, small_data: Path) -> None:
    asked = {"team": "T-EXE-1", "by": "team", "indicator": "open_cases"}
    opened = on_teams(audience="manager", **asked)
    assert OFF in words(opened)
    assert not [table for table in opened.table if "Worker" in table.value.columns]
    monkeypatch.setenv(SWITCH, "on")
    on = on_teams(audience="manager", **asked)
    (worker,) = pseudonyms.references(pseudonyms.key(small_data), ["W1"])
    (rows,) = [table.value for table in on.table if "Worker" in table.value.columns]
    assert rows[["Worker", "Number"]].to_dict("records") == [{"Worker": worker, "Number": "1"}]
    # nothing that can be saved has a worker in it: neither a table with a tool bar nor a file
    assert not [table for table in on.dataframe if "Worker" in table.value.columns]
    assert not on_teams(**asked).table  # nobody but a manager


def test_a_team_that_closed_or_opened_says_so(on_teams: Opener, tmp_path: Path) -> None:
    made = records()
    rows = made.tables["departments"].rows.copy()
    rows.loc[rows["team_id"] == "T-BAR-1", "valid_to"] = "2017-08-01"
    rows.loc[rows["team_id"] == "T-EXE-1", "valid_from"] = "2017-12-05"
    load(replace(made, tables={**made.tables, "departments": replace(made.tables["departments"], rows=rows)}), tmp_path, quiet)
    notes = column(on_teams(tmp_path, audience="manager", by="team"), "Team", "Note")
    assert notes["Assessment team Barnstaple 1"] == "closed on 1 August 2017"
    assert notes["Assessment team Exeter 1"] == "opened on 5 December 2017"


def test_a_team_that_the_mapping_lacks_is_named(on_teams: Opener, tmp_path: Path) -> None:
    made = records()
    rows = made.tables["departments"].rows
    rows = rows[rows["team_id"] != "T-BAR-1"]
    load(replace(made, tables={**made.tables, "departments": replace(made.tables["departments"], rows=rows)}), tmp_path, quiet)
    at = on_teams(tmp_path, audience="manager", by="team")
    assert column(at, "Team", "Number")["T-BAR-1 (not in the mapping file)"] == 2
    assert "Not in the mapping file, so without service and locality: T-BAR-1." in words(at)
    assert column(on_teams(tmp_path, audience="manager"), "Service", "Number")["Not known"] == 2


def test_a_made_up_address_gets_sentences(on_teams: Opener) -> None:
    at = on_teams(by="worker", indicator="factor_prevalence", overdue="homework", team="T-XX", colour="red")
    assert not at.exception
    for wrong in ("worker", "factor_prevalence", "homework", "T-XX", "colour"):
        assert f"`{wrong}`" in words(at)


def test_filters_that_do_not_fit_say_so(on_teams: Opener) -> None:
    at = on_teams(audience="manager", indicator="average_caseload", age_band="5-9")
    assert not at.exception
    assert "cannot be filtered by age" in words(at)


def test_a_period_before_the_data_says_so(on_teams: Opener) -> None:
    at = on_teams(audience="manager", period="2013-05")
    assert not at.exception
    assert "No figures for this period" in words(at)


def test_the_page_without_involvements_teams_and_visits_says_what_is_missing(on_teams: Opener, tmp_path: Path) -> None:
    made = records()
    gone = ("involvements", "departments", "cla_visits", "professionals")
    load(replace(made, tables={name: table for name, table in made.tables.items() if name not in gone}), tmp_path, quiet)
    at = on_teams(tmp_path, audience="manager", overdue="visit", indicator="average_caseload")
    assert not at.exception
    assert "have no involvements, so" in words(at) and "no cla_visits table" in words(at)


def test_the_demonstration_adds_up(on_teams: Opener, demonstration: Path, county: Snapshot) -> None:
    at = on_teams(demonstration, audience="manager")
    assert not at.exception
    assert sum(float(str(value)) for value in column(at, "Service", "Number").values()) == 5_122
    assert len(column(at, "Team", "Cases per FTE")) == len(county.teams)
