"""The demonstration's section 47 enquiries and child protection plans, held against the rest of its records in plain pandas."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pytest

from csc_core.tables import TABLES, Records

LATER = pd.Timestamp("2099-01-01")
BEGIN = "2014-04-01"


@pytest.fixture(scope="module")
def tables(demonstration_records: Records) -> Mapping[str, pd.DataFrame]:
    """The tables needed here, with dates as timestamps, NaT where empty."""
    frames = {}
    read = demonstration_records.tables
    for name in ("persons", "cin_episodes", "cin_assessments", "s47_enquiries", "cp_plans", "departments"):
        dates = [column.name for column in TABLES[name].columns if column.kind == "date"]
        rows = read[name].rows
        frames[name] = rows.assign(**{column: pd.to_datetime(rows[column].replace("", None)) for column in dates})
    return frames


@pytest.fixture(scope="module")
def plans(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Plans with their case, in order of child and start."""
    joined = tables["cp_plans"].merge(tables["cin_episodes"], on=["referral_id", "person_id"], validate="many_to_one")
    assert len(joined) == len(tables["cp_plans"])
    return joined.sort_values(["person_id", "cp_plan_start_date"], ignore_index=True)


@pytest.fixture(scope="module")
def enquiries(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    joined = tables["s47_enquiries"].merge(tables["cin_episodes"], on=["referral_id", "person_id"], validate="many_to_one")
    assert len(joined) == len(tables["s47_enquiries"])
    return joined


def test_the_case_is_open_throughout_a_plan(plans: pd.DataFrame) -> None:
    assert (plans["cp_plan_start_date"] >= plans["referral_date"]).all()
    assert (plans["cp_plan_end_date"].fillna(LATER) <= plans["close_date"].fillna(LATER)).all()
    assert (plans["referral_nfa"] == "N").all()


def test_a_child_with_a_plan_is_assessed_and_not_as_not_in_need(tables: Mapping[str, pd.DataFrame], plans: pd.DataFrame) -> None:
    assessed = plans.merge(tables["cin_assessments"], on="referral_id")
    begun = plans["cp_plan_id"].map(assessed.groupby("cp_plan_id")["assessment_start_date"].min())
    assert (plans["cp_plan_start_date"] >= begun).all()
    during = assessed["assessment_auth_date"] < assessed["cp_plan_end_date"].fillna(LATER)
    assert (assessed.loc[during, "assessment_outcome_nfa"] == "N").all()


def test_every_plan_was_made_by_a_conference_after_a_section_47_enquiry(plans: pd.DataFrame, enquiries: pd.DataFrame) -> None:
    made = enquiries[enquiries["icpc_outcome_cp_flag"] == "Y"]
    pairs = plans.merge(made, left_on=["referral_id", "cp_plan_start_date"], right_on=["referral_id", "icpc_date"], validate="one_to_one")
    assert len(pairs) == len(plans) == len(made)
    assert (pairs["s47_start_date"] < pairs["icpc_date"]).all()


def test_a_child_has_one_plan_at_a_time_and_as_many_before_as_are_recorded(plans: pd.DataFrame) -> None:
    again = plans["person_id"].eq(plans["person_id"].shift())
    assert (plans["cp_plan_start_date"] > plans["cp_plan_end_date"].shift())[again].all()
    earlier = plans.groupby("person_id").cumcount()
    number = pd.to_numeric(plans["number_of_previous_cp_plans"].replace("", None))
    assert (number.dropna() >= earlier[number.notna()]).all()
    assert 0.02 < number.isna().mean() < 0.1
    assert (number > earlier).sum() > 100  # plans from before the records
    assert ((earlier > 0) & number.isna()).sum() >= 3  # second by history alone


def test_plans_are_of_children(tables: Mapping[str, pd.DataFrame], plans: pd.DataFrame) -> None:
    aged = plans.merge(tables["persons"], on="person_id")
    years = (aged["cp_plan_start_date"] - aged["dob"]).dt.days / 365.25
    assert years.max() < 18
    assert ((aged["cp_plan_end_date"] - aged["dob"]).dt.days.max()) <= 18 * 365.25 + 1
    young = (years < 5).mean()
    assert 0.4 < young < 0.6
    assert (years < 0).sum() > 20  # before birth


def test_plans_last_as_long_as_they_do(plans: pd.DataFrame) -> None:
    ended = plans[plans["cp_plan_end_date"] >= "2015-04-01"]
    days = (ended["cp_plan_end_date"] - ended["cp_plan_start_date"]).dt.days
    assert days.min() >= 20
    assert days.max() < 4.5 * 365
    assert 180 < days.median() < 300


def test_categories(plans: pd.DataFrame) -> None:
    share = plans["cp_plan_initial_category"].value_counts(normalize=True)
    assert set(share.index) == {"NEG", "EMO", "PHY", "SAB", "MUL"}
    assert share.idxmax() == "NEG"
    assert 0.03 < (plans["cp_plan_initial_category"] != plans["cp_plan_latest_category"]).mean() < 0.15
    assert (plans["cp_plan_ola"] == "N").all()


def test_section_47_enquiries_lie_within_their_case(enquiries: pd.DataFrame) -> None:
    assert (enquiries["s47_start_date"] >= enquiries["referral_date"]).all()
    last = enquiries[["s47_end_date", "icpc_date"]].max(axis=1).fillna(enquiries["s47_start_date"])
    assert (enquiries["s47_start_date"] <= enquiries["close_date"].fillna(LATER)).all()
    held = enquiries["icpc_date"].notna()
    assert (last[held] <= enquiries["close_date"].fillna(LATER)[held]).all()
    assert (enquiries.loc[held, "s47_end_date"] <= enquiries.loc[held, "icpc_date"]).all()
    assert (enquiries["s47_end_date"].dropna() <= "2017-12-31").all()


def test_some_enquiries_are_under_way_and_many_end_in_nothing(enquiries: pd.DataFrame) -> None:
    under_way = enquiries["s47_end_date"].isna()
    assert 20 <= under_way.sum() <= 200
    assert (enquiries.loc[under_way, "s47_nfa"] == "").all()
    begun = enquiries.loc[under_way, "s47_start_date"]
    assert (begun > "2017-10-15").all()
    assert 5 <= (begun <= "2017-11-30").sum() <= 30, "few drag on, past the 15 working days"
    assert enquiries.loc[under_way, "icpc_date"].isna().all()
    since = enquiries[enquiries["s47_start_date"] >= BEGIN]
    assert 0.3 < (since["s47_nfa"] == "Y").mean() < 0.5
    assert 0.35 < since["icpc_date"].notna().mean() < 0.55
    assert not ((since["s47_nfa"] == "Y") & since["icpc_date"].notna()).any()


def test_teams_are_mostly_recorded(tables: Mapping[str, pd.DataFrame], enquiries: pd.DataFrame) -> None:
    since = enquiries[enquiries["s47_start_date"] >= BEGIN]
    assert 0.03 <= (since["s47_completed_by_team"] == "").mean() <= 0.15
    named = set(since["s47_completed_by_team"]) - {""}
    assert named <= set(tables["departments"]["team_id"])
    assert len(named) > 15
