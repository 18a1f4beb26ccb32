"""Intervals against figures that others have published or worked out."""

from __future__ import annotations

import pandas as pd
import pytest

from csc_core.statistics import Z998, interval


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


def test_a_wider_interval_holds_the_usual_one() -> None:
    usual, wide = limits(40, 5_000, "per 10,000"), limits(40, 5_000, "per 10,000", Z998)
    assert wide[0] < usual[0] < 80 < usual[1] < wide[1]


def test_nothing_is_said_of_counts_and_of_what_is_missing() -> None:
    missing = interval(pd.Series([5, None, 0], dtype="Int64"), pd.Series([None, 10.0, 0.0], dtype="Float64"), "%")
    assert missing.isna().all(axis=None)
    assert interval(pd.Series([5], dtype="Int64"), pd.Series([10.0], dtype="Float64"), "count").isna().all(axis=None)
