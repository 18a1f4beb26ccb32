"""Every figure of the small county, counted by hand: `tests/small_county.py` says what each child is there for."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csc_core.access import Scope
from csc_core.indicators import INDICATORS
from csc_core.indicators.declaration import PLACE, TIME
from csc_core.load import load
from csc_core.periods import parse
from csc_core.query import QueryError, query
from csc_core.snapshot import Snapshot, open_current
from tests import small_county

EVERYTHING = Scope.everything()


def ask(
    snapshot: Snapshot, id: str, period: str, by: Sequence[str] = (), where: Mapping[str, Sequence[str]] | None = None, **more: bool
) -> pd.DataFrame:
    return query(snapshot, id, scope=EVERYTHING, period=parse(period, snapshot.as_at.date()), by=by, where=where, **more)


def split(snapshot: Snapshot, id: str, period: str, by: str, where: Mapping[str, Sequence[str]] | None = None) -> dict[str, int]:
    """The members with a numerator above zero."""
    frame = ask(snapshot, id, period, [by], where)
    return {row[by]: row["numerator"] for row in frame.to_dict("records") if row["numerator"]}


@pytest.mark.parametrize(
    ("id", "period", "numerator", "denominator", "value"),
    [
        ("referrals", "2017-12", 5, None, 5),
        ("referrals", "2017/18YTD", 13, None, 13),
        ("referrals", "2017-10-02", 2, None, 2),
        ("referrals", "2016/17", 3, None, 3),
        ("re_referrals", "2017-12", 0, 5, 0),
        ("re_referrals", "2017/18YTD", 2, 13, 200 / 13),
        ("re_referrals", "2017-06", 1, 1, 100),
        ("open_cases", "2017-12", 8, None, 8),
        ("open_cases", "2017-12-30", 9, None, 9),
        ("open_cases", "2017-11-30", 6, None, 6),
        ("open_cases", "2016-06-30", 0, None, 0),
        ("open_cases", "2016-06-29", 1, None, 1),
        ("assessments_completed", "2016/17", 3, None, 3),
        ("assessments_in_45_days", "2016/17", 2, 3, 200 / 3),
        ("assessments_case_closed", "2016/17", 1, 3, 100 / 3),
        ("assessments_case_closed", "2017-11", 1, 1, 100),
        ("enquiries", "2017-12", 5, None, 5),
        ("enquiries_forwarded", "2017-12", 3, 5, 60),
        ("enquiries_already_open", "2017-12", 1, None, 1),
        ("referral_rate", "2017/18YTD", 13, 143_525, 13 / 143_525 * 10_000),
        ("referral_rate", "2016/17", 3, 142_159, 3 / 142_159 * 10_000),
        ("assessment_rate", "2017/18YTD", 1, 143_525, 1 / 143_525 * 10_000),
    ],
)
def test_the_county(small: Snapshot, id: str, period: str, numerator: int, denominator: int | None, value: float) -> None:
    (row,) = ask(small, id, period).to_dict("records")
    assert row["numerator"] == numerator
    assert pd.isna(row["denominator"]) if denominator is None else row["denominator"] == denominator
    assert row["value"] == pytest.approx(value)
    assert pd.isna(row["reason"])


@pytest.mark.parametrize(
    ("id", "period", "by", "expected"),
    [
        # C05 was referred in Exeter, assessed and still open in Barnstaple; a placement (C10) never places a child
        ("referrals", "2017-10", "district", {"EX4": 1, "EX31": 2}),
        ("assessments_completed", "2017-11", "district", {"EX31": 1}),
        ("open_cases", "2017-12", "district", {"EX4": 3, "EX31": 2, "out of county": 1, "not a postcode": 1, "confidential": 1}),
        ("open_cases", "2017-12", "county", {"E10000008": 8}),
        (
            "open_cases",
            "2017-12",
            "locality",
            {"exeter": 3, "northern-devon": 2, "out of county": 1, "not a postcode": 1, "confidential": 1},
        ),
        ("referrals", "2017-11", "lad", {"not known": 1, "out of county": 1}),
        ("referrals", "2017-03", "district", {"EX31": 1}),  # two addresses open: the later one, whose postcode is terminated
        ("enquiries", "2017-12", "district", {"EX4": 1, "EX31": 2, "not known": 1, "not a postcode": 1}),
        # the age on the day: C02 turned ten between the referral and the end of the month
        ("referrals", "2017-12", "age_band", {"unborn": 1, "under 1": 1, "1-4": 1, "5-9": 1, "10-15": 1}),
        ("open_cases", "2017-12", "age_band", {"unborn": 1, "under 1": 1, "1-4": 1, "5-9": 3, "10-15": 1, "16-17": 1}),
        ("open_cases", "2017-12", "sex", {"F": 4, "M": 3, "not known": 1}),
        ("open_cases", "2017-12", "ethnic_group", {"white": 3, "asian": 1, "black": 1, "other": 1, "not known": 2}),
        # C02 and C03 have disabilities, C01 none; an empty or unknown code says that there may be one; of the others nothing is recorded
        ("open_cases", "2017-12", "disability", {"disabled": 1, "not_disabled": 1, "not known": 6}),
        ("referrals", "2017/18YTD", "disability", {"disabled": 3, "not_disabled": 1, "not known": 9}),
        ("enquiries", "2017-12", "disability", {"disabled": 2, "not known": 3}),
        ("referrals", "2017-12", "referral_source", {"6": 1, "3A": 3, "1A": 1}),
        ("referrals", "2017-12", "primary_need", {"N1": 1, "N5": 1, "N3": 2, "not known": 1}),
        # the table's own team, else the case holder's involvement on the day, before a co-worker who started later
        ("referrals", "2017-10", "team", {"T-BAR-1": 2, "T-EXE-1": 1}),
        ("assessments_completed", "2017-11", "team", {"T-BAR-1": 1}),
        ("referrals", "2017-11", "team", {"T-EXE-1": 1, "not allocated": 1}),
        ("open_cases", "2017-12", "team", {"T-BAR-1": 2, "T-EXE-1": 1, "not allocated": 5}),
        ("open_cases", "2017-12", "team_locality", {"northern-devon": 2, "exeter": 1, "not allocated": 5}),
        ("assessments_completed", "2016/17", "assessment_outcome", {"CLOSED": 1, "CIN_PLAN": 2}),
        ("referrals", "2017-10..2017-12", "month", {"2017-10": 3, "2017-11": 2, "2017-12": 5}),
        ("open_cases", "2017-10..2017-12", "month", {"2017-10": 5, "2017-11": 6, "2017-12": 8}),
        ("referrals", "2016-06..2017-12", "year", {"2016/17": 3, "2017/18": 13}),
        ("referrals", "2017/18YTD", "quarter", {"2017/18Q1": 1, "2017/18Q2": 2, "2017/18Q3": 10}),
    ],
)
def test_splits(small: Snapshot, id: str, period: str, by: str, expected: dict[str, int]) -> None:
    assert split(small, id, period, by) == expected


def test_filters_of_one_dimension_are_any_of_and_of_two_are_and(small: Snapshot) -> None:
    assert split(small, "open_cases", "2017-12", "sex", {"district": ["EX4", "EX31"]}) == {"F": 2, "M": 2, "not known": 1}
    assert split(small, "open_cases", "2017-12", "sex", {"district": ["EX4", "EX31"], "age_band": ["5-9"]}) == {"F": 2, "M": 1}


def test_the_scope_limits_rows_before_they_are_counted(small: Snapshot) -> None:
    one_team = Scope({"team": frozenset({"T-BAR-1"})})
    frame = query(small, "open_cases", scope=one_team, period=parse("2017-12", small.as_at.date()))
    assert frame["numerator"].tolist() == [2]


def test_a_split_lists_every_declared_member_and_zeros(small: Snapshot) -> None:
    frame = ask(small, "referrals", "2017-12", ["district"])
    assert len(set(frame["district"])) == len(frame) == 62 + 2  # plus not a postcode, confidential
    assert (frame["numerator"] == 0).sum() == 60


def test_two_levels_of_place_are_listed_only_where_they_overlap(small: Snapshot) -> None:
    frame = ask(small, "referrals", "2017-12", ["locality", "lad"])
    assert len(frame[frame["lad"].str.startswith("E07")]) == 8


def test_a_percentage_of_nothing_is_a_reason_and_not_a_number(small: Snapshot) -> None:
    frame = ask(small, "assessments_in_45_days", "2017-12", ["locality"])
    assert frame["value"].isna().all() and (frame["denominator"] == 0).all()
    assert frame["reason"].str.startswith("There are none").all()


def test_a_rate_needs_a_population(small: Snapshot) -> None:
    places = ask(small, "referral_rate", "2017-12", ["district"]).set_index("district")
    assert places.loc["not a postcode", "numerator"] == 1
    assert places.loc["not a postcode", "reason"] == "No population: the place is not a postcode."
    assert places.loc["TA22", "reason"] == "Fewer than 100 children live here, so no rate is given."
    for dimension in ("age", "disability"):
        parts = ask(small, "referral_rate", "2017-12", ["age_band" if dimension == "age" else dimension])
        assert parts["numerator"].sum() == 5 and parts["value"].isna().all()
        assert parts["reason"].str.contains(f"No population by {dimension} is loaded").all()


def test_a_part_year_rate_is_labelled_and_can_be_annualised(small: Snapshot) -> None:
    nine = ask(small, "referral_rate", "2017/18YTD")
    assert nine["period"].tolist() == ["2017/18YTD (9 months)"]
    year = ask(small, "referral_rate", "2017/18YTD", annualised=True)
    assert year["period"].tolist() == ["2017/18YTD (9 months, annualised)"]
    assert year["value"].iloc[0] == pytest.approx(nine["value"].iloc[0] * 12 / 9)
    assert ask(small, "referral_rate", "12m:2017-12")["period"].tolist() == ["12m:2017-12"]
    assert ask(small, "referrals", "2017-12")["period"].tolist() == ["2017-12"]


@pytest.mark.parametrize(
    ("id", "period", "words"),
    [
        ("referrals", "2014-12", "Records begin on 1 April 2015."),
        ("referrals", "2018-01", "There are no records yet: the data are as at 31 December 2017."),
        ("re_referrals", "2015-06", "It looks back 12 months, and records begin on 1 April 2015."),
        ("open_cases", "2015-03-31", "Records begin on 1 April 2015."),
    ],
)
def test_a_period_without_records_is_a_reason(small: Snapshot, id: str, period: str, words: str) -> None:
    (row,) = ask(small, id, period).to_dict("records")
    assert row["reason"] == words and pd.isna(row["value"]) and pd.isna(row["numerator"])


@pytest.mark.parametrize(
    ("id", "by", "where", "words"),
    [
        ("referal_rate", [], {}, "the nearest is 'referral_rate'"),
        ("referrals", ["districts"], {}, "the nearest is 'district'"),
        ("referrals", [], {"district": ["EX99"]}, "There is no postcode district 'EX99': the nearest is 'EX"),
        ("referrals", [], {"locality": ["Exeter"]}, "the nearest is 'exeter'"),
        ("referral_rate", ["team"], {}, "no population belongs to a team"),
        ("enquiries", ["primary_need"], {}, "cannot be split or filtered by primary need"),
        ("referrals", ["month", "quarter"], {}, "one of month, quarter and year"),
        ("referrals", ["sex", "sex"], {}, "only once"),
        ("referrals", [], {"month": ["2017-12"]}, "choose the period instead"),
        ("referrals", [], {"sex": ["x" * 1_000_000]}, "There is no sex 'xxx"),
    ],
)
def test_what_cannot_be_answered_is_said_in_one_sentence(
    small: Snapshot, id: str, by: list[str], where: dict[str, list[str]], words: str
) -> None:
    with pytest.raises(QueryError) as error:
        ask(small, id, "2017-12", by, where)
    assert words in str(error.value) and len(str(error.value)) < 250


def test_annualising_is_for_rates_of_the_county_and_its_localities(small: Snapshot) -> None:
    for id, by in (("referrals", ["locality"]), ("referral_rate", ["district"])):
        with pytest.raises(QueryError, match="Only a rate of events can be annualised"):
            ask(small, id, "2017-12", by, annualised=True)


# an assessment with two issues is in two rows of a split by issue: such rows overlap and must not be added up
ADDITIVE = [(id, dimension) for id, one in INDICATORS.items() for dimension in one.dimensions if dimension not in one.numerator_only]


@pytest.mark.parametrize(("id", "dimension"), ADDITIVE)
def test_the_parts_of_every_split_sum_to_the_total(small: Snapshot, id: str, dimension: str) -> None:
    period = "2017-12" if INDICATORS[id].stock else "2016-06..2017-12"
    if id == "re_referrals":
        period = "2017/18YTD"
    if INDICATORS[id].stock and dimension in TIME:
        return  # a stock of three months is three stocks: there is no total
    if INDICATORS[id].look_back_months > 24:
        return  # the records do not go back so far
    where = {name: ["domestic-abuse", "substance-use"] for name in INDICATORS[id].numerator_only[:1]}
    parts, total = ask(small, id, period, [dimension], where), ask(small, id, period, where=where)
    assert parts["numerator"].sum() == total["numerator"].iloc[0]
    if INDICATORS[id].unit == "%":
        assert parts["denominator"].sum() == total["denominator"].iloc[0]
    if INDICATORS[id].unit == "per 10,000" and dimension in PLACE:
        assert parts["denominator"].sum() == pytest.approx(total["denominator"].iloc[0])


@pytest.mark.slow
@given(st.lists(st.sampled_from(["district", "locality", "team", "age_band", "sex", "primary_need"]), min_size=1, max_size=3, unique=True),
       st.sampled_from(["2017-12", "2017-10", "2017/18Q2", "2016/17", "2017/18YTD"]))  # fmt: skip
def test_parts_sum_over_any_mix_of_dimensions(small: Snapshot, by: list[str], period: str) -> None:
    assert ask(small, "referrals", period, by)["numerator"].sum() == ask(small, "referrals", period)["numerator"].iloc[0]
    assert not ask(small, "referrals", period, by).duplicated(by).any()


@pytest.fixture(scope="module")
def reorganised(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The small county with a team that closed on 1 November 2017, another that began on that day, and one closed with work left."""
    given = small_county.records()
    departments = given.tables["departments"]
    rows = departments.rows.copy()
    rows.loc[rows["team_id"] == "T-EXE-1", "valid_to"] = "2017-11-01"  # and is still written on referrals of December
    for team, begins, ends in (("T-OLD", "2014-04-01", "2017-11-01"), ("T-NEW", "2017-11-01", "")):
        rows.loc[len(rows) + 2] = {**dict.fromkeys(rows, ""), "team_id": team, "team_name": team, "valid_from": begins, "valid_to": ends}
    data = tmp_path_factory.mktemp("reorganised")
    load(replace(given, tables={**given.tables, "departments": replace(departments, rows=rows)}), data, lambda what, share: None)
    return open_current(data)


@pytest.mark.parametrize(
    ("id", "period", "closed", "to_come"),
    [
        ("referrals", "2017-10", False, True),
        ("referrals", "2017-11", True, False),
        ("referrals", "2017-10..2017-12", False, False),  # the team was there for a part of it
        ("open_cases", "2017-10-31", False, True),
        ("open_cases", "2017-11-01", True, False),  # a stock: closed on the day
        ("assessments_in_45_days", "2017-12", True, False),
    ],
)
def test_a_closed_team_has_a_reason_and_no_figure(reorganised: Snapshot, id: str, period: str, closed: bool, to_come: bool) -> None:
    rows = {row["team"]: row for row in ask(reorganised, id, period, ["team"]).to_dict("records")}
    for team, missing, words in (
        ("T-OLD", closed, "The team closed on 1 November 2017."),
        ("T-NEW", to_come, "The team began on 1 November 2017."),
    ):
        row = rows[team]
        assert (row["reason"] == words) == missing
        assert pd.isna(row["numerator"]) == pd.isna(row["value"]) == missing or id == "assessments_in_45_days"
        assert pd.isna(row["value"]) == pd.notna(row["reason"])


def test_a_closed_team_that_is_filtered_by_has_its_reason_too(reorganised: Snapshot) -> None:
    months = ask(reorganised, "referrals", "2017-10..2017-12", ["month"], {"team": ["T-OLD"]})
    assert months["numerator"].fillna(-1).tolist() == [0, -1, -1]
    assert months["reason"].iloc[1:].eq("The team closed on 1 November 2017.").all() and pd.isna(months["reason"].iloc[0])
    assert ask(reorganised, "referrals", "2017-12", where={"team": ["T-OLD", "T-EXE-1"]})["numerator"].tolist() == [3]


def test_what_is_recorded_of_a_closed_team_still_counts(reorganised: Snapshot) -> None:
    assert split(reorganised, "referrals", "2017-12", "team")["T-EXE-1"] == 3
    assert ask(reorganised, "referrals", "2017-12", ["team"])["numerator"].sum() == 5


# whatever is asked, there is a figure or a reason

SPLITS = ("locality", "team", "disability", "month")


@pytest.mark.parametrize(("id", "by"), [(id, by) for id, one in INDICATORS.items() for by in ("", *SPLITS) if by in ("", *one.dimensions)])
def test_there_is_a_figure_or_a_word_and_a_reason(reorganised: Snapshot, id: str, by: str) -> None:
    """Months before, in and after the records, with nobody in most places: never NaN, infinity or a blank."""
    for period in ("2014-12", "2016-07", "2017-12", "2018-02"):
        frame = ask(reorganised, id, period, [by] if by else [])
        assert len(frame), "a split has rows"
        given = frame["value"].notna()
        assert given.eq(frame["reason"].isna()).all()
        assert frame.loc[~given, "reason"].str.len().gt(10).all()
        assert all(math.isfinite(value) and value >= 0 for value in frame.loc[given, "value"])
        assert frame.loc[given, "numerator"].notna().all()
        if INDICATORS[id].denominator is not None:
            assert frame.loc[given, "denominator"].gt(0).all()
        if period in ("2014-12", "2018-02"):
            assert not given.any()
