"""Thirteen months, and which of them moved: by hand, since noise must not be listed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csc_core.access import Scope
from csc_core.compare import Figure, Movement, months, unusual
from csc_core.disclosure import Audience
from csc_core.indicators import INDICATORS
from csc_core.periods import members, parse, window
from csc_core.query import query
from csc_core.rounding import of_fraction
from csc_core.snapshot import Snapshot

AS_AT = date(2017, 12, 31)
ENQUIRIES, RE_REFERRALS = INDICATORS["enquiries"], INDICATORS["re_referrals"]
SPAN = members("month", window(13, AS_AT))
# Eleven movements of 10 each: the limit is 32.7.
EVEN = [100, 110] * 6


def moved(last: float | None, before: Sequence[float] = EVEN) -> Movement | None:
    figures = [Figure(month, n, None, of_fraction(n, None, ENQUIRIES) if n is not None else None, n is None, "")
               for month, n in zip(SPAN, [*before, last], strict=True)]  # fmt: skip
    return unusual(ENQUIRIES, figures)


@pytest.mark.parametrize(("last", "listed"), [(110, False), (142, False), (143, True), (78, False), (77, True)])
def test_a_month_is_listed_when_it_moved_more_than_3_27_times_the_usual(last: int, listed: bool) -> None:
    found = moved(last)  # the last month before it has 110
    assert (found is not None) is listed


def test_what_is_listed_says_by_how_much_and_what_was_usual() -> None:
    found = moved(200)
    assert found is not None
    assert found.sentence == "200, 90 more than in November 2017 (110); from month to month it moved by 10 on average before."
    assert found.by == pytest.approx(90 / 32.7)


@pytest.mark.parametrize("before", [[100] * 12, [100] * 6 + [110] * 6, [10, 19] * 6, [19, *[100, 110] * 5, 100]])
def test_what_hardly_moves_or_counts_few_is_never_listed(before: list[int]) -> None:
    assert moved(500, before) is None


def test_a_month_without_a_figure_is_no_movement() -> None:
    assert moved(None) is None


def test_a_share_counts_its_numerator() -> None:
    def listed(last: int) -> bool:
        figures = [
            Figure(month, n, 1000, of_fraction(n, 1000, RE_REFERRALS), False, "") for month, n in zip(SPAN, [*EVEN, last], strict=True)
        ]
        return unusual(RE_REFERRALS, figures) is not None

    assert listed(143) and not listed(142)


@given(st.integers(20, 1000), st.integers(1, 20))
def test_a_movement_no_larger_than_each_before_is_never_listed(level: int, step: int) -> None:
    assert moved(level + step, [level + step, level] * 6) is None


def test_the_months_are_what_the_months_are_alone(county: Snapshot) -> None:
    asked = {"scope": Scope.everything(), "audience": Audience.MANAGER}
    found = months(county, "re_referrals", period=parse("12m:2017-12", AS_AT), **asked)  # type: ignore[arg-type]  # one dict of both
    assert [figure.period.id for figure in found][:2] == ["2016-12", "2017-01"] and len(found) == 13
    for figure in found:
        alone = query(county, "re_referrals", scope=Scope.everything(), period=figure.period).iloc[0]
        assert (figure.numerator, figure.denominator) == (alone["numerator"], alone["denominator"])
    assert (str(found[-1].value), found[-1].made_of(RE_REFERRALS)) == ("29.2", "75 of 257")


def test_a_period_that_ends_within_a_month_has_the_months_before(small: Snapshot) -> None:
    found = months(small, "referrals", scope=Scope.everything(), audience=Audience.MANAGER, period=parse("2017-12-14", AS_AT))
    assert found[-1].period.id == "2017-11"
