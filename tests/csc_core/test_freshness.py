"""How old the data may be, by source."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from csc_core.freshness import Freshness, freshness
from csc_core.tables import Taken

NOW = datetime(2026, 11, 25, 9, 0)


def of(kind: str, as_at: datetime | None) -> Taken:
    return Taken(kind, "somewhere", as_at, ("persons",))


def hours(number: float) -> datetime:
    return NOW - timedelta(hours=number)


@pytest.mark.parametrize(
    ("as_at", "level", "words"),
    [
        (hours(-1), "fresh", ""),  # a clock that is ahead
        (hours(23.9), "fresh", ""),
        (hours(24), "fresh", ""),
        (hours(24.1), "amber", "Data are 24 hours old; they should be less than a day."),
        (hours(30), "amber", "Data are 30 hours old; they should be less than a day."),
        (hours(48), "amber", "Data are 48 hours old; they should be less than a day."),
        (hours(48.1), "red", "Data are 48 hours old; they should be less than a day."),
        (hours(75), "red", "Data are 3 days old; they should be less than a day."),
        (datetime(2026, 11, 24), "fresh", ""),  # known by the day only: the whole day is in it
        (datetime(2026, 11, 23), "amber", "Data are 33 hours old; they should be less than a day."),
        (None, "fresh", ""),
    ],
)
def test_records_of_the_case_system_should_be_less_than_a_day_old(as_at: datetime | None, level: str, words: str) -> None:
    assert freshness([of("ssd", as_at)], NOW) == Freshness(level, words)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["demo", "csv", "annex-a", "small"])
def test_what_is_exported_by_hand_has_no_limit(kind: str) -> None:
    assert freshness([of(kind, datetime(2017, 12, 31, 23, 40))], NOW) == Freshness()


@pytest.mark.parametrize(
    ("as_at", "now", "level"),
    [
        (datetime(2026, 3, 31), NOW, "fresh"),
        (datetime(2025, 3, 31), datetime(2026, 7, 28), "fresh"),
        (datetime(2025, 3, 31), datetime(2026, 7, 29), "amber"),
        (datetime(2017, 3, 31), NOW, "amber"),
    ],
)
def test_a_return_goes_by_its_reference_date_and_is_never_red(as_at: datetime, now: datetime, level: str) -> None:
    found = freshness([of("cin-census", as_at)], now)
    assert found.level == level
    assert found.words == ("" if level == "fresh" else f"The children in need census is of 31 March {as_at.year}; "
                                                        f"that of {as_at.year + 1} should be there by now.")  # fmt: skip


def test_of_several_sources_the_worst_counts() -> None:
    together = [of("csv", datetime(2010, 1, 1)), of("ssda903", datetime(2017, 3, 31)), of("ssd", hours(50))]
    assert freshness(together, NOW).level == "red"
    assert freshness(together[:2], NOW).level == "amber"
    assert freshness([], NOW) == Freshness()
