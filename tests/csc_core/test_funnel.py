"""The front-door funnel: enquiries followed for 90 days, counted by hand from `protection_county`."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from csc_core.access import Scope
from csc_core.disclosure import WITHHELD, Audience
from csc_core.funnel import STAGES, funnel
from csc_core.load import load
from csc_core.periods import parse
from csc_core.snapshot import Snapshot, open_current
from tests.csc_core import protection_county


def published(folder: Path, **instead: str) -> Snapshot:
    load(protection_county.records(**instead), folder, lambda what, share: None)
    return open_current(folder)


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return published(tmp_path_factory.mktemp("funnel"))


def follow(
    snapshot: Snapshot, period: str, audience: Audience = Audience.MANAGER, where: dict[str, list[str]] | None = None
) -> pd.DataFrame:
    return funnel(snapshot, scope=Scope.everything(), audience=audience, period=parse(period, snapshot.as_at.date()), where=where)


def test_the_enquiries_of_a_month_are_followed_to_the_90th_day(few: Snapshot) -> None:
    september = follow(few, "2017-09")
    assert september["stage"].tolist() == list(STAGES)
    assert dict(zip(september["stage"], september["count"], strict=True)) == {
        "enquiries": 5,
        "enquiries_case_open": 1,  # P24, whose section 47 enquiry is not of this funnel
        "enquiries_to_referral": 2,  # not P26, referred on the 91st day
        "enquiries_to_assessment": 2,
        "enquiries_to_s47": 2,
        "enquiries_to_cp_plan": 1,  # P22 on the 90th day; P23 on the 91st
    }
    assert (september["enquiries"] == 5).all()
    assert september["share"].tolist() == [100, 20, 40, 40, 40, 20]


def test_a_month_is_maturing_until_90_days_after_its_last_day(few: Snapshot) -> None:
    frame = follow(few, "2017-09..2017-12")
    months = frame.drop_duplicates("month").set_index("month")
    assert months["final_on"].map(str).to_dict() == {
        "2017-09": "2017-12-29",
        "2017-10": "2018-01-29",
        "2017-11": "2018-02-28",
        "2017-12": "2018-03-31",
    }
    assert months["maturing"].to_dict() == {"2017-09": False, "2017-10": True, "2017-11": True, "2017-12": True}
    assert frame["month"].tolist() == [month for month in months.index for _ in STAGES]


def test_a_month_without_enquiries_or_records_has_a_reason_and_no_share(few: Snapshot) -> None:
    october = follow(few, "2017-10").set_index("stage")
    assert october.loc["enquiries", "count"] == 0
    assert october["share"].drop("enquiries").isna().all()
    assert october["reason"].drop("enquiries").str.startswith("There are none").all()
    before = follow(few, "2014-12")
    assert before["count"].isna().all() and before["share"].isna().all()
    assert before["reason"].notna().all()


def test_titles_say_that_it_follows_enquiries(few: Snapshot) -> None:
    stages = follow(few, "2017-09").set_index("stage")["title"]
    assert stages[[stage for stage in STAGES if "_to_" in stage]].str.fullmatch("Enquiries followed by .* within 90 days").all()


@pytest.mark.slow
def test_without_plans_only_that_stage_is_missing(tmp_path: Path) -> None:
    rows = follow(published(tmp_path, cp_plans=""), "2017-09").set_index("stage")
    assert rows["count"].isna().to_dict() == {stage: stage == "enquiries_to_cp_plan" for stage in STAGES}
    assert "has no cp_plans table" in str(rows.loc["enquiries_to_cp_plan", "reason"])


def test_a_commissioner_sees_no_small_numbers_below_the_county(few: Snapshot) -> None:
    rows = follow(few, "2017-09", Audience.COMMISSIONER, {"locality": ["exeter"]})
    assert rows["withheld"].all() and rows[["count", "enquiries", "share"]].isna().all(axis=None)
    assert (rows["reason"] == WITHHELD).all()
    assert not follow(few, "2017-09", Audience.COMMISSIONER)["withheld"].any()
