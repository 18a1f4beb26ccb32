"""Child protection and children in need in the demonstration: what the report says of them, and DfE's figures for the years before."""

from __future__ import annotations

import pytest

from csc_core.access import Scope
from csc_core.disclosure import Audience
from csc_core.funnel import funnel
from csc_core.periods import parse
from csc_core.query import query
from csc_core.snapshot import Snapshot
from tests.csc_core.report import ask, value


def parts(county: Snapshot, day: str) -> dict[str, int]:
    frame = ask(county, "open_cases", day, "case_status")
    return dict(zip(frame["case_status"], frame["numerator"], strict=True))


def test_plans_have_fallen_every_month_since_august(county: Snapshot) -> None:
    """Paragraph 4.1."""
    frame = ask(county, "cp_plans", "2017-04..2017-12", "month")
    plans = frame.set_index("month")["numerator"]
    assert plans.idxmax() == "2017-08"
    assert plans["2017-08":].is_monotonic_decreasing


@pytest.mark.parametrize("day", ["2016-03-31", "2017-03-31", "2017-08-31", "2017-11-30", "2017-12-31"])
def test_the_bridge_from_open_cases_to_dfe_children_in_need(county: Snapshot, day: str) -> None:
    bridge = parts(county, day)
    assert sum(bridge.values()) == value(county, "open_cases", day)
    assert bridge["in_need"] == value(county, "children_in_need", day)
    assert set(bridge) == {"in_need", "not_in_need", "decision_pending", "other"}
    assert min(bridge.values()) > 50


def test_children_in_need_lie_between_dfe_counts_of_the_two_years(county: Snapshot) -> None:
    """DfE: 3,842 on 31 March 2017, 3,983 on 31 March 2018."""
    assert 3850 <= value(county, "children_in_need", "2017-12-31") <= 4000


@pytest.mark.parametrize(
    ("id", "period", "published"),
    [
        # Department for Education, characteristics of children in need, Devon
        ("children_in_need", "2017-03-31", 3_842),
        ("children_in_need_rate", "2017-03-31", 270.3),
        ("cp_plans", "2016-03-31", 714),
        ("cp_plans", "2017-03-31", 442),
        ("cp_plan_rate", "2016-03-31", 50.5),
        ("cp_plan_rate", "2017-03-31", 31.1),
        ("cp_plans_started", "2015/16", 1_014),
        ("cp_plans_started", "2016/17", 518),
        ("cp_second_plan", "2015/16", 22.4),
        ("cp_second_plan", "2016/17", 24.7),
        ("cp_plans_over_2_years", "2015/16", 2.9),
        ("s47_rate", "2015/16", 145.8),
        ("s47_rate", "2016/17", 102.1),
        ("icpc_in_15_days", "2015/16", 80.4),
        ("icpc_in_15_days", "2016/17", 85.4),
    ],
)
def test_earlier_years_agree_with_what_dfe_published_within_two_per_cent(county: Snapshot, id: str, period: str, published: float) -> None:
    assert value(county, id, period) == pytest.approx(published, rel=0.02)


def test_the_nine_months_are_close_to_the_year_that_dfe_published(county: Snapshot) -> None:
    """2017-18, all twelve months: 143.4 section 47 enquiries per 10,000 and 66.5% of conferences within 15 working days."""
    nine = parse("2017/18YTD", county.as_at.date())
    (rate,) = query(county, "s47_rate", scope=Scope.everything(), period=nine, annualised=True)["value"]
    assert rate == pytest.approx(143.4, rel=0.02)
    assert value(county, "icpc_in_15_days", "2017/18YTD") == pytest.approx(66.5, rel=0.02)
    assert value(county, "cp_plans_started", "2017/18YTD") * 12 / 9 == pytest.approx(643, rel=0.02)


@pytest.mark.parametrize("period", ["2016/17", "2017/18YTD"])
def test_few_plans_last_two_years(county: Snapshot, period: str) -> None:
    assert 3 <= value(county, "cp_plans_over_2_years", period) <= 5


def test_most_of_a_grown_month_of_enquiries_goes_no_further(county: Snapshot) -> None:
    period = parse("2017-08..2017-12", county.as_at.date())
    frame = funnel(county, scope=Scope.everything(), audience=Audience.MANAGER, period=period)
    assert frame[~frame["maturing"]]["month"].unique().tolist() == ["2017-08", "2017-09"]
    count = frame.pivot_table(index="month", columns="stage", values="count", aggfunc="sum")
    enquiries, referrals, assessed = count["enquiries"], count["enquiries_to_referral"], count["enquiries_to_assessment"]
    enquired, planned = count["enquiries_to_s47"], count["enquiries_to_cp_plan"]
    assert ((enquiries > 2 * referrals) & (referrals > assessed) & (assessed > 2 * enquired) & (enquired > planned)).all()
    assert planned[["2017-08", "2017-09"]].min() >= 10
    assert enquiries["2017-12"] == 644 and planned["2017-12"] < planned["2017-09"]
