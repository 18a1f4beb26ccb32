"""What is overdue, counted by hand in the small county: the day it became so, the day it ceased, the team and who may see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from csc_core import pseudonyms
from csc_core.access import Scope
from csc_core.disclosure import Audience
from csc_core.load import load
from csc_core.overdue import FOR_MANAGERS, KINDS, Overdue, overdue_now
from csc_core.periods import parse
from csc_core.query import QueryError, query
from csc_core.snapshot import Snapshot, open_current
from csc_core.tables import quiet
from tests.small_county import records

EVERYTHING = Scope.everything()


def with_cells(data: Path, table: str, rows: Sequence[dict[str, str]]) -> Snapshot:
    """The small county with cells of a table changed; each row named by its key, the table's first column."""
    made = records()
    frame = made.tables[table].rows.copy()
    for row in rows:
        key, *others = row
        for name in others:
            frame.loc[frame[key] == row[key], name] = row[name]
    load(replace(made, tables={**made.tables, table: replace(made.tables[table], rows=frame)}), data, quiet)
    return open_current(data)


def count(snapshot: Snapshot, id: str, day: str, by: str | None = None) -> dict[str, int] | int:
    rows = query(snapshot, id, scope=EVERYTHING, period=parse(day, snapshot.as_at.date()), by=[by] if by else [])
    if by is None:
        return int(rows["numerator"].iloc[0])
    return {row[by]: int(row["numerator"]) for row in rows.to_dict("records") if row["numerator"]}


@pytest.mark.parametrize(
    ("id", "day", "expected", "why"),
    [
        # S05 of C10 started on 1 August: 21 working days in August, 21 in September, 2, 3 and 4 October
        ("assessments_overdue", "2017-10-04", 0, "the 45th working day"),
        ("assessments_overdue", "2017-10-05", 1, "the day after"),
        ("assessments_overdue", "2017-12-31", 1, "still open"),
        ("assessments_overdue_from_referral", "2017-10-05", 1, "it started on the day of the referral"),
        # S03 of C12 became late on the day on which it was authorised: at no day's end
        ("assessments_overdue", "2017-02-06", 0, "S03, due on this day"),
        ("assessments_overdue", "2017-02-07", 0, "S03, authorised on this day"),
        # C07 entered care on 1 May 2015 and was first visited on 1 December 2017; C05 entered on 20 October, C10 on 10 September
        ("visits_overdue", "2015-05-08", 0, "C07's first visit is due on this day"),
        ("visits_overdue", "2015-05-09", 1, "C07"),
        ("visits_overdue", "2017-10-27", 2, "C07, and C10 since 18 September; C05's is due on this day"),
        ("visits_overdue", "2017-10-28", 3, "C07, C10 and C05"),
        ("visits_overdue", "2017-11-20", 2, "C05 moved: the next is due within a week of that"),
        ("visits_overdue", "2017-12-10", 0, "C07 visited, C10 has left care"),
        # C08 entered care on Friday 1 July 2016: 5, 10, 15, 20 working days on the Fridays after
        ("health_assessments_overdue", "2016-07-29", 0, "the 20th working day"),
        ("health_assessments_overdue", "2016-07-30", 1, "the day after"),
        ("health_assessments_overdue", "2016-08-01", 0, "assessed"),
        ("s47_overdue", "2017-12-31", 0, "Q03 is due on 4 January"),
    ],
)
def test_overdue_from_the_day_after_it_was_due_until_it_is_done(small: Snapshot, id: str, day: str, expected: int, why: str) -> None:
    assert count(small, id, day) == expected, why


def test_each_is_split_by_service_locality_and_team(small: Snapshot) -> None:
    assert count(small, "assessments_overdue", "2017-12-31", "team") == {"T-EXE-1": 1}
    assert count(small, "assessments_overdue", "2017-12-31", "service") == {"assessment": 1}
    assert count(small, "assessments_overdue", "2017-12-31", "team_locality") == {"exeter": 1}
    assert count(small, "visits_overdue", "2017-10-28", "team") == {"T-EXE-1": 2, "not allocated": 1}


@pytest.mark.slow
def test_a_section_47_enquiry_past_15_working_days(tmp_path: Path) -> None:
    """From Monday 20 November: 24 November is the 4th, 1 and 8 December the 9th and 14th, 11 December the 15th."""
    changed = with_cells(tmp_path, "s47_enquiries", [{"s47_enquiry_id": "Q03", "s47_start_date": "2017-11-20"}])
    assert [count(changed, "s47_overdue", f"2017-12-{day}") for day in (11, 12, 31)] == [0, 1, 1]
    # the team of the enquiry is not recorded and nobody is involved with C02
    (row,) = listed(changed, "s47").rows.to_dict("records")
    assert (row["child"], row["team"], row["worker"]) == (reference(tmp_path, "C02"), "not allocated", "not known")
    # 12 to 15, 18 to 22, 27 to 29 December
    assert (row["due_date"].date(), row["working_days_late"]) == (date(2017, 12, 11), 12)


@pytest.mark.slow
def test_what_is_left_open_when_its_case_is_closed_is_no_longer_due(tmp_path: Path) -> None:
    closed = with_cells(tmp_path, "cin_episodes", [{"referral_id": "R13", "close_date": "2017-11-01"}])
    assert [count(closed, "assessments_overdue", day) for day in ("2017-10-31", "2017-11-01")] == [1, 0]


@pytest.mark.slow
def test_only_the_first_assessment_of_a_referral_is_counted_from_it(tmp_path: Path) -> None:
    """S05 made the second assessment of R08, whose first, S04, was authorised: its own clock alone runs."""
    second = with_cells(
        tmp_path, "cin_assessments", [{"assessment_id": "S05", "referral_id": "R08", "assessment_start_date": "2017-10-17"}]
    )
    assert count(second, "assessments_overdue", "2017-12-31") == 1
    assert count(second, "assessments_overdue_from_referral", "2017-12-31") == 0
    assert pd.isna(listed(second, "assessment").rows["due_from_referral"].iloc[0])


def reference(data: Path, id: str) -> str:
    """What stands in the snapshot for an id of the case system."""
    (found,) = pseudonyms.references(pseudonyms.key(data), [id])
    return found


@pytest.mark.slow
def test_a_restricted_record_is_counted_for_the_county_and_not_listed(tmp_path: Path) -> None:
    restricted = with_cells(tmp_path, "persons", [{"person_id": "C10", "restricted": "Y"}])
    assert count(restricted, "assessments_overdue", "2017-12-31", "team") == {"confidential": 1}
    assert count(restricted, "assessments_overdue", "2017-12-31", "service") == {"confidential": 1}
    assert listed(restricted, "assessment").rows.empty


def listed(snapshot: Snapshot, kind: str, audience: Audience = Audience.MANAGER, scope: Scope = EVERYTHING) -> Overdue:
    return overdue_now(snapshot, kind, scope=scope, audience=audience)


def test_the_list_names_the_child_by_reference_with_both_clocks(small_data: Path, small: Snapshot) -> None:
    (row,) = listed(small, "assessment").rows.to_dict("records")
    assert (row["child"], row["team"], row["worker"]) == (reference(small_data, "C10"), "T-EXE-1", reference(small_data, "W1"))
    assert row["due_date"].date() == row["due_from_referral"].date() == date(2017, 10, 4)
    # 19 in October (5 to 31), 22 in November, 19 in December
    assert row["working_days_late"] == 60


def test_nobody_but_a_manager_sees_a_child(small: Snapshot) -> None:
    for kind in KINDS:
        found = listed(small, kind, Audience.COMMISSIONER)
        assert found.rows.empty and found.reason == FOR_MANAGERS


def test_the_list_keeps_to_the_scope_and_to_the_filters(small: Snapshot) -> None:
    assert listed(small, "assessment", scope=Scope({"team": frozenset({"T-BAR-1"})})).rows.empty
    kept = overdue_now(small, "assessment", scope=EVERYTHING, audience=Audience.MANAGER, where={"service": ["assessment"]})
    assert len(kept.rows) == 1
    with pytest.raises(QueryError, match="no team 'T-NONE'"):
        overdue_now(small, "assessment", scope=EVERYTHING, audience=Audience.MANAGER, where={"team": ["T-NONE"]})
    with pytest.raises(QueryError, match="no such thing to be overdue"):
        listed(small, "homework")


@pytest.mark.parametrize("kind", KINDS)
def test_the_list_has_as_many_rows_as_the_indicator_counts(county: Snapshot, kind: str) -> None:
    assert len(listed(county, kind).rows) == count(county, KINDS[kind].id, "2017-12-31")


@pytest.mark.slow
def test_a_table_that_is_missing_is_the_reason(tmp_path: Path) -> None:
    made = records()
    load(replace(made, tables={name: table for name, table in made.tables.items() if name != "cla_visits"}), tmp_path, quiet)
    found = listed(open_current(tmp_path), "visit")
    assert found.rows.empty and "no cla_visits table" in str(found.reason)
