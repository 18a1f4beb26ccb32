"""Figures of the report move when records of the demonstration are taken away: each is counted from the records, and none is stored.

All is taken away in one load, which takes most of a minute; each change is in a table of its own, and where one touches what another
test looks at, that test says so. What is expected is the report's figure and the change, counted by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from csc_core.briefing.document import Paragraph
from csc_core.briefing.figures import Facts, Readers
from csc_core.briefing.sections.front_door import front_door
from csc_core.factors import GROUP_OF
from csc_core.load import load
from csc_core.reporting_month import reporting_month
from csc_core.snapshot import Snapshot, open_current
from csc_core.tables import RawTable, Records, quiet
from tests.csc_core.report import ask, value

Tables = dict[str, RawTable]


def put(tables: Tables, name: str, rows: pd.DataFrame) -> None:
    tables[name] = replace(tables[name], rows=rows)


def a_referral_of_december_gone_and_another_child_moved_to_exeter(tables: Tables) -> None:
    episodes, addresses, held = (tables[name].rows for name in ("cin_episodes", "addresses", "involvements"))
    december = episodes[episodes["referral_date"].str.startswith("2017-12")]
    december = december[~december["person_id"].duplicated(keep=False)].reset_index(names="row")
    home = addresses.drop_duplicates("person_id", keep=False).query("address_type == 'HOME' and address_end_date == ''")
    lived = december.merge(home[["person_id", "address_postcode"]].reset_index(names="home"), on="person_id")
    lived = lived[~lived["person_id"].isin(held["person_id"])]  # nobody holds their case, so that caseloads stay
    gone, mover = (lived[lived["address_postcode"].str.match(f"{district} [0-9]")].iloc[0] for district in ("EX39", "TQ12"))
    moved = addresses.copy()
    moved.loc[mover["home"], "address_postcode"] = "EX4 4QJ"
    put(tables, "cin_episodes", episodes.drop(index=gone["row"]))
    put(tables, "addresses", moved)


def a_plan_ended_two_days_early_and_another_gone(tables: Tables) -> None:
    rows = tables["cp_plans"].rows.copy()
    lasting = rows.index[(rows["cp_plan_end_date"] == "") & (rows["cp_plan_start_date"] < "2017-04-01")]
    rows.loc[lasting[0], "cp_plan_end_date"] = "2017-12-30"
    put(tables, "cp_plans", rows.drop(index=lasting[1]))


def the_placements_of_one_child_and_the_visits_of_another_gone(tables: Tables) -> None:
    placements, visits, episodes = (tables[name].rows for name in ("cla_placements", "cla_visits", "cla_episodes"))
    now = episodes[(episodes["cla_episode_ceased_date"] == "") & (episodes["entered_care_date"] < "2017-01-01")]
    counted = now[now["cla_placement_id"] != ""].iloc[-1]
    made = visits[visits["cla_visit_seen"] != "N"].drop_duplicates("person_id", keep="last")
    last = made.set_index("person_id")["cla_visit_date"]
    seen = next(person for person in now["person_id"] if person != counted["person_id"] and last[person] > "2017-12-10")
    put(tables, "cla_placements", placements[placements["person_id"] != counted["person_id"]])
    put(tables, "cla_visits", visits[visits["person_id"] != seen])


def one_assessment_without_domestic_abuse_and_another_without_any_factor(tables: Tables) -> None:
    """Both were completed in December, with domestic abuse and more."""
    rows = tables["assessment_factors"].rows
    auth = tables["cin_assessments"].rows.set_index("assessment_id")["assessment_auth_date"]
    of_group = rows["assessment_factor"].map(GROUP_OF) == "domestic-abuse"
    december = rows["assessment_id"].map(auth).str.startswith("2017-12")
    others = set(rows["assessment_id"][~of_group])
    first, second = rows["assessment_id"][of_group & december & rows["assessment_id"].isin(others)].unique()[:2]
    put(tables, "assessment_factors", rows[~(((rows["assessment_id"] == first) & of_group) | (rows["assessment_id"] == second))])


def a_record_of_each_kind_of_leaving_care_and_the_workforce_gone(tables: Tables) -> None:
    def without_first(table: str, chosen: Callable[[pd.DataFrame], pd.Series[bool]]) -> None:
        rows = tables[table].rows
        put(tables, table, rows.drop(index=rows.index[chosen(rows)][:1]))

    grown = tables["persons"].rows.query("'1996-06-01' < dob < '1999-01-01'")["person_id"]
    without_first(
        "care_leavers",
        lambda rows: (rows["care_leaver_in_touch"] == "YES")
        & rows["care_leaver_activity"].isin(["F2", "F5"])
        & (rows["status_end_date"] == "")
        & (rows["care_leaver_eligibility"] == "FORMER_RELEVANT")
        & rows["person_id"].isin(grown),
    )
    without_first("permanence", lambda rows: rows["placed_for_adoption_date"].between("2017-06-01", "2017-12-31"))
    of_one = {"post_status": "AGENCY", "post_end_date": "", "full_time_equivalency": "1"}
    without_first("posts", lambda rows: (rows[list(of_one)] == pd.Series(of_one)).all(axis=1))
    without_first("involvements", lambda rows: (rows["professional_role_id"] == "CASE_HOLDER") & (rows["involvement_end_date"] == ""))


def ten_enquiries_of_december_that_were_not_forwarded_gone(tables: Tables) -> None:
    rows = tables["contacts"].rows
    december = rows["contact_date"].str.startswith("2017-12") & (rows["contact_outcome"] != "REFERRAL")
    put(tables, "contacts", rows.drop(index=rows.index[december][:10]))


CHANGES = (
    a_referral_of_december_gone_and_another_child_moved_to_exeter,
    a_plan_ended_two_days_early_and_another_gone,
    the_placements_of_one_child_and_the_visits_of_another_gone,
    one_assessment_without_domestic_abuse_and_another_without_any_factor,
    a_record_of_each_kind_of_leaving_care_and_the_workforce_gone,
    ten_enquiries_of_december_that_were_not_forwarded_gone,
)


@pytest.fixture(scope="module")
def changed(demonstration_records: Records, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The demonstration with every change made."""
    data, tables = tmp_path_factory.mktemp("changed"), {**demonstration_records.tables}
    for change in CHANGES:
        change(tables)
    load(replace(demonstration_records, tables=tables), data, quiet)
    return open_current(data)


@pytest.mark.slow
def test_referrals_are_counted_from_records(county: Snapshot, changed: Snapshot) -> None:
    """One of December fewer, and one child moved: the figures move by one each. Enquiries are fewer by the ten taken away and by none for
    the referral."""
    for id, period, expected in (("referrals", "2017-12", 256), ("referrals", "2017/18YTD", 4_008), ("enquiries", "2017-12", 644 - 10)):
        assert value(changed, id, period) == expected
    before, after = (ask(one, "referrals", "2017-12", "district").set_index("district")["numerator"] for one in (county, changed))
    difference = after - before
    assert difference[difference != 0].to_dict() == {"EX4": 1, "EX39": -1, "TQ12": -1}


@pytest.mark.slow
def test_plans_are_counted_from_records(changed: Snapshot) -> None:
    """One that lasted since before April ends on 30 December, another never was: 451, 433 and the 479 begun in nine months become these."""
    assert [value(changed, "cp_plans", day) for day in ("2017-11-30", "2017-12-31")] == [450, 431]
    assert value(changed, "cp_plans_started", "2017/18YTD") == 479


@pytest.mark.slow
def test_placements_and_visits_are_counted_from_records(changed: Snapshot) -> None:
    bands = ask(changed, "placements_12_months", "2017-12-31", "placements_band").set_index("placements_band")["numerator"]
    assert bands["not known"] == 2 and bands.sum() == 712
    (visited,) = ask(changed, "looked_after_visited_in_time", "2017-12-31")["numerator"]
    assert visited in (637, 638)  # the child without placements is now visited as if placed on entry


@pytest.mark.slow
def test_shares_of_issues_are_counted_from_records(county: Snapshot, changed: Snapshot) -> None:
    by_group = (ask(one, "factor_prevalence", "2017-12", "factor_group") for one in (county, changed))
    before, after = (found[found["factor_group"] == "domestic-abuse"].to_dict("records")[0] for found in by_group)
    assert after["numerator"] == before["numerator"] - 2
    assert after["denominator"] == before["denominator"] - 1


@pytest.mark.slow
def test_leaving_care_and_the_workforce_are_counted_from_records(changed: Snapshot) -> None:
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


@pytest.mark.slow
def test_ten_enquiries_fewer_make_another_paragraph(changed: Snapshot) -> None:
    """From the case records to the briefing; the referral that is gone had been an enquiry forwarded, and still is one of the 258."""
    said = " ".join(
        block.text
        for block in front_door(Facts(changed, reporting_month(changed, "2017-12"), Readers.COMMITTEE))
        if isinstance(block, Paragraph)
    )
    assert "634 enquiries reached MASH in December 2017, 615 fewer than in November 2017 (1,249)." in said
    assert "258 of 634 enquiries (40.7%) were forwarded" in said and "644 enquiries" not in said
