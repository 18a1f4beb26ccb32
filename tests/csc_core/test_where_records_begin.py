"""From when a case system's records are all there: an extract of some years holds older cases that were still open when it begins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest

from csc_core.__main__ import main
from csc_core.access import Scope
from csc_core.load import load
from csc_core.periods import parse
from csc_core.query import query
from csc_core.snapshot import Snapshot, open_current
from csc_core.sources import csv
from csc_core.tables import TABLES, RawTable, Records, quiet

EVERYTHING = Scope.everything()


def extract(monthly: Sequence[tuple[str, str, int]]) -> Records:
    """Referrals of as many children: so many on the 15th of each month from one month to another (both included)."""
    days = [
        f"{month}-15"
        for first, last, number in monthly
        for month in pd.period_range(first, last, freq="M").astype("str")
        for _ in range(number)
    ]
    ids = [str(number) for number in range(len(days))]
    rows = {
        "persons": pd.DataFrame({"person_id": ids, "dob": "2008-02-03"}),
        "cin_episodes": pd.DataFrame({"referral_id": ids, "person_id": ids, "referral_date": days}),
    }
    tables = {}
    for name, frame in rows.items():
        whole = frame.reindex(columns=[column.name for column in TABLES[name].columns], fill_value="").astype("str")
        tables[name] = RawTable(name, f"{name}.csv", whole.set_axis(pd.RangeIndex(2, len(whole) + 2)))
    return Records(tables, "ssd extract", synthetic=True, as_at=datetime(2017, 12, 31))


SIX_YEARS = (("2005-03", "2012-03", 2), ("2012-04", "2017-12", 30))  # older cases that are still open, then all


def published(data: Path, records: Records) -> tuple[Snapshot, list[str]]:
    """The snapshot, and what the load said of where the records begin."""
    said = load(records, data, quiet).notes
    return open_current(data), [note for note in said if "usual number" in note]


def test_months_with_the_cases_still_open_alone_are_no_figures(tmp_path: Path) -> None:
    found, (note,) = published(tmp_path, extract(SIX_YEARS))
    assert (found.records_from, found.complete_from) == (date(2012, 4, 1), date(2012, 4, 1))
    assert "from April 2012 on: the 170 before" in note
    for id, period, words in (
        ("referrals", "2012-03", "Records begin on 1 April 2012."),
        ("re_referrals", "2012-12", "It looks back 12 months, and records begin on 1 April 2012."),
        ("referrals", "2012-04", None),
        ("re_referrals", "2013-04", None),
    ):
        (row,) = query(found, id, scope=EVERYTHING, period=parse(period, found.as_at.date())).to_dict("records")
        assert (row["reason"] == words) if words else (pd.isna(row["reason"]) and row["value"] is not pd.NA), period
    # who was referred long before is open all the same
    (row,) = query(found, "open_cases", scope=EVERYTHING, period=parse("2017-12-31", found.as_at.date())).to_dict("records")
    assert row["value"] == 85 * 2 + 69 * 30


@pytest.mark.parametrize(
    ("monthly", "first"),
    [
        ([("2010-01", "2017-12", 30)], "2010-01-15"),  # all there: from the first referral on
        ([("2005-03", "2012-03", 2), ("2012-04", "2017-12", 19)], "2005-03-15"),  # too few a month to tell
        ([("2010-01", "2013-12", 20), ("2014-01", "2017-12", 38)], "2010-01-15"),  # many more later, and no beginning
        ([("2010-01", "2010-01", 30), ("2012-04", "2017-12", 30)], "2010-01-15"),  # a gap is none either
        ([("2017-12", "2017-12", 40)], "2017-12-15"),  # one month alone
    ],
)
def test_a_beginning_is_told_only_where_it_is_one(tmp_path: Path, monthly: list[tuple[str, str, int]], first: str) -> None:
    found, notes = published(tmp_path, extract(monthly))
    assert (found.records_from, found.complete_from, notes) == (date.fromisoformat(first), date.fromisoformat(first), [])


def test_what_the_analyst_says_goes_before_it(tmp_path: Path) -> None:
    csv.write(extract(SIX_YEARS), tmp_path / "in")
    arguments = ["load", "csv", str(tmp_path / "in"), "--data", str(tmp_path / "data")]
    assert main([*arguments, "--complete-from", "2009-04-01"]) == 0
    found = open_current(tmp_path / "data")
    assert (found.records_from, found.complete_from) == (date(2009, 4, 1), date(2009, 4, 1))
    assert main([*arguments, "--complete-from", "2014-04-01"]) == 0
    found = open_current(tmp_path / "data")
    assert (found.records_from, found.complete_from) == (date(2012, 4, 1), date(2014, 4, 1))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["csv", ".", "--complete-from", "2999-01-01"], "is still to come"),
        (["demo", "--complete-from", "2016-04-01"], "`load demo` takes no options"),
    ],
)
def test_what_cannot_be_said_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    csv.write(extract([("2017-12", "2017-12", 3)]), tmp_path / "in")
    given = [str(tmp_path / "in") if word == "." else word for word in arguments]
    assert main(["load", *given, "--data", str(tmp_path / "data")]) == 2
    assert words in capsys.readouterr().err
