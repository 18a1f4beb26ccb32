"""Leaving care and the workforce in the demonstration: DfE's figures, and parts that add up."""

from __future__ import annotations

import pytest

from csc_core.access import Scope
from csc_core.caseload import spread
from csc_core.disclosure import Audience
from csc_core.periods import parse
from csc_core.snapshot import Snapshot
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
