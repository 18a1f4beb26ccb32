"""What the map leaves out, said without giving away what is withheld; and the same months a year before."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from csc_core.coverage import Coverage, coverage
from csc_core.earlier import year_before
from csc_core.periods import parse


def of(counts: dict[str, int | None], total: int | None) -> Coverage:
    split = pd.DataFrame({"district": list(counts), "numerator": pd.array(list(counts.values()), dtype="Int64")})
    split["withheld"] = split["numerator"].isna()
    return coverage(split, "district", pd.NA if total is None else total)


def test_what_is_not_on_the_map_is_counted_by_its_reason() -> None:
    found = of({"EX1": 3900, "EX2": 31, "out of county": 41, "not known": 22, "not a postcode": 15, "confidential": 0}, 4009)
    assert (found.total, found.on_map, found.off_map) == (4009, 3931, 78)
    assert found.off == {"out of county": 41, "not known": 22, "not a postcode": 15}


def test_a_total_does_not_give_away_a_reason_that_is_withheld() -> None:
    found = of({"EX1": 100, "out of county": 12, "not known": None}, 117)
    assert found.on_map is None
    assert found.off == {"out of county": 12, "not known": None} and found.off_map == 12


def test_the_share_of_areas_withheld() -> None:
    found = of({"EX1": None, "EX2": 10, "EX3": 0, "EX4": None, "not known": None}, None)
    assert (found.areas, found.withheld, found.withheld_share) == (4, 2, 0.5)
    assert (found.total, found.on_map) == (None, None)
    assert of({}, 0).withheld_share == 0


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("12m:2017-12", "2016-01-01", "2016-12-31"),
        ("2017/18YTD", "2016-04-01", "2016-12-31"),
        ("2017-02", "2016-02-01", "2016-02-29"),
        ("2016-02", "2015-02-01", "2015-02-28"),
        ("2016-02-29", "2015-02-28", "2015-02-28"),
        ("2017-12-31", "2016-12-31", "2016-12-31"),
        ("2017/18", "2016-04-01", "2016-12-31"),  # cut where the data end, so that as much is compared with as much
    ],
)
def test_a_year_before_is_the_same_days(text: str, start: str, end: str) -> None:
    before = year_before(parse(text, date(2017, 12, 31)))
    assert (before.start.isoformat(), before.end.isoformat(), before.cut) == (start, end, False)
