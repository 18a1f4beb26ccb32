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


def extract(monthly: Sequence[tuple[str, str, int]], window: str = "", lasts: int = 6) -> Records:
    """Referrals of as many children: so many on the 15th of each month from one month to another (both included). A case is open for
    so many months, every tenth for twenty times as long; of an extract that begins with `window`, those closed before are not there."""
    cases = [
        (month, month + lasts * (20 if number % 10 == 9 else 1))
        for first, last, most in monthly
        for month in pd.period_range(first, last, freq="M")
        for number in range(most)
    ]
    kept = [(opened, closed) for opened, closed in cases if not window or closed >= pd.Period(window)]
    ids = [str(number) for number in range(len(kept))]
    rows = {
        "persons": pd.DataFrame({"person_id": ids, "dob": "2008-02-03"}),
        "cin_episodes": pd.DataFrame(
            {
                "referral_id": ids,
                "person_id": ids,
                "referral_date": [f"{opened}-15" for opened, _ in kept],
                "close_date": [f"{closed}-20" if closed < pd.Period("2018-01") else "" for _, closed in kept],
            }
        ),
    }
    tables = {}
    for name, frame in rows.items():
        whole = frame.reindex(columns=[column.name for column in TABLES[name].columns], fill_value="").astype("str")
        tables[name] = RawTable(name, f"{name}.csv", whole.set_axis(pd.RangeIndex(2, len(whole) + 2)))
    return Records(tables, "ssd extract", synthetic=True, as_at=datetime(2017, 12, 31))


SINCE_2005 = [("2005-03", "2017-12", 30)]
SIX_YEARS = extract(SINCE_2005, window="2012-04")


def published(data: Path, records: Records) -> tuple[Snapshot, list[str]]:
    """The snapshot, and what the load said of where the records begin."""
    said = load(records, data, quiet).notes
    return open_current(data), [note for note in said if "was closed before" in note]


def test_cases_still_open_when_an_extract_begins_are_no_figures(tmp_path: Path) -> None:
    found, (note,) = published(tmp_path, SIX_YEARS)
    assert (found.records_from, found.complete_from) == (date(2012, 4, 1), date(2012, 4, 1))
    # 30 in each of the six months before, and 3 a month of those that last ten years
    assert f"before April 2012: the {6 * 30 + 79 * 3} referrals before" in note
    for id, period, words in (
        ("referrals", "2012-03", "Records begin on 1 April 2012."),
        ("re_referrals", "2012-12", "It looks back 12 months, and records begin on 1 April 2012."),
        ("referrals", "2012-04", None),
        ("re_referrals", "2013-04", None),
    ):
        (row,) = query(found, id, scope=EVERYTHING, period=parse(period, found.as_at.date())).to_dict("records")
        assert (row["reason"] == words) if words else pd.isna(row["reason"]), period
    # who was referred long before is open all the same: the last six months, and 3 a month of the last ten years
    (row,) = query(found, "open_cases", scope=EVERYTHING, period=parse("2017-12-31", found.as_at.date())).to_dict("records")
    assert row["value"] == 6 * 30 + (120 - 6) * 3


@pytest.mark.parametrize(
    ("records", "first"),
    [
        (extract(SINCE_2005), "2005-03-15"),  # all there: from the first referral on
        (extract([("2005-03", "2017-12", 19)], window="2012-04"), "2005-03-15"),  # too few a month to tell
        (extract([("2010-01", "2013-12", 20), ("2014-01", "2017-12", 38)]), "2010-01-15"),  # many more later, and no beginning
        (extract(SINCE_2005, lasts=200), "2005-03-15"),  # no case is ever closed
        (extract([("2017-12", "2017-12", 40)]), "2017-12-15"),  # one month alone
    ],
)
def test_a_beginning_is_told_only_where_it_is_one(tmp_path: Path, records: Records, first: str) -> None:
    found, notes = published(tmp_path, records)
    assert (found.records_from, found.complete_from, notes) == (date.fromisoformat(first), date.fromisoformat(first), [])


def test_what_the_analyst_says_goes_before_it(tmp_path: Path) -> None:
    csv.write(SIX_YEARS, tmp_path / "in")
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
