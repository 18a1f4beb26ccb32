"""Looked-after children, counted by hand: `tests/care_county.py` says what each child is there for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from csc_core.access import Scope
from csc_core.disclosure import Audience, read
from csc_core.indicators.looked_after import LOOKED_AFTER
from csc_core.load import load
from csc_core.periods import parse
from csc_core.pseudonyms import references
from csc_core.query import query
from csc_core.snapshot import Snapshot, open_current
from csc_core.stability import ASPECTS, distribution
from tests.care_county import CLA_PLACEMENTS, CLA_VISITS, records

EVERYTHING = Scope.everything()
KEY = bytes(range(32))


def published(data: Path, **instead: str) -> Snapshot:
    """The county with other rows in some tables; its references are made with a key that the tests know."""
    (data / "pseudonym.key").write_text(KEY.hex())
    load(records(**instead), data, lambda what, share: None)
    return open_current(data)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return published(tmp_path_factory.mktemp("care"))


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., Snapshot]:
    return partial(published, tmp_path)


def ask(snapshot: Snapshot, id: str, day: str, by: list[str] | None = None) -> pd.DataFrame:
    return query(snapshot, id, scope=EVERYTHING, period=parse(day, snapshot.as_at.date()), by=by or [])


def split(snapshot: Snapshot, id: str, day: str, by: str) -> dict[str, int]:
    frame = ask(snapshot, id, day, [by])
    return {row[by]: row["numerator"] for row in frame.to_dict("records") if row["numerator"]}


def child(snapshot: Snapshot, id: str, day: str) -> dict[str, Any]:
    """What is counted of one child on a day; a child is in one row at most."""
    (reference,) = references(KEY, [id])
    rows = snapshot.sql("select * from looked_after where person_id = ? and start_date <= ?::date", [reference, day])
    (row,) = rows[~(rows["end_date"] <= pd.Timestamp(day))].to_dict("records")
    return {str(name): value for name, value in row.items()}


@pytest.mark.parametrize(
    ("id", "day", "numerator", "denominator"),
    [
        # all but C05 and C06 (short breaks) and C15 (left that day)
        ("looked_after", "2017-12-31", 17, None),
        ("looked_after", "2017-12-30", 18, None),
        ("looked_after", "2017-08-31", 14, None),  # nor C13 and C20, not entered, C07, on short breaks, C18, at home; but C15
        ("looked_after", "2015-06-29", 3, None),  # C08, C09, C19
        ("looked_after_rate", "2017-12-31", 17, 143_525),
        ("looked_after_legal_status", "2017-12-31", 17, None),
        # C08, visited within three months; C13, whose first visit is not yet due
        ("looked_after_visited_in_time", "2017-12-31", 2, 17),
        ("looked_after_first_visit_to_come", "2017-12-31", 1, None),
        ("placements_12_months", "2017-12-31", 17, None),
        ("placements_3_or_more", "2017-12-31", 1, 17),  # C18
        # C08, C16 and, moved a year ago, C09; C17 has no placement recorded two years before, C19 is 16
        ("long_term_stability", "2017-12-31", 2, 3),
        ("long_term_stability", "2017-12-30", 2, 3),  # C19 is 16 by the end of the month
        ("long_term_stability", "2017-12-29", 1, 2),  # C16 is two and a half years in care from the 30th on
        ("long_term_stability", "2017-11-30", 2, 3),  # C19 is still 15
        ("placed_over_20_miles", "2017-12-31", 2, 14),  # C11 and C14; C02, C10 and C20 without two postcodes
        ("placed_out_of_county", "2017-12-31", 1, 15),  # C14; C10 and C20 without a postcode
        ("placed_over_20_miles_out_of_county", "2017-12-31", 1, 14),
        ("care_placements", "2017-12-31", 20, 15),  # a placement each and the moves; C10 and C17 are not known
        ("care_moves_per_year", "2017-12-31", 5, None),  # C02, C03, C09, C16, C18 one each in this period of care
        ("care_first_move_days", "2017-12-31", 92 + 9 + 731 + 824 + 30, 5),
        ("care_unplanned_moves", "2017-12-31", 1, 4),  # C03's; C09's has no reason
    ],
)
def test_the_county(county: Snapshot, id: str, day: str, numerator: int, denominator: int | None) -> None:
    (row,) = ask(county, id, day).to_dict("records")
    assert row["numerator"] == numerator
    assert denominator is None or row["denominator"] == denominator
    assert pd.isna(row["reason"])


def test_a_stock_splits(county: Snapshot) -> None:
    assert split(county, "looked_after", "2017-12-31", "district") == {
        "EX4": 13, "EX31": 1, "confidential": 1, "not a postcode": 1, "not known": 1,
    }  # fmt: skip
    assert split(county, "looked_after_legal_status", "2017-12-31", "legal_status") == {
        "care_order": 10, "placement_order": 1, "section_20": 3, "protection": 1, "youth_justice": 1, "not known": 1,
    }  # fmt: skip
    assert split(county, "placements_12_months", "2017-12-31", "placements_band") == {"1": 12, "2": 3, "3 or more": 1, "not known": 1}
    assert split(county, "looked_after", "2017-12-31", "placement_type") == {
        "kinship": 1, "foster": 10, "adoption": 1, "parents": 1, "homes": 2, "not known": 2,
    }  # fmt: skip
    assert split(county, "looked_after", "2017-12-31", "age_band") == {"5-9": 14, "10-15": 2, "16-17": 1}


def test_two_open_episodes_are_one_child(county: Snapshot) -> None:
    assert child(county, "C02", "2017-12-31")["placement_type"] == "homes"
    assert ask(county, "looked_after", "2017-12-31", ["county"])["numerator"].tolist() == [17]


@pytest.mark.parametrize(
    ("id", "day", "band", "why"),
    [
        ("C01", "2017-12-31", "1", "a change of legal status is no placement"),
        ("C02", "2017-12-31", "2", "two placements"),
        ("C03", "2017-12-31", "2", "a placement that ended on the day it began does not count"),
        ("C03", "2017-06-10", "2", "from the day of the move"),
        ("C03", "2017-06-09", "1", "and not before"),
        ("C04", "2017-11-03", "1", "temporary moves do not count"),
        ("C07", "2017-12-31", "1", "nor do those of short breaks"),
        ("C08", "2017-12-31", "1", "a change of the placement's status alone does not count"),
        ("C09", "2017-12-31", "1", "ended on the first day of the twelve months: not open on it"),
        ("C09", "2017-12-30", "2", "open on the first day of the twelve months"),
        ("C10", "2017-12-31", "not known", "no placement is recorded"),
        ("C16", "2017-12-31", "2", "a placement for adoption with a new family is one"),
        ("C17", "2016-12-31", "not known", "in care for longer than its placements are recorded"),
        ("C17", "2017-05-01", "1", "recorded for twelve months"),
        ("C18", "2017-12-31", "3 or more", "in two periods of care"),
        ("C18", "2017-09-30", "3 or more", "two before, and one since"),
        ("C18", "2017-05-31", "2", "before the second period"),
        ("C20", "2017-12-31", "1", "a placement of no known kind is one"),
    ],
)
def test_placements_in_twelve_months(county: Snapshot, id: str, day: str, band: str, why: str) -> None:
    assert child(county, id, day)["placements_band"] == band, why


@pytest.mark.parametrize("code", ["T0", "T1", "T2", "T3", "T4"])
@pytest.mark.slow
def test_no_temporary_move_is_a_placement(changed: Callable[..., Snapshot], code: str) -> None:
    """C04's two moves, whatever kind of temporary move they were; of any other kind they would be two placements more."""
    moves = CLA_PLACEMENTS.replace("2017-11-01 T4 ", f"2017-11-01 {code} ").replace("2017-12-30 T1 ", f"2017-12-30 {code} ")
    assert child(changed(cla_placements=moves), "C04", "2017-12-31")["placements_band"] == "1"


# The same move as a return has it: one placement at a time, each with an end.
AWAY = """
    P1 Y C1 2015-01-01 U4 EX4+4QJ  2017-11-01 -
    P2 Y C1 2017-11-01 T1 EX31+1JA 2017-11-03 -
    P3 Y C1 2017-11-03 T4 EX31+1JA 2017-11-05 -
    P4 Y C1 2017-11-05 U4 EX4+4QJ  -          -       back with the same carer
    P5 Y C2 2015-01-01 U4 EX4+4QJ  2017-11-01 -
    P6 Y C2 2017-11-01 T1 EX31+1JA 2017-11-05 -
    P7 Y C2 2017-11-05 K2 EX31+1JA -          -       went on to a home
    P8 Y C3 2015-01-01 U4 EX4+4QJ  2017-11-01 -
    P9 Y C3 2017-11-01 T1 EX31+1JA -          -       still there
    PA Y C4 2015-01-01 U4 EX4+4QJ  2017-11-01 -
    PB Y C4 2017-11-01 U4 EX4+4QJ  -          -       no temporary move between: another carer in the same house
"""


@pytest.mark.slow
def test_the_placement_goes_on_while_the_child_is_away(changed: Callable[..., Snapshot]) -> None:
    children = ["C1", "C2", "C3", "C4"]
    found = changed(
        persons="\n".join(f"{id} 2009-05-14" for id in children),
        addresses="",
        cin_episodes="\n".join(f"R{id} {id} 2013-06-01" for id in children),
        cla_episodes="\n".join(f"E{id} {id} - 2015-01-01 S - - Y 2015-01-01 EX4+4QJ" for id in children),
        cla_placements=AWAY,
        legal_status="\n".join(f"G{id} {id} C2 2015-01-01 -" for id in children),
        cla_visits="V1 C1 2017-10-20 Y\nV2 C1 2017-10-30 Y",
    )

    def of(id: str, day: str) -> tuple[str, bool, int]:
        row = child(found, id, day)
        return row["placements_band"], row["settled"], row["moves"]

    assert [of(id, "2017-12-31") for id in children] == [("1", True, 0), ("2", False, 1), ("1", True, 0), ("2", False, 1)]
    assert [of(id, "2017-11-04") for id in children] == [("1", True, 0), ("1", True, 0), ("1", True, 0), ("2", False, 1)]
    # the visit before holds: to be back asks for none within a week
    assert child(found, "C1", "2017-11-20")["visited_in_time"]
    assert split(found, "looked_after", "2017-11-04", "placement_type") == {"temporary": 3, "foster": 1}


@pytest.mark.slow
def test_what_was_not_written_of_the_first_row_is_not_taken_from_the_next(changed: Callable[..., Snapshot]) -> None:
    """A move without a reason, into a placement whose status changed later, has none; an episode without a reason to begin is a move."""
    found = changed(
        persons="C1 2009-05-14\nC2 2009-05-14",
        addresses="",
        cin_episodes="R1 C1 2013-06-01\nR2 C2 2013-06-01",
        cla_episodes="""
            E1 C1 -  2016-01-01 S -          -  Y1 2016-01-01 EX4+4QJ
            E2 C2 P4 2016-01-01 S 2017-03-01 X1 Y2 2016-01-01 EX4+4QJ
            E3 C2 P5 2017-03-01 - 2017-09-01 X1 Y2 -          EX4+4QJ
            E4 C2 P5 2017-09-01 L -          -  Y2 -          EX4+4QJ
        """,
        cla_placements="""
            P1 Y1 C1 2016-01-01 U6 EX4+4QJ  2017-02-01 -
            P2 Y1 C1 2017-02-01 U6 EX31+1JA 2017-06-01 PLACE
            P3 Y1 C1 2017-06-01 U4 EX31+1JA -          -
            P4 Y2 C2 2016-01-01 U6 EX4+4QJ  2017-03-01 CARPL
            P5 Y2 C2 2017-03-01 K2 EX31+1JA -          -
        """,
        legal_status="G1 C1 C2 2016-01-01 -\nG2 C2 C2 2016-01-01 -",
    )
    for id, moves, with_reason in (("C1", 1, 0), ("C2", 1, 1)):
        row = child(found, id, "2017-12-31")
        assert (row["moves"], row["moves_with_reason"], row["unplanned_moves"]) == (moves, with_reason, 0), id
        assert row["placements_band"] == "2"


@pytest.mark.slow
def test_the_same_moves_of_another_kind_are_placements(changed: Callable[..., Snapshot]) -> None:
    moves = CLA_PLACEMENTS.replace("2017-11-01 T4 ", "2017-11-01 R2 ").replace("2017-12-30 T1 ", "2017-12-30 R2 ")
    assert child(changed(cla_placements=moves), "C04", "2017-12-31")["placements_band"] == "3 or more"


@pytest.mark.parametrize(
    ("id", "day", "in_time", "to_come", "why"),
    [
        ("C01", "2017-03-01", True, True, "the first visit is not yet due on the day of entry"),
        ("C01", "2017-03-07", True, True, "nor on the sixth day after"),
        ("C01", "2017-03-08", True, False, "visited on the seventh"),
        ("C01", "2017-04-19", True, False, "and six weeks later"),
        ("C01", "2017-07-12", True, False, "due on this day"),
        ("C01", "2017-07-13", False, False, "and not made"),
        ("C02", "2017-05-08", True, False, "a visit of which nobody wrote whether the child was seen counts"),
        ("C02", "2017-08-01", True, False, "visited on the day of the move"),
        ("C02", "2017-09-12", True, False, "six weeks from it"),
        ("C02", "2017-09-13", False, False, "overdue"),
        ("C03", "2017-06-16", True, True, "a new placement: within a week again"),
        ("C03", "2017-08-12", True, False, "at home under an interim care order: within four weeks"),
        ("C03", "2017-08-13", False, False, "overdue"),
        ("C08", "2017-09-15", False, False, "the last visit was made, but late"),
        ("C08", "2017-12-31", True, False, "long-term fostering for more than a year: three months from 30 November"),
        ("C09", "2017-04-03", False, False, "43 days after the visit before"),
        ("C09", "2017-05-15", True, False, "the next was in time again"),
        ("C10", "2017-08-19", True, False, "without a placement: as if placed on entry"),
        ("C10", "2017-08-20", False, False, "overdue"),
        ("C13", "2017-12-31", True, True, "the first visit is due on 3 January"),
        ("C14", "2017-03-05", True, False, "due on this day"),
        ("C14", "2017-03-06", False, False, "at the visit the child was not seen"),
        ("C20", "2017-11-09", False, False, "no visit at all"),
    ],
)
def test_visits_in_time(county: Snapshot, id: str, day: str, in_time: bool, to_come: bool, why: str) -> None:
    found = child(county, id, day)
    assert (found["visited_in_time"], found["first_visit_to_come"]) == (in_time, to_come), why


@pytest.mark.parametrize(
    ("id", "day", "long_term", "settled", "why"),
    [
        ("C08", "2017-06-30", False, True, "not yet two and a half years in care"),
        ("C08", "2017-07-01", True, True, "to the day; the same carer throughout, whatever the placement is called"),
        ("C08", "2016-12-31", False, False, "two years with the carer tomorrow"),
        ("C09", "2017-12-31", True, False, "moved less than two years ago"),
        ("C16", "2017-12-30", True, True, "the adoptive placement together with the one before"),
        ("C17", "2017-12-31", False, False, "nothing is recorded of where it was two years ago"),
        ("C17", "2018-05-01", True, True, "then it is"),
        ("C19", "2017-11-30", True, True, "15"),
        ("C19", "2017-12-01", False, True, "16 by the end of the month"),
    ],
)
def test_long_term_stability(county: Snapshot, id: str, day: str, long_term: bool, settled: bool, why: str) -> None:
    found = child(county, id, day)
    assert (found["long_term"], found["settled"]) == (long_term, settled), why


@pytest.mark.parametrize(
    ("id", "district", "why"),
    [
        ("C01", "EX4", "the home postcode of the first episode, which the second does not repeat"),
        ("C02", "not a postcode", "no home postcode, and the address is none"),
        ("C11", "EX4", "the last home before entry: not the later one, nor the placement"),
        ("C12", "confidential", "a postcode on the episode does not uncover the address"),
        ("C14", "EX4", "the home postcode goes before the address"),
        ("C20", "not known", "nothing is known"),
    ],
)
def test_the_place_is_the_home_on_entry(county: Snapshot, id: str, district: str, why: str) -> None:
    assert child(county, id, "2017-12-31")["district"] == district, why


def test_the_distance_is_a_straight_line_to_the_childs_own_placement(county: Snapshot) -> None:
    plymouth, hospital, unknown = (child(county, id, "2017-12-31") for id in ("C14", "C04", "C20"))
    assert (plymouth["over_20_miles"], plymouth["out_of_county"]) == (True, True)
    assert (hospital["over_20_miles"], hospital["placement_type"]) == (False, "kinship")  # in hospital in Plymouth for a while
    assert pd.isna(unknown["over_20_miles"]) and pd.isna(unknown["out_of_county"])


def test_the_whole_period_of_care(county: Snapshot) -> None:
    found = child(county, "C03", "2017-12-31")
    assert [found[name] for name in ("moves", "unplanned_moves", "moves_with_reason", "days_to_first_move")] == [1, 1, 1, 9]
    (row,) = ask(county, "care_longest_placement_share", "2017-12-31").to_dict("records")
    entered = {
        "C01": "2017-03-01", "C02": "2017-05-01", "C03": "2017-06-01", "C04": "2017-02-01", "C07": "2017-09-01", "C08": "2015-01-01",
        "C09": "2015-01-01", "C11": "2017-01-15", "C12": "2017-01-15", "C13": "2017-12-27", "C14": "2017-01-15", "C16": "2015-06-30",
        "C18": "2017-09-01", "C19": "2015-01-01", "C20": "2017-11-01",
    }  # fmt: skip  # C10 and C17 are not known
    days = {id: (date(2017, 12, 31) - date.fromisoformat(day)).days for id, day in entered.items()}
    assert row["denominator"] == sum(days.values())
    elsewhere = {"C02": 92, "C03": 9, "C09": 364, "C16": 91, "C18": 30}  # days in other placements than the longest
    assert row["numerator"] == sum(days.values()) - sum(elsewhere.values())
    (moves,) = ask(county, "care_moves_per_year", "2017-12-31").to_dict("records")
    assert moves["value"] == pytest.approx(5 / (sum(days.values()) / 365.25))


def spread(snapshot: Snapshot, aspect: str, audience: Audience = Audience.MANAGER, **where: list[str]) -> dict[str, Any]:
    period = parse("2017-12-31", snapshot.as_at.date())
    found = distribution(snapshot, aspect, scope=EVERYTHING, audience=audience, period=period, where=where)
    return dict(zip(found.rows["band"], found.rows["children"], strict=True))


def test_the_distribution(county: Snapshot) -> None:
    assert spread(county, "placements") == {"1": 10, "2": 5, "3": 0, "4": 0, "5-6": 0, "7+": 0, "not known": 2}
    assert spread(county, "first_move_days") == {"7": 0, "30": 2, "90": 0, "365": 1, "365+": 2, "none": 10, "not known": 2}
    assert spread(county, "unplanned_moves") == {"0": 14, "1": 1, "2": 0, "3+": 0, "not known": 2}
    assert spread(county, "planned_moves") == {"0": 12, "1": 3, "2": 0, "3+": 0, "not known": 2}
    assert spread(county, "moves_per_year") == {"0": 10, "0-0.5": 2, "0.5-1": 0, "1-2": 2, "2+": 1, "none": 0, "not known": 2}
    assert spread(county, "longest_placement_share")["100"] == 10
    assert spread(county, "placements", district=["EX31"]) == {"1": 0, "2": 1, "3": 0, "4": 0, "5-6": 0, "7+": 0, "not known": 0}
    period = parse("2017-12-31", county.as_at.date())
    found = distribution(county, "placements", scope=EVERYTHING, audience=Audience.MANAGER, period=period)
    assert found.quartiles == (1, 1, 2)
    assert found.rows["value"].iloc[0] == pytest.approx(100 * 10 / 15)


def test_a_commissioner_sees_no_few_children(county: Snapshot) -> None:
    seen = spread(county, "placements", Audience.COMMISSIONER)
    assert seen["1"] == 10 and pd.isna(seen["2"]) and pd.isna(seen["not known"])
    period = parse("2017-12-31", county.as_at.date())
    assert distribution(county, "placements", scope=EVERYTHING, audience=Audience.COMMISSIONER, period=period).quartiles is None
    by_place = read(county, "looked_after", scope=EVERYTHING, audience=Audience.COMMISSIONER, period=period, by=["district"])
    assert by_place.set_index("district").loc["EX31", "withheld"]


def test_a_place_without_a_looked_after_child_has_a_reason_and_no_share(county: Snapshot) -> None:
    rows = ask(county, "looked_after_visited_in_time", "2017-12-31", ["locality"])
    (row,) = rows[rows["locality"] == "southern-devon"].to_dict("records")
    assert row["denominator"] == 0 and pd.isna(row["value"])
    assert row["reason"].startswith("There are none")
    period = parse("2017-12-31", county.as_at.date())
    none = distribution(
        county, "placements", scope=EVERYTHING, audience=Audience.MANAGER, period=period, where={"locality": ["southern-devon"]}
    )
    assert (none.quartiles, none.reason) == (None, "No child was looked after on the day.")


@pytest.mark.parametrize(
    ("id", "day", "words"),
    [
        ("looked_after", "2015-03-31", "run-in"),
        ("looked_after", "2018-01-01", "no records yet"),
    ],
)
def test_a_day_without_records_is_a_reason(county: Snapshot, id: str, day: str, words: str) -> None:
    (row,) = ask(county, id, day).to_dict("records")
    assert words in row["reason"] and pd.isna(row["value"]) and pd.isna(row["numerator"])


@pytest.mark.slow
def test_a_look_back_that_begins_before_the_records_is_a_reason(changed: Callable[..., Snapshot]) -> None:
    referrals = "\n".join(f"RC{number:02} C{number:02} 2015-04-01" for number in range(1, 21))
    late = changed(cin_episodes=referrals)
    for id, day, words in (
        ("placements_3_or_more", "2016-03-30", "It looks back 12 months"),
        ("placements_12_months", "2016-03-30", "It looks back 12 months"),
        ("long_term_stability", "2017-03-30", "It looks back 24 months"),
    ):
        (row,) = ask(late, id, day).to_dict("records")
        assert row["reason"].startswith(words) and pd.isna(row["value"])
    # the twelve months to 31 March begin on 1 April, as the records do
    (row,) = ask(late, "placements_3_or_more", "2016-03-31").to_dict("records")
    assert pd.isna(row["reason"])


@pytest.mark.parametrize("table", ["cla_episodes", "cla_placements", "cla_visits", "legal_status"])
@pytest.mark.slow
def test_a_missing_table_is_a_reason(table: str, tmp_path: Path) -> None:
    whole = records()
    load(replace(whole, tables={name: raw for name, raw in whole.tables.items() if name != table}), tmp_path, lambda what, share: None)
    without = open_current(tmp_path)
    for one in LOOKED_AFTER:
        (row,) = ask(without, one.id, "2017-12-31").to_dict("records")
        if table in one.tables:
            assert f"no {table} table" in row["reason"] and pd.isna(row["value"])
        else:
            assert pd.isna(row["reason"])


@pytest.mark.slow
def test_removing_a_record_moves_the_figure(changed: Callable[..., Snapshot]) -> None:
    without_p06 = "\n".join(line for line in CLA_PLACEMENTS.splitlines() if " P06 " not in f"{line} ")
    without_v19 = "\n".join(line for line in CLA_VISITS.splitlines() if " V19 " not in f"{line} ")
    fewer = changed(cla_placements=without_p06, cla_visits=without_v19)
    assert child(fewer, "C03", "2017-12-31")["placements_band"] == "1"
    (row,) = ask(fewer, "looked_after_visited_in_time", "2017-12-31").to_dict("records")
    assert (row["numerator"], row["denominator"]) == (1, 17)


@pytest.mark.parametrize("aspect", ASPECTS)
def test_the_bands_of_an_aspect_add_up_to_the_children(county: Snapshot, aspect: str) -> None:
    assert sum(spread(county, aspect).values()) == 17
