"""The golden test: every figure of the council's report of March 2018, computed from the demonstration's records.

Each row names the paragraph of *Performance report: children's social care* (children's scrutiny committee, March 2018)
that prints the figure. Values are compared at the precision printed, rounded half up once from the fraction.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from csc_core.access import Scope
from csc_core.compare import shares
from csc_core.indicators import INDICATORS
from csc_core.periods import parse
from csc_core.query import query
from csc_core.snapshot import Snapshot
from tests.csc_core.report import ask, printed, value


@pytest.mark.parametrize(
    ("paragraph", "id", "period", "figure", "numerator", "denominator"),
    [
        ("1.1", "open_cases", "2017-12-31", "5122", 5_122, None),
        ("1.1", "open_cases", "2017-11-30", "5262", 5_262, None),
        ("1.1, 3.2", "open_cases", "2017-10-31", "5280", 5_280, None),
        ("1.1, 3.2", "open_cases", "2017-09-30", "5240", 5_240, None),
        ("1.1, 3.2", "open_cases", "2017-06-30", "5120", 5_120, None),
        ("1.2", "looked_after", "2017-12-31", "712", 712, None),
        ("1.2", "looked_after", "2017-11-30", "714", 714, None),
        ("1.3", "average_caseload", "2017-12-31", "17.6", 4_312, 245.0),
        ("1.3", "average_caseload", "2017-11-30", "18.6", 4_520, 243.0),
        ("2.2", "enquiries", "2017-12", "644", 644, None),
        ("2.2", "enquiries_forwarded", "2017-12", "40.1", 258, 644),
        ("2.2", "enquiries_already_open", "2017-12", "1", 1, None),
        ("2.3", "referrals", "2017-12", "257", 257, None),
        ("2.3", "re_referrals", "2017-12", "29.2", 75, 257),
        ("2.3", "re_referrals", "2017-11", "24", None, None),
        ("2.3", "re_referrals", "2017-10", "22", None, None),
        ("3.3", "assessments_case_closed", "2017/18YTD", "41.4", 1_530, 3_696),
        ("3.5", "assessments_in_45_days", "2017-12", "76.8", 298, 388),
        ("3.5", "assessments_in_45_days", "2017-11", "76.6", 330, 431),
        ("4.1", "cp_plans", "2017-08-31", "511", 511, None),
        ("4.1", "cp_plans", "2017-09-30", "492", 492, None),
        ("4.1", "cp_plans", "2017-10-31", "471", 471, None),
        ("4.1", "cp_plans", "2017-11-30", "451", 451, None),
        ("4.1", "cp_plans", "2017-12-31", "433", 433, None),
        ("4.1", "cp_plan_rate", "2017-12-31", "30.2", 433, 143_525),
        ("5.1", "looked_after_rate", "2017-12-31", "49.6", 712, 143_525),
        ("5.3", "looked_after_visited_in_time", "2017-12-31", "89.7", 639, 712),
        ("5.4", "placements_3_or_more", "2017-12-31", "12.1", 86, 712),
        ("5.6", "care_leavers_in_touch", "2017-12-31", "78.4", 196, 250),
        ("5.6", "care_leavers_eet", "2017-12-31", "45.6", 114, 250),
        # what the report prints for March 2017
        ("5.6", "care_leavers_in_touch", "2017-03-31", "70", None, None),
        ("5.6", "care_leavers_eet", "2017-03-31", "32", None, None),
        ("6.1", "adoption_within_14_months", "2017-12", "69.6", 39, 56),  # printed as almost 70%
        ("7.1", "referral_rate", "2017/18Q3", "87.6", 1_257, 143_525),
        ("7.1", "referral_rate", "2017/18YTD", "279.3", 4_009, 143_525),
        ("7.2", "re_referrals", "2017/18Q3", "24.3", 305, 1_257),
        ("7.2", "re_referrals", "2017/18YTD", "21.5", 862, 4_009),
        ("7.3", "assessment_rate", "2017/18YTD", "257.5", 3_696, 143_525),
        ("7.4", "assessments_in_45_days", "2017/18YTD", "76.7", 2_835, 3_696),
        ("7.6", "cp_plans_started", "2017/18YTD", "479", 479, None),
        ("7.6", "cp_second_plan", "2017/18YTD", "25.9", 124, 479),
        ("8.2", "agency_rate", "2017-09-30", "13.7", 46.7, 340.8),
        ("8.2", "agency_covering_vacancy", "2017-09-30", "91", 42.5, 46.7),
        ("8.2", "vacancy_rate", "2017-09-30", "20.6", 76.4, 370.5),
        ("8.3", "caseload_dfe", "2017-09-30", "19.3", 4_679, 243.0),
        ("8.3", "average_caseload", "2017-09-30", "19.3", 4_679, 243.0),
    ],
)
def test_the_report(
    county: Snapshot, paragraph: str, id: str, period: str, figure: str, numerator: float | None, denominator: float | None
) -> None:
    (row,) = ask(county, id, period).to_dict("records")
    assert printed(row["value"], figure) == Decimal(figure), paragraph
    if numerator is not None:
        assert row["numerator"] == pytest.approx(numerator), paragraph
    if denominator is not None:
        assert row["denominator"] == pytest.approx(denominator), paragraph


@pytest.mark.parametrize(
    ("paragraph", "id", "part", "count", "share"),
    [
        ("5.1", "looked_after_legal_status", "care_order", 505, "71"),
        ("5.1", "looked_after_legal_status", "section_20", 160, "22"),
        ("5.4", "placements_12_months", "1", 474, None),
        ("5.4", "placements_12_months", "2", 151, None),
        ("5.4", "placements_12_months", "3 or more", 86, None),
        ("5.4", "placements_12_months", "not known", 1, None),  # which the report leaves out: its three add to 711
    ],
)
def test_the_parts_of_the_report(county: Snapshot, paragraph: str, id: str, part: str, count: int, share: str | None) -> None:
    """Paragraphs that print a count by group; the shares of paragraph 5.1 stand in brackets: 505 (71%), 160 (22%)."""
    by = INDICATORS[id].drawn_with
    split, whole = ask(county, id, "2017-12-31", by), ask(county, id, "2017-12-31")
    each = shares(split, whole)
    assert dict(zip(split[by], split["numerator"], strict=True))[part] == count, paragraph
    assert share is None or printed(dict(zip(split[by], each, strict=True))[part], share) == Decimal(share), paragraph
    assert split["numerator"].sum() == whole["numerator"].iloc[0] == 712
    assert each.sum() == pytest.approx(100)


def test_fewer_cases_and_children_and_more_case_holders_than_in_november(county: Snapshot) -> None:
    """Paragraphs 1.1 to 1.3: 140 fewer open cases, two fewer children looked after, two more full-time case holders."""
    changes = (("open_cases", "numerator", -140), ("looked_after", "numerator", -2), ("average_caseload", "denominator", 2))
    for id, column, difference in changes:
        now, before = (ask(county, id, day)[column].iloc[0] for day in ("2017-12-31", "2017-11-30"))
        assert now - before == pytest.approx(difference), id


def test_re_referrals_have_risen_in_recent_months(county: Snapshot) -> None:
    """Paragraph 2.3: risen in recent months."""
    assert ask(county, "re_referrals", "2017-09..2017-12", "month")["value"].is_monotonic_increasing


@pytest.mark.parametrize(
    ("id", "period", "published"),
    [
        # Department for Education, characteristics of children in need, Devon
        ("referrals", "2015/16", 6_919),
        ("re_referrals", "2015/16", 20.6),
        ("referrals", "2016/17", 5_061),
        ("re_referrals", "2016/17", 20.7),
        ("assessments_in_45_days", "2015/16", 90.6),
        ("assessments_in_45_days", "2016/17", 89.5),
        ("referral_rate", "2015/16", 489.5),
        ("referral_rate", "2016/17", 356.0),
    ],
)
def test_earlier_years_agree_with_what_dfe_published_within_two_per_cent(county: Snapshot, id: str, period: str, published: float) -> None:
    assert value(county, id, period) == pytest.approx(published, rel=0.02)


def test_the_annualised_rate_of_the_nine_months_is_close_to_the_year_dfe_published(county: Snapshot) -> None:
    """279.3 for nine months is 372.4 a year; DfE published 372.1 for 2017-18."""
    nine = parse("2017/18YTD", county.as_at.date())
    (rate,) = query(county, "referral_rate", scope=Scope.everything(), period=nine, annualised=True)["value"]
    assert printed(rate, "0.1") == Decimal("372.4")
