"""Periods: every form, the label people read, and what is not one."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csc_core.periods import PeriodError, before, members, parse, year_before

AS_AT = date(2017, 12, 31)


@pytest.mark.parametrize(
    ("text", "start", "end", "label"),
    [
        ("2017-12", "2017-12-01", "2017-12-31", "December 2017"),
        ("2017-12-31", "2017-12-31", "2017-12-31", "31 December 2017"),
        ("2017/18Q3", "2017-10-01", "2017-12-31", "October to December 2017 (3 months)"),
        ("2017-18Q3", "2017-10-01", "2017-12-31", "October to December 2017 (3 months)"),
        ("2016/17Q4", "2017-01-01", "2017-03-31", "January to March 2017 (3 months)"),
        ("2016/17", "2016-04-01", "2017-03-31", "April 2016 to March 2017 (12 months)"),
        ("2017/18YTD", "2017-04-01", "2017-12-31", "April to December 2017 (9 months)"),
        ("2016/17YTD", "2016-04-01", "2017-03-31", "April 2016 to March 2017 (12 months)"),
        ("12m:2017-12", "2017-01-01", "2017-12-31", "January to December 2017 (12 months)"),
        ("36m:2017-12", "2015-01-01", "2017-12-31", "January 2015 to December 2017 (36 months)"),
        ("2017-04..2017-12", "2017-04-01", "2017-12-31", "April to December 2017 (9 months)"),
        ("2016-02", "2016-02-01", "2016-02-29", "February 2016"),
        ("2099/00", "2099-04-01", "2100-03-31", "April 2099 to March 2100 (12 months)"),
        ("latest", "2017-12-01", "2017-12-31", "December 2017"),
        ("2017/18", "2017-04-01", "2017-12-31", "1 April 2017 to 31 December 2017 (not yet over)"),
    ],
)
def test_every_form_is_read(text: str, start: str, end: str, label: str) -> None:
    period = parse(text, AS_AT)
    assert (period.start.isoformat(), period.end.isoformat(), period.label) == (start, end, label)


def test_a_month_that_is_not_over_ends_with_the_data_and_says_so() -> None:
    period = parse("2018-05", date(2018, 5, 14))
    assert period.end == date(2018, 5, 14)
    assert period.label == "1 May 2018 to 14 May 2018 (not yet over)"
    assert parse("latest", date(2018, 5, 14)).id == "2018-04"


@pytest.mark.parametrize("text", ["", "2017", "2017-13", "2017-02-29", "2017/19", "2017-18", "2017/18Q5", "12m:2017", "0m:2017-12",
                                  "2017-12..2017-04", "٢٠١٧-12", "x" * 1_000_000, "0000-01", "999m:0001-01"])  # fmt: skip
def test_what_is_not_a_period_is_said_in_one_short_sentence(text: str) -> None:
    with pytest.raises(PeriodError) as error:
        parse(text, AS_AT)
    assert str(error.value).endswith(".") and len(str(error.value)) < 250


@given(st.text())
def test_any_text_is_a_period_or_a_sentence(text: str) -> None:
    with suppress(PeriodError):
        assert parse(text, AS_AT).label


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        ("2017-02", "2016-02-01", "2016-02-29"),
        ("2016-02", "2015-02-01", "2015-02-28"),
        ("2016-02-29", "2015-02-28", "2015-02-28"),
        ("2017/18YTD", "2016-04-01", "2016-12-31"),
        ("12m:2017-12", "2016-01-01", "2016-12-31"),
        ("2017/18", "2016-04-01", "2016-12-31"),  # cut where the data end, so that as much is compared with as much
    ],
)
def test_the_same_days_a_year_before(period: str, start: str, end: str) -> None:
    earlier = year_before(parse(period, AS_AT))
    assert (earlier.start.isoformat(), earlier.end.isoformat(), earlier.cut) == (start, end, False)


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("2017-12", "2017-11"),
        ("2017-01", "2016-12"),
        ("2017-03-01", "2017-02-28"),
        ("2017/18Q1", "2016/17Q4"),
        ("2016/17", "2015/16"),
        ("12m:2017-12", "12m:2016-12"),
        ("12m:2017-03", "2015/16"),
        ("2017-09..2017-10", "2m:2017-08"),
    ],
)
def test_the_period_before_is_of_the_same_kind(period: str, expected: str) -> None:
    assert before(parse(period, AS_AT)) == parse(expected, AS_AT)


@pytest.mark.parametrize(
    ("period", "label"),
    [("2017/18YTD", "April to December 2016 (9 months)"), ("2017/18", "April to December 2016 (9 months)")],
)
def test_before_a_part_of_a_year_stands_the_same_part_of_the_year_before(period: str, label: str) -> None:
    assert before(parse(period, AS_AT)).label == label


def test_days_that_are_no_whole_months_are_named_as_days() -> None:
    cut = parse("2018-05", date(2018, 5, 14))
    assert before(cut).label == "1 May 2017 to 14 May 2017"


@pytest.mark.parametrize(("day", "year"), [("2017-03-31", 2016), ("2017-04-01", 2017), ("2018-03-31", 2017)])
def test_the_population_is_that_of_the_year_in_which_the_financial_year_began(day: str, year: int) -> None:
    assert parse(day, date(2018, 12, 31)).population_year == year


@given(st.sampled_from(["month", "quarter", "year"]), st.dates(date(2014, 1, 1), date(2017, 12, 31)), st.integers(0, 800))
def test_members_cover_the_period_once(step: str, start: date, days: int) -> None:
    end = min(start + timedelta(days=days), date(2017, 12, 31))
    period = parse(f"{start:%Y-%m}..{end:%Y-%m}", AS_AT)
    parts = members(step, period)
    assert parts[0].start == period.start and parts[-1].end == period.end
    assert all(left.end + timedelta(days=1) == right.start for left, right in pairwise(parts))
    assert len({part.id for part in parts}) == len(parts)
