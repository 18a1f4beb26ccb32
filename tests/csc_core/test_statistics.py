"""Intervals against figures that others have published or worked out, and against OHID's own package (GPL-3: for tests only)."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PHStatsMethods import exact, ph_rate, wilson  # type: ignore[import-untyped]

from csc_core.statistics import Z95, Z998, interval


def limits(numerator: float, denominator: float, unit: str, alpha: float = 0.05) -> tuple[float, float]:
    frame = interval(pd.Series([numerator], dtype="Float64"), pd.Series([denominator], dtype="Float64"), unit, alpha)
    return frame["low"].iloc[0], frame["high"].iloc[0]


def test_wilson_as_the_report_s_reference_has_it() -> None:
    assert limits(86, 712, "%") == pytest.approx((9.9, 14.7), abs=0.05)


def test_wilson_of_the_worked_example_of_newcombe() -> None:
    # Newcombe (1998), Statistics in Medicine 17: 81 of 263 gives 0.2553 to 0.3662, 0 of 20 gives 0 to 0.1611
    assert limits(81, 263, "%") == pytest.approx((25.53, 36.62), abs=0.005)
    assert limits(0, 20, "%") == pytest.approx((0, 16.11), abs=0.005)


def test_exact_poisson_limits_of_the_standard_table() -> None:
    # the 95% limits of 0, 1 and 10 events in any table of the Poisson distribution
    assert limits(0, 10_000, "per 10,000") == pytest.approx((0, 3.689), abs=0.0005)
    assert limits(1, 10_000, "per 10,000") == pytest.approx((0.0253, 5.572), abs=0.0005)
    assert limits(10, 10_000, "per 10,000") == pytest.approx((4.795, 18.39), abs=0.005)


def test_a_percentage_of_very_many_agrees_with_its_exact_limits() -> None:
    # 7,515 of 206,079 is 3.6467%; the exact (Clopper-Pearson) limits are 3.5661% and 3.7285%, and Wilson's are a hair narrower
    share = 100 * 7_515 / 206_079
    assert share == pytest.approx(3.6467, abs=0.00005)
    low, high = limits(7_515, 206_079, "%")
    assert (low, high) == pytest.approx((3.5661, 3.7285), abs=0.0006)
    assert 3.5661 < low < high < 3.7285


@settings(deadline=None)  # the first call imports statsmodels
@given(st.integers(0, 5_000), st.integers(1, 5_000), st.sampled_from([Z95, Z998]))
def test_percentages_agree_with_ohid(part: int, rest: int, alpha: float) -> None:
    theirs = [100 * limit for limit in wilson(part, part + rest, 1 - alpha)]
    assert limits(part, part + rest, "%", alpha) == pytest.approx(theirs, rel=1e-9, abs=1e-9)


@settings(deadline=None)
@given(st.integers(0, 20_000), st.integers(1, 2_000_000), st.sampled_from([Z95, Z998]))
def test_rates_agree_with_the_exact_method_of_ohid(events: int, children: int, alpha: float) -> None:
    low, high = (10_000 * limit / children for limit in exact(events, 1 - alpha))
    assert limits(events, children, "per 10,000", alpha) == pytest.approx((low if events else 0, high), rel=1e-6)


@pytest.mark.parametrize(("events", "children"), [(1, 1_500), (9, 4_000), (10, 4_000), (45, 9_000), (257, 143_525), (4_009, 143_525)])
def test_rates_agree_with_what_ohid_publishes(events: int, children: int) -> None:
    # OHID takes Byar's approximation from ten events on; it is within a quarter of a per cent of the exact limits
    theirs = ph_rate(pd.DataFrame({"events": [events], "children": [children]}), "events", "children", multiplier=10_000)
    assert limits(events, children, "per 10,000") == pytest.approx((theirs["lower_95_ci"][0], theirs["upper_95_ci"][0]), rel=0.0025)


def test_a_wider_interval_holds_the_usual_one() -> None:
    usual, wide = limits(40, 5_000, "per 10,000"), limits(40, 5_000, "per 10,000", Z998)
    assert wide[0] < usual[0] < 80 < usual[1] < wide[1]


def test_nothing_is_said_of_counts_ratios_and_what_is_missing() -> None:
    missing = interval(pd.Series([5, None, 0], dtype="Int64"), pd.Series([None, 10.0, 0.0], dtype="Float64"), "%")
    assert missing.isna().all(axis=None)
    for unit in ("count", "ratio"):
        assert interval(pd.Series([5], dtype="Int64"), pd.Series([10.0], dtype="Float64"), unit).isna().all(axis=None)
