"""The page of what changed: between two periods, and since an earlier load."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from csc_core.load import load
from csc_core.snapshot import kept
from csc_core.tables import quiet
from tests.small_county import records

Opener = Callable[..., AppTest]


@pytest.fixture
def on_changes(opened: Opener, small_data: Path) -> Opener:
    """Open the page of a data folder (the small county's, if none is named) at an address."""
    return lambda data=small_data, **address: opened(data, "changes", **address)


@pytest.fixture(scope="module")
def loaded_twice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small county, and then without R15."""
    data = tmp_path_factory.mktemp("twice")
    made = records()
    load(made, data, quiet)
    rows = made.tables["cin_episodes"].rows
    fewer = replace(made.tables["cin_episodes"], rows=rows[rows["referral_id"] != "R15"])
    load(replace(made, tables={**made.tables, "cin_episodes": fewer}), data, quiet)
    return data


def words(at: AppTest) -> str:
    said = "\n".join(str(element.value) for kind in (at.markdown, at.caption, at.warning, at.error, at.info) for element in kind)
    return said.replace("\\", "")  # Markdown's escapes


def cards(at: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in at.metric}


def differences(at: AppTest, number: int = 0) -> dict[str, str]:
    """The difference of each part of a table, by its first words."""
    frame = at.table[number].value
    return {str(part).split(":", maxsplit=1)[0]: text for part, text in zip(frame["Part"], frame["Difference"], strict=True)}


def test_the_page_says_why_there_are_two_more_open_cases(on_changes: Opener) -> None:
    at = on_changes(audience="manager")
    assert not at.exception
    assert cards(at) == {"On 30 November 2017": "6", "On 31 December 2017": "8", "Difference": "+2"}
    assert differences(at) == {
        "New": "+4", "Re-opened": "0", "Closed": "-2", "Open on both days and in between": "0",
        "Open on both days, closed and re-opened in between": "0", "In all": "+2",
    }  # fmt: skip
    assert "Only one snapshot is kept" in words(at)


def test_who_moved_between_places_is_said_of_the_place_filtered_by(on_changes: Opener) -> None:
    address = {"from": "2017-10-31", "period": "2017-11-30", "locality": "northern-devon"}
    at = on_changes(audience="manager", **address)
    assert differences(at)["Moved in"] == "+1"
    assert "home locality: Northern Devon" in words(at)


def test_a_commissioner_sees_the_total_of_the_county_and_no_few(on_changes: Opener) -> None:
    at = on_changes()
    assert cards(at)["Difference"] == "+2"
    found = differences(at)
    assert (found["New"], found["Closed"], found["In all"]) == ("withheld", "withheld", "+2")
    assert "Everything here is withheld" in words(on_changes(locality="exeter"))


def test_a_share_is_split_into_what_it_is_made_of(on_changes: Opener) -> None:
    at = on_changes(audience="manager", indicator="assessments_in_45_days", period="2017-11", **{"from": "2017-02"})
    assert not at.exception
    assert cards(at) == {"February 2017": "50.0%", "November 2017": "100.0%", "Difference": "+50.0 points"}
    assert list(differences(at, 2).values()) == ["0.0", "+50.0", "+50.0"]


def test_what_was_removed_since_an_earlier_load(on_changes: Opener, loaded_twice: Path) -> None:
    at = on_changes(loaded_twice, audience="manager")
    assert not at.exception
    assert at.query_params["against"] in (kept(loaded_twice)[1], [kept(loaded_twice)[1]])
    assert differences(at, 1)["Removed"] == "-1" and differences(at, 1)["In all"] == "-1"
    rows = at.table[2].value.set_index("Records")
    assert rows.loc["Referrals", "Removed"] == "1" and rows.loc["Enquiries", "Removed"] == "0"
    seen = on_changes(loaded_twice)
    assert seen.table[2].value.set_index("Records").loc["Referrals", "Removed"] == "withheld"
    assert differences(seen, 1)["Removed"] == "withheld"


def test_an_older_snapshot_that_has_gone_or_is_damaged_is_said(on_changes: Opener, loaded_twice: Path, tmp_path: Path) -> None:
    assert "`20200101`" in words(on_changes(loaded_twice, against="20200101"))
    made = records()
    load(made, tmp_path, quiet)
    load(made, tmp_path, quiet)
    (tmp_path / "snapshots" / kept(tmp_path)[1] / "referral.parquet").write_bytes(b"")
    at = on_changes(tmp_path, audience="manager")
    assert not at.exception and "damaged or was made by another version" in words(at)


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ({"from": "2017-12", "period": "2017-11"}, "Choose an earlier period that ends before November 2017"),
        ({"from": "2013-01"}, "Records begin on"),
        ({"from": "yesterday", "indicator": "factor_prevalence", "colour": "red"}, "`yesterday`"),
        ({"indicator": "average_caseload", "age_band": "5-9"}, "cannot be filtered by age"),
        ({"indicator": "referral_rate", "from": "2017-11", "period": "2017/18Q3"}, "over one length of time"),
    ],
)
def test_what_cannot_be_compared_is_a_sentence(on_changes: Opener, address: dict[str, str], sentence: str) -> None:
    at = on_changes(audience="manager", **address)
    assert not at.exception
    assert sentence in words(at)
