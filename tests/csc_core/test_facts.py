"""The hard rules at their edges: working days and re-referrals."""

from __future__ import annotations

from datetime import date, timedelta

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csc_core.facts import run, working_days

UP_TO = working_days().set_index("day")["working_days"]


def between(start: date, end: date) -> int:
    return int(UP_TO[end] - UP_TO[start])


@pytest.mark.parametrize(
    ("start", "end", "days", "why"),
    [
        ("2017-12-01", "2017-12-01", 0, "the same day is day 0"),
        ("2017-12-01", "2017-12-02", 0, "a Saturday does not count"),
        ("2017-12-01", "2017-12-04", 1, "the Monday after a Friday"),
        ("2017-12-22", "2017-12-27", 1, "over Christmas Day and Boxing Day"),
        ("2017-12-01", "2018-02-07", 45, "the report's example: due on 7 February, over three bank holidays"),
        ("2017-12-01", "2018-02-06", 44, "the day before it is due"),
        ("2016-11-30", "2017-02-06", 45, "Christmas and New Year moved to 27 December and 2 January"),
        ("2016-11-30", "2017-02-07", 46, "one day late"),
        ("2016-02-26", "2016-03-01", 2, "over 29 February"),
        ("2010-04-01", "2010-04-06", 1, "over Good Friday and Easter Monday, 2010"),
        ("2020-05-07", "2020-05-11", 1, "the bank holiday moved to Friday 8 May 2020"),
        ("2022-06-01", "2022-06-06", 1, "the jubilee's extra bank holiday"),
    ],
)
def test_working_days_between(start: str, end: str, days: int, why: str) -> None:
    assert between(date.fromisoformat(start), date.fromisoformat(end)) == days, why


@given(st.dates(date(2001, 1, 1), date(2038, 1, 1)), st.integers(0, 400), st.integers(0, 400))
def test_working_days_add_up_and_are_never_more_than_five_in_seven(start: date, first: int, second: int) -> None:
    middle, end = start + timedelta(days=first), start + timedelta(days=first + second)
    assert between(start, middle) + between(middle, end) == between(start, end)
    assert 0 <= between(start, end) <= (first + second + 6) // 7 * 5


def test_a_step_too_large_for_its_memory_is_done_with_one_thread_and_then_with_all_there_is() -> None:
    with duckdb.connect() as con:
        con.execute("set threads = 2")
        con.execute("set memory_limit = '16MB'")
        con.execute("set max_temp_directory_size = '0KiB'")  # nowhere else to go
        run(con, "create table large as select range as number, md5(cast(range as varchar)) as text from range(1_000_000) order by text")
        found = con.execute("select count(*), count(distinct text), current_setting('threads') from large").fetchone()
    assert found == (1_000_000, 1_000_000, 1)
