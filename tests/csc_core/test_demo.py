"""The demonstration county, counted again from its rows in plain pandas: what the report and DfE published, and what must be in it.

Nothing here uses the product's facts or queries, so that both can be held against the same figures.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TypeAlias

import holidays
import numpy as np
import pandas as pd
import pytest

from csc_core.check import check
from csc_core.sources import demo
from csc_core.sources.demo import staff
from csc_core.sources.demo.days import number
from csc_core.sources.demo.targets import stream
from csc_core.tables import TABLES, Records
from geo.population import population
from geo.postcodes import locate

Tables: TypeAlias = Mapping[str, pd.DataFrame]
TO_DATE = ("2017-04-01", "2017-12-31")
Q3 = ("2017-10-01", "2017-12-31")
OCTOBER, NOVEMBER, DECEMBER = (("2017-10-01", "2017-10-31"), ("2017-11-01", "2017-11-30"), ("2017-12-01", "2017-12-31"))
LATER = pd.Timestamp("2099-01-01")
YEAR_2015, YEAR_2016 = ("2015-04-01", "2016-03-31"), ("2016-04-01", "2017-03-31")


@pytest.fixture(scope="module")
def reading() -> tuple[Records, list[float]]:
    """The records, and the shares that were told while they were made."""
    told: list[float] = []
    return demo.read(lambda _what, share: told.append(share)), told


@pytest.fixture(scope="module")
def records(reading: tuple[Records, list[float]]) -> Records:
    return reading[0]


@pytest.fixture(scope="module")
def tables(records: Records) -> Tables:
    """The tables with dates as timestamps, NaT where empty."""
    frames = {}
    for name, raw in records.tables.items():
        dates = [column.name for column in TABLES[name].columns if column.kind == "date"]
        frames[name] = raw.rows.assign(**{column: pd.to_datetime(raw.rows[column].replace("", None)) for column in dates})
    return frames


@pytest.fixture(scope="module")
def referrals(tables: Tables) -> pd.DataFrame:
    """Referrals, each with whether it was a re-referral: an earlier day, no earlier than the same day one year before."""
    referrals = tables["cin_episodes"]
    pairs = referrals[["referral_id", "person_id", "referral_date"]].merge(referrals[["person_id", "referral_date"]], on="person_id")
    earlier = pairs["referral_date_y"] < pairs["referral_date_x"]
    within = pairs["referral_date_y"] >= pairs["referral_date_x"] - pd.DateOffset(years=1)
    return referrals.assign(again=referrals["referral_id"].isin(pairs.loc[earlier & within, "referral_id"]))


@pytest.fixture(scope="module")
def assessments(tables: Tables) -> pd.DataFrame:
    """Completed assessments, each with its working days: those after the start, up to and with the day of authorisation."""
    done = tables["cin_assessments"].dropna(subset="assessment_auth_date")
    start, end = (done[f"assessment_{day}_date"].to_numpy().astype("datetime64[D]") + 1 for day in ("start", "auth"))
    bank = [np.datetime64(day) for day in holidays.country_holidays("GB", subdiv="ENG", years=range(2000, 2019))]
    return done.assign(days=np.busday_count(start, end, holidays=bank))


def in_period(frame: pd.DataFrame, column: str, period: tuple[str, str]) -> pd.DataFrame:
    return frame[frame[column].between(*period)]


def open_on(tables: Tables, day: str) -> pd.DataFrame:
    cases = tables["cin_episodes"]
    return cases[(cases["referral_date"] <= day) & ~(cases["close_date"] <= day)]


def involved_on(tables: Tables, day: str) -> pd.DataFrame:
    rows = tables["involvements"]
    return rows[(rows["involvement_start_date"] <= day) & ~(rows["involvement_end_date"] <= day)]


def digest(records: Records) -> str:
    whole = hashlib.sha256()
    for name in sorted(records.tables):
        whole.update(records.tables[name].rows.to_csv().encode())
    return whole.hexdigest()


# what it says of itself


def test_it_says_what_it_is(records: Records) -> None:
    assert records.source == "demo"
    assert records.synthetic
    assert records.as_at == datetime(2017, 12, 31, 23, 40)
    assert records.complete_from == date(2015, 4, 1)
    assert set(records.tables) == set(TABLES)


@pytest.mark.slow
def test_it_is_the_same_every_time_whatever_the_order_of_sets(records: Records) -> None:
    program = "from tests.csc_core.test_demo import digest; from csc_core.sources import demo; print(digest(demo.read()))"
    other = os.environ | {"PYTHONHASHSEED": "1"}
    root = Path(__file__).parents[2]
    run = subprocess.run([sys.executable, "-c", program], env=other, cwd=root, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == digest(records)


def test_progress_runs_from_nothing_to_all(reading: tuple[Records, list[float]]) -> None:
    told = reading[1]
    assert (told[0], told[-1]) == (0.0, 1.0)
    assert told == sorted(told)


@pytest.mark.slow
def test_every_row_is_loaded_and_nothing_found_wrong(records: Records) -> None:
    checked = check(records)
    assert checked.findings == ()
    assert (checked.counts["kept"] == checked.counts["read"]).all()


@pytest.mark.slow
def test_nothing_refers_to_what_is_not_there(tables: Tables) -> None:
    for table in TABLES.values():
        assert tables[table.name][table.key].is_unique
        for column in table.columns:
            if column.refers_to:
                held = tables[table.name][column.name]
                known = tables[column.refers_to][TABLES[column.refers_to].key]
                assert set(held[held != ""]) <= set(known), f"{table.name}.{column.name}"
    for name in ("cin_assessments", "involvements"):
        of_referral = tables[name].merge(tables["cin_episodes"][["referral_id", "person_id"]], on="referral_id")
        assert (of_referral["person_id_x"] == of_referral["person_id_y"]).all()


# the figures


@pytest.mark.parametrize(
    ("period", "count", "again"),
    [
        (DECEMBER, 257, 75),
        (OCTOBER, 500, 110),
        (NOVEMBER, 500, 120),
        (Q3, 1257, 305),
        (TO_DATE, 4009, 862),
        (YEAR_2015, 6919, 1425),  # DfE: 20.6%
        (YEAR_2016, 5061, 1048),  # DfE: 20.7%
    ],
)
def test_referrals_and_re_referrals(referrals: pd.DataFrame, period: tuple[str, str], count: int, again: int) -> None:
    made = in_period(referrals, "referral_date", period)
    assert len(made) == count
    assert made["again"].sum() == again


def test_referrals_of_other_years_are_plausible(referrals: pd.DataFrame) -> None:
    assert len(in_period(referrals, "referral_date", ("2017-01-01", "2017-12-31"))) == pytest.approx(5208, rel=0.02)  # Devon FOI
    assert len(in_period(referrals, "referral_date", ("2014-04-01", "2015-03-31"))) == pytest.approx(6500, rel=0.02)


def test_re_referrals_have_risen_in_recent_months(referrals: pd.DataFrame) -> None:
    made = in_period(referrals, "referral_date", TO_DATE)
    share = made["again"].groupby(made["referral_date"].dt.month).mean()
    assert share.is_monotonic_increasing
    assert share.idxmin() == 4


def test_enquiries_in_december(tables: Tables) -> None:
    enquiries = in_period(tables["contacts"], "contact_date", DECEMBER)
    assert len(enquiries) == 644
    assert (enquiries["contact_outcome"] == "REFERRAL").sum() == 258
    assert (enquiries["contact_date"] == "2017-12-31").any()


def test_one_enquiry_of_december_was_forwarded_for_a_child_whose_case_was_open(tables: Tables) -> None:
    forwarded = in_period(tables["contacts"], "contact_date", DECEMBER).query("contact_outcome == 'REFERRAL'")
    pairs = forwarded.merge(tables["cin_episodes"], on="person_id")
    follows = pairs["referral_date"].sub(pairs["contact_date"]).dt.days.between(0, 3) & (pairs["referral_date"] <= "2017-12-31")
    was_open = (pairs["referral_date"] < pairs["contact_date"]) & ~(pairs["close_date"] <= pairs["contact_date"])
    assert pairs.loc[follows, "contact_id"].nunique() == pairs.loc[follows, "referral_id"].nunique() == 257
    assert was_open.sum() == 1
    assert set(pairs.loc[was_open, "contact_id"]) == set(forwarded["contact_id"]) - set(pairs.loc[follows, "contact_id"])


def test_every_referral_follows_an_enquiry_of_its_month(tables: Tables, referrals: pd.DataFrame) -> None:
    made = in_period(referrals, "referral_date", ("2014-04-01", "2017-12-31"))
    forwarded = tables["contacts"].query("contact_outcome == 'REFERRAL'")
    pairs = made.merge(forwarded, on="person_id")
    near = pairs["referral_date"].sub(pairs["contact_date"]).dt.days.between(0, 3)
    near &= pairs["referral_date"].dt.to_period("M") == pairs["contact_date"].dt.to_period("M")
    assert set(pairs.loc[near, "referral_id"]) == set(made["referral_id"])
    by_month = forwarded["contact_date"].dt.to_period("M").value_counts()
    share = by_month / tables["contacts"]["contact_date"].dt.to_period("M").value_counts()
    assert share.between(0.38, 0.49).all()
    assert (by_month - made["referral_date"].dt.to_period("M").value_counts()).between(0, 4).all()


@pytest.mark.parametrize(
    ("period", "completed", "in_time"),
    [
        (TO_DATE, 3696, 2835),
        (NOVEMBER, 431, 330),
        (DECEMBER, 388, 298),
    ],
)
def test_assessments_and_those_in_time(assessments: pd.DataFrame, period: tuple[str, str], completed: int, in_time: int) -> None:
    done = in_period(assessments, "assessment_auth_date", period)
    assert len(done) == completed
    assert (done["days"] <= 45).sum() == in_time


def test_assessments_that_closed_the_case(assessments: pd.DataFrame) -> None:
    done = in_period(assessments, "assessment_auth_date", TO_DATE)
    assert (done["assessment_outcome_nfa"] == "Y").sum() == 1530
    closes = assessments["assessment_outcome"].isin(["CLOSED", "EARLY_HELP", "ADVICE"])
    assert (closes == (assessments["assessment_outcome_nfa"] == "Y")).all()
    assert set(assessments["assessment_outcome"]) == {"CLOSED", "EARLY_HELP", "ADVICE", "CIN_PLAN", "S47", "CLA", "OTHER"}


@pytest.mark.parametrize(("period", "published"), [(YEAR_2015, 90.6), (YEAR_2016, 89.5)])
def test_assessments_in_time_in_earlier_years(assessments: pd.DataFrame, period: tuple[str, str], published: float) -> None:
    in_time = in_period(assessments, "assessment_auth_date", period)["days"] <= 45
    assert round(100 * in_time.mean(), 1) == published


def test_each_month_to_date_has_its_share_in_time(assessments: pd.DataFrame) -> None:
    done = in_period(assessments, "assessment_auth_date", TO_DATE)
    share = (done["days"] <= 45).groupby(done["assessment_auth_date"].dt.month).mean()
    assert share.between(0.74, 0.80).all()


def test_assessments_take_from_no_day_to_long_after_the_limit(assessments: pd.DataFrame) -> None:
    days = in_period(assessments, "assessment_auth_date", TO_DATE)["days"]
    for least, most in [(0, 0), (1, 10), (11, 20), (21, 30), (31, 40), (41, 44), (45, 45), (46, 50), (51, 60), (61, 200)]:
        assert days.between(least, most).sum() >= 20, (least, most)
    assert days.min() == 0


def test_some_assessments_are_under_way_and_some_of_them_overdue(tables: Tables) -> None:
    under_way = tables["cin_assessments"].query("assessment_auth_date.isna()")
    cases = open_on(tables, "2017-12-31")
    assert set(under_way["referral_id"]) <= set(cases["referral_id"])
    assert under_way["referral_id"].is_unique
    assert (under_way["assessment_outcome"] == "").all()
    assert (under_way["assessment_start_date"] < "2017-10-15").sum() >= 50  # more than 45 working days ago
    assert (under_way["assessment_start_date"] > "2017-12-01").sum() >= 50


@pytest.mark.parametrize(
    ("day", "count"),
    [("2017-12-31", 5122), ("2017-11-30", 5262), ("2017-10-31", 5280), ("2017-09-30", 5240), ("2017-06-30", 5120)],
)
def test_open_cases(tables: Tables, day: str, count: int) -> None:
    assert open_on(tables, day)["person_id"].nunique() == count


def test_open_cases_move_smoothly(tables: Tables) -> None:
    ends = pd.date_range("2015-04-30", "2017-12-31", freq="ME")
    stock = pd.Series([open_on(tables, f"{day:%Y-%m-%d}")["person_id"].nunique() for day in ends])
    assert stock.between(4800, 5700).all()
    assert stock.diff().abs().max() <= 150


def test_dfe_children_in_need_and_the_other_open_cases(tables: Tables) -> None:
    """DfE's children in need, those assessed as not in need and not yet closed, those not yet assessed: all open cases."""

    def parts(day: str) -> pd.Series:
        done = tables["cin_assessments"].query("assessment_auth_date <= @day").sort_values("assessment_auth_date")
        decision = done.drop_duplicates("referral_id", keep="last").set_index("referral_id")["assessment_outcome_nfa"]
        begun = set(tables["cin_assessments"].query("assessment_start_date <= @day")["referral_id"])
        cases = open_on(tables, day)
        decided = cases["referral_id"].map(decision)
        pending = cases["referral_id"].isin(begun) | (cases["referral_date"] > pd.Timestamp(day) - pd.Timedelta(days=14))
        return decided.map({"N": "in need", "Y": "not in need"}).fillna(pending.map({True: "pending", False: "other"})).value_counts()

    at_the_end = parts("2017-12-31")
    assert 3850 <= at_the_end["in need"] <= 4000
    assert (at_the_end[["not in need", "pending", "other"]] > 50).all()
    assert parts("2017-03-31")["in need"] == pytest.approx(3842, rel=0.02)


@pytest.mark.parametrize(
    ("day", "held", "fte"),
    [("2017-09-30", 4679, 243.0), ("2017-11-30", 4520, 243.0), ("2017-12-31", 4312, 245.0), ("2016-09-30", 4543, 295.0)],
)
def test_caseload_of_case_holders(tables: Tables, day: str, held: int, fte: float) -> None:
    """The report's 17.6, 18.6 and 19.3; DfE's 15.4 of September 2016."""
    holding = involved_on(tables, day).query("professional_role_id == 'CASE_HOLDER'")
    assert holding["person_id"].nunique() == len(holding) == held
    assert set(holding["referral_id"]) <= set(open_on(tables, day)["referral_id"])
    hours = tables["professionals"].set_index("professional_id")["full_time_equivalency"].astype(float)
    assert hours[holding["professional_id"].unique()].sum() == pytest.approx(fte)


def test_the_workforce_of_september_2017() -> None:
    """DfE: 340.8 FTE in post, of them 46.7 from agencies. The tables do not say who was in post when: this is what they are made of."""
    held = staff.tenures(stream("tenures"))
    day = number(date(2017, 9, 30))
    in_post = held[(held["start"] <= day) & (held["end"] > day)]
    assert in_post["worker"].is_unique
    assert in_post["fte"].sum() == pytest.approx(340.8)
    assert in_post.loc[in_post["agency"] == "Y", "fte"].sum() == pytest.approx(46.7)
    assert in_post.loc[in_post["kind"] == "holder", "fte"].sum() == pytest.approx(243.0)


# the rules of the records


def test_nobody_is_referred_while_their_case_is_open(tables: Tables) -> None:
    cases = tables["cin_episodes"].sort_values(["person_id", "referral_date"])
    same_child = cases["person_id"].eq(cases["person_id"].shift())
    assert (cases["referral_date"] > cases["close_date"].shift())[same_child].all()


def test_a_referral_without_further_action_closes_on_the_day(tables: Tables) -> None:
    cases = tables["cin_episodes"]
    nothing = cases["referral_nfa"] == "Y"
    assert (cases["close_date"] == cases["referral_date"])[nothing].all()
    assert not cases["referral_id"][nothing].isin(tables["cin_assessments"]["referral_id"]).any()
    made = in_period(cases, "referral_date", TO_DATE)
    assert (made["referral_nfa"] == "Y").mean() == pytest.approx(0.136, abs=0.005)  # DfE 2017-18
    made = in_period(cases, "referral_date", YEAR_2016)
    assert (made["referral_nfa"] == "Y").mean() == pytest.approx(0.064, abs=0.005)


def test_assessments_lie_within_their_case(tables: Tables) -> None:
    pairs = tables["cin_assessments"].merge(tables["cin_episodes"], on="referral_id")
    assert (pairs["assessment_start_date"] >= pairs["referral_date"]).all()
    assert (~(pairs["assessment_auth_date"] > pairs["close_date"])).all()
    assert (~(pairs["assessment_auth_date"] < pairs["assessment_start_date"])).all()


def test_involvements_lie_within_their_case_and_their_team(tables: Tables) -> None:
    rows = tables["involvements"]
    pairs = rows.merge(tables["cin_episodes"], on="referral_id").merge(
        tables["departments"], left_on="professional_team", right_on="team_id"
    )
    assert (pairs["involvement_start_date"] >= pairs["referral_date"]).all()
    assert (pairs["involvement_end_date"].fillna(LATER) <= pairs["close_date"].fillna(LATER)).all()
    assert not (pairs["involvement_end_date"] > pairs["valid_to"]).any()
    assert not (pairs["valid_to"].notna() & pairs["involvement_end_date"].isna()).any()
    holders = rows[rows["professional_role_id"] == "CASE_HOLDER"].sort_values(["referral_id", "involvement_start_date"])
    same_case = holders["referral_id"].eq(holders["referral_id"].shift())
    assert (holders["involvement_start_date"] >= holders["involvement_end_date"].shift())[same_case].all()
    assert {"CASE_HOLDER", "CO_WORKER", "OTHER", "PERSONAL_ADVISER", "REVIEWING_OFFICER"} == set(rows["professional_role_id"])


def test_some_open_cases_are_not_allocated_and_few(tables: Tables) -> None:
    cases = open_on(tables, "2017-12-31")
    alone = ~cases["person_id"].isin(involved_on(tables, "2017-12-31")["person_id"])
    assert 3 <= alone.sum() <= 100


def test_teams_of_events_are_mostly_recorded_and_else_follow_from_involvements(tables: Tables) -> None:
    referrals = in_period(tables["cin_episodes"], "referral_date", ("2014-04-01", "2017-12-31"))
    completed = in_period(tables["cin_assessments"], "assessment_auth_date", ("2014-04-01", "2017-12-31"))
    assert 0.03 <= (referrals["referral_team"] == "").mean() <= 0.15
    assert 0.03 <= (completed["assessment_team"] == "").mean() <= 0.15
    holders = tables["involvements"].query("professional_role_id == 'CASE_HOLDER'")
    pairs = completed.query("assessment_team != ''").merge(holders, on="referral_id")
    pairs = pairs[pairs["involvement_start_date"] <= pairs["assessment_auth_date"]]
    pairs = pairs[~(pairs["involvement_end_date"] <= pairs["assessment_auth_date"])]
    assert len(pairs) > 0.8 * len(completed)
    assert (pairs["professional_team"] == pairs["assessment_team"]).all()


def test_one_team_was_replaced_by_another_on_the_day_it_closed(tables: Tables) -> None:
    teams = tables["departments"]
    closed = teams.dropna(subset="valid_to")
    assert len(closed) == 1
    assert "2015-04-01" < str(closed["valid_to"].iloc[0]) < "2017-12-31"
    assert (teams["valid_from"] == closed["valid_to"].iloc[0]).sum() == 1
    assert set(teams["team_locality"]) == {"county", "exeter", "mid-and-east-devon", "northern-devon", "southern-devon"}


# what a real county looks like


def test_fewer_come_in_the_school_holidays_and_at_weekends(tables: Tables) -> None:
    for table, column in (("cin_episodes", "referral_date"), ("contacts", "contact_date")):
        days = in_period(tables[table], column, ("2015-04-01", "2017-12-31"))[column]
        for year in (2015, 2016, 2017):
            by_month = days[days.dt.year == year].dt.month.value_counts()
            assert by_month[8] < 0.85 * by_month.mean()
            assert by_month[12] < by_month.mean()
        weekend = days.dt.day_of_week >= 5
        assert 0.01 < weekend.mean() < 0.15
        half_term = days.between("2017-10-23", "2017-10-27").sum()
        assert half_term < 0.9 * days.between("2017-10-09", "2017-10-13").sum()
    assert tables["contacts"]["contact_date"].nunique() == (date(2017, 12, 31) - date(2014, 4, 1)).days + 1


def test_need_differs_by_district_as_in_a_real_county(tables: Tables) -> None:
    placed = _homes_at_referral(tables, ("2015-04-01", "2017-12-31"))
    people = population().query("mid_year == 2017").groupby("district")["children"].sum()
    rate = 10_000 * placed["district"].value_counts() / 2.75 / people[people >= 1000]
    rate = rate.dropna().sort_values()
    assert 3.5 <= rate.iloc[-1] / rate.iloc[0] <= 7
    assert 2.5 <= rate.quantile(0.9) / rate.quantile(0.1) <= 4
    needy = {"EX1", "EX2", "EX4", "EX31", "EX32", "EX34", "EX39", "TQ12"}
    assert needy <= set(rate.index[-10:])
    by_locality = placed["locality"].value_counts() / population().query("mid_year == 2017").groupby("locality")["children"].sum()
    assert by_locality["exeter"] > by_locality["northern-devon"] > by_locality["southern-devon"]


def test_need_clusters_on_streets(tables: Tables) -> None:
    placed = _homes_at_referral(tables, ("2015-04-01", "2017-12-31"))
    streets = placed.query("district == 'EX4'")["address_postcode"].str.upper().str.replace(" ", "").value_counts()
    assert streets.head(len(streets) // 10).sum() > 0.25 * streets.sum()


def test_odd_addresses_occur_as_often_as_they_do(tables: Tables) -> None:
    placed = _homes_at_referral(tables, ("2015-04-01", "2017-12-31"))
    share = placed["status"].value_counts(normalize=True)
    for status, least, most in [
        ("terminated", 0.008, 0.02),
        ("out of county", 0.008, 0.02),
        ("not known", 0.005, 0.015),
        ("not a postcode", 0.001, 0.01),
        ("unlisted", 0.001, 0.01),
    ]:
        assert least <= share[status] <= most, status
    kinds = placed["address_type"].value_counts()
    assert (kinds[["CONFIDENTIAL", "REFUGE"]] >= 10).all()
    assert {"EX4", "unknown", "N/A", "EX31 !AA"} <= set(tables["addresses"]["address_postcode"])
    as_listed = placed.loc[placed["status"] == "matched", "address_postcode"].str.fullmatch(r"[A-Z]{2}\d{1,2} \d[A-Z]{2}")
    assert 0.1 <= (~as_listed).mean() <= 0.3


def test_families_move_and_addresses_overlap(tables: Tables) -> None:
    homes = tables["addresses"].query("address_type != 'PLACEMENT'").sort_values(["person_id", "address_start_date"])
    assert 0.1 <= (homes["person_id"].value_counts() > 1).mean() <= 0.3
    again = homes["person_id"].eq(homes["person_id"].shift())
    still_open = homes["address_end_date"].shift().isna() | (homes["address_end_date"].shift() > homes["address_start_date"])
    late = homes["address_end_date"].shift() < homes["address_start_date"]
    assert (again & still_open).sum() >= 50
    assert (again & late).sum() >= 50


def test_placements_do_not_replace_the_home(tables: Tables) -> None:
    placed = tables["addresses"].query("address_type == 'PLACEMENT' and address_end_date.isna()")
    assert len(placed) >= 500
    homes = tables["addresses"].query("address_type != 'PLACEMENT' and address_end_date.isna()")
    assert placed["person_id"].isin(homes["person_id"]).mean() > 0.95


def test_brothers_and_sisters_live_together_and_are_often_referred_together(tables: Tables) -> None:
    placed = _homes_at_referral(tables, ("2015-04-01", "2017-12-31"))
    together = placed[placed["status"] == "matched"].groupby(["referral_date", "address_postcode"])["person_id"].nunique()
    assert 0.2 <= (together > 1).mean() <= 0.6


def test_children_are_of_all_ages_and_some_not_born(tables: Tables) -> None:
    made = in_period(tables["cin_episodes"], "referral_date", ("2015-04-01", "2017-12-31")).merge(tables["persons"], on="person_id")
    age = (made["referral_date"] - made["dob"]).dt.days / 365.25
    assert age.max() < 18
    shares = pd.cut(age, [0, 1, 5, 10, 16, 18], right=False).value_counts(normalize=True)
    assert (shares > 0.03).all()
    unborn = (age < 0) | (made["dob"].isna() & (made["expected_dob"] >= made["referral_date"]))
    assert 0.01 <= unborn.mean() <= 0.04
    assert made.loc[unborn, "expected_dob"].notna().all()
    children = tables["persons"]
    assert (children["dob"].isna() & (children["expected_dob"] > "2017-12-31")).sum() >= 10
    assert (children["dob"].isna() & (children["expected_dob"] <= "2017-12-31")).sum() >= 3


@pytest.mark.parametrize(("codes", "published"), [(("6",), 19.5), (("2A",), 24.5), (("3A", "3B", "3C", "3D", "3E", "3F"), 18.9)])
def test_who_refers(tables: Tables, codes: tuple[str, ...], published: float) -> None:
    made = in_period(tables["cin_episodes"], "referral_date", ("2015-04-01", "2017-12-31"))
    assert 100 * made["referral_source_code"].isin(codes).mean() == pytest.approx(published, abs=1.5)
    assert not made["referral_source_code"].eq("5D").any()  # came in 2023, as did RC9
    assert not made["close_reason"].eq("RC9").any()


def test_who_the_children_are(tables: Tables) -> None:
    made = in_period(tables["cin_episodes"], "referral_date", ("2015-04-01", "2017-12-31"))
    assert made["cin_primary_need_code"].eq("N1").mean() == pytest.approx(0.5, abs=0.03)
    children = tables["persons"]
    assert children["ethnicity"].eq("WBRI").mean() == pytest.approx(0.9, abs=0.02)
    assert children["sex"].eq("M").mean() == pytest.approx(0.51, abs=0.02)
    for column in ("sex", "ethnicity"):
        assert 0 < children[column].eq("").mean() < 0.02
    for column in ("cin_primary_need_code", "referral_source_code"):
        assert 0 < made[column].eq("").mean() < 0.02


def test_who_is_disabled(tables: Tables) -> None:
    """Plausible and ours: most children whose need is a disability, some others, and for some nothing is recorded."""
    recorded = tables["disabilities"].assign(some=lambda rows: rows["disability_code"] != "NONE")
    assert not recorded.loc[~recorded["some"], "person_id"].duplicated().any()
    disabled = recorded.groupby("person_id")["some"].any()
    open_on_the_day = tables["cin_episodes"][tables["cin_episodes"]["close_date"].isna()].drop_duplicates("person_id", keep="last")
    status = open_on_the_day["person_id"].map(disabled)
    assert 0.1 < (status == True).mean() < 0.2  # noqa: E712  # a map of missing values too
    assert 0.03 < status.isna().mean() < 0.12
    by_need = status[open_on_the_day["cin_primary_need_code"] == "N2"]
    assert (by_need == True).sum() > 0.85 * by_need.notna().sum()  # noqa: E712


def _homes_at_referral(tables: Tables, period: tuple[str, str]) -> pd.DataFrame:
    """The home on the day of each referral, with its place; `status` is `not known` where there is none."""
    made = in_period(tables["cin_episodes"], "referral_date", period)
    rows = made[["referral_id", "referral_date"]].merge(
        made[["referral_id", "person_id"]].merge(tables["addresses"].query("address_type != 'PLACEMENT'"), on="person_id"), on="referral_id"
    )
    there = (rows["address_start_date"] <= rows["referral_date"]) & ~(rows["address_end_date"] <= rows["referral_date"])
    rows = rows[there].sort_values(["referral_id", "address_start_date", "table_id"], ascending=[True, False, True])
    rows = rows.drop_duplicates("referral_id")
    placed = rows.join(locate(rows["address_postcode"]))
    missing = made.loc[~made["referral_id"].isin(rows["referral_id"]), ["referral_id", "person_id", "referral_date"]]
    return pd.concat([placed, missing.assign(status="not known")], ignore_index=True)
