"""Rows by worker: switched off, in a manager's team only, in the order of the references, no percentage of few."""

from __future__ import annotations

from pathlib import Path

import pytest

from csc_core import pseudonyms
from csc_core.access import Scope
from csc_core.disclosure import Audience
from csc_core.hierarchy import LEVELS, below, levels, unmapped
from csc_core.indicators import INDICATORS
from csc_core.periods import parse
from csc_core.query import query
from csc_core.snapshot import Snapshot
from csc_core.workers import FOR_MANAGERS, LEAST_CASES, OFF, SWITCH, Workers, workers

EVERYTHING = Scope.everything()


def rows(snapshot: Snapshot, id: str, period: str, team: str, audience: Audience = Audience.MANAGER, scope: Scope = EVERYTHING) -> Workers:
    asked = INDICATORS[id]
    return workers(snapshot, asked, scope=scope, audience=audience, period=parse(period, snapshot.as_at.date()), team=team)


@pytest.mark.parametrize("value", [None, "", "off", "no", "workers"])
def test_off_unless_it_says_on(small: Snapshot, monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    monkeypatch.delenv(SWITCH, raising=False) if value is None else monkeypatch.setenv(SWITCH, value)
    found = rows(small, "open_cases", "2017-12", "T-EXE-1")
    assert found.rows.empty and found.reason == OFF


def test_each_worker_of_the_team_and_no_other(small: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    """W1 holds C10's case for the Exeter team; in October C05's too."""
    monkeypatch.setenv(SWITCH, "on")
    assert rows(small, "open_cases", "2017-12", "T-EXE-1").rows["numerator"].tolist() == [1]
    assert rows(small, "open_cases", "2017-10", "T-EXE-1").rows["numerator"].tolist() == [2]
    # cases for each full-time worker: one with W1's whole post
    assert rows(small, "average_caseload", "2017-12", "T-EXE-1").rows["value"].tolist() == [1]
    assert rows(small, "open_cases", "2017-12", "T-CNTY").rows.empty


def test_a_percentage_needs_20_cases(small: Snapshot, county: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SWITCH, "on")
    few = rows(small, "assessments_in_45_days", "2017-11", "T-EXE-1").rows
    assert few["denominator"].tolist() == [1] if len(few) else True
    found = rows(county, "assessments_in_45_days", "12m:2017-12", "T-AS-EXE1").rows
    shown = found["denominator"] >= LEAST_CASES
    assert shown.any() and not shown.all()
    assert found.loc[shown, "value"].notna().all() and found.loc[~shown, "value"].isna().all()
    assert found.loc[~shown, "reason"].str.contains("Fewer than 20").all()
    # by reference, which says nothing of the figure, and with nobody left out
    assert found["worker"].is_monotonic_increasing and found["worker"].is_unique
    (team,) = query(county, "assessments_in_45_days", scope=EVERYTHING, period=parse("12m:2017-12", county.as_at.date()),
                    where={"team": ["T-AS-EXE1"]}).to_dict("records")  # fmt: skip
    assert (found["numerator"].sum(), found["denominator"].sum()) == (team["numerator"], team["denominator"])


def test_nobody_but_a_manager_and_only_the_own_scope(small: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SWITCH, "on")
    assert rows(small, "open_cases", "2017-12", "T-EXE-1", Audience.COMMISSIONER).reason == FOR_MANAGERS
    elsewhere = Scope({"team": frozenset({"T-BAR-1"})})
    assert rows(small, "open_cases", "2017-12", "T-EXE-1", scope=elsewhere).rows.empty


@pytest.mark.parametrize("id", ["agency_rate", "enquiries", "caseload_dfe", "factor_prevalence"])
def test_what_has_no_worker_says_so(small: Snapshot, monkeypatch: pytest.MonkeyPatch, id: str) -> None:
    monkeypatch.setenv(SWITCH, "on")
    assert "cannot be split by worker" in str(rows(small, id, "2017-12", "T-EXE-1").reason)


def test_a_worker_is_a_reference(small_data: Path, small: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SWITCH, "on")
    (reference,) = pseudonyms.references(pseudonyms.key(small_data), ["W1"])
    assert rows(small, "open_cases", "2017-12", "T-EXE-1").rows["worker"].tolist() == [reference]


def test_the_mapping_file_says_what_is_below_what(small: Snapshot, county: Snapshot) -> None:
    assert below(small, "service", {}) == ["assessment", "permanence"]
    assert below(small, "team_locality", {"service": "assessment"}) == ["exeter", "northern-devon"]
    assert below(small, "team", {"service": "assessment", "team_locality": "exeter"}) == ["T-EXE-1"]
    assert below(small, "team", {"service": "permanence", "team_locality": "exeter"}) == []
    assert below(small, "team_area", {"team_locality": "exeter"}) == ["exeter-city"]
    assert below(small, "team", {"team_area": "north-devon"}) == ["T-BAR-1"]
    assert list(levels(small)) == list(LEVELS) == ["service", "team_locality", "team_area", "team"]
    assert unmapped(small) == [] and unmapped(county) == []
