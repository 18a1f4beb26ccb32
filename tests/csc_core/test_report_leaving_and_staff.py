"""Leaving care and the workforce in the demonstration: DfE's figures, parts that add up, and figures that move with their records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from csc_core.access import Scope
from csc_core.caseload import spread
from csc_core.disclosure import Audience
from csc_core.load import load
from csc_core.periods import parse
from csc_core.snapshot import Snapshot, open_current
from csc_core.tables import Records
from tests.csc_core.report import ask


@pytest.mark.parametrize(
    ("id", "day", "published"),
    [
        # Department for Education, children's social work workforce, Devon
        ("agency_rate", "2016-09-30", 14.4),
        ("vacancy_rate", "2016-09-30", 17.8),
        ("caseload_dfe", "2016-09-30", 15.4),
        ("agency_rate", "2017-09-30", 13.7),
        ("vacancy_rate", "2017-09-30", 20.6),
        ("caseload_dfe", "2017-09-30", 19.3),
    ],
)
def test_earlier_years_agree_with_what_dfe_published_within_two_per_cent(county: Snapshot, id: str, day: str, published: float) -> None:
    assert ask(county, id, day)["value"].iloc[0] == pytest.approx(published, rel=0.02)


@pytest.mark.parametrize("id", ["average_caseload", "caseload_dfe", "agency_rate", "vacancy_rate"])
def test_the_teams_sum_to_the_service(county: Snapshot, id: str) -> None:
    teams, service = ask(county, id, "2017-12-31", "team"), ask(county, id, "2017-12-31")
    for part in ("numerator", "denominator"):
        assert teams[part].sum() == pytest.approx(service[part].iloc[0], abs=0.01)


@pytest.mark.parametrize("id", ["care_leavers_in_touch", "adoption_within_14_months", "adoption_a3"])
def test_the_places_sum_to_the_county(county: Snapshot, id: str) -> None:
    for level in ("locality", "lad", "planning_area", "district"):
        places, whole = ask(county, id, "2017-12", level), ask(county, id, "2017-12")
        assert places["numerator"].sum() == whole["numerator"].iloc[0]
        assert places["denominator"].sum() == whole["denominator"].iloc[0]


def test_the_spread_of_cases_adds_up(county: Snapshot) -> None:
    period = parse("2017-12-31", county.as_at.date())
    teams = spread(county, scope=Scope.everything(), audience=Audience.MANAGER, period=period)
    assert (teams["cases"].sum(), round(teams["fte"].sum(), 2)) == (4_312, 245.0)
    given = teams.dropna(subset="cases_per_fte")
    assert (given["lower_quartile"] <= given["median"]).all() and (given["median"] <= given["upper_quartile"]).all()
    assert teams.loc[teams["cases_per_fte"].isna(), "reason"].notna().all()


def test_nobody_is_looked_after_and_has_left_care_on_one_day(county: Snapshot) -> None:
    both = county.sql(
        """
        select count(*) as n from care_leaver join looked_after using (person_id)
        where care_leaver.start_date < coalesce(looked_after.end_date, date '9999-12-31')
          and looked_after.start_date < coalesce(care_leaver.end_date, date '9999-12-31')
        """
    )
    assert both["n"].tolist() == [0]


@pytest.mark.slow
def test_figures_are_counted_from_records_and_not_stored(demonstration_records: Records, tmp_path: Path) -> None:
    """Take a record of each kind away, and the figures move."""
    records = demonstration_records
    tables = dict(records.tables)

    def without(table: str, chosen: Callable[[pd.DataFrame], pd.Series[bool]]) -> None:
        rows = tables[table].rows
        tables[table] = replace(tables[table], rows=rows.drop(index=rows.index[chosen(rows)][:1]))

    grown = tables["persons"].rows.query("'1996-06-01' < dob < '1999-01-01'")["person_id"]
    without(
        "care_leavers",
        lambda rows: (rows["care_leaver_in_touch"] == "YES")
        & rows["care_leaver_activity"].isin(["F2", "F5"])
        & (rows["status_end_date"] == "")
        & (rows["care_leaver_eligibility"] == "FORMER_RELEVANT")
        & rows["person_id"].isin(grown),
    )
    without("permanence", lambda rows: rows["placed_for_adoption_date"].between("2017-06-01", "2017-12-31"))
    of_one = {"post_status": "AGENCY", "post_end_date": "", "full_time_equivalency": "1"}
    without("posts", lambda rows: (rows[list(of_one)] == pd.Series(of_one)).all(axis=1))
    without("involvements", lambda rows: (rows["professional_role_id"] == "CASE_HOLDER") & (rows["involvement_end_date"] == ""))
    load(replace(records, tables=tables), tmp_path, lambda what, share: None)
    changed = open_current(tmp_path)
    for id, period, numerator, denominator in (
        ("care_leavers_in_touch", "2017-12-31", 195, 249),
        ("care_leavers_eet", "2017-12-31", 113, 249),
        ("adoption_within_14_months", "2017-12", None, 55),
        ("agency_rate", "2017-09-30", 45.7, 339.8),
        ("vacancy_rate", "2017-09-30", 76.4, 370.5),
        ("average_caseload", "2017-12-31", 4_311, 245.0),
    ):
        (row,) = ask(changed, id, period).to_dict("records")
        assert row["denominator"] == pytest.approx(denominator), id
        if numerator is not None:
            assert row["numerator"] == pytest.approx(numerator), id
