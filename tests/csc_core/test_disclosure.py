"""What a commissioner sees: nothing below the county made of 1 to 7."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from csc_core.access import Scope
from csc_core.disclosure import LEAST, WITHHELD, Audience, read
from csc_core.indicators import INDICATORS
from csc_core.periods import parse
from csc_core.query import query
from csc_core.snapshot import Snapshot


def see(
    snapshot: Snapshot, audience: Audience, id: str, period: str, by: list[str], where: dict[str, list[str]] | None = None
) -> pd.DataFrame:
    return read(snapshot, id, scope=Scope.everything(), audience=audience, period=parse(period, snapshot.as_at.date()), by=by, where=where)


def test_a_small_count_is_withheld_with_a_word_and_a_large_one_shown(small: Snapshot) -> None:
    teams = see(small, Audience.COMMISSIONER, "referrals", "2017/18YTD", ["team"]).set_index("team")
    assert list(teams.loc["T-EXE-1"][["numerator", "value", "withheld"]]) == [8, 8, False]
    assert teams.loc["T-BAR-1", "withheld"] and teams.loc["T-BAR-1", "reason"] == WITHHELD
    assert teams.loc["T-BAR-1", ["numerator", "denominator", "value"]].isna().all()
    assert teams.loc["T-CNTY", "value"] == 0


def test_zeros_are_withheld_where_they_would_place_the_few_by_elimination(small: Snapshot) -> None:
    frame = see(small, Audience.COMMISSIONER, "referrals", "2017-12", ["district"])  # five in the whole county
    assert frame["withheld"].all()


def test_the_county_is_exact_for_everyone_and_a_filtered_one_is_not(small: Snapshot) -> None:
    assert see(small, Audience.COMMISSIONER, "referrals", "2017-12", [])["value"].tolist() == [5]
    assert see(small, Audience.COMMISSIONER, "referrals", "2017-10..2017-12", ["month"])["value"].tolist() == [3, 2, 5]
    assert see(small, Audience.COMMISSIONER, "referrals", "2017-12", ["county"])["value"].tolist() == [5]
    assert see(small, Audience.COMMISSIONER, "referrals", "2017-12", [], {"sex": ["F"]})["withheld"].tolist() == [True]


def test_a_share_of_few_is_withheld_whatever_its_numerator(small: Snapshot) -> None:
    frame = see(small, Audience.COMMISSIONER, "re_referrals", "2017/18YTD", ["team"]).set_index("team")
    assert frame.loc["not allocated", "withheld"]  # none of one
    assert str(frame.loc["T-CNTY", "reason"]).startswith("There are none")  # an honest nothing is not withheld


@pytest.mark.parametrize("audience", list(Audience))
def test_a_manager_sees_what_was_counted(small: Snapshot, audience: Audience) -> None:
    counted = query(small, "referrals", scope=Scope.everything(), period=parse("2017/18YTD", small.as_at.date()), by=["team"])
    seen = see(small, audience, "referrals", "2017/18YTD", ["team"]).drop(columns="withheld")
    assert seen.equals(counted) == (audience is Audience.MANAGER)


@given(
    st.sampled_from(sorted(INDICATORS)),
    st.lists(st.sampled_from(["district", "locality", "age_band", "sex", "ethnic_group"]), min_size=1, max_size=2, unique=True),
    st.sampled_from(["2017-12", "2017/18Q3", "2017/18YTD"]),
)
@pytest.mark.slow
def test_no_small_number_ever_leaves(small: Snapshot, id: str, by: list[str], period: str) -> None:
    by = [name for name in by if name in INDICATORS[id].dimensions]
    assume(by)
    seen = see(small, Audience.COMMISSIONER, id, period, by)
    assert not seen["numerator"].between(1, LEAST - 1).any()
    if INDICATORS[id].unit == "%":
        assert not seen["denominator"].between(1, LEAST - 1).any()
    assert seen.loc[seen["withheld"], ["numerator", "denominator", "value"]].isna().all(axis=None)
    assert seen.loc[seen["value"].isna(), "reason"].notna().all()
