"""The golden test: the figures of the council's report of March 2018, computed from the demonstration's records.

Each row names the paragraph of *Performance report: children's social care* (children's scrutiny committee, March 2018)
that prints the figure. Values are compared at the precision printed, rounded half up once from the fraction.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from csc_core.access import Scope
from csc_core.load import load
from csc_core.periods import parse
from csc_core.query import query
from csc_core.snapshot import Snapshot, open_current
from csc_core.sources import demo


def printed(value: float, precision: str) -> Decimal:
    return Decimal(repr(float(value))).quantize(Decimal(precision), ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("paragraph", "id", "period", "figure", "numerator", "denominator"),
    [
        ("1.1", "open_cases", "2017-12-31", "5122", 5_122, None),
        ("1.1", "open_cases", "2017-11-30", "5262", 5_262, None),
        ("1.1, 3.2", "open_cases", "2017-10-31", "5280", 5_280, None),
        ("1.1, 3.2", "open_cases", "2017-09-30", "5240", 5_240, None),
        ("1.1, 3.2", "open_cases", "2017-06-30", "5120", 5_120, None),
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
        ("7.1", "referral_rate", "2017/18Q3", "87.6", 1_257, 143_525),
        ("7.1", "referral_rate", "2017/18YTD", "279.3", 4_009, 143_525),
        ("7.2", "re_referrals", "2017/18Q3", "24.3", 305, 1_257),
        ("7.2", "re_referrals", "2017/18YTD", "21.5", 862, 4_009),
        ("7.3", "assessment_rate", "2017/18YTD", "257.5", 3_696, 143_525),
        ("7.4", "assessments_in_45_days", "2017/18YTD", "76.7", 2_835, 3_696),
    ],
)
def test_the_report(
    county: Snapshot, paragraph: str, id: str, period: str, figure: str, numerator: int | None, denominator: int | None
) -> None:
    (row,) = query(county, id, scope=Scope.everything(), period=parse(period, county.as_at.date())).to_dict("records")
    assert printed(row["value"], figure) == Decimal(figure), paragraph
    if numerator is not None:
        assert row["numerator"] == numerator, paragraph
    if denominator is not None:
        assert row["denominator"] == denominator, paragraph


def test_re_referrals_have_risen_in_recent_months(county: Snapshot) -> None:
    """Paragraph 2.3: risen in recent months."""
    frame = query(county, "re_referrals", scope=Scope.everything(), period=parse("2017-09..2017-12", county.as_at.date()), by=["month"])
    assert frame["value"].is_monotonic_increasing


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
    (value,) = query(county, id, scope=Scope.everything(), period=parse(period, county.as_at.date()))["value"]
    assert value == pytest.approx(published, rel=0.02)


def test_the_annualised_rate_of_the_nine_months_is_close_to_the_year_dfe_published(county: Snapshot) -> None:
    """279.3 for nine months is 372.4 a year; DfE published 372.1 for 2017-18."""
    nine = parse("2017/18YTD", county.as_at.date())
    (value,) = query(county, "referral_rate", scope=Scope.everything(), period=nine, annualised=True)["value"]
    assert printed(value, "0.1") == Decimal("372.4")


@pytest.mark.slow
def test_figures_are_counted_from_records_and_not_stored(tmp_path: Path) -> None:
    """Take one referral of December away, and the figures move by one."""
    records = demo.read()
    episodes = records.tables["cin_episodes"]
    december = episodes.rows["referral_date"].str.startswith("2017-12")
    fewer = replace(episodes, rows=episodes.rows.drop(index=episodes.rows.index[december][:1]))
    load(replace(records, tables={**records.tables, "cin_episodes": fewer}), tmp_path, lambda what, share: None)
    changed = open_current(tmp_path)
    for id, period, expected in (("referrals", "2017-12", 256), ("referrals", "2017/18YTD", 4_008), ("enquiries", "2017-12", 644)):
        (value,) = query(changed, id, scope=Scope.everything(), period=parse(period, changed.as_at.date()))["value"]
        assert value == expected
