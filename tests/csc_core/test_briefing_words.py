"""Sentences made of figures are true of them, whatever the figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csc_core.briefing.figures import Figure
from csc_core.briefing.words import listed, made_of, many, missing, more_or_fewer, moved, percent, run, run_words, shown
from csc_core.calendar import in_school_holidays, working_day_words, working_days
from csc_core.indicators import INDICATORS
from csc_core.periods import Period, parse, window

COUNTS = st.integers(0, 20_000)


def figure(value: int | str | None, id: str = "open_cases", month: str = "2017-12", base: float | None = None, reason: str = "") -> Figure:
    period = parse(month, date(2017, 12, 31))
    number = None if value is None else Decimal(value)
    return Figure(period, None if number is None else float(number), base, number, reason.startswith("Withheld"), reason, INDICATORS[id])


def months(values: Sequence[int]) -> list[Figure]:
    return [figure(value, month=f"{2016 + place // 12}-{place % 12 + 1:02d}") for place, value in enumerate(values)]


@given(COUNTS, COUNTS)
def test_more_and_fewer_agree_with_the_numbers(now: int, then: int) -> None:
    said = more_or_fewer(figure(now), figure(then, month="2017-11"))
    assert said.startswith("the same as") is (now == then)
    assert (" more than " in said) is (now > then) and (" fewer than " in said) is (now < then)
    assert said.endswith(f"on 30 November 2017 ({then:,})")


@given(COUNTS, COUNTS)
def test_risen_and_fallen_are_more_than_one_in_a_hundred(now: int, then: int) -> None:
    step = moved(figure(now), figure(then))
    assert (step == "about the same") is (100 * abs(now - then) <= then)
    assert step != "risen" or now > then
    assert step != "fallen" or now < then


@given(st.lists(st.integers(0, 9), min_size=1, max_size=20))
def test_a_run_is_as_long_as_it_goes_one_way(values: list[int]) -> None:
    length = run(months(values))
    tail = values[-1 - abs(length) :]
    pairs = list(pairwise(tail))
    assert all(later > earlier for earlier, later in pairs) if length > 0 else all(later < earlier for earlier, later in pairs)
    if abs(length) + 1 < len(values):  # one more month would not go the same way
        before = values[-2 - abs(length)]
        assert not (before < tail[0] if length > 0 else before > tail[0]) or length == 0
    assert bool(run_words(months(values))) is (abs(length) >= 2)


def test_a_month_without_a_figure_ends_a_run() -> None:
    assert run([figure(1), figure(None), figure(2), figure(3)]) == 1
    assert run([figure(3), figure(None)]) == 0


@pytest.mark.parametrize(
    ("now", "then", "id", "said"),
    [
        ("76.8", "76.6", "assessments_in_45_days", "about the same"),
        ("77.2", "76.6", "assessments_in_45_days", "risen"),
        ("17.6", "18.6", "average_caseload", "fallen"),
        ("17.6", "17.7", "average_caseload", "about the same"),
        ("30.2", "30.0", "cp_plan_rate", "about the same"),
    ],
)
def test_each_unit_has_its_threshold(now: str, then: str, id: str, said: str) -> None:
    assert moved(figure(now, id), figure(then, id)) == said


def test_small_words() -> None:
    assert [many(count, "child", "children") for count in (0, 1, 2, 5_122)] == ["No children", "1 child", "2 children", "5,122 children"]
    assert [listed(items) for items in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]
    assert [percent(*pair) for pair in ((2, 712), (0, 712), (505, 712), (712, 712))] == ["under 1%", "0%", "71%", "100%"]
    assert made_of(figure("46.7", "agency_rate", base=340.8)) == "46.7 of 340.8"


def test_what_is_missing_has_its_reason() -> None:
    assert shown(figure(None)) == "no figure" and shown(figure(None, reason="Withheld: fewer than 6")) == "withheld"
    assert missing(figure(None, reason="Records begin on 1 April 2014.")) == (
        "There is no figure for open cases on 31 December 2017. Records begin on 1 April 2014."
    )
    assert missing(figure(None, reason="Withheld: fewer than 6")).endswith("withheld, since it rests on fewer than six.")


@pytest.mark.parametrize(
    ("month", "days", "off"),
    [("2017-12", 19, 6), ("2017-11", 22, 0), ("2017-10", 22, 5), ("2017-04", 18, 9), ("2018-05", 21, None)],
)
def test_working_days_leave_out_bank_holidays_and_say_which_were_school_holidays(month: str, days: int, off: int | None) -> None:
    """December 2017: 21 weekdays less Christmas Day and Boxing Day; schools closed on the 20th: 20, 21, 22, 27, 28 and 29."""
    period = parse(month, date(2018, 12, 31))
    assert (working_days(period), in_school_holidays(period)) == (days, off)


def test_working_days_of_a_part_of_a_month() -> None:
    assert working_day_words(Period("part", date(2017, 12, 1), date(2017, 12, 14), cut=True)) == "10 working days"
    assert working_days(window(12, date(2017, 12, 31))) == 252
