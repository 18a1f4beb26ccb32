"""A change of case system is marked on a trend: in the chart, in words and in the table."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from csc_core.continuity import History
from csc_core.load import load
from csc_core.tables import quiet
from tests.csc_core.test_continuity import CUT_OVER, EARLIER, LATER, SAME, records

Opener = Callable[..., AppTest]


@pytest.fixture(scope="module")
def changed_over(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county whose case system has changed."""
    data = tmp_path_factory.mktemp("changed")
    load(records(LATER, "ssd now"), data, quiet, history=History(records(EARLIER, "csv history"), SAME, CUT_OVER))
    return data


def trend(opened: Opener, data: Path, indicator: str) -> AppTest:
    at = opened(data, "map", indicator=indicator, audience="manager")
    assert not at.exception
    return at


@pytest.mark.parametrize(
    ("indicator", "around"),
    [
        ("referrals", {"2016/17Q2": "before the change", "2016/17Q3": "after the change"}),
        ("open_cases", {"2016-09": "before the change", "2016-10": "after the change"}),
    ],
)
def test_a_change_of_case_system_is_marked(opened: Opener, changed_over: Path, indicator: str, around: dict[str, str]) -> None:
    at = trend(opened, changed_over, indicator)
    assert "Dotted: 1 October 2016, when one case system took over from another." in " ".join(str(one.value) for one in at.caption)
    (table,) = [frame.value for frame in at.dataframe if "Case system" in frame.value]
    step = table.columns[0]
    assert {id: word for id, word in zip(table[step], table["Case system"], strict=True) if id in around} == around
    (spec,) = [json.loads(chart.proto.spec) for chart in at.get("vega_lite_chart") if "Change of case system" in chart.proto.spec]
    rule, text = spec["layer"][-2:]
    assert rule["mark"]["type"] == "rule" and text["mark"]["type"] == "text"


def test_without_a_change_nothing_is_marked(opened: Opener, tmp_path: Path) -> None:
    load(records(LATER, "ssd now"), tmp_path, quiet)
    at = trend(opened, tmp_path, "referrals")
    assert not [frame for frame in at.dataframe if "Case system" in frame.value]
    assert "case system" not in " ".join(str(one.value) for one in at.caption)
