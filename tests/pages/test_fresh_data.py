"""A new snapshot while the app runs: shown at the next run with what was chosen; and data that are too old say so on every page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from csc_core.load import load
from csc_core.tables import Records, quiet
from tests.small_county import records

Opener = Callable[..., AppTest]


def without(referral: str) -> Records:
    """The small county without one of its referrals."""
    given = records()
    referrals = given.tables["cin_episodes"]
    kept = referrals.rows[referrals.rows["referral_id"] != referral]
    return replace(given, tables={**given.tables, "cin_episodes": replace(referrals, rows=kept)})


def words(at: AppTest) -> str:
    return "\n".join(str(element.value) for kind in (at.markdown, at.caption) for element in kind).replace("\\", "")


def card(at: AppTest, label: str) -> str:
    (value,) = [metric.value for metric in at.metric if metric.label == label]
    return value


def test_an_open_page_shows_new_data_at_the_next_run_and_keeps_its_filters(opened: Opener, tmp_path: Path) -> None:
    load(records(), tmp_path, quiet)
    at = opened(tmp_path, locality="exeter", audience="manager")
    assert not at.exception and card(at, "Referrals") == "1"  # of December: C02, at home in Exeter
    load(without("R03"), tmp_path, quiet)
    at.run()
    assert not at.exception and card(at, "Referrals") == "0"
    assert "home locality: Exeter" in words(at)


@pytest.mark.parametrize(
    ("source", "hours", "badge", "said"),
    [
        ("ssd somewhere", 10, "gray", None),
        ("ssd somewhere", 30, "orange", "Data are 30 hours old; they should be less than a day."),
        ("ssd somewhere", 100, "red", "Data are 4 days old; they should be less than a day."),
        ("csv somewhere", 10_000, "gray", None),
    ],
)
def test_the_head_of_a_page_says_in_words_and_colour_when_data_are_too_old(
    opened: Opener, tmp_path: Path, source: str, hours: int, badge: str, said: str | None
) -> None:
    load(replace(records(), source=source, as_at=datetime.now() - timedelta(hours=hours)), tmp_path, quiet)
    at = opened(tmp_path)
    (shown,) = [str(mark.value).replace("\\", "") for mark in at.markdown if "Data as at" in str(mark.value)]
    assert f":{badge}-badge[" in shown
    assert (said in shown) if said else ("old" not in shown)
