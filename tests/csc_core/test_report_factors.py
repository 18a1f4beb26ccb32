"""Issues of the demonstration county against what DfE published for Devon in 2017-18, and what must be in its records.

Counts are of 3,977 episodes with a factor recorded: *Characteristics of children in need 2017 to 2018*, file of assessment factors.
"""

from __future__ import annotations

import pandas as pd
import pytest

from csc_core.access import Scope
from csc_core.co_occurrence import matrix
from csc_core.disclosure import Audience
from csc_core.factors import code_set
from csc_core.periods import parse
from csc_core.query import query
from csc_core.snapshot import Snapshot
from csc_core.tables import Records

EVERYTHING = Scope.everything()
TO_DATE = "2017/18YTD"
EPISODES = 3_977
PUBLISHED = {
    "3B": 1_450, "4B": 1_381, "16A": 1_195, "17A": 1_038, "3A": 852, "20": 862, "4A": 669, "1B": 623, "18A": 562, "2B": 549, "11A": 205,
    "13A": 56,
}  # fmt: skip
RARE = ("22A", "23A")  # published as `c`: 1 to 5 episodes


def prevalence(snapshot: Snapshot, period: str, by: str) -> pd.DataFrame:
    return query(snapshot, "factor_prevalence", scope=EVERYTHING, period=parse(period, snapshot.as_at.date()), by=[by]).set_index(by)


@pytest.fixture(scope="module")
def found(demonstration_records: Records) -> pd.DataFrame:
    """The factors with their assessment, counted without the product: assessment_id, factor, day, outcome closes, age in years."""
    assessments = demonstration_records.tables["cin_assessments"].rows.set_index("assessment_id")
    rows = demonstration_records.tables["assessment_factors"].rows.join(assessments, on="assessment_id")
    born = demonstration_records.tables["persons"].rows.set_index("person_id")["dob"]
    day = pd.to_datetime(rows["assessment_auth_date"])
    age = (day - pd.to_datetime(rows["person_id"].map(born).replace("", None))).dt.days / 365.25
    return rows.assign(day=day, age=age)


@pytest.mark.parametrize("code", PUBLISHED)
def test_shares_agree_with_what_dfe_published_within_two_per_cent(county: Snapshot, code: str) -> None:
    value = prevalence(county, TO_DATE, "factor").loc[code, "value"]
    assert value == pytest.approx(100 * PUBLISHED[code] / EPISODES, rel=0.02)


def test_rare_factors_are_rare(county: Snapshot) -> None:
    found = prevalence(county, "12m:2017-12", "factor")
    assert found["numerator"][list(RARE)].between(1, 5).all()
    later = found.loc[["18B", "18C", "19B", "19C", "24A"]]
    assert later[["numerator", "value"]].isna().all(axis=None)
    assert later["reason"].str.contains("only from April 202[01] on").all()


def test_four_in_five_assessments_have_a_factor_recorded(county: Snapshot) -> None:
    for period in ("2015/16", "2016/17", TO_DATE):
        (value,) = query(county, "factor_recorded", scope=EVERYTHING, period=parse(period, county.as_at.date()))["value"]
        assert value == pytest.approx(81, abs=0.1)
    (row,) = query(county, "factor_recorded", scope=EVERYTHING, period=parse(TO_DATE, county.as_at.date())).to_dict("records")
    assert row["denominator"] == 3_696  # the report's assessments


def test_factors_are_those_of_the_year_and_of_completed_assessments(found: pd.DataFrame) -> None:
    assert set(found["assessment_factor"]) <= code_set(2017)
    assert found["day"].notna().all()
    assert not found.duplicated(["assessment_id", "assessment_factor"]).any()


def test_none_identified_stands_alone_on_assessments_that_closed_the_case(found: pd.DataFrame) -> None:
    nothing = found[found["assessment_factor"] == "21"]
    assert len(nothing) > 500
    assert not found["assessment_id"].duplicated(keep=False)[nothing.index].any()
    assert (nothing["assessment_outcome_nfa"] == "Y").all()


def test_factors_occur_at_their_ages(found: pd.DataFrame) -> None:
    age = found.groupby("assessment_factor")["age"].median()
    assert age["15A"] > age["4A"] > age["3B"] + 3  # self-harm, mental health of the child, domestic abuse of a parent
    assert age[["1A", "2A", "11A", "10A", "13A", "9A"]].min() > 12
    assert age["16A"] < 9
    assert found.loc[found["assessment_factor"].isin(["11A", "13A", "1A"]), "age"].min() > 8.9


def test_issues_come_together_as_they_do_in_life(county: Snapshot) -> None:
    period = parse("12m:2017-12", county.as_at.date())
    groups = matrix(county, scope=EVERYTHING, audience=Audience.MANAGER, period=period).rows
    times = {(row["first"], row["second"]): row["times"] for row in groups.to_dict("records")}
    for first, second, least in [
        ("domestic-abuse", "parental-mental-health", 1.2),
        ("domestic-abuse", "substance-use", 1.2),
        ("parental-mental-health", "substance-use", 1.2),
        ("child-mental-health", "exploitation", 2.0),
        ("neglect", "substance-use", 1.3),
    ]:
        assert times[first, second] >= least, (first, second)
    codes = matrix(county, scope=EVERYTHING, audience=Audience.MANAGER, period=period, kind="factor").rows
    single = {(row["first"], row["second"]): row for row in codes.to_dict("records")}
    assert single["4A", "15A"]["times"] > 2.5 and single["1B", "2B"]["times"] > 2.5
    assert single["3A", "3B"]["of_first"] > 60


def test_brothers_and_sisters_share_what_is_of_the_family(demonstration_records: Records, found: pd.DataFrame) -> None:
    """Assessments completed on one day for one referral day and address: mostly one family."""
    homes = demonstration_records.tables["addresses"].rows.query("address_type == 'HOME'").drop_duplicates("person_id", keep="last")
    rows = found.assign(home=found["person_id"].map(homes.set_index("person_id")["address_postcode"]))
    rows = rows[rows["home"].fillna("") != ""]
    family = rows.groupby(["home", "assessment_start_date"])["person_id"].nunique()
    together = rows.set_index(["home", "assessment_start_date"]).loc[family[family > 1].index]
    carried = together.groupby(level=[0, 1])
    children = carried["person_id"].nunique()

    def shared(code: str) -> float:
        """Of the families in which a child has the factor, the share of brothers and sisters who have it too."""
        having = together[together["assessment_factor"] == code].groupby(level=[0, 1])["person_id"].nunique()
        return float(((having - 1) / (children[having.index] - 1)).mean())

    assert shared("3B") > 0.5 > shared("15A")


@pytest.mark.parametrize(("group", "spread"), [("substance-use", 1.3), ("domestic-abuse", 1.15)])
def test_issues_differ_between_places_and_not_wildly(county: Snapshot, group: str, spread: float) -> None:
    period = parse("2015-04..2017-12", county.as_at.date())
    where = {"factor_group": [group]}
    frame = query(county, "factor_prevalence", scope=EVERYTHING, period=period, by=["lad"], where=where)
    values = frame.loc[frame["denominator"] > 300, "value"]
    assert spread < values.max() / values.min() < 3
