"""Children in need and child protection, counted by hand: `protection_county` says what each row is there for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import pytest

from csc_core.access import Scope
from csc_core.check import check
from csc_core.load import load
from csc_core.periods import parse
from csc_core.query import query
from csc_core.snapshot import Snapshot, open_current
from tests.csc_core import protection_county


def published(folder: Path, **instead: str) -> Snapshot:
    load(protection_county.records(**instead), folder, lambda what, share: None)
    return open_current(folder)


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return published(tmp_path_factory.mktemp("protection"))


def ask(snapshot: Snapshot, id: str, period: str, by: Sequence[str] = (), where: Mapping[str, Sequence[str]] | None = None) -> pd.DataFrame:
    return query(snapshot, id, scope=Scope.everything(), period=parse(period, snapshot.as_at.date()), by=by, where=where)


def split(snapshot: Snapshot, id: str, period: str, by: str) -> dict[str, int]:
    return {row[by]: row["numerator"] for row in ask(snapshot, id, period, [by]).to_dict("records") if row["numerator"]}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2017-12-31", {"in_need": 4, "not_in_need": 2, "decision_pending": 1, "other": 4}),
        # P02's decision and the close of P11's case are a day off; P04 still awaits assessment, and P11 is other
        ("2017-12-30", {"in_need": 4, "not_in_need": 1, "decision_pending": 3, "other": 4}),
        # P09 still in need, P10 and P22 with a plan; P02 and P23 under assessment; no assessment of P11 and P24
        ("2017-11-30", {"in_need": 7, "decision_pending": 2, "other": 4}),
    ],
)
def test_open_cases_by_what_they_are(few: Snapshot, day: str, expected: dict[str, int]) -> None:
    assert split(few, "open_cases", day, "case_status") == expected


@pytest.mark.parametrize("day", ["2015-06-30", "2016-12-31", "2017-05-31", "2017-11-30", "2017-12-01", "2017-12-30", "2017-12-31"])
def test_the_bridge_adds_up_and_one_part_of_it_is_dfe(few: Snapshot, day: str) -> None:
    parts = ask(few, "open_cases", day, ["case_status"]).set_index("case_status")["numerator"]
    assert list(parts.index) == ["in_need", "not_in_need", "decision_pending", "other"]
    assert parts.sum() == ask(few, "open_cases", day)["numerator"].iloc[0]
    assert parts["in_need"] == ask(few, "children_in_need", day)["numerator"].iloc[0]


def test_a_child_with_two_cases_is_one_child_in_need(few: Snapshot) -> None:
    """P01's older case says in need, the newer one that a decision is pending."""
    assert split(few, "children_in_need", "2017-12-31", "district") == {"EX4": 4}
    assert ask(few, "children_in_need_rate", "2017-12-31")["value"].iloc[0] == pytest.approx(4 / 143_525 * 10_000)


@pytest.mark.parametrize(
    ("id", "period", "numerator", "denominator", "value"),
    [
        ("cp_plans", "2017-12-31", 5, None, 5),  # P13 once, P15, P16, P17, P20
        ("cp_plans", "2017-12-30", 6, None, 6),  # and P14
        ("cp_plans", "2017-05-10", 1, None, 1),  # P20's plan has ended: P13
        ("cp_plans", "2017-05-09", 2, None, 2),
        ("cp_plan_rate", "2017-12-31", 5, 143_525, 5 / 143_525 * 10_000),
        ("cp_plans_started", "2017-11", 5, None, 5),  # P16, P17, P18 twice, P22
        ("cp_second_plan", "2017-11", 2, 5, 40),  # by history (another authority's plan), and by the number recorded
        ("cp_second_plan", "2017-09", 1, 1, 100),
        ("cp_second_plan", "2017-06", 0, 1, 0),
        ("cp_plans_over_2_years", "2017-05", 1, 2, 50),
        ("cp_plans_over_2_years", "2017-11", 0, 2, 0),
        ("s47_enquiries", "2017/18Q3", 6, None, 6),
        ("s47_rate", "2017/18Q3", 6, 143_525, 6 / 143_525 * 10_000),
        ("icpc_in_15_days", "2017-12", 1, 3, 100 / 3),  # Q01; Q02 and Q17 late
        ("icpc_in_15_days", "2017-11", 1, 2, 50),  # Q03; Q16 late
    ],
)
def test_the_rules(few: Snapshot, id: str, period: str, numerator: int, denominator: int | None, value: float) -> None:
    (row,) = ask(few, id, period).to_dict("records")
    assert row["numerator"] == numerator
    assert pd.isna(row["denominator"]) if denominator is None else row["denominator"] == denominator
    assert row["value"] == pytest.approx(value)
    assert pd.isna(row["reason"])


@pytest.mark.parametrize(
    ("id", "period", "by", "expected"),
    [
        # the later of P13's plans; P17's category is not recorded
        ("cp_plans", "2017-12-31", "cp_category", {"NEG": 2, "EMO": 1, "SAB": 1, "not known": 1}),
        ("cp_plans", "2017-08-31", "cp_category", {"NEG": 1, "EMO": 1}),  # P10's latest
        ("cp_plans_started", "2017-06", "cp_category", {"NEG": 1}),  # P10's first
        ("cp_plans", "2017-12-31", "locality", {"exeter": 4, "northern-devon": 1}),
        ("s47_enquiries", "2017-12", "team", {"T-NOR": 1, "not allocated": 2}),
        ("icpc_in_15_days", "2017-12", "team_locality", {"northern-devon": 1}),
        ("cp_plans", "2017-10..2017-12", "month", {"2017-10": 4, "2017-11": 7, "2017-12": 5}),
    ],
)
def test_splits(few: Snapshot, id: str, period: str, by: str, expected: dict[str, int]) -> None:
    assert split(few, id, period, by) == expected


def test_a_share_of_no_conferences_and_a_period_to_come_are_reasons(few: Snapshot) -> None:
    (none,) = ask(few, "icpc_in_15_days", "2017-07").to_dict("records")
    assert pd.isna(none["value"]) and none["denominator"] == 0
    assert none["reason"].startswith("There are none in the period to take a share of (initial child protection conferences")
    (later,) = ask(few, "cp_plans", "2018-01").to_dict("records")
    assert pd.isna(later["numerator"]) and later["reason"].startswith("There are no records yet")


@pytest.mark.parametrize(
    ("table", "id", "words"),
    [
        ("cp_plans", "cp_plans", "The source has no cp_plans table, so children on a child protection plan cannot be counted."),
        ("s47_enquiries", "icpc_in_15_days", "The source has no s47_enquiries table, so conferences in time cannot be counted."),
        ("cin_assessments", "children_in_need", "The source has no cin_assessments table, so children in need cannot be counted."),
    ],
)
@pytest.mark.slow
def test_without_the_table_there_is_a_reason(tmp_path: Path, table: str, id: str, words: str) -> None:
    (row,) = ask(published(tmp_path, **{table: ""}), id, "2017-12").to_dict("records")
    assert pd.isna(row["numerator"]) and pd.isna(row["value"])
    assert row["reason"] == words


@pytest.mark.slow
def test_what_cannot_be_right_is_listed_and_not_counted(tmp_path: Path) -> None:
    faulty = protection_county.records(
        cp_plans="""
            L1 P13 2017-03-01 2017-02-28 NEG  NEG  0   N
            L2 P14 2017-03-01 -          NEGL NEGL 0   N
            L3 P15 2018-01-01 -          NEG  NEG  0   N
            L4 P16 2017-03-01 -          NEG  NEG  100 N
            L5 P99 2017-03-01 -          NEG  NEG  0   N""",
        s47_enquiries="Q1 P20 R14 2017-12-01 2017-11-30 Y -",
    )
    found = {(one.column, one.value): (one.outcome, one.reason) for one in check(faulty).findings}
    assert {key: outcome for key, (outcome, _) in found.items()} == {
        ("cp_plan_end_date", "2017-02-28"): "rejected",
        ("cp_plan_initial_category", "NEGL"): "kept",
        ("cp_plan_latest_category", "NEGL"): "kept",
        ("cp_plan_start_date", "2018-01-01"): "rejected",
        ("number_of_previous_cp_plans", "100"): "rejected",
        ("person_id", "P99"): "rejected",
        ("icpc_date", "2017-11-30"): "rejected",
    }
    assert found[("cp_plan_initial_category", "NEGL")][1] == "is not in the code list cp_category: read as not known"
    load(faulty, tmp_path, lambda what, share: None)
    assert split(open_current(tmp_path), "cp_plans", "2017-12", "cp_category") == {"not known": 1}


@pytest.mark.slow
def test_a_plan_closed_or_an_enquiry_taken_away_moves_the_figures(tmp_path: Path) -> None:
    plans = protection_county.PLANS.replace("L26 P15 2017-10-01 2018-01-01", "L26 P15 2017-10-01 2017-12-31")
    enquiries = "\n".join(line for line in protection_county.S47_ENQUIRIES.splitlines() if "Q01" not in line)
    changed = published(tmp_path, cp_plans=plans, s47_enquiries=enquiries)
    assert ask(changed, "cp_plans", "2017-12-31")["numerator"].iloc[0] == 4
    (conferences,) = ask(changed, "icpc_in_15_days", "2017-12").to_dict("records")
    assert (conferences["numerator"], conferences["denominator"]) == (0, 2)
