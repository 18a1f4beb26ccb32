"""Caseloads, agency workers and vacancies at their edges: `tests/leaving_county.py` says who is there for what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest

from csc_core.access import Scope
from csc_core.caseload import HOURS_NOT_KNOWN, NOBODY, across, spread
from csc_core.disclosure import WITHHELD, Audience
from csc_core.load import load
from csc_core.periods import parse
from csc_core.query import query
from csc_core.snapshot import Snapshot, open_current
from tests.leaving_county import records

EVERYTHING = Scope.everything()


@pytest.fixture(scope="module")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    data = tmp_path_factory.mktemp("staffed")
    load(records(), data, lambda what, share: None)
    return open_current(data)


def ask(snapshot: Snapshot, id: str, period: str, by: str | None = None, scope: Scope = EVERYTHING) -> pd.DataFrame:
    return query(snapshot, id, scope=scope, period=parse(period, snapshot.as_at.date()), by=[by] if by else [])


def of(snapshot: Snapshot, id: str, period: str) -> tuple[float, float]:
    (row,) = ask(snapshot, id, period).to_dict("records")
    assert pd.isna(row["reason"])
    return row["numerator"], row["denominator"]


def by_team(frame: pd.DataFrame) -> Mapping[str, Mapping[str, Any]]:
    return {row["team"]: {str(name): value for name, value in row.items()} for row in frame.to_dict("records")}


def split(snapshot: Snapshot, id: str, period: str) -> Mapping[str, Any]:
    """Numerator and denominator of the teams with a denominator."""
    rows = by_team(ask(snapshot, id, period, "team"))
    return {team: (row["numerator"], pytest.approx(row["denominator"], abs=1e-4)) for team, row in rows.items() if row["denominator"]}


@pytest.mark.parametrize(
    ("id", "period", "cases", "fte", "why"),
    [
        ("average_caseload", "2017-12-31", 6, 1.5, "C01 C02 C03 with W1, C04 C08 C10 with W2 at half time; hours not known: C05 C06"),
        ("average_caseload", "2017-12-30", 7, 1.5, "and C09"),
        ("average_caseload", "2017-05-31", 7, 1.5, "C07 until the case closed, not C03 yet"),
        ("average_caseload", "2017-02-28", 7, 1.5, "C08 with the earlier worker"),
        ("caseload_dfe", "2017-12-31", 7, 1.5, "on 30 September: C01 C02, C04 C07 C08 C09 C10"),
        ("caseload_dfe", "2017-09-30", 7, 1.5, "the same"),
    ],
)
def test_cases_and_those_who_hold_them(staffed: Snapshot, id: str, period: str, cases: int, fte: float, why: str) -> None:
    assert of(staffed, id, period) == (cases, fte), why
    assert ask(staffed, id, period)["value"].iloc[0] == pytest.approx(cases / fte)


@pytest.mark.parametrize(
    ("id", "period", "expected"),
    [
        # W1 has two cases in Exeter and one in Barnstaple, and hours there in the same proportion
        ("average_caseload", "2017-12-31", {"T-EXE": (2, 2 / 3), "T-BAR": (4, 1 / 3 + 0.5)}),
        ("average_caseload", "2017-12-30", {"T-EXE": (2, 2 / 3), "T-BAR": (5, 1 / 3 + 0.5)}),
        ("average_caseload", "2017-10-14", {"T-EXE": (2, 1), "T-BAR": (4, 0.5)}),
        ("average_caseload", "2017-02-28", {"T-EXE": (3, 1), "T-BAR": (4, 0.5)}),
        ("caseload_dfe", "2017-12-31", {"T-EXE": (2, 1), "T-BAR": (5, 0.5)}),
    ],
)
def test_a_worker_in_two_teams_counts_once(staffed: Snapshot, id: str, period: str, expected: Mapping[str, tuple[float, float]]) -> None:
    assert split(staffed, id, period) == expected
    parts, total = ask(staffed, id, period, "team"), ask(staffed, id, period)
    assert parts["numerator"].sum() == total["numerator"].iloc[0]
    assert parts["denominator"].sum() == pytest.approx(total["denominator"].iloc[0], abs=1e-3)


def test_the_team_of_a_worker_without_hours_has_a_reason_and_no_figure(staffed: Snapshot) -> None:
    row = by_team(ask(staffed, "average_caseload", "2017-12-31", "team"))["T-NEW"]
    assert pd.isna(row["value"]) and row["denominator"] == 0
    assert row["reason"].startswith("None is recorded of what it is divided by")


def test_before_the_first_30_september_there_is_a_reason(staffed: Snapshot) -> None:
    (row,) = ask(staffed, "caseload_dfe", "2017-09-29").to_dict("records")
    assert pd.isna(row["value"]) and row["reason"].startswith("None is recorded of what it is divided by")


def test_the_spread_within_and_across_teams(staffed: Snapshot) -> None:
    period = parse("2017-12-31", staffed.as_at.date())
    teams = spread(staffed, scope=EVERYTHING, audience=Audience.MANAGER, period=period)
    exeter, barnstaple, newton = (by_team(teams)[team] for team in ("T-EXE", "T-BAR", "T-NEW"))
    # W1 holds 3 cases full time, W2 3 at half time
    assert (exeter["workers"], exeter["cases"], exeter["cases_per_fte"]) == (1, 2, pytest.approx(3, abs=1e-3))
    assert (barnstaple["workers"], barnstaple["cases"], barnstaple["fte"]) == (2, 4, pytest.approx(0.8333, abs=1e-4))
    assert [barnstaple[name] for name in ("lower_quartile", "median", "upper_quartile")] == pytest.approx([3.75, 4.5, 5.25], abs=1e-3)
    assert barnstaple["cases_hours_not_known"] == newton["cases_hours_not_known"] == 1
    assert (newton["workers"], newton["reason"]) == (0, HOURS_NOT_KNOWN)
    assert pd.isna(newton["cases_per_fte"]) and pd.isna(newton["median"])

    (whole,) = spread(staffed, scope=EVERYTHING, audience=Audience.MANAGER, period=period, by=None).to_dict("records")
    assert (whole["workers"], whole["fte"], whole["cases"], whole["cases_per_fte"], whole["median"]) == (2, 1.5, 6, 4, 4.5)

    between = across(teams)
    assert between["teams"] == 2
    assert [between["lowest"], between["highest"]] == pytest.approx([3, 4.8], abs=1e-3)


def test_the_spread_names_nobody_and_keeps_to_the_scope_and_the_audience(staffed: Snapshot) -> None:
    period = parse("2017-12-31", staffed.as_at.date())
    one_team = Scope({"team": frozenset({"T-BAR"})})
    own = spread(staffed, scope=one_team, audience=Audience.MANAGER, period=period)
    assert own["team"].tolist() == ["T-BAR"] and own["cases"].tolist() == [4]
    assert not {"W1", "W2", "W3", "W4"} & set(own.astype("str").to_numpy().ravel())
    others = spread(staffed, scope=EVERYTHING, audience=Audience.COMMISSIONER, period=period).set_index("team")
    assert (others["reason"] == WITHHELD).all() and others["withheld"].all()
    assert others[["workers", "fte", "cases", "median", "cases_hours_not_known"]].isna().all(axis=None)


def test_the_spread_of_a_day_without_records_is_a_reason(staffed: Snapshot) -> None:
    for day, words in (("2016-12-31", NOBODY), ("2010-01-01", "Records begin on 1 April 2012.")):
        frame = spread(staffed, scope=EVERYTHING, audience=Audience.MANAGER, period=parse(day, staffed.as_at.date()))
        assert frame["reason"].tolist() == [words] * 3 and frame["cases_per_fte"].isna().all()
        assert pd.isna(across(frame)["median"])


@pytest.mark.parametrize(
    ("id", "day", "numerator", "denominator", "why"),
    [
        ("agency_rate", "2017-12-31", 1.0, 5.5, "0.7 and 0.3 beside 3, 1 and 0.5 in post; a line of no known kind is neither"),
        ("agency_rate", "2017-12-30", 1.0, 6.5, "a line holds until the day before its last"),
        ("agency_covering_vacancy", "2017-12-31", 0.7, 1.0, ""),
        ("vacancy_rate", "2017-12-31", 1.0, 5.5, "1 beside 4.5 in post: agency workers are in no post"),
    ],
)
def test_posts(staffed: Snapshot, id: str, day: str, numerator: float, denominator: float, why: str) -> None:
    assert list(of(staffed, id, day)) == pytest.approx([numerator, denominator]), why
    assert ask(staffed, id, day)["value"].iloc[0] == pytest.approx(100 * numerator / denominator)


def test_posts_by_team(staffed: Snapshot) -> None:
    assert split(staffed, "agency_rate", "2017-12-31") == {"T-EXE": (1.0, 4.0), "T-BAR": (0, 1.0), "not allocated": (0, 0.5)}
    rows = by_team(ask(staffed, "agency_covering_vacancy", "2017-12-31", "team"))
    assert rows["T-EXE"]["value"] == pytest.approx(70)
    assert pd.isna(rows["T-BAR"]["value"]) and rows["T-BAR"]["reason"].startswith("There are none in the period")
