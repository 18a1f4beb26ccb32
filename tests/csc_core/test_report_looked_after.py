"""Looked-after children in the demonstration: what the report says of them beside its figures, DfE's figures, and the records themselves.

Paragraphs are those of *Performance report: children's social care* (children's scrutiny committee, March 2018).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import pandas as pd
import pytest

from csc_core.access import Scope
from csc_core.disclosure import Audience
from csc_core.periods import parse
from csc_core.snapshot import Snapshot
from csc_core.stability import ASPECTS, distribution
from csc_core.tables import TABLES, Records
from tests.csc_core.report import ask, value

Tables: TypeAlias = Mapping[str, pd.DataFrame]
EVERYTHING = Scope.everything()


@pytest.fixture(scope="module")
def tables(demonstration_records: Records) -> Tables:
    """The tables with dates as timestamps, NaT where empty."""
    frames = {}
    for name, raw in demonstration_records.tables.items():
        dates = [column.name for column in TABLES[name].columns if column.kind == "date"]
        frames[name] = raw.rows.assign(**{column: pd.to_datetime(raw.rows[column].replace("", None)) for column in dates})
    return frames


def test_visits_were_in_time_for_nine_in_ten_each_month_until_december(county: Snapshot) -> None:
    """Paragraph 5.3: 90% or more each month from April; 89.7% in December. Some first visits are not yet due, and it says how many."""
    months = ask(county, "looked_after_visited_in_time", "2017-04..2017-12", "month")
    assert (months["value"].iloc[:-1] >= 90).all() and (months["value"].iloc[:-1] < 95).all()
    assert months["value"].iloc[-1] < 90
    (to_come,) = ask(county, "looked_after_first_visit_to_come", "2017-12-31")["numerator"]
    assert 1 <= to_come <= 40


def test_the_whole_period_of_care(county: Snapshot) -> None:
    """Paragraph 5.5: asked for by the committee, and not available then."""
    for id, least, most in (
        ("care_placements", 1.5, 3.0),
        ("care_moves_per_year", 0.3, 0.8),
        ("care_longest_placement_share", 70, 90),
        ("care_first_move_days", 100, 400),
        ("care_unplanned_moves", 30, 50),
    ):
        assert least <= value(county, id, "2017-12-31") <= most, id
    period = parse("2017-12-31", county.as_at.date())
    for aspect in ASPECTS:
        rows = distribution(county, aspect, scope=EVERYTHING, audience=Audience.MANAGER, period=period).rows
        assert rows["children"].sum() == 712
        assert rows.set_index("band").loc["not known", "children"] == 1
        assert (rows["children"] > 0).sum() >= 4


@pytest.mark.parametrize(
    ("id", "day", "published"),
    [
        # Department for Education, children looked after in England, Devon
        ("looked_after", "2016-03-31", 708),
        ("looked_after", "2017-03-31", 682),
        ("looked_after_rate", "2016-03-31", 50),
        ("looked_after_rate", "2017-03-31", 48),
        ("placements_3_or_more", "2016-03-31", 14),
        ("placements_3_or_more", "2017-03-31", 12),
        ("placed_over_20_miles_out_of_county", "2016-03-31", 13),
        ("placed_over_20_miles_out_of_county", "2017-03-31", 16),
        ("placed_over_20_miles_out_of_county", "2017-12-31", 16),  # that of March 2018
        ("long_term_stability", "2017-12-31", 70),  # the same
    ],
)
def test_other_days_agree_with_what_dfe_published_within_two_per_cent(county: Snapshot, id: str, day: str, published: float) -> None:
    assert value(county, id, day) == pytest.approx(published, rel=0.02)


@pytest.mark.parametrize("dimension", ["locality", "lad", "planning_area", "district", "team", "age_band", "legal_status"])
def test_the_parts_sum_to_the_total(county: Snapshot, dimension: str) -> None:
    for id in ("looked_after", "looked_after_visited_in_time", "placed_over_20_miles"):
        parts, total = ask(county, id, "2017-12-31", dimension), ask(county, id, "2017-12-31")
        assert parts["numerator"].sum() == total["numerator"].iloc[0]
        if id != "looked_after":
            assert parts["denominator"].sum() == total["denominator"].iloc[0]


# the records, in plain pandas


def on(frame: pd.DataFrame, start: str, end: str, day: str) -> pd.DataFrame:
    return frame[(frame[start] <= day) & ~(frame[end] <= day)]


def looked_after(tables: Tables, day: str) -> pd.DataFrame:
    """Children with an open episode and their legal status, those on short breaks left out."""
    episodes = on(tables["cla_episodes"], "cla_episode_start_date", "cla_episode_ceased_date", day)
    status = on(tables["legal_status"], "legal_status_start_date", "legal_status_end_date", day)[["person_id", "legal_status"]]
    return episodes.merge(status, on="person_id", how="left").query("legal_status not in ('V3', 'V4')")


@pytest.mark.parametrize(("day", "count"), [("2017-12-31", 712), ("2017-11-30", 714), ("2017-03-31", 682), ("2016-03-31", 708)])
def test_the_stock_counted_again(tables: Tables, day: str, count: int) -> None:
    found = looked_after(tables, day)
    assert len(found) == found["person_id"].nunique() == count


def test_every_looked_after_child_is_a_child_with_an_open_case(tables: Tables) -> None:
    episodes = tables["cla_episodes"]
    cases = episodes.merge(tables["cin_episodes"], on=["referral_id", "person_id"], validate="many_to_one")
    assert len(cases) == len(episodes)
    assert (cases["referral_date"] <= cases["cla_episode_start_date"]).all()
    later = pd.Timestamp("2099-01-01")
    assert (cases["cla_episode_ceased_date"].fillna(later) <= cases["close_date"].fillna(later)).all()
    born = episodes.merge(tables["persons"], on="person_id")
    assert not (born["cla_episode_start_date"] < born["dob"]).any()
    grown = born["dob"] + pd.DateOffset(years=18)
    assert not (born["cla_episode_ceased_date"].fillna(pd.Timestamp("2018-01-01")) > grown).any()


def test_episodes_follow_each_other_within_a_period_of_care(tables: Tables) -> None:
    episodes = tables["cla_episodes"].sort_values(["cla_id", "cla_episode_start_date"])
    again = episodes["cla_id"].eq(episodes["cla_id"].shift())
    assert (episodes["cla_episode_start_date"] == episodes["cla_episode_ceased_date"].shift())[again].all()
    assert ((episodes["cla_episode_start_reason"] == "S") != again).all()
    ends = ~episodes["cla_id"].eq(episodes["cla_id"].shift(-1))
    assert ((episodes["cla_episode_ceased_reason"] == "X1") == ~ends).all()
    assert (episodes["cla_episode_ceased_date"].isna() == (episodes["cla_episode_ceased_reason"] == "")).all()


def test_a_child_placed_for_adoption_is_in_an_adoptive_placement_from_that_day(tables: Tables) -> None:
    placed = tables["permanence"].dropna(subset="placed_for_adoption_date").query("placed_for_adoption_date >= '2015-04-01'")
    rows = placed.merge(tables["cla_placements"], on="person_id")
    moved_in = rows[(rows["cla_placement_start_date"] == rows["placed_for_adoption_date"]) & rows["cla_placement_type"].isin(["A4", "A6"])]
    assert len(moved_in) >= 0.97 * len(placed)
    entered = placed.merge(tables["cla_episodes"], on=["person_id", "entered_care_date"])["person_id"].nunique()
    assert entered >= 0.97 * placed["person_id"].nunique()


def test_what_a_real_county_holds(tables: Tables) -> None:
    status, placements = tables["legal_status"]["legal_status"], tables["cla_placements"]
    assert {"C1", "C2", "E1", "V2", "V3", "V4", "L2", "J1"} <= set(status)
    on_breaks = on(tables["legal_status"], "legal_status_start_date", "legal_status_end_date", "2017-12-31")
    assert (on_breaks["legal_status"] == "V4").sum() >= 20
    assert set(placements["cla_placement_type"]) >= {"U1", "U4", "U6", "K2", "P1", "A6", "H5", "R5", "S1", "T3", "T4"}
    assert set(placements["cla_placement_change_reason"]) >= {"CARPL", "PLACE", "CREQB", "CHILD", "ALLEG"}
    assert (placements["cla_placement_start_date"] == placements["cla_placement_end_date"]).sum() >= 20
    assert (tables["cla_visits"]["cla_visit_seen"] == "N").mean() == pytest.approx(0.03, abs=0.01)
    homes = tables["cla_episodes"]["home_postcode"]
    assert 0.05 <= (homes == "").mean() <= 0.2


@pytest.mark.parametrize(("day", "least", "most"), [("2017-03-31", 20, 30), ("2017-12-31", 20, 30)])
def test_some_young_people_came_to_the_country_alone(tables: Tables, day: str, least: int, most: int) -> None:
    """DfE: 24 unaccompanied asylum-seeking children looked after at 31 March 2017, 23 a year later."""
    alone = looked_after(tables, day).query("cla_primary_need_code == 'N8' and home_postcode == '' and legal_status == 'V2'")
    alone = alone.merge(tables["persons"], on="person_id")
    alone = alone[~alone["ethnicity"].isin(["WBRI", ""])]
    assert least <= len(alone) <= most
