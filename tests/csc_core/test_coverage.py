"""What the map leaves out, said without giving away what is withheld."""

from __future__ import annotations

import pandas as pd

from csc_core.coverage import Coverage, coverage


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
